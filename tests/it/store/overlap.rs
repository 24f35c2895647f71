//! Runs of one job that make way for each other.

use schedule_server::domain::policy::{CatchUp, Delivery, Overlap};
use schedule_server::domain::schedule::Schedule;

use super::*;

const QUEUE: Policies = Policies {
    misfire_grace: None,
    catch_up: CatchUp::All(100),
    overlap: Overlap::Queue(2),
    delivery: Delivery::AtMostOnce,
    retry: None,
    pause_until: None,
    pause_after_failures: None,
    priority: 0,
};
const CANCEL: Policies = Policies {
    overlap: Overlap::CancelPrevious,
    ..QUEUE
};
const SKIP: Policies = Policies {
    overlap: Overlap::Skip,
    ..QUEUE
};

/// A bench with one job `tick`, due each second.
async fn ticking(policies: Policies) -> Bench {
    let bench = Bench::new().await;
    let draft = JobDraft {
        policies,
        ..draft("tick", every(1))
    };
    bench.put_draft(draft).await;
    bench
}

impl Bench {
    /// Claims what is due at this second and starts it; what fires.
    async fn tick(&self, second: i32) -> Vec<Claim> {
        let at = f64::from(second);
        self.renew("a", at).await;
        let claims = self.claim(at, at + 0.5).await.claims;
        self.start_firing(&claims, at).await
    }

    /// Records these as succeeded at this second; when the next one is due.
    async fn end(&self, claims: Vec<Claim>, second: f64) -> Option<DateTime<Utc>> {
        let end = |claim| RunRecord {
            ended_at: after(second),
            ..succeeded(claim)
        };
        let ended: Vec<_> = claims.into_iter().map(end).collect();
        self.store.record(ended.into()).await.unwrap().released_at
    }

    /// Records these as failed, to be tried again.
    async fn retry(&self, claims: &[Claim], at: f64, due: f64) -> Option<DateTime<Utc>> {
        let end = |claim: &Claim| RunRecord {
            ended_at: after(at),
            retry_at: Some(after(due)),
            ..succeeded(claim.clone())
        };
        let ended: Vec<_> = claims.iter().map(end).collect();
        self.store.record(ended.into()).await.unwrap().released_at
    }

    /// Oldest first: state or reason of each row of `tick`, the queue in it.
    async fn story(&self) -> String {
        let rows = self.ledger("tick").await;
        let word = |e: &LedgerEntry| e.reason.map_or(e.state.as_str(), |r| r.as_str());
        let words: Vec<_> = rows.iter().rev().map(word).collect();
        words.join(" ")
    }

    async fn due(&self, now: f64) -> Vec<i64> {
        let due = self.store.due_seconds(after(now), after(now + 0.5)).await;
        due.unwrap()
    }
}

fn fires(claims: &[Claim]) -> Vec<DateTime<Utc>> {
    claims.iter().map(|c| c.occurrence.fire_at).collect()
}

#[tokio::test]
async fn so_many_wait_for_the_run_to_end_and_the_rest_is_skipped() {
    let bench = ticking(QUEUE).await;
    let running = bench.tick(1).await;
    assert_eq!(running.len(), 1);
    for second in 2..=4 {
        assert!(bench.tick(second).await.is_empty(), "{second}");
    }
    assert_eq!(bench.story().await, "firing claimed claimed queue_full");
    let row = bench.store.job(&id("tick")).await.unwrap().unwrap();
    assert_eq!(row.claimed_fire_at, None, "nobody knows when");
    assert_eq!(row.job.next_fire_at, Some(after(5.0)));
    let listed = bench.store.jobs("").await.unwrap();
    assert_eq!(listed[0].claimed_fire_at, None);
    assert!(bench.due(4.4).await.is_empty(), "nothing is planned for it");
    assert!(bench.claim(4.4, 4.5).await.claims.is_empty());
}

#[tokio::test]
async fn who_waits_has_its_turn_in_the_order_of_fire_times() {
    let bench = ticking(QUEUE).await;
    let mut running = bench.tick(1).await;
    bench.tick(2).await;
    bench.tick(3).await;
    bench.renew("a", 3.0).await;
    for (turn, ended) in [(2.0, 3.2), (3.0, 3.4)] {
        assert_eq!(bench.end(running, ended).await, Some(after(ended)));
        let claims = bench.claim(ended, 3.5).await.claims;
        assert_eq!(fires(&claims), [after(turn)]);
        assert_eq!(claims[0].due_at, after(ended), "late from here on");
        running = bench.start_firing(&claims, ended).await;
        assert_eq!(running.len(), 1);
    }
    assert_eq!(bench.end(running, 3.5).await, None, "nobody waits");
    assert_eq!(bench.story().await, "succeeded succeeded succeeded");
}

/// It was revalidated ahead of its instant, and the run has ended before it.
#[tokio::test]
async fn a_turn_never_comes_before_the_fire_time() {
    let bench = ticking(QUEUE).await;
    let running = bench.tick(1).await;
    let claims = bench.claim(1.9, 2.5).await.claims;
    assert!(bench.start_firing(&claims, 2.0).await.is_empty());
    assert_eq!(bench.end(running, 1.95).await, Some(after(2.0)));
}

/// It may be over when the instant comes.
#[tokio::test]
async fn a_run_that_goes_on_before_the_instant_decides_nothing() {
    for overlap in [Overlap::Skip, Overlap::Queue(1), Overlap::CancelPrevious] {
        let bench = ticking(Policies {
            overlap,
            ..Policies::default()
        })
        .await;
        let running = bench.tick(1).await;
        let claims = bench.claim(1.5, 2.5).await.claims;
        assert!(bench.start_firing(&claims, 1.999).await.is_empty());
        assert_eq!(bench.story().await, "firing claimed", "{overlap:?}");
        bench.end(running, 1.999).await;
        assert_eq!(bench.start_firing(&claims, 1.999).await.len(), 1);
        assert_eq!(bench.story().await, "succeeded firing", "{overlap:?}");
    }
}

/// Between its turn and its start nobody may come in between, nor take its
/// place in the queue.
#[tokio::test]
async fn whose_turn_has_come_is_not_overtaken() {
    let bench = ticking(Policies {
        overlap: Overlap::Queue(1),
        ..QUEUE
    })
    .await;
    let running = bench.tick(1).await;
    bench.tick(2).await;
    bench.renew("a", 3.0).await;
    let next = bench.claim(3.0, 3.5).await.claims;
    bench.end(running, 3.0).await;
    assert!(bench.start_firing(&next, 3.0).await.is_empty());
    let turn = bench.claim(3.0, 3.5).await.claims;
    assert_eq!(fires(&turn), [after(2.0)]);
    assert_eq!(bench.start_firing(&turn, 3.1).await.len(), 1);
    assert_eq!(bench.story().await, "succeeded firing claimed");
}

#[tokio::test]
async fn a_retry_keeps_the_others_waiting() {
    let bench = ticking(QUEUE).await;
    let running = bench.tick(1).await;
    bench.tick(2).await;
    assert_eq!(bench.retry(&running, 2.1, 2.3).await, None);
    assert!(bench.tick(3).await.is_empty(), "it waits, too");
    assert_eq!(bench.story().await, "claimed claimed claimed");
    let mut retry = bench.start_firing(&running, 3.1).await;
    assert_eq!(retry.first().map(|c| c.attempt), Some(2), "the same run");
    retry[0].due_at = after(2.3);
    assert_eq!(bench.end(retry, 3.2).await, Some(after(3.2)));
}

#[tokio::test]
async fn a_dead_replicas_run_makes_way() {
    for at_least_once in [false, true] {
        let bench = ticking(Policies {
            delivery: if at_least_once {
                Delivery::AtLeastOnce
            } else {
                Delivery::AtMostOnce
            },
            ..QUEUE
        })
        .await;
        bench.tick(1).await;
        bench.tick(2).await;
        let settled = bench.store.settle_dead(after(10.0)).await.unwrap();
        bench.renew("b", 10.0).await;
        let adopted = async || {
            let request = ClaimRequest {
                limit: 1,
                ..request("b", 10.0, 10.1)
            };
            fires(&bench.store.claim(request).await.unwrap().claims)
        };
        if at_least_once {
            assert_eq!(settled.released_at, None, "the run is made again");
            assert!(!adopted().await.contains(&after(2.0)));
        } else {
            assert_eq!(settled.released_at, Some(after(10.0)));
            assert!(bench.due(10.0).await.contains(&after(10.0).timestamp()));
            let claims = bench.claim_for("b", 10.0, 10.1).await.claims;
            assert!(fires(&claims).contains(&after(2.0)));
            assert_eq!(bench.start_firing(&claims, 10.1).await.len(), 1);
            assert!(bench.story().await.starts_with("replica_died firing "));
        }
    }
}

#[tokio::test]
async fn a_stopped_replicas_run_makes_way() {
    let bench = ticking(QUEUE).await;
    bench.tick(1).await;
    bench.tick(2).await;
    let left = bench.store.release_lease("a", after(2.5)).await.unwrap();
    assert_eq!(left.released_at, Some(after(2.5)));
}

/// The turn came while no replica lived, and has been missed.
#[tokio::test]
async fn a_missed_turn_goes_to_the_next() {
    let grace = Some(schedule_server::domain::policy::Grace::Ms(60_000));
    let bench = ticking(Policies {
        misfire_grace: grace,
        ..QUEUE
    })
    .await;
    let running = bench.tick(1).await;
    bench.tick(2).await;
    bench.tick(3).await;
    bench.end(running, 3.1).await;
    bench.pause_trigger().await;
    bench.renew("a", 100.0).await;
    let first = bench.claim(100.0, 100.5).await;
    assert!(first.claims.is_empty() && first.more);
    let second = bench.claim(100.0, 100.5).await;
    assert_eq!(fires(&second.claims), [after(3.0)]);
    assert_eq!(bench.story().await, "succeeded grace claimed");
}

impl Bench {
    async fn execute(&self, sql: &'static str) {
        self.dir.leave_unchecked();
        let file = self.dir.path().join("schedule.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        let mut conn = sqlx::ConnectOptions::connect(&options).await.unwrap();
        sqlx::query(sql).execute(&mut conn).await.unwrap();
    }

    /// No fire time falls due any more.
    async fn pause_trigger(&self) {
        self.execute("UPDATE jobs SET next_fire_at = 9000000000000")
            .await;
    }
}

#[tokio::test]
async fn a_change_by_the_client_settles_who_waits() {
    for change in ["paused", "removed", "changed"] {
        let bench = ticking(QUEUE).await;
        let running = bench.tick(1).await;
        bench.tick(2).await;
        match change {
            "paused" => {
                bench.pause("tick", 2.5).await;
            }
            "removed" => {
                bench.remove("tick", 2.5).await;
            }
            _ => bench.put("tick", date(40)).await,
        }
        assert_eq!(bench.story().await, format!("firing {change}"));
        assert_eq!(bench.end(running, 2.6).await, None);
    }
}

/// A job may be given a queue while a run without one goes on.
#[tokio::test]
async fn a_run_from_before_the_job_had_a_queue_makes_way() {
    let bench = ticking(SKIP).await;
    let running = bench.tick(1).await;
    bench
        .put_draft(JobDraft {
            policies: QUEUE,
            ..draft("tick", every(1))
        })
        .await;
    bench.claim(1.0, 1.5).await;
    bench.tick(2).await;
    assert_eq!(bench.story().await, "firing claimed");
    assert_eq!(bench.end(running, 2.1).await, Some(after(2.1)));
}

#[tokio::test]
async fn who_waits_outlives_the_process() {
    let bench = ticking(QUEUE).await;
    bench.tick(1).await;
    bench.tick(2).await;
    bench.store.close().await;
    let store = bench.another().await;
    let reopened = Bench { store, ..bench };
    reopened.store.settle_dead(after(10.0)).await.unwrap();
    reopened.renew("a", 10.0).await;
    let claims = reopened.claim(10.0, 10.1).await.claims;
    assert!(fires(&claims).contains(&after(2.0)));
}

#[tokio::test]
async fn an_ended_job_stays_while_one_of_its_occurrences_waits() {
    let bench = Bench::new().await;
    let schedule = Schedule::new(every(1), None, Some(after(3.0)), None).unwrap();
    bench
        .put_draft(JobDraft {
            schedule,
            policies: QUEUE,
            ..draft("tick", every(1))
        })
        .await;
    let mut running = bench.tick(1).await;
    bench.tick(2).await;
    bench.tick(3).await;
    for ended in [3.1, 3.2] {
        assert!(bench.exists("tick").await, "one waits");
        bench.end(running, ended).await;
        let claims = bench.claim(ended, 3.5).await.claims;
        running = bench.start_firing(&claims, ended).await;
        assert_eq!(running.len(), 1);
    }
    assert!(!bench.exists("tick").await, "its last one fires");
    bench.end(running, 3.3).await;
    assert_eq!(bench.story().await, "succeeded succeeded succeeded ended");
}

/// A statement does not see what it changes: two claims of one job in one call
/// are looked at one after the other.
#[tokio::test]
async fn claims_of_one_job_in_one_call_do_not_start_together() {
    for (policies, story, of_them) in [
        (SKIP, "firing overlap overlap overlap", 1),
        (QUEUE, "firing claimed claimed queue_full", 1),
        (CANCEL, "cancelled cancelled cancelled firing", 4),
    ] {
        let bench = ticking(policies).await;
        bench.renew("a", 4.0).await;
        let mut claims = bench.claim(4.0, 4.5).await.claims;
        assert_eq!(claims.len(), 4);
        claims.reverse();
        let started = bench.start_firing(&claims, 4.1).await;
        assert_eq!(fires(&started), [after(of_them.into())]);
        assert_eq!(bench.story().await, story);
    }
    let two = Policies {
        overlap: Overlap::Allow(2),
        ..QUEUE
    };
    let bench = ticking(two).await;
    bench.renew("a", 4.0).await;
    let claims = bench.claim(4.0, 4.5).await.claims;
    assert_eq!(bench.start_firing(&claims, 4.1).await.len(), 2);
    assert_eq!(bench.story().await, "firing firing overlap overlap");
}

#[tokio::test]
async fn the_next_one_takes_the_place_of_the_previous_one() {
    let bench = ticking(CANCEL).await;
    let first = bench.tick(1).await;
    assert!(!bench.store.is_given_up(&first[0]).await.unwrap());
    let second = bench.tick(2).await;
    assert_eq!(fires(&second), [after(2.0)]);
    assert_eq!(bench.story().await, "cancelled firing");
    let given_up = bench.ledger("tick").await.remove(1);
    assert_eq!(given_up.state.as_str(), "failed");
    assert!(given_up.error.unwrap().contains("may have received"));
    assert!(bench.store.is_given_up(&first[0]).await.unwrap());
    assert!(!bench.store.is_given_up(&second[0]).await.unwrap());
    bench.end(first, 2.5).await;
    assert_eq!(bench.story().await, "cancelled firing", "its word is late");
}

#[tokio::test]
async fn one_that_waits_for_a_retry_is_given_up_too() {
    let bench = ticking(CANCEL).await;
    let first = bench.tick(1).await;
    bench.retry(&first, 1.1, 5.0).await;
    assert_eq!(bench.tick(2).await.len(), 1);
    assert_eq!(bench.story().await, "cancelled firing");
    assert!(bench.start_firing(&first, 2.1).await.is_empty());
}

/// One whose holder changed hands comes after a later one: it gives up nobody.
#[tokio::test]
async fn an_earlier_one_does_not_give_up_a_later_one() {
    let bench = ticking(CANCEL).await;
    bench.renew("a", 1.0).await;
    let first = bench.claim(1.0, 1.5).await.claims;
    bench.tick(2).await;
    assert!(bench.start_firing(&first, 2.1).await.is_empty());
    assert_eq!(bench.story().await, "overlap firing");
}

#[tokio::test]
async fn a_claim_that_does_not_stand_gives_up_nobody() {
    let bench = ticking(CANCEL).await;
    bench.tick(1).await;
    bench.renew("a", 2.0).await;
    let second = bench.claim(2.0, 2.5).await.claims;
    bench.pause("tick", 2.1).await;
    assert!(bench.start_firing(&second, 2.2).await.is_empty());
    assert_eq!(bench.story().await, "firing paused");
}

/// Manual runs never disturb the schedule, nor does the schedule them.
#[tokio::test]
async fn the_other_kind_is_not_looked_at() {
    for (policies, story) in [
        (SKIP, "firing firing overlap"),
        (QUEUE, "firing firing claimed"),
        (CANCEL, "firing cancelled firing"),
    ] {
        let bench = ticking(policies.clone()).await;
        bench.tick(1).await;
        bench
            .execute("UPDATE occurrences SET kind = 'manual'")
            .await;
        let scheduled = bench.tick(2).await;
        assert_eq!(scheduled.len(), 1);
        bench.tick(3).await;
        assert_eq!(bench.story().await, story);
        if policies.overlap == QUEUE.overlap {
            assert_eq!(bench.end(scheduled, 3.1).await, Some(after(3.1)));
        }
    }
}

/// A run of the other kind that goes on does not hold back whose turn it is,
/// and its end gives nobody a turn.
#[tokio::test]
async fn a_turn_is_given_within_one_kind() {
    let bench = ticking(QUEUE).await;
    let manual = bench.tick(1).await;
    bench
        .execute("UPDATE occurrences SET kind = 'manual'")
        .await;
    bench.tick(2).await;
    bench.tick(3).await;
    assert_eq!(bench.end(manual, 3.1).await, None);
    assert_eq!(bench.story().await, "succeeded firing claimed");
}
