//! Every kind of problem document.

use std::sync::Arc;

use schedule_server::clock::SystemClock;
use schedule_server::health::Health;
use serde_json::{Value, json};

use super::{Api, everything, faults, hourly, ok, path, problem};
use crate::api::broken_store::Broken;
use crate::support::http::{Request, TestServer};
use crate::support::redis::Redis;

#[tokio::test]
async fn bodies_that_cannot_be_read_are_told() {
    let api = Api::start().await;
    api.create("j", &hourly()).await;
    let deep = format!("{}1{}", "[".repeat(2_000), "]".repeat(2_000));
    let bodies: [&[u8]; 9] = [
        b"",
        b"{",
        b"{} x",
        b"{'a': 1}",
        b"nul",
        b"\xff\xfe",
        b"{\"description\": \"\xff\"}",
        b"{\"description\": \"\\ud800\"}",
        deep.as_bytes(),
    ];
    for body in bodies {
        for (method, target) in [
            ("PUT", path("j")),
            ("PATCH", path("j")),
            ("POST", path("j") + ":pause"),
        ] {
            if body.is_empty() && method == "POST" {
                continue;
            }
            let request = Request::new(method, &target).header("content-type", "application/json");
            let told = problem(&api.0.send(&request.body(body)).await, 400, "malformed");
            assert_eq!(told["errors"][0]["field"], json!(""));
            assert_eq!(told["errors"][0]["rule"], told["detail"]);
        }
    }
    // Without a body at all, too.
    for method in ["PUT", "PATCH"] {
        let told = api.send(method, &path("j"), &[], &Value::Null).await;
        problem(&told, 400, "malformed");
    }
}

#[tokio::test]
async fn media_types_are_held_to() {
    let api = Api::start().await;
    let send = async |method: &str, target: &str, kind: &str| {
        let request = Request::new(method, target).header("content-type", kind);
        api.0.send(&request.body(hourly().to_string())).await
    };
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
        "",
        "json",
    ] {
        let told = problem(&send("PUT", &path("j"), kind).await, 415, "media-type");
        assert_eq!(told["detail"], json!("send Content-Type: application/json"));
        problem(&send("PATCH", &path("j"), kind).await, 415, "media-type");
        problem(
            &send("POST", &(path("j") + ":pause"), kind).await,
            415,
            "media-type",
        );
    }
    let merge = "application/merge-patch+json";
    problem(&send("PUT", &path("j"), merge).await, 415, "media-type");
    for kind in ["application/json", "APPLICATION/JSON;charset=UTF-8"] {
        assert!(send("PUT", &path("j"), kind).await.status < 300);
    }
    let request = Request::new("PUT", &path("j")).body(hourly().to_string());
    assert_eq!(api.0.send(&request).await.status, 200);
}

#[tokio::test]
async fn a_body_has_at_most_a_mebibyte() {
    let api = Api::start().await;
    let body = hourly().to_string();
    let padded = |bytes: usize| body.clone() + &" ".repeat(bytes - body.len());
    let put = |bytes| Request::new("PUT", &path("j")).body(padded(bytes));
    assert_eq!(api.0.send(&put(1024 * 1024)).await.status, 201);
    let told = problem(
        &api.0.send(&put(1024 * 1024 + 1)).await,
        413,
        "body-too-large",
    );
    assert_eq!(told["errors"], json!([]));
}

#[tokio::test]
async fn paths_and_methods_that_are_none_are_problems() {
    let api = Api::start().await;
    for target in [
        "/api/v1",
        "/api/v1/nothing",
        "/api/v1/jobs/a/b",
        "/api/v1/job",
    ] {
        for method in ["GET", "PUT", "POST", "DELETE"] {
            let told = api.send(method, target, &[], &Value::Null).await;
            problem(&told, 404, "no-such-path");
        }
    }
    for (target, known, others) in [
        (
            "/api/v1/jobs",
            vec!["GET"],
            vec!["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"],
        ),
        (
            "/api/v1/jobs/j",
            vec!["DELETE", "GET", "PATCH", "PUT"],
            vec!["POST", "OPTIONS", "BREW", "TRACE"],
        ),
        (
            "/api/v1/jobs/j:pause",
            vec!["POST"],
            vec!["OPTIONS", "BREW", "TRACE"],
        ),
    ] {
        for method in others {
            let reply = api.send(method, target, &[], &Value::Null).await;
            problem(&reply, 405, "method-not-allowed");
            let allow = reply.header("allow").unwrap();
            let mut allowed: Vec<&str> = allow.split(',').map(str::trim).collect();
            allowed.retain(|method| *method != "HEAD");
            allowed.sort_unstable();
            assert_eq!(allowed, known, "{method} {target}");
        }
    }
    // What only looks as if it lay there is told as everywhere else.
    assert_eq!(
        api.0.get("/api/v10").await.json(),
        json!({"detail": "Not Found"})
    );
}

#[tokio::test]
async fn a_body_where_none_is_looked_for_is_no_matter() {
    let api = Api::start().await;
    api.create("j", &hourly()).await;
    for body in ["{", "{\"x\": 1}"] {
        for target in [path("j"), "/api/v1/jobs".to_owned()] {
            let reply = api.0.send(&Request::new("GET", &target).body(body)).await;
            ok(&reply, 200);
        }
    }
    let reply = api
        .0
        .send(&Request::new("DELETE", &path("j")).body("{"))
        .await;
    assert_eq!(reply.status, 204);
}

/// Every operation on a server whose store is broken.
async fn broken(how: Broken, status: u16, kind: &str) {
    let health = Health::new(Arc::new(SystemClock::new()));
    let api = Api(TestServer::over(Arc::new(how), health).await);
    for (method, target, body) in [
        ("GET", "/api/v1/jobs".to_owned(), Value::Null),
        ("GET", path("j"), Value::Null),
        ("PUT", path("j"), hourly()),
        ("PATCH", path("j"), json!({"tags": []})),
        ("DELETE", path("j"), Value::Null),
        ("POST", path("j") + ":pause", Value::Null),
        (
            "POST",
            path("j") + ":pause",
            json!({"until": "2099-01-01T00:00:00Z"}),
        ),
        ("POST", path("j") + ":resume", Value::Null),
        ("POST", path("j") + ":run", Value::Null),
        ("POST", path("j") + ":copy", json!({"job_id": "k"})),
    ] {
        let headers = [("x-request-id", "r1"), ("origin", "http://front.example")];
        let reply = api.send(method, &target, &headers, &body).await;
        let told = problem(&reply, status, kind);
        assert_eq!(
            told["detail"],
            json!("the log has more under the request id r1")
        );
        assert_eq!(told["errors"], json!([]));
        assert!(!reply.text().contains("secret"));
        let wait = (status == 503).then_some("1");
        assert_eq!(reply.header("retry-after"), wait);
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    }
}

#[tokio::test]
async fn a_store_that_is_away_is_a_problem() {
    broken(Broken::Away, 503, "unavailable").await;
}

#[tokio::test]
async fn a_panic_is_a_problem() {
    broken(Broken::Panics, 500, "internal").await;
}

#[tokio::test]
async fn a_deadline_may_not_outlast_the_fire_lock() {
    let redis = Redis::start().await;
    let url = format!("--redis-url={}", redis.url());
    let flags = [url.as_str(), "--lock-ttl=3m"];
    let api = Api(TestServer::with(&flags, Arc::new(SystemClock::new())).await);
    let mut body = everything();
    body["request"]["timeout_ms"] = json!(180_000);
    api.create("j", &body).await;
    body["request"]["timeout_ms"] = json!(180_001);
    let more = json!({"request": {"timeout_ms": 180_001}});
    for refused in [api.put("j", &body).await, api.patch("j", &more).await] {
        let told = faults(&refused);
        assert_eq!(super::fields(&told), ["request.timeout_ms"]);
        assert_eq!(told[0]["value"], json!(180_001));
        let rule = told[0]["rule"].as_str().unwrap();
        assert!(
            rule.contains("180000 ms") && rule.contains("LOCK_TTL"),
            "{rule}"
        );
    }
    // Told together with what cannot be read.
    body["unknown"] = json!(1);
    let told = api.faults("j", &body).await;
    assert_eq!(super::fields(&told), ["unknown", "request.timeout_ms"]);
    // Without Redis there is no such bound.
    let alone = Api::start().await;
    body.as_object_mut().unwrap().remove("unknown");
    alone.create("j", &body).await;
}
