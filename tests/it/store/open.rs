//! What is on record of a job and still to be sent.

use schedule_server::store::Store;

use super::*;

#[tokio::test]
async fn claims_are_open_until_they_are_sent() {
    let bench = Bench::new().await;
    bench.put("j", every(2)).await;
    bench.put("other", every(2)).await;
    assert_eq!(bench.store.open_runs(&id("none"), 10).await.unwrap(), None);
    let (row, open) = bench.store.open_runs(&id("j"), 10).await.unwrap().unwrap();
    assert_eq!((row.job.next_fire_at, open.len()), (Some(after(2.0)), 0));
    let claimed = bench.claim(1.0, 3.0).await;
    bench.run_now("j", 1.0).await;
    let (row, open) = bench.store.open_runs(&id("j"), 10).await.unwrap().unwrap();
    assert_eq!(row.job.next_fire_at, Some(after(4.0)));
    let shown: Vec<_> = open
        .iter()
        .map(|run| (run.fire_at, run.due_at, run.attempts))
        .collect();
    assert_eq!(
        shown,
        [(after(2.0), Some(after(2.0)), 0)],
        "manual runs are left out"
    );
    let (_, none) = bench.store.open_runs(&id("j"), 0).await.unwrap().unwrap();
    assert!(none.is_empty());
    bench.start_firing(&claimed.claims, 2.0).await;
    let (_, open) = bench.store.open_runs(&id("j"), 10).await.unwrap().unwrap();
    assert!(open.is_empty());
}

/// One seek for the job, one for what is claimed of it, however many jobs and
/// rows there are.
#[tokio::test]
async fn it_is_read_by_seeks_alone() {
    let bench = Bench::new().await;
    bench.put("j", every(2)).await;
    let plans = bench.store.explain_open_runs(&id("j")).await.unwrap();
    let steps: Vec<&str> = plans
        .iter()
        .flat_map(|p| &p.steps)
        .map(String::as_str)
        .collect();
    assert_eq!(
        steps,
        [
            "SEARCH j USING INDEX sqlite_autoindex_jobs_1 (job_id=?)",
            "CORRELATED SCALAR SUBQUERY 1",
            "SEARCH o USING INDEX occurrences_claimed (job_id=?)",
            "SEARCH occurrences USING INDEX occurrences_claimed (job_id=?)",
        ]
    );
}
