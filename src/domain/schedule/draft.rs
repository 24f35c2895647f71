//! A schedule as a client describes it, before it has a phase.
//!
//! Invariant: describing the same again keeps the phase of an interval, so that
//! a service may put its jobs at each start without moving them.

use chrono::{DateTime, Utc};

use super::{Jitter, Schedule};
use crate::domain::trigger::{
    CronFields, CronTrigger, DateTrigger, DstRule, FieldFault, IntervalSpec, IntervalTrigger,
    Trigger,
};
use crate::domain::zone::Zone;

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleDraft {
    /// The trigger.
    pub when: When,
    /// The earliest instant that can be a fire time.
    pub start: Option<DateTime<Utc>>,
    /// The last one.
    pub end: Option<DateTime<Utc>>,
    /// How much later occurrences may be sent.
    pub jitter: Option<Jitter>,
}

/// A trigger, as a client describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// Once.
    Date(DateTime<Utc>),
    /// At equal distances.
    Interval(IntervalSpec),
    /// Whenever the wall clock of the zone matches.
    Cron {
        /// The eight fields.
        fields: CronFields,
        /// Whose wall clock.
        zone: Zone,
        /// What happens where it is moved.
        dst: DstRule,
    },
}

impl ScheduleDraft {
    /// The schedule of a job added at this instant; if it asks for what `current`
    /// already does, `current` itself.
    ///
    /// # Errors
    /// Every fault, by the name of its field.
    pub fn build(
        &self,
        added_at: DateTime<Utc>,
        current: Option<&Schedule>,
    ) -> Result<Schedule, Vec<FieldFault>> {
        let trigger = self.trigger(added_at)?;
        let fresh = Schedule::new(trigger, self.start, self.end, self.jitter)?;
        Ok(match current {
            Some(current) => fresh.in_phase_of(current),
            None => fresh,
        })
    }

    fn trigger(&self, added_at: DateTime<Utc>) -> Result<Trigger, Vec<FieldFault>> {
        Ok(match &self.when {
            When::Date(at) => Trigger::Date(DateTrigger::at_instant(*at)?),
            When::Interval(spec) => {
                Trigger::Interval(IntervalTrigger::of_parts(*spec, added_at, self.start)?)
            }
            When::Cron { fields, zone, dst } => {
                Trigger::Cron(CronTrigger::new(fields, *zone)?.with_dst(*dst))
            }
        })
    }
}

impl Schedule {
    /// This schedule on the grid of `current`, if both are intervals of the same
    /// distance and start.
    fn in_phase_of(self, current: &Self) -> Self {
        match (&self.trigger, &current.trigger) {
            (Trigger::Interval(fresh), Trigger::Interval(known))
                if fresh.every_s() == known.every_s() && self.start == current.start =>
            {
                Self {
                    trigger: current.trigger.clone(),
                    ..self
                }
            }
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn minutes(minutes: i128) -> ScheduleDraft {
        ScheduleDraft {
            when: When::Interval(IntervalSpec {
                minutes: Some(minutes),
                ..IntervalSpec::default()
            }),
            start: None,
            end: None,
            jitter: None,
        }
    }

    #[test]
    fn the_same_interval_keeps_its_phase() {
        let added = at("2030-01-01T00:00:10Z");
        let later = added + TimeDelta::minutes(7);
        let first = minutes(5).build(added, None).unwrap();
        let again = minutes(5).build(later, Some(&first)).unwrap();
        assert_eq!(again, first);
        let with_end = ScheduleDraft {
            end: Some(at("2031-01-01T00:00:00Z")),
            ..minutes(5)
        };
        let bounded = with_end.build(later, Some(&first)).unwrap();
        assert_eq!(bounded.trigger(), first.trigger());
        let other = minutes(6).build(later, Some(&first)).unwrap();
        assert_eq!(
            other.first_fire_at(later),
            Some(later + TimeDelta::minutes(6))
        );
        let anchored = ScheduleDraft {
            start: Some(at("2030-01-01T00:00:00Z")),
            ..minutes(5)
        };
        let moved = anchored.build(later, Some(&first)).unwrap();
        assert_eq!(moved.first_fire_at(later), Some(at("2030-01-01T00:10:00Z")));
        assert_eq!(anchored.build(added, Some(&moved)).unwrap(), moved);
    }
}
