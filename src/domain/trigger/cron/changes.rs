//! The nights in which a zone moves its clocks over a time that a cron matches.

use chrono::{DateTime, NaiveDateTime, Offset, TimeDelta, Utc};

use super::CronTrigger;

/// How far ahead is looked, in days: each zone that moves its clocks by a rule
/// does so within a year.
const DAYS_AHEAD: i64 = 400;

/// A change of the clocks that concerns a cron.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockChange {
    /// The instant of the change.
    pub at: DateTime<Utc>,
    /// Whether wall clocks are skipped; else they are repeated.
    pub is_gap: bool,
    /// The first wall clock that matches and is skipped, or repeated.
    pub wall: NaiveDateTime,
    /// By how much the clocks are moved.
    pub by: TimeDelta,
}

impl CronTrigger {
    /// The first gap and the first fold within 400 days of `from` that swallow
    /// or repeat a wall clock which matches. Looks at one offset a day.
    #[must_use]
    pub fn clock_changes(&self, from: DateTime<Utc>) -> Vec<ClockChange> {
        let mut found: Vec<ClockChange> = Vec::new();
        for day in 0..DAYS_AHEAD {
            let begin = from.checked_add_signed(TimeDelta::days(day));
            let end = from.checked_add_signed(TimeDelta::days(day + 1));
            let (Some(begin), Some(end)) = (begin, end) else {
                break;
            };
            let Some(change) = self.change_between(begin, end) else {
                continue;
            };
            if !found.iter().any(|known| known.is_gap == change.is_gap) {
                found.push(change);
            }
        }
        found
    }

    /// The change of offset within a day, if a match lies in it.
    fn change_between(&self, begin: DateTime<Utc>, end: DateTime<Utc>) -> Option<ClockChange> {
        let (old, new) = (self.offset_s(begin), self.offset_s(end));
        if old == new {
            return None;
        }
        let (mut before_s, mut after_s) = (begin.timestamp(), end.timestamp());
        while after_s - before_s > 1 {
            let middle_s = before_s + (after_s - before_s) / 2;
            match self.offset_s(DateTime::from_timestamp(middle_s, 0)?) == old {
                true => before_s = middle_s,
                false => after_s = middle_s,
            }
        }
        let at = DateTime::from_timestamp(after_s, 0)?;
        let local = |offset_s| {
            at.naive_utc()
                .checked_add_signed(TimeDelta::seconds(offset_s))
        };
        let (was, is) = (local(old)?, local(new)?);
        let (first, last) = (was.min(is), was.max(is));
        let wall = self.pattern.next(first).filter(|wall| *wall < last)?;
        Some(ClockChange {
            at,
            is_gap: new > old,
            wall,
            by: TimeDelta::seconds((new - old).abs()),
        })
    }

    fn offset_s(&self, at: DateTime<Utc>) -> i64 {
        let local = at.with_timezone(&self.zone.tz());
        local.offset().fix().local_minus_utc().into()
    }
}
