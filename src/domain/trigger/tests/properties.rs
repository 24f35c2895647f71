//! Properties of triggers, checked against the plain implementation.

use chrono::{DateTime, SubsecRound, TimeDelta, TimeZone, Utc};
use proptest::prelude::*;

use super::plain::{plain_fire_times, plainly_matches};
use super::*;

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

pub(in crate::domain) fn any_fields() -> impl Strategy<Value = CronFields> {
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
pub(super) fn dense_fields() -> impl Strategy<Value = CronFields> {
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

pub(in crate::domain) fn any_zone() -> impl Strategy<Value = Zone> {
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

pub(in crate::domain) fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
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
    fn interval_with_a_start_fires_on_its_grid(
        weeks in 0_i128..3, days in -20_i128..20, seconds in 2_000_000_i128..4_000_000,
        start in any_instant(), added_at in any_instant(),
    ) {
        let spec = IntervalSpec {
            weeks: Some(weeks), days: Some(days), seconds: Some(seconds), ..IntervalSpec::default()
        };
        let interval = IntervalTrigger::of_parts(spec, added_at, Some(start)).unwrap();
        let every = TimeDelta::seconds(interval.every_s());
        prop_assert_eq!(i128::from(interval.every_s()), weeks * 604_800 + days * 86_400 + seconds);
        let start = start.trunc_subsecs(3);
        // By walking from the start.
        let mut first = start;
        while first < added_at {
            first += every;
        }
        prop_assert_eq!(interval.first_at(), first);
        let plain = IntervalTrigger::of_parts(spec, added_at, None).unwrap();
        let whole = i64::try_from(weeks * 604_800 + days * 86_400 + seconds).unwrap();
        prop_assert_eq!(plain, IntervalTrigger::new(None, None, Some(whole.into()), added_at).unwrap());
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
