//! Schedules and their warnings in words, English and Chinese.
//!
//! The words are composed of parts told from the numbers that the fields name,
//! not from how they were written: `0,15,30,45` is every 15 minutes, as `*/15`
//! is. Invariant: each sentence is true of every fire time, whatever the fields;
//! what has no form of its own is listed.

mod en;
mod shape;
#[cfg(test)]
mod tests;
mod times;
mod warnings;
mod zh;

use chrono::{DateTime, Offset, Timelike, Utc};

use super::schedule::Schedule;
use super::trigger::Trigger;
use super::words::Words;
use super::zone::Zone;

/// What a schedule does: when, in which zone, in which window, how much later.
#[must_use]
pub fn describe(schedule: &Schedule) -> Words {
    Words {
        en: en::schedule(schedule),
        zh: zh::schedule(schedule),
    }
}

/// The zone in which the instants of a schedule are told.
#[must_use]
pub fn zone_of(schedule: &Schedule) -> Zone {
    match schedule.trigger() {
        Trigger::Cron(cron) => cron.zone(),
        Trigger::Date(_) | Trigger::Interval(_) => Zone::UTC,
    }
}

/// An instant by the wall clock of a zone, with its offset: no finer than it is.
fn instant(at: DateTime<Utc>, zone: Zone) -> String {
    let local = at.with_timezone(&zone.tz());
    let format = match (at.timestamp_subsec_millis(), local.second()) {
        (0, 0) => "%Y-%m-%d %H:%M",
        (0, _) => "%Y-%m-%d %H:%M:%S",
        _ => "%Y-%m-%d %H:%M:%S%.3f",
    };
    let offset = match local.offset().fix().local_minus_utc() {
        0 => "UTC".to_owned(),
        _ => local.format("%:z").to_string(),
    };
    format!("{} {offset}", local.format(format))
}

/// Times of day, in seconds since midnight, all as fine as the finest of them.
fn clocks(times_s: &[u32]) -> Vec<String> {
    let fine = times_s.iter().any(|s| s % 60 > 0);
    let shown = |s: &u32| {
        let clock = format!("{:02}:{:02}", s / 3600, s / 60 % 60);
        match fine {
            true => format!("{clock}:{:02}", s % 60),
            false => clock,
        }
    };
    times_s.iter().map(shown).collect()
}

/// How much of each unit a distance has, large ones first, as (amount, unit).
fn amounts<'u>(seconds: i64, units: &[&'u str; 5]) -> Vec<(i64, &'u str)> {
    let mut left = seconds;
    let mut amounts = Vec::new();
    for (unit_s, unit) in [604_800, 86_400, 3_600, 60, 1].into_iter().zip(units) {
        if left >= unit_s {
            amounts.push((left / unit_s, *unit));
            left %= unit_s;
        }
    }
    amounts
}
