//! Tables: bounds, words and stored shapes of triggers.

use std::time::{Duration, Instant};

use super::*;

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
    // 23:00 of that day comes in New York when UTC has left the year.
    let evening = cron_in("0 0 23 * * *", "America/New_York");
    assert_eq!(evening.next_after(at("9999-12-31T12:00:00Z")), None);
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

#[test]
fn what_is_finer_than_the_finest_given_field_is_at_its_least() {
    let given = |given: &[(usize, &str)]| {
        let mut fields: [Option<String>; 8] = Default::default();
        for (place, text) in given {
            fields[*place] = Some((*text).to_owned());
        }
        let f = CronFields::of_given(fields);
        [
            f.year,
            f.month,
            f.day,
            f.week,
            f.day_of_week,
            f.hour,
            f.minute,
            f.second,
        ]
        .join(" ")
    };
    assert_eq!(given(&[(5, "9")]), "* * * * * 9 0 0");
    assert_eq!(given(&[(4, "mon"), (6, "*/5")]), "* * * * mon * */5 0");
    assert_eq!(given(&[(0, "2030")]), "2030 1 1 * * 0 0 0");
    assert_eq!(given(&[(1, "6"), (7, "30")]), "* 6 * * * * * 30");
    assert_eq!(given(&[]), "* 1 1 * * 0 0 0");
}
