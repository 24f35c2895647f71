//! `GET /api/v1/export` and `POST /api/v1/import`: what goes out comes in again.

use serde_json::{Value, json};

use super::{Api, etag, everything, hourly, ok, problem};
use crate::support::http::{Reply, Request};

impl Api {
    async fn export(&self, query: &str) -> Vec<Value> {
        let reply = self.0.get(&format!("/api/v1/export{query}")).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(reply.header("content-type"), Some("application/jsonl"));
        let text = reply.text();
        let read = |line| serde_json::from_str(line).unwrap();
        text.lines().map(read).collect()
    }

    async fn import(&self, query: &str, lines: &[Value]) -> Reply {
        let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
        self.import_text(query, lines.join("\n")).await
    }

    async fn import_text(&self, query: &str, text: String) -> Reply {
        let request = Request::new("POST", &format!("/api/v1/import{query}"));
        let request = request.header("content-type", "application/jsonl");
        self.0.send(&request.body(text)).await
    }

    async fn etags(&self, ids: &[&str]) -> Vec<String> {
        let mut tags = Vec::new();
        for id in ids {
            tags.push(etag(&self.get(id).await));
        }
        tags
    }
}

/// `created`, `replaced`, `unchanged`, `kept`.
fn counts(reply: &Reply) -> [u64; 4] {
    let body = ok(reply, 200);
    let counts =
        ["created", "replaced", "unchanged", "kept"].map(|name| body[name].as_u64().unwrap());
    assert_eq!(body["jobs"], json!(counts.iter().sum::<u64>()));
    assert_eq!(body["failed"], json!({"count": 0, "jobs": []}));
    counts
}

/// Without what only the moment of the export decides.
fn timeless(mut lines: Vec<Value>) -> Vec<Value> {
    for line in &mut lines {
        let line = line.as_object_mut().unwrap();
        line.remove("exported_at");
        line.remove("created_at");
    }
    lines
}

/// A definition without secrets.
fn plain(mut definition: Value) -> Value {
    fn walk(value: &mut Value) {
        match value {
            Value::Object(map) => match map.get("secret").cloned() {
                Some(text) => *value = text,
                None => map.values_mut().for_each(walk),
            },
            Value::Array(items) => items.iter_mut().for_each(walk),
            _ => {}
        }
    }
    walk(&mut definition);
    definition
}

fn line(id: &str, definition: &Value) -> Value {
    json!({"job_id": id, "definition": definition})
}

/// Jobs of each kind, with every option.
async fn of_each_kind(api: &Api) {
    api.create("all", &plain(everything())).await;
    api.create("hourly", &hourly()).await;
    ok(&api.act("hourly", "pause", &json!({})).await, 200);
    let interval = json!({"trigger": {"type": "interval", "weeks": 1, "seconds": 5,
        "start": "2090-01-01T00:00:00.250Z", "end": "2095-01-01T00:00:00Z", "jitter_ms": 500},
        "request": {"url": "https://127.0.0.1:9/", "method": "PUT", "body": {"text": "ä\n"},
            "tls": {"skip_verification": true}},
        "policies": {"overlap": {"queue": 3}, "misfire_grace": "unlimited", "catch_up": "none"}});
    api.create("任务 \"1\"\u{0}", &interval).await;
    let date = json!({"tags": ["x"], "trigger": {"type": "date", "at": "2099-12-31T23:59:59.5Z"},
        "request": {"url": "http://127.0.0.1:9/"}, "policies": {"overlap": "cancel_previous"}});
    api.create("date", &date).await;
    for (kind, job) in [
        (
            "interval",
            json!({"job_id": "old-interval", "url": "not a url {{job_id}}", "seconds": 77}),
        ),
        (
            "cron",
            json!({"job_id": "old-cron", "url": "http://127.0.0.1:9/{{x}}", "day": "*", "week": "*",
                "day_of_week": "*", "hour": "1", "minute": "2", "second": "3"}),
        ),
    ] {
        let target = format!("/scheduler/{kind}/add_job");
        let added = api.0.post(&target, job.to_string()).await;
        assert_eq!(added.json()["success"], json!(true), "{}", added.text());
    }
}

#[tokio::test]
async fn what_is_exported_can_be_imported_and_is_the_same() {
    let from = Api::start().await;
    of_each_kind(&from).await;
    let lines = from.export("").await;
    assert_eq!(lines.len(), 7);
    assert_eq!(lines[0]["format"], json!(1));
    let to = Api::start().await;
    assert_eq!(counts(&to.import("", &lines).await), [6, 0, 0, 0]);
    let again = to.export("").await;
    assert_eq!(timeless(again), timeless(lines.clone()));
    let ids = ["all", "hourly", "任务 \"1\"\u{0}", "date"];
    let tags = to.etags(&ids).await;
    assert_eq!(counts(&to.import("", &lines).await), [0, 0, 6, 0]);
    assert_eq!(to.etags(&ids).await, tags);
}

#[tokio::test]
async fn an_export_has_what_the_filters_let_through() {
    let api = Api::start().await;
    of_each_kind(&api).await;
    for (query, ids) in [
        ("?type=date", vec!["date"]),
        ("?tag=reports", vec!["all"]),
        ("?state=paused", vec!["all", "hourly"]),
        ("?text=OLD-&type=cron", vec!["old-cron"]),
        ("?failing=true", vec![]),
    ] {
        let lines = api.export(query).await;
        let found: Vec<&str> = lines[1..]
            .iter()
            .map(|line| line["job_id"].as_str().unwrap())
            .collect();
        assert_eq!(found, ids, "{query}");
    }
    let refused = api.0.get("/api/v1/export?sort=created&state=x").await;
    assert_eq!(
        problem(&refused, 422, "invalid")["errors"][1]["field"],
        "state"
    );
}

#[tokio::test]
async fn an_export_of_many_jobs_has_each_once() {
    let api = Api::start().await;
    let lines: Vec<Value> = (0..1_001)
        .map(|n| line(&format!("job-{n}"), &hourly()))
        .collect();
    assert_eq!(counts(&api.import("", &lines).await), [1_001, 0, 0, 0]);
    let found = api.export("").await;
    let ids = found[1..].iter().map(|line| &line["job_id"]);
    assert!(ids.eq(lines.iter().map(|line| &line["job_id"])));
}

#[tokio::test]
async fn the_grid_of_an_interval_moves_along() {
    let (from, clock) = Api::at("2030-01-01T00:07:00Z").await;
    from.create("grid", &hourly()).await;
    clock.set("2030-01-01T05:30:00Z".parse().unwrap());
    let lines = from.export("").await;
    assert_eq!(lines[1]["phase"], json!("2030-01-01T01:07:00.000Z"));
    let (to, _) = Api::at("2030-01-02T05:30:00Z").await;
    assert_eq!(counts(&to.import("", &lines).await), [1, 0, 0, 0]);
    let job = to.get("grid").await.json();
    assert_eq!(job["status"]["next_fire_at"], "2030-01-02T06:07:00.000Z");
    // A job that has a grid keeps it.
    let mut other = lines[1].clone();
    other["phase"] = json!("2030-01-01T01:00:00Z");
    let again = to.import("?existing=replace", &[other.clone()]).await;
    assert_eq!(counts(&again), [0, 0, 1, 0]);
    other["state"] = json!("paused");
    let paused = to.import("?existing=replace", &[other.clone()]).await;
    assert_eq!(counts(&paused), [0, 1, 0, 0]);
    other["state"] = json!("running");
    let resumed = to.import("?existing=replace", &[other]).await;
    assert_eq!(counts(&resumed), [0, 1, 0, 0]);
    let job = to.get("grid").await.json();
    assert_eq!(job["status"]["next_fire_at"], "2030-01-02T06:07:00.000Z");
}

#[tokio::test]
async fn existing_jobs_are_refused_kept_or_replaced_and_a_dry_run_changes_nothing() {
    let api = Api::start().await;
    for id in ["same", "other"] {
        api.create(id, &hourly()).await;
    }
    let mut changed = hourly();
    changed["description"] = json!("new");
    let lines = [
        line("same", &hourly()),
        line("other", &changed),
        line("fresh", &changed),
    ];
    let tags = api.etags(&["same", "other"]).await;
    let refused = problem(&api.import("", &lines).await, 422, "invalid");
    assert_eq!(refused["errors"][0]["line"], json!(2), "{refused}");
    assert_eq!(refused["errors"][0]["field"], json!("job_id"));
    let dry = api.import("?dry_run=true&existing=replace", &lines).await;
    assert_eq!(counts(&dry), [1, 1, 1, 0]);
    assert_eq!(dry.json()["dry_run"], json!(true));
    assert_eq!(api.get("fresh").await.status, 404);
    assert_eq!(api.etags(&["same", "other"]).await, tags);
    let kept = api.import("?existing=keep", &lines[..2]).await;
    assert_eq!(counts(&kept), [0, 0, 1, 1]);
    assert_eq!(api.etags(&["same", "other"]).await, tags);
    let replaced = api.import("?existing=replace", &lines).await;
    assert_eq!(counts(&replaced), [1, 1, 1, 0]);
    assert_eq!(api.get("other").await.json()["description"], "new");
    assert_eq!(etag(&api.get("same").await), tags[0]);
}

#[tokio::test]
async fn a_masked_secret_stays_and_is_refused_for_a_new_job() {
    let api = Api::start().await;
    api.create("secret", &everything()).await;
    let mut lines = api.export("").await;
    assert!(!Value::from(lines.clone()).to_string().contains("tok-"));
    assert_eq!(counts(&api.import("", &lines).await), [0, 0, 1, 0]);
    lines[1]["job_id"] = json!("copy");
    let refused = problem(&api.import("", &lines).await, 422, "invalid");
    let faults = refused["errors"].as_array().unwrap();
    assert_eq!(faults[0]["line"], json!(2));
    assert_eq!(faults[0]["field"], json!("definition.request.headers"));
    let rule = faults[0]["rule"].as_str().unwrap();
    assert!(
        rule.contains("Authorization") && rule.contains("give it again"),
        "{rule}"
    );
    assert_eq!(api.get("copy").await.status, 404);
}

#[tokio::test]
async fn all_faults_of_all_lines_are_told_and_nothing_is_imported() {
    let api = Api::start().await;
    let mut bad = hourly();
    bad["trigger"]["minutes"] = json!("x");
    bad["request"]["url"] = json!("ftp://x");
    let lines = [
        r#"{"schedule_server": "9.9.9", "format": 2}"#.to_owned(),
        line("good", &hourly()).to_string(),
        String::new(),
        line("bad", &bad).to_string(),
        "{nonsense".to_owned(),
        line("good", &hourly()).to_string(),
        json!({"job_id": "", "definition": hourly()}).to_string(),
        json!({"job_id": "more", "definition": hourly(), "stat": "running"}).to_string(),
        json!({"job_id": "wrong", "definition": {}, "state": "stopped", "phase": 1}).to_string(),
        "[1]".to_owned(),
    ];
    let refused = api.import_text("", lines.join("\r\n")).await;
    let refused = problem(&refused, 422, "invalid");
    let told: Vec<(u64, &str)> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["line"].as_u64().unwrap(), f["field"].as_str().unwrap()))
        .collect();
    let expected = [
        (1, "format"),
        (4, "definition.trigger.minutes"),
        (4, "definition.request.url"),
        (5, ""),
        (6, "job_id"),
        (7, "job_id"),
        (8, "stat"),
        (9, "state"),
        (9, "phase"),
        (10, ""),
    ];
    assert_eq!(told, expected, "{refused}");
    assert_eq!(api.export("").await.len(), 1);
    let many: Vec<Value> = (0..250)
        .map(|n| line(&format!("job-{n}"), &json!({})))
        .collect();
    let refused = problem(&api.import("?dry_run=true", &many).await, 422, "invalid");
    assert_eq!(refused["errors"].as_array().unwrap().len(), 100);
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.contains("faults: 500, in lines: 250"), "{detail}");
}

#[tokio::test]
async fn what_is_too_large_or_of_another_type_is_refused() {
    let server = crate::support::http::TestServer::with(
        &["--import-max-mib=1"],
        std::sync::Arc::new(schedule_server::clock::SystemClock::new()),
    );
    let api = Api(server.await);
    let long = json!({"description": "d".repeat(600_000)}).to_string();
    let refused = api.import_text("", format!("{long}\n{long}")).await;
    let refused = problem(&refused, 413, "body-too-large");
    assert_eq!(refused["detail"], json!("it may have 1048576 bytes"));
    let form = Request::new("POST", "/api/v1/import")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("{}");
    problem(&api.0.send(&form).await, 415, "media-type");
    let query = api.import_text("?existing=all&dry=1", String::new()).await;
    problem(&query, 422, "invalid");
    problem(&api.import_text("", String::new()).await, 422, "invalid");
    assert_eq!(counts(&api.import_text("", "\n\n".into()).await), [0; 4]);

    let api = Api::start().await;
    let line = |spaces: usize| " ".repeat(spaces) + &line("a", &hourly()).to_string();
    let fits = (1 << 20) - line(0).len();
    let refused = api.import_text("", line(fits + 1) + "\n" + &line(0)).await;
    let refused = problem(&refused, 422, "invalid");
    assert_eq!(refused["errors"].as_array().unwrap().len(), 1, "{refused}");
    assert_eq!(refused["errors"][0]["line"], json!(1));
    assert_eq!(counts(&api.import_text("", line(fits)).await), [1, 0, 0, 0]);
}
