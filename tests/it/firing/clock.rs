//! The whole server on a clock that moves only when told.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use schedule_server::clock::{Clock, ManualClock};
use serde_json::json;

use crate::support::app::App;
use crate::support::target::Target;

fn clock() -> ManualClock {
    let start: DateTime<Utc> = "2031-05-01T12:00:00.250Z".parse().unwrap();
    ManualClock::new(start)
}

async fn app(clock: &ManualClock) -> App {
    App::with_clock(&[], Arc::new(clock.clone())).await
}

fn ms(n: i64) -> TimeDelta {
    TimeDelta::milliseconds(n)
}

/// Waits until a claim shows in the ledger: the planner has been there.
async fn claimed(app: &App, job_id: &str) {
    while app.ledger(job_id).await.is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaves_before_its_instant() {
    let clock = clock();
    let (app, target) = (app(&clock).await, Target::start().await);
    app.fire_in("job", &target.at("/ok"), 2).await;
    claimed(&app, "job").await;
    clock.advance(ms(1_749));
    let firing = async {
        while app.ledger("job").await[0].state.as_str() == "claimed" {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    firing.await;
    // Time enough to send another one from start to end.
    app.fire_now("marker", &target.at("/marker")).await;
    app.final_entry("marker").await;
    let paths: Vec<_> = target.arrivals().into_iter().map(|a| a.path).collect();
    assert_eq!(paths, ["/marker"], "1 ms before the instant");
    clock.advance(ms(1));
    target.wait_for(2).await;
    let entry = app.final_entry("job").await;
    assert_eq!(entry.lateness_ms, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interval_fires_on_its_grid_to_the_millisecond() {
    let clock = clock();
    let (app, target) = (app(&clock).await, Target::start().await);
    let job = json!({"job_id": "tick", "url": target.at("/ok"), "seconds": 1});
    app.add("interval", job).await;
    for n in 1..=5_i64 {
        clock.advance(ms(1_000));
        target.wait_for(n as usize).await;
        app.final_entry("tick").await;
    }
    let fired: Vec<_> = target.arrivals().iter().map(|a| a.fire_at()).collect();
    let start = clock.now() - ms(5_000);
    let grid: Vec<_> = (1..=5).map(|n| start + ms(n * 1_000)).collect();
    assert_eq!(fired, grid);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_in_the_past_fires_within_its_grace_and_is_missed_after_it() {
    let clock = clock();
    let (app, target) = (app(&clock).await, Target::start().await);
    app.fire_in("recent", &target.at("/ok"), -59).await;
    app.fire_in("old", &target.at("/ok"), -61).await;
    assert_eq!(app.outcome("recent").await, ("succeeded", None));
    assert_eq!(app.outcome("old").await, ("missed", Some("grace")));
    assert_eq!(target.arrivals().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_steps_back_fires_nothing_twice() {
    let clock = clock();
    let (app, target) = (app(&clock).await, Target::start().await);
    let job = json!({"job_id": "tick", "url": target.at("/ok"), "second": "*/1"});
    app.add("cron", job).await;
    for n in 1..=3 {
        clock.advance(ms(1_000));
        target.wait_for(n).await;
        app.final_entry("tick").await;
    }
    clock.advance(ms(-10_000));
    for _ in 0..14 {
        clock.advance(ms(1_000));
        // Two ticks of the clockwork, which lives by real time.
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    target.wait_for(4).await;
    assert!(target.by_fire_id().values().all(|n| *n == 1));
}

/// The state in which the one row of a job is.
async fn until(app: &App, job_id: &str, state: &str) {
    app.ledger_when(job_id, |rows| rows[0].state.as_str() == state)
        .await;
}

/// It is marked and waits for its instant when the clock is set back. A client may
/// change the job meanwhile, so it is given back, with its fire lock.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_when_the_clock_is_set_back_is_given_back() {
    let redis = crate::support::redis::Redis::start().await;
    let (clock, target) = (clock(), Target::start().await);
    let url = format!("--redis-url={}", redis.url());
    let app = App::with_clock(&[&url], Arc::new(clock.clone())).await;
    for job in ["removed", "fired"] {
        app.fire_in(job, &target.at(&format!("/{job}")), 2).await;
        claimed(&app, job).await;
    }
    clock.advance(ms(1_749));
    for job in ["removed", "fired"] {
        until(&app, job, "firing").await;
    }
    clock.advance(ms(-3_600_000));
    for job in ["removed", "fired"] {
        until(&app, job, "claimed").await;
    }
    let remove = app.at("/scheduler/remove_job?job_id=removed");
    assert!(
        app.client
            .delete(remove)
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
    clock.advance(ms(3_600_001));
    assert_eq!(app.outcome("fired").await, ("succeeded", None));
    assert_eq!(app.outcome("removed").await, ("skipped", Some("removed")));
    let paths: Vec<_> = target.arrivals().into_iter().map(|a| a.path).collect();
    assert_eq!(paths, ["/fired"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_back_does_not_hold_up_the_stop() {
    let clock = clock();
    let (app, target) = (app(&clock).await, Target::start().await);
    app.fire_in("job", &target.at("/ok"), 2).await;
    claimed(&app, "job").await;
    clock.advance(ms(1_749));
    until(&app, "job", "firing").await;
    clock.advance(ms(-3_600_000));
    app.server.stop().await;
    assert!(target.arrivals().is_empty());
}
