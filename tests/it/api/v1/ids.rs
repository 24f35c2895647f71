//! Any text can be the name of a job.

use serde_json::{Value, json};

use super::{Api, faults, fields, hourly, ok, problem};
use crate::support::http::Request;

#[tokio::test]
async fn any_text_names_a_job() {
    let api = Api::start().await;
    let long = "x".repeat(16 * 1024);
    let wide = "任".repeat(5461);
    let ids = [
        "a",
        "a/b",
        "/",
        "a%2Fb",
        "100%",
        "%",
        "a:b",
        ":",
        "x:pause",
        "x",
        ":pause",
        "x:pause:pause",
        "任务/每天 ☕",
        "a b+c",
        "a?b#c&d=e",
        "\"'\\<>",
        "a\u{0}b\n",
        "..",
        ".",
        "*",
        &long,
        &wide,
    ];
    for id in ids {
        let created = api.create(id, &hourly()).await;
        assert_eq!(created["job_id"], json!(id));
    }
    for id in ids {
        let body = json!({"tags": ["seen"], "job_id": id});
        assert_eq!(ok(&api.patch(id, &body).await, 200)["job_id"], json!(id));
        let paused = ok(&api.act(id, "pause", &Value::Null).await, 200);
        assert_eq!(paused["job_id"], json!(id));
        assert_eq!(paused["status"]["state"], json!("paused"));
        ok(&api.act(id, "resume", &Value::Null).await, 200);
        assert_eq!(ok(&api.put(id, &hourly()).await, 200)["job_id"], json!(id));
    }
    let listed = ok(&api.0.get("/api/v1/jobs?limit=200").await, 200);
    assert_eq!(listed["items"].as_array().unwrap().len(), ids.len());
    for id in ids {
        assert_eq!(api.delete(id).await.status, 204);
        problem(&api.get(id).await, 404, "no-such-job");
    }
}

/// A copy is found under the path that is told, whatever its name.
#[tokio::test]
async fn the_location_of_a_copy_leads_to_it() {
    let api = Api::start().await;
    api.create("j", &hourly()).await;
    for to in [
        "a/b",
        "100%",
        "x:pause",
        "任务",
        "a b?c#d",
        &"任".repeat(5461),
    ] {
        let copied = api.act("j", "copy", &json!({"job_id": to})).await;
        ok(&copied, 201);
        let shown = api.0.get(copied.header("location").unwrap()).await;
        assert_eq!(ok(&shown, 200)["job_id"], json!(to));
    }
}

/// The last colon parts the name from what is to be done.
#[tokio::test]
async fn a_name_that_ends_like_an_action_is_a_name() {
    let api = Api::start().await;
    for id in ["x", "x:pause"] {
        api.create(id, &hourly()).await;
    }
    let target = "/api/v1/jobs/x:pause:pause";
    let paused = api.send("POST", target, &[], &Value::Null).await;
    assert_eq!(ok(&paused, 200)["job_id"], json!("x:pause"));
    let state = |job: Value| job["status"]["state"].clone();
    assert_eq!(state(ok(&api.get("x").await, 200)), json!("running"));
    let shown = api.0.get("/api/v1/jobs/x:pause").await;
    assert_eq!(state(ok(&shown, 200)), json!("paused"));
    // The colon may be encoded.
    let target = "/api/v1/jobs/x%3Apause%3Aresume";
    let resumed = api.send("POST", target, &[], &Value::Null).await;
    assert_eq!(state(ok(&resumed, 200)), json!("running"));
}

#[tokio::test]
async fn what_cannot_be_a_name_is_refused() {
    let api = Api::start().await;
    let refused = api.put(&"x".repeat(16 * 1024 + 1), &hourly()).await;
    let told = faults(&refused);
    assert_eq!(fields(&told), ["job_id"]);
    let value = told[0]["value"].as_str().unwrap();
    assert!(value.starts_with("xxx") && value.len() < 300, "{value}");
    let refused = api.act("", "pause", &Value::Null).await;
    assert_eq!(fields(&faults(&refused)), ["job_id"]);

    for target in ["/api/v1/jobs/%ff", "/api/v1/jobs/%C3%28:pause"] {
        for method in ["GET", "PUT", "PATCH", "DELETE", "POST"] {
            let is_action = target.ends_with(":pause");
            if is_action != (method == "POST") {
                continue;
            }
            let request = Request::new(method, target).body(hourly().to_string());
            let refused = problem(&api.0.send(&request).await, 400, "malformed");
            assert_eq!(refused["errors"][0]["field"], json!("job_id"));
        }
    }
}
