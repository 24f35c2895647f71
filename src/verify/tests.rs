//! The enumeration, and what rows and receipts say, without a store.

use chrono::{DateTime, TimeDelta, Utc};

use super::job::JobCheck;
use super::plan::{Due, Duty, Planned, Window};
use super::{Kind, Report, Wanted};
use crate::domain::job::JobId;
use crate::domain::occurrence::{OccurrenceId, OccurrenceKind, OccurrenceState};
use crate::domain::policy::Policies;
use crate::domain::schedule::Schedule;
use crate::domain::trigger::{CronFields, CronTrigger, DateTrigger, IntervalTrigger, Trigger};
use crate::domain::zone::Zone;
use crate::store::evidence::{JobEvidence, JobVersion, Premises, RowEvidence};

fn at(second: i64) -> DateTime<Utc> {
    let noon: DateTime<Utc> = "2030-01-01T12:00:00Z".parse().unwrap();
    noon + TimeDelta::seconds(second)
}

/// Fires at each multiple of so many seconds.
fn every(seconds: i128) -> Schedule {
    let trigger = IntervalTrigger::new(None, None, Some(seconds), at(0)).unwrap();
    Trigger::Interval(trigger).into()
}

fn version(
    schedule: Schedule,
    first: i64,
    until: Option<i64>,
    replaced: Option<i64>,
) -> JobVersion {
    JobVersion {
        version: 1,
        schedule,
        policies: Policies::default(),
        first: Some(at(first)),
        until: until.map(at),
        replaced_at: replaced.map(at),
    }
}

fn all(versions: &[JobVersion], window: &Window) -> Vec<(i64, Duty)> {
    let planned = Planned::new(versions, window);
    planned
        .map(|due| ((due.at - at(0)).num_seconds(), due.duty))
        .collect()
}

fn planned(seconds: &[i64]) -> Vec<(i64, Duty)> {
    seconds
        .iter()
        .map(|second| (*second, Duty::Planned))
        .collect()
}

#[test]
fn a_version_answers_from_its_first_fire_time_to_where_planning_stopped() {
    let current = [version(every(2), 4, Some(10), None)];
    assert_eq!(all(&current, &Window::default()), planned(&[4, 6, 8]));
    let nothing = [JobVersion {
        first: None,
        ..current[0].clone()
    }];
    assert_eq!(all(&nothing, &Window::default()), []);
}

#[test]
fn what_was_due_when_it_was_replaced_is_wanted_too() {
    let left = |second| (second, Duty::LeftUnplanned);
    let removed = [version(every(2), 2, Some(4), Some(9))];
    assert_eq!(
        all(&removed, &Window::default()),
        [(2, Duty::Planned), left(4), left(6), left(8)]
    );
    let next = JobVersion {
        version: 2,
        ..version(every(2), 6, Some(6), None)
    };
    let gone_on = [removed[0].clone(), next];
    assert_eq!(
        all(&gone_on, &Window::default()),
        [(2, Duty::Planned), left(4)],
        "the next version has the rest"
    );
    let added_again = [removed[0].clone(), version(every(2), 6, Some(6), None)];
    assert_eq!(
        all(&added_again, &Window::default()).len(),
        4,
        "it is another job"
    );
    let another = [removed[0].clone(), version(every(3), 6, Some(6), None)];
    assert_eq!(all(&another, &Window::default()).len(), 4);
}

#[test]
fn fire_times_of_several_versions_come_once() {
    let versions = [
        version(every(2), 2, Some(8), Some(6)),
        version(every(3), 6, Some(13), Some(12)),
        version(every(2), 4, Some(8), None),
    ];
    assert_eq!(
        all(&versions, &Window::default()),
        planned(&[2, 4, 6, 9, 12])
    );
}

#[test]
fn a_window_bounds_and_what_is_behind_is_told() {
    let current = [version(every(2), 2, Some(8), None)];
    let window = Window {
        from: Some(at(3)),
        to: Some(at(11)),
        ..Window::default()
    };
    assert_eq!(all(&current, &window), planned(&[4, 6]));
    let drained = Window {
        unplanned: true,
        ..window
    };
    let behind = |second| (second, Duty::Behind);
    assert_eq!(
        all(&current, &drained),
        [planned(&[4, 6]), vec![behind(8), behind(10)]].concat()
    );
}

#[test]
fn a_schedule_that_has_ended_is_walked_to_its_end() {
    let date = DateTrigger::new(2030, 1, 1, 12, 0, 5).unwrap();
    let once = [version(Trigger::Date(date).into(), 5, None, Some(6))];
    assert_eq!(all(&once, &Window::default()), planned(&[5]));
    let after = Window {
        from: Some(at(6)),
        ..Window::default()
    };
    assert_eq!(all(&once, &after), []);
    let trigger = every(2).trigger().clone();
    let bounded = Schedule::new(trigger, None, Some(at(7)), None).unwrap();
    let versions = [version(bounded, 2, None, Some(7))];
    let mut walk = Planned::new(&versions, &Window::default());
    assert!(walk.is_cut_off(at(8)) && !walk.is_cut_off(at(6)));
    assert_eq!(walk.by_ref().count(), 3);
}

#[test]
fn a_first_fire_time_off_the_grid_counts() {
    let versions = [version(every(10), 3, Some(25), None)];
    assert_eq!(all(&versions, &Window::default()), planned(&[3, 10, 20]));
}

#[test]
fn only_what_each_version_holds_back_is_held() {
    let mut waiting = version(every(2), 2, Some(8), None);
    waiting.policies.pause_until = Some(at(5));
    let held = |versions: &[JobVersion]| -> Vec<bool> {
        let planned = Planned::new(versions, &Window::default());
        planned.map(|Due { held, .. }| held).collect()
    };
    assert_eq!(held(std::slice::from_ref(&waiting)), [true, true, false]);
    let resumed = version(every(2), 4, Some(8), None);
    assert_eq!(held(&[waiting, resumed]), [true, false, false]);
}

/// The two clock changes of a year, with a fire time in the gap and one that comes
/// twice.
#[test]
fn crons_are_walked_through_clock_changes() {
    let fields = CronFields {
        hour: "2".into(),
        minute: "30".into(),
        ..CronFields::default()
    };
    let zone: Zone = Zone::parse("Europe/Berlin").unwrap();
    let cron = CronTrigger::new(&fields, zone).unwrap();
    let schedule: Schedule = Trigger::Cron(cron).into();
    let first = schedule.next_at_or_after("2030-03-30T00:00:00Z".parse().unwrap());
    let until = schedule.next_at_or_after("2030-04-02T00:00:00Z".parse().unwrap());
    let versions = [JobVersion {
        first,
        until,
        ..version(schedule.clone(), 0, None, None)
    }];
    let walked: Vec<_> = Planned::new(&versions, &Window::default())
        .map(|due| due.at)
        .collect();
    let (count, last) = schedule.count_between(first.unwrap(), until.unwrap(), u64::MAX);
    assert_eq!((walked.len() as u64 + 1, until), (count, Some(last)));
}

/// A row that stands for these seconds.
fn row(row_id: i64, first: i64, last: i64, count: i64) -> RowEvidence {
    let coalesced = count > 1;
    RowEvidence {
        row_id,
        occurrence: OccurrenceId {
            job_id: JobId::from_stored("a".into()),
            fire_at: at(first),
            kind: OccurrenceKind::Scheduled,
        },
        last_fire_at: at(last),
        count,
        into_fire_at: coalesced.then(|| at(last + 1)),
        state: match coalesced {
            true => OccurrenceState::Coalesced,
            false => OccurrenceState::Skipped,
        },
        reason: (!coalesced).then(|| "overlap".to_owned()),
        replica: None,
        queue: None,
        attempt: 0,
        due_at: at(first),
        sent_at: None,
        lateness_ms: None,
        settled_at: Some(at(last)),
        past: Vec::new(),
    }
}

fn checked(versions: Vec<JobVersion>, rows: &[RowEvidence]) -> (u64, Vec<(Kind, Option<i64>)>) {
    let (job, wanted) = (
        JobEvidence {
            job_id: "a".into(),
            versions,
            kept_from: None,
            exists: true,
        },
        Wanted::default(),
    );
    let premises = Premises::default();
    let mut report = Report::default();
    let mut check = JobCheck::new(&job, &wanted, &premises);
    for row in rows {
        check.row(row, None, &mut report);
    }
    check.finish(&mut report);
    let offences = report.offences.iter();
    let second = |at: DateTime<Utc>| (at - self::at(0)).num_seconds();
    let told = offences.map(|o| (o.kind, o.fire_at.map(second)));
    (report.planned, told.collect())
}

/// A row stands for fire times of one version: those of another one between them need
/// rows of their own, and a fire time of both has one at least.
#[test]
fn rows_for_several_stand_for_one_version_alone() {
    let versions = || {
        vec![
            version(every(2), 2, Some(12), Some(11)),
            version(every(3), 3, Some(12), None),
        ]
    };
    let all = [row(1, 2, 10, 5), row(2, 3, 3, 1), row(3, 9, 9, 1)];
    assert_eq!(checked(versions(), &all), (7, vec![]));
    let missing = [all[0].clone(), all[2].clone()];
    assert_eq!(
        checked(versions(), &missing),
        (7, vec![(Kind::Missing, Some(3))])
    );
    let twice = [
        all[0].clone(),
        all[1].clone(),
        row(4, 4, 4, 1),
        all[2].clone(),
    ];
    assert_eq!(
        checked(versions(), &twice),
        (7, vec![(Kind::Doubled, Some(4))])
    );
    let wrong = [row(1, 2, 10, 4), all[1].clone(), all[2].clone()];
    assert_eq!(
        checked(versions(), &wrong).1[0],
        (Kind::WrongCount, Some(2))
    );
}

#[test]
fn what_stands_for_nothing_or_for_nothing_any_more_is_told() {
    let versions = || vec![version(every(2), 2, Some(8), None)];
    let all = [row(1, 2, 2, 1), row(2, 4, 4, 1), row(3, 6, 6, 1)];
    assert_eq!(checked(versions(), &all), (3, vec![]));
    let extra = [&all[..], &[row(4, 7, 7, 1)]].concat();
    assert_eq!(
        checked(versions(), &extra),
        (3, vec![(Kind::Unplanned, Some(7))])
    );
    let (planned, told) = checked(versions(), &all[..1]);
    assert_eq!(
        (planned, told),
        (3, vec![(Kind::Missing, Some(4))]),
        "both in one"
    );
    let (_, told) = checked(versions(), &[row(1, 2, 6, 2)]);
    assert_eq!(told, [(Kind::WrongCount, Some(2))]);
}

/// The clock was set back to 4 and the job resumed: it is planned anew from there, while
/// the row of before stands for what was due up to 10.
#[test]
fn what_two_versions_have_planned_may_have_a_row_of_each() {
    let versions = |again_from| {
        vec![
            version(every(2), 2, Some(12), Some(11)),
            version(every(2), again_from, Some(12), None),
        ]
    };
    let before = row(1, 2, 10, 5);
    let singles = [6, 8, 10].map(|at| row(at, at, at, 1));
    let all = [&[before.clone()][..], &singles].concat();
    assert_eq!(checked(versions(6), &all), (5, vec![]));
    let ranges = [before.clone(), row(2, 6, 10, 3)];
    assert_eq!(checked(versions(6), &ranges), (5, vec![]));
    let doubled = [(Kind::Doubled, Some(6))];
    assert_eq!(checked(versions(8), &all), (5, doubled.to_vec()));
    let (_, told) = checked(versions(6), &[before.clone(), row(2, 6, 10, 2)]);
    assert_eq!(told, [(Kind::WrongCount, Some(6))]);
    let (_, told) = checked(versions(6), &[before, row(2, 7, 7, 1)]);
    assert_eq!(told, [(Kind::Unplanned, Some(7))]);
}
