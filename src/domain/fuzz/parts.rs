//! Dates, intervals, zones, windows and jitter.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::select;

use super::inputs::{field, instant, number, zone, zone_name};
use super::{Verdict, corpus, kept_in, quickly, replay};
use crate::domain::schedule::{Jitter, Schedule};
use crate::domain::trigger::{
    CronFields, CronTrigger, DateParts, DateTrigger, IntervalSpec, IntervalTrigger, LAST_INSTANT,
    Trigger,
};
use crate::domain::zone::Zone;

/// A part of an interval: small, huge, or so that sums overflow.
fn part() -> impl Strategy<Value = Option<i128>> {
    weighted(
        0.6,
        prop_oneof![
            5 => -100_i128..100_000,
            1 => any::<i128>(),
            1 => any::<i64>().prop_map(i128::from),
            1 => select(vec![i128::MIN, i128::MIN + 1, i128::MAX - 1, i128::MAX]),
        ],
    )
}

/// Any instant that the type has.
fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
    let far = -8_334_601_228_800_i64..8_210_266_876_800;
    let far = (far, 0_u32..1_000_000_000)
        .prop_map(|(unix_s, nanos)| DateTime::from_timestamp(unix_s, nanos).unwrap());
    prop_oneof![3 => instant(), 1 => far]
}

prop_compose! {
    fn spec()(
        weeks in part(), days in part(), hours in part(), minutes in part(), seconds in part(),
    ) -> IntervalSpec {
        IntervalSpec { weeks, days, hours, minutes, seconds }
    }
}

/// Any trigger that can be built.
fn trigger() -> impl Strategy<Value = Trigger> {
    let date = [number(), number(), number()].prop_filter_map("no date", |[year, month, day]| {
        let date = DateTrigger::new(
            year,
            month.rem_euclid(12) + 1,
            day.rem_euclid(28) + 1,
            0,
            0,
            0,
        );
        date.ok().map(Trigger::Date)
    });
    let interval = (1_i128..10_000_000_000, instant()).prop_filter_map("too far", |(s, at)| {
        let interval = IntervalTrigger::new(None, None, Some(s), at);
        interval.ok().map(Trigger::Interval)
    });
    let cron = (field(), zone()).prop_filter_map("no cron", |(hour, zone)| {
        let cron = CronTrigger::new(
            &CronFields {
                hour,
                ..CronFields::default()
            },
            zone,
        );
        cron.ok().map(Trigger::Cron)
    });
    prop_oneof![date, interval, cron]
}

fn check_interval(
    spec: IntervalSpec,
    added_at: DateTime<Utc>,
    start: Option<DateTime<Utc>>,
    t: DateTime<Utc>,
) -> Verdict {
    let given = [
        ("weeks", spec.weeks),
        ("days", spec.days),
        ("hours", spec.hours),
        ("minutes", spec.minutes),
        ("seconds", spec.seconds),
    ];
    let interval = match quickly(&spec, || IntervalTrigger::of_parts(spec, added_at, start))? {
        Ok(interval) => interval,
        Err(faults) => {
            prop_assert_eq!(faults.len(), 1);
            let told = &faults[0];
            let value = match (told.field, start) {
                ("start", Some(start)) => start.to_rfc3339(),
                _ => {
                    let part = given.iter().find(|(name, _)| *name == told.field);
                    part.expect("a part's name").1.unwrap_or(0).to_string()
                }
            };
            prop_assert_eq!(&told.value, &value);
            prop_assert!(told.message.contains("allowed: "));
            return Ok(());
        }
    };
    prop_assert!(interval.first_at() <= LAST_INSTANT);
    let grid_us = i128::from(interval.every_s()) * 1_000_000;
    let trigger = Trigger::Interval(interval.clone());
    if let Some(next) = trigger.next_after(t) {
        prop_assert!(next > t);
        let apart_us = next.timestamp_micros() - interval.first_at().timestamp_micros();
        prop_assert_eq!(i128::from(apart_us) % grid_us, 0);
        prop_assert_eq!(trigger.next_at_or_after(next), Some(next));
    }
    let (count, last) = trigger.count_between(interval.first_at(), t, 1_000);
    prop_assert!(count <= 1_000 && (count == 0 || last <= t));
    let json = serde_json::to_string(&trigger).unwrap();
    // The store keeps microseconds.
    let stored = serde_json::from_str::<Trigger>(&json).unwrap();
    prop_assert!(stored.first_fire_at(t).is_none_or(|first| first >= t));
    let stored_first = stored.first_fire_at(DateTime::UNIX_EPOCH).unwrap();
    prop_assert_eq!(
        stored_first.trunc_subsecs(6),
        trigger
            .first_fire_at(DateTime::UNIX_EPOCH)
            .unwrap()
            .trunc_subsecs(6)
    );
    prop_assert_eq!(serde_json::to_string(&stored).unwrap(), json);
    Ok(())
}

fn check_date(parts: DateParts) -> Verdict {
    let DateParts {
        year,
        month,
        day,
        hour,
        minute,
        second,
        millisecond,
    } = parts;
    let given = [
        ("year", year),
        ("month", month),
        ("day", day),
        ("hour", hour),
        ("minute", minute),
        ("second", second),
    ];
    let json = serde_json::to_string(&parts).unwrap();
    let stored = serde_json::from_str::<DateTrigger>(&json);
    prop_assert_eq!(
        stored.is_ok(),
        DateTrigger::new(year, month, day, hour, minute, second).is_ok()
            && (0..=999).contains(&millisecond)
    );
    let parts = DateParts {
        millisecond: 0,
        ..parts
    };
    match DateTrigger::new(year, month, day, hour, minute, second) {
        Ok(date) => {
            let shown =
                format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+00:00");
            prop_assert_eq!(date.at().to_rfc3339(), shown);
            prop_assert_eq!(date.parts(), parts);
            let json = serde_json::to_string(&date).unwrap();
            prop_assert_eq!(serde_json::from_str::<DateTrigger>(&json).unwrap(), date);
        }
        Err(faults) => {
            prop_assert!(!faults.is_empty());
            for told in faults {
                let part = given.iter().find(|(name, _)| *name == told.field);
                let value = part.expect("a part's name").1.to_string();
                prop_assert!(told.message.contains(&value), "{}", told);
                prop_assert_eq!(told.value, value);
            }
        }
    }
    Ok(())
}

fn check_zone(name: &str) -> Verdict {
    match quickly(&name, || Zone::parse(name))? {
        Ok(zone) => prop_assert_eq!(zone.name(), name),
        Err(unknown) => {
            prop_assert!(
                unknown.to_string().contains(&format!("{name:?}")),
                "{}",
                unknown
            );
            prop_assert_eq!(&unknown.given, name);
            prop_assert!(unknown.near.len() <= 3);
            prop_assert!(unknown.near.iter().all(|near| Zone::parse(near).is_ok()));
        }
    }
    Ok(())
}

fn check_window(schedule: &Schedule, t: DateTime<Utc>) -> Verdict {
    let mut fire_times = vec![schedule.first_fire_at(t), schedule.next_at_or_after(t)];
    let next = quickly(&(schedule, t), || schedule.next_after(t))?;
    prop_assert!(next.is_none_or(|next| next > t));
    fire_times.push(next);
    let max_ms = schedule.jitter().map_or(0, Jitter::max_ms);
    for fire_at in fire_times.into_iter().flatten() {
        prop_assert!(schedule.start().is_none_or(|start| fire_at >= start));
        prop_assert!(schedule.end().is_none_or(|end| fire_at <= end));
        let late = schedule.send_at("a b/ü", fire_at) - fire_at;
        prop_assert!((0..=i64::from(max_ms)).contains(&late.num_milliseconds()));
    }
    let never = quickly(&schedule, || schedule.never_fires(t))?;
    prop_assert_eq!(never.is_some(), schedule.first_fire_at(t).is_none());
    let json = serde_json::to_string(schedule).unwrap();
    let again = serde_json::from_str::<Schedule>(&json);
    prop_assert!(again.is_ok(), "{}: {:?}", json, again);
    prop_assert_eq!(serde_json::to_string(&again.unwrap()).unwrap(), json);
    Ok(())
}

#[test]
fn the_corpus_of_zones_holds() {
    replay(corpus!("zones"), check_zone);
}

proptest! {
    #![proptest_config(kept_in!("parts", 1))]

    #[test]
    fn any_interval(spec in spec(), added_at in instant(), start in of(any_instant()), t in instant()) {
        check_interval(spec, added_at, start, t)?;
    }

    #[test]
    fn any_date(parts in [number(), number(), number(), number(), number(), number(), number()], near: bool) {
        let [year, month, day, hour, minute, second, millisecond] = parts;
        let within = |part: i64, count| if near { part.rem_euclid(count) } else { part };
        check_date(DateParts {
            year,
            month: within(month, 14),
            day: within(day, 33),
            hour: within(hour, 25),
            minute: within(minute, 61),
            second: within(second, 61),
            millisecond: within(millisecond, 1001),
        })?;
    }

    #[test]
    fn any_text_as_a_zone(name in zone_name()) {
        check_zone(&name)?;
    }

    #[test]
    fn any_window(
        trigger in trigger(), start in of(any_instant()), end in of(any_instant()),
        jitter_ms in of(number()), t in any_instant(),
    ) {
        let jitter = match jitter_ms.map(Jitter::from_ms).transpose() {
            Ok(jitter) => jitter,
            Err(fault) => {
                prop_assert_eq!(fault.field, "jitter");
                prop_assert_eq!(fault.value, jitter_ms.unwrap().to_string());
                None
            }
        };
        match Schedule::new(trigger, start, end, jitter) {
            Ok(schedule) => check_window(&schedule, t)?,
            Err(faults) => {
                prop_assert_eq!(faults[0].field, "end");
                prop_assert!(end.unwrap() - start.unwrap() < TimeDelta::zero());
            }
        }
    }
}
