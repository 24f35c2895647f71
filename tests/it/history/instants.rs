//! Why did it not fire at T?

use reqwest::Method;
use serde_json::{Value, json};

use super::{every_ten_seconds, get, refused};
use crate::support::stage::Stage;

async fn explain(stage: &Stage, job: &str, time: &str) -> Value {
    get(stage, &format!("/jobs/{job}/explain?at=2031-05-01T{time}Z")).await
}

/// What it comes to: the moment, the state of the run, and the fire times beside.
fn short(told: &Value) -> Value {
    let time = |at: &Value| at.as_str().map(|at| at[11..23].to_owned());
    json!([
        told["moment"],
        told["run"]["state"],
        time(&told["previous_fire_at"]),
        time(&told["next_fire_at"]),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn every_instant_of_a_job_has_its_answer() {
    let stage = Stage::any().await;
    every_ten_seconds(&stage, "j", "/ok", json!({})).await;
    // Fired at 12:00:10, paused until 12:00:35, then a downtime.
    stage.go("2031-05-01T12:00:10Z", &["j"]).await;
    stage.api.act("j", "pause", json!({})).await;
    stage.advance_ms(25_000);
    stage.api.act("j", "resume", json!({})).await;
    stage.go("2031-05-01T12:01:31Z", &["j"]).await;
    for (time, expected) in [
        (
            "11:59:50",
            json!(["before_added", null, null, "12:00:10.000"]),
        ),
        (
            "12:00:05",
            json!(["no_fire_time", null, null, "12:00:10.000"]),
        ),
        ("12:00:10", json!([null, "succeeded", null, "12:00:20.000"])),
        // Within the pause, of which nothing is on record.
        (
            "12:00:20",
            json!(["before_changed", null, "12:00:10.000", "12:00:30.000"]),
        ),
        (
            "12:00:40",
            json!([null, "coalesced", "12:00:30.000", "12:00:50.000"]),
        ),
        (
            "12:00:50",
            json!([null, "coalesced", "12:00:40.000", "12:01:00.000"]),
        ),
        // Between two fire times that one row stands for.
        (
            "12:00:55.5",
            json!(["no_fire_time", null, "12:00:50.000", "12:01:00.000"]),
        ),
        (
            "12:01:30",
            json!([null, "succeeded", "12:01:20.000", "12:01:40.000"]),
        ),
        (
            "12:01:40",
            json!(["to_come", null, "12:01:30.000", "12:01:50.000"]),
        ),
        (
            "12:01:41",
            json!(["no_fire_time", null, "12:01:40.000", "12:01:50.000"]),
        ),
    ] {
        let told = explain(&stage, "j", time).await;
        assert_eq!(short(&told), expected, "{time}: {told}");
        assert!(told["explanation"]["zh"].as_str().unwrap().ends_with('。'));
    }
    stage.api.act("j", "pause", json!({})).await;
    stage.advance_ms(60_000);
    for (time, moment) in [("12:02:00", "paused"), ("12:09:00", "paused")] {
        let told = explain(&stage, "j", time).await;
        assert_eq!(told["moment"], json!(moment), "{time}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_outlives_its_job() {
    let stage = Stage::any().await;
    every_ten_seconds(&stage, "j", "/ok", json!({})).await;
    stage.go("2031-05-01T12:00:10Z", &["j"]).await;
    stage.api.call(Method::DELETE, "/j", None).await;
    let told = explain(&stage, "j", "12:00:10").await;
    assert_eq!(told["run"]["state"], json!("succeeded"));
    let told = explain(&stage, "j", "12:00:15").await;
    assert_eq!(told["moment"], json!("job_gone"));
    assert_eq!(told["previous"]["fire_at"], told["previous_fire_at"]);
    let never = "/jobs/never/explain?at=2031-05-01T12:00:00Z";
    assert_eq!(
        refused(&stage, Method::GET, never).await,
        (404, "no-such-job".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_instant_is_read_strictly() {
    let stage = Stage::any().await;
    every_ten_seconds(&stage, "j", "/ok", json!({})).await;
    // A plus that was not encoded.
    let told = get(&stage, "/jobs/j/explain?at=2031-05-01T20:00:10+08:00").await;
    assert_eq!(told["moment"], json!("to_come"));
    for query in [
        "",
        "?at=",
        "?at=now",
        "?at=2031-05-01",
        "?at=2031-05-01T12:00:10Z&x=1",
        "?at=2031-05-01T12:00:10Z&at=2031-05-01T12:00:10Z",
    ] {
        let path = format!("/jobs/j/explain{query}");
        assert_eq!(
            refused(&stage, Method::GET, &path).await,
            (422, "invalid".into()),
            "{query}"
        );
    }
}
