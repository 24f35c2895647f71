//! What the ledger of a job has at and around an instant.

use super::*;

#[tokio::test]
async fn an_instant_has_its_row_and_its_neighbours() {
    let bench = Bench::new().await;
    run_sql(
        &bench,
        "INSERT INTO occurrences (row_id, job_id, fire_at, last_fire_at, due_at, state, kind, \
         count) VALUES \
         (1, 'a', 1000, 1000, 0, 'succeeded', 'scheduled', 1), \
         (2, 'a', 2000, 5000, 0, 'missed', 'scheduled', 4), \
         (3, 'a', 3000, 3000, 0, 'succeeded', 'manual', 1), \
         (4, 'a', 6000, 6000, 0, 'succeeded', 'scheduled', 1), \
         (5, 'a', 6000, 6000, 0, 'failed', 'manual', 1), \
         (6, 'b', 4000, 4000, 0, 'succeeded', 'scheduled', 1)",
    )
    .await;
    for (ms, at, before, after) in [
        (999, None, None, Some(1)),
        (1_000, Some(1), None, Some(2)),
        (1_500, None, Some(1), Some(2)),
        (2_000, Some(2), Some(1), Some(4)),
        // The manual run is that very instant.
        (3_000, Some(3), Some(2), Some(4)),
        (4_000, Some(2), Some(1), Some(4)),
        (5_000, Some(2), Some(1), Some(4)),
        (5_001, None, Some(2), Some(4)),
        (6_000, Some(4), Some(2), None),
        (9_000, None, Some(4), None),
    ] {
        let instant = DateTime::from_timestamp_millis(ms).unwrap();
        let found = bench.store.around(&id("a"), instant).await.unwrap();
        let row = |entry: Option<LedgerEntry>| entry.map(|entry| entry.row_id);
        let found = (row(found.at), row(found.before), row(found.after));
        assert_eq!(found, (at, before, after), "{ms}");
    }
    assert!(bench.store.has_runs(&id("b")).await.unwrap());
    assert!(!bench.store.has_runs(&id("c")).await.unwrap());
}
