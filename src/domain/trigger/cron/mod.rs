//! The `cron` trigger: wall-clock patterns with the semantics of `APScheduler`.
//!
//! Here the eight fields become one trigger; `grammar` reads one item, `field`
//! one field, `calendar` matches wall clocks, `search` carries matches into a zone,
//! `dst` says what becomes of its gaps and folds, `line` reads a crontab line.
//! Invariant: the fields are those that were accepted, in canonical form.
//! Source: `APScheduler` 3.11.0, `apscheduler/triggers/cron`.

mod calendar;
mod changes;
mod dst;
mod field;
mod grammar;
mod line;
mod named;
mod search;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::changes::ClockChange;
pub use self::dst::{DstRule, Fold, Gap};
pub use self::line::Style;
pub use self::named::{Named, NamedDays};

use self::calendar::Pattern;
use self::field::Field;
use super::{FieldFault, in_one_line};
use crate::domain::zone::Zone;

/// The eight cron fields as text; `second` is "0" by default, all others "*".
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct CronFields {
    /// 1970 to 9999.
    pub year: String,
    /// 1 to 12 or jan to dec.
    pub month: String,
    /// 1 to 31, `last`, or a position and a weekday such as `2nd tue`.
    pub day: String,
    /// ISO week, 1 to 53.
    pub week: String,
    /// 0 (Monday) to 6 (Sunday) or mon to sun.
    pub day_of_week: String,
    /// 0 to 23.
    pub hour: String,
    /// 0 to 59.
    pub minute: String,
    /// 0 to 59.
    pub second: String,
}

impl Default for CronFields {
    fn default() -> Self {
        let any = || "*".to_owned();
        Self {
            year: any(),
            month: any(),
            day: any(),
            week: any(),
            day_of_week: any(),
            hour: any(),
            minute: any(),
            second: "0".to_owned(),
        }
    }
}

impl CronFields {
    /// The fields of which some are given, in the order year, month, day, week,
    /// `day_of_week`, hour, minute, second. Those finer than the finest given
    /// one are at their least; the others match anything.
    ///
    /// Source: `APScheduler`'s `CronTrigger`, so that `hour: "9"` means nine
    /// o'clock and not each second from nine to ten.
    #[must_use]
    pub fn of_given(given: [Option<String>; 8]) -> Self {
        const LEAST: [&str; 8] = ["*", "1", "1", "*", "*", "0", "0", "0"];
        let finest = given.iter().rposition(Option::is_some);
        let mut fields = given.into_iter().enumerate().map(|(place, text)| {
            let finer = finest.is_none_or(|finest| place > finest);
            text.unwrap_or_else(|| if finer { LEAST[place] } else { "*" }.to_owned())
        });
        let mut next = || fields.next().unwrap_or_default();
        Self {
            year: next(),
            month: next(),
            day: next(),
            week: next(),
            day_of_week: next(),
            hour: next(),
            minute: next(),
            second: next(),
        }
    }
}

/// Fires at every whole second whose wall clock in the zone matches all fields.
///
/// `day` and `day_of_week` must both match. Wall clocks that a zone skips (gap)
/// do not fire, those it repeats (fold) fire twice, unless a [`DstRule`] says
/// otherwise:
///
/// ```
/// use schedule_server::domain::{trigger::{CronFields, CronTrigger}, zone::Zone};
///
/// let fields = CronFields { hour: "1".into(), minute: "30".into(), ..CronFields::default() };
/// let trigger = CronTrigger::new(&fields, Zone::parse("Europe/London").unwrap()).unwrap();
/// let first = trigger.next_after("2024-10-27T00:00:00Z".parse().unwrap()).unwrap();
/// let second = trigger.next_after(first).unwrap();
/// assert_eq!(first.to_rfc3339(), "2024-10-27T00:30:00+00:00"); // 01:30 summer time
/// assert_eq!(second.to_rfc3339(), "2024-10-27T01:30:00+00:00"); // 01:30 winter time
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct CronTrigger {
    canonical: Arc<CronFields>,
    zone: Zone,
    dst: DstRule,
    pattern: Pattern,
}

/// The stored form: the canonical fields, the zone by name, and the rule for
/// gaps and folds unless it is the default.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    fields: CronFields,
    #[serde(default)]
    zone: Zone,
    #[serde(default, skip_serializing_if = "DstRule::is_default")]
    dst: DstRule,
}

impl CronTrigger {
    /// The trigger of these fields.
    ///
    /// # Errors
    /// One fault per bad field, about its first bad item, in the order year,
    /// month, day, week, `day_of_week`, hour, minute, second. `value` is the field
    /// as given; the message starts with the words of the original library.
    pub fn new(fields: &CronFields, zone: Zone) -> Result<Self, Vec<FieldFault>> {
        let (mut read, mut faults) = (Vec::with_capacity(8), Vec::new());
        for (spec, text) in [
            (&field::YEAR, &fields.year),
            (&field::MONTH, &fields.month),
            (&field::DAY, &fields.day),
            (&field::WEEK, &fields.week),
            (&field::DAY_OF_WEEK, &fields.day_of_week),
            (&field::HOUR, &fields.hour),
            (&field::MINUTE, &fields.minute),
            (&field::SECOND, &fields.second),
        ] {
            match Field::parse(spec, text) {
                Ok(field) => read.push(field),
                Err(fault) => faults.push(fault),
            }
        }
        // Fewer than eight exactly when there is a fault.
        let read = <[Field; 8]>::try_from(read).map_err(|_| faults)?;
        Ok(Self {
            canonical: Arc::new(canonical(&read)),
            zone,
            dst: DstRule::default(),
            pattern: pattern(&read),
        })
    }

    /// As [`new`](Self::new), with the quirk of the inherited endpoint: a
    /// `second` of exactly "*" means "0".
    ///
    /// Source: the original service's `add_cron_job`; every second is `*/1` there.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn inherited(fields: &CronFields, zone: Zone) -> Result<Self, Vec<FieldFault>> {
        if fields.second != "*" {
            return Self::new(fields, zone);
        }
        let second = "0".to_owned();
        Self::new(
            &CronFields {
                second,
                ..fields.clone()
            },
            zone,
        )
    }

    /// The fields in canonical form: lower case, no leading zeros, no blanks
    /// save one after a position; the order of lists is kept.
    #[must_use]
    pub fn canonical(&self) -> &CronFields {
        &self.canonical
    }

    /// The zone whose wall clock is matched.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// The same trigger with another rule for gaps and folds.
    #[must_use]
    pub fn with_dst(self, dst: DstRule) -> Self {
        Self { dst, ..self }
    }

    /// The rule for gaps and folds.
    #[must_use]
    pub fn dst(&self) -> DstRule {
        self.dst
    }

    /// The first fire time strictly after `t`; `None` when it never fires again.
    #[must_use]
    pub fn next_after(&self, t: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.first_from(t.timestamp() + 1)
    }

    /// The first fire time at or after `t`; a fraction of a second is rounded up.
    #[must_use]
    pub fn next_at_or_after(&self, t: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let rounded_up = i64::from(t.timestamp_subsec_nanos() > 0);
        self.first_from(t.timestamp() + rounded_up)
    }

    fn first_from(&self, start_s: i64) -> Option<DateTime<Utc>> {
        search::first_from(&self.pattern, self.zone.tz(), self.dst, start_s)
    }

    /// See [`Trigger::count_between`](super::Trigger::count_between).
    pub(super) fn count_between(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        cap: u64,
    ) -> (u64, DateTime<Utc>) {
        let (mut counted, mut last) = (1, from);
        while counted < cap {
            match self.next_after(last) {
                Some(next) if next <= to => (counted, last) = (counted + 1, next),
                _ => break,
            }
        }
        (counted, last)
    }
}

/// How many years the searches of this thread have looked through.
#[cfg(test)]
pub(in crate::domain) fn years_searched() -> u64 {
    calendar::YEARS_SEARCHED.get()
}

fn canonical(fields: &[Field; 8]) -> CronFields {
    let [year, month, day, week, day_of_week, hour, minute, second] =
        fields.each_ref().map(Field::canonical);
    CronFields {
        year,
        month,
        day,
        week,
        day_of_week,
        hour,
        minute,
        second,
    }
}

fn pattern(fields: &[Field; 8]) -> Pattern {
    let [year, month, day, week, day_of_week, hour, minute, second] = fields;
    Pattern {
        years: year.years(),
        months: month.numbers(),
        days: day.days(),
        weeks: week.restricting_numbers(),
        weekdays: day_of_week.numbers(),
        hours: hour.numbers(),
        minutes: minute.numbers(),
        seconds: second.numbers(),
    }
}

impl TryFrom<Stored> for CronTrigger {
    type Error = String;

    fn try_from(stored: Stored) -> Result<Self, String> {
        Self::new(&stored.fields, stored.zone)
            .map(|trigger| trigger.with_dst(stored.dst))
            .map_err(|faults| in_one_line(&faults))
    }
}

impl From<CronTrigger> for Stored {
    fn from(trigger: CronTrigger) -> Self {
        Self {
            fields: Arc::unwrap_or_clone(trigger.canonical),
            zone: trigger.zone,
            dst: trigger.dst,
        }
    }
}
