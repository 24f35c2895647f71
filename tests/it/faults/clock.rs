//! The wall clock of a server process is set.

use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use serde_json::json;

use crate::support::fleet::date_job;
use crate::support::replica::Replica;
use crate::support::target::Target;
use crate::support::wall_clock::WallClock;

/// The lease is renewed by the seconds of the wall clock. Set back by an hour it
/// must not wait an hour for the next one.
#[tokio::test(flavor = "multi_thread")]
async fn set_back_by_an_hour_it_goes_on_firing() {
    if WallClock::library().is_none() {
        return println!("not tested: libfaketime is not installed");
    }
    let dir = tempfile::tempdir().unwrap();
    let clock = WallClock::new(dir.path());
    let target = Target::start().await;
    let database = format!("sqlite://{}/schedule.db", dir.path().display());
    let clock_settings = clock.settings();
    let mut settings = vec![("DATABASE_URL", database.as_str()), ("LEASE", "2s")];
    settings.extend(clock_settings.iter().map(|(k, v)| (*k, v.as_str())));
    let replica = Replica::start(&settings).await;
    clock.step_to(-3_600_000);
    while !replica.log().contains("the wall clock was set") {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // The fault itself: longer than the lease.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let at = DateTime::from_timestamp_millis(clock.now()).unwrap() + TimeDelta::seconds(2);
    let job = date_job("job", &target.at("/ok"), at);
    let put = crate::support::client().post(replica.at("/scheduler/date/add_job"));
    let answer = put.json(&job).send().await.unwrap();
    let answer: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(answer["success"], json!(true), "{answer}");
    target.wait_for(1).await;
    assert!(target.arrivals()[0].fire_at() >= at - TimeDelta::seconds(1));
}
