//! From wall clocks to instants: the next fire time in a zone.
//!
//! The exact rule: every real instant at a whole second whose wall clock
//! matches. Gaps hold no instant; the wall clocks of a fold come twice, the
//! second pass after the whole first one. A [`DstRule`] may leave out one pass of
//! a fold and add instants for the wall clocks of a gap. Invariant: the result is
//! never before the start, so repeated searches advance strictly in UTC.
//!
//! Known limit: the zone data lists its changes up to the year 2099; later
//! years keep the offset of that end.

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};

use super::calendar::Pattern;
use super::dst::{DstRule, Fold, Gap};
use crate::domain::trigger::LAST_INSTANT;

/// 1969-12-30T00:00:00Z: no zone has reached 1970, the first year that matches.
const EARLIEST_S: i64 = -2 * 86_400;

/// No gap is longer, and no zone changes twice within it (a test walks all zones).
const LONGEST_GAP: TimeDelta = TimeDelta::days(1);

/// The first fire time at or after the instant `start_s` (unix seconds).
pub(super) fn first_from(
    pattern: &Pattern,
    zone: Tz,
    dst: DstRule,
    start_s: i64,
) -> Option<DateTime<Utc>> {
    let mut start = DateTime::from_timestamp(start_s.max(EARLIEST_S), 0)?;
    loop {
        if start > LAST_INSTANT {
            return None;
        }
        let wall = start.with_timezone(&zone).naive_local();
        let ahead = first_ahead(pattern, zone, dst, wall, start);
        let found = match dst.gap {
            Gap::Skip => ahead,
            Gap::Shift => earlier(ahead, shifted_past(pattern, zone, start)),
        };
        // In the first pass of a fold the wall clock will go back below `wall`,
        // which the forward search cannot see: beyond the jump search anew.
        match jump_back(zone, wall, start) {
            Some(jump) if found.is_none_or(|found| found >= jump) => start = jump,
            _ => return found.filter(|found| *found <= LAST_INSTANT),
        }
    }
}

/// The first instant from `start` on whose wall clock matches and is at or
/// after `wall`, the wall clock at `start`; of gaps ahead what the rule makes
/// of them.
fn first_ahead(
    pattern: &Pattern,
    zone: Tz,
    dst: DstRule,
    wall: NaiveDateTime,
    start: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let mut from = wall;
    let mut shifted = None;
    loop {
        let Some(matching) = pattern.next(from) else {
            return shifted;
        };
        from = match zone.from_local_datetime(&matching) {
            MappedLocalTime::Single(only) => return earlier(shifted, Some(only.to_utc())),
            MappedLocalTime::Ambiguous(early, late) => {
                let (early, late) = (early.to_utc(), late.to_utc());
                if let Some(found) = firing_pass(dst.fold, early, late, start) {
                    return earlier(shifted, Some(found));
                }
                end_of_fold(zone, early, late, matching)?
            }
            // What a later gap adds comes after what this one adds.
            MappedLocalTime::None if shifted.is_some() => return shifted,
            MappedLocalTime::None => {
                if dst.gap == Gap::Shift {
                    shifted = shifted_out(zone, matching).filter(|at| *at >= start);
                }
                end_of_gap(zone, matching)?
            }
        };
    }
}

fn earlier(left: Option<DateTime<Utc>>, right: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    left.into_iter().chain(right).min()
}

/// Which pass of a repeated wall clock fires next, at or after `start`.
fn firing_pass(
    fold: Fold,
    early: DateTime<Utc>,
    late: DateTime<Utc>,
    start: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    match fold {
        Fold::Both => Some(if early >= start { early } else { late }),
        Fold::First => Some(early).filter(|early| *early >= start),
        Fold::Second => Some(late),
    }
}

/// The first instant from `start` on that a gap behind it adds: just after a
/// gap its wall clocks are still to come.
fn shifted_past(pattern: &Pattern, zone: Tz, start: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let day_before = start.checked_sub_signed(LONGEST_GAP)?;
    let old = day_before.with_timezone(&zone).offset().fix();
    let new = start.with_timezone(&zone).offset().fix();
    if old.local_minus_utc() >= new.local_minus_utc() {
        return None;
    }
    let skipped = start.naive_utc().checked_add_offset(old)?;
    if !is_in_gap(zone, skipped) {
        return None;
    }
    // A match beyond the gap is not shifted, or by a later gap and then too late
    // to be the first.
    shifted_out(zone, pattern.next(skipped)?).filter(|at| *at >= start)
}

fn is_in_gap(zone: Tz, wall: NaiveDateTime) -> bool {
    matches!(zone.from_local_datetime(&wall), MappedLocalTime::None)
}

/// The wall clock in a gap, read with the offset before the gap; `None` outside gaps.
fn shifted_out(zone: Tz, skipped: NaiveDateTime) -> Option<DateTime<Utc>> {
    let (_, old) = GapInfo::new(&skipped, &zone)?.begin?;
    let at = skipped.checked_sub_offset(old.fix())?;
    Some(at.and_utc())
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
    change_between(zone, early.to_utc(), late.to_utc())
}

/// The first wall clock after the fold that repeats `wall` at these two instants.
fn end_of_fold(
    zone: Tz,
    early: DateTime<Utc>,
    late: DateTime<Utc>,
    wall: NaiveDateTime,
) -> Option<NaiveDateTime> {
    let old = early.with_timezone(&zone).offset().fix();
    change_between(zone, early, late)
        .and_then(|jump| jump.naive_utc().checked_add_offset(old))
        .filter(|end| *end > wall)
        .or_else(|| wall.checked_add_signed(TimeDelta::seconds(1)))
}

/// The one change of offset after `early` and up to `late`, by halving.
fn change_between(zone: Tz, early: DateTime<Utc>, late: DateTime<Utc>) -> Option<DateTime<Utc>> {
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
