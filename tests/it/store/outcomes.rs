//! What the ends of occurrences leave with their jobs, and the pause after too
//! many failures in a row.

use schedule_server::domain::occurrence::Reason;
use schedule_server::domain::policy::{CatchUp, Overlap};
use schedule_server::store::PausedJob;
use sqlx::Row;

use super::*;

/// How a firing ends, for short.
#[derive(Debug, Clone, Copy)]
enum End {
    Good,
    Bad,
    Unknown,
}
use End::{Bad, Good, Unknown};

/// The record of an end, at so many seconds after noon.
fn ended(claim: &Claim, end: End, at: f64) -> RunRecord {
    let outcome = match end {
        Good => Outcome::default(),
        Bad => Outcome::failed(Reason::Status, "the target answered 500"),
        Unknown => Outcome::failed(Reason::LockHeld, "somebody else has it"),
    };
    RunRecord {
        outcome,
        ended_at: after(at),
        ..succeeded(claim.clone())
    }
}

async fn record(bench: &Bench, records: &[RunRecord]) -> Vec<PausedJob> {
    bench.store.record(records.into()).await.unwrap().paused
}

/// A job each second of which many runs may go on at once, and which is paused
/// after so many failures.
fn tick(limit: Option<u32>) -> JobDraft {
    JobDraft {
        policies: Policies {
            pause_after_failures: limit,
            catch_up: CatchUp::All(100),
            overlap: Overlap::Allow(100),
            ..Policies::default()
        },
        ..draft("tick", every(1))
    }
}

/// The runs of `tick` of the `count` seconds after `from`, all firing.
async fn firing(bench: &Bench, from: i32, count: i32) -> Vec<Claim> {
    let now = f64::from(from + count) + 0.5;
    bench.renew("a", now).await;
    let claims = bench.claim(now, now + 0.1).await.claims;
    assert_eq!(claims.len(), usize::try_from(count).unwrap());
    bench.start_firing(&claims, now).await
}

/// A manual run of `tick`, firing.
async fn manual(bench: &Bench, now: f64) -> Claim {
    bench.run_now("tick", now).await;
    let claims = bench.claim(now, now + 0.01).await.claims;
    let manual = claims
        .into_iter()
        .filter(|c| c.occurrence.kind == OccurrenceKind::Manual);
    let started = bench.start_firing(&manual.collect::<Vec<_>>(), now).await;
    assert_eq!(started.len(), 1);
    started[0].clone()
}

async fn job(bench: &Bench) -> schedule_server::domain::job::Job {
    bench.store.job(&id("tick")).await.unwrap().unwrap().job
}

/// State and instant (seconds after noon) of the last end the job knows of.
async fn last(bench: &Bench) -> (Option<String>, Option<f64>) {
    let mut file = bench.connect().await;
    let sql = "SELECT last_state, last_ended_at FROM jobs";
    let row = sqlx::query(sql).fetch_one(&mut file).await.unwrap();
    let state: Option<String> = row.get(0);
    let at = row.get::<Option<i64>, _>(1);
    (
        state,
        at.map(|at| (at - noon().timestamp_millis()) as f64 / 1000.0),
    )
}

fn was(state: &str, at: f64) -> (Option<String>, Option<f64>) {
    (Some(state.to_owned()), Some(at))
}

const NOTHING: (Option<String>, Option<f64>) = (None, None);

#[tokio::test]
async fn failures_in_a_row_are_counted_in_their_order() {
    let table: &[(&[End], u32)] = &[
        (&[Bad], 1),
        (&[Bad, Bad], 2),
        (&[Bad, Bad, Good], 0),
        (&[Good, Bad, Bad], 2),
        (&[Bad, Good, Bad], 1),
        (&[Bad, Unknown, Bad], 2),
        (&[Unknown], 0),
    ];
    for (ends, failures) in table {
        for one_by_one in [true, false] {
            let bench = Bench::new().await;
            bench.put_draft(tick(None)).await;
            let before = firing(&bench, 0, 1).await;
            record(&bench, &[ended(&before[0], Bad, 1.0)]).await;
            let count = i32::try_from(ends.len()).unwrap();
            let claims = firing(&bench, 1, count).await;
            let records: Vec<_> = claims
                .iter()
                .zip(*ends)
                .zip(2..)
                .map(|((claim, end), at)| ended(claim, *end, f64::from(at)))
                .collect();
            for batch in records.chunks(if one_by_one { 1 } else { 100 }) {
                assert_eq!(record(&bench, batch).await, [], "no limit, no pause");
            }
            let succeeded = ends.iter().any(|end| matches!(end, Good));
            let expected = failures + u32::from(!succeeded);
            assert_eq!(
                job(&bench).await.failures,
                expected,
                "{ends:?}, {one_by_one}"
            );
        }
    }
}

#[tokio::test]
async fn a_manual_run_fails_for_itself_and_succeeds_for_the_job() {
    let bench = Bench::new().await;
    bench.put_draft(tick(Some(2))).await;
    let claims = firing(&bench, 0, 1).await;
    record(&bench, &[ended(&claims[0], Bad, 1.0)]).await;
    let claim = manual(&bench, 1.6).await;
    assert_eq!(record(&bench, &[ended(&claim, Bad, 1.7)]).await, []);
    assert_eq!(job(&bench).await.failures, 1);
    assert_eq!(last(&bench).await, was("failed", 1.7));
    let claim = manual(&bench, 1.8).await;
    record(&bench, &[ended(&claim, Good, 1.9)]).await;
    assert_eq!(job(&bench).await.failures, 0);
    assert_eq!(last(&bench).await, was("succeeded", 1.9));
}

#[tokio::test]
async fn an_attempt_that_is_made_again_is_no_end() {
    let bench = Bench::new().await;
    bench.put_draft(tick(Some(1))).await;
    let claims = firing(&bench, 0, 1).await;
    let again = RunRecord {
        retry_at: Some(after(3.0)),
        ..ended(&claims[0], Bad, 1.0)
    };
    assert_eq!(record(&bench, &[again]).await, []);
    assert_eq!(
        (job(&bench).await.failures, last(&bench).await),
        (0, NOTHING)
    );
}

/// A change of the job settles what waits for a retry; what was under way at that
/// moment is not tried again either.
#[tokio::test]
async fn no_attempt_is_made_again_of_a_job_that_changed_meanwhile() {
    for change in ["remove", "pause", "put"] {
        let bench = Bench::new().await;
        bench.put_draft(tick(None)).await;
        let claims = firing(&bench, 0, 1).await;
        match change {
            "remove" => assert_eq!(bench.remove("tick", 1.0).await, Change::Done(())),
            "pause" => assert!(matches!(bench.pause("tick", 1.0).await, Change::Done(_))),
            _ => bench.put("tick", every(7)).await,
        }
        let again = RunRecord {
            retry_at: Some(after(3.0)),
            ..ended(&claims[0], Bad, 1.5)
        };
        record(&bench, &[again]).await;
        assert_eq!(
            bench.row("tick").await,
            ("failed", Some("status")),
            "{change}"
        );
        assert!(bench.start_firing(&claims, 3.0).await.is_empty());
    }
}

/// Its holder stood still for longer than its lease, and was settled. What it knows
/// then is on record; it has no right to a further attempt.
#[tokio::test]
async fn what_has_become_unknown_is_not_tried_again() {
    let bench = Bench::new().await;
    bench.put_draft(tick(None)).await;
    let claims = firing(&bench, 0, 1).await;
    bench.store.settle_dead(after(60.0)).await.unwrap();
    bench.remove("tick", 60.0).await;
    let again = RunRecord {
        retry_at: Some(after(62.0)),
        ..ended(&claims[0], Bad, 61.0)
    };
    record(&bench, &[again]).await;
    assert_eq!(bench.first_row("tick").await, ("failed", Some("status")));
    assert!(bench.start_firing(&claims, 62.0).await.is_empty());
    let rows = bench.ledger("tick").await;
    assert!(rows.iter().all(|row| row.past_attempts.is_empty()));
}

#[tokio::test]
async fn the_last_end_is_the_latest_one() {
    let bench = Bench::new().await;
    bench.put_draft(tick(None)).await;
    let claims = firing(&bench, 0, 5).await;
    record(&bench, &[ended(&claims[0], Bad, 9.0)]).await;
    record(&bench, &[ended(&claims[1], Good, 7.0)]).await;
    assert_eq!(last(&bench).await, was("failed", 9.0));
    record(&bench, &[ended(&claims[2], Unknown, 9.5)]).await;
    assert_eq!(last(&bench).await, was("unknown", 9.5));
    let together = [ended(&claims[3], Bad, 9.9), ended(&claims[4], Good, 9.9)];
    record(&bench, &together).await;
    assert_eq!(
        last(&bench).await,
        was("succeeded", 9.9),
        "the later record"
    );
}

#[tokio::test]
async fn a_record_counts_once_and_only_its_holders() {
    let bench = Bench::new().await;
    bench.put_draft(tick(None)).await;
    let claims = firing(&bench, 0, 1).await;
    let bad = ended(&claims[0], Bad, 1.0);
    let zombie = RunRecord {
        claim: Claim {
            fence: claims[0].fence - 1,
            ..claims[0].clone()
        },
        ..bad.clone()
    };
    record(&bench, &[zombie]).await;
    assert_eq!(
        (job(&bench).await.failures, last(&bench).await),
        (0, NOTHING)
    );
    for _ in 0..2 {
        record(&bench, std::slice::from_ref(&bad)).await;
    }
    assert_eq!(job(&bench).await.failures, 1);
}

#[tokio::test]
async fn of_two_holders_in_one_write_only_the_present_one_counts() {
    let bench = Bench::new().await;
    bench.put_draft(tick(Some(2))).await;
    let claims = firing(&bench, 0, 1).await;
    let former = Claim {
        fence: claims[0].fence - 1,
        ..claims[0].clone()
    };
    let records = [
        ended(&former, Bad, 1.0),
        ended(&claims[0], Bad, 1.5),
        ended(&former, Good, 2.0),
    ];
    assert_eq!(record(&bench, &records).await, []);
    assert_eq!(job(&bench).await.failures, 1);
    assert_eq!(last(&bench).await, was("failed", 1.5));
}

#[tokio::test]
async fn so_many_failures_pause_the_job_and_a_resume_starts_afresh() {
    let bench = Bench::new().await;
    let version = bench.put_draft(tick(Some(3))).await.version;
    let claims = firing(&bench, 0, 3).await;
    assert_eq!(record(&bench, &[ended(&claims[0], Bad, 1.0)]).await, []);
    assert_eq!(record(&bench, &[ended(&claims[1], Bad, 2.0)]).await, []);
    let waiting = bench.claim(3.5, 4.5).await.claims;
    bench.run_now("tick", 3.6).await;
    let paused = record(&bench, &[ended(&claims[2], Bad, 3.7)]).await;
    let expected = PausedJob {
        id: id("tick"),
        failures: 3,
    };
    assert_eq!(paused, [expected]);
    let row = bench.store.job(&id("tick")).await.unwrap().unwrap();
    let found = row.job;
    assert_eq!(
        (found.state, found.paused_by_failures),
        (JobState::Paused, true)
    );
    assert_eq!((found.next_fire_at, row.claimed_fire_at), (None, None));
    assert_eq!((found.failures, found.revision.version), (3, version + 1));
    assert_eq!(found.updated_at, noon(), "no client changed it");
    assert!(bench.start_firing(&waiting, 3.9).await.is_empty());
    let ledger = bench.ledger("tick").await;
    assert_eq!(ledger[0].reason, Some(Reason::Paused));
    assert_eq!(ledger[1].occurrence.kind, OccurrenceKind::Manual);
    assert_eq!(
        ledger[1].state.as_str(),
        "claimed",
        "a pause is about the schedule"
    );
    bench.resume("tick", 3.95).await;
    let found = job(&bench).await;
    assert_eq!(
        (found.state, found.paused_by_failures),
        (JobState::Running, false)
    );
    assert_eq!((found.failures, found.next_fire_at), (0, Some(after(4.0))));
}

#[tokio::test]
async fn failures_within_one_batch_pause_the_job_as_well() {
    for (ends, state) in [
        ([Bad, Bad, Bad], JobState::Paused),
        ([Bad, Bad, Good], JobState::Running),
        ([Good, Bad, Bad], JobState::Running),
    ] {
        let bench = Bench::new().await;
        bench.put_draft(tick(Some(3))).await;
        let claims = firing(&bench, 0, 3).await;
        let records: Vec<_> = claims
            .iter()
            .zip(ends)
            .map(|(claim, end)| ended(claim, end, 3.0))
            .collect();
        record(&bench, &records).await;
        assert_eq!(job(&bench).await.state, state, "{ends:?}");
    }
}

#[tokio::test]
async fn a_replaced_job_starts_afresh() {
    let bench = Bench::new().await;
    bench.put_draft(tick(None)).await;
    let claims = firing(&bench, 0, 1).await;
    record(&bench, &[ended(&claims[0], Bad, 1.0)]).await;
    bench.put_draft(tick(None)).await;
    assert_eq!(job(&bench).await.failures, 0);
    assert_eq!(last(&bench).await, was("failed", 1.0), "the same job");
}

/// A failure of what was claimed before the client changed the job.
#[tokio::test]
async fn a_late_failure_does_not_count_against_a_changed_job() {
    let bench = Bench::new().await;
    bench.put_draft(tick(Some(1))).await;
    let claims = firing(&bench, 0, 2).await;
    bench.put_draft(tick(Some(1))).await;
    assert_eq!(record(&bench, &[ended(&claims[0], Bad, 2.0)]).await, []);
    assert_eq!(job(&bench).await.failures, 0);
    assert_eq!(last(&bench).await, was("failed", 2.0), "it did end");
    bench.pause("tick", 2.1).await;
    bench.resume("tick", 2.2).await;
    let again = firing(&bench, 2, 1).await;
    let batch = [ended(&again[0], Bad, 3.0), ended(&claims[1], Good, 3.1)];
    assert_eq!(record(&bench, &batch).await.len(), 1, "no success either");
}

#[tokio::test]
async fn within_one_batch_only_the_latest_revision_counts() {
    let bench = Bench::new().await;
    bench.put_draft(tick(Some(2))).await;
    let old = firing(&bench, 0, 2).await;
    bench.pause("tick", 2.1).await;
    bench.resume("tick", 2.2).await;
    let new = firing(&bench, 2, 1).await;
    let batch = [&old[0], &new[0], &old[1]].map(|claim| ended(claim, Bad, 3.0));
    assert_eq!(record(&bench, &batch).await, []);
    assert_eq!(job(&bench).await.failures, 1);
}

#[tokio::test]
async fn an_end_leaves_nothing_with_another_job_of_the_same_id() {
    let bench = Bench::new().await;
    bench.put_draft(tick(Some(1))).await;
    let claims = firing(&bench, 0, 2).await;
    bench.remove("tick", 2.0).await;
    let put = bench
        .store
        .put_job(tick(Some(1)), Expected::NoJob, after(2.1));
    put.await.unwrap().unwrap();
    assert_eq!(record(&bench, &[ended(&claims[0], Bad, 2.2)]).await, []);
    assert_eq!(
        (job(&bench).await.failures, last(&bench).await),
        (0, NOTHING)
    );
    bench.store.settle_dead(after(10.0)).await.unwrap();
    assert_eq!(last(&bench).await, NOTHING);
}

#[tokio::test]
async fn what_a_dead_replica_leaves_unknown_is_the_jobs_last_end() {
    let bench = Bench::new().await;
    bench.put_draft(tick(None)).await;
    let claims = firing(&bench, 0, 2).await;
    record(&bench, &[ended(&claims[0], Bad, 2.0)]).await;
    bench.store.settle_dead(after(10.0)).await.unwrap();
    assert_eq!(last(&bench).await, was("unknown", 10.0));
    assert_eq!(job(&bench).await.failures, 1, "it is no failure");
    // It was only slow: its word stands, and counts.
    record(&bench, &[ended(&claims[1], Bad, 3.0)]).await;
    assert_eq!(last(&bench).await, was("failed", 3.0));
    assert_eq!(job(&bench).await.failures, 2);
}

#[tokio::test]
async fn a_job_that_ends_with_its_failure_is_gone_and_not_paused() {
    let bench = Bench::new().await;
    let once = JobDraft {
        schedule: date(1).into(),
        ..tick(Some(1))
    };
    bench.put_draft(once).await;
    let claims = firing(&bench, 0, 1).await;
    assert_eq!(record(&bench, &[ended(&claims[0], Bad, 1.0)]).await, []);
    assert_eq!(bench.stored_jobs().await, 0);
}

/// The row of an ended job is used again when its id is.
#[tokio::test]
async fn a_job_added_after_the_end_of_another_knows_nothing_of_it() {
    let bench = Bench::new().await;
    let once = JobDraft {
        schedule: date(1).into(),
        ..tick(None)
    };
    bench.put_draft(once).await;
    let scheduled = bench.claim(0.5, 1.5).await.claims;
    let beside = manual(&bench, 0.6).await;
    let claims = bench.start_firing(&scheduled, 0.9).await;
    record(&bench, &[ended(&beside, Bad, 1.0)]).await;
    assert_eq!(last(&bench).await, was("failed", 1.0));
    let put = bench.store.put_job(tick(None), Expected::NoJob, after(1.1));
    put.await.unwrap().unwrap();
    assert_eq!(last(&bench).await, NOTHING);
    record(&bench, &[ended(&claims[0], Bad, 1.2)]).await;
    assert_eq!(last(&bench).await, NOTHING);
}
