//! The bell in Redis, with a real redis-server.

use std::sync::Arc;
use std::time::Duration;

use schedule_server::bell::redis::RedisBell;
use schedule_server::bell::{Bell, Heard};
use tokio::sync::watch;

use super::*;
use crate::support::redis::Redis;

/// How many listen in Redis.
async fn listeners(redis: &Redis) -> i64 {
    let words = ["PUBSUB", "NUMSUB", "schedule:changes"];
    let (_, count): (String, i64) = redis.command(&words).await;
    count
}

fn bell(redis: &Redis, prefix: &str) -> RedisBell {
    RedisBell::new(&redis.url(), prefix, Duration::from_secs(5)).unwrap()
}

#[tokio::test]
async fn a_bell_is_heard_under_its_prefix_and_lost_with_redis() {
    let mut redis = Redis::start().await;
    let (ours, theirs) = (bell(&redis, "ours"), bell(&redis, "theirs"));
    let heard: Arc<watch::Sender<Heard>> = Arc::new(watch::Sender::new(None));
    let (listening, ear) = (bell(&redis, "ours"), heard.clone());
    let listener = tokio::spawn(async move { listening.listen(&ear).await });
    let mut count = heard.subscribe();
    count.wait_for(|heard| *heard == Some(1)).await.unwrap();
    theirs.ring().await.unwrap();
    ours.ring().await.unwrap();
    count.wait_for(|heard| *heard >= Some(2)).await.unwrap();
    ours.ring().await.unwrap();
    count.wait_for(|heard| *heard >= Some(3)).await.unwrap();
    assert_eq!(*count.borrow(), Some(3), "the other prefix is not ours");
    redis.kill().await;
    listener.await.unwrap();
    assert_eq!(*count.borrow(), None);
    assert!(ours.ring().await.is_err());
}

/// The server listens while anybody follows, and rings for what it commits.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_rings_and_listens_while_anybody_follows() {
    let fleet = Fleet::start(1, true).await;
    let redis = fleet.redis.as_ref().unwrap();
    let base = &fleet.replicas[0].url;
    assert_eq!(listeners(redis).await, 0);
    let stream = Sse::open(base, "", None).await;
    while listeners(redis).await == 0 {
        tokio::task::yield_now().await;
    }
    drop(stream);
    while listeners(redis).await > 0 {
        tokio::task::yield_now().await;
    }
    let heard = watch::Sender::new(None);
    let mut count = heard.subscribe();
    let ours = bell(redis, "schedule");
    let put = async {
        count.wait_for(|heard| *heard == Some(1)).await.unwrap();
        Api::of(base).put("a", &quiet("http://127.0.0.1:9/")).await;
        count.wait_for(|heard| *heard >= Some(2)).await.unwrap();
    };
    tokio::select! {
        error = ours.listen(&heard) => panic!("{error}"),
        () = put => {}
    }
}
