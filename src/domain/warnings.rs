//! What is easily overlooked in a schedule: facts, without words; `describe` has
//! those.
//!
//! Invariant: no rule of firing lives here. What is told is asked of the schedule
//! itself and of the fire times that were found.

#[cfg(test)]
mod tests;

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Utc};

use super::policy::Policies;
use super::schedule::Schedule;
use super::trigger::{CronTrigger, Fold, Gap, Named, Trigger, TriggerKind};
use super::upcoming::Upcoming;
use super::zone::Zone;

/// More fire times in a minute than this are very many.
const OFTEN: usize = 10;
/// A next fire time farther away than this is a long way off.
const LONG: TimeDelta = TimeDelta::days(366);

/// Something to know of a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// It never fires.
    NeverFires(Never),
    /// The date has passed by more than its grace.
    InThePast {
        /// The date.
        at: DateTime<Utc>,
        /// By so many seconds.
        ago_s: i64,
    },
    /// A wall clock that it names is skipped in that night: it does not fire.
    SkippedByGap(Night),
    /// The same, and it fires later that night.
    MovedByGap(Night),
    /// A wall clock that it names comes twice in that night: it fires twice.
    TwiceInFold(Night),
    /// It is silent for one pass of a repeated hour in that night.
    SilentInFold(Night),
    /// It names a day that not every month has.
    RareDay(Rare),
    /// It fires more than ten times a minute: so many at most.
    VeryOften(u32),
    /// It ends: the last fire time.
    Ends(DateTime<Utc>),
    /// Both a day of the month and a weekday must match.
    DayAndWeekday,
    /// The next fire time is more than a year away.
    LongGap(DateTime<Utc>),
    /// It fires only in ISO week 53, which most years lack; the next fire time.
    Week53(DateTime<Utc>),
}

/// Why a schedule never fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Never {
    /// The date lies before the start of the window.
    BeforeStart(DateTime<Utc>),
    /// The first fire time lies after the end of the window.
    AfterEnd(DateTime<Utc>),
    /// Nothing is left after the end of the pause.
    WithinPause(DateTime<Utc>),
    /// The first fire time lies after the year 9999.
    BeyondTime,
    /// No month named has the day.
    NoSuchDay {
        /// The least day of the month that is named.
        day: u32,
        /// The months, 1 to 12.
        months: Vec<u32>,
    },
    /// All years named have passed.
    YearsPassed(u32),
    /// The fields match no date and time together.
    NoMatch,
}

/// A night in which the clocks are moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Night {
    /// The wall clock concerned.
    pub wall: NaiveDateTime,
    /// By how much the clocks are moved, in minutes.
    pub by_min: i64,
    /// Whose clocks.
    pub zone: Zone,
}

/// A day that not every month has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rare {
    /// A day of the month, and the months that lack it always.
    Day {
        /// 29 to 31.
        day: u32,
        /// 1 to 12; empty: only February of most years.
        months: Vec<u32>,
    },
    /// The fifth of a weekday.
    Fifth,
}

impl Warning {
    /// The word of the API; it never changes its meaning.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NeverFires(_) => "never_fires",
            Self::InThePast { .. } => "in_the_past",
            Self::SkippedByGap(_) => "skipped_by_gap",
            Self::MovedByGap(_) => "moved_by_gap",
            Self::TwiceInFold(_) => "twice_in_fold",
            Self::SilentInFold(_) => "silent_in_fold",
            Self::RareDay(_) => "rare_day",
            Self::VeryOften(_) => "very_often",
            Self::Ends(_) => "ends",
            Self::DayAndWeekday => "day_and_weekday",
            Self::LongGap(_) => "long_gap",
            Self::Week53(_) => "week_53",
        }
    }
}

/// What to know of a schedule that is asked at `from` and fires as `found`.
///
/// Costs a bounded number of searches of the trigger, and one look at the offset
/// of the zone for each of 400 days.
#[must_use]
pub fn warnings(
    schedule: &Schedule,
    policies: &Policies,
    from: DateTime<Utc>,
    found: &Upcoming,
) -> Vec<Warning> {
    let Some(first) = found.fires.first().copied() else {
        return vec![why_never(schedule, policies, from)];
    };
    let mut told = Vec::new();
    if let Trigger::Cron(cron) = schedule.trigger() {
        let named = cron.named();
        told.extend(days(&named, first));
        told.extend(nights(schedule, cron, &named, from));
    }
    told.extend(very_often(schedule));
    let repeats = schedule.kind() != TriggerKind::Date;
    if repeats && first - from > LONG {
        told.push(Warning::LongGap(first));
    }
    let last = found.fires.last().filter(|_| found.next.is_none());
    told.extend(last.filter(|_| repeats).map(|last| Warning::Ends(*last)));
    told
}

fn why_never(schedule: &Schedule, policies: &Policies, from: DateTime<Utc>) -> Warning {
    if schedule.never_fires(from).is_some() {
        return Warning::NeverFires(never(schedule, from));
    }
    if let Some(until) = policies.pause_until.filter(|until| *until > from) {
        return Warning::NeverFires(Never::WithinPause(until));
    }
    match schedule.trigger() {
        Trigger::Date(date) => Warning::InThePast {
            at: date.at(),
            ago_s: (from - date.at()).num_seconds(),
        },
        Trigger::Interval(_) | Trigger::Cron(_) => Warning::NeverFires(never(schedule, from)),
    }
}

fn never(schedule: &Schedule, from: DateTime<Utc>) -> Never {
    let begin = schedule.start().map_or(from, |start| start.max(from));
    let cron = match schedule.trigger() {
        Trigger::Date(date) if schedule.end().is_some_and(|end| date.at() > end) => {
            return Never::AfterEnd(date.at());
        }
        Trigger::Date(date) => return Never::BeforeStart(date.at()),
        Trigger::Interval(interval) => {
            let first = interval.next_at_or_after(begin);
            return first.map_or(Never::BeyondTime, Never::AfterEnd);
        }
        Trigger::Cron(cron) => cron,
    };
    match cron.next_at_or_after(begin) {
        Some(first) => Never::AfterEnd(first),
        None => no_match(&cron.named(), begin),
    }
}

fn no_match(named: &Named, begin: DateTime<Utc>) -> Never {
    let lengths = named.months.iter().map(|month| longest(*month));
    let longest = lengths.max().unwrap_or_default();
    if let Some(day) = only_numbers(named).first().filter(|day| **day > longest) {
        return Never::NoSuchDay {
            day: *day,
            months: named.months.clone(),
        };
    }
    let last_year = named.years.as_ref().and_then(|years| years.last());
    match last_year {
        Some(year) if i64::from(*year) < i64::from(begin.year()) => Never::YearsPassed(*year),
        _ => Never::NoMatch,
    }
}

/// The days of the month, if nothing but numbers names days.
fn only_numbers(named: &Named) -> &[u32] {
    let days = &named.days;
    let others = days.last_day || !days.nth.is_empty() || !days.last_weekdays.is_empty();
    if others { &[] } else { &days.numbers }
}

/// How many days a month has at most.
fn longest(month: u32) -> u32 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days(named: &Named, first: DateTime<Utc>) -> Vec<Warning> {
    let mut told = Vec::new();
    if !named.days.are_all() && !named.any_weekday() {
        told.push(Warning::DayAndWeekday);
    }
    told.extend(rare_day(named).map(Warning::RareDay));
    if named.weeks.as_deref() == Some(&[53]) {
        told.push(Warning::Week53(first));
    }
    told
}

fn rare_day(named: &Named) -> Option<Rare> {
    let days = &named.days;
    let fifths = !days.nth.is_empty() && days.nth.iter().all(|(nth, _)| *nth == 5);
    if fifths && days.numbers.is_empty() && days.last_weekdays.is_empty() && !days.last_day {
        return Some(Rare::Fifth);
    }
    let day = *only_numbers(named).first()?;
    if day < 29 {
        return None;
    }
    let lacks = |month: &u32| longest(*month) < day;
    let months: Vec<u32> = named.months.iter().copied().filter(lacks).collect();
    let leap = day == 29 && named.months.contains(&2);
    (leap || !months.is_empty()).then_some(Rare::Day { day, months })
}

/// What becomes of it where the zone moves its clocks. One that fires in every
/// hour goes on evenly, unless a rule silences it.
fn nights(
    schedule: &Schedule,
    cron: &CronTrigger,
    named: &Named,
    from: DateTime<Utc>,
) -> Vec<Warning> {
    let begin = schedule.start().map_or(from, |start| start.max(from));
    let (dst, even) = (cron.dst(), named.every_hour());
    let mut told = Vec::new();
    for change in cron.clock_changes(begin) {
        if schedule.end().is_some_and(|end| change.at > end) {
            continue;
        }
        let night = Night {
            wall: change.wall,
            by_min: change.by.num_minutes(),
            zone: cron.zone(),
        };
        told.extend(match (change.is_gap, even) {
            (true, true) => None,
            (true, false) if dst.gap == Gap::Skip => Some(Warning::SkippedByGap(night)),
            (true, false) => Some(Warning::MovedByGap(night)),
            (false, true) if dst.fold != Fold::Both => Some(Warning::SilentInFold(night)),
            (false, false) if dst.fold == Fold::Both => Some(Warning::TwiceInFold(night)),
            (false, _) => None,
        });
    }
    told
}

fn very_often(schedule: &Schedule) -> Option<Warning> {
    let per_minute = match schedule.trigger() {
        Trigger::Date(_) => 0,
        Trigger::Interval(interval) => usize::try_from(60 / interval.every_s()).unwrap_or(0),
        Trigger::Cron(cron) => cron.named().seconds.len(),
    };
    let count = u32::try_from(per_minute).ok()?;
    (per_minute > OFTEN).then_some(Warning::VeryOften(count))
}
