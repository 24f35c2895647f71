//! `/api/v1/echo`: the target that is always at hand.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Api, ok};
use crate::support::http::{Request, TestServer};

async fn with(flag: &str) -> TestServer {
    let clock = std::sync::Arc::new(schedule_server::clock::SystemClock::new());
    TestServer::with(&[flag], clock).await
}

fn header(told: &Value, name: &str) -> Value {
    let mut headers = told["headers"].as_array().unwrap().iter();
    let found = headers.find(|header| header["name"] == name);
    found.unwrap()["value"].clone()
}

#[tokio::test]
async fn any_method_is_answered_with_what_came() {
    let server = TestServer::start().await;
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"] {
        let request = Request::new(method, "/api/v1/echo?a=1&b=%20&a=2")
            .header("X-Plain", "Value")
            .body("gr\u{fc}n");
        let told = ok(&server.send(&request).await, 200);
        assert_eq!(told["method"], method);
        assert_eq!(told["path"], "/api/v1/echo");
        assert_eq!(told["query"], "a=1&b=%20&a=2");
        assert_eq!(told["body"], "gr\u{fc}n");
        assert_eq!(told["body_bytes"], 5);
        assert_eq!(header(&told, "x-plain"), "Value");
    }
    let head = Request::new("HEAD", "/api/v1/echo?status=404");
    let head = server.send(&head).await;
    assert_eq!((head.status, head.body.len()), (404, 0));
}

#[tokio::test]
async fn secrets_in_headers_are_not_answered() {
    let server = TestServer::start().await;
    let names = [
        "Authorization",
        "Cookie",
        "Proxy-Authorization",
        "X-Api-Key",
        "X-Token",
    ];
    let request = names
        .iter()
        .fold(Request::new("GET", "/api/v1/echo"), |request, name| {
            request.header(name, "geheim")
        });
    let reply = server.send(&request).await;
    let told = ok(&reply, 200);
    assert!(!reply.text().contains("geheim"), "{}", reply.text());
    for name in names {
        assert_eq!(header(&told, &name.to_lowercase()), "***");
    }
}

#[tokio::test]
async fn failures_and_slow_answers_can_be_had() {
    let server = TestServer::start().await;
    let start = Instant::now();
    let reply = server.get("/api/v1/echo?status=503&delay_ms=300").await;
    assert_eq!(reply.status, 503);
    assert_eq!(reply.json()["query"], "status=503&delay_ms=300");
    assert!(start.elapsed() >= Duration::from_millis(300));

    for (query, field) in [
        ("status=199", "status"),
        ("status=600", "status"),
        ("status=ok", "status"),
        ("delay_ms=60001", "delay_ms"),
        ("delay_ms=-1", "delay_ms"),
        ("status=200&status=201", "status"),
    ] {
        let reply = server.get(&format!("/api/v1/echo?{query}")).await;
        let told = ok(&reply, 422);
        assert_eq!(told["errors"][0]["field"], field, "{query}");
    }
}

#[tokio::test]
async fn of_a_long_body_the_start_is_answered() {
    let server = TestServer::start().await;
    let body = "x".repeat(100_000);
    let told = ok(&server.post("/api/v1/echo", body).await, 200);
    assert_eq!(told["body"].as_str().unwrap().len(), 64 * 1024);
    assert_eq!(told["body_bytes"], 100_000);
    let body = "x".repeat(1024 * 1024 + 1);
    assert_eq!(server.post("/api/v1/echo", body).await.status, 413);
}

#[tokio::test]
async fn it_can_be_turned_off() {
    let server = with("--echo=off").await;
    for method in ["GET", "POST", "DELETE"] {
        let reply = server.send(&Request::new(method, "/api/v1/echo")).await;
        let told = ok(&reply, 404);
        assert_eq!(told["type"], "urn:schedule-server:problem:no-such-path");
    }
    let told = ok(&server.get("/api/v1/system").await, 200);
    let mut settings = told["settings"].as_array().unwrap().iter();
    let echo = settings.find(|setting| setting["name"] == "ECHO").unwrap();
    assert_eq!(echo["value"], "off");
}

#[tokio::test]
async fn a_job_can_be_tried_on_it() {
    let api = Api::start().await;
    let url = format!("http://{}/api/v1/echo?status=503", api.0.addr);
    let job = json!({
        "trigger": {"type": "interval", "hours": 1},
        "request": {"url": url},
    });
    ok(&api.send("PUT", "/api/v1/jobs/hello", &[], &job).await, 201);
    ok(
        &api.send("POST", "/api/v1/jobs/hello:run", &[], &Value::Null)
            .await,
        202,
    );
    for _ in 0..100 {
        let runs = ok(&api.0.get("/api/v1/jobs/hello/runs").await, 200);
        let run = &runs["items"][0];
        if run["state"] == "failed" {
            assert_eq!(run["status"], 503);
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the run did not end");
}
