//! Triggers: the rule that says at which instants a job fires.
//!
//! Pure arithmetic on UTC instants: no clock, no I/O, and nothing about misfires
//! or pausing. Invariant: a [`Trigger`] can only be built valid, its fire times
//! rise strictly, and none lies after [`LAST_INSTANT`].

pub mod cron;
pub mod date;
pub mod interval;
#[cfg(test)]
pub(super) mod tests;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

pub use cron::{ClockChange, CronFields, CronTrigger, DstRule, Fold, Gap, Named, NamedDays, Style};
pub use date::{DateParts, DateTrigger};
pub use interval::{IntervalParts, IntervalSpec, IntervalTrigger};

/// The last instant that can be a fire time: 9999-12-31T23:59:59.999999Z.
///
/// Source: the original service, whose dates end there.
pub const LAST_INSTANT: DateTime<Utc> = {
    // invariant: 31 December 9999 and one microsecond before midnight both exist
    // (a wrong constant would fail to compile).
    let day = NaiveDate::from_ymd_opt(9999, 12, 31).expect("invariant");
    let time = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).expect("invariant");
    day.and_time(time).and_utc()
};

/// One thing wrong with one field of a trigger, in words for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct FieldFault {
    /// The field as the API names it, for example `day_of_week`.
    pub field: &'static str,
    /// The value as it was given.
    pub value: String,
    /// The rule that was broken and what is allowed.
    pub message: String,
}

/// The three kinds of trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TriggerKind {
    /// Fires once.
    Date,
    /// Fires at equal distances.
    Interval,
    /// Fires when the wall clock of a zone matches a pattern.
    Cron,
}

impl TriggerKind {
    /// The word used in the API and the store: `date`, `interval` or `cron`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Interval => "interval",
            Self::Cron => "cron",
        }
    }
}

/// When a job fires. As JSON an object whose `kind` tells the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Trigger {
    /// Once, at one instant.
    Date(DateTrigger),
    /// At first + k · interval.
    Interval(IntervalTrigger),
    /// Whenever the wall clock matches.
    Cron(CronTrigger),
}

impl Trigger {
    /// Which of the three kinds it is.
    #[must_use]
    pub fn kind(&self) -> TriggerKind {
        match self {
            Self::Date(_) => TriggerKind::Date,
            Self::Interval(_) => TriggerKind::Interval,
            Self::Cron(_) => TriggerKind::Cron,
        }
    }

    /// The first fire time of a job added at this instant.
    ///
    /// A date gives its instant even when that is past, the others their first
    /// fire time at or after `added_at`: an interval may keep the grid of one that
    /// began long ago. `None`: never fires.
    #[must_use]
    pub fn first_fire_at(&self, added_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::Date(date) => Some(date.at()),
            Self::Interval(interval) => interval.next_at_or_after(added_at),
            Self::Cron(cron) => cron.next_at_or_after(added_at),
        }
    }

    /// The first fire time strictly after `t`; `None` when there is none.
    #[must_use]
    pub fn next_after(&self, t: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::Date(date) => Some(date.at()).filter(|at| *at > t),
            Self::Interval(interval) => interval.next_after(t),
            Self::Cron(cron) => cron.next_after(t),
        }
    }

    /// The fire time a job resumed at `t` gets: the first at or after `t`.
    ///
    /// A date gives its instant always, even when that is past.
    /// Source: `APScheduler`'s `resume_job`, which asks as if nothing had fired.
    #[must_use]
    pub fn next_at_or_after(&self, t: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::Date(date) => Some(date.at()),
            Self::Interval(interval) => interval.next_at_or_after(t),
            Self::Cron(cron) => cron.next_at_or_after(t),
        }
    }

    /// How many fire times lie in `from..=to`, and the last one counted.
    ///
    /// `from` must itself be a fire time; it counts. At most `cap` are counted,
    /// the earliest ones. `(0, from)` when `to` lies before `from` or `cap` is 0.
    /// An interval answers at once, a cron after at most `cap` searches.
    #[must_use]
    pub fn count_between(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        cap: u64,
    ) -> (u64, DateTime<Utc>) {
        if to < from || cap == 0 {
            return (0, from);
        }
        match self {
            Self::Date(_) => (1, from),
            Self::Interval(interval) => interval.count_between(from, to, cap),
            Self::Cron(cron) => cron.count_between(from, to, cap),
        }
    }
}

/// The faults as one line, for the errors of deserialization.
fn in_one_line(faults: &[FieldFault]) -> String {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    lines.join("; ")
}
