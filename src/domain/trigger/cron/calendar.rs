//! Matching the calendar: which wall-clock time matches next.
//!
//! Pure bit arithmetic on the proleptic Gregorian calendar; knows no zone and
//! no instant. Invariant: every set but the days of a month has a member, so
//! a matching day always has a matching time.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};

/// The years a cron field can name; outside them nothing matches.
pub(super) const FIRST_YEAR: i32 = 1970;
/// See [`FIRST_YEAR`].
pub(super) const LAST_YEAR: i32 = 9999;

/// After so many years the calendar repeats, weekdays included.
const CALENDAR_CYCLE: i32 = 400;

const WEEK: u64 = 0x7f;

/// A set of numbers from 0 to 63, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Bits(pub(super) u64);

impl Bits {
    pub(super) fn insert(&mut self, number: u32) {
        self.0 |= 1 << number;
    }

    fn has(self, number: u32) -> bool {
        self.0 >> number & 1 == 1
    }

    /// The smallest member that is `from` (at most 63) or more.
    fn next(self, from: u32) -> Option<u32> {
        let rest = self.0 >> from << from;
        (rest != 0).then(|| rest.trailing_zeros())
    }

    /// The smallest member; 64 of an empty set.
    fn first(self) -> u32 {
        self.0.trailing_zeros()
    }
}

/// The days of a month: numbers, positions of weekdays, the last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Days {
    /// Bit 1 to 31.
    pub(super) numbers: Bits,
    /// For 1st to 5th the weekdays (bit 0 = Monday) wanted at that position.
    pub(super) nth: [Bits; 5],
    /// The weekdays wanted at their last occurrence in the month.
    pub(super) last_weekdays: Bits,
    /// Whether the last day of the month is wanted.
    pub(super) last_day: bool,
}

/// All eight fields, ready to match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Whether a year matches, from [`FIRST_YEAR`] on; `None` = all.
    pub(super) years: Option<Vec<bool>>,
    pub(super) months: Bits,
    pub(super) days: Days,
    /// ISO weeks, 1 to 53; `None` = all.
    pub(super) weeks: Option<Bits>,
    /// 0 = Monday.
    pub(super) weekdays: Bits,
    pub(super) hours: Bits,
    pub(super) minutes: Bits,
    pub(super) seconds: Bits,
}

#[cfg(test)]
thread_local! {
    /// How many years this thread has looked through, day sets and all: the unit
    /// of work of a search.
    pub(super) static YEARS_SEARCHED: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

impl Pattern {
    /// The first matching wall clock at or after `from` (whole seconds).
    ///
    /// `None` when there is none up to [`LAST_YEAR`]; for dates that never come
    /// that is known after one cycle of the calendar.
    pub(super) fn next(&self, from: NaiveDateTime) -> Option<NaiveDateTime> {
        if self.has_day(from.date())
            && let Some(time) = self.next_time(from.hour(), from.minute(), from.second())
        {
            return at(from.date(), time);
        }
        let day = self.next_day(from.date().succ_opt()?)?;
        at(
            day,
            (
                self.hours.first(),
                self.minutes.first(),
                self.seconds.first(),
            ),
        )
    }

    fn next_time(&self, hour: u32, minute: u32, second: u32) -> Option<(u32, u32, u32)> {
        if self.hours.has(hour) {
            if self.minutes.has(minute)
                && let Some(second) = self.seconds.next(second)
            {
                return Some((hour, minute, second));
            }
            if let Some(minute) = self.minutes.next(minute + 1) {
                return Some((hour, minute, self.seconds.first()));
            }
        }
        let hour = self.hours.next(hour + 1)?;
        Some((hour, self.minutes.first(), self.seconds.first()))
    }

    fn has_year(&self, year: i32) -> bool {
        (FIRST_YEAR..=LAST_YEAR).contains(&year)
            && self.years.as_ref().is_none_or(|years| {
                usize::try_from(year - FIRST_YEAR)
                    .ok()
                    .and_then(|index| years.get(index).copied())
                    .unwrap_or(false)
            })
    }

    fn has_day(&self, day: NaiveDate) -> bool {
        self.has_year(day.year())
            && self.months.has(day.month())
            && self.days_of(day.year(), day.month()).has(day.day())
    }

    /// The first matching day at or after `from`, whatever the time.
    fn next_day(&self, from: NaiveDate) -> Option<NaiveDate> {
        let horizon = match self.years {
            Some(_) => LAST_YEAR,
            None => from.year().saturating_add(CALENDAR_CYCLE).min(LAST_YEAR),
        };
        if self.has_year(from.year())
            && let Some(day) = self.next_day_of_year(from)
        {
            return Some(day);
        }
        let mut barren = Bits::default();
        for year in from.year() + 1..=horizon {
            if !self.has_year(year) {
                continue;
            }
            let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
            let kind = kind_of_year(first);
            if barren.has(kind) {
                continue;
            }
            match self.next_day_of_year(first) {
                Some(day) => return Some(day),
                None => barren.insert(kind),
            }
        }
        None
    }

    /// The first matching day of the same year at or after `from`.
    fn next_day_of_year(&self, from: NaiveDate) -> Option<NaiveDate> {
        #[cfg(test)]
        YEARS_SEARCHED.set(YEARS_SEARCHED.get() + 1);
        let mut first_day = from.day();
        let mut month = from.month();
        loop {
            let next = self.months.next(month)?;
            if next != month {
                first_day = 1;
            }
            if let Some(day) = self.days_of(from.year(), next).next(first_day) {
                return NaiveDate::from_ymd_opt(from.year(), next, day);
            }
            month = next + 1;
            first_day = 1;
        }
    }

    /// The matching days of a month, as bits 1 to 31.
    fn days_of(&self, year: i32, month: u32) -> Bits {
        let Some(first) = NaiveDate::from_ymd_opt(year, month, 1) else {
            return Bits::default();
        };
        let length = u32::from(first.num_days_in_month());
        let on = |weekdays: Bits| days_on(weekdays, first.weekday().num_days_from_monday());
        let mut days = self.days.numbers.0;
        for (week, weekdays) in (0_u32..).zip(self.days.nth) {
            days |= on(weekdays) & WEEK << (7 * week + 1);
        }
        days |= on(self.days.last_weekdays) & WEEK << (length - 6);
        days |= u64::from(self.days.last_day) << length;
        days &= on(self.weekdays) & ((1 << (length + 1)) - 1);
        match self.weeks {
            Some(weeks) => Bits(days & days_in_weeks(weeks, first)),
            None => Bits(days),
        }
    }
}

/// The days that fall on these weekdays, from bit 1 on, in a month that starts
/// on `first` (0 = Monday).
fn days_on(weekdays: Bits, first: u32) -> u64 {
    let from_first = (weekdays.0 >> first | weekdays.0 << (7 - first)) & WEEK;
    // The pattern of one week, five times in a row.
    (from_first << 1).wrapping_mul(1 | 1 << 7 | 1 << 14 | 1 << 21 | 1 << 28)
}

/// The days that lie in these ISO weeks, from bit 1 on.
fn days_in_weeks(weeks: Bits, first: NaiveDate) -> u64 {
    first
        .iter_days()
        .take(usize::from(first.num_days_in_month()))
        .filter(|day| weeks.has(day.iso_week().week()))
        .fold(0, |days, day| days | 1 << day.day())
}

/// A number from 0 to 63 that two years share only if all their dates have the
/// same weekday and the same ISO week.
fn kind_of_year(first: NaiveDate) -> u32 {
    let leap = u32::from(first.leap_year());
    let long_first_week = first.iso_week().week() == 53;
    first.weekday().num_days_from_monday() << 2 | leap << 1 | u32::from(long_first_week)
}

fn at(day: NaiveDate, (hour, minute, second): (u32, u32, u32)) -> Option<NaiveDateTime> {
    day.and_hms_opt(hour, minute, second)
}
