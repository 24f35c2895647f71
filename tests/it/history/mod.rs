//! The history through `/api/v1`: what the real server has on record of real
//! requests to a real target, listed, explained, and fired again.

mod explained;
mod instants;
mod listed;
mod rerun;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::stage::Stage;

/// Sends a request without a body; `path` comes after `/api/v1`.
async fn send(stage: &Stage, method: Method, path: &str) -> (u16, Value, Option<String>) {
    let url = stage.app.at(&format!("/api/v1{path}"));
    let answer = stage.app.client.request(method, url).send().await.unwrap();
    let location = answer.headers().get("location");
    let location = location.map(|value| value.to_str().unwrap().to_owned());
    (
        answer.status().as_u16(),
        answer.json().await.unwrap(),
        location,
    )
}

async fn get(stage: &Stage, path: &str) -> Value {
    let (status, body, _) = send(stage, Method::GET, path).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

/// The status and the type of a refusal.
async fn refused(stage: &Stage, method: Method, path: &str) -> (u16, String) {
    let (status, body, _) = send(stage, method, path).await;
    let kind = body["type"].as_str().unwrap().rsplit(':').next().unwrap();
    (status, kind.to_owned())
}

/// The rows of one page, newest first.
async fn rows(stage: &Stage, path: &str) -> Vec<Value> {
    get(stage, path).await["items"].as_array().unwrap().clone()
}

/// The newest run of a job, alone.
async fn newest(stage: &Stage, job: &str) -> Value {
    let row = rows(stage, &format!("/jobs/{job}/runs?limit=1"))
        .await
        .remove(0);
    let run = get(stage, &format!("/runs/{}", row["run_id"])).await;
    // What a list shows is what the run alone shows, but for what it leaves out.
    for (name, value) in row.as_object().unwrap() {
        assert_eq!(&run[name], value, "{name}");
    }
    run
}

fn says<'v>(run: &'v Value, language: &str) -> &'v str {
    run["explanation"][language].as_str().unwrap()
}

/// A job that fires each ten seconds, with these policies.
async fn every_ten_seconds(stage: &Stage, id: &str, path: &str, policies: Value) {
    let whole = json!({
        "trigger": {"type": "interval", "seconds": 10},
        "request": {"url": stage.target.at(path)},
        "policies": policies,
    });
    stage.put(id, whole).await;
}
