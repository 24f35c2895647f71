//! What becomes of a job that falls due: (schedule, policies, next fire time,
//! now) → what to fire, and what is not fired and why.
//!
//! Defaults are the inherited ones (APScheduler): date and cron have 60 s of
//! grace, an interval has none to lose; of several that are overdue the last
//! stands for all. What lies before a job's `pause_until` is settled first: it
//! is skipped as it falls due, however late it is found, and neither grace nor
//! catch-up sees it.

#[cfg(test)]
mod tests;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::occurrence::{OccurrenceState, Reason};
use super::policy::{CatchUp, Policies};
use super::schedule::Schedule;
use super::trigger::TriggerKind;

/// How many fire times of a cron one plan counts, at most, so that a plan takes
/// a bounded time. What is left is planned next.
const CRON_CAP: u64 = 10_000;
/// How far a fire time may have passed and still count as on time where nothing
/// is caught up: a busy moment is no downtime.
const ON_TIME: TimeDelta = TimeDelta::seconds(1);

/// Fire times in a row that are not fired, for one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFired {
    /// The first of them.
    pub first: DateTime<Utc>,
    /// The last of them.
    pub last: DateTime<Utc>,
    /// How many.
    pub count: u64,
    /// `Skipped`, `Missed` or `Coalesced`.
    pub state: OccurrenceState,
    /// Why.
    pub reason: Option<Reason>,
    /// For `Coalesced`: the fire time that stands for them.
    pub into: Option<DateTime<Utc>>,
}

impl NotFired {
    /// The same without those at its beginning that are `known` to have come to an end
    /// of their own, as after the clock was set back; `None`: all are.
    #[must_use]
    pub fn unless(
        mut self,
        schedule: &Schedule,
        known: impl Fn(DateTime<Utc>) -> bool,
    ) -> Option<Self> {
        while known(self.first) {
            let next = schedule.next_after(self.first)?;
            if self.count <= 1 || next > self.last {
                return None;
            }
            self.first = next;
            self.count -= 1;
        }
        Some(self)
    }
}

/// What becomes of a due job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Due fire times that are not fired.
    pub not_fired: Vec<NotFired>,
    /// The fire times to claim, ascending: at most one, unless all overdue
    /// ones are caught up.
    pub fires: Vec<DateTime<Utc>>,
    /// The job's next fire time after all these; `None`: the trigger ended.
    pub next: Option<DateTime<Utc>>,
}

/// Plans a job whose next fire time is `due`. With the last fire time before the
/// end of its schedule goes a row for the first one that the end cuts off, so
/// that it is on record why the job fires no more.
#[must_use]
pub fn plan(
    schedule: &Schedule,
    policies: &Policies,
    due: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Plan {
    let mut plan = plan_due(schedule, policies, due, now);
    let cut_off = schedule.first_after_end().filter(|_| plan.next.is_none());
    plan.not_fired.extend(cut_off.map(|at| NotFired {
        first: at,
        last: at,
        count: 1,
        state: OccurrenceState::Skipped,
        reason: Some(Reason::Ended),
        into: None,
    }));
    plan
}

fn plan_due(
    schedule: &Schedule,
    policies: &Policies,
    due: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Plan {
    let mut plan = Plan {
        next: Some(due),
        ..Plan::default()
    };
    match policies.pause_until {
        Some(until) if due < until => {
            plan.skip_before(schedule, until, due.max(now));
            // The pause goes on, or the cap was met within it.
            if plan.next.is_some_and(|next| next < until) {
                return plan;
            }
        }
        _ if due > now => {
            plan.fires.push(due);
            plan.next = schedule.next_after(due);
            return plan;
        }
        _ => {}
    }
    if let Some(cutoff) = policies.cutoff(schedule.kind(), now) {
        plan.miss_before(schedule, cutoff, Reason::Grace);
    }
    if policies.catch_up == CatchUp::None {
        plan.miss_before(schedule, now - ON_TIME, Reason::NoCatchUp);
    }
    // Nothing may be left, or the cap was met on the way: what comes next is
    // planned when it is due, or at once.
    match plan.next {
        Some(first) if first <= now => match policies.catch_up {
            CatchUp::None | CatchUp::Latest => plan.fire_last(schedule, first, now, 1),
            CatchUp::All(most) => plan.fire_last(schedule, first, now, most.max(1).into()),
        },
        _ => {}
    }
    plan
}

/// Whether an occurrence that was claimed, not sent and given back may still
/// be fired at `now`: it is not later than the grace of its job.
#[must_use]
pub fn may_still_fire(
    schedule: &Schedule,
    policies: &Policies,
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> bool {
    let cutoff = policies.cutoff(schedule.kind(), now);
    cutoff.is_none_or(|cutoff| due_at >= cutoff)
}

/// Whether a further attempt at an occurrence may still be made at `now`, by whoever
/// took it over: within the grace of its job after it was due, and within the deadline
/// of the retries after its fire time.
#[must_use]
pub fn may_be_tried_again(
    schedule: &Schedule,
    policies: &Policies,
    (fire_at, due_at): (DateTime<Utc>, DateTime<Utc>),
    now: DateTime<Utc>,
) -> bool {
    let deadline_ms = policies.retry.as_ref().and_then(|retry| retry.deadline_ms);
    let since_ms = u64::try_from((now - fire_at).num_milliseconds()).unwrap_or_default();
    may_still_fire(schedule, policies, due_at, now)
        && deadline_ms.is_none_or(|deadline| since_ms <= deadline)
}

/// What was due before an instant and not planned yet, from the fire time `first`
/// on, when the job is paused, replaced or removed then: skipped, so that it is on
/// record.
#[must_use]
pub fn given_up(
    schedule: &Schedule,
    first: DateTime<Utc>,
    before: DateTime<Utc>,
    reason: Reason,
) -> Vec<NotFired> {
    let mut plan = Plan {
        next: Some(first),
        ..Plan::default()
    };
    while plan.next.is_some_and(|next| next < before) {
        let why = (OccurrenceState::Skipped, reason);
        plan.pass_over(schedule, last_before(before), why);
    }
    plan.not_fired
}

impl Plan {
    /// Skips what lies before the end of the pause and falls due up to `due`.
    fn skip_before(&mut self, schedule: &Schedule, until: DateTime<Utc>, due: DateTime<Utc>) {
        let last = due.min(last_before(until));
        let why = (OccurrenceState::Skipped, Reason::PauseUntil);
        self.pass_over(schedule, last, why);
    }

    /// Records as missed what lies before `cutoff`.
    fn miss_before(&mut self, schedule: &Schedule, cutoff: DateTime<Utc>, reason: Reason) {
        let why = (OccurrenceState::Missed, reason);
        self.pass_over(schedule, last_before(cutoff), why);
    }

    /// Records what is due up to `last` as not fired, as far as the cap allows.
    fn pass_over(
        &mut self,
        schedule: &Schedule,
        last: DateTime<Utc>,
        (state, reason): (OccurrenceState, Reason),
    ) {
        let Some(first) = self.next.filter(|first| *first <= last) else {
            return;
        };
        let (count, last) = schedule.count_between(first, last, cap(schedule));
        self.not_fired.push(NotFired {
            first,
            last,
            count,
            state,
            reason: Some(reason),
            into: None,
        });
        self.next = schedule.next_after(last);
    }

    /// Fires the last `most` of what is overdue since `first`; the first of
    /// these stands for those before it.
    fn fire_last(
        &mut self,
        schedule: &Schedule,
        first: DateTime<Utc>,
        now: DateTime<Utc>,
        most: u64,
    ) {
        let (count, last) = schedule.count_between(first, now, cap(schedule));
        self.next = schedule.next_after(last);
        if self.next.is_some_and(|next| next <= now) {
            self.not_fired
                .push(coalesced(first, last, count, self.next));
            return;
        }
        let mut fire = first;
        let skipped = count.saturating_sub(most);
        if skipped > 0 {
            let (_, before) = schedule.count_between(first, now, skipped);
            fire = schedule.next_after(before).unwrap_or(last);
            self.not_fired
                .push(coalesced(first, before, skipped, Some(fire)));
        }
        self.fires.push(fire);
        while let Some(next) = schedule.next_after(fire).filter(|next| *next <= last) {
            self.fires.push(next);
            fire = next;
        }
    }
}

/// The last instant before `at` that can be a fire time: a whole millisecond.
fn last_before(at: DateTime<Utc>) -> DateTime<Utc> {
    (at - TimeDelta::nanoseconds(1)).trunc_subsecs(3)
}

/// An interval counts any number at once.
fn cap(schedule: &Schedule) -> u64 {
    match schedule.kind() {
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
