//! A replica that stands still between its mark and its send, for longer than its
//! lease: others have settled its run by the time it goes on.

use std::time::Duration;

use chrono::{TimeDelta, Utc};

use crate::support::fleet::{Fleet, date_job};
use crate::support::replica::Replica;

/// Waits until the ledger's one row is in that state, for that reason.
async fn until(fleet: &Fleet, state: &str, reason: &str) {
    loop {
        let ledger = fleet.ledger().await;
        let shown = ledger.first().map(|row| {
            let reason = row.reason.as_deref();
            (row.state.as_str(), reason)
        });
        if shown == Some((state, Some(reason))) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_have_settled_is_not_sent() {
    let mut fleet = Fleet::start(0, false).await;
    let database = fleet.database_url();
    let settings = [
        ("DATABASE_URL", database.as_str()),
        ("LEASE", "2s"),
        (
            "SCHEDULE_SERVER_FAIL_POINT",
            "after_revalidate_commit:stop:1",
        ),
    ];
    fleet.replicas.push(Replica::start(&settings).await);
    let url = fleet.target.at("/ok");
    let at = Utc::now() + TimeDelta::seconds(1);
    fleet.add("date", date_job("job", &url, at)).await;
    while !fleet.replicas[0].log().contains("fail point") {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let other = Replica::start(&settings[..2]).await;
    fleet.replicas.push(other);
    until(&fleet, "unknown", "replica_died").await;
    fleet.replicas[0].signal("CONT").await;
    until(&fleet, "failed", "lease_lost").await;
    assert!(fleet.target.arrivals().is_empty());
}
