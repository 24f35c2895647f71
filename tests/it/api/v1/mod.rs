//! `/api/v1/jobs` over a real socket: what a resource means, what is refused
//! and how, the list, and the inherited API beside it.

use std::sync::Arc;

use schedule_server::clock::ManualClock;
use serde_json::{Value, json};

use crate::support::http::{Reply, Request, TestServer, in_query};

mod actions;
mod ahead;
mod bulk;
mod compatible;
mod conditions;
mod documents;
mod echo;
mod firings;
mod ids;
mod listing;
mod paging;
mod patch;
mod problems;
mod resource;
mod secrets;
mod stats;
mod system;
mod transfer;
mod triggers;

/// The jobs of a server, as a client meets them.
struct Api(TestServer);

impl Api {
    async fn start() -> Self {
        Self(TestServer::start().await)
    }

    /// On a clock that stands until it is moved.
    async fn at(now: &str) -> (Self, ManualClock) {
        let clock = ManualClock::new(now.parse().unwrap());
        let server = TestServer::with(&[], Arc::new(clock.clone())).await;
        (Self(server), clock)
    }

    /// Sends JSON, or nothing where the body is null.
    async fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Reply {
        let mut request = Request::new(method, target);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if !body.is_null() {
            let kind = "application/json";
            request = request.header("content-type", kind).body(body.to_string());
        }
        self.0.send(&request).await
    }

    async fn put(&self, id: &str, body: &Value) -> Reply {
        self.send("PUT", &path(id), &[], body).await
    }

    async fn patch(&self, id: &str, body: &Value) -> Reply {
        self.send("PATCH", &path(id), &[], body).await
    }

    async fn get(&self, id: &str) -> Reply {
        self.0.get(&path(id)).await
    }

    async fn delete(&self, id: &str) -> Reply {
        self.send("DELETE", &path(id), &[], &Value::Null).await
    }

    async fn act(&self, id: &str, action: &str, body: &Value) -> Reply {
        let target = format!("{}:{action}", path(id));
        self.send("POST", &target, &[], body).await
    }

    /// Puts a job that must be new.
    async fn create(&self, id: &str, body: &Value) -> Value {
        ok(&self.put(id, body).await, 201)
    }

    /// The faults of a body that must be refused.
    async fn faults(&self, id: &str, body: &Value) -> Vec<Value> {
        faults(&self.put(id, body).await)
    }
}

/// The path of a job.
fn path(id: &str) -> String {
    format!("/api/v1/jobs/{}", in_query(id))
}

/// The body of an answer that must have this status.
fn ok(reply: &Reply, status: u16) -> Value {
    assert_eq!(reply.status, status, "{}", reply.text());
    reply.json()
}

fn etag(reply: &Reply) -> String {
    let tag = reply.header("etag");
    tag.unwrap_or_else(|| panic!("{}", reply.text())).to_owned()
}

/// The body of an answer that must be a problem of this type.
fn problem(reply: &Reply, status: u16, kind: &str) -> Value {
    let body = ok(reply, status);
    assert_eq!(
        reply.header("content-type"),
        Some("application/problem+json")
    );
    let kind = format!("urn:schedule-server:problem:{kind}");
    assert_eq!(body["type"], json!(kind), "{body}");
    assert_eq!(body["status"], json!(status));
    assert!(body["title"].is_string() && body["detail"].is_string());
    body
}

/// What is told by an answer that must be a refusal of its input.
fn faults(reply: &Reply) -> Vec<Value> {
    let body = problem(reply, 422, "invalid");
    body["errors"].as_array().unwrap().clone()
}

/// The fields of faults, in order.
fn fields(faults: &[Value]) -> Vec<&str> {
    faults
        .iter()
        .map(|f| f["field"].as_str().unwrap())
        .collect()
}

/// Asks again until there is an answer.
async fn until<T>(mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(found) = ask().await {
                return found;
            }
            tokio::task::yield_now().await;
        }
    };
    let patience = std::time::Duration::from_secs(60);
    tokio::time::timeout(patience, asking)
        .await
        .expect("it comes to pass")
}

/// A job that fires each hour.
fn hourly() -> Value {
    json!({
        "trigger": {"type": "interval", "hours": 1},
        "request": {"url": "http://127.0.0.1:9/hook"}
    })
}

/// A job that never fires within a test, with everything a definition can say.
fn everything() -> Value {
    json!({
        "description": "all of it",
        "tags": ["reports", "sales"],
        "trigger": {
            "type": "cron", "cron": "0 9 1 1 *", "timezone": "Asia/Shanghai",
            "dst": {"gap": "shift", "fold": "both"},
            "start": "2090-01-01T00:00:00+08:00", "end": "2095-01-01T00:00:00.500Z",
            "jitter_ms": 2_000
        },
        "request": {
            "url": "http://127.0.0.1:9/{{job_id}}?run={{fire_id}}",
            "method": "POST",
            "headers": [
                {"name": "Authorization", "value": {"secret": "Bearer tok-1"}},
                {"name": "X-Plain", "value": "plain"},
                {"name": "X-Two", "value": {"secret": "tok-2"}},
                {"name": "X-Two", "value": {"secret": "tok-3"}}
            ],
            "query": [{"name": "key", "value": {"secret": "tok-4"}}],
            "body": {"json": {"day": "{{fire_at}}", "n": [1, 2.5, {"deep": true}]}},
            "timeout_ms": 10_000,
            "redirects": 3,
            "success": {"statuses": [200, "202-204"]},
            "capture_bytes": 100
        },
        "retry": {
            "attempts": 5,
            "delay": {"exponential": {"first_ms": 1_000, "max_ms": 60_000, "jitter_percent": 20}},
            "on": {"statuses": [429, "500-599"], "timeout": false},
            "obey_retry_after": false,
            "deadline_ms": 100_000
        },
        "policies": {
            "misfire_grace": {"ms": 300_000}, "catch_up": {"all": 5}, "overlap": {"allow": 2},
            "delivery": "at_least_once", "pause_until": "2089-06-01T00:00:00Z",
            "pause_after_failures": 10, "priority": 3
        }
    })
}
