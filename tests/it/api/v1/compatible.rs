//! Jobs of this API as the frozen one shows and moves them, and the other way
//! round.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{Api, everything, hourly, ok, problem};
use crate::support::http::Request;
use crate::support::target::Target;

/// An answer of the inherited API: its data, if it is a success.
async fn inherited(api: &Api, method: &str, target: &str) -> Value {
    let reply = api.send(method, target, &[], &Value::Null).await;
    let body = ok(&reply, 200);
    assert_eq!(body["success"], json!(true), "{body}");
    body["data"].clone()
}

async fn jobs(api: &Api) {
    let mut date = everything();
    date["trigger"] = json!({"type": "date", "at": "2099-12-31T23:59:59.507+08:00",
        "jitter_ms": 5});
    api.create("date", &date).await;
    let mut weekly = everything();
    weekly["trigger"] = json!({"type": "interval", "weeks": 2, "days": 1, "seconds": 5,
        "start": "2090-01-01T00:00:00.250Z", "end": "2099-01-01T00:00:00Z"});
    api.create("interval", &weekly).await;
    api.create("cron", &everything()).await;
}

#[tokio::test]
async fn the_frozen_api_shows_what_it_has_no_words_for() {
    let (api, _clock) = Api::at("2050-01-01T00:00:00Z").await;
    jobs(&api).await;
    let mut shown = Vec::new();
    for id in ["date", "interval", "cron"] {
        shown.push(inherited(&api, "GET", &format!("/scheduler/get_job?job_id={id}")).await);
    }
    insta::assert_json_snapshot!(shown);
    let listed = inherited(&api, "GET", "/scheduler/get_jobs").await;
    assert_eq!(listed["total"], json!(3));
    for job in listed["task_list"].as_array().unwrap() {
        assert!(shown.contains(job), "{job}");
    }
}

#[tokio::test]
async fn a_long_list_is_sent_part_by_part_and_whole() {
    let (api, _clock) = Api::at("2050-01-01T00:00:00Z").await;
    let line = |n: i64| {
        let at = format!("2060-01-01T00:{:02}:{:02}Z", n * 7 % 60, n % 60);
        let job = json!({"trigger": {"type": "date", "at": at}, "request": {"url": "http://a/"}});
        json!({"job_id": format!("job-{n}"), "definition": job}).to_string()
    };
    let lines: Vec<String> = (0..1_700).map(line).collect();
    let request = Request::new("POST", "/api/v1/import");
    let request = request.header("content-type", "application/jsonl");
    ok(&api.0.send(&request.body(lines.join("\n"))).await, 200);
    for (part, expected) in [("", 1_700), ("job-1", 811), ("job-169", 11), ("none", 0)] {
        let path = format!("/scheduler/get_jobs?job_id={part}");
        let reply = api.send("GET", &path, &[], &Value::Null).await;
        let listed = ok(&reply, 200)["data"].clone();
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert_eq!(listed["total"], json!(expected));
        let jobs = listed["task_list"].as_array().unwrap();
        assert_eq!(jobs.len(), expected);
        let next = |job: &Value| job["next_run_time"].as_str().unwrap().to_owned();
        assert!(jobs.is_sorted_by_key(next), "by next run");
        let ids: HashSet<&str> = jobs.iter().map(|j| j["job_id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), expected, "each once");
    }
}

#[tokio::test]
async fn the_frozen_api_moves_jobs_of_this_one() {
    let (api, _clock) = Api::at("2050-01-01T00:00:00Z").await;
    jobs(&api).await;
    for id in ["date", "interval", "cron"] {
        let before = ok(&api.get(id).await, 200);
        inherited(&api, "PUT", &format!("/scheduler/pause_job?job_id={id}")).await;
        let paused = ok(&api.get(id).await, 200);
        assert_eq!(paused["status"]["paused_by"], json!("client"));
        inherited(&api, "PUT", &format!("/scheduler/resume_job?job_id={id}")).await;
        let mut expected = before;
        let mut resumed = ok(&api.get(id).await, 200);
        assert_eq!(resumed["status"]["state"], json!("running"));
        // A resumed job waits for nothing any more.
        assert_eq!(resumed["policies"]["pause_until"], Value::Null);
        for job in [&mut expected, &mut resumed] {
            job["policies"]["pause_until"].take();
            job["status"].take();
        }
        assert_eq!(resumed, expected);
        inherited(
            &api,
            "DELETE",
            &format!("/scheduler/remove_job?job_id={id}"),
        )
        .await;
        problem(&api.get(id).await, 404, "no-such-job");
    }
}

/// Adding it there replaces all of it.
#[tokio::test]
async fn the_frozen_api_replaces_a_job_of_this_one() {
    let api = Api::start().await;
    api.create("cron", &everything()).await;
    ok(&api.act("cron", "pause", &Value::Null).await, 200);
    let job = json!({"job_id": "cron", "url": "http://127.0.0.1:9/x", "minutes": 5});
    let added = api
        .0
        .post("/scheduler/interval/add_job", job.to_string())
        .await;
    assert_eq!(ok(&added, 200)["success"], json!(true));
    let mut mine = hourly();
    mine["trigger"] = json!({"type": "interval", "minutes": 5});
    mine["request"]["url"] = json!("http://127.0.0.1:9/x");
    let fresh = api.create("fresh", &mine).await;
    let replaced = ok(&api.get("cron").await, 200);
    for part in [
        "description",
        "tags",
        "trigger",
        "request",
        "retry",
        "policies",
    ] {
        assert_eq!(replaced[part], fresh[part], "{part}");
    }
    assert_eq!(replaced["status"]["state"], json!("running"));
}

/// An inherited job knows no placeholders, and does not learn of them by being
/// paused, resumed or run.
#[tokio::test]
async fn an_inherited_url_stays_as_it_is() {
    let target = Target::start().await;
    let api = Api::start().await;
    let url = target.at("/hook?x={{fire_id}}&y={{odd}}");
    let job = json!({"job_id": "j", "url": url, "hours": 5});
    let added = api
        .0
        .post("/scheduler/interval/add_job", job.to_string())
        .await;
    assert_eq!(ok(&added, 200)["success"], json!(true));
    let mut sent = 0;
    for (action, body) in [
        ("pause", Value::Null),
        ("resume", Value::Null),
        ("pause", json!({"until": "2099-01-01T00:00:00Z"})),
        ("resume", Value::Null),
    ] {
        let job = ok(&api.act("j", action, &body).await, 200);
        assert_eq!(job["request"]["url"], json!(url));
        ok(&api.act("j", "run", &Value::Null).await, 202);
        sent += 1;
        target.wait_for(sent).await;
    }
    let copy = json!({"job_id": "copy"});
    ok(&api.act("j", "copy", &copy).await, 201);
    ok(&api.act("copy", "run", &Value::Null).await, 202);
    target.wait_for(sent + 1).await;
    for arrival in target.arrivals() {
        let path = arrival.path.replace("%7B", "{").replace("%7D", "}");
        assert!(path.ends_with("?x={{fire_id}}&y={{odd}}"), "{path}");
    }
}
