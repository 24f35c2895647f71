//! Many jobs due in the same second, through the real clockwork.

use chrono::{TimeDelta, Utc};
use futures_util::{StreamExt, stream};

use crate::support::app::App;
use crate::support::fleet::date_job;
use crate::support::target::Target;

const JOBS: usize = 5_000;

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_due_in_one_second_arrive_once_each() {
    let (app, target) = (App::start(&[]).await, Target::start().await);
    let at = Utc::now() + TimeDelta::seconds(15);
    let url = target.at("/ok");
    let add = |n| app.add("date", date_job(&format!("job-{n}"), &url, at));
    let added = stream::iter(0..JOBS).map(add).buffer_unordered(32);
    added.collect::<Vec<()>>().await;
    target.wait_for(JOBS).await;
    let received = target.by_fire_id();
    assert_eq!(received.len(), JOBS);
    assert!(received.values().all(|times| *times == 1));
    for arrival in target.arrivals() {
        assert!(
            arrival.at >= arrival.fire_at(),
            "before its instant: {arrival:?}"
        );
    }
}
