//! Jobs that do not fire before an instant.

use schedule_server::domain::policy::CatchUp;
use schedule_server::domain::schedule::{Jitter, Schedule};

use super::*;

const PAUSED: (&str, Option<&str>) = ("skipped", Some("pause_until"));

/// A job that does not fire before so many seconds after noon.
fn paused_until(job: &str, trigger: Trigger, until: f64) -> JobDraft {
    JobDraft {
        policies: Policies {
            pause_until: Some(after(until)),
            ..Policies::default()
        },
        ..draft(job, trigger)
    }
}

/// Fire time (seconds after noon), state, reason and count of each row, oldest
/// first.
async fn rows(bench: &Bench, job: &str) -> Vec<(f64, (&'static str, Option<&'static str>), i64)> {
    let entries = bench.ledger(job).await;
    let row = |e: &LedgerEntry| {
        let at = (e.occurrence.fire_at - noon()).num_milliseconds() as f64 / 1000.0;
        let state = (e.state.as_str(), e.reason.map(|r| r.as_str()));
        (at, state, e.count)
    };
    entries.iter().rev().map(row).collect()
}

#[tokio::test]
async fn each_fire_time_before_it_is_on_record_and_the_first_after_it_fires() {
    let bench = Bench::new().await;
    bench.put_draft(paused_until("tick", every(1), 3.0)).await;
    for now in [0.5, 1.5] {
        let claimed = bench.claim(now, now + 1.0).await;
        assert_eq!(claimed.claims, [], "at {now}");
    }
    assert_eq!(
        rows(&bench, "tick").await,
        [(1.0, PAUSED, 1), (2.0, PAUSED, 1)]
    );
    let claims = bench.claim(2.5, 3.5).await.claims;
    assert_eq!(claims[0].occurrence.fire_at, after(3.0));
}

#[tokio::test]
async fn after_a_downtime_one_row_stands_for_several() {
    let bench = Bench::new().await;
    bench.put_draft(paused_until("tick", every(1), 5.0)).await;
    bench.renew("a", 8.5).await;
    let claims = bench.claim(8.5, 9.0).await.claims;
    assert_eq!(claims[0].occurrence.fire_at, after(8.0));
    let coalesced = ("coalesced", None);
    let expected = [
        (1.0, PAUSED, 4),
        (5.0, coalesced, 3),
        (8.0, ("claimed", None), 1),
    ];
    assert_eq!(rows(&bench, "tick").await, expected);
    let oldest = bench.ledger("tick").await.pop().unwrap();
    assert_eq!(oldest.last_fire_at, after(4.0));
}

#[tokio::test]
async fn a_date_before_it_ends_with_the_reason_on_record() {
    let bench = Bench::new().await;
    bench.put_draft(paused_until("once", date(1), 2.0)).await;
    assert_eq!(bench.claim(0.5, 1.5).await.claims, []);
    assert_eq!(bench.row("once").await, PAUSED);
    assert_eq!(bench.stored_jobs().await, 0);
}

#[tokio::test]
async fn the_fire_time_counts_and_not_the_instant_of_sending() {
    let bench = Bench::new().await;
    let jitter = Jitter::from_ms(60_000).unwrap();
    let schedule = Schedule::new(every(1), None, None, Some(jitter)).unwrap();
    assert!(schedule.send_at("tick", after(1.0)) > after(1.5));
    let draft = JobDraft {
        schedule,
        ..paused_until("tick", every(1), 1.5)
    };
    bench.put_draft(draft).await;
    assert_eq!(bench.claim(0.5, 1.5).await.claims, []);
    assert_eq!(bench.row("tick").await, PAUSED);
}

#[tokio::test]
async fn a_manual_run_does_not_wait_for_it() {
    let bench = Bench::new().await;
    bench.put_draft(paused_until("tick", every(10), 30.0)).await;
    bench.run_now("tick", 1.0).await;
    let claims = bench.claim(1.0, 1.5).await.claims;
    assert_eq!(claims[0].occurrence.kind, OccurrenceKind::Manual);
}

/// What is due next has been skipped already, ahead of its time.
#[tokio::test]
async fn a_resume_plans_again_what_is_still_to_come() {
    let bench = Bench::new().await;
    bench.put_draft(paused_until("tick", every(1), 30.0)).await;
    for now in [0.5, 1.5] {
        bench.claim(now, now + 1.0).await;
    }
    let Change::Done(resumed) = bench.resume("tick", 1.6).await else {
        panic!("not resumed");
    };
    assert_eq!(resumed.job.next_fire_at, Some(after(2.0)));
    assert_eq!(resumed.job.policies.pause_until, None);
    let claims = bench.claim(1.6, 2.5).await.claims;
    assert_eq!(claims[0].occurrence.fire_at, after(2.0));
    let expected = [(1.0, PAUSED, 1), (2.0, ("claimed", None), 1)];
    assert_eq!(rows(&bench, "tick").await, expected);
}

#[tokio::test]
async fn a_resume_does_not_forget_what_is_overdue() {
    let bench = Bench::new().await;
    bench.put_draft(paused_until("tick", every(1), 30.0)).await;
    let Change::Done(resumed) = bench.resume("tick", 5.5).await else {
        panic!("not resumed");
    };
    assert_eq!(resumed.job.next_fire_at, Some(after(1.0)));
}

#[tokio::test]
async fn a_replacement_decides_anew() {
    let bench = Bench::new().await;
    bench.put_draft(paused_until("tick", every(1), 30.0)).await;
    bench.claim(0.5, 1.5).await;
    bench.put_draft(paused_until("tick", every(1), 20.0)).await;
    bench.claim(0.6, 1.5).await;
    assert_eq!(bench.row("tick").await, PAUSED, "paused as before");
    bench.put("tick", every(1)).await;
    let claims = bench.claim(0.7, 1.5).await.claims;
    assert_eq!(claims[0].occurrence.fire_at, after(1.0));
    bench.put_draft(paused_until("tick", every(1), 30.0)).await;
    assert_eq!(bench.row("tick").await, ("skipped", Some("changed")));
    bench.claim(0.8, 1.5).await;
    assert_eq!(bench.row("tick").await, PAUSED, "the job as it is now");
    assert!(bench.start_firing(&claims, 0.9).await.is_empty());
}

#[tokio::test]
async fn a_row_that_stands_for_several_gives_way_to_nothing() {
    let bench = Bench::new().await;
    // The put is dated back, so that what is on record already is planned again.
    bench.put_draft(paused_until("tick", every(1), 4.0)).await;
    bench.renew("a", 3.5).await;
    bench.claim(3.5, 3.9).await;
    let all = JobDraft {
        policies: Policies {
            catch_up: CatchUp::All(10),
            ..Policies::default()
        },
        ..draft("tick", every(1))
    };
    bench.put_draft(all).await;
    bench.claim(3.6, 3.9).await;
    assert_eq!(rows(&bench, "tick").await[0], (1.0, PAUSED, 3));
}

/// Claimed, skipped by a pause, resumed, and then a downtime: the row of the
/// first must not stand in the way of the row for them all.
#[tokio::test]
async fn nothing_is_missing_after_a_pause_and_a_downtime() {
    let bench = Bench::new().await;
    bench.put("tick", every(1)).await;
    bench.claim(0.5, 1.5).await;
    bench.pause("tick", 0.6).await;
    bench.resume("tick", 0.7).await;
    bench.renew("a", 9.5).await;
    bench.claim(9.5, 10.0).await;
    let expected = [(1.0, ("coalesced", None), 8), (9.0, ("claimed", None), 1)];
    assert_eq!(rows(&bench, "tick").await, expected);
}

/// The clock is set back, the job is resumed, and a downtime follows: what has a row of
/// its own keeps it, and one row stands for the rest.
#[tokio::test]
async fn nothing_is_missing_after_a_clock_set_back_and_a_downtime() {
    let bench = Bench::new().await;
    bench.put("tick", every(1)).await;
    let claims = bench.claim(0.5, 2.5).await.claims;
    let started = bench.start_firing(&claims, 1.0).await;
    bench.succeed(started).await;
    bench.claim(1.6, 2.5).await;
    bench.pause("tick", 3.5).await;
    bench.resume("tick", 0.2).await;
    bench.renew("a", 9.5).await;
    bench.claim(9.5, 10.0).await;
    let expected = [
        (1.0, ("succeeded", None), 1),
        (2.0, ("coalesced", None), 7),
        (3.0, ("skipped", Some("paused")), 1),
        (9.0, ("claimed", None), 1),
    ];
    assert_eq!(rows(&bench, "tick").await, expected);
}
