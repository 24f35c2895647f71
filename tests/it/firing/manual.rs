//! Runs that a client asks for, at a real target.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use schedule_server::clock::ManualClock;
use schedule_server::domain::job::JobId;
use schedule_server::domain::occurrence::OccurrenceKind;
use schedule_server::scheduler::Wake;
use schedule_server::service::{Jobs, Precondition, ServiceError};
use schedule_server::store::Store;
use schedule_server::store::sqlite::SqliteStore;
use serde_json::json;

use crate::support::app::App;
use crate::support::fleet::{Fleet, date_job};
use crate::support::target::Target;

fn clock() -> ManualClock {
    let start: DateTime<Utc> = "2031-05-01T12:00:00.250Z".parse().unwrap();
    ManualClock::new(start)
}

#[tokio::test(flavor = "multi_thread")]
async fn it_arrives_at_once_under_its_own_id_and_the_schedule_goes_on() {
    let clock = clock();
    let (app, target) = (
        App::with_clock(&[], Arc::new(clock.clone())).await,
        Target::start().await,
    );
    let job = json!({"job_id": "tick", "url": target.at("/ok"), "seconds": 10});
    app.add("interval", job).await;
    let before = app.server.jobs.get("tick").await.unwrap();
    let run = app.server.jobs.run_now("tick").await.unwrap();
    // The clock stands still: nothing else makes it due.
    target.wait_for(1).await;
    assert_eq!(app.outcome("tick").await, ("succeeded", None));
    assert_eq!(app.server.jobs.get("tick").await.unwrap(), before);
    clock.advance(TimeDelta::seconds(10));
    target.wait_for(2).await;
    let [manual, scheduled] = &target.arrivals()[..] else {
        panic!("two requests");
    };
    assert_eq!(manual.fire_id(), run.occurrence.fire_id().to_string());
    assert_eq!(manual.fire_at(), run.occurrence.fire_at);
    assert_eq!(Some(scheduled.fire_at()), before.next_run_at, "on its grid");
    let entry = app.final_entry("tick").await;
    assert_eq!(scheduled.fire_id(), entry.occurrence.fire_id().to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_job_runs_when_it_is_told_to() {
    let (app, target) = (App::start(&[]).await, Target::start().await);
    app.fire_in("job", &target.at("/ok"), 3_600).await;
    let anything = Precondition::default();
    app.server.jobs.pause("job", &anything).await.unwrap();
    let run = app.server.jobs.run_now("job").await.unwrap();
    target.wait_for(1).await;
    assert_eq!(app.outcome("job").await, ("succeeded", None));
    let fire_id = run.occurrence.fire_id().to_string();
    assert_eq!(target.arrivals()[0].fire_id(), fire_id);
    let job = app.server.jobs.get("job").await.unwrap();
    assert_eq!(job.next_run_at, None, "it is paused still");
}

/// The tick would come upon it as well, up to half a second later.
#[tokio::test]
async fn the_planner_is_told_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/s.db", dir.path().display());
    let store = Arc::new(SqliteStore::open(&url, 1).await.unwrap());
    let (wake, mut heard) = Wake::channel();
    let jobs = Jobs::new(store.clone(), wake, Arc::new(clock()));
    assert_eq!(jobs.run_now("nope").await, Err(ServiceError::NotFound));
    assert!(heard.try_recv().is_err(), "there is nothing to plan");
    jobs.add(schedule_server::service::NewJob {
        job_id: "job".into(),
        url: "http://target.example/".into(),
        trigger: schedule_server::service::TriggerSpec::Cron(Default::default()),
    })
    .await
    .unwrap();
    heard.try_recv().unwrap();
    let run = jobs.run_now("job").await.unwrap();
    assert_eq!(heard.try_recv(), Ok(run.occurrence.fire_at));
}

#[tokio::test(flavor = "multi_thread")]
async fn three_replicas_send_each_once() {
    const JOBS: usize = 100;
    let mut fleet = Fleet::start(3, true).await;
    let url = fleet.target.at("/ok");
    let at = Utc::now() + TimeDelta::hours(1);
    for n in 0..JOBS {
        fleet
            .add("date", date_job(&format!("job-{n}"), &url, at))
            .await;
    }
    // One more process on the same file, as the one a client talks to.
    let store = SqliteStore::open(&fleet.database_url(), 1).await.unwrap();
    for n in 0..JOBS {
        let id = JobId::new(format!("job-{n}")).unwrap();
        let run = store.run_now(&id, Utc::now()).await.unwrap();
        assert_eq!(run.unwrap().occurrence.kind, OccurrenceKind::Manual);
    }
    fleet.target.wait_for(JOBS).await;
    let ledger = fleet.settled_ledger().await;
    assert_eq!(ledger.len(), JOBS);
    fleet.assert_agrees(&ledger);
    assert_eq!(fleet.target.arrivals().len(), JOBS);
    assert_eq!(fleet.jobs().await.len(), JOBS, "no job has ended");
}
