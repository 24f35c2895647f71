//! English.

use super::shape::{Shape, runs, shape, texts};
use super::times::{Times, times};
use super::{amounts, clocks, instant, zone_of};
use crate::domain::schedule::Schedule;
use crate::domain::trigger::{Named, Trigger};

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
/// How many runs of years are listed.
const YEARS: usize = 8;

pub(super) fn schedule(schedule: &Schedule) -> String {
    let zone = zone_of(schedule);
    let mut clauses = match schedule.trigger() {
        Trigger::Date(date) => vec![format!("Once, at {}", instant(date.at(), zone))],
        Trigger::Interval(interval) => vec![format!("Every {}", distance(interval.every_s()))],
        Trigger::Cron(cron) => {
            let mut clauses = cron_clauses(&cron.named());
            clauses.push(cron.zone().name().to_owned());
            clauses
        }
    };
    let start = schedule
        .start()
        .map(|at| format!("from {}", instant(at, zone)));
    let end = schedule
        .end()
        .map(|at| format!("until {}", instant(at, zone)));
    clauses.extend(match (start, end) {
        (Some(start), Some(end)) => Some(format!("{start} {end}")),
        (start, end) => start.or(end),
    });
    let later = |ms: u32| format!("each sent up to {} later", span_ms(ms.into()));
    clauses.extend(schedule.jitter().map(|jitter| later(jitter.max_ms())));
    clauses.join(", ")
}

fn cron_clauses(named: &Named) -> Vec<String> {
    let times = times(named);
    let days = days(named);
    let mut clauses = vec![time_clause(named, &times)];
    let open = days.is_none() && named.weeks.is_none() && named.years.is_none();
    if open && matches!(times, Times::Points(_)) {
        clauses[0].push_str(" every day");
    }
    clauses.extend(days);
    clauses.extend(named.weeks.as_deref().map(weeks));
    clauses.extend(named.years.as_deref().map(years));
    clauses
}

fn time_clause(named: &Named, times: &Times) -> String {
    match times {
        Times::Points(points) => format!("At {}", list(&clocks(points))),
        Times::Even {
            step_s,
            first_s,
            last_s,
            whole_day,
        } => {
            let every = format!("Every {}", distance((*step_s).into()));
            let (minute, second) = (first_s / 60 % 60, first_s % 60);
            let ends = clocks(&[*first_s, *last_s]);
            match (whole_day, first_s, step_s) {
                (false, ..) => format!("{every} from {} to {}", ends[0], ends[1]),
                (true, 0, _) => every,
                (true, _, 3600) if second == 0 => format!("{every} at minute {minute}"),
                (true, _, 60) => format!("{every} at second {second}"),
                (true, ..) => format!("{every} from {} on", clocks(&[*first_s])[0]),
            }
        }
        Times::Parts => parts(named),
    }
}

/// Hours, minutes and seconds one by one, the finest first.
fn parts(named: &Named) -> String {
    let minutes = shape(&named.minutes, 0, 59);
    let hours = match shape(&named.hours, 0, 23) {
        Shape::All => "of every hour".to_owned(),
        other => format!("of {}", units(&other, "hour")),
    };
    if named.seconds == [0] {
        return format!("{} {hours}", lead(&minutes, "minute"));
    }
    let seconds = lead(&shape(&named.seconds, 0, 59), "second");
    let minutes = match minutes {
        Shape::All if named.every_hour() => return format!("{seconds} of every minute"),
        Shape::All => "of every minute".to_owned(),
        other => format!("of {}", units(&other, "minute")),
    };
    format!("{seconds} {minutes} {hours}")
}

/// The finest unit, at the beginning.
fn lead(shape: &Shape, unit: &str) -> String {
    match shape {
        Shape::All => format!("Every {unit}"),
        Shape::Even(step) => format!("Every {step} {unit}s"),
        Shape::Steps { .. } | Shape::Runs(_) => format!("At {}", units(shape, unit)),
    }
}

/// Numbers of a unit, not all of them.
fn units(shape: &Shape, unit: &str) -> String {
    match shape {
        Shape::All => format!("every {unit}"),
        Shape::Even(step) => format!("every {} {unit} from 0 on", ordinal(*step)),
        Shape::Steps { first, last, step } => {
            format!("every {} {unit} from {first} to {last}", ordinal(*step))
        }
        Shape::Runs(runs) => {
            let plural = if is_one(runs) { "" } else { "s" };
            format!("{unit}{plural} {}", numbers(runs))
        }
    }
}

fn is_one(runs: &[(u32, u32)]) -> bool {
    matches!(runs, [(first, last)] if first == last)
}

fn numbers(runs: &[(u32, u32)]) -> String {
    let number = |n: u32| n.to_string();
    list(&texts(runs, number, |a, b| format!("{a} to {b}")))
}

/// The days on which it fires; `None`: all.
fn days(named: &Named) -> Option<String> {
    let months = (named.months.len() < 12).then(|| months(&named.months));
    let weekdays = (!named.any_weekday()).then(|| weekdays(&named.weekdays));
    if named.days.are_all() {
        return match (weekdays, months) {
            (None, None) => None,
            (None, Some(months)) => Some(format!("every day in {months}")),
            (Some(days), None) => Some(days),
            (Some(days), Some(months)) => Some(format!("{days} in {months}")),
        };
    }
    let of = months.unwrap_or_else(|| "the month".to_owned());
    let on = format!("on {} of {of}", month_days(named));
    Some(match (&weekdays, named.weekdays.as_slice()) {
        (None, _) => on,
        (Some(_), [only]) => format!("{on} if it is a {}", WEEKDAYS[*only as usize]),
        (Some(_), several) => {
            let days = listed_weekdays(several, "").join(" or ");
            format!("{on} if it falls on {days}")
        }
    })
}

/// The days of a month, as `the 1st and 15th`.
fn month_days(named: &Named) -> String {
    let days = &named.days;
    let numbered = days.nth.is_empty() && days.last_weekdays.is_empty() && !days.last_day;
    if let Shape::Steps { first, last, step } = shape(&days.numbers, 1, 31)
        && numbered
    {
        let [step, first, last] = [step, first, last].map(ordinal);
        return format!("every {step} day from the {first} to the {last}");
    }
    let mut items = texts(&runs(&days.numbers), ordinal, |a, b| {
        format!("{} to {}", ordinal(a), ordinal(b))
    });
    let weekday = |day: &u32| WEEKDAYS[*day as usize];
    let nth = days.nth.iter();
    items.extend(nth.map(|(nth, day)| format!("{} {}", ordinal(*nth), weekday(day))));
    let last = days.last_weekdays.iter();
    items.extend(last.map(|day| format!("last {}", weekday(day))));
    items.extend(days.last_day.then(|| "last day".to_owned()));
    format!("the {}", list(&items))
}

pub(super) fn months(months: &[u32]) -> String {
    // invariant: 1 to 12.
    let name = |month: u32| MONTHS[month as usize - 1].to_owned();
    list(&texts(&runs(months), name, |a, b| {
        format!("{} to {}", name(a), name(b))
    }))
}

fn weekdays(days: &[u32]) -> String {
    match runs(days).as_slice() {
        [(first, last)] if first < last => listed_weekdays(days, "").join(" "),
        several => {
            let single = several.iter().all(|(first, last)| first == last);
            let end = if single { "s" } else { "" };
            format!("on {}", list(&listed_weekdays(days, end)))
        }
    }
}

fn listed_weekdays(days: &[u32], end: &str) -> Vec<String> {
    // invariant: 0 to 6.
    let name = |day: u32| format!("{}{end}", WEEKDAYS[day as usize]);
    texts(&runs(days), name, |a, b| {
        format!("{} to {}", name(a), name(b))
    })
}

fn weeks(weeks: &[u32]) -> String {
    if let Shape::Steps { first, last, step } = shape(weeks, 1, 53) {
        return format!("every {} ISO week from {first} to {last}", ordinal(step));
    }
    let runs = runs(weeks);
    let plural = if is_one(&runs) { "" } else { "s" };
    format!("in ISO week{plural} {}", numbers(&runs))
}

fn years(years: &[u32]) -> String {
    if let Shape::Steps { first, last, step } = shape(years, 1970, 9999) {
        return format!("every {} year from {first} to {last}", ordinal(step));
    }
    let runs = runs(years);
    match runs.get(..YEARS) {
        Some(some) if runs.len() > YEARS => {
            let (_, last) = runs[runs.len() - 1];
            let told: Vec<String> = texts(some, |y| y.to_string(), |a, b| format!("{a} to {b}"));
            format!("in {} and more years up to {last}", told.join(", "))
        }
        _ => format!("in {}", numbers(&runs)),
    }
}

/// `5 minutes`, `1 hour and 30 minutes`; of one unit alone the unit.
pub(super) fn distance(seconds: i64) -> String {
    let units = ["week", "day", "hour", "minute", "second"];
    let amounts = amounts(seconds, &units);
    if let [(1, unit)] = amounts.as_slice() {
        return (*unit).to_owned();
    }
    let text = |(amount, unit): &(i64, &str)| match amount {
        1 => format!("1 {unit}"),
        _ => format!("{amount} {unit}s"),
    };
    list(&amounts.iter().map(text).collect::<Vec<_>>())
}

/// A length of time: `1 hour`, `2.5 seconds`, `250 ms`.
pub(super) fn span_ms(ms: i64) -> String {
    match (ms / 1000, ms % 1000) {
        (0, _) => format!("{ms} ms"),
        (seconds, 0) => match distance(seconds) {
            one if one.starts_with(|c: char| c.is_ascii_digit()) => one,
            one => format!("1 {one}"),
        },
        (seconds, rest) if seconds < 60 => {
            let fraction = format!("{rest:03}");
            format!("{seconds}.{} seconds", fraction.trim_end_matches('0'))
        }
        (seconds, rest) => format!("{} and {rest} ms", span_ms(seconds * 1000)),
    }
}

pub(super) fn ordinal(n: u32) -> String {
    let end = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{end}")
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}
