//! Properties of triggers, checked against a second, plain implementation.
//!
//! The reference here knows no bit sets and no search: it reads the canonical
//! text of each field anew and walks through time step by step, asking the
//! zone data for each wall clock.

use std::time::{Duration, Instant};

use chrono::{DateTime, Datelike, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use proptest::prelude::*;

use super::*;
use crate::domain::zone::Zone;

const MONTHS: &str = "jan feb mar apr may jun jul aug sep oct nov dec";
const WEEKDAYS: &str = "mon tue wed thu fri sat sun";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Fields written like a crontab: second minute hour day month weekday.
fn fields(text: &str) -> CronFields {
    let parts: Vec<String> = text
        .split_whitespace()
        .map(|part| part.replace('_', " "))
        .collect();
    let [second, minute, hour, day, month, day_of_week] = parts.try_into().unwrap();
    CronFields {
        second,
        minute,
        hour,
        day,
        month,
        day_of_week,
        ..CronFields::default()
    }
}

fn cron_in(text: &str, zone: &str) -> CronTrigger {
    CronTrigger::new(&fields(text), Zone::parse(zone).unwrap()).unwrap()
}

fn fire_times(cron: &CronTrigger, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let first = cron.next_at_or_after(from);
    std::iter::successors(first, |last| cron.next_after(*last))
        .take_while(|fire_at| *fire_at <= to)
        .collect()
}

// The plain implementation.

fn plain_number(text: &str, names: &str, first: i64) -> i64 {
    let named = names.split(' ').position(|name| name == text);
    named.map_or_else(
        || text.parse().unwrap(),
        |index| first + i64::try_from(index).unwrap(),
    )
}

fn plain_item(item: &str, value: i64, (min, max): (i64, i64), names: &str) -> bool {
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, Some(step.parse::<i64>().unwrap())),
        None => (item, None),
    };
    let number = |text| plain_number(text, names, min);
    let (first, last) = match range.split_once('-') {
        Some((first, last)) => (number(first), number(last)),
        None if range == "*" => (min, max),
        None if step.is_some() => (number(range), max),
        None => (number(range), number(range)),
    };
    (first..=last).contains(&value) && (value - first) % step.unwrap_or(1) == 0
}

fn plain_field(text: &str, value: u32, range: (i64, i64), names: &str) -> bool {
    text.split(',')
        .any(|item| plain_item(item, value.into(), range, names))
}

fn plain_day(text: &str, wall: DateTime<Tz>) -> bool {
    let day = wall.day();
    let length = u32::from(wall.num_days_in_month());
    text.split(',').any(|item| match item.split_once(' ') {
        Some((position, weekday)) => {
            let today = plain_number(weekday, WEEKDAYS, 0);
            let is_weekday = i64::from(wall.weekday().num_days_from_monday()) == today;
            is_weekday
                && match position {
                    "last" => day + 7 > length,
                    _ => position.starts_with(&((day - 1) / 7 + 1).to_string()),
                }
        }
        None if item == "last" => day == length,
        None => plain_item(item, day.into(), (1, 31), ""),
    })
}

fn plainly_matches(fields: &CronFields, wall: DateTime<Tz>) -> bool {
    let weekday = wall.weekday().num_days_from_monday();
    plain_field(&fields.second, wall.second(), (0, 59), "")
        && plain_field(&fields.minute, wall.minute(), (0, 59), "")
        && plain_field(&fields.hour, wall.hour(), (0, 23), "")
        && plain_field(&fields.day_of_week, weekday, (0, 6), WEEKDAYS)
        && plain_field(&fields.month, wall.month(), (1, 12), MONTHS)
        && plain_day(&fields.day, wall)
        && plain_field(&fields.week, wall.iso_week().week(), (1, 53), "")
        && plain_field(&fields.year, wall.year().unsigned_abs(), (1970, 9999), "")
}

/// Every matching instant of `from..=to`, second by second.
fn plain_fire_times(
    cron: &CronTrigger,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Vec<DateTime<Utc>> {
    let first_s = from.timestamp() + i64::from(from.timestamp_subsec_nanos() > 0);
    (first_s..=to.timestamp())
        .map(|unix_s| DateTime::from_timestamp(unix_s, 0).unwrap())
        .filter(|now| plainly_matches(cron.canonical(), now.with_timezone(&cron.zone().tz())))
        .collect()
}

// Properties.

/// A list of one or two items within a range.
fn list(min: u32, max: u32, others: &'static [&'static str]) -> BoxedStrategy<String> {
    let span = max - min;
    let number = min..=max;
    let item = prop_oneof![
        3 => Just("*".to_owned()),
        3 => number.clone().prop_map(|a| format!("{a:02}")),
        2 => (1..=span).prop_map(|step| format!("*/{step}")),
        2 => (number.clone(), number.clone()).prop_map(|(a, b)| format!("{}-{}", a.min(b), a.max(b))),
        1 => (min..max).prop_flat_map(move |a| (Just(a), 1..=max - a))
            .prop_map(|(a, step)| format!("{a}/{step}")),
        1 => (min..max).prop_flat_map(move |a| (Just(a), a + 1..=max))
            .prop_flat_map(|(a, b)| (Just((a, b)), 1..=b - a))
            .prop_map(|((a, b), step)| format!("{a}-{b}/{step}")),
        2 => proptest::sample::select(if others.is_empty() { &["*"] } else { others })
            .prop_map(str::to_owned),
    ];
    proptest::collection::vec(item, 1..=2)
        .prop_map(|items| items.join(" , "))
        .boxed()
}

fn any_fields() -> impl Strategy<Value = CronFields> {
    (
        list(0, 59, &["0"]),
        list(0, 59, &["0"]),
        list(0, 23, &["2"]),
        list(
            1,
            31,
            &["last", "LAST fri", "1st  mon", "5th sun", "2nd wed"],
        ),
        list(1, 12, &["Jan-jun", "feb", "mar", "oct,nov"]),
        list(0, 6, &["mon-FRI", "sun"]),
        list(1, 53, &["53", "*"]),
        prop_oneof![4 => Just("*".to_owned()), 1 => list(2000, 2040, &["*/2"])],
    )
        .prop_map(
            |(second, minute, hour, day, month, day_of_week, week, year)| CronFields {
                year,
                month,
                day,
                week,
                day_of_week,
                hour,
                minute,
                second,
            },
        )
}

/// Every field open but second, minute and hour, so that windows have fires.
fn dense_fields() -> impl Strategy<Value = CronFields> {
    (
        list(0, 59, &["0"]),
        list(0, 59, &["0"]),
        list(0, 23, &["*", "0-3"]),
    )
        .prop_map(|(second, minute, hour)| CronFields {
            second,
            minute,
            hour,
            ..CronFields::default()
        })
}

fn any_zone() -> impl Strategy<Value = Zone> {
    proptest::sample::select(vec![
        "UTC",
        "America/New_York",
        "Europe/London",
        "Australia/Lord_Howe",
        "America/St_Johns",
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "Antarctica/Troll",
        "Pacific/Apia",
    ])
    .prop_map(|name| Zone::parse(name).unwrap())
}

fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..2_200_000_000, 0_u32..1_000_000_000)
        .prop_map(|(unix_s, nanos)| DateTime::from_timestamp(unix_s, nanos).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cron_rises_strictly_and_every_fire_matches(
        fields in any_fields(), zone in any_zone(), start in any_instant(),
    ) {
        let cron = CronTrigger::new(&fields, zone).unwrap();
        let mut before = start - TimeDelta::nanoseconds(1);
        for _ in 0..10 {
            let Some(next) = cron.next_after(before) else { break };
            prop_assert!(next > before);
            prop_assert!(plainly_matches(cron.canonical(), next.with_timezone(&zone.tz())));
            prop_assert_eq!(cron.next_at_or_after(next), Some(next));
            prop_assert_eq!(cron.next_at_or_after(before + TimeDelta::nanoseconds(1)), Some(next));
            before = next;
        }
    }

    #[test]
    fn cron_skips_no_day(fields in any_fields(), zone in any_zone(), start in any_instant()) {
        // The hour fixed at noon, where no zone changes: one question per day.
        let noon = CronFields { hour: "12".into(), minute: "0".into(), second: "0".into(), ..fields };
        let cron = CronTrigger::new(&noon, zone).unwrap();
        let days = 800;
        let wanted: Vec<_> = (0..days)
            .filter_map(|day| {
                let date = start.with_timezone(&zone.tz()).date_naive() + TimeDelta::days(day);
                zone.tz().from_local_datetime(&date.and_hms_opt(12, 0, 0).unwrap()).single()
            })
            .filter(|wall| plainly_matches(cron.canonical(), *wall))
            .map(|wall| wall.to_utc())
            .filter(|fire_at| *fire_at >= start)
            .collect();
        let end = start + TimeDelta::days(days - 2);
        let wanted: Vec<_> = wanted.into_iter().filter(|fire_at| *fire_at <= end).collect();
        prop_assert_eq!(fire_times(&cron, start, end), wanted);
    }

    #[test]
    fn cron_skips_no_second(fields in dense_fields(), zone in any_zone(), start in any_instant()) {
        let cron = CronTrigger::new(&fields, zone).unwrap();
        let end = start + TimeDelta::minutes(90);
        prop_assert_eq!(fire_times(&cron, start, end), plain_fire_times(&cron, start, end));
    }

    #[test]
    fn canonical_fields_mean_and_read_the_same(fields in any_fields(), zone in any_zone()) {
        let cron = CronTrigger::new(&fields, zone).unwrap();
        prop_assert_eq!(&CronTrigger::new(cron.canonical(), zone).unwrap(), &cron);
        let trigger = Trigger::Cron(cron);
        let json = serde_json::to_string(&trigger).unwrap();
        prop_assert_eq!(serde_json::from_str::<Trigger>(&json).unwrap(), trigger);
    }

    #[test]
    fn arbitrary_text_never_panics(text in ".{0,12}", cron_like in "[0-9a-z*/, -]{0,10}") {
        for text in [text, cron_like] {
            let all = CronFields {
                year: text.clone(), month: text.clone(), day: text.clone(), week: text.clone(),
                day_of_week: text.clone(), hour: text.clone(), minute: text.clone(), second: text,
            };
            match CronTrigger::new(&all, Zone::UTC) {
                Ok(cron) => {
                    prop_assert_eq!(&CronTrigger::new(cron.canonical(), Zone::UTC).unwrap(), &cron);
                    let _ = cron.next_after(DateTime::UNIX_EPOCH);
                }
                Err(faults) => for fault in faults {
                    prop_assert_eq!(&fault.value, &all.year);
                    prop_assert!(fault.message.contains("; allowed: "));
                },
            }
        }
    }

    #[test]
    fn interval_keeps_its_grid(every_s in 1_i128..10_000_000, start in any_instant(), t in any_instant()) {
        let interval = IntervalTrigger::new(None, None, Some(every_s), start).unwrap();
        let trigger = Trigger::Interval(interval.clone());
        let next = trigger.next_at_or_after(t).unwrap();
        let every = TimeDelta::seconds(interval.every_s());
        prop_assert!(next >= t && (next == interval.first_at() || next - every < t));
        prop_assert_eq!((next - interval.first_at()).num_microseconds().unwrap() % every.num_microseconds().unwrap(), 0);
        prop_assert_eq!(trigger.next_after(next), Some(next + every));
        prop_assert_eq!(trigger.count_between(next, next + every * 3, 100), (4, next + every * 3));
        let json = serde_json::to_string(&trigger).unwrap();
        prop_assert_eq!(serde_json::from_str::<Trigger>(&json).unwrap(), trigger);
    }

    #[test]
    fn arbitrary_parts_never_panic(parts in any::<[i64; 6]>(), huge in any::<[i128; 3]>(), at in any_instant()) {
        let [year, month, day, hour, minute, second] = parts;
        let _ = DateTrigger::new(year, month, day, hour, minute, second);
        let date = DateTrigger::new(year.rem_euclid(9999) + 1, month.rem_euclid(13), day.rem_euclid(33), 0, 0, 0);
        prop_assert!(date.is_ok_and(|date| date.at() <= LAST_INSTANT) || day.rem_euclid(33) > 28
            || day.rem_euclid(33) == 0 || month.rem_euclid(13) == 0);
        let [hours, minutes, seconds] = huge.map(Some);
        prop_assert!(IntervalTrigger::new(hours, minutes, seconds, at).is_err());
    }
}

// Zones.

/// The instants (whole seconds) at which the offset of a zone changes.
fn offset_changes(zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let offset = |unix_s: i64| {
        let at = DateTime::from_timestamp(unix_s, 0).unwrap();
        chrono::Offset::fix(at.with_timezone(&zone).offset())
    };
    let mut changes = Vec::new();
    let step_s = 6 * 3600;
    let mut left = from.timestamp();
    while left < to.timestamp() {
        let (mut low, mut high) = (left, left + step_s);
        if offset(low) != offset(high) {
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                if offset(middle) == offset(low) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            changes.push(DateTime::from_timestamp(high, 0).unwrap());
        }
        left += step_s;
    }
    changes
}

/// Each minute of `from..=to` with the hour and minute its wall clock shows.
/// Enough for patterns that fire at second 0 where offsets are whole minutes.
fn wall_clocks(zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<(DateTime<Utc>, u32, u32)> {
    let first = from.timestamp().div_euclid(60) + i64::from(from.timestamp().rem_euclid(60) > 0);
    (first..=to.timestamp().div_euclid(60))
        .map(|minute| DateTime::from_timestamp(minute * 60, 0).unwrap())
        .map(|now| (now, now.with_timezone(&zone).time()))
        .inspect(|(_, wall)| assert_eq!(wall.second(), 0))
        .map(|(now, wall)| (now, wall.hour(), wall.minute()))
        .collect()
}

type Hit = fn(u32, u32) -> bool;

const ROUND_THE_CHANGES: [(&str, Hit); 4] = [
    ("0 */7 * * * *", |_, minute| minute % 7 == 0),
    ("0 30 2 * * *", |hour, minute| (hour, minute) == (2, 30)),
    ("0 0 0 * * *", |hour, minute| (hour, minute) == (0, 0)),
    ("0 15,45 0-3,23 * * *", |hour, minute| {
        (hour < 4 || hour == 23) && (minute == 15 || minute == 45)
    }),
];

#[test]
fn all_zones_round_their_changes() {
    let (from, to) = (at("1990-01-01T00:00:00Z"), at("2037-12-31T00:00:00Z"));
    let mut checked = 0;
    let mut seen = std::collections::HashSet::new();
    for tz in TZ_VARIANTS {
        let changes = offset_changes(tz, from, to);
        let offsets: Vec<i32> = changes
            .iter()
            .map(|at| chrono::Offset::fix(at.with_timezone(&tz).offset()).local_minus_utc())
            .collect();
        // Many names share their changes: each shape is walked once.
        for (change, offset) in changes.into_iter().zip(offsets) {
            let before = change - TimeDelta::seconds(1);
            let old = chrono::Offset::fix(before.with_timezone(&tz).offset()).local_minus_utc();
            if !seen.insert((change, old, offset)) {
                continue;
            }
            round_one_change(tz, change);
            checked += 1;
        }
    }
    println!("{checked} offset changes checked");
    assert!(checked > 3000, "only {checked} changes found");
}

fn round_one_change(tz: Tz, change: DateTime<Utc>) {
    let (from, to) = (change - TimeDelta::hours(30), change + TimeDelta::hours(30));
    let walls = wall_clocks(tz, from, to);
    for (text, hit) in ROUND_THE_CHANGES {
        let cron = cron_in(text, tz.name());
        let wanted: Vec<DateTime<Utc>> = walls
            .iter()
            .filter(|(_, hour, minute)| hit(*hour, *minute))
            .map(|(now, _, _)| *now)
            .collect();
        assert_eq!(fire_times(&cron, from, to), wanted, "{tz} {change} {text}");
        // Starts between fires, on both sides of the change.
        for minutes in (-150..150).step_by(50) {
            let start = change + TimeDelta::seconds(minutes * 60 - 1);
            let next = wanted.iter().find(|fire_at| **fire_at >= start).copied();
            let found = cron
                .next_at_or_after(start)
                .filter(|fire_at| *fire_at <= to);
            assert_eq!(found, next, "{tz} {change} {text} from {start}");
        }
    }
}

#[test]
fn gaps_and_folds_of_known_days() {
    let cases = [
        // A fixed time in the gap does not fire that day.
        (
            "America/New_York",
            "0 30 2 * * *",
            "2024-03-10T00:00:00Z",
            "2024-03-11T06:30:00Z",
        ),
        // In the fold it fires twice.
        (
            "America/New_York",
            "0 30 1 * * *",
            "2024-11-03T05:30:01Z",
            "2024-11-03T06:30:00Z",
        ),
        // From the first pass the whole second pass is ahead.
        (
            "America/New_York",
            "0 10 1 * * *",
            "2024-11-03T05:30:00Z",
            "2024-11-03T06:10:00Z",
        ),
        // Lord Howe changes by half an hour.
        (
            "Australia/Lord_Howe",
            "0 45 1 * * *",
            "2024-04-06T14:45:01Z",
            "2024-04-06T15:15:00Z",
        ),
        // Apia had no 30 December 2011.
        (
            "Pacific/Apia",
            "0 0 12 30 12 *",
            "2011-12-01T00:00:00Z",
            "2012-12-29T22:00:00Z",
        ),
        (
            "Pacific/Apia",
            "0 0 0 * * *",
            "2011-12-29T10:00:01Z",
            "2011-12-30T10:00:00Z",
        ),
        // Havana repeats midnight, Beirut skips it.
        (
            "America/Havana",
            "0 0 0 * * *",
            "2024-11-03T04:00:01Z",
            "2024-11-03T05:00:00Z",
        ),
        (
            "Asia/Beirut",
            "0 0 0 * * *",
            "2024-03-30T12:00:00Z",
            "2024-03-31T21:00:00Z",
        ),
    ];
    for (zone, text, start, next) in cases {
        let cron = cron_in(text, zone);
        assert_eq!(
            cron.next_at_or_after(at(start)),
            Some(at(next)),
            "{zone} {text} {start}"
        );
    }
}

// Bounds.

#[test]
fn impossible_dates_are_known_at_once() {
    let impossible = [
        "0 0 0 30 2 *",
        "0 0 0 31 4,6,sep,nov *",
        "0 0 0 1st_mon * tue",
        "*/1 * * 5th_mon feb tue",
        "0 0 0 29 2 *",
    ];
    for text in impossible {
        for zone in ["UTC", "America/New_York"] {
            for (week, year) in [("*", "*"), ("30", "*"), ("30", "1970-9998,9999")] {
                let week_and_year = CronFields {
                    week: week.into(),
                    year: year.into(),
                    ..fields(text)
                };
                let cron = CronTrigger::new(&week_and_year, Zone::parse(zone).unwrap()).unwrap();
                let started = Instant::now();
                let next = cron.next_after(at("2024-03-01T00:00:00Z"));
                let took = started.elapsed();
                assert!(took < Duration::from_millis(50), "{text} took {took:?}");
                let leap_day = text.contains("29") && week == "*";
                assert_eq!(next.is_some(), leap_day, "{text} {zone} {week} {year}");
            }
        }
    }
}

#[test]
fn a_leap_day_on_a_chosen_weekday_is_found_over_a_skipped_century() {
    let cron = cron_in("0 0 0 29 2 sun", "UTC");
    let found = fire_times(
        &cron,
        at("2076-01-01T00:00:00Z"),
        at("2150-01-01T00:00:00Z"),
    );
    assert_eq!(
        found,
        [at("2088-02-29T00:00:00Z"), at("2128-02-29T00:00:00Z")]
    );
}

#[test]
fn nothing_fires_outside_the_years_1970_to_9999() {
    let every_second = cron_in("*/1 * * * * *", "UTC");
    for ancient in [DateTime::<Utc>::MIN_UTC, at("1900-01-01T00:00:00Z")] {
        assert_eq!(every_second.next_after(ancient), Some(DateTime::UNIX_EPOCH));
    }
    let last = at("9999-12-31T23:59:59Z");
    assert_eq!(every_second.next_at_or_after(last), Some(last));
    for zone in ["UTC", "Asia/Tokyo", "America/New_York"] {
        let cron = cron_in("*/1 * * * * *", zone);
        assert_eq!(cron.next_after(last), None);
        assert_eq!(cron.next_at_or_after(DateTime::<Utc>::MAX_UTC), None);
    }
    let tokyo = cron_in("0 0 0 * * *", "Asia/Tokyo");
    assert_eq!(tokyo.next_after(at("9999-12-30T15:00:00Z")), None);
    let interval = IntervalTrigger::new(None, None, Some(1), at("9999-12-31T23:59:58.5Z")).unwrap();
    assert_eq!(interval.next_after(interval.first_at()), None);
    let counted = Trigger::Interval(interval.clone()).count_between(
        interval.first_at(),
        DateTime::<Utc>::MAX_UTC,
        u64::MAX,
    );
    assert_eq!(counted, (1, interval.first_at()));
}

#[test]
fn years_and_iso_weeks_are_matched() {
    let weekly = CronFields {
        year: "2020/5".into(),
        week: "53,1".into(),
        day_of_week: "fri".into(),
        hour: "0".into(),
        minute: "0".into(),
        ..CronFields::default()
    };
    let cron = CronTrigger::new(&weekly, Zone::UTC).unwrap();
    let found = fire_times(
        &cron,
        at("2019-01-01T00:00:00Z"),
        at("2026-12-31T00:00:00Z"),
    );
    // ISO 2021 starts on 4 January, so 1 January 2021 (not a chosen year) is week 53.
    let wanted = ["2020-01-03T00:00:00Z", "2025-01-03T00:00:00Z"].map(at);
    assert_eq!(found, wanted);
}

// Words and shapes.

#[test]
fn refusals_say_what_is_allowed() {
    let cases = [
        (
            "0 abc * * * *",
            "minute: Unrecognized expression \"abc\" for field \"minute\"; allowed: *, */n, a, a-b, a/n, a-b/n, lists with commas; numbers 0-59",
        ),
        (
            "0 */0 * * * *",
            "minute: Increment must be higher than 0, given \"*/0\"; allowed: *, */n, a, a-b, a/n, a-b/n, lists with commas; numbers 0-59",
        ),
        (
            "0 0 0 1st_1 * *",
            "day: Invalid weekday name \"1\", given \"1st 1\"; allowed: *, */n, a, a-b, a/n, a-b/n, lists with commas; numbers 1-31, last, 1st|2nd|3rd|4th|5th|last and a weekday name mon-sun",
        ),
        (
            "0 0 0 * * mon-fri/2",
            "day_of_week: Unrecognized expression \"mon-fri/2\" for field \"day_of_week\"; allowed: *, */n, a, a-b, a/n, a-b/n, lists with commas; numbers 0-6 (0 is Monday), names mon-sun",
        ),
        (
            "0 0 0 * 70/1 *",
            "month: Error validating expression '70/1': the step value (1) is higher than the total range of the expression (-58); allowed: *, */n, a, a-b, a/n, a-b/n, lists with commas; numbers 1-12, names jan-dec",
        ),
    ];
    for (text, message) in cases {
        let faults = CronTrigger::new(&fields(text), Zone::UTC).unwrap_err();
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].to_string(), message);
    }
}

#[test]
fn every_bad_field_is_told_in_the_order_of_the_library() {
    let bad = |text: &str| text.to_owned();
    let all = CronFields {
        year: bad("1969"),
        month: bad("13,x"),
        day: bad("0"),
        week: bad("54"),
        day_of_week: bad("7"),
        hour: bad("24"),
        minute: bad("60"),
        second: bad("60"),
    };
    let faults = CronTrigger::new(&all, Zone::UTC).unwrap_err();
    let told: Vec<(&str, &str)> = faults
        .iter()
        .map(|fault| (fault.field, fault.value.as_str()))
        .collect();
    let wanted = [
        ("year", "1969"),
        ("month", "13,x"),
        ("day", "0"),
        ("week", "54"),
        ("day_of_week", "7"),
        ("hour", "24"),
        ("minute", "60"),
        ("second", "60"),
    ];
    assert_eq!(told, wanted);
    assert!(
        faults[1]
            .message
            .starts_with("Error validating expression '13'")
    );
}

#[test]
fn only_the_inherited_endpoint_turns_every_second_into_second_zero() {
    for (second, inherited, plain) in [("*", "0", "*"), ("*/1", "*/1", "*/1"), (" *", "*", "*")] {
        let fields = CronFields {
            second: second.into(),
            ..CronFields::default()
        };
        let second_of = |cron: Result<CronTrigger, _>| cron.unwrap().canonical().second.clone();
        assert_eq!(
            second_of(CronTrigger::inherited(&fields, Zone::UTC)),
            inherited
        );
        assert_eq!(second_of(CronTrigger::new(&fields, Zone::UTC)), plain);
    }
}

#[test]
fn a_step_within_the_number_zero_is_dropped() {
    // Source: APScheduler takes `0-0/5` (and prints it as `0/5`, which means more).
    let cron = cron_in("0-0/5 0 0 * * *", "UTC");
    assert_eq!(cron.canonical().second, "0");
}

#[test]
fn stored_triggers_are_tagged_and_checked() {
    let stored = [
        r#"{"kind":"date","year":2024,"month":2,"day":29,"hour":1,"minute":2,"second":3}"#,
        r#"{"kind":"interval","first_us":1706655520250000,"every_s":90}"#,
        r#"{"kind":"cron","year":"*","month":"*","day":"2nd tue","week":"*","day_of_week":"*","hour":"9","minute":"0","second":"0","zone":"Europe/Berlin"}"#,
    ];
    for json in stored {
        let trigger: Trigger = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&trigger).unwrap(), json);
    }
    let refused = [
        (
            r#"{"kind":"date","year":2024,"month":2,"day":30,"hour":1,"minute":2,"second":3}"#,
            "day: day 30 is out of range: 2024-02 has 29 days; allowed: 1 to 29",
        ),
        (
            r#"{"kind":"interval","first_us":0,"every_s":0}"#,
            "every_s: must be at least 1",
        ),
        (
            r#"{"kind":"interval","first_us":253402300800000000,"every_s":1}"#,
            "first_us: must not be after year 9999",
        ),
        (
            r#"{"kind":"cron","hour":"24"}"#,
            "hour: Error validating expression '24'",
        ),
        (
            r#"{"kind":"cron","zone":"Nowhere"}"#,
            "unknown time zone \"Nowhere\"",
        ),
    ];
    for (json, message) in refused {
        let error = serde_json::from_str::<Trigger>(json)
            .unwrap_err()
            .to_string();
        assert!(error.starts_with(message), "{error}");
    }
}

#[test]
fn dates_give_their_instant_to_a_resume_even_when_past() {
    let date = Trigger::Date(DateTrigger::new(2024, 1, 1, 0, 0, 0).unwrap());
    let (past, on, later) = (
        at("2023-01-01T00:00:00Z"),
        at("2024-01-01T00:00:00Z"),
        at("2025-01-01T00:00:00Z"),
    );
    for now in [past, on, later] {
        assert_eq!(date.first_fire_at(now), Some(on));
        assert_eq!(date.next_at_or_after(now), Some(on));
    }
    assert_eq!(date.next_after(past), Some(on));
    assert_eq!(date.next_after(on), None);
    assert_eq!(date.count_between(on, later, 5), (1, on));
}

#[test]
fn fire_times_are_counted_up_to_the_cap() {
    let cron = Trigger::Cron(cron_in("0 */10 * * * *", "UTC"));
    let interval = IntervalTrigger::new(None, Some(10), None, at("2023-12-31T23:50:00Z")).unwrap();
    for trigger in [cron, Trigger::Interval(interval)] {
        let from = at("2024-01-01T00:00:00Z");
        let count = |to: &str, cap| trigger.count_between(from, at(to), cap);
        assert_eq!(
            count("2024-01-01T00:59:59Z", 100),
            (6, at("2024-01-01T00:50:00Z"))
        );
        assert_eq!(
            count("2024-01-01T01:00:00Z", 100),
            (7, at("2024-01-01T01:00:00Z"))
        );
        assert_eq!(
            count("2024-01-01T01:00:00Z", 3),
            (3, at("2024-01-01T00:20:00Z"))
        );
        assert_eq!(count("2024-01-01T00:00:00Z", 100), (1, from));
        assert_eq!(count("2023-12-31T23:59:59Z", 100), (0, from));
        assert_eq!(count("2024-01-01T01:00:00Z", 0), (0, from));
    }
}
