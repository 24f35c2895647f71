//! From wall clocks to instants: the next fire time in a zone.
//!
//! The exact rule: every real instant at a whole second whose wall clock
//! matches. Gaps hold no instant; the wall clocks of a fold come twice, the
//! second pass after the whole first one. Invariant: the result is never
//! before the start, so repeated searches advance strictly in UTC.
//!
//! Known limit: the zone data lists its changes up to the year 2099; later
//! years keep the offset of that end.

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};

use super::calendar::Pattern;
use crate::domain::trigger::LAST_INSTANT;

/// 1969-12-30T00:00:00Z: no zone has reached 1970, the first year that matches.
const EARLIEST_S: i64 = -2 * 86_400;

/// The first fire time at or after the instant `start_s` (unix seconds).
pub(super) fn first_from(pattern: &Pattern, zone: Tz, start_s: i64) -> Option<DateTime<Utc>> {
    let mut start = DateTime::from_timestamp(start_s.max(EARLIEST_S), 0)?;
    loop {
        if start > LAST_INSTANT {
            return None;
        }
        let wall = start.with_timezone(&zone).naive_local();
        let found = first_existing(pattern, zone, wall, start);
        // In the first pass of a fold the wall clock will go back below `wall`,
        // which the forward search cannot see: beyond the jump search anew.
        match jump_back(zone, wall, start) {
            Some(jump) if found.is_none_or(|found| found >= jump) => start = jump,
            _ => return found.filter(|found| *found <= LAST_INSTANT),
        }
    }
}

/// The first instant from `start` on whose wall clock matches and is at or
/// after `wall`, the wall clock at `start`.
fn first_existing(
    pattern: &Pattern,
    zone: Tz,
    wall: NaiveDateTime,
    start: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let mut from = wall;
    loop {
        let matching = pattern.next(from)?;
        let (early, late) = match zone.from_local_datetime(&matching) {
            MappedLocalTime::Single(only) => (only, only),
            MappedLocalTime::Ambiguous(early, late) => (early, late),
            MappedLocalTime::None => {
                from = end_of_gap(zone, matching)?;
                continue;
            }
        };
        let found = if early >= start { early } else { late };
        return Some(found.to_utc());
    }
}

/// The first wall clock after the gap that swallows `wall`.
fn end_of_gap(zone: Tz, wall: NaiveDateTime) -> Option<NaiveDateTime> {
    GapInfo::new(&wall, &zone)
        .and_then(|gap| gap.end)
        .map(|end| end.naive_local())
        .filter(|end| *end > wall)
        // A gap whose end is itself repeated: feel the way through it.
        .or_else(|| wall.checked_add_signed(TimeDelta::seconds(1)))
}

/// If `start` lies in the first pass of a fold: the instant the clock goes back.
fn jump_back(zone: Tz, wall: NaiveDateTime, start: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let MappedLocalTime::Ambiguous(early, late) = zone.from_local_datetime(&wall) else {
        return None;
    };
    if early != start {
        return None;
    }
    // The one change between the two passes, by halving.
    let offset_at = |unix_s: i64| {
        DateTime::from_timestamp(unix_s, 0).map(|at| at.with_timezone(&zone).offset().fix())
    };
    let (mut before_s, mut after_s) = (early.timestamp(), late.timestamp());
    let old = offset_at(before_s)?;
    while after_s - before_s > 1 {
        let middle_s = before_s + (after_s - before_s) / 2;
        if offset_at(middle_s)? == old {
            before_s = middle_s;
        } else {
            after_s = middle_s;
        }
    }
    DateTime::from_timestamp(after_s, 0)
}
