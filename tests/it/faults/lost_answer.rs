//! The store has done what it was asked, and the answer does not come.

use chrono::{TimeDelta, Utc};

use crate::support::fleet::{Fleet, date_job};
use crate::support::replica::Replica;

/// The claims are this living replica's, which does not know of them: unless they
/// are given back, nobody fires them before it ends.
#[tokio::test(flavor = "multi_thread")]
async fn claims_that_nobody_heard_of_are_fired_all_the_same() {
    let mut fleet = Fleet::start(0, false).await;
    let database = fleet.database_url();
    let settings = [
        ("DATABASE_URL", database.as_str()),
        ("SCHEDULE_SERVER_FAIL_POINT", "after_claim_commit:error:1"),
    ];
    fleet.replicas.push(Replica::start(&settings).await);
    let url = fleet.target.at("/ok");
    let at = Utc::now() + TimeDelta::seconds(2);
    fleet.add("date", date_job("job", &url, at)).await;
    fleet.target.wait_for(1).await;
    assert!(fleet.replicas[0].log().contains("fail point"));
    let ledger = fleet.settled_ledger().await;
    assert_eq!(ledger[0].state.as_str(), "succeeded");
}
