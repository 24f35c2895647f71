//! Cron triggers round the offset changes of every zone.

use std::collections::HashSet;

use chrono::{DateTime, Offset, TimeDelta, Timelike, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::{at, cron_in, fire_times};

/// The instants (whole seconds) at which the offset of a zone changes.
pub(super) fn offset_changes(
    zone: Tz,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Vec<DateTime<Utc>> {
    let offset = |unix_s: i64| {
        let at = DateTime::from_timestamp(unix_s, 0).unwrap();
        Offset::fix(at.with_timezone(&zone).offset())
    };
    let step_s = 12 * 3600;
    let mut changes = Vec::new();
    let (mut left, mut old) = (from.timestamp(), offset(from.timestamp()));
    while left < to.timestamp() {
        let new = offset(left + step_s);
        if new != old {
            let (mut low, mut high) = (left, left + step_s);
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                if offset(middle) == old {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            changes.push(DateTime::from_timestamp(high, 0).unwrap());
        }
        (left, old) = (left + step_s, new);
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

pub(super) type Hit = fn(u32, u32) -> bool;

pub(super) const ROUND_THE_CHANGES: [(&str, Hit); 4] = [
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
    let mut seen = HashSet::new();
    for tz in TZ_VARIANTS {
        let changes = offset_changes(tz, from, to);
        let offsets: Vec<i32> = changes
            .iter()
            .map(|at| Offset::fix(at.with_timezone(&tz).offset()).local_minus_utc())
            .collect();
        // Many names share their changes: each shape is walked once.
        for (change, offset) in changes.into_iter().zip(offsets) {
            let before = change - TimeDelta::seconds(1);
            let old = Offset::fix(before.with_timezone(&tz).offset()).local_minus_utc();
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
    let (from, to) = (change - TimeDelta::days(2), change + TimeDelta::days(2));
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
