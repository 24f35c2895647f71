//! Three real server processes on one database file and one Redis: each
//! occurrence reaches the target once, and has its row in the ledger, also
//! when Redis is flushed, restarted, or a replica is killed in mid-run.

use chrono::{TimeDelta, Utc};
use serde_json::json;

use schedule_server::domain::occurrence::OccurrenceState;
use schedule_server::domain::policy::{Delivery, Policies};

use crate::support::fleet::{Entry, Fleet, assert_no_gap, date_job};
use crate::support::replica::Replica;

const RECURRING: usize = 60;
const DATES: usize = 800;

/// Adds a mix of jobs through all replicas: dates spread over some seconds,
/// intervals and crons of one second each.
async fn add_mixed_jobs(fleet: &mut Fleet) {
    let url = fleet.target.at("/ok");
    let start = Utc::now() + TimeDelta::seconds(3);
    for n in 0..DATES {
        let at = start + TimeDelta::seconds((n % 12) as i64);
        fleet
            .add("date", date_job(&format!("date-{n}"), &url, at))
            .await;
    }
    for n in 0..RECURRING {
        let id = format!("interval-{n}");
        let job = json!({"job_id": id, "url": url, "hours": 0, "minutes": 0, "seconds": 1});
        fleet.add("interval", job).await;
        let id = format!("cron-{n}");
        fleet
            .add("cron", json!({"job_id": id, "url": url, "second": "*/1"}))
            .await;
    }
}

/// Pauses, resumes and removes some of the jobs while they fire.
async fn change_some(fleet: &mut Fleet) {
    for n in 0..10 {
        assert!(fleet.change("pause_job", &format!("interval-{n}")).await);
        assert!(fleet.change("pause_job", &format!("cron-{n}")).await);
    }
    for n in 0..5 {
        assert!(fleet.change("resume_job", &format!("interval-{n}")).await);
        assert!(fleet.change("remove_job", &format!("cron-{n}")).await);
    }
}

/// Removes the recurring jobs, waits for the rest, and holds the ledger
/// against the target.
async fn finish(fleet: &mut Fleet, at_least: i64) {
    for n in 0..RECURRING {
        fleet.change("remove_job", &format!("interval-{n}")).await;
        fleet.change("remove_job", &format!("cron-{n}")).await;
    }
    loop {
        let left = fleet.jobs().await.len();
        if left == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let ledger = fleet.settled_ledger().await;
    let counts = Fleet::count_by_state(&ledger);
    println!("ledger: {counts:?}");
    fleet.assert_agrees(&ledger);
    let planned: i64 = counts.values().sum();
    assert!(planned >= at_least, "{planned} occurrences of {at_least}");
    for n in 0..DATES {
        let id = format!("date-{n}");
        assert!(ledger.iter().any(|e| e.job_id == id), "{id} has no row");
    }
    for n in 10..RECURRING {
        assert_no_gap(&ledger, &format!("interval-{n}"), 1_000);
        assert_no_gap(&ledger, &format!("cron-{n}"), 1_000);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_occurrence_arrives_once_through_any_replica() {
    let mut fleet = Fleet::start(3, true).await;
    add_mixed_jobs(&mut fleet).await;
    fleet.target.wait_for(1_000).await;
    change_some(&mut fleet).await;
    fleet.target.wait_for(2_400).await;
    finish(&mut fleet, 2_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flushed_redis_fires_nothing_twice() {
    let mut fleet = Fleet::start(3, true).await;
    add_mixed_jobs(&mut fleet).await;
    for count in [300, 600, 900, 1_200, 1_500] {
        fleet.target.wait_for(count).await;
        let redis = fleet.redis.as_ref().unwrap();
        redis.command::<()>(&["FLUSHALL"]).await;
    }
    fleet.target.wait_for(2_000).await;
    finish(&mut fleet, 2_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_redis_fires_nothing_twice_and_loses_nothing() {
    let mut fleet = Fleet::start(3, true).await;
    add_mixed_jobs(&mut fleet).await;
    fleet.target.wait_for(500).await;
    fleet.redis.as_mut().unwrap().kill().await;
    fleet.target.wait_for(1_200).await;
    fleet.redis.as_mut().unwrap().restart().await;
    fleet.target.wait_for(2_000).await;
    let locks: usize = fleet.redis.as_ref().unwrap().command(&["DBSIZE"]).await;
    assert!(locks > 0, "the fire lock is used again");
    finish(&mut fleet, 2_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_replica_is_stood_in_for() {
    let mut fleet = Fleet::start(3, true).await;
    add_mixed_jobs(&mut fleet).await;
    fleet.target.wait_for(700).await;
    let mut killed = fleet.replicas.remove(1);
    killed.kill().await;
    fleet.target.wait_for(1_400).await;
    fleet.start_replica().await;
    fleet.target.wait_for(2_000).await;
    finish(&mut fleet, 2_000).await;
}

/// A second store with the same jobs, such as a restored backup started beside
/// the original: here only the Redis lock stands between the two.
#[tokio::test(flavor = "multi_thread")]
async fn two_stores_with_the_same_jobs_fire_each_occurrence_once() {
    let mut original = Fleet::start(1, true).await;
    let redis = original.redis.as_ref().unwrap().url();
    let mut copy = Fleet::start(0, false).await;
    let database = copy.database_url();
    let settings = [("DATABASE_URL", database.as_str()), ("REDIS_URL", &redis)];
    copy.replicas.push(Replica::start(&settings).await);
    let url = original.target.at("/ok");
    let at = Utc::now() + TimeDelta::seconds(4);
    for n in 0..100 {
        let job = date_job(&format!("job-{n}"), &url, at);
        original.add("date", job.clone()).await;
        copy.add("date", job).await;
    }
    original.target.wait_for(100).await;
    while !(original.jobs().await.is_empty() && copy.jobs().await.is_empty()) {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let (ours, theirs) = (original.settled_ledger().await, copy.settled_ledger().await);
    assert_eq!(original.target.arrivals().len(), 100);
    let sent = |ledger: &[Entry]| ledger.iter().filter(|e| e.sent).count();
    let refused = |ledger: &[Entry]| {
        let held = |e: &&Entry| e.reason.as_deref() == Some("lock_held");
        ledger.iter().filter(held).count()
    };
    assert_eq!(sent(&ours) + sent(&theirs), 100);
    assert_eq!(refused(&ours) + refused(&theirs), 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_demand_occurrences_wait_for_the_lock() {
    let mut fleet = Fleet::start(0, true).await;
    let (database, redis) = (fleet.database_url(), fleet.redis.as_ref().unwrap().url());
    let settings = [
        ("DATABASE_URL", database.as_str()),
        ("REDIS_URL", &redis),
        ("LOCK_ON_UNAVAILABLE", "hold"),
    ];
    fleet.replicas.push(Replica::start(&settings).await);
    fleet.redis.as_mut().unwrap().kill().await;
    let url = fleet.target.at("/ok");
    fleet.add("date", date_job("held", &url, Utc::now())).await;
    while fleet.ledger().await.is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(fleet.target.arrivals().is_empty(), "it waits");
    fleet.redis.as_mut().unwrap().restart().await;
    fleet.target.wait_for(1).await;
    let ledger = fleet.settled_ledger().await;
    assert_eq!(ledger[0].state, OccurrenceState::Succeeded);
    // One that still waits at the stop is given back, not given up.
    fleet.redis.as_mut().unwrap().kill().await;
    fleet.add("date", date_job("kept", &url, Utc::now())).await;
    while fleet.ledger().await.len() < 2 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let status = fleet.replicas.remove(0).terminate().await;
    assert_eq!(status.code(), Some(0));
    fleet.redis.as_mut().unwrap().restart().await;
    fleet.replicas.push(Replica::start(&settings).await);
    fleet.target.wait_for(2).await;
}

/// Stopped for longer than its lease in the middle of its work: it must
/// neither fire what is no longer its own nor forget it. (Stopped within a
/// transaction it holds the lock of the file, and the other one has to wait.)
#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_stood_still_doubles_nothing() {
    let mut fleet = Fleet::start(2, true).await;
    add_mixed_jobs(&mut fleet).await;
    fleet.target.wait_for(600).await;
    fleet.replicas[0].signal("STOP").await;
    // The fault itself: longer than the lease of 3 s.
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    fleet.replicas[0].signal("CONT").await;
    fleet.target.wait_for(2_000).await;
    finish(&mut fleet, 2_000).await;
}

/// The lock of the first send is never released, and its holder is dead: it must
/// not be what keeps a job that asks for it from being sent again.
#[tokio::test(flavor = "multi_thread")]
async fn delivery_at_least_once_sends_again_what_a_dead_replica_had_locked() {
    let mut fleet = Fleet::start(1, true).await;
    let policies = Policies {
        delivery: Delivery::AtLeastOnce,
        ..Policies::default()
    };
    fleet
        .fire_each_second("job", &fleet.target.at("/hang"), policies)
        .await;
    fleet.target.wait_for(1).await;
    fleet.replicas.remove(0).kill().await;
    fleet.start_replica().await;
    fleet.target.wait_for(2).await;
    let arrivals = fleet.target.arrivals();
    assert_eq!(arrivals[0].fire_id(), arrivals[1].fire_id());
    assert_eq!(arrivals[1].header("x-schedule-attempt"), "2");
}
