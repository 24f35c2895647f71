//! SIGTERM: the drain, its deadline, and a rolling restart.

use chrono::{TimeDelta, Utc};
use serde_json::json;

use crate::support::fleet::{Fleet, assert_no_gap, date_job};
use crate::support::replica::Replica;

#[tokio::test(flavor = "multi_thread")]
async fn requests_under_way_end_before_the_server_does() {
    let mut fleet = Fleet::start(1, false).await;
    let url = fleet.target.at("/slow/1500");
    fleet.add("date", date_job("slow", &url, Utc::now())).await;
    fleet.target.wait_for(1).await;
    let status = fleet.replicas.remove(0).terminate().await;
    assert_eq!(status.code(), Some(0));
    let ledger = fleet.ledger().await;
    assert_eq!(ledger[0].state.as_str(), "succeeded");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_not_ended_by_the_deadline_is_unknown() {
    let mut fleet = Fleet::start(0, false).await;
    let database = fleet.database_url();
    let settings = [
        ("DATABASE_URL", database.as_str()),
        ("DRAIN_TIMEOUT", "500ms"),
    ];
    fleet.replicas.push(Replica::start(&settings).await);
    let url = fleet.target.at("/hang");
    fleet.add("date", date_job("hung", &url, Utc::now())).await;
    let far = Utc::now() + TimeDelta::days(1);
    fleet.add("date", date_job("later", &url, far)).await;
    fleet.target.wait_for(1).await;
    let mut replica = fleet.replicas.remove(0);
    let status = replica.terminate().await;
    assert_eq!(status.code(), Some(0), "{}", replica.log());
    let ledger = fleet.ledger().await;
    assert_eq!(ledger.len(), 1);
    assert_eq!(ledger[0].state.as_str(), "unknown");
    assert_eq!(ledger[0].reason.as_deref(), Some("shutdown"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_loses_and_doubles_nothing() {
    let mut fleet = Fleet::start(2, false).await;
    let url = fleet.target.at("/ok");
    for n in 0..20 {
        let job = json!({"job_id": format!("tick-{n}"), "url": url, "seconds": 1});
        fleet.add("interval", job).await;
    }
    for round in 1..=4 {
        fleet.target.wait_for(round * 60).await;
        let status = fleet.replicas.remove(0).terminate().await;
        assert_eq!(status.code(), Some(0));
        fleet.start_replica().await;
    }
    fleet.target.wait_for(300).await;
    for n in 0..20 {
        assert!(fleet.change("remove_job", &format!("tick-{n}")).await);
    }
    let ledger = fleet.settled_ledger().await;
    println!("ledger: {:?}", Fleet::count_by_state(&ledger));
    fleet.assert_agrees(&ledger);
    for n in 0..20 {
        assert_no_gap(&ledger, &format!("tick-{n}"), 1_000);
    }
}
