//! Failed attempts that are made again: what the target receives, and what is
//! on record.

use schedule_server::domain::policy::Policies;
use schedule_server::domain::retry::{Delay, Retry};

use crate::support::app::App;
use crate::support::fleet::{Fleet, date_job};
use crate::support::target::Target;

fn retry(attempts: u32, ms: u64) -> Policies {
    Policies {
        retry: Some(Retry {
            attempts,
            delay: Delay::FixedMs(ms),
            ..Retry::default()
        }),
        ..Policies::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_is_made_again_until_one_succeeds() {
    let (app, target) = (App::start(&[]).await, Target::start().await);
    app.fire_with("flaky", &target.at("/flaky/2"), retry(5, 50))
        .await;
    assert_eq!(app.outcome("flaky").await, ("succeeded", None));
    let arrivals = target.arrivals();
    let numbers: Vec<_> = arrivals
        .iter()
        .map(|a| a.header("x-schedule-attempt"))
        .collect();
    assert_eq!(numbers, ["1", "2", "3"]);
    assert_eq!(target.by_fire_id().len(), 1, "one fire id for all attempts");
    let entry = app.final_entry("flaky").await;
    assert_eq!((entry.attempt, entry.status), (3, Some(200)));
    let past: Vec<_> = entry
        .past_attempts
        .iter()
        .map(|a| (a.number, a.status))
        .collect();
    assert_eq!(past, [(1, Some(503)), (2, Some(503))]);
    for pair in arrivals.windows(2) {
        assert!(
            (pair[1].at - pair[0].at).num_milliseconds() >= 50,
            "{pair:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_last_attempt_it_has_failed() {
    let (app, target) = (App::start(&[]).await, Target::start().await);
    app.fire_with("bad", &target.at("/status/500"), retry(3, 10))
        .await;
    app.fire_with("wrong", &target.at("/status/404"), retry(3, 10))
        .await;
    assert_eq!(app.outcome("bad").await, ("failed", Some("status")));
    assert_eq!(app.outcome("wrong").await, ("failed", Some("status")));
    let (bad, wrong) = (app.final_entry("bad").await, app.final_entry("wrong").await);
    assert_eq!((bad.attempt, bad.past_attempts.len()), (3, 2));
    assert_eq!(
        (wrong.attempt, wrong.past_attempts.len()),
        (1, 0),
        "no use in trying again"
    );
    assert_eq!(target.arrivals().len(), 4);
}

/// The replica that waits for a retry is stopped; another one makes it.
#[tokio::test(flavor = "multi_thread")]
async fn a_retry_outlives_its_replica() {
    let mut fleet = Fleet::start(1, false).await;
    let at = chrono::Utc::now();
    let url = fleet.target.at("/flaky/1");
    fleet
        .add(
            "date",
            date_job("job", &url, at + chrono::TimeDelta::seconds(6)),
        )
        .await;
    let policies = serde_json::to_string(&retry(3, 2_000)).unwrap();
    fleet
        .execute("UPDATE jobs SET policies_json = ?", &policies)
        .await;
    fleet.target.wait_for(1).await;
    while fleet.ledger().await[0].state.as_str() != "claimed" {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let status = fleet.replicas.remove(0).terminate().await;
    assert_eq!(status.code(), Some(0));
    fleet.start_replica().await;
    fleet.target.wait_for(2).await;
    let ledger = fleet.settled_ledger().await;
    assert_eq!(ledger[0].state.as_str(), "succeeded");
    let numbers: Vec<_> = fleet
        .target
        .arrivals()
        .iter()
        .map(|a| a.header("x-schedule-attempt").to_owned())
        .collect();
    assert_eq!(numbers, ["1", "2"]);
}
