//! Each warning, where it is due and where it is not.

use super::*;
use crate::domain::trigger::{CronFields, DateTrigger, DstRule, IntervalTrigger};
use crate::domain::upcoming::upcoming;

const NOW: &str = "2031-01-15T12:00:00Z";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn told(schedule: &Schedule, policies: &Policies) -> Vec<&'static str> {
    let now = at(NOW);
    let found = upcoming(schedule, policies, schedule.first_fire_at(now), now, 10);
    let all = warnings(schedule, policies, now, &found);
    for warning in &all {
        let text = warning.text(Zone::UTC);
        assert!(
            text.en.ends_with('.') && text.zh.ends_with('。'),
            "{text:?}"
        );
    }
    all.iter().map(Warning::code).collect()
}

/// Fields as `name=value`, apart by blanks; `_` is a blank.
fn cron(fields: &str, zone: &str, dst: DstRule) -> Schedule {
    let mut read = CronFields::default();
    for field in fields.split(' ').filter(|f| !f.is_empty()) {
        let (name, value) = field.split_once('=').unwrap();
        let value = value.replace('_', " ");
        match name {
            "year" => read.year = value,
            "month" => read.month = value,
            "day" => read.day = value,
            "week" => read.week = value,
            "weekday" => read.day_of_week = value,
            "hour" => read.hour = value,
            "minute" => read.minute = value,
            "second" => read.second = value,
            other => panic!("{other}"),
        }
    }
    let trigger = CronTrigger::new(&read, Zone::parse(zone).unwrap()).unwrap();
    Trigger::Cron(trigger.with_dst(dst)).into()
}

#[test]
fn warnings_of_crons() {
    let none: &[&str] = &[];
    for (fields, wanted) in [
        ("hour=9 minute=0", none),
        ("minute=*/15", none),
        ("month=2 day=30 hour=0 minute=0", &["never_fires"]),
        ("year=2020 hour=0 minute=0", &["never_fires"]),
        ("month=1 day=1 week=30 hour=0 minute=0", &["never_fires"]),
        ("day=31 hour=0 minute=0", &["rare_day"]),
        ("day=30 hour=0 minute=0", &["rare_day"]),
        ("day=29 hour=0 minute=0", &["rare_day"]),
        ("day=31 month=1,3 hour=0 minute=0", none),
        ("day=28,31 hour=0 minute=0", none),
        ("day=31,last hour=0 minute=0", none),
        ("day=5th_mon hour=0 minute=0", &["rare_day"]),
        ("day=5th_mon,last_mon hour=0 minute=0", none),
        ("month=2 day=29 hour=0 minute=0", &["rare_day", "long_gap"]),
        ("second=*/1", &["very_often"]),
        ("second=*/6", none),
        ("second=*/5", &["very_often"]),
        ("day=13 weekday=fri hour=0 minute=0", &["day_and_weekday"]),
        ("week=53 hour=0 minute=0", &["week_53", "long_gap"]),
        ("week=52,53 hour=0 minute=0", none),
        ("year=2031 month=12 day=24,25 hour=0 minute=0", &["ends"]),
        ("year=2035 hour=0 minute=0", &["long_gap"]),
    ] {
        let schedule = cron(fields, "UTC", DstRule::default());
        assert_eq!(told(&schedule, &Policies::default()), wanted, "{fields}");
    }
}

#[test]
fn warnings_of_nights() {
    let (skip, shift) = (Gap::Skip, Gap::Shift);
    let (both, first, second) = (Fold::Both, Fold::First, Fold::Second);
    let none: &[&str] = &[];
    for (fields, zone, gap, fold, wanted) in [
        (
            "hour=2 minute=30",
            "Europe/Berlin",
            skip,
            both,
            &["skipped_by_gap", "twice_in_fold"][..],
        ),
        (
            "hour=2 minute=30",
            "Europe/Berlin",
            shift,
            first,
            &["moved_by_gap"],
        ),
        (
            "hour=2 minute=30",
            "Europe/Berlin",
            skip,
            second,
            &["skipped_by_gap"],
        ),
        (
            "hour=1 minute=30",
            "America/New_York",
            skip,
            both,
            &["twice_in_fold"],
        ),
        ("hour=9 minute=0", "Europe/Berlin", skip, both, none),
        ("hour=2 minute=30", "Asia/Shanghai", skip, both, none),
        ("hour=2 minute=30", "UTC", skip, both, none),
        ("minute=*/15", "Europe/Berlin", skip, both, none),
        (
            "minute=*/15",
            "Europe/Berlin",
            shift,
            first,
            &["silent_in_fold"],
        ),
        (
            "hour=2 minute=30 weekday=mon-sat",
            "Europe/Berlin",
            skip,
            both,
            none,
        ),
        (
            "hour=1 minute=45",
            "Australia/Lord_Howe",
            skip,
            both,
            &["twice_in_fold"],
        ),
    ] {
        let schedule = cron(fields, zone, DstRule { gap, fold });
        let found = told(&schedule, &Policies::default());
        assert_eq!(found, wanted, "{fields} {zone} {gap:?} {fold:?}");
    }
}

/// In Berlin 02:30 is left out on 30 March 2031 and comes twice on 26 October.
#[test]
fn the_night_is_the_next_one() {
    let schedule = cron("hour=2 minute=30", "Europe/Berlin", DstRule::default());
    for (now, gap, fold) in [
        (
            "2031-01-15T12:00:00Z",
            "2031-03-30T02:30:00",
            "2031-10-26T02:30:00",
        ),
        (
            "2031-03-30T12:00:00Z",
            "2032-03-28T02:30:00",
            "2031-10-26T02:30:00",
        ),
    ] {
        let now = at(now);
        let Trigger::Cron(cron) = schedule.trigger() else {
            unreachable!()
        };
        let mut nights: Vec<_> = nights(&schedule, cron, &cron.named(), now)
            .into_iter()
            .map(|warning| match warning {
                Warning::SkippedByGap(night) => (true, night),
                Warning::TwiceInFold(night) => (false, night),
                other => panic!("{other:?}"),
            })
            .collect();
        nights.sort_by_key(|(is_gap, _)| !is_gap);
        let walls: Vec<String> = nights
            .iter()
            .map(|(_, night)| night.wall.format("%FT%T").to_string())
            .collect();
        assert_eq!(walls, [gap, fold]);
        assert!(nights.iter().all(|(_, night)| night.by_min == 60));
    }
}

#[test]
fn warnings_of_dates_intervals_and_windows() {
    let plain = Policies::default();
    let date = |text: &str, end: Option<&str>| {
        let trigger = Trigger::Date(DateTrigger::at_instant(at(text)).unwrap());
        Schedule::new(trigger, None, end.map(at), None).unwrap()
    };
    let none: [&str; 0] = [];
    assert_eq!(
        told(&date("2031-01-15T11:58:59Z", None), &plain),
        ["in_the_past"]
    );
    assert_eq!(told(&date("2031-01-15T11:59:30Z", None), &plain), none);
    assert_eq!(told(&date("2099-01-01T00:00:00Z", None), &plain), none);
    let late = date("2031-02-01T00:00:00Z", Some("2031-01-20T00:00:00Z"));
    assert_eq!(told(&late, &plain), ["never_fires"]);
    let paused = Policies {
        pause_until: Some(at("2031-03-01T00:00:00Z")),
        ..Policies::default()
    };
    assert_eq!(
        told(&date("2031-02-01T00:00:00Z", None), &paused),
        ["never_fires"]
    );
    let every = |seconds: i128, end: Option<&str>| {
        let trigger = IntervalTrigger::new(None, None, Some(seconds), at(NOW)).unwrap();
        Schedule::new(Trigger::Interval(trigger), None, end.map(at), None).unwrap()
    };
    assert_eq!(told(&every(5, None), &plain), ["very_often"]);
    assert_eq!(told(&every(6, None), &plain), none);
    assert_eq!(
        told(&every(3_600, Some("2031-01-15T14:30:00Z")), &plain),
        ["ends"]
    );
    assert_eq!(
        told(&every(3_600, Some("2031-02-15T14:30:00Z")), &plain),
        none
    );
    assert_eq!(
        told(&every(3_600, Some("2031-01-15T12:30:00Z")), &plain),
        ["never_fires"]
    );
    assert_eq!(told(&every(86_400 * 400, None), &plain), ["long_gap"]);
}
