//! `GET /api/v1/stats`: what came of all jobs, and what lies ahead of them.

use serde_json::{Value, json};

use super::*;
use crate::support::stage::{Stage, instant};

const START: &str = "2031-05-01T12:00:30Z";

async fn stats(stage: &Stage, query: &str) -> Value {
    let url = stage.app.at(&format!("/api/v1/stats?{query}"));
    let answer = stage.app.client.get(url).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    answer.json().await.unwrap()
}

/// State, reason and number of what ended in a window.
fn outcomes(window: &Value) -> Vec<(String, u64)> {
    let word = |outcome: &Value| {
        let reason = outcome["reason"].as_str().map(|r| format!("/{r}"));
        let state = outcome["state"].as_str().unwrap();
        (
            format!("{state}{}", reason.unwrap_or_default()),
            outcome["runs"].as_u64().unwrap(),
        )
    };
    window["outcomes"]
        .as_array()
        .unwrap()
        .iter()
        .map(word)
        .collect()
}

/// The buckets behind that are not empty: minute of the day, state, number.
fn filled(stats: &Value) -> Vec<(String, String, u64)> {
    let mut found = Vec::new();
    for bucket in stats["behind"].as_array().unwrap() {
        let from = bucket["from"].as_str().unwrap()[11..16].to_owned();
        for (state, runs) in bucket.as_object().unwrap() {
            if let Some(runs) = runs.as_u64().filter(|runs| *runs > 0) {
                found.push((from.clone(), state.clone(), runs));
            }
        }
    }
    found.sort();
    found
}

fn was(minute: &str, state: &str, runs: u64) -> (String, String, u64) {
    (minute.to_owned(), state.to_owned(), runs)
}

#[tokio::test]
async fn what_came_of_the_jobs_is_counted_by_state_reason_and_time() {
    let stage = Stage::at(START).await;
    stage.put("good", json!({})).await;
    stage
        .put_request("bad", json!({"url": "/status/500"}))
        .await;
    for _ in 0..3 {
        assert_eq!(stage.ran("good").await, "succeeded");
    }
    assert_eq!(stage.ran("bad").await, "failed/status");
    let one = stats(&stage, "behind=1&ahead=1&bucket=1m").await;
    let first = [("failed/status", 1), ("succeeded", 3)].map(|(w, n)| (w.to_owned(), n));
    assert_eq!(outcomes(&one["last_hour"]), first);
    assert_eq!(one["last_hour"]["runs"], json!(4));
    assert_eq!(one["last_hour"]["lateness_ms"]["runs"], json!(4));
    assert_eq!(one["last_day"]["duration_ms"]["runs"], json!(4));
    assert_eq!(one["last_day"]["from"], json!("2031-04-30T12:00:00.000Z"));
    let buckets = one["behind"].as_array().unwrap();
    assert_eq!(buckets.len(), 61);
    assert_eq!(buckets[0]["from"], json!("2031-05-01T11:00:00.000Z"));
    assert_eq!(buckets[60]["from"], json!("2031-05-01T12:00:00.000Z"));
    let noon = [was("12:00", "failed", 1), was("12:00", "succeeded", 3)];
    assert_eq!(filled(&one), noon);

    // On the very edge of the next minute, and long after.
    stage.clock.set(instant("2031-05-01T12:00:59.999Z"));
    assert_eq!(stage.ran("good").await, "succeeded");
    let two = stats(&stage, "behind=1&ahead=1&bucket=1m").await;
    assert_eq!(
        filled(&two),
        [
            noon[0].clone(),
            noon[1].clone(),
            was("12:01", "succeeded", 1)
        ]
    );
    stage.clock.set(instant("2031-05-01T13:01:00Z"));
    let later = stats(&stage, "behind=6&ahead=1&bucket=15m").await;
    assert_eq!(outcomes(&later["last_hour"]), [("succeeded".to_owned(), 1)]);
    assert_eq!(outcomes(&later["last_day"])[1].1, 4);
    assert_eq!(
        filled(&later),
        [was("12:00", "failed", 1), was("12:00", "succeeded", 4)]
    );
    stage.clock.set(instant("2031-05-02T12:10:00Z"));
    let gone = stats(&stage, "").await;
    assert_eq!(outcomes(&gone["last_day"]), []);
    assert_eq!(gone["last_day"]["lateness_ms"]["p99"], Value::Null);
}

#[tokio::test]
async fn what_was_missed_skipped_and_paused_is_counted_by_fire_time() {
    let stage = Stage::at(START).await;
    // Each second from 12:00:31 on; a downtime of an hour costs 3600 of them.
    let each_second = json!({
        "trigger": {"type": "interval", "seconds": 1, "start": "2031-05-01T13:00:00Z"},
        "policies": {"misfire_grace": {"ms": 1_500}}
    });
    stage.put("tick", each_second).await;
    stage
        .put(
            "waits",
            json!({
                "trigger": {"type": "interval", "minutes": 10, "start": "2031-05-01T13:00:00Z"},
                "policies": {"pause_until": "2031-05-01T15:00:00Z"}
            }),
        )
        .await;
    stage.go("2031-05-01T14:00:00Z", &["tick", "waits"]).await;
    stage.api.act("tick", "pause", json!({})).await;
    let told = stats(&stage, "behind=3&ahead=3&bucket=1h").await;
    let counts = outcomes(&told["last_hour"]);
    let of = |word: &str| {
        counts
            .iter()
            .find(|(w, _)| w == word)
            .map_or(0, |(_, n)| *n)
    };
    assert_eq!(of("missed/grace"), 3_599, "{counts:?}");
    assert_eq!(of("skipped/pause_until"), 7, "{counts:?}");
    assert_eq!(of("coalesced") + of("succeeded"), 2, "{counts:?}");
    let jobs = &told["jobs"];
    assert_eq!(jobs["paused"], json!(1));
    assert_eq!(jobs["running"], json!(1));
    assert_eq!(jobs["waiting"], json!({"count": 1, "exact": true}));
    // The paused one does not fire, the waiting one from three o'clock on.
    let ahead = &told["ahead"];
    assert_eq!(ahead["exact"], json!(true));
    let firings: Vec<&Value> = ahead["buckets"].as_array().unwrap().iter().collect();
    let firings: Vec<u64> = firings
        .iter()
        .map(|b| b["firings"].as_u64().unwrap())
        .collect();
    assert_eq!(firings, [0, 6, 6]);
}

#[tokio::test]
async fn an_answer_is_told_again_for_a_while() {
    let stage = Stage::at(START).await;
    let query = "behind=2&ahead=2&bucket=5m";
    let first = stats(&stage, query).await;
    stage
        .put(
            "new",
            json!({"trigger": {"type": "interval", "minutes": 5}}),
        )
        .await;
    assert_eq!(stats(&stage, query).await, first);
    stage
        .clock
        .set(instant(START) + chrono::TimeDelta::milliseconds(1_000));
    let second = stats(&stage, query).await;
    assert_eq!(second["jobs"]["total"], json!(1));
    assert_eq!(second["ahead"], first["ahead"], "for ten seconds");
    stage
        .clock
        .set(instant(START) + chrono::TimeDelta::milliseconds(10_000));
    let third = stats(&stage, query).await;
    assert_eq!(third["ahead"]["firings"], json!(24));
    assert_eq!(third["ahead"]["as_of"], json!("2031-05-01T12:00:40.000Z"));
    let others = stats(&stage, "ahead=1").await;
    assert_eq!(others["ahead"]["as_of"], json!("2031-05-01T12:00:40.000Z"));
}

#[tokio::test]
async fn queries_are_read_strictly() {
    let api = Api::start().await;
    for (query, told) in [
        (
            "behind=169&ahead=0&bucket=1w",
            vec!["behind", "ahead", "bucket"],
        ),
        ("bucket=1m", vec!["behind", "ahead"]),
        ("since=1", vec!["since"]),
        ("bucket=1h&bucket=1h", vec!["bucket"]),
    ] {
        let reply = api.0.get(&format!("/api/v1/stats?{query}")).await;
        assert_eq!(fields(&faults(&reply)), told, "{query}");
    }
    let reply = api.0.get("/api/v1/system?x=1").await;
    assert_eq!(fields(&faults(&reply)), ["x"]);
}
