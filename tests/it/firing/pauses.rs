//! Jobs that pause by their own policies.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use schedule_server::clock::{Clock, ManualClock};
use schedule_server::domain::job::{JobDraft, JobId, JobState, Notes};
use schedule_server::domain::policy::Policies;
use schedule_server::domain::target::Request;
use schedule_server::domain::trigger::{IntervalTrigger, Trigger};
use schedule_server::service::Precondition;
use schedule_server::store::Expected;

use serde_json::json;

use crate::support::app::App;
use crate::support::fleet::Fleet;
use crate::support::target::Target;

fn clock() -> ManualClock {
    let start: DateTime<Utc> = "2031-05-01T12:00:00.250Z".parse().unwrap();
    ManualClock::new(start)
}

/// Adds a job that fires each second, the first time in a second.
async fn each_second(app: &App, clock: &ManualClock, url: &str, policies: Policies) {
    let now = clock.now().trunc_subsecs(3);
    let trigger = IntervalTrigger::new(None, None, Some(1), now).unwrap();
    let trigger = Trigger::Interval(trigger);
    let draft = JobDraft {
        id: JobId::new("tick").unwrap(),
        notes: Notes::default(),
        state: JobState::Running,
        next_fire_at: trigger.first_fire_at(now),
        schedule: trigger.into(),
        request: Request::get(url),
        policies,
    };
    let put = app.server.store.put_job(draft, Expected::Anything, now);
    put.await.unwrap().unwrap();
}

/// Waits until the job has so many rows.
async fn rows(app: &App, count: usize) {
    while app.ledger("tick").await.len() < count {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_arrives_before_the_end_of_a_pause() {
    let clock = clock();
    let (app, target) = (
        App::with_clock(&[], Arc::new(clock.clone())).await,
        Target::start().await,
    );
    let until = clock.now() + TimeDelta::seconds(3);
    let policies = Policies {
        pause_until: Some(until),
        ..Policies::default()
    };
    each_second(&app, &clock, &target.at("/ok"), policies).await;
    for n in 1..=3 {
        rows(&app, n).await;
        clock.advance(TimeDelta::seconds(1));
    }
    target.wait_for(1).await;
    assert_eq!(target.arrivals()[0].fire_at(), until);
    let ledger = app.ledger("tick").await;
    let mut oldest = ledger.iter().rev();
    for _ in 0..2 {
        let entry = oldest.next().unwrap();
        let reason = entry.reason.map(|r| r.as_str());
        assert_eq!(
            (entry.state.as_str(), reason),
            ("skipped", Some("pause_until"))
        );
    }
    assert_eq!(oldest.next().unwrap().occurrence.fire_at, until);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_failures_in_a_row_are_enough() {
    let clock = clock();
    let (app, target) = (
        App::with_clock(&[], Arc::new(clock.clone())).await,
        Target::start().await,
    );
    let policies = Policies {
        pause_after_failures: Some(3),
        ..Policies::default()
    };
    each_second(&app, &clock, &target.at("/status/500"), policies).await;
    for n in 1..=3 {
        clock.advance(TimeDelta::seconds(1));
        target.wait_for(n).await;
        settled(&app, n).await;
    }
    let job = app.server.jobs.get("tick").await.unwrap();
    assert!(job.job.paused_by_failures);
    assert_eq!((job.job.failures, job.next_run_at), (3, None));
    for _ in 0..3 {
        clock.advance(TimeDelta::seconds(1));
        // Time enough to send another one from start to end.
        app.fire_now("marker", &target.at("/marker")).await;
        app.final_entry("marker").await;
    }
    let failed = |target: &Target| {
        let arrivals = target.arrivals();
        arrivals.iter().filter(|a| a.job_id() == "tick").count()
    };
    assert_eq!(failed(&target), 3);
    clock.advance(TimeDelta::milliseconds(500));
    let anything = Precondition::default();
    app.server.jobs.resume("tick", &anything).await.unwrap();
    clock.advance(TimeDelta::milliseconds(500));
    settled(&app, 4).await;
    assert_eq!(failed(&target), 4);
    let job = app.server.jobs.get("tick").await.unwrap().job;
    assert_eq!((job.state, job.failures), (JobState::Running, 1));
}

/// Waits until so many requests of the job have ended.
async fn settled(app: &App, count: usize) {
    let ended = async || {
        let ledger = app.ledger("tick").await;
        ledger
            .iter()
            .filter(|e| e.state.as_str() == "failed")
            .count()
    };
    while ended().await < count {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pause_is_in_the_log() {
    let mut fleet = Fleet::start(1, false).await;
    let url = fleet.target.at("/status/500");
    let job = json!({"job_id": "tick", "url": url, "seconds": 1});
    fleet.add("interval", job).await;
    let policies = r#"{"pause_after_failures":2}"#;
    let sql = "UPDATE jobs SET policies_json = ?";
    fleet.execute(sql, policies).await;
    fleet.target.wait_for(2).await;
    let logged = || {
        let log = fleet.replicas[0].log();
        let mut lines = log.lines().filter(|line| line.contains("failed too often"));
        lines.next().map(str::to_owned)
    };
    let started = std::time::Instant::now();
    let line = loop {
        if let Some(line) = logged() {
            break line;
        }
        assert!(started.elapsed().as_secs() < 60, "nothing is logged");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(line.contains("WARN") && line.contains("tick"), "{line}");
    assert_eq!(fleet.target.arrivals().len(), 2);
    assert!(fleet.settled_ledger().await.len() >= 2);
}
