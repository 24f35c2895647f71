//! `kill -9` at any moment: what was answered is there, what was fired is
//! known, what was not is fired or on record.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::support::fleet::{Fleet, date_job};

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_jobs_survive_a_kill() {
    let mut fleet = Fleet::start(1, false).await;
    let url = fleet.replicas[0].at("/scheduler/cron/add_job");
    let acknowledged: Arc<Mutex<HashSet<String>>> = Arc::default();
    let count = Arc::new(AtomicUsize::new(0));
    let mut adders = tokio::task::JoinSet::new();
    for adder in 0..8 {
        let (url, acknowledged, count) = (url.clone(), acknowledged.clone(), count.clone());
        adders.spawn(async move {
            let client = crate::support::client();
            for n in 0.. {
                let id = format!("{adder}-{n}");
                let job = json!({"job_id": id, "url": "http://127.0.0.1:9", "month": "1"});
                let Ok(answer) = client.post(&url).json(&job).send().await else {
                    return;
                };
                if answer
                    .json::<Value>()
                    .await
                    .is_ok_and(|a| a["success"] == json!(true))
                {
                    acknowledged.lock().await.insert(id);
                    count.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
    }
    while count.load(Ordering::Relaxed) < 500 {
        tokio::task::yield_now().await;
    }
    fleet.replicas.remove(0).kill().await;
    adders.join_all().await;
    fleet.start_replica().await;
    let stored = fleet.jobs().await;
    let stored: HashSet<&str> = stored.iter().filter_map(|j| j["job_id"].as_str()).collect();
    let acknowledged = acknowledged.lock().await;
    let lost: Vec<_> = acknowledged
        .iter()
        .filter(|id| !stored.contains(id.as_str()))
        .collect();
    assert!(
        acknowledged.len() >= 500 && lost.is_empty(),
        "lost: {lost:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lone_server_killed_in_a_burst_doubles_nothing_and_explains_all() {
    let mut fleet = Fleet::start(1, false).await;
    let url = fleet.target.at("/slow/20");
    let at = Utc::now() + TimeDelta::seconds(4);
    for n in 0..600 {
        fleet
            .add("date", date_job(&format!("job-{n}"), &url, at))
            .await;
    }
    fleet.target.wait_for(100).await;
    fleet.replicas.remove(0).kill().await;
    let before = fleet.target.arrivals().len();
    assert!(before < 600, "killed in mid-burst");
    fleet.start_replica().await;
    while !fleet.jobs().await.is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let ledger = fleet.settled_ledger().await;
    let counts = Fleet::count_by_state(&ledger);
    println!("ledger: {counts:?}");
    assert_eq!(ledger.len(), 600, "{counts:?}");
    fleet.assert_agrees(&ledger);
}
