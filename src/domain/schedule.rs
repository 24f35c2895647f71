//! A schedule: a trigger, the window it may fire in, and a jitter.
//!
//! As pure as the trigger: no clock, and nothing about misfires or pausing.
//! Invariant: the end is not before the start, and every fire time is one of the
//! trigger's and lies within the window. Jitter moves the sending, never the
//! fire time: that is what occurrences are planned, claimed and recorded by.

mod draft;
mod jitter;
mod previous;
#[cfg(test)]
mod tests;

use chrono::{DateTime, SecondsFormat, SubsecRound, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use self::draft::{ScheduleDraft, When};
pub use self::jitter::Jitter;
use super::trigger::{FieldFault, Trigger, TriggerKind};

/// When a job fires and is sent.
///
/// As JSON the object of the trigger with up to three keys more: `start` and
/// `end` (RFC 3339) and `jitter_ms`. Without options it is the trigger's own,
/// so what was stored as a [`Trigger`] reads as a schedule, and the other way
/// round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Schedule {
    trigger: Trigger,
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
    jitter: Option<Jitter>,
}

/// The stored form.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    trigger: Trigger,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    jitter_ms: Option<Jitter>,
}

impl Schedule {
    /// The trigger within `start..=end`, both inclusive and cut to milliseconds,
    /// in which fire times are stored. A jitter of 0 is none.
    ///
    /// The window does not move an interval's grid: for a first fire at `start`
    /// build the trigger with
    /// [`IntervalTrigger::of_parts`](super::trigger::IntervalTrigger::of_parts)
    /// and the same `start`.
    ///
    /// # Errors
    /// A fault of the field `end` when it lies before the start.
    pub fn new(
        trigger: Trigger,
        start: Option<DateTime<Utc>>,
        end: Option<DateTime<Utc>>,
        jitter: Option<Jitter>,
    ) -> Result<Self, Vec<FieldFault>> {
        let [start, end] = [start, end].map(|at| at.map(|at| at.trunc_subsecs(3)));
        if let (Some(start), Some(end)) = (start, end)
            && end < start
        {
            return Err(vec![end_before_start(start, end)]);
        }
        Ok(Self {
            trigger,
            start,
            end,
            jitter: jitter.filter(|jitter| jitter.max_ms() > 0),
        })
    }

    /// The trigger, which knows nothing of the window.
    #[must_use]
    pub fn trigger(&self) -> &Trigger {
        &self.trigger
    }

    /// The earliest instant that can be a fire time.
    #[must_use]
    pub fn start(&self) -> Option<DateTime<Utc>> {
        self.start
    }

    /// The last instant that can be a fire time; a jitter may send after it.
    #[must_use]
    pub fn end(&self) -> Option<DateTime<Utc>> {
        self.end
    }

    /// How much later occurrences are sent, if they are.
    #[must_use]
    pub fn jitter(&self) -> Option<Jitter> {
        self.jitter
    }

    /// See [`Trigger::kind`].
    #[must_use]
    pub fn kind(&self) -> TriggerKind {
        self.trigger.kind()
    }

    /// See [`Trigger::first_fire_at`]; within the window.
    #[must_use]
    pub fn first_fire_at(&self, added_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.within(self.first_from_start(added_at))
    }

    /// See [`Trigger::next_after`]; within the window.
    #[must_use]
    pub fn next_after(&self, t: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let next = match self.start.filter(|start| *start > t) {
            Some(start) => self.trigger.next_at_or_after(start),
            None => self.trigger.next_after(t),
        };
        self.within(next)
    }

    /// See [`Trigger::next_at_or_after`]; within the window.
    ///
    /// A date gives its instant even when that is past, if it lies in the window.
    #[must_use]
    pub fn next_at_or_after(&self, t: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let next = match self.start.filter(|start| *start > t) {
            Some(start) => self.trigger.next_at_or_after(start),
            None => self.trigger.next_at_or_after(t),
        };
        self.within(next)
    }

    /// See [`Trigger::count_between`]; `from` must be a fire time of the schedule.
    #[must_use]
    pub fn count_between(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        cap: u64,
    ) -> (u64, DateTime<Utc>) {
        let to = self.end.map_or(to, |end| to.min(end));
        self.trigger.count_between(from, to, cap)
    }

    /// The first fire time of the trigger that the end cuts off.
    #[must_use]
    pub fn first_after_end(&self) -> Option<DateTime<Utc>> {
        self.end.and_then(|end| self.trigger.next_after(end))
    }

    /// Why a job added at this instant would never fire; `None` when it will.
    ///
    /// The past is no reason: a date before `added_at` is within the window or
    /// not, as any other.
    #[must_use]
    pub fn never_fires(&self, added_at: DateTime<Utc>) -> Option<String> {
        let first = self.first_from_start(added_at);
        if self.within(first).is_some() {
            return None;
        }
        let from = self.start.map_or(added_at, |start| start.max(added_at));
        let end = self.end.map_or_else(|| "none".to_owned(), shown);
        Some(match (&self.trigger, first) {
            (Trigger::Date(_), Some(at)) => {
                format!("the date {} lies after the end, {end}", shown(at))
            }
            (Trigger::Date(date), None) => {
                let start = self.start.map_or_else(|| "none".to_owned(), shown);
                let at = shown(date.at());
                format!("the date {at} lies before the start, {start}")
            }
            (Trigger::Interval(_) | Trigger::Cron(_), Some(first)) => {
                let first = shown(first);
                format!("the first fire time, {first}, lies after the end, {end}")
            }
            (Trigger::Interval(_), None) => {
                "the first fire time would lie after year 9999".to_owned()
            }
            (Trigger::Cron(_), None) => {
                let from = shown(from);
                format!("the cron fields match no date and time from {from} on")
            }
        })
    }

    /// How much later than `fire_at` this occurrence is sent: 0 to the jitter, in
    /// milliseconds, the same whoever asks; 0 without a jitter.
    #[must_use]
    pub fn offset_ms(&self, job_id: &str, fire_at: DateTime<Utc>) -> i64 {
        self.jitter
            .map_or(0, |jitter| jitter.offset_ms(job_id, fire_at))
    }

    /// The instant this occurrence is sent at: `fire_at` and its offset.
    ///
    /// It may lie after the end, and, when the jitter is longer than the distance
    /// of fire times, after the sending of a later occurrence.
    #[must_use]
    pub fn send_at(&self, job_id: &str, fire_at: DateTime<Utc>) -> DateTime<Utc> {
        let offset = TimeDelta::milliseconds(self.offset_ms(job_id, fire_at));
        fire_at.checked_add_signed(offset).unwrap_or(fire_at)
    }

    /// The first fire time in a window without an end.
    fn first_from_start(&self, added_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let first = self.trigger.first_fire_at(added_at)?;
        let first = match self.start.filter(|start| first < *start) {
            Some(start) => self.trigger.next_at_or_after(start),
            None => Some(first),
        };
        self.not_before_start(first)
    }

    fn within(&self, fire_at: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        self.not_before_start(fire_at)
            .filter(|fire_at| self.end.is_none_or(|end| *fire_at <= end))
    }

    /// A date answers with its instant even when that is before the start.
    fn not_before_start(&self, fire_at: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        fire_at.filter(|fire_at| self.start.is_none_or(|start| *fire_at >= start))
    }
}

impl From<Trigger> for Schedule {
    fn from(trigger: Trigger) -> Self {
        Self {
            trigger,
            start: None,
            end: None,
            jitter: None,
        }
    }
}

impl TryFrom<Stored> for Schedule {
    type Error = String;

    fn try_from(stored: Stored) -> Result<Self, String> {
        Self::new(stored.trigger, stored.start, stored.end, stored.jitter_ms).map_err(|faults| {
            let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
            lines.join("; ")
        })
    }
}

impl From<Schedule> for Stored {
    fn from(schedule: Schedule) -> Self {
        Self {
            trigger: schedule.trigger,
            start: schedule.start,
            end: schedule.end,
            jitter_ms: schedule.jitter,
        }
    }
}

fn end_before_start(start: DateTime<Utc>, end: DateTime<Utc>) -> FieldFault {
    let (start, end) = (shown(start), shown(end));
    FieldFault {
        field: "end",
        message: format!(
            "the end, {end}, lies before the start, {start}; allowed: the start or later"
        ),
        value: end,
    }
}

fn shown(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
