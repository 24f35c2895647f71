//! Firing a run again.

use reqwest::Method;
use serde_json::json;

use super::{get, newest, refused, send};
use crate::support::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_fired_again_as_its_job_is_now_and_arrives_once() {
    let stage = Stage::any().await;
    stage.put_request("j", json!({"url": "/status/500"})).await;
    assert_eq!(stage.ran("j").await, "failed/status");
    let first = newest(&stage, "j").await;
    stage.put_request("j", json!({"url": "/ok"})).await;
    stage.advance_ms(5);

    let path = format!("/runs/{}:rerun", first["run_id"]);
    let (status, run, location) = send(&stage, Method::POST, &path).await;
    assert_eq!(status, 202, "{run}");
    assert_eq!(run["kind"], json!("manual"));
    assert_ne!(run["fire_id"], first["fire_id"]);
    assert_eq!(location.unwrap(), format!("/api/v1/runs/{}", run["run_id"]));
    stage.arrived("j", 2).await;
    stage.settled("j").await;
    stage.a_while().await;
    let arrivals = stage.arrivals("j");
    let again: Vec<&str> = arrivals[1..].iter().map(|a| a.fire_id()).collect();
    assert_eq!(again, [run["fire_id"].as_str().unwrap()]);
    assert_eq!(arrivals[1].path, "/ok");
    let shown = get(&stage, &format!("/runs/{}", run["run_id"])).await;
    assert_eq!(shown["state"], json!("succeeded"));
    // The run that was named stays as it was.
    assert_eq!(
        get(&stage, &format!("/runs/{}", first["run_id"])).await,
        first
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_fired_again_is_told() {
    let stage = Stage::any().await;
    stage.put_request("j", json!({})).await;
    stage.ran("j").await;
    let run = newest(&stage, "j").await["run_id"].clone();
    stage.api.call(Method::DELETE, "/j", None).await;
    let again = format!("/runs/{run}:rerun");
    let post = |path: String| refused_post(&stage, path);
    assert_eq!(post(again).await, (409, "job-gone".into()));
    assert_eq!(
        post("/runs/424242:rerun".into()).await,
        (404, "no-such-run".into())
    );
    assert_eq!(post("/runs/x:rerun".into()).await, (422, "invalid".into()));
    stage.a_while().await;
    assert_eq!(stage.arrivals("j").len(), 1);
}

async fn refused_post(stage: &Stage, path: String) -> (u16, String) {
    refused(stage, Method::POST, &path).await
}

#[tokio::test(flavor = "multi_thread")]
async fn running_a_job_tells_where_its_run_is() {
    let stage = Stage::any().await;
    stage.put_request("j", json!({})).await;
    let (status, run, location) = send(&stage, Method::POST, "/jobs/j:run").await;
    assert_eq!(status, 202);
    let location = location.unwrap();
    let shown = get(&stage, location.strip_prefix("/api/v1").unwrap()).await;
    assert_eq!(shown["fire_id"], run["fire_id"]);
}
