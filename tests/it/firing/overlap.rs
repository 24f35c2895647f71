//! Runs of one job that make way for each other, as their target sees it.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use schedule_server::domain::occurrence::LedgerEntry;
use schedule_server::domain::policy::{CatchUp, Overlap, Policies};

use crate::support::app::App;
use crate::support::fleet::{Entry, Fleet};
use crate::support::replica::Replica;
use crate::support::target::{Arrival, Target};

/// A deadline of the sender that no test lives to see: it is not that which
/// closes a connection.
const NEVER: &str = "5m";

fn overlap(overlap: Overlap) -> Policies {
    Policies {
        overlap,
        ..Policies::default()
    }
}

fn reason(row: &LedgerEntry) -> &'static str {
    row.reason.map_or(row.state.as_str(), |r| r.as_str())
}

fn fire_times(arrivals: &[Arrival]) -> Vec<DateTime<Utc>> {
    arrivals.iter().map(Arrival::fire_at).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_is_sent_when_the_run_has_ended() {
    let (app, target) = (App::start(&[]).await, Target::start().await);
    let queue = overlap(Overlap::Queue(1));
    app.fire_each_second("tick", &target.at("/held"), queue, Utc::now())
        .await;
    target.wait_for(1).await;
    let full = |rows: &[LedgerEntry]| rows.iter().any(|row| reason(row) == "queue_full");
    let rows = app.ledger_when("tick", full).await;
    let words: Vec<_> = rows.iter().map(reason).take(3).collect();
    assert_eq!(words, ["firing", "claimed", "queue_full"]);
    assert_eq!(target.arrivals().len(), 1, "it waits");
    target.let_go(1);
    target.wait_for(2).await;
    let arrivals = target.arrivals();
    assert_eq!(
        fire_times(&arrivals)[1] - fire_times(&arrivals)[0],
        TimeDelta::seconds(1),
        "the one that waited"
    );
    target.let_go(1);
    let ended = |rows: &[LedgerEntry]| reason(&rows[1]) == "succeeded";
    let rows = app.ledger_when("tick", ended).await;
    let (first, second) = (&rows[0], &rows[1]);
    let first_ended = first.sent_at.unwrap() + TimeDelta::milliseconds(first.duration_ms.unwrap());
    assert!(second.sent_at.unwrap() >= first_ended);
    let lateness = TimeDelta::milliseconds(second.lateness_ms.unwrap());
    let due_at = second.sent_at.unwrap() - lateness;
    assert!(due_at >= first_ended, "late from the end of the other run");
}

/// Fires caught up run one after the other, in order, and none of them waits
/// for the next look at what is due.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_caught_up_runs_one_by_one_without_waiting_for_the_clockwork() {
    const RUNS: u32 = 20;
    const TICK: Duration = Duration::from_millis(500);
    let (app, target) = (App::start(&[]).await, Target::start().await);
    let policies = Policies {
        catch_up: CatchUp::All(RUNS),
        ..overlap(Overlap::Queue(RUNS + 30))
    };
    let first = Utc::now() - TimeDelta::seconds(RUNS.into());
    app.fire_each_second("tick", &target.at("/ok"), policies, first)
        .await;
    target.wait_for(1).await;
    let started = Instant::now();
    target.wait_for(RUNS as usize).await;
    assert!(started.elapsed() < RUNS * TICK * 4 / 5, "a tick for each");
    let fired = fire_times(&target.arrivals());
    assert!(fired.is_sorted(), "{fired:?}");
    let rows = app.ledger_when("tick", |rows| {
        let done = rows.iter().filter(|row| reason(row) == "succeeded");
        done.count() >= RUNS as usize
    });
    let ran: Vec<_> = rows.await;
    let ran: Vec<_> = ran
        .iter()
        .filter_map(|r| Some((r.sent_at?, r.duration_ms?)))
        .collect();
    for pair in ran.windows(2) {
        let ended = pair[0].0 + TimeDelta::milliseconds(pair[0].1);
        assert!(pair[1].0 >= ended, "in parallel: {pair:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_previous_request_is_closed_when_the_next_one_leaves() {
    let patient = format!("--send-timeout={NEVER}");
    let (app, target) = (App::start(&[&patient]).await, Target::start().await);
    let cancel = overlap(Overlap::CancelPrevious);
    app.fire_each_second("tick", &target.at("/hang"), cancel, Utc::now())
        .await;
    target.wait_for(2).await;
    target.wait_for_gone(target.arrivals()[0].fire_id()).await;
    let rows = app
        .ledger_when("tick", |rows| reason(&rows[0]) == "cancelled")
        .await;
    assert_eq!(rows[0].state.as_str(), "failed");
    assert_eq!(rows[0].occurrence.fire_at, target.arrivals()[0].fire_at());
}

/// What waits for a send slot is given up as well: it is never sent.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_before_its_request_left_is_not_sent() {
    let (app, target) = (
        App::start(&["--send-concurrency=1", "--send-concurrency-per-host=1"]).await,
        Target::start().await,
    );
    app.fire_with("held", &target.at("/held"), Policies::default())
        .await;
    target.wait_for(1).await;
    let cancel = overlap(Overlap::CancelPrevious);
    app.fire_each_second("tick", &target.at("/ok"), cancel, Utc::now())
        .await;
    let third =
        |rows: &[LedgerEntry]| rows.iter().any(|r| reason(r) == "cancelled") && rows.len() > 2;
    let rows = app.ledger_when("tick", third).await;
    assert_eq!(reason(&rows[0]), "cancelled");
    target.let_go(1);
    target.wait_for(2).await;
    let first = rows[0].occurrence.fire_id().to_string();
    assert!(!target.by_fire_id().contains_key(&first));
}

fn is_full(entry: &Entry) -> bool {
    entry.reason.as_deref() == Some("queue_full")
}

async fn ledger_when(fleet: &Fleet, asked: impl Fn(&[Entry]) -> bool) -> Vec<Entry> {
    let started = Instant::now();
    loop {
        let ledger = fleet.ledger().await;
        if asked(&ledger) {
            return ledger;
        }
        assert!(started.elapsed().as_secs() < 60, "{ledger:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_of_a_queue_never_meet_across_replicas() {
    let fleet = Fleet::start(2, true).await;
    let url = fleet.target.at("/slow/1300");
    fleet
        .fire_each_second("tick", &url, overlap(Overlap::Queue(2)))
        .await;
    let done = |ledger: &[Entry]| ledger.iter().any(is_full) && ledger.len() > 8;
    ledger_when(&fleet, done).await;
    fleet.remove("tick").await;
    let ledger = fleet.settled_ledger().await;
    fleet.assert_agrees(&ledger);
    let fired = fire_times(&fleet.target.arrivals());
    assert!(fired.is_sorted() && fired.len() > 3, "{fired:?}");
    assert_eq!(fleet.target.most_at_once(), 1);
}

/// Whose turn it is must not die with the replica that sends before it.
#[tokio::test(flavor = "multi_thread")]
async fn who_waits_is_sent_by_another_replica_when_the_first_one_dies() {
    let mut fleet = Fleet::start(1, false).await;
    let url = fleet.target.at("/held");
    fleet
        .fire_each_second("tick", &url, overlap(Overlap::Queue(1)))
        .await;
    fleet.target.wait_for(1).await;
    fleet.start_replica().await;
    // So the second one waits.
    ledger_when(&fleet, |ledger| ledger.iter().any(is_full)).await;
    assert_eq!(fleet.target.arrivals().len(), 1);
    fleet.replicas.remove(0).kill().await;
    fleet.target.wait_for(2).await;
    let ledger = fleet.ledger().await;
    assert_eq!(ledger[0].reason.as_deref(), Some("replica_died"));
    assert_eq!(ledger[1].fire_id(), fleet.target.arrivals()[1].fire_id());
    assert_ne!(ledger[0].replica, ledger[1].replica);
}

/// The first replica is told to stop, and waits for its last request to end;
/// the second one fires what comes next.
#[tokio::test(flavor = "multi_thread")]
async fn another_replicas_run_is_given_up_too() {
    let mut fleet = Fleet::start(0, false).await;
    let database = fleet.database_url();
    let settings = [
        ("DATABASE_URL", database.as_str()),
        ("SEND_TIMEOUT", NEVER),
        ("DRAIN_TIMEOUT", NEVER),
    ];
    fleet.replicas.push(Replica::start(&settings).await);
    let url = fleet.target.at("/hang");
    fleet
        .fire_each_second("tick", &url, overlap(Overlap::CancelPrevious))
        .await;
    fleet.target.wait_for(1).await;
    let first = fleet.ledger().await[0].replica.clone();
    fleet.replicas.push(Replica::start(&settings).await);
    fleet.replicas[0].signal("TERM").await;
    let by_another = |ledger: &[Entry]| {
        let cancelled = |e: &Entry| e.reason.as_deref() == Some("cancelled");
        let mut pairs = ledger.windows(2);
        pairs.position(|pair| {
            let (given_up, next) = (&pair[0], &pair[1]);
            let handed_over = given_up.replica == first && next.replica != first;
            handed_over && cancelled(given_up) && next.replica.is_some()
        })
    };
    let ledger = ledger_when(&fleet, |ledger| by_another(ledger).is_some()).await;
    let given_up = &ledger[by_another(&ledger).unwrap()];
    fleet.target.wait_for_gone(&given_up.fire_id()).await;
    assert!(fleet.target.by_fire_id().values().all(|n| *n == 1));
}
