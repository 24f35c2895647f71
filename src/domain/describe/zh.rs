//! Chinese, simplified.

use super::shape::{Shape, runs, shape, texts};
use super::times::{Times, times};
use super::{amounts, clocks, instant, zone_of};
use crate::domain::schedule::Schedule;
use crate::domain::trigger::{Named, Trigger};

pub(super) const WEEKDAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
/// How many runs of years are listed.
const YEARS: usize = 8;

pub(super) fn schedule(schedule: &Schedule) -> String {
    let zone = zone_of(schedule);
    let mut clauses = vec![match schedule.trigger() {
        Trigger::Date(date) => format!("一次，{}", instant(date.at(), zone)),
        Trigger::Interval(interval) => every(interval.every_s()),
        Trigger::Cron(cron) => format!("{}（{}）", cron_text(&cron.named()), cron.zone()),
    }];
    let start = schedule
        .start()
        .map(|at| format!("自 {} 起", instant(at, zone)));
    let end = schedule
        .end()
        .map(|at| format!("至 {} 止", instant(at, zone)));
    clauses.extend(start);
    clauses.extend(end);
    let later = |ms: u32| format!("每次延后至多 {}发送", span_ms(ms.into()));
    clauses.extend(schedule.jitter().map(|jitter| later(jitter.max_ms())));
    clauses.join("，")
}

fn cron_text(named: &Named) -> String {
    let times = times(named);
    let mut parts = Vec::new();
    parts.extend(named.years.as_deref().map(years));
    parts.extend(named.weeks.as_deref().map(weeks));
    parts.extend(days(named));
    if parts.is_empty() && matches!(times, Times::Points(_)) {
        parts.push("每天".to_owned());
    }
    parts.push(time_text(named, &times));
    parts.join(" ")
}

fn time_text(named: &Named, times: &Times) -> String {
    match times {
        Times::Points(points) => list(&clocks(points)),
        Times::Even {
            step_s,
            first_s,
            last_s,
            whole_day,
        } => {
            let every = every((*step_s).into());
            let (minute, second) = (first_s / 60 % 60, first_s % 60);
            let ends = clocks(&[*first_s, *last_s]);
            match (whole_day, first_s, step_s) {
                (false, ..) => format!("{} 至 {} {every}", ends[0], ends[1]),
                (true, 0, _) => every,
                (true, _, 3600) if second == 0 => format!("{every}第 {minute} 分"),
                (true, _, 60) => format!("{every}第 {second} 秒"),
                (true, ..) => format!("自 {} 起{every}", clocks(&[*first_s])[0]),
            }
        }
        Times::Parts => parts(named),
    }
}

/// Hours, minutes and seconds one by one, the coarsest first.
fn parts(named: &Named) -> String {
    let hours = match shape(&named.hours, 0, 23) {
        Shape::All => "每小时".to_owned(),
        Shape::Even(step) => format!("自 0 时起每 {step} 小时中"),
        Shape::Steps { first, last, step } => format!("{first} 至 {last} 时每 {step} 小时中"),
        Shape::Runs(runs) => format!("{} 时", numbers(&runs)),
    };
    let minutes = unit(&shape(&named.minutes, 0, 59), "分", "分钟");
    if named.seconds == [0] {
        return format!("{hours}的{minutes}");
    }
    let seconds = unit(&shape(&named.seconds, 0, 59), "秒", "秒");
    if named.every_hour() && named.minutes.len() == 60 {
        return format!("{minutes}的{seconds}");
    }
    format!("{hours}的{minutes}的{seconds}")
}

fn unit(shape: &Shape, place: &str, length: &str) -> String {
    match shape {
        Shape::All => format!("每{length}"),
        Shape::Even(step) => format!("每 {step} {length}"),
        Shape::Steps { first, last, step } => {
            format!("第 {first} 至 {last} {place}每 {step} {length}")
        }
        Shape::Runs(runs) => format!("第 {} {place}", numbers(runs)),
    }
}

fn numbers(runs: &[(u32, u32)]) -> String {
    let number = |n: u32| n.to_string();
    list(&texts(runs, number, |a, b| format!("{a} 至 {b}")))
}

/// The days on which it fires; `None`: all.
fn days(named: &Named) -> Option<String> {
    let months = (named.months.len() < 12).then(|| months(&named.months));
    let weekdays = (!named.any_weekday()).then(|| weekdays(&named.weekdays));
    if named.days.are_all() {
        return match (months, weekdays) {
            (None, None) => None,
            (Some(months), None) => Some(format!("{months}每天")),
            (None, Some(days)) => Some(days),
            (Some(months), Some(days)) => Some(format!("{months}的{days}")),
        };
    }
    let of = match (months, named.months.len()) {
        (None, _) => "每月".to_owned(),
        (Some(month), 1) => month,
        (Some(months), _) => format!("{months}的"),
    };
    let on = format!("{of}{}", month_days(named));
    Some(match weekdays {
        None => on,
        Some(days) => format!("{on}且为{}", days.strip_prefix('每').unwrap_or(&days)),
    })
}

/// The days of a month, with a blank before a number.
fn month_days(named: &Named) -> String {
    let days = &named.days;
    let numbered = days.nth.is_empty() && days.last_weekdays.is_empty() && !days.last_day;
    if let Shape::Steps { first, last, step } = shape(&days.numbers, 1, 31)
        && numbered
    {
        return format!(" {first} 至 {last} 日每 {step} 天");
    }
    let day = |n: u32| format!(" {n} 日");
    let mut items = texts(&runs(&days.numbers), day, |a, b| format!(" {a} 至 {b} 日"));
    let weekday = |day: &u32| WEEKDAYS[*day as usize];
    let nth = days.nth.iter();
    items.extend(nth.map(|(nth, day)| format!("第 {nth} 个{}", weekday(day))));
    let last = days.last_weekdays.iter();
    items.extend(last.map(|day| format!("最后一个{}", weekday(day))));
    items.extend(days.last_day.then(|| "最后一天".to_owned()));
    items.join("、").replace("、 ", "、")
}

pub(super) fn months(months: &[u32]) -> String {
    let name = |month: u32| format!("{month} 月");
    list(&texts(&runs(months), name, |a, b| format!("{a} 至 {b} 月")))
}

fn weekdays(days: &[u32]) -> String {
    // invariant: 0 to 6.
    let name = |day: u32| WEEKDAYS[day as usize].to_owned();
    let range = |a, b| format!("{}至{}", name(a), name(b));
    match runs(days).as_slice() {
        [(first, last)] if first < last => range(*first, *last),
        several => format!("每{}", list(&texts(several, name, range))),
    }
}

fn weeks(weeks: &[u32]) -> String {
    if let Shape::Steps { first, last, step } = shape(weeks, 1, 53) {
        return format!("ISO 第 {first} 至 {last} 周每 {step} 周");
    }
    format!("ISO 第 {} 周", numbers(&runs(weeks)))
}

fn years(years: &[u32]) -> String {
    if let Shape::Steps { first, last, step } = shape(years, 1970, 9999) {
        return format!("{first} 至 {last} 年每 {step} 年");
    }
    let runs = runs(years);
    match runs.get(..YEARS) {
        Some(some) if runs.len() > YEARS => {
            let (_, last) = runs[runs.len() - 1];
            format!("{} 等年份（至 {last} 年）", numbers(some))
        }
        _ => format!("{} 年", numbers(&runs)),
    }
}

/// `每分钟`, `每 5 分钟`.
fn every(seconds: i64) -> String {
    let text = distance(seconds);
    match text.strip_prefix("1 ") {
        Some(unit) if !unit.contains(' ') => format!("每{unit}"),
        _ => format!("每 {text}"),
    }
}

/// `5 分钟`, `1 小时 30 分钟`.
pub(super) fn distance(seconds: i64) -> String {
    let units = ["周", "天", "小时", "分钟", "秒"];
    let amounts = amounts(seconds, &units);
    let text = |(amount, unit): &(i64, &str)| format!("{amount} {unit}");
    amounts.iter().map(text).collect::<Vec<_>>().join(" ")
}

/// A length of time; ends without a blank.
pub(super) fn span_ms(ms: i64) -> String {
    match (ms / 1000, ms % 1000) {
        (0, _) => format!("{ms} 毫秒"),
        (seconds, 0) => distance(seconds),
        (seconds, rest) => format!("{} {rest} 毫秒", distance(seconds)),
    }
}

pub(super) fn list(items: &[String]) -> String {
    items.join("、")
}
