//! A job that is changed while a run of it is under way: that run ends as it ends,
//! and makes no further attempt, whatever the job says about retries.

use schedule_server::domain::occurrence::{Claim, Reason};
use schedule_server::domain::run::{Outcome, RunRecord};
use schedule_server::store::JobAction;

use super::*;

/// An attempt that failed and is to be made again.
fn to_be_retried(claim: Claim) -> RunRecord {
    RunRecord {
        outcome: Outcome::failed(Reason::Broken, "reset"),
        retry_at: Some(after(5.0)),
        ..succeeded(claim)
    }
}

#[tokio::test]
async fn a_change_ends_the_retries_of_a_run_under_way() {
    for change in ["put", "pause", "remove"] {
        let bench = Bench::new().await;
        bench.put("job", every(2)).await;
        let claims = bench.claim(1.0, 2.5).await.claims;
        let started = bench.start_firing(&claims, 1.9).await;
        match change {
            "put" => bench.put("job", every(2)).await,
            "pause" => drop(bench.pause("job", 2.0).await),
            _ => assert_eq!(bench.remove("job", 2.0).await, Change::Done(())),
        }
        let record = to_be_retried(started[0].clone());
        bench.store.record([record].into()).await.unwrap();
        let row = bench.ledger("job").await.remove(0);
        let end = (row.state.as_str(), row.reason, row.past_attempts.len());
        assert_eq!(end, ("failed", Some(Reason::Broken), 0), "{change}");
        let again = bench.start_firing(&started, 5.0).await;
        assert!(again.is_empty(), "{change}");
    }
}

#[tokio::test]
async fn a_pause_leaves_the_retries_of_a_manual_run() {
    let bench = Bench::new().await;
    bench.put("job", every(100)).await;
    bench.run_now("job", 1.0).await;
    let claims = bench.claim(1.0, 1.5).await.claims;
    let started = bench.start_firing(&claims, 1.0).await;
    let ids = vec![id("job")];
    let paused = bench.store.change_jobs(ids, JobAction::Pause, after(2.0));
    paused.await.unwrap();
    let record = to_be_retried(started[0].clone());
    bench.store.record([record].into()).await.unwrap();
    assert_eq!(bench.row("job").await, ("claimed", Some("broken")));
    assert_eq!(bench.start_firing(&started, 5.0).await.len(), 1);
}
