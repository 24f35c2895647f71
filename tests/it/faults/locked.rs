//! Another program holds the write lock of the database for a while.

use chrono::{TimeDelta, Utc};
use futures_util::future::join_all;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use crate::support::fleet::{Fleet, date_job};

#[tokio::test(flavor = "multi_thread")]
async fn it_is_told_bounded_and_recovered_from() {
    let mut fleet = Fleet::start(1, false).await;
    let url = fleet.target.at("/ok");
    let at = Utc::now() + TimeDelta::seconds(20);
    fleet.add("date", date_job("job", &url, at)).await;
    let options = SqliteConnectOptions::new().filename(fleet.database());
    let mut holder = options.connect().await.unwrap();
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut holder)
        .await
        .unwrap();

    let client = crate::support::client();
    let pause = fleet.replicas[0].at("/scheduler/pause_job?job_id=nope");
    let asked = (0..8).map(|_| client.put(&pause).send());
    for answer in join_all(asked).await {
        assert_eq!(answer.unwrap().status().as_u16(), 503);
    }
    let ready = fleet.replicas[0].at("/readyz");
    let answer = client.get(&ready).send().await.unwrap();
    assert_eq!(
        answer.status().as_u16(),
        503,
        "{}",
        answer.text().await.unwrap()
    );

    sqlx::query("ROLLBACK").execute(&mut holder).await.unwrap();
    fleet.target.wait_for(1).await;
    while client.get(&ready).send().await.unwrap().status().as_u16() != 200 {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let ledger = fleet.settled_ledger().await;
    assert_eq!(ledger[0].state.as_str(), "succeeded");
}
