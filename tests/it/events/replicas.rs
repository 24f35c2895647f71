//! Several replicas of one store: whoever committed, everyone is told, and a
//! place of one is a place of all.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

async fn told_by_another(with_redis: bool) {
    let fleet = Fleet::start(2, with_redis).await;
    let mut stream = Sse::open(&fleet.replicas[0].url, "", None).await;
    let other = Api::of(&fleet.replicas[1].url);
    other.put("a", &quiet(&fleet.target.at("/ok"))).await;
    other.act("a", "run", json!({})).await;
    let told = stream.until(|e| e.words() == "a: succeeded").await;
    assert_eq!(told[0].words(), "a: put");
    assert_rising(&told);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_replica_commits_is_told_by_the_store() {
    told_by_another(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_replica_commits_is_told_by_redis() {
    told_by_another(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_events_go_on_through_the_store() {
    let mut fleet = Fleet::start(2, true).await;
    let mut stream = Sse::open(&fleet.replicas[0].url, "", None).await;
    let other = Api::of(&fleet.replicas[1].url);
    let job = quiet(&fleet.target.at("/ok"));
    other.put("a", &job).await;
    stream.until(|e| e.words() == "a: put").await;
    fleet.redis.as_mut().unwrap().kill().await;
    other.put("b", &job).await;
    stream.until(|e| e.words() == "b: put").await;
    fleet.redis.as_mut().unwrap().restart().await;
    other.put("c", &job).await;
    stream.until(|e| e.words() == "c: put").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_holds_on_another_replica_and_after_a_restart() {
    let mut fleet = Fleet::start(2, false).await;
    let job = quiet(&fleet.target.at("/ok"));
    let mut stream = Sse::open(&fleet.replicas[0].url, "", None).await;
    let other = Api::of(&fleet.replicas[1].url);
    other.put("a", &job).await;
    stream.until(|e| e.words() == "a: put").await;
    let place = stream.last_id.clone();
    fleet.replicas[0].kill().await;
    other.put("b", &job).await;
    let mut again = Sse::open(&fleet.replicas[1].url, "", Some(&place)).await;
    let told = again.until(|e| e.words() == "b: put").await;
    assert_eq!(words(&told), ["b: put"]);
    fleet.replicas[1].kill().await;
    fleet.start_replica().await;
    let mut fresh = Sse::open(&fleet.replicas[2].url, "", Some(&place)).await;
    let told_again = fresh.until(|e| e.words() == "b: put").await;
    assert_eq!(told, told_again);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_the_streams_at_once() {
    let mut fleet = Fleet::start(1, false).await;
    let base = fleet.replicas[0].url.clone();
    // One request holds the stop back as long as it wants.
    let api = Api::of(&base);
    api.put("held", &quiet(&fleet.target.at("/held"))).await;
    let mut streams = Vec::new();
    for _ in 0..20 {
        streams.push(Sse::open(&base, "?types=job", None).await);
    }
    api.act("held", "run", json!({})).await;
    fleet.target.wait_for(1).await;
    fleet.replicas[0].signal("TERM").await;
    for stream in &mut streams {
        assert_eq!(stream.rest().await, [], "ended while the run goes on");
    }
    fleet.target.let_go(1);
    assert_eq!(fleet.replicas[0].terminate().await.code(), Some(0));
}

/// Three replicas write and fire; a client goes from one to the next, taking its
/// last id along. Nothing that came to its end is missing, nothing comes twice.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_keeps_its_place_misses_anything() {
    let fleet = Fleet::start(3, false).await;
    let bases: Vec<String> = fleet.replicas.iter().map(|r| r.url.clone()).collect();
    let mut stream = Sse::open(&bases[0], "", None).await;
    let done = Arc::new(AtomicBool::new(false));
    let follower = tokio::spawn(follow(stream.last_id.clone(), bases.clone(), done.clone()));
    let url = fleet.target.at("/ok");
    let writers = bases.iter().enumerate().map(|(n, base)| {
        let (api, url) = (Api::of(base), url.clone());
        async move {
            for round in 0..40 {
                let id = format!("job-{n}-{round}");
                let mut job = quiet(&url);
                job["trigger"] = json!({"type": "interval", "seconds": 1});
                api.put(&id, &job).await;
                api.act(&id, "run", json!({})).await;
                api.act(&id, "pause", json!({})).await;
                if round % 4 == 0 {
                    api.call(reqwest::Method::DELETE, &format!("/{id}"), None)
                        .await;
                }
            }
        }
    });
    futures_util::future::join_all(writers).await;
    let ledger = fleet.settled_ledger().await;
    let last = Api::of(&bases[1]);
    last.put("last", &quiet(&url)).await;
    done.store(true, Ordering::SeqCst);
    let told = follower.await.unwrap();
    assert_rising(&told);
    assert_complete(&told, ledger.len());
    // One that stayed all the time was told the same changes.
    let stayed = stream.until(|e| e.words() == "last: put").await;
    let ids = |events: &[Event]| events.iter().map(|e| e.place()).collect::<Vec<_>>();
    assert_rising(&stayed);
    assert_complete(&stayed, ledger.len());
    assert_eq!(ids(&stayed).last(), ids(&told).last());
}

/// Follows from replica to replica until `last` was put.
async fn follow(mut place: String, bases: Vec<String>, done: Arc<AtomicBool>) -> Vec<Event> {
    let mut told = Vec::new();
    for base in bases.iter().cycle() {
        let query = match done.load(Ordering::SeqCst) {
            true => "",
            false => "?follow=false",
        };
        let mut stream = Sse::open(base, query, Some(&place)).await;
        match query.is_empty() {
            true => {
                told.extend(stream.until(|e| e.words() == "last: put").await);
                return told;
            }
            false => {
                told.extend(stream.rest().await);
                if told.last().is_some_and(|e| e.words() == "last: put") {
                    return told;
                }
            }
        }
        place = stream.last_id;
    }
    unreachable!()
}

/// Each run ended as the last event says, and jobs are what they were made.
fn assert_complete(told: &[Event], runs: usize) {
    let mut last = BTreeMap::new();
    let mut jobs = BTreeMap::new();
    for event in told {
        match event.name.as_str() {
            "run" => {
                let run = &event.data["run"];
                let state = OccurrenceState::parse(run["state"].as_str().unwrap());
                last.insert(run["run_id"].to_string(), state.unwrap());
            }
            _ => {
                let id = event.data["job_id"].as_str().unwrap().to_owned();
                jobs.insert(id, event.data["change"].clone());
            }
        }
    }
    assert_eq!(last.len(), runs);
    assert!(last.values().all(|state| state.is_final()), "{last:?}");
    assert_eq!(jobs.len(), 121);
    for (id, change) in jobs {
        let id = JobId::from_stored(id);
        let removed = id.as_str().rsplit('-').next().unwrap().parse::<u32>();
        let removed = removed.is_ok_and(|round| round % 4 == 0);
        let expected = match (id.as_str(), removed) {
            ("last", _) => "put",
            (_, true) => "removed",
            (_, false) => "paused",
        };
        assert_eq!(change, expected, "{id}");
    }
}
