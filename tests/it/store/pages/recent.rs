//! The last runs that a page shows of each job.

use super::*;
use schedule_server::domain::occurrence::{OccurrenceKind, OccurrenceState, Reason};

fn row(job: &str, fire_at: i64, kind: &str, rest: &str) -> String {
    format!(
        "INSERT INTO occurrences (job_id, fire_at, last_fire_at, due_at, kind, state, reason, \
         status, lateness_ms, duration_ms, count) \
         VALUES ('{job}', {fire_at}, {fire_at}, {fire_at}, '{kind}', {rest});"
    )
}

async fn summary(bench: &Bench, job: &str) -> JobSummary {
    let found = bench.store.summary(&id(job)).await.unwrap();
    found.unwrap()
}

#[tokio::test]
async fn they_are_the_newest_by_fire_time_manual_ones_among_them() {
    let bench = Bench::new().await;
    bench.dir.leave_unchecked();
    for job in ["none", "many", "few"] {
        bench.put(job, every(60)).await;
    }
    let mut sql = String::new();
    for n in (0..40).rev() {
        sql += &row(
            "many",
            n * 10,
            "scheduled",
            "'succeeded', NULL, 200, 1, 2, 1",
        );
    }
    sql += &row(
        "few",
        10,
        "scheduled",
        "'missed', 'grace', NULL, NULL, NULL, 86400",
    );
    sql += &row("few", 30, "manual", "'failed', 'status', 503, 4, 55, 1");
    sql += &row(
        "few",
        30,
        "scheduled",
        "'firing', NULL, NULL, NULL, NULL, 1",
    );
    bench.sql(&sql).await;
    bench
        .sql("UPDATE jobs SET last_state = 'failed', last_ended_at = 85 WHERE job_id = 'few'")
        .await;

    let page = bench.page(all(JobSort::Created)).await;
    assert_eq!(ids(&page), ["none", "many", "few"]);
    let [none, many, few] = &page.rows[..] else {
        panic!("{page:?}");
    };
    assert_eq!((none.recent.len(), none.last_duration_ms()), (0, None));
    let times: Vec<i64> = many
        .recent
        .iter()
        .map(|r| r.fire_at.timestamp_millis())
        .collect();
    let newest: Vec<i64> = (10..40).rev().map(|n| n * 10).collect();
    assert_eq!(times, newest);

    let [firing, manual, missed] = &few.recent[..] else {
        panic!("{few:?}");
    };
    assert_eq!(
        (firing.kind, firing.state),
        (OccurrenceKind::Scheduled, OccurrenceState::Firing)
    );
    assert_eq!(
        (manual.kind, manual.state, manual.reason),
        (
            OccurrenceKind::Manual,
            OccurrenceState::Failed,
            Some(Reason::Status)
        )
    );
    assert_eq!(
        (manual.status, manual.lateness_ms, manual.duration_ms),
        (Some(503), Some(4), Some(55))
    );
    assert_eq!((missed.reason, missed.count), (Some(Reason::Grace), 86_400));
    assert_eq!(few.last_duration_ms(), Some(55));
    assert_eq!(few.last_state, Some(OccurrenceState::Failed));
    assert_eq!(few.last_ended_at.unwrap().timestamp_millis(), 85);
    assert_eq!(few.created_at, noon());
    assert_eq!(*few, summary(&bench, "few").await);
}

#[tokio::test]
async fn a_summary_is_of_a_listed_job() {
    let bench = Bench::new().await;
    bench.put("x", date(2)).await;
    let claims = bench.claim(1.0, 3.0).await.claims;
    let row = summary(&bench, "x").await;
    assert_eq!(row.row, bench.store.job(&id("x")).await.unwrap().unwrap());
    assert_eq!(row.row.claimed_fire_at, Some(after(2.0)));
    assert_eq!(row.recent[0].row_id, claims[0].row_id);
    bench.start_firing(&claims, 2.0).await;
    assert_eq!(bench.store.summary(&id("x")).await, Ok(None));
    assert_eq!(bench.store.summary(&id("y")).await, Ok(None));
}
