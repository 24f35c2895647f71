use schedule_server::domain::occurrence::Reason;
use schedule_server::domain::policy::{CatchUp, Delivery, Grace, Overlap};
use schedule_server::domain::retry::Retry;
use schedule_server::domain::schedule::{Jitter, Schedule};

use super::*;

async fn put_with(bench: &Bench, job: &str, trigger: Trigger, policies: Policies) {
    let draft = JobDraft {
        policies,
        ..draft(job, trigger)
    };
    bench.put_draft(draft).await;
}

#[tokio::test]
async fn policies_are_kept_with_the_job() {
    let bench = Bench::new().await;
    let policies = Policies {
        overlap: Overlap::Allow(3),
        delivery: Delivery::AtLeastOnce,
        ..Policies::default()
    };
    put_with(&bench, "job", every(1), policies.clone()).await;
    let job = bench.store.job(&id("job")).await.unwrap().unwrap().job;
    assert_eq!(job.policies, policies);
    bench.put("job", every(1)).await;
    let job = bench.store.job(&id("job")).await.unwrap().unwrap().job;
    assert_eq!(job.policies, Policies::default(), "replaced whole");
}

#[tokio::test]
async fn so_many_runs_may_overlap_and_no_more() {
    let bench = Bench::new().await;
    let two = Policies {
        overlap: Overlap::Allow(2),
        ..Policies::default()
    };
    put_with(&bench, "slow", every(1), two).await;
    let mut started = Vec::new();
    for second in 1..=3 {
        let claims = bench
            .claim(f64::from(second) - 0.5, f64::from(second) + 0.5)
            .await
            .claims;
        started.push(bench.start_firing(&claims, f64::from(second)).await.len());
    }
    assert_eq!(started, [1, 1, 0]);
    let newest = &bench.ledger("slow").await[0];
    assert_eq!(newest.reason.map(|r| r.as_str()), Some("overlap"));
}

/// It may have been sent, and nobody will send it again: it is neither skipped nor
/// has it failed.
#[tokio::test]
async fn what_was_to_be_sent_again_is_unknown_when_its_job_goes() {
    let bench = Bench::new().await;
    let again = Policies {
        delivery: Delivery::AtLeastOnce,
        ..Policies::default()
    };
    for pause in [true, false] {
        let job = format!("job-{pause}");
        put_with(&bench, &job, every(2), again.clone()).await;
        let claims = bench.claim(1.0, 3.0).await.claims;
        bench.start_firing(&claims, 1.9).await;
        bench.store.settle_dead(after(10.0)).await.unwrap();
        assert_eq!(bench.row(&job).await, ("claimed", None));
        if pause {
            bench.pause(&job, 10.0).await;
        } else {
            bench.remove(&job, 10.0).await;
        }
        let row = bench.first_row(&job).await;
        assert_eq!(row, ("unknown", Some("replica_died")));
        bench.renew("a", 0.0).await;
    }
}

#[tokio::test]
async fn what_may_have_been_sent_is_sent_again_where_that_is_asked_for() {
    let bench = Bench::new().await;
    let again = Policies {
        delivery: Delivery::AtLeastOnce,
        ..Policies::default()
    };
    put_with(&bench, "once", date(2), again).await;
    let claims = bench.claim(1.0, 3.0).await.claims;
    let first = bench.start_firing(&claims, 1.9).await;
    assert_eq!(first[0].attempt, 1);
    bench.store.settle_dead(after(10.0)).await.unwrap();
    bench.renew("b", 10.0).await;
    let adopted = bench.claim_for("b", 10.0, 11.0).await.claims;
    let second = bench.start_firing(&adopted, 10.1).await;
    assert_eq!(second[0].attempt, 2);
    assert_eq!(
        second[0].occurrence.fire_id(),
        first[0].occurrence.fire_id()
    );
    let zombie = first.into_iter().map(succeeded).collect::<Vec<_>>();
    bench.store.record(zombie.into()).await.unwrap();
    assert_eq!(
        bench.row("once").await,
        ("firing", None),
        "the old holder's word is refused"
    );
    let ended = second.into_iter().map(succeeded).collect::<Vec<_>>();
    bench.store.record(ended.into()).await.unwrap();
    assert_eq!(bench.row("once").await, ("succeeded", None));
    assert!(!bench.exists("once").await);
}

#[tokio::test]
async fn all_that_was_missed_can_be_caught_up() {
    let bench = Bench::new().await;
    let all = Policies {
        catch_up: CatchUp::All(3),
        ..Policies::default()
    };
    put_with(&bench, "tick", every(1), all).await;
    bench.renew("a", 10.0).await;
    let claims = bench.claim(10.5, 11.0).await.claims;
    let fires: Vec<_> = claims.iter().map(|c| c.occurrence.fire_at).collect();
    assert_eq!(fires, [after(8.0), after(9.0), after(10.0)]);
    let rows = bench.ledger("tick").await;
    let oldest = rows.last().unwrap();
    assert_eq!((oldest.state.as_str(), oldest.count), ("coalesced", 7));
    assert_eq!(oldest.into_fire_at, Some(after(8.0)));
}

#[tokio::test]
async fn jitter_moves_the_send_and_not_the_fire_time() {
    let bench = Bench::new().await;
    let jitter = Jitter::from_ms(60_000).unwrap();
    let schedule = Schedule::new(every(10), None, None, Some(jitter)).unwrap();
    let draft = JobDraft {
        schedule: schedule.clone(),
        ..draft("tick", every(10))
    };
    bench.put_draft(draft).await;
    bench.renew("a", 9.5).await;
    let claims = bench.claim(9.5, 11.0).await.claims;
    assert_eq!(claims[0].occurrence.fire_at, after(10.0));
    let send_at = schedule.send_at("tick", after(10.0));
    assert_eq!(claims[0].due_at, send_at, "the same for every replica");
    assert!(send_at > after(10.0) && send_at <= after(70.0));
    let row = bench.store.job(&id("tick")).await.unwrap().unwrap();
    assert_eq!(row.claimed_fire_at, Some(send_at), "what a client is shown");
    assert_eq!(row.job.next_fire_at, Some(after(20.0)), "the grid stays");
}

#[tokio::test]
async fn nothing_fires_after_the_end() {
    let bench = Bench::new().await;
    let schedule = Schedule::new(every(10), None, Some(after(25.0)), None).unwrap();
    let draft = JobDraft {
        schedule,
        ..draft("tick", every(10))
    };
    bench.put_draft(draft).await;
    bench.renew("a", 30.0).await;
    let claims = bench.claim(30.0, 60.0).await.claims;
    let fires: Vec<_> = claims.iter().map(|c| c.occurrence.fire_at).collect();
    assert_eq!(fires, [after(20.0)]);
    assert!(claims[0].ends_job);
}

/// A job whose trigger has ended must stay in the store as long as one of its
/// occurrences may have to be planned again.
#[tokio::test]
async fn an_ended_job_stays_until_the_last_of_its_occurrences_is_final() {
    let bench = Bench::new().await;
    let schedule = Schedule::new(every(1), None, Some(after(2.0)), None).unwrap();
    let both = Policies {
        catch_up: CatchUp::All(2),
        overlap: Overlap::Allow(2),
        ..Policies::default()
    };
    let draft = JobDraft {
        schedule,
        policies: both,
        ..draft("tick", every(1))
    };
    bench.put_draft(draft).await;
    let claims = bench.claim(2.5, 3.0).await.claims;
    assert_eq!(claims.len(), 2);
    // The later one, with which the job ends, is done before the earlier one.
    let last = bench.start_firing(&claims[1..], 2.6).await;
    let done = last.into_iter().map(succeeded).collect::<Vec<_>>();
    bench.store.record(done.into()).await.unwrap();
    assert!(!bench.exists("tick").await, "gone for clients");
    bench.store.settle_dead(after(10.0)).await.unwrap();
    bench.renew("b", 10.0).await;
    let adopted = bench.claim_for("b", 10.0, 11.0).await.claims;
    assert_eq!(adopted.len(), 1, "the earlier one is not forgotten");
    let first = bench.start_firing(&adopted, 10.1).await;
    let done = first.into_iter().map(succeeded).collect::<Vec<_>>();
    bench.store.record(done.into()).await.unwrap();
    let states: Vec<_> = bench
        .ledger("tick")
        .await
        .iter()
        .map(|e| e.state.as_str())
        .collect();
    assert_eq!(states, ["skipped", "succeeded", "succeeded"]);
    let file = bench.dir.path().join("schedule.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut conn = sqlx::ConnectOptions::connect(&options).await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM jobs")
        .fetch_one(&mut conn)
        .await
        .unwrap();
    assert_eq!(left, 0, "nothing of it is kept");
}

/// After a long downtime there is no further attempt, whatever was begun before it.
#[tokio::test]
async fn what_was_begun_is_not_tried_again_beyond_the_grace() {
    let bench = Bench::new().await;
    let again = Policies {
        delivery: Delivery::AtLeastOnce,
        ..Policies::default()
    };
    put_with(&bench, "once", date(2), again).await;
    let claims = bench.claim(1.0, 3.0).await.claims;
    bench.start_firing(&claims, 1.9).await;
    bench.store.settle_dead(after(10.0)).await.unwrap();
    assert_eq!(bench.row("once").await, ("claimed", None));
    bench.renew("b", 3_600.0).await;
    let late = bench.claim_for("b", 3_600.0, 3_601.0).await;
    assert!(late.claims.is_empty());
    assert_eq!(bench.row("once").await, ("unknown", Some("replica_died")));
    assert_eq!(bench.stored_jobs().await, 0, "it had nothing left to fire");
}

/// The deadline of the retries holds for whoever takes them over, too.
#[tokio::test]
async fn a_retry_that_is_taken_over_keeps_to_its_deadline() {
    let bench = Bench::new().await;
    let policies = Policies {
        misfire_grace: Some(Grace::Unlimited),
        retry: Some(Retry {
            deadline_ms: Some(60_000),
            ..Retry::default()
        }),
        ..Policies::default()
    };
    put_with(&bench, "once", date(2), policies).await;
    let claims = bench.claim(1.0, 3.0).await.claims;
    let started = bench.start_firing(&claims, 1.9).await;
    let failed = RunRecord {
        outcome: Outcome::failed(Reason::Status, "503"),
        retry_at: Some(after(12.0)),
        ..succeeded(started[0].clone())
    };
    bench.store.record(vec![failed].into()).await.unwrap();
    bench.store.settle_dead(after(60.0)).await.unwrap();
    bench.renew("b", 61.0).await;
    let in_time = bench.claim_for("b", 61.0, 62.0).await.claims;
    assert_eq!(in_time.len(), 1);
    bench.give_back(in_time).await;
    assert!(bench.claim_for("b", 62.5, 63.0).await.claims.is_empty());
    assert_eq!(bench.row("once").await, ("failed", Some("status")));
}
