//! The versions that jobs had, and what becomes of fire times that were due when one
//! was replaced and that nobody had planned. That each of them is on record is proven
//! at the end of each test.

use schedule_server::store::Cut;

use super::*;

/// Versions that are kept: job, version, and from where to where in seconds after
/// noon.
async fn versions(bench: &Bench) -> Vec<(String, i64, Option<i64>, Option<i64>)> {
    let mut file = bench.connect().await;
    let sql = "SELECT job_id, version, (first_fire_at - ?1) / 1000, (until_fire_at - ?1) / 1000 \
               FROM job_versions ORDER BY row_id";
    let rows = sqlx::query_as(sql).bind(noon().timestamp_millis());
    rows.fetch_all(&mut file).await.unwrap()
}

/// First and last second, count, state and reason of each row, oldest first.
async fn rows(bench: &Bench, job: &str) -> Vec<(f64, f64, i64, &'static str)> {
    let seconds = |at: DateTime<Utc>| (at - noon()).as_seconds_f64();
    let rows = bench.ledger(job).await;
    let row = |e: &LedgerEntry| {
        let (first, last) = (e.occurrence.fire_at, e.last_fire_at);
        let word = e.reason.map_or(e.state.as_str(), |reason| reason.as_str());
        (seconds(first), seconds(last), e.count, word)
    };
    rows.iter().rev().map(row).collect()
}

#[tokio::test]
async fn adding_and_planning_write_none_and_each_change_one() {
    let bench = Bench::new().await;
    bench.put("tick", every(1)).await;
    bench.claim(0.5, 2.5).await;
    assert_eq!(versions(&bench).await, []);
    bench.pause("tick", 0.6).await;
    bench.pause("tick", 0.7).await;
    bench.resume("tick", 3.5).await;
    bench.put("tick", every(2)).await;
    bench.remove("tick", 5.0).await;
    let tick = |version, first, until| ("tick".to_owned(), version, first, until);
    assert_eq!(
        versions(&bench).await,
        [
            tick(1, Some(1), Some(2)),
            tick(2, None, None),
            tick(3, Some(4), Some(4)),
            tick(4, Some(2), Some(2)),
        ]
    );
}

#[tokio::test]
async fn a_job_that_has_ended_leaves_one() {
    let bench = Bench::new().await;
    bench.put("once", date(1)).await;
    let claims = bench.claim(0.5, 1.5).await.claims;
    let started = bench.start_firing(&claims, 0.95).await;
    bench.succeed(started).await;
    assert_eq!(
        versions(&bench).await,
        [("once".to_owned(), 1, Some(1), None)]
    );
    let mut file = bench.connect().await;
    let sql = "SELECT replaced_at - ? FROM job_versions";
    let ended: i64 = sqlx::query_scalar(sql)
        .bind(noon().timestamp_millis())
        .fetch_one(&mut file)
        .await
        .unwrap();
    assert_eq!(ended, 1_000, "when its last run ended");
}

#[tokio::test]
async fn what_was_due_at_a_pause_or_a_removal_is_on_record() {
    let bench = Bench::new().await;
    for job in ["paused", "removed"] {
        bench.put(job, every(1)).await;
    }
    bench.pause("paused", 10.5).await;
    bench.remove("removed", 10.5).await;
    for job in ["paused", "removed"] {
        assert_eq!(rows(&bench, job).await, [(1.0, 10.0, 10, job)]);
    }
}

#[tokio::test]
async fn what_was_due_at_a_replacement_is_on_record() {
    let bench = Bench::new().await;
    bench.put("tick", each_minute()).await;
    let replacement = JobDraft {
        next_fire_at: Some(after(200.0)),
        ..draft("tick", every(100))
    };
    let put = bench
        .store
        .put_job(replacement, Expected::Anything, after(150.0));
    put.await.unwrap();
    assert_eq!(rows(&bench, "tick").await, [(0.0, 120.0, 3, "changed")]);
}

#[tokio::test]
async fn the_same_schedule_goes_on_with_what_was_due() {
    let bench = Bench::new().await;
    bench.put("tick", every(1)).await;
    let later = JobDraft {
        next_fire_at: Some(after(4.0)),
        ..draft("tick", every(1))
    };
    let put = bench.store.put_job(later, Expected::Anything, after(10.5));
    put.await.unwrap();
    assert_eq!(rows(&bench, "tick").await, [(1.0, 3.0, 3, "changed")]);
    bench.renew("a", 10.6).await;
    bench.claim(10.6, 11.0).await;
    let rows = rows(&bench, "tick").await;
    assert_eq!(
        rows[1..],
        [(4.0, 9.0, 6, "coalesced"), (10.0, 10.0, 1, "claimed")]
    );
}

#[tokio::test]
async fn what_was_due_at_a_pause_by_failures_is_on_record() {
    let bench = Bench::new().await;
    let policies = Policies {
        pause_after_failures: Some(1),
        ..Policies::default()
    };
    let tick = JobDraft {
        policies,
        ..draft("tick", every(1))
    };
    bench.put_draft(tick).await;
    let claims = bench.claim(0.5, 1.5).await.claims;
    let started = bench.start_firing(&claims, 0.95).await;
    let failed = |claim: Claim| RunRecord {
        ended_at: after(7.5),
        outcome: Outcome::failed(schedule_server::domain::occurrence::Reason::Timeout, "late"),
        ..succeeded(claim)
    };
    let records: Vec<_> = started.into_iter().map(failed).collect();
    bench.store.record(records.into()).await.unwrap();
    let expected = [(1.0, 1.0, 1, "timeout"), (2.0, 7.0, 6, "paused")];
    assert_eq!(rows(&bench, "tick").await, expected);
}

#[tokio::test]
async fn versions_go_a_day_after_what_they_explain() {
    let bench = Bench::new().await;
    bench.put("tick", every(1)).await;
    for second in [1.5, 2.5] {
        bench.pause("tick", second).await;
        bench.resume("tick", second + 0.1).await;
    }
    assert_eq!(versions(&bench).await.len(), 4);
    let cut = async |before: f64, limit| {
        let before = after(before) + TimeDelta::days(1);
        let cut = bench.store.cut(Cut::Versions { before, limit }).await;
        cut.unwrap().deleted
    };
    assert_eq!(cut(1.5, 9).await, 0);
    assert_eq!(cut(2.55, 2).await, 2);
    assert_eq!(cut(2.55, 2).await, 1);
    assert_eq!(cut(2.55, 2).await, 0);
    assert_eq!(versions(&bench).await.len(), 1);
}
