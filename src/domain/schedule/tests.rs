//! The window against plain filtering; the jitter's values and spread.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::*;
use crate::domain::trigger::{CronFields, CronTrigger, DateTrigger, IntervalTrigger};
use crate::domain::zone::Zone;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A cron from a line of text.
fn cron(line: &str) -> Trigger {
    let (fields, _) = CronFields::parse_line(line).unwrap();
    Trigger::Cron(CronTrigger::new(&fields, Zone::UTC).unwrap())
}

fn interval(every_s: i128, added_at: &str) -> Trigger {
    Trigger::Interval(IntervalTrigger::new(None, None, Some(every_s), at(added_at)).unwrap())
}

fn date(day: i64) -> Trigger {
    Trigger::Date(DateTrigger::new(2030, 1, day, 12, 0, 0).unwrap())
}

fn within(trigger: Trigger, start: Option<&str>, end: Option<&str>) -> Schedule {
    Schedule::new(trigger, start.map(at), end.map(at), None).unwrap()
}

fn jittered(max_ms: i64) -> Schedule {
    let jitter = Jitter::from_ms(max_ms).unwrap();
    Schedule::new(cron("* * * * *"), None, None, Some(jitter)).unwrap()
}

// The window.

#[test]
fn both_ends_are_within() {
    let noons = within(
        cron("0 12 * * *"),
        Some("2030-01-02T12:00:00Z"),
        Some("2030-01-04T12:00:00Z"),
    );
    let (first, last) = (at("2030-01-02T12:00:00Z"), at("2030-01-04T12:00:00Z"));
    assert_eq!(noons.kind(), TriggerKind::Cron);
    assert_eq!(noons.first_fire_at(at("2029-01-01T00:00:00Z")), Some(first));
    assert_eq!(noons.next_after(first - TimeDelta::days(90)), Some(first));
    assert_eq!(noons.next_at_or_after(last), Some(last));
    assert_eq!(noons.next_after(last), None);
    let forever = DateTime::<Utc>::MAX_UTC;
    assert_eq!(noons.count_between(first, forever, u64::MAX), (3, last));
    assert_eq!(noons.count_between(first, forever, 2).0, 2);
    let before = first - TimeDelta::seconds(1);
    assert_eq!(noons.count_between(first, before, 9), (0, first));
    let shorter = within(cron("0 12 * * *"), None, Some("2030-01-04T11:59:59.999Z"));
    assert_eq!(shorter.next_after(last - TimeDelta::hours(1)), None);
}

#[test]
fn fractions_of_a_millisecond_are_cut() {
    let start = "2030-01-02T12:00:00.000999Z";
    let schedule = within(cron("0 12 * * *"), Some(start), Some(start));
    let noon = at("2030-01-02T12:00:00Z");
    assert_eq!((schedule.start(), schedule.end()), (Some(noon), Some(noon)));
    assert_eq!(schedule.first_fire_at(at(start)), None);
    assert_eq!(schedule.first_fire_at(noon), Some(noon));
}

#[test]
fn the_window_leaves_the_grid_of_an_interval_alone() {
    let every_hour = interval(3600, "2030-01-01T00:10:00Z");
    let schedule = within(every_hour, Some("2030-01-01T05:00:00Z"), None);
    let first = at("2030-01-01T05:10:00Z");
    assert_eq!(
        schedule.first_fire_at(at("2030-01-01T00:10:00Z")),
        Some(first)
    );
    assert_eq!(
        schedule.next_after(first),
        Some(first + TimeDelta::hours(1))
    );
}

#[test]
fn a_date_is_within_or_not() {
    let noon = at("2030-01-05T12:00:00Z");
    let (earlier, later) = (noon - TimeDelta::days(9), noon + TimeDelta::days(9));
    let inside = within(
        date(5),
        Some("2030-01-05T12:00:00Z"),
        Some("2030-01-05T12:00:00Z"),
    );
    for t in [earlier, noon, later] {
        assert_eq!(inside.first_fire_at(t), Some(noon));
        assert_eq!(inside.next_at_or_after(t), Some(noon));
    }
    assert_eq!(inside.next_after(earlier), Some(noon));
    assert_eq!(inside.next_after(noon), None);
    let outside = [
        within(date(5), Some("2030-01-05T12:00:01Z"), None),
        within(date(5), None, Some("2030-01-05T11:59:59Z")),
    ];
    for schedule in outside {
        for t in [earlier, noon, later] {
            assert_eq!(schedule.first_fire_at(t), None);
            assert_eq!(schedule.next_at_or_after(t), None);
            assert_eq!(schedule.next_after(t), None);
        }
    }
}

#[test]
fn an_end_before_the_start_is_refused() {
    let (start, end) = (at("2030-01-02T00:00:00Z"), at("2030-01-01T23:59:59.999Z"));
    let faults = Schedule::new(date(1), Some(start), Some(end), None).unwrap_err();
    assert_eq!(
        faults,
        [FieldFault {
            field: "end",
            value: "2030-01-01T23:59:59.999Z".to_owned(),
            message: "the end, 2030-01-01T23:59:59.999Z, lies before the start, \
                      2030-01-02T00:00:00Z; allowed: the start or later"
                .to_owned(),
        }]
    );
    assert!(Schedule::new(date(1), Some(start), Some(start), None).is_ok());
}

#[test]
fn what_never_fires_says_why() {
    let (start, end) = (Some("2030-01-10T00:00:00Z"), Some("2030-01-20T00:00:00Z"));
    let cases = [
        (within(date(15), start, end), None),
        (
            within(date(9), start, end),
            Some("the date 2030-01-09T12:00:00Z lies before the start, 2030-01-10T00:00:00Z"),
        ),
        (
            within(date(20), start, end),
            Some("the date 2030-01-20T12:00:00Z lies after the end, 2030-01-20T00:00:00Z"),
        ),
        // Dates in the past are another's business.
        (date(1).into(), None),
        (within(cron("0 0 20 * *"), start, end), None),
        (
            within(cron("1 0 20 * *"), start, end),
            Some(
                "the first fire time, 2030-01-20T00:01:00Z, lies after the end, \
                 2030-01-20T00:00:00Z",
            ),
        ),
        (
            within(cron("0 0 30 2 *"), start, None),
            Some("the cron fields match no date and time from 2030-01-10T00:00:00Z on"),
        ),
        (
            cron("0 0 30 2 *").into(),
            Some("the cron fields match no date and time from 2030-01-05T00:00:00Z on"),
        ),
        (
            within(cron("* * * * *"), None, Some("2030-01-04T00:00:00Z")),
            Some(
                "the first fire time, 2030-01-05T00:00:00Z, lies after the end, \
                 2030-01-04T00:00:00Z",
            ),
        ),
        (
            within(interval(60, "2030-01-05T00:00:00Z"), start, end),
            None,
        ),
        (
            within(interval(86_400 * 30, "2030-01-05T00:00:00Z"), start, end),
            Some(
                "the first fire time, 2030-02-04T00:00:00Z, lies after the end, \
                 2030-01-20T00:00:00Z",
            ),
        ),
        (
            within(
                interval(3600, "2030-01-05T00:00:00Z"),
                Some("9999-12-31T23:30:00Z"),
                None,
            ),
            Some("the first fire time would lie after year 9999"),
        ),
    ];
    for (schedule, reason) in cases {
        let told = schedule.never_fires(at("2030-01-05T00:00:00Z"));
        assert_eq!(told.as_deref(), reason, "{schedule:?}");
    }
}

// The stored form.

#[test]
fn without_options_it_is_stored_as_its_trigger() {
    let stored = [
        r#"{"kind":"date","year":2024,"month":2,"day":29,"hour":1,"minute":2,"second":3}"#,
        r#"{"kind":"interval","first_us":1706655520250000,"every_s":90}"#,
        r#"{"kind":"cron","year":"*","month":"*","day":"2nd tue","week":"*","day_of_week":"*","hour":"9","minute":"0","second":"0","zone":"Europe/Berlin"}"#,
        r#"{"kind":"cron","year":"*","month":"*","day":"*","week":"*","day_of_week":"*","hour":"2","minute":"0","second":"0","zone":"Europe/Berlin","dst":{"gap":"shift","fold":"first"}}"#,
    ];
    let options =
        r#","start":"2024-01-01T00:00:00Z","end":"2030-12-31T23:59:59.999Z","jitter_ms":1500}"#;
    for json in stored {
        let schedule: Schedule = serde_json::from_str(json).unwrap();
        let trigger: Trigger = serde_json::from_str(json).unwrap();
        assert_eq!(schedule, Schedule::from(trigger.clone()));
        assert_eq!(serde_json::to_string(&schedule).unwrap(), json);
        let with_options = format!("{}{options}", &json[..json.len() - 1]);
        let schedule: Schedule = serde_json::from_str(&with_options).unwrap();
        assert_eq!(schedule.trigger(), &trigger);
        assert_eq!(schedule.start(), Some(at("2024-01-01T00:00:00Z")));
        assert_eq!(schedule.end(), Some(at("2030-12-31T23:59:59.999Z")));
        assert_eq!(schedule.jitter().map(Jitter::max_ms), Some(1500));
        assert_eq!(serde_json::to_string(&schedule).unwrap(), with_options);
        // A replica that knows triggers only can still read it.
        assert_eq!(
            serde_json::from_str::<Trigger>(&with_options).unwrap(),
            trigger
        );
    }
}

#[test]
fn a_stored_schedule_is_checked() {
    let with = |options: &str| {
        let json = format!(r#"{{"kind":"cron",{options}}}"#);
        serde_json::from_str::<Schedule>(&json).map_err(|error| error.to_string())
    };
    let refused = [
        (r#""minute":"60""#, "minute: Error validating"),
        (r#""jitter_ms":3600001"#, "jitter: a jitter of 3600001 ms"),
        (r#""jitter_ms":-1"#, "jitter: a jitter of -1 ms"),
        (
            r#""start":"2030-01-02T00:00:00Z","end":"2030-01-01T00:00:00Z""#,
            "end: the end, 2030-01-01T00:00:00Z, lies before",
        ),
        (r#""start":"tomorrow""#, "input contains invalid characters"),
    ];
    for (options, message) in refused {
        let error = with(options).unwrap_err();
        assert!(error.starts_with(message), "{options}: {error}");
    }
    let none = with(r#""start":null,"end":null,"jitter_ms":0"#).unwrap();
    assert_eq!(
        (none.start(), none.end(), none.jitter()),
        (None, None, None)
    );
}

// Jitter.

#[test]
fn the_delay_of_an_occurrence_never_changes() {
    // Reckoned once by an independent program; replicas of all versions must agree.
    let cases = [
        ("backup", "2030-01-01T00:00:00Z", 60_000, 56_703),
        ("backup", "2030-01-01T00:00:00.000999Z", 60_000, 56_703),
        ("backup", "2030-01-01T00:00:00Z", 3_600_000, 3_402_171),
        ("backup", "2030-01-01T00:00:01Z", 60_000, 2_058),
        ("backuq", "2030-01-01T00:00:00Z", 60_000, 41_741),
        ("作业", "1970-01-01T00:00:00Z", 999, 139),
        ("backup", "2030-01-01T00:00:00Z", 1, 1),
        ("backup", "2030-01-01T00:00:00Z", 0, 0),
    ];
    for (job_id, fire_at, max_ms, offset_ms) in cases {
        let (schedule, fire_at) = (jittered(max_ms), at(fire_at));
        assert_eq!(schedule.offset_ms(job_id, fire_at), offset_ms, "{job_id}");
        let sent_at = fire_at + TimeDelta::milliseconds(offset_ms);
        assert_eq!(schedule.send_at(job_id, fire_at), sent_at);
    }
}

#[test]
fn delays_are_spread_evenly() {
    let schedule = jittered(999);
    let midnight = at("2030-01-01T00:00:00Z");
    let one_job = |n: i64| schedule.offset_ms("job-1", midnight + TimeDelta::minutes(n));
    let one_time = |n: i64| schedule.offset_ms(&format!("job-{n}"), midnight);
    let delays: [(&str, Vec<i64>); 2] = [
        ("one job each minute", (0..100_000).map(one_job).collect()),
        ("many jobs at once", (0..100_000).map(one_time).collect()),
    ];
    for (what, delays) in delays {
        let mut bins = [0_u32; 100];
        for delay in &delays {
            bins[usize::try_from(delay / 10).unwrap()] += 1;
        }
        // 99 degrees of freedom: 99 is usual, above 160 once in ten thousand.
        let chi_square: f64 = bins
            .iter()
            .map(|count| (f64::from(*count) - 1000.0).powi(2) / 1000.0)
            .sum();
        println!("{what}: {chi_square:.1}");
        assert!((40.0..160.0).contains(&chi_square), "{what}: {chi_square}");
        let (least, most) = (delays.iter().min(), delays.iter().max());
        assert_eq!((least, most), (Some(&0), Some(&999)), "both ends are met");
    }
}

#[test]
fn a_jitter_has_bounds() {
    for max_ms in [0, 1, 3_600_000] {
        let jitter = Jitter::from_ms(max_ms).unwrap();
        assert_eq!(i64::from(jitter), max_ms);
    }
    for max_ms in [-1, 3_600_001, i64::MAX, i64::MIN] {
        let fault = Jitter::from_ms(max_ms).unwrap_err();
        assert_eq!(
            fault.to_string(),
            format!(
                "jitter: a jitter of {max_ms} ms is out of range; allowed: 0 to 3600000 ms (1 hour)"
            )
        );
    }
}

fn any_trigger() -> impl Strategy<Value = Trigger> {
    let lines = vec!["* * * * *", "*/7 */5 * * *", "0 12 * * 1-5", "0 0 1 * *"];
    prop_oneof![
        3 => proptest::sample::select(lines).prop_map(cron),
        2 => (30_i128..200_000).prop_map(|every_s| interval(every_s, "2030-01-01T00:00:00Z")),
        1 => (1_i64..31).prop_map(date),
    ]
}

/// An instant of January 2030, to the millisecond.
fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
    (
        0_i64..31 * 86_400,
        proptest::sample::select(vec![0_i64, 0, 1, 999]),
    )
        .prop_map(|(s, ms)| {
            at("2030-01-01T00:00:00Z")
                + TimeDelta::seconds(s / 60 * 60)
                + TimeDelta::milliseconds(ms)
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_window_filters_the_fire_times(
        trigger in any_trigger(), bounds in any::<[bool; 2]>(),
        a in any_instant(), length_s in 0_i64..200_000, t in any_instant(), cap in 0_u64..200,
    ) {
        let b = a + TimeDelta::seconds(length_s);
        let start = bounds[0].then_some(a);
        let end = bounds[1].then_some(b);
        let schedule = Schedule::new(trigger.clone(), start, end, None).unwrap();
        // Plainly: all fire times round the window, then those within.
        let horizon = b + TimeDelta::days(40);
        let all = std::iter::successors(
            trigger.next_after(at("2029-12-31T23:59:59Z")), |last| trigger.next_after(*last));
        let wanted: Vec<_> = all
            .take_while(|fire_at| *fire_at <= horizon)
            .filter(|fire_at| start.is_none_or(|start| *fire_at >= start))
            .take_while(|fire_at| end.is_none_or(|end| *fire_at <= end))
            .collect();
        let is_date = schedule.kind() == TriggerKind::Date;
        prop_assert_eq!(schedule.next_after(t), wanted.iter().find(|at| **at > t).copied());
        let resumed = wanted.iter().find(|at| is_date || **at >= t).copied();
        prop_assert_eq!(schedule.next_at_or_after(t), resumed);
        prop_assert_eq!(schedule.first_fire_at(t), resumed);
        prop_assert_eq!(schedule.never_fires(t).is_none(), resumed.is_some());
        if let Some(first) = wanted.first() {
            let counted = wanted.iter().filter(|at| **at <= t).take(cap as usize).collect::<Vec<_>>();
            let last = counted.last().map_or(*first, |last| **last);
            prop_assert_eq!(schedule.count_between(*first, t, cap), (counted.len() as u64, last));
        }
        let json = serde_json::to_string(&schedule).unwrap();
        prop_assert_eq!(serde_json::from_str::<Schedule>(&json).unwrap(), schedule);
    }

    #[test]
    fn delays_keep_their_bounds(job_id in ".{1,20}", max_ms in 0_i64..=3_600_000, fire_at in any_instant()) {
        let schedule = jittered(max_ms);
        let offset_ms = schedule.offset_ms(&job_id, fire_at);
        prop_assert!((0..=max_ms).contains(&offset_ms));
        prop_assert_eq!(schedule.offset_ms(&job_id, fire_at), offset_ms);
    }
}
