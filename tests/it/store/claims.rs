use std::collections::HashSet;

use super::*;

#[tokio::test]
async fn a_claim_moves_the_next_fire_time_in_the_same_step() {
    let bench = Bench::new().await;
    bench.put("tick", every(10)).await;
    bench.renew("a", 9.5).await;
    let claims = bench.claim(9.5, 11.0).await.claims;
    assert_eq!(claims.len(), 1);
    assert_eq!(claims[0].occurrence.fire_at, after(10.0));
    assert!(!claims[0].ends_job);
    let row = bench.store.job(&id("tick")).await.unwrap().unwrap();
    assert_eq!(row.job.next_fire_at, Some(after(20.0)));
    assert_eq!(
        row.claimed_fire_at,
        Some(after(10.0)),
        "shown until it is sent"
    );
    assert_eq!(bench.claim(9.6, 11.0).await, Claimed::default());
    assert_eq!(bench.row("tick").await, ("claimed", None));
}

#[tokio::test]
async fn only_what_falls_due_before_the_limit_is_claimed() {
    let bench = Bench::new().await;
    bench.put("at-1", date(1)).await;
    bench.put("at-2", date(2)).await;
    let claims = bench.claim(0.0, 2.0).await.claims;
    let ids: Vec<_> = claims
        .iter()
        .map(|c| c.occurrence.job_id.as_str())
        .collect();
    assert_eq!(ids, ["at-1"]);
}

#[tokio::test]
async fn a_full_batch_says_that_there_may_be_more() {
    let bench = Bench::new().await;
    for n in 0..5 {
        bench.put(&format!("job-{n}"), date(1)).await;
    }
    let request = ClaimRequest {
        limit: 3,
        ..request("a", 0.0, 2.0)
    };
    let first = bench.store.claim(request.clone()).await.unwrap();
    assert_eq!((first.claims.len(), first.more), (3, true));
    let second = bench.store.claim(request).await.unwrap();
    assert_eq!((second.claims.len(), second.more), (2, false));
    assert!(second.claims[0].fence > first.claims[0].fence);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_never_claim_the_same_occurrence() {
    let bench = Bench::new().await;
    let other = bench.another().await;
    other.renew_lease("b", noon(), LEASE).await.unwrap();
    for n in 0..400 {
        bench.put(&format!("job-{n}"), date(n % 2)).await;
    }
    let small = |replica| ClaimRequest {
        limit: 7,
        ..request(replica, 0.5, 3.0)
    };
    let claim_all = async |store: &SqliteStore, replica| {
        let mut claims = Vec::new();
        loop {
            let claimed = store.claim(small(replica)).await.unwrap();
            claims.extend(claimed.claims);
            if !claimed.more {
                return claims;
            }
        }
    };
    let (a, b) = tokio::join!(claim_all(&bench.store, "a"), claim_all(&other, "b"));
    let jobs: HashSet<_> = a.iter().chain(&b).map(|c| &c.occurrence.job_id).collect();
    assert_eq!((jobs.len(), a.len() + b.len()), (400, 400));
}

#[tokio::test]
async fn a_change_by_the_client_settles_what_is_claimed() {
    let bench = Bench::new().await;
    for job in ["paused", "removed", "changed", "kept"] {
        bench.put(job, date(1)).await;
    }
    let claims = bench.claim(0.0, 2.0).await.claims;
    bench.pause("paused", 0.5).await;
    bench.remove("removed", 0.5).await;
    bench.put("changed", date(40)).await;
    let started = bench.start_firing(&claims, 0.9).await;
    let ids: Vec<_> = started
        .iter()
        .map(|c| c.occurrence.job_id.as_str())
        .collect();
    assert_eq!(ids, ["kept"]);
    for job in ["paused", "removed", "changed"] {
        assert_eq!(bench.row(job).await, ("skipped", Some(job)));
    }
    assert_eq!(bench.row("kept").await, ("firing", None));
}

#[tokio::test]
async fn a_job_added_again_unchanged_keeps_its_next_occurrence() {
    let bench = Bench::new().await;
    bench.put("job", date(1)).await;
    let old = bench.claim(0.0, 2.0).await.claims;
    bench.put("job", date(1)).await;
    let new = bench.claim(0.2, 2.0).await.claims;
    assert_eq!(new.len(), 1, "planned anew");
    assert!(
        bench.start_firing(&old, 0.9).await.is_empty(),
        "the old claim"
    );
    assert_eq!(bench.start_firing(&new, 0.9).await.len(), 1);
}

#[tokio::test]
async fn what_was_sent_is_never_claimed_again() {
    let bench = Bench::new().await;
    bench.put("job", date(1)).await;
    let claims = bench.claim(0.0, 2.0).await.claims;
    let started = bench.start_firing(&claims, 0.9).await;
    bench.put("job", date(1)).await;
    assert!(
        bench.claim(1.0, 2.0).await.claims.is_empty(),
        "it is firing"
    );
    let records: Vec<_> = started.into_iter().map(succeeded).collect();
    bench.store.record(records.into()).await.unwrap();
    bench.put("job", date(1)).await;
    assert!(
        bench.claim(1.1, 2.0).await.claims.is_empty(),
        "it has fired"
    );
    assert_eq!(bench.row("job").await, ("succeeded", None));
}

#[tokio::test]
async fn a_run_that_goes_on_makes_the_next_one_skip() {
    let bench = Bench::new().await;
    bench.put("slow", every(1)).await;
    let first = bench.claim(0.5, 2.0).await.claims;
    let running = bench.start_firing(&first, 0.95).await;
    let second = bench.claim(1.5, 3.0).await.claims;
    assert!(bench.start_firing(&second, 2.0).await.is_empty());
    let rows = bench.ledger("slow").await;
    assert_eq!(rows[0].reason.map(|r| r.as_str()), Some("overlap"));
    let ended = running.into_iter().map(succeeded).collect::<Vec<_>>();
    bench.store.record(ended.into()).await.unwrap();
    let third = bench.claim(2.5, 4.0).await.claims;
    assert_eq!(bench.start_firing(&third, 2.95).await.len(), 1);
}

#[tokio::test]
async fn a_job_is_removed_when_its_last_occurrence_fires() {
    let bench = Bench::new().await;
    bench.put("once", date(1)).await;
    let claims = bench.claim(0.0, 2.0).await.claims;
    assert!(claims[0].ends_job);
    assert!(bench.exists("once").await, "still to be fired");
    bench.start_firing(&claims, 0.9).await;
    assert!(!bench.exists("once").await);
}

#[tokio::test]
async fn a_date_found_too_late_is_missed_and_its_job_removed() {
    let bench = Bench::new().await;
    bench.put("late", date(1)).await;
    bench.renew("a", 100.0).await;
    assert!(bench.claim(100.0, 101.0).await.claims.is_empty());
    assert_eq!(bench.row("late").await, ("missed", Some("grace")));
    assert!(!bench.exists("late").await);
}

#[tokio::test]
async fn a_downtime_is_one_row_for_many_fire_times() {
    let bench = Bench::new().await;
    bench.put("tick", every(1)).await;
    bench.renew("a", 3600.0).await;
    let claims = bench.claim(3600.5, 3601.0).await.claims;
    assert_eq!(claims[0].occurrence.fire_at, after(3600.0));
    let rows = bench.ledger("tick").await;
    let coalesced = &rows[1];
    assert_eq!(coalesced.state.as_str(), "coalesced");
    assert_eq!(
        (coalesced.count, coalesced.last_fire_at),
        (3599, after(3599.0))
    );
    assert_eq!(coalesced.into_fire_at, Some(after(3600.0)));
}

#[tokio::test]
async fn an_outcome_is_kept_whole() {
    let bench = Bench::new().await;
    bench.put("job", date(1)).await;
    let claims = bench.claim(0.0, 2.0).await.claims;
    let started = bench.start_firing(&claims, 0.9).await;
    let outcome = Outcome {
        reason: schedule_server::domain::occurrence::Reason::parse("status"),
        status: Some(503),
        error: Some("the target answered 503".into()),
        body: Some("忙 \u{0} \"busy\"".into()),
        ..Outcome::default()
    };
    let record = RunRecord {
        claim: started[0].clone(),
        sent_at: Some(after(1.007)),
        duration_ms: Some(42),
        ended_at: after(1.049),
        outcome: outcome.clone(),
        retry_at: None,
    };
    bench.store.record([record].into()).await.unwrap();
    let row = &bench.ledger("job").await[0];
    assert_eq!(row.state.as_str(), "failed");
    assert_eq!((row.lateness_ms, row.duration_ms), (Some(7), Some(42)));
    assert_eq!((row.status, &row.error), (Some(503), &outcome.error));
    assert_eq!(row.body, outcome.body);
    assert_eq!(row.replica.as_deref(), Some("a"));
}
