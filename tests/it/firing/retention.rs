//! The server cuts its ledger by itself, each minute of its clock.

use chrono::TimeDelta;
use schedule_server::clock::Clock;
use serde_json::json;

use crate::support::stage::Stage;

/// Final rows of a job, so many minutes before now, past the server.
async fn fill(stage: &Stage, job: &str, minutes: impl Iterator<Item = i64>) {
    stage.app.dir.leave_unchecked();
    let mut file = stage.app.connect().await;
    for minute in minutes {
        let at = stage.clock.now() - TimeDelta::minutes(minute);
        let row = sqlx::query(
            "INSERT INTO occurrences (job_id, fire_at, last_fire_at, due_at, state) \
             VALUES (?1, ?2, ?2, ?2, 'succeeded')",
        );
        let row = row.bind(job).bind(at.timestamp_millis());
        row.execute(&mut file).await.unwrap();
    }
}

#[tokio::test]
async fn the_ledger_is_cut_by_age_and_by_count() {
    let flags = ["--retention-age=5h", "--retention-runs=3"];
    let stage = Stage::with("2031-05-01T12:00:00Z", &flags).await;
    for job in ["old", "many", "young", "other"] {
        stage.put(job, json!({})).await;
    }
    fill(&stage, "old", [290, 298, 302, 310].into_iter()).await;
    fill(&stage, "many", 130..140).await;
    fill(&stage, "young", 10..20).await;
    // Each step is small enough for the lease.
    for _ in 0..3 {
        stage.advance_ms(30_000);
        stage.ran("other").await;
    }
    stage.app.ledger_when("many", |rows| rows.len() == 3).await;
    let old = |rows: &[_]| rows.len() == 2;
    stage.app.ledger_when("old", old).await;
    assert_eq!(stage.app.ledger("young").await.len(), 10);
}
