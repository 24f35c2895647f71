//! What the fields of a cron name, as numbers: for those who put it in words.
//!
//! Invariant: told from the pattern that is searched, so it cannot differ from
//! what fires.

use super::CronTrigger;
use super::calendar::{Bits, FIRST_YEAR};

/// The numbers that each field names, ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// `None`: all.
    pub years: Option<Vec<u32>>,
    /// 1 to 12.
    pub months: Vec<u32>,
    /// The days of a month.
    pub days: NamedDays,
    /// ISO weeks, 1 to 53; `None`: all.
    pub weeks: Option<Vec<u32>>,
    /// 0 is Monday.
    pub weekdays: Vec<u32>,
    /// 0 to 23.
    pub hours: Vec<u32>,
    /// 0 to 59.
    pub minutes: Vec<u32>,
    /// 0 to 59.
    pub seconds: Vec<u32>,
}

/// The days of a month that a field names; one of these is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedDays {
    /// 1 to 31.
    pub numbers: Vec<u32>,
    /// A position, 1 to 5, and a weekday, 0 is Monday.
    pub nth: Vec<(u32, u32)>,
    /// Weekdays at their last place in the month.
    pub last_weekdays: Vec<u32>,
    /// The last day.
    pub last_day: bool,
}

impl NamedDays {
    /// Whether every day of a month is named.
    #[must_use]
    pub fn are_all(&self) -> bool {
        self.numbers.len() == 31
    }
}

impl Named {
    /// Whether the weekdays restrict anything.
    #[must_use]
    pub fn any_weekday(&self) -> bool {
        self.weekdays.len() == 7
    }

    /// Whether it fires in each hour.
    #[must_use]
    pub fn every_hour(&self) -> bool {
        self.hours.len() == 24
    }
}

impl CronTrigger {
    /// What the fields name, as numbers.
    #[must_use]
    pub fn named(&self) -> Named {
        let pattern = &self.pattern;
        let years = pattern.years.as_ref().map(|years| {
            let all = (FIRST_YEAR.unsigned_abs()..).zip(years);
            all.filter(|(_, on)| **on).map(|(year, _)| year).collect()
        });
        let nth = (1..).zip(pattern.days.nth);
        Named {
            years,
            months: members(pattern.months),
            days: NamedDays {
                numbers: members(pattern.days.numbers),
                nth: nth
                    .flat_map(|(position, on)| members(on).into_iter().map(move |d| (position, d)))
                    .collect(),
                last_weekdays: members(pattern.days.last_weekdays),
                last_day: pattern.days.last_day,
            },
            weeks: pattern.weeks.map(members),
            weekdays: members(pattern.weekdays),
            hours: members(pattern.hours),
            minutes: members(pattern.minutes),
            seconds: members(pattern.seconds),
        }
    }
}

fn members(bits: Bits) -> Vec<u32> {
    (0..64).filter(|n| bits.0 >> n & 1 == 1).collect()
}
