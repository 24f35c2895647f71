//! Live events over real sockets: what is told, from which place on, by which
//! replica, and what a client costs who does not read.

use std::collections::HashMap;

use schedule_server::domain::job::JobId;
use schedule_server::domain::occurrence::OccurrenceState;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::support::api::Api;
use crate::support::fleet::Fleet;
use crate::support::sse::{Event, Sse, place};
use crate::support::stage::Stage;

mod bell;
mod places;
mod replicas;

/// A job that never fires by itself.
fn quiet(url: &str) -> Value {
    json!({
        "trigger": {"type": "date", "at": "2099-01-01T00:00:00Z"},
        "request": {"url": url},
    })
}

fn words(events: &[Event]) -> Vec<String> {
    events.iter().map(Event::words).collect()
}

/// Ids rise without exception.
fn assert_rising(events: &[Event]) {
    for pair in events.windows(2) {
        assert!(pair[0].place() < pair[1].place(), "{pair:?}");
    }
}

#[tokio::test]
async fn every_change_of_a_job_is_told_as_it_is_then() {
    let stage = Stage::any().await;
    let base = stage.app.at("");
    let mut stream = Sse::open(&base, "", None).await;
    stage.put("a", json!({})).await;
    let told = stream.next().await.unwrap();
    assert_eq!(
        (told.name.as_str(), told.words().as_str()),
        ("job", "a: put")
    );
    assert_eq!(told.data["job"], stage.api.job("a").await.unwrap());
    stage.put("a", json!({})).await;
    stage.put("a", json!({"description": "changed"})).await;
    let told = stream.next().await.unwrap();
    assert_eq!(told.words(), "a: put", "what is put twice is told once");
    assert_eq!(told.data["job"]["description"], "changed");
    for (action, body, change, state) in [
        ("pause", json!({}), "a: paused", "paused"),
        ("resume", json!({}), "a: resumed", "running"),
        (
            "pause",
            json!({"until": "2032-01-01T00:00:00Z"}),
            "a: paused",
            "paused",
        ),
        ("resume", json!({}), "a: resumed", "running"),
    ] {
        stage.api.act("a", action, body).await;
        let told = stream.next().await.unwrap();
        assert_eq!(told.words(), change);
        assert_eq!(told.data["job"]["status"]["state"], state, "{action}");
    }
    let removed = stage.api.call(reqwest::Method::DELETE, "/a", None).await;
    assert_eq!(removed.0, 204);
    let told = stream.next().await.unwrap();
    assert_eq!(
        (told.words().as_str(), &told.data["job"]),
        ("a: removed", &Value::Null)
    );
}

#[tokio::test]
async fn runs_are_told_until_they_have_ended() {
    let stage = Stage::any().await;
    let mut stream = Sse::open(&stage.app.at(""), "", None).await;
    stage.put_request("a", json!({"url": "/status/500"})).await;
    stage.ran("a").await;
    let told = stream.until(|e| e.words() == "a: failed").await;
    assert_rising(&told);
    let last = &told.last().unwrap().data;
    let shown = stage.api.job("a").await.unwrap()["status"]["recent"][0].clone();
    assert_eq!(last["run"], shown);
    assert_eq!(last["run"]["status"], 500);
    assert_eq!(last["run"]["kind"], "manual");
}

#[tokio::test]
async fn a_schedule_that_ends_is_told() {
    let stage = Stage::any().await;
    let mut stream = Sse::open(&stage.app.at(""), "", None).await;
    let at = json!({"type": "date", "at": "2031-05-01T12:00:05Z"});
    stage.put("once", json!({"trigger": at})).await;
    stage.go("2031-05-01T12:00:05Z", &["once"]).await;
    // A run is told as it is when it is read, which may be before its job's end.
    let mut told = stream.until(|e| e.words() == "once: ended").await;
    if !words(&told).contains(&"once: succeeded".to_owned()) {
        told.extend(stream.until(|e| e.words() == "once: succeeded").await);
    }
    let words = words(&told);
    assert!(!words.contains(&"once: removed".to_owned()), "{words:?}");
}

#[tokio::test]
async fn a_job_that_fails_too_often_is_told_as_paused() {
    let stage = Stage::any().await;
    let mut stream = Sse::open(&stage.app.at(""), "?types=job", None).await;
    let job = json!({
        "trigger": {"type": "interval", "seconds": 10},
        "request": {"url": stage.target.at("/status/500")},
        "policies": {"pause_after_failures": 1}
    });
    stage.put("a", job).await;
    stage.go("2031-05-01T12:00:10Z", &["a"]).await;
    let told = stream.until(|e| e.words() == "a: paused").await;
    let status = &told.last().unwrap().data["job"]["status"];
    assert_eq!(status["paused_by"], "failures");
}

#[tokio::test]
async fn filters_let_through_what_was_asked_for() {
    let stage = Stage::any().await;
    let base = stage.app.at("");
    let mut jobs = Sse::open(&base, "?types=job", None).await;
    let mut runs = Sse::open(&base, "?types=run&job_id=b", None).await;
    stage.put("a", json!({})).await;
    stage.put("b", json!({})).await;
    stage.ran("a").await;
    stage.ran("b").await;
    stage.put("b", json!({"description": "last"})).await;
    stage.ran("b").await;
    let told = jobs.until(|e| e.data["job"]["description"] == "last").await;
    assert_eq!(words(&told), ["a: put", "b: put", "b: put"]);
    let ids: Vec<_> = jobs_of(&runs.until(ended(2)).await);
    assert!(ids.iter().all(|id| id == "b"), "{ids:?}");
}

/// Whether so many runs have succeeded so far.
fn ended(count: usize) -> impl Fn(&Event) -> bool {
    let seen = std::sync::Mutex::new(std::collections::HashSet::new());
    move |event| {
        let mut seen = seen.lock().unwrap();
        if event.data["run"]["state"] == "succeeded" {
            seen.insert(event.data["run"]["run_id"].to_string());
        }
        seen.len() == count
    }
}

fn jobs_of(events: &[Event]) -> Vec<String> {
    let ids = events.iter().map(|e| e.data["job_id"].as_str().unwrap());
    ids.map(str::to_owned).collect()
}

#[tokio::test]
async fn too_many_streams_are_refused_until_one_ends() {
    let stage = Stage::with("2031-05-01T12:00:00Z", &["--events-clients=2"]).await;
    let base = stage.app.at("");
    let _first = Sse::open(&base, "", None).await;
    let second = Sse::open(&base, "", None).await;
    let (status, problem) = Sse::send(&base, "", None).await.err().unwrap();
    assert_eq!(status, 503);
    let kind = "urn:schedule-server:problem:too-many-streams";
    assert_eq!(problem["type"], kind);
    drop(second);
    // The server learns of it when it next writes, or by the connection's end.
    while Sse::send(&base, "", None).await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_request_that_breaks_rules_is_refused() {
    let stage = Stage::any().await;
    let refused = Sse::send(&stage.app.at(""), "?types=all&x=1", Some("x")).await;
    let (status, problem) = refused.err().unwrap();
    assert_eq!(status, 422);
    let errors = problem["errors"].as_array().unwrap();
    let fields: Vec<_> = errors
        .iter()
        .map(|e| e["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["types", "x", "Last-Event-ID"]);
}

/// A client that reads nothing, beside one that does: the second gets everything
/// at once, the first one as soon as it reads.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_holds_nobody_back() {
    let stage = Stage::any().await;
    let base = stage.app.at("");
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stalled = socket.connect(stage.app.server.local_addr).await.unwrap();
    let request = "GET /api/v1/events HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    stalled.write_all(request.as_bytes()).await.unwrap();
    let mut first = [0; 16];
    stalled.read_exact(&mut first).await.unwrap();
    let mut healthy = Sse::open(&base, "", None).await;
    // Far more than what sockets and buffers hold: 18 MB.
    let text = "x".repeat(90_000);
    for round in 0..2 {
        for n in 0..100 {
            let mut job = quiet("http://127.0.0.1:9/none");
            job["description"] = json!(round.to_string());
            job["request"]["method"] = json!("POST");
            job["request"]["body"] = json!({"text": text});
            stage.api.put(&format!("job-{n}"), &job).await;
        }
    }
    stage.put("last", json!({})).await;
    let told = healthy.until(|e| e.words() == "last: put").await;
    assert_rising(&told);
    assert_last_is_told(&told);
    let read_to_last = read_until(&mut stalled, "\"job_id\":\"last\"");
    assert!(
        read_to_last.await > 100 * 90_000,
        "also what stood in between"
    );
}

/// Reads until this text comes; how many bytes came up to then.
async fn read_until(stream: &mut TcpStream, text: &str) -> usize {
    let (mut all, mut tail) = (0, String::new());
    let mut piece = vec![0; 65_536];
    while !tail.contains(text) {
        let n = stream.read(&mut piece).await.unwrap();
        assert!(n > 0, "its stream goes on");
        all += n;
        let keep = tail.floor_char_boundary(tail.len().saturating_sub(text.len()));
        tail.drain(..keep);
        tail.push_str(&String::from_utf8_lossy(&piece[..n]));
    }
    all
}

/// The last state of each job was told.
fn assert_last_is_told(told: &[Event]) {
    let mut last = HashMap::new();
    for event in told {
        let description = event.data["job"]["description"].as_str().unwrap();
        last.insert(event.data["job_id"].as_str().unwrap(), description);
    }
    assert_eq!(last.len(), 101);
    for (id, description) in last {
        assert!(id == "last" || description == "1", "{id}");
    }
}
