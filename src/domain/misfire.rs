//! What becomes of a job that falls due: (trigger, next fire time, now) → what
//! to fire, and what is not fired and why.
//!
//! Defaults are the inherited ones (APScheduler): date and cron have 60 s of
//! grace, an interval has none to lose; of several that are overdue the last
//! stands for all.

use chrono::{DateTime, TimeDelta, Utc};

use super::occurrence::{OccurrenceState, Reason};
use super::trigger::{Trigger, TriggerKind};

/// How many fire times of a cron one plan counts, at most, so that a plan takes
/// a bounded time. What is left is planned next.
const CRON_CAP: u64 = 10_000;

/// How late an occurrence may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grace(Option<TimeDelta>);

impl Grace {
    /// The inherited grace of a trigger kind.
    #[must_use]
    pub fn inherited(kind: TriggerKind) -> Self {
        Self(match kind {
            TriggerKind::Date | TriggerKind::Cron => Some(TimeDelta::seconds(60)),
            TriggerKind::Interval => None,
        })
    }

    /// The earliest fire time that may still be sent at `now`.
    fn cutoff(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.0.and_then(|grace| now.checked_sub_signed(grace))
    }
}

/// Fire times in a row that are not fired, for one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFired {
    /// The first of them.
    pub first: DateTime<Utc>,
    /// The last of them.
    pub last: DateTime<Utc>,
    /// How many.
    pub count: u64,
    /// `Missed` or `Coalesced`.
    pub state: OccurrenceState,
    /// Why.
    pub reason: Option<Reason>,
    /// For `Coalesced`: the fire time that stands for them.
    pub into: Option<DateTime<Utc>>,
}

/// What becomes of a due job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Overdue fire times that are not fired.
    pub not_fired: Vec<NotFired>,
    /// The fire time to claim.
    pub fire: Option<DateTime<Utc>>,
    /// The job's next fire time after all these; `None`: the trigger ended.
    pub next: Option<DateTime<Utc>>,
}

/// Plans a job whose next fire time is `due`, with the inherited rules.
#[must_use]
pub fn plan(trigger: &Trigger, due: DateTime<Utc>, now: DateTime<Utc>) -> Plan {
    let mut plan = Plan::default();
    if due > now {
        plan.fire = Some(due);
        plan.next = trigger.next_after(due);
        return plan;
    }
    let mut first = due;
    let cutoff = Grace::inherited(trigger.kind()).cutoff(now);
    if let Some(cutoff) = cutoff.filter(|cutoff| due < *cutoff) {
        match plan.miss(trigger, due, cutoff) {
            Some(next) if (cutoff..=now).contains(&next) => first = next,
            // Nothing within the grace, or the cap was met before it: what
            // comes next is planned when it is due, or at once.
            next => {
                plan.next = next;
                return plan;
            }
        }
    }
    plan.coalesce(trigger, first, now);
    plan
}

/// Whether an occurrence that was claimed, not sent and given back may still
/// be fired at `now`: it is not later than the grace of its job.
#[must_use]
pub fn may_still_fire(trigger: &Trigger, fire_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    Grace::inherited(trigger.kind())
        .cutoff(now)
        .is_none_or(|cutoff| fire_at >= cutoff)
}

impl Plan {
    /// Records what lies before `cutoff` as missed; answers with the fire
    /// time after it.
    fn miss(
        &mut self,
        trigger: &Trigger,
        due: DateTime<Utc>,
        cutoff: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let until = cutoff - TimeDelta::milliseconds(1);
        let (count, last) = trigger.count_between(due, until, cap(trigger));
        self.not_fired.push(NotFired {
            first: due,
            last,
            count,
            state: OccurrenceState::Missed,
            reason: Some(Reason::Grace),
            into: None,
        });
        trigger.next_after(last)
    }

    /// Fires the last of what is overdue since `first`; it stands for the
    /// others.
    fn coalesce(&mut self, trigger: &Trigger, first: DateTime<Utc>, now: DateTime<Utc>) {
        let (count, last) = trigger.count_between(first, now, cap(trigger));
        let next = trigger.next_after(last);
        let capped = next.is_some_and(|next| next <= now);
        self.next = next;
        if capped {
            self.not_fired.push(coalesced(first, last, count, next));
            return;
        }
        if count > 1 {
            let until = last - TimeDelta::milliseconds(1);
            let (count, before) = trigger.count_between(first, until, cap(trigger));
            self.not_fired
                .push(coalesced(first, before, count, Some(last)));
        }
        self.fire = Some(last);
    }
}

/// An interval counts any number at once.
fn cap(trigger: &Trigger) -> u64 {
    match trigger.kind() {
        TriggerKind::Cron => CRON_CAP,
        TriggerKind::Date | TriggerKind::Interval => u64::MAX,
    }
}

fn coalesced(
    first: DateTime<Utc>,
    last: DateTime<Utc>,
    count: u64,
    into: Option<DateTime<Utc>>,
) -> NotFired {
    NotFired {
        first,
        last,
        count,
        state: OccurrenceState::Coalesced,
        reason: None,
        into,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::trigger::{CronFields, CronTrigger, DateTrigger, IntervalTrigger};
    use crate::domain::zone::Zone;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2030-01-01T{text}Z").parse().unwrap()
    }

    fn every_second() -> Trigger {
        let added = at("00:00:00") - TimeDelta::seconds(1);
        let trigger = IntervalTrigger::new(None, None, Some(1), added).unwrap();
        Trigger::Interval(trigger)
    }

    fn cron(minute: &str, second: &str) -> Trigger {
        let fields = CronFields {
            minute: minute.into(),
            second: second.into(),
            ..CronFields::default()
        };
        Trigger::Cron(CronTrigger::new(&fields, Zone::default()).unwrap())
    }

    fn date() -> Trigger {
        Trigger::Date(DateTrigger::new(2030, 1, 1, 12, 0, 0).unwrap())
    }

    fn row(n: &NotFired) -> (DateTime<Utc>, DateTime<Utc>, u64, OccurrenceState) {
        (n.first, n.last, n.count, n.state)
    }

    #[test]
    fn what_is_not_due_yet_is_fired_and_nothing_is_lost() {
        let planned = plan(&every_second(), at("10:00:00"), at("09:59:59.200"));
        assert_eq!(planned.fire, Some(at("10:00:00")));
        assert_eq!(planned.next, Some(at("10:00:01")));
        assert!(planned.not_fired.is_empty());
    }

    #[test]
    fn a_date_is_fired_within_its_grace_and_missed_after_it() {
        let due = at("12:00:00");
        let in_time = plan(&date(), due, at("12:01:00"));
        assert_eq!((in_time.fire, in_time.next), (Some(due), None));
        let late = plan(&date(), due, at("12:01:00.001"));
        assert_eq!((late.fire, late.next), (None, None));
        let rows: Vec<_> = late.not_fired.iter().map(row).collect();
        assert_eq!(rows, [(due, due, 1, OccurrenceState::Missed)]);
    }

    #[test]
    fn of_overdue_crons_the_last_within_the_grace_is_fired() {
        let planned = plan(&cron("*", "*/20"), at("10:00:00"), at("10:03:05"));
        assert_eq!(planned.fire, Some(at("10:03:00")));
        assert_eq!(planned.next, Some(at("10:03:20")));
        let rows: Vec<_> = planned.not_fired.iter().map(row).collect();
        assert_eq!(
            rows,
            [
                // 10:02:05 is the last moment beyond 60 s of grace.
                (at("10:00:00"), at("10:02:00"), 7, OccurrenceState::Missed),
                (
                    at("10:02:20"),
                    at("10:02:40"),
                    2,
                    OccurrenceState::Coalesced
                ),
            ]
        );
        assert_eq!(planned.not_fired[1].into, Some(at("10:03:00")));
    }

    #[test]
    fn a_cron_with_nothing_within_the_grace_goes_on_with_the_next() {
        let planned = plan(&cron("0", "0"), at("10:00:00"), at("12:30:00"));
        assert_eq!((planned.fire, planned.next), (None, Some(at("13:00:00"))));
        let rows: Vec<_> = planned.not_fired.iter().map(row).collect();
        let missed = (at("10:00:00"), at("12:00:00"), 3, OccurrenceState::Missed);
        assert_eq!(rows, [missed]);
    }

    #[test]
    fn an_interval_catches_up_with_one_however_late() {
        let due = at("00:00:00");
        let now = due + TimeDelta::days(365);
        let planned = plan(&every_second(), due, now);
        assert_eq!(planned.fire, Some(now));
        assert_eq!(planned.next, Some(now + TimeDelta::seconds(1)));
        let n = &planned.not_fired[0];
        assert_eq!((n.count, n.first), (365 * 86_400, due));
        assert_eq!(n.last, now - TimeDelta::seconds(1));
    }

    #[test]
    fn a_long_downtime_is_planned_in_bounded_steps() {
        let trigger = cron("*", "*/1");
        let (mut due, now) = (at("00:00:00"), at("23:00:00"));
        let mut counted = 0;
        let fired = loop {
            let planned = plan(&trigger, due, now);
            counted += planned.not_fired.iter().map(|n| n.count).sum::<u64>();
            due = planned.next.unwrap();
            if let Some(fired) = planned.fire {
                break fired;
            }
        };
        assert_eq!(fired, now);
        assert_eq!(counted, 23 * 3_600, "each fire time is accounted for");
    }

    #[test]
    fn a_claim_given_back_may_fire_within_its_grace() {
        let due = at("12:00:00");
        assert!(may_still_fire(&date(), due, at("12:01:00")));
        assert!(!may_still_fire(&date(), due, at("12:01:00.001")));
        assert!(may_still_fire(&every_second(), due, at("23:00:00")));
    }
}
