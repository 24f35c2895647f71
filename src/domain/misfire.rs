//! What becomes of a job that falls due: (trigger, next fire time, now) → what
//! to fire, and what is not fired and why.
//!
//! Defaults are the inherited ones (APScheduler): date and cron have 60 s of
//! grace, an interval has none to lose; of several that are overdue the last
//! stands for all.

use chrono::{DateTime, TimeDelta, Utc};

use super::occurrence::{OccurrenceState, Reason};
use super::trigger::{Trigger, TriggerKind};

/// How many fire times one plan looks at, at most, so that a plan takes a
/// bounded time. What is left is planned next.
const PLAN_CAP: u64 = 10_000;

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
        let (count, last) = trigger.count_between(due, until, PLAN_CAP);
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
        let (count, last) = trigger.count_between(first, now, PLAN_CAP);
        let next = trigger.next_after(last);
        let capped = next.is_some_and(|next| next <= now);
        self.next = next;
        if capped {
            self.not_fired.push(coalesced(first, last, count, next));
            return;
        }
        if count > 1 {
            let until = last - TimeDelta::milliseconds(1);
            let (count, before) = trigger.count_between(first, until, PLAN_CAP);
            self.not_fired.push(coalesced(first, before, count, Some(last)));
        }
        self.fire = Some(last);
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
