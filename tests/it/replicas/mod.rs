//! Three real server processes on one database file and one Redis: each
//! occurrence reaches the target once, and has its row in the ledger, also
//! when Redis is flushed, restarted, or a replica is killed in mid-run.

use chrono::{TimeDelta, Utc};
use serde_json::json;

use crate::support::fleet::{Fleet, assert_no_gap, date_job};

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
