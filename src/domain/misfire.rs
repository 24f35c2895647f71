//! What becomes of a job that falls due: (schedule, policies, next fire time,
//! now) → what to fire, and what is not fired and why.
//!
//! Defaults are the inherited ones (APScheduler): date and cron have 60 s of
//! grace, an interval has none to lose; of several that are overdue the last
//! stands for all.

use chrono::{DateTime, TimeDelta, Utc};

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
    /// The fire times to claim, ascending: at most one, unless all overdue
    /// ones are caught up.
    pub fires: Vec<DateTime<Utc>>,
    /// The job's next fire time after all these; `None`: the trigger ended.
    pub next: Option<DateTime<Utc>>,
}

/// Plans a job whose next fire time is `due`.
#[must_use]
pub fn plan(
    schedule: &Schedule,
    policies: &Policies,
    due: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Plan {
    let mut plan = Plan {
        next: Some(due),
        ..Plan::default()
    };
    if due > now {
        plan.fires.push(due);
        plan.next = schedule.next_after(due);
        return plan;
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

impl Plan {
    /// Records as missed what lies before `cutoff`.
    fn miss_before(&mut self, schedule: &Schedule, cutoff: DateTime<Utc>, reason: Reason) {
        let Some(first) = self.next.filter(|first| *first < cutoff) else {
            return;
        };
        let until = cutoff - TimeDelta::milliseconds(1);
        let (count, last) = schedule.count_between(first, until, cap(schedule));
        self.not_fired.push(NotFired {
            first,
            last,
            count,
            state: OccurrenceState::Missed,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::Grace;
    use crate::domain::trigger::{CronFields, CronTrigger, DateTrigger, IntervalTrigger, Trigger};
    use crate::domain::zone::Zone;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2030-01-01T{text}Z").parse().unwrap()
    }

    fn every_second() -> Schedule {
        let added = at("00:00:00") - TimeDelta::seconds(1);
        let trigger = IntervalTrigger::new(None, None, Some(1), added).unwrap();
        Trigger::Interval(trigger).into()
    }

    fn cron(minute: &str, second: &str) -> Schedule {
        let fields = CronFields {
            minute: minute.into(),
            second: second.into(),
            ..CronFields::default()
        };
        Trigger::Cron(CronTrigger::new(&fields, Zone::default()).unwrap()).into()
    }

    fn date() -> Schedule {
        Trigger::Date(DateTrigger::new(2030, 1, 1, 12, 0, 0).unwrap()).into()
    }

    /// Planned with the inherited policies.
    fn planned(trigger: &Schedule, due: DateTime<Utc>, now: DateTime<Utc>) -> Plan {
        plan(trigger, &Policies::default(), due, now)
    }

    fn row(n: &NotFired) -> (DateTime<Utc>, DateTime<Utc>, u64, OccurrenceState) {
        (n.first, n.last, n.count, n.state)
    }

    #[test]
    fn what_is_not_due_yet_is_fired_and_nothing_is_lost() {
        let plan = planned(&every_second(), at("10:00:00"), at("09:59:59.200"));
        assert_eq!(plan.fires, [at("10:00:00")]);
        assert_eq!(plan.next, Some(at("10:00:01")));
        assert!(plan.not_fired.is_empty());
    }

    #[test]
    fn a_date_is_fired_within_its_grace_and_missed_after_it() {
        let due = at("12:00:00");
        let in_time = planned(&date(), due, at("12:01:00"));
        assert_eq!((in_time.fires, in_time.next), (vec![due], None));
        let late = planned(&date(), due, at("12:01:00.001"));
        assert_eq!((&late.fires, late.next), (&vec![], None));
        let rows: Vec<_> = late.not_fired.iter().map(row).collect();
        assert_eq!(rows, [(due, due, 1, OccurrenceState::Missed)]);
    }

    #[test]
    fn of_overdue_crons_the_last_within_the_grace_is_fired() {
        let plan = planned(&cron("*", "*/20"), at("10:00:00"), at("10:03:05"));
        assert_eq!(plan.fires, [at("10:03:00")]);
        assert_eq!(plan.next, Some(at("10:03:20")));
        let rows: Vec<_> = plan.not_fired.iter().map(row).collect();
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
        assert_eq!(plan.not_fired[1].into, Some(at("10:03:00")));
    }

    #[test]
    fn a_cron_with_nothing_within_the_grace_goes_on_with_the_next() {
        let plan = planned(&cron("0", "0"), at("10:00:00"), at("12:30:00"));
        assert_eq!((&plan.fires, plan.next), (&vec![], Some(at("13:00:00"))));
        let rows: Vec<_> = plan.not_fired.iter().map(row).collect();
        let missed = (at("10:00:00"), at("12:00:00"), 3, OccurrenceState::Missed);
        assert_eq!(rows, [missed]);
    }

    #[test]
    fn an_interval_catches_up_with_one_however_late() {
        let due = at("00:00:00");
        let now = due + TimeDelta::days(365);
        let plan = planned(&every_second(), due, now);
        assert_eq!(plan.fires, [now]);
        assert_eq!(plan.next, Some(now + TimeDelta::seconds(1)));
        let n = &plan.not_fired[0];
        assert_eq!((n.count, n.first), (365 * 86_400, due));
        assert_eq!(n.last, now - TimeDelta::seconds(1));
    }

    #[test]
    fn a_long_downtime_is_planned_in_bounded_steps() {
        let trigger = cron("*", "*/1");
        let (mut due, now) = (at("00:00:00"), at("23:00:00"));
        let mut counted = 0;
        let fired = loop {
            let plan = planned(&trigger, due, now);
            counted += plan.not_fired.iter().map(|n| n.count).sum::<u64>();
            due = plan.next.unwrap();
            if let Some(fired) = plan.fires.first() {
                break *fired;
            }
        };
        assert_eq!(fired, now);
        assert_eq!(counted, 23 * 3_600, "each fire time is accounted for");
    }

    #[test]
    fn a_claim_given_back_may_fire_within_its_grace() {
        let due = at("12:00:00");
        assert!(may_still_fire(
            &date(),
            &Policies::default(),
            due,
            at("12:01:00")
        ));
        assert!(!may_still_fire(
            &date(),
            &Policies::default(),
            due,
            at("12:01:00.001")
        ));
        assert!(may_still_fire(
            &every_second(),
            &Policies::default(),
            due,
            at("23:00:00")
        ));
    }

    fn with(catch_up: CatchUp) -> Policies {
        Policies {
            catch_up,
            ..Policies::default()
        }
    }

    #[test]
    fn nothing_is_caught_up_where_that_is_asked_for() {
        let (trigger, none) = (every_second(), with(CatchUp::None));
        let plan = plan(&trigger, &none, at("10:00:00"), at("10:00:30.500"));
        assert_eq!(plan.fires, [at("10:00:30")], "half a second is on time");
        let n = &plan.not_fired[0];
        assert_eq!(
            row(n),
            (at("10:00:00"), at("10:00:29"), 30, OccurrenceState::Missed)
        );
        assert_eq!(n.reason, Some(Reason::NoCatchUp));
        let late = super::plan(&cron("0", "0"), &none, at("10:00:00"), at("10:00:20"));
        assert_eq!((&late.fires, late.next), (&vec![], Some(at("11:00:00"))));
    }

    #[test]
    fn the_last_so_many_are_caught_up_one_by_one() {
        let all = with(CatchUp::All(3));
        let plan = plan(&every_second(), &all, at("10:00:00"), at("10:00:09.500"));
        assert_eq!(plan.fires, [at("10:00:07"), at("10:00:08"), at("10:00:09")]);
        assert_eq!(plan.next, Some(at("10:00:10")));
        let n = &plan.not_fired[0];
        assert_eq!(
            row(n),
            (
                at("10:00:00"),
                at("10:00:06"),
                7,
                OccurrenceState::Coalesced
            )
        );
        assert_eq!(n.into, Some(at("10:00:07")));
        let few = super::plan(&every_second(), &all, at("10:00:00"), at("10:00:01"));
        assert_eq!(few.fires, [at("10:00:00"), at("10:00:01")]);
        assert!(few.not_fired.is_empty());
    }

    #[test]
    fn a_grace_of_its_own_holds_for_any_trigger() {
        let short = Policies {
            misfire_grace: Some(Grace::Ms(2_000)),
            ..with(CatchUp::All(100))
        };
        let plan = plan(&every_second(), &short, at("10:00:00"), at("10:00:05"));
        assert_eq!(plan.fires, [at("10:00:03"), at("10:00:04"), at("10:00:05")]);
        assert_eq!(row(&plan.not_fired[0]).2, 3);
        let unlimited = Policies {
            misfire_grace: Some(Grace::Unlimited),
            ..Policies::default()
        };
        let late = super::plan(&date(), &unlimited, at("12:00:00"), at("23:00:00"));
        assert_eq!(late.fires, [at("12:00:00")]);
    }
}
