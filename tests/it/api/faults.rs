//! What clients see when the server itself is at fault, and the probes.

use std::sync::Arc;

use schedule_server::clock::SystemClock;
use schedule_server::health::{Health, Part};
use serde_json::json;

use super::broken_store::Broken;
use crate::support::http::{Reply, Request, TestServer};

fn board() -> Health {
    Health::new(Arc::new(SystemClock::new()))
}

/// Every inherited route, with what it needs.
fn requests() -> Vec<Request> {
    let add = |path: &str, body: &str| Request::new("POST", path).body(body);
    let mut requests = vec![
        add(
            "/scheduler/date/add_job",
            r#"{"job_id":"a","url":"u","year":2099,"month":1,"day":1,"hour":0,"minute":0,"second":0}"#,
        ),
        add(
            "/scheduler/interval/add_job",
            r#"{"job_id":"a","url":"u","hours":1}"#,
        ),
        add("/scheduler/cron/add_job", r#"{"job_id":"a","url":"u"}"#),
    ];
    for (method, path) in [
        ("DELETE", "/scheduler/remove_job?job_id=a"),
        ("PUT", "/scheduler/pause_job?job_id=a"),
        ("PUT", "/scheduler/resume_job?job_id=a"),
        ("GET", "/scheduler/get_jobs"),
        ("GET", "/scheduler/get_job?job_id=a"),
    ] {
        requests.push(Request::new(method, path));
    }
    requests
}

async fn all(how: Broken) -> Vec<Reply> {
    let server = TestServer::over(Arc::new(how), board()).await;
    let mut replies = Vec::new();
    for request in requests() {
        let request = request
            .header("origin", "http://front.example")
            .header("x-request-id", "r1");
        replies.push(server.send(&request).await);
    }
    replies
}

#[tokio::test]
async fn a_store_that_is_away_is_told_without_its_secrets() {
    for reply in all(Broken::Away).await {
        assert_eq!(reply.status, 503);
        let detail = "The service cannot do this at the moment, try again later (request id r1)";
        assert_eq!(reply.json(), json!({"detail": detail}));
        assert_eq!(reply.header("retry-after"), Some("1"));
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    }
}

#[tokio::test]
async fn a_panic_is_an_answer_and_the_server_goes_on() {
    for reply in all(Broken::Panics).await {
        assert_eq!(reply.status, 500);
        let detail = "Internal Server Error (request id r1)";
        assert_eq!(reply.json(), json!({"detail": detail}));
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        assert_eq!(
            reply.header("access-control-allow-credentials"),
            Some("true")
        );
    }
}

#[tokio::test]
async fn the_probes_tell_what_works_and_since_when() {
    let board = board();
    let server = TestServer::over(Arc::new(Broken::Away), board.clone()).await;
    let alive = server.get("/healthz?id=1").await;
    assert_eq!((alive.status, alive.json()), (200, json!({"status": "ok"})));
    let nothing_yet = server.get("/readyz").await;
    let expected = json!({"ready": false, "parts": []});
    assert_eq!((nothing_yet.status, nothing_yet.json()), (503, expected));

    board.report(Part::Store, Ok("answers"));
    board.report_optional(Part::Lock, Err("no Redis"));
    let ready = server.get("/readyz").await;
    assert_eq!(ready.status, 200);
    let mut told = ready.json();
    for part in told["parts"].as_array_mut().unwrap() {
        let since = part["since"].take();
        let since = since
            .as_str()
            .unwrap()
            .parse::<chrono::DateTime<chrono::Utc>>();
        assert!((chrono::Utc::now() - since.unwrap()).num_seconds().abs() < 60);
    }
    let parts = json!([
        {"part": "store", "ok": true, "required": true, "since": null, "detail": "answers"},
        {"part": "lock", "ok": false, "required": false, "since": null, "detail": "no Redis"},
    ]);
    assert_eq!(told, json!({"ready": true, "parts": parts}));

    board.report(Part::Store, Err("disk full"));
    let away = server.get("/readyz").await;
    assert_eq!(away.status, 503);
    assert_eq!(away.json()["ready"], json!(false));
}
