//! Runs that a client asks for, beside the schedule.

use schedule_server::domain::policy::{Delivery, Overlap, Policies};

use super::*;

/// The one claim that can be adopted at `now`, a manual one.
async fn adopt(bench: &Bench, replica: &str, now: f64) -> Claim {
    bench.renew(replica, now).await;
    let claims = bench.claim_for(replica, now, now + 0.1).await.claims;
    assert_eq!(claims.len(), 1, "{claims:?}");
    assert_eq!(claims[0].occurrence.kind, OccurrenceKind::Manual);
    claims[0].clone()
}

/// State and reason of each row of a job, with its kind, newest first.
async fn rows(bench: &Bench, job: &str) -> Vec<(&'static str, &'static str, Option<&'static str>)> {
    let entries = bench.ledger(job).await;
    let row = |e: &LedgerEntry| {
        let reason = e.reason.map(|r| r.as_str());
        (e.occurrence.kind.as_str(), e.state.as_str(), reason)
    };
    entries.iter().map(row).collect()
}

#[tokio::test]
async fn it_is_a_run_of_its_own_beside_the_schedule() {
    let bench = Bench::new().await;
    bench.put("tick", every(10)).await;
    bench.renew("a", 9.5).await;
    let scheduled = bench.claim(9.5, 10.5).await.claims;
    let before = bench.store.job(&id("tick")).await.unwrap();
    let run = bench.run_now("tick", 9.6).await;
    assert_eq!(run.occurrence.fire_at, after(9.6));
    let claim = adopt(&bench, "a", 9.6).await;
    assert_eq!(
        (claim.row_id, &claim.occurrence),
        (run.row_id, &run.occurrence)
    );
    assert_eq!((claim.due_at, claim.ends_job), (after(9.6), false));
    assert_eq!(bench.store.job(&id("tick")).await.unwrap(), before);
    assert_eq!(bench.store.jobs("").await.unwrap(), [before.unwrap()]);
    let started = bench.start_firing(&[claim], 9.6).await;
    bench.succeed(started).await;
    assert_eq!(bench.start_firing(&scheduled, 9.9).await.len(), 1);
    let rows = rows(&bench, "tick").await;
    assert_eq!(
        rows,
        [("scheduled", "firing", None), ("manual", "succeeded", None)]
    );
}

#[tokio::test]
async fn the_next_run_a_client_is_shown_is_that_of_the_schedule() {
    let bench = Bench::new().await;
    bench.put("tick", every(10)).await;
    bench.run_now("tick", 1.0).await;
    let row = bench.store.job(&id("tick")).await.unwrap().unwrap();
    assert_eq!(
        (row.claimed_fire_at, row.job.next_fire_at),
        (None, Some(after(10.0)))
    );
    assert_eq!(bench.store.jobs("").await.unwrap(), [row]);
}

#[tokio::test]
async fn at_the_instant_of_a_scheduled_one_both_are_fired_under_their_own_ids() {
    let bench = Bench::new().await;
    bench.put("once", date(1)).await;
    bench.run_now("once", 1.0).await;
    let claims = bench.claim(1.0, 2.0).await.claims;
    let kinds: Vec<_> = claims.iter().map(|c| c.occurrence.kind).collect();
    assert_eq!(kinds, OccurrenceKind::ALL);
    assert_eq!(claims[0].occurrence.fire_at, claims[1].occurrence.fire_at);
    assert_ne!(
        claims[0].occurrence.fire_id(),
        claims[1].occurrence.fire_id()
    );
}

#[tokio::test]
async fn a_millisecond_that_has_one_gives_way_to_the_next_free_one() {
    let bench = Bench::new().await;
    bench.put("tick", every(10)).await;
    let mut at = Vec::new();
    for now in [1.002, 1.0, 1.0, 1.0, 1.0] {
        at.push(bench.run_now("tick", now).await.occurrence.fire_at);
    }
    assert_eq!(at, [1.002, 1.0, 1.001, 1.003, 1.004].map(after));
}

#[tokio::test]
async fn it_is_listed_as_due_at_once() {
    let bench = Bench::new().await;
    bench.put("tick", every(40)).await;
    bench.run_now("tick", 1.5).await;
    let due = bench.store.due_seconds(after(1.5), after(4.5)).await;
    assert_eq!(due.unwrap(), [after(1.0).timestamp()]);
}

#[tokio::test]
async fn without_a_job_there_is_no_run() {
    let bench = Bench::new().await;
    bench.put("once", date(1)).await;
    let claims = bench.claim(0.5, 2.0).await.claims;
    bench.start_firing(&claims, 0.9).await;
    for job in ["nope", "once"] {
        let run = bench.store.run_now(&id(job), after(1.0)).await;
        assert_eq!(run, Ok(None), "{job}");
    }
    assert_eq!(bench.ledger("once").await.len(), 1);
}

#[tokio::test]
async fn a_paused_job_runs_and_stays_paused() {
    let bench = Bench::new().await;
    bench.put("tick", every(10)).await;
    bench.pause("tick", 0.5).await;
    let paused = bench.store.job(&id("tick")).await.unwrap();
    bench.run_now("tick", 1.0).await;
    let claim = adopt(&bench, "a", 1.0).await;
    let started = bench.start_firing(&[claim], 1.0).await;
    bench.succeed(started).await;
    assert_eq!(rows(&bench, "tick").await, [("manual", "succeeded", None)]);
    assert_eq!(bench.store.job(&id("tick")).await.unwrap(), paused);
}

#[tokio::test]
async fn a_pause_is_about_the_schedule_a_removal_and_a_replacement_about_all() {
    let bench = Bench::new().await;
    for job in ["paused", "removed", "changed"] {
        bench.put(job, date(40)).await;
        bench.run_now(job, 1.0).await;
    }
    let claims = bench.claim(1.0, 2.0).await.claims;
    bench.pause("paused", 1.0).await;
    bench.remove("removed", 1.0).await;
    bench.put("changed", date(50)).await;
    let started = bench.start_firing(&claims, 1.0).await;
    let ids: Vec<_> = started
        .iter()
        .map(|c| c.occurrence.job_id.as_str())
        .collect();
    assert_eq!(ids, ["paused"]);
    for job in ["removed", "changed"] {
        assert_eq!(bench.row(job).await, ("skipped", Some(job)));
    }
}

/// Its next fire time is as absent as that of a job that has fired its last.
#[tokio::test]
async fn it_ends_no_job() {
    let bench = Bench::new().await;
    let never = JobDraft {
        next_fire_at: None,
        ..draft("never", each_minute())
    };
    bench.put_draft(never).await;
    bench.put("claimed", date(2)).await;
    let scheduled = bench.claim(1.5, 2.5).await.claims;
    for job in ["never", "claimed"] {
        bench.run_now(job, 1.6).await;
        let claim = adopt(&bench, "a", 1.6).await;
        let started = bench.start_firing(&[claim], 1.6).await;
        assert!(bench.exists(job).await, "{job} while it fires");
        bench.succeed(started).await;
        assert!(bench.exists(job).await, "{job} after it");
    }
    assert_eq!(bench.start_firing(&scheduled, 1.9).await.len(), 1);
    assert!(!bench.exists("claimed").await, "its schedule ended it");
}

/// Runs that wait for their turn come after the last fire time; nothing of the job is
/// left behind them.
#[tokio::test]
async fn those_that_wait_keep_no_job_from_ending() {
    let bench = Bench::new().await;
    let queues = Policies {
        overlap: Overlap::Queue(2),
        ..Policies::default()
    };
    let draft = JobDraft {
        policies: queues,
        ..draft("once", date(2))
    };
    bench.put_draft(draft).await;
    bench.run_now("once", 1.0).await;
    let first = adopt(&bench, "a", 1.0).await;
    let running = bench.start_firing(&[first], 1.0).await;
    bench.run_now("once", 1.1).await;
    let second = adopt(&bench, "a", 1.1).await;
    assert!(bench.start_firing(&[second], 1.1).await.is_empty(), "waits");
    let scheduled = bench.claim(1.5, 2.5).await.claims;
    let last = bench.start_firing(&scheduled, 1.9).await;
    assert_eq!(last.len(), 1);
    assert!(!bench.exists("once").await, "its schedule ended it");
    bench.succeed(last).await;
    bench.succeed(running).await;
    let second = adopt(&bench, "a", 2.1).await;
    let started = bench.start_firing(&[second], 2.1).await;
    assert_eq!(started.len(), 1, "it is sent all the same");
    bench.succeed(started).await;
    assert_eq!(bench.stored_jobs().await, 0);
}

#[tokio::test]
async fn found_too_late_it_is_missed_by_the_grace_of_its_job() {
    let bench = Bench::new().await;
    // Nobody settles what `a` held.
    bench.dir.leave_unchecked();
    bench.put("cron", each_minute()).await;
    bench.pause("cron", 0.0).await;
    bench.put("interval", every(3_600)).await;
    bench.put("claimed", date(2)).await;
    bench.claim(1.5, 2.5).await;
    for job in ["cron", "interval", "claimed"] {
        bench.run_now(job, 1.6).await;
    }
    bench.renew("b", 120.0).await;
    let claims = bench.claim_for("b", 120.0, 121.0).await.claims;
    let ids: Vec<_> = claims
        .iter()
        .map(|c| c.occurrence.job_id.as_str())
        .collect();
    assert_eq!(ids, ["interval"], "it may be late however much");
    assert_eq!(
        rows(&bench, "cron").await,
        [("manual", "missed", Some("grace"))]
    );
    assert!(
        bench.exists("claimed").await,
        "its date is still to be sent"
    );
}

#[tokio::test]
async fn what_a_dead_replica_held_of_it_is_settled_as_ever() {
    let bench = Bench::new().await;
    bench.put("tick", every(40)).await;
    bench.run_now("tick", 1.0).await;
    let old = adopt(&bench, "a", 1.0).await;
    let settled = bench.store.settle_dead(after(5.0)).await.unwrap();
    assert_eq!((settled.given_back, settled.unknown), (1, 0));
    let new = adopt(&bench, "b", 5.0).await;
    assert_eq!(new.occurrence, old.occurrence);
    assert!(
        bench.start_firing(&[old], 5.0).await.is_empty(),
        "the zombie"
    );
    assert_eq!(bench.start_firing(&[new], 5.0).await.len(), 1);
    let settled = bench.store.settle_dead(after(10.0)).await.unwrap();
    assert_eq!((settled.given_back, settled.unknown), (0, 1));
    assert_eq!(bench.row("tick").await, ("unknown", Some("replica_died")));
}

/// A manual run under way when its job ends, sent again for a dead replica:
/// clients do not see the job again, and nothing is kept of it afterwards.
#[tokio::test]
async fn sent_again_it_does_not_bring_back_an_ended_job() {
    let bench = Bench::new().await;
    let again = Policies {
        delivery: Delivery::AtLeastOnce,
        ..Policies::default()
    };
    let draft = JobDraft {
        policies: again,
        ..draft("once", date(2))
    };
    bench.put_draft(draft).await;
    let scheduled = bench.claim(1.5, 2.5).await.claims;
    bench.run_now("once", 1.6).await;
    let manual = adopt(&bench, "b", 1.6).await;
    let started = bench.start_firing(&scheduled, 1.9).await;
    bench.succeed(started).await;
    assert_eq!(bench.start_firing(&[manual], 2.0).await.len(), 1);
    assert!(!bench.exists("once").await);
    bench.store.settle_dead(after(10.0)).await.unwrap();
    assert!(!bench.exists("once").await, "ended");
    let adopted = adopt(&bench, "c", 10.0).await;
    let started = bench.start_firing(&[adopted], 10.0).await;
    bench.succeed(started).await;
    let rows = rows(&bench, "once").await;
    assert_eq!(
        rows,
        [
            ("scheduled", "succeeded", None),
            ("manual", "succeeded", None)
        ]
    );
    assert_eq!(bench.stored_jobs().await, 0);
}

#[tokio::test]
async fn nothing_is_kept_of_an_ended_job_when_its_manual_run_is_missed() {
    let bench = Bench::new().await;
    bench.put("once", date(2)).await;
    let scheduled = bench.claim(1.5, 2.5).await.claims;
    bench.run_now("once", 1.6).await;
    adopt(&bench, "b", 1.6).await;
    let started = bench.start_firing(&scheduled, 1.9).await;
    bench.succeed(started).await;
    bench.store.settle_dead(after(100.0)).await.unwrap();
    bench.renew("c", 100.0).await;
    let late = bench.claim_for("c", 100.0, 101.0).await;
    assert!(late.claims.is_empty());
    assert_eq!(bench.stored_jobs().await, 0);
}
