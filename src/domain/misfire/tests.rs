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

/// One line of the table below: when the pause ends, when the plan is made,
/// what is skipped (first, last, how many), fired, and due next; the first
/// fire time of the plan is 10:00:00.
type Paused<'a> = (
    &'a str,
    &'a str,
    Option<(&'a str, &'a str, u64)>,
    &'a [&'a str],
    Option<&'a str>,
);

fn check_pause(schedule: &Schedule, catch_up: CatchUp, table: &[Paused<'_>]) {
    for (until, now, skipped, fires, next) in table {
        let policies = Policies {
            pause_until: Some(at(until)),
            ..with(catch_up)
        };
        let plan = plan(schedule, &policies, at("10:00:00"), at(now));
        let line = format!("until {until}, planned at {now}");
        let paused = |n: &&NotFired| n.reason == Some(Reason::PauseUntil);
        let rows: Vec<_> = plan.not_fired.iter().filter(paused).map(row).collect();
        let expected = skipped
            .map(|(first, last, count)| (at(first), at(last), count, OccurrenceState::Skipped));
        assert_eq!(rows, expected.into_iter().collect::<Vec<_>>(), "{line}");
        let times: Vec<_> = fires.iter().map(|text| at(text)).collect();
        assert_eq!(plan.fires, times, "{line}");
        assert_eq!(plan.next, next.map(at), "{line}");
    }
}

#[test]
fn what_lies_before_the_end_of_a_pause_is_skipped_as_it_falls_due() {
    let one = Some(("10:00:00", "10:00:00", 1));
    check_pause(
        &every_second(),
        CatchUp::Latest,
        &[
            // In the lead: just the one that falls due.
            ("10:00:05", "09:59:59.200", one, &[], Some("10:00:01")),
            ("10:00:00.001", "09:59:59.200", one, &[], Some("10:00:01")),
            (
                "10:00:00",
                "09:59:59.200",
                None,
                &["10:00:00"],
                Some("10:00:01"),
            ),
            (
                "09:00:00",
                "09:59:59.200",
                None,
                &["10:00:00"],
                Some("10:00:01"),
            ),
            // The pause ends within a millisecond.
            ("10:00:00.0005", "10:00:00", one, &[], Some("10:00:01")),
            // Overdue, and the pause goes on.
            ("10:00:05", "10:00:00", one, &[], Some("10:00:01")),
            (
                "10:00:05",
                "10:00:03.500",
                Some(("10:00:00", "10:00:03", 4)),
                &[],
                Some("10:00:04"),
            ),
            // Overdue across its end.
            (
                "10:00:03",
                "10:00:03",
                Some(("10:00:00", "10:00:02", 3)),
                &["10:00:03"],
                Some("10:00:04"),
            ),
            (
                "10:00:03",
                "10:00:09.500",
                Some(("10:00:00", "10:00:02", 3)),
                &["10:00:09"],
                Some("10:00:10"),
            ),
            (
                "10:00:03.500",
                "10:00:03.900",
                Some(("10:00:00", "10:00:03", 4)),
                &[],
                Some("10:00:04"),
            ),
        ],
    );
}

#[test]
fn after_a_pause_the_rest_is_caught_up_or_missed_as_ever() {
    let skipped = Some(("10:00:00", "10:00:02", 3));
    check_pause(
        &every_second(),
        CatchUp::All(100),
        &[(
            "10:00:03",
            "10:00:05",
            skipped,
            &["10:00:03", "10:00:04", "10:00:05"],
            Some("10:00:06"),
        )],
    );
    let hours = Some(("10:00:00", "11:00:00", 2));
    check_pause(
        &cron("0", "0"),
        CatchUp::Latest,
        &[
            (
                "11:30:00",
                "13:00:10",
                hours,
                &["13:00:00"],
                Some("14:00:00"),
            ),
            // 12:00 is beyond its grace.
            ("11:30:00", "12:30:00", hours, &[], Some("13:00:00")),
        ],
    );
    let policies = Policies {
        pause_until: Some(at("11:30:00")),
        ..Policies::default()
    };
    let plan = plan(&cron("0", "0"), &policies, at("10:00:00"), at("12:30:00"));
    let reasons: Vec<_> = plan.not_fired.iter().map(|n| n.reason).collect();
    assert_eq!(reasons, [Some(Reason::PauseUntil), Some(Reason::Grace)]);
}

#[test]
fn a_date_within_a_pause_is_skipped_for_good() {
    let policies = |until| Policies {
        pause_until: Some(at(until)),
        ..Policies::default()
    };
    let due = at("12:00:00");
    for now in ["11:59:59.100", "12:00:00", "20:00:00"] {
        let plan = plan(&date(), &policies("12:00:01"), due, at(now));
        assert_eq!((&plan.fires, plan.next), (&vec![], None), "{now}");
        let rows: Vec<_> = plan.not_fired.iter().map(row).collect();
        assert_eq!(rows, [(due, due, 1, OccurrenceState::Skipped)], "{now}");
    }
    let plan = plan(&date(), &policies("12:00:00"), due, at("11:59:59.100"));
    assert_eq!(plan.fires, [due]);
}

/// A plan that meets its cap within the pause fires nothing of the rest.
#[test]
fn a_long_downtime_within_a_pause_is_planned_in_bounded_steps() {
    let trigger = cron("*", "*/1");
    let policies = Policies {
        pause_until: Some(at("22:00:00")),
        ..Policies::default()
    };
    let (mut due, now) = (at("00:00:00"), at("23:00:00"));
    let (mut skipped, mut plans) = (0, 0);
    let fired = loop {
        let plan = plan(&trigger, &policies, due, now);
        let paused = |n: &&NotFired| n.reason == Some(Reason::PauseUntil);
        skipped += plan
            .not_fired
            .iter()
            .filter(paused)
            .map(|n| n.count)
            .sum::<u64>();
        plans += 1;
        due = plan.next.unwrap();
        if let Some(fired) = plan.fires.first() {
            break *fired;
        }
    };
    assert_eq!((fired, skipped), (now, 22 * 3_600));
    assert!(plans >= 8, "{plans} plans of 10,000 at most");
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

#[test]
fn the_end_is_on_record_with_the_fire_time_it_cuts_off() {
    let with_end = |end: &str| {
        let trigger = every_second().trigger().clone();
        Schedule::new(trigger, None, Some(at(end)), None).unwrap()
    };
    let ended = |plan: &Plan| {
        let rows = plan.not_fired.iter();
        let ended = rows.filter(|n| n.reason == Some(Reason::Ended));
        ended.map(row).collect::<Vec<_>>()
    };
    let cut_off = (at("10:00:02"), at("10:00:02"), 1, OccurrenceState::Skipped);
    let last = planned(
        &with_end("10:00:01.500"),
        at("10:00:01"),
        at("10:00:00.100"),
    );
    assert_eq!((last.fires.len(), last.next), (1, None));
    assert_eq!(ended(&last), [cut_off]);
    let overdue = planned(&with_end("10:00:01.500"), at("10:00:00"), at("10:05:00"));
    assert_eq!(
        (&overdue.fires, ended(&overdue)),
        (&vec![at("10:00:01")], vec![cut_off])
    );
    let before = planned(
        &with_end("10:00:01.500"),
        at("10:00:00"),
        at("09:59:59.100"),
    );
    assert_eq!(ended(&before), []);
    assert_eq!(ended(&planned(&date(), at("12:00:00"), at("12:00:00"))), []);
}
