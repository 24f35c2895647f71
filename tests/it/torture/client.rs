//! Clients that change their own jobs through any replica all the while, and write
//! down what they were told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::jobs::{each_second, id};
use super::rng::Rng;
use super::target::Target;
use crate::support::wall_clock::now_ms;

/// How long a client waits for an answer.
const ANSWER: Duration = Duration::from_secs(3);
/// How many jobs each client has.
const JOBS: u64 = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Put,
    Pause,
    Resume,
    Run,
    Delete,
}

/// One request of a client.
#[derive(Debug, Clone)]
pub struct Act {
    pub job_id: String,
    pub what: What,
    pub asked_ms: i64,
    /// When it was answered, and whether with success. `None`: nobody knows what
    /// came of it.
    pub answered: Option<(i64, bool)>,
}

pub struct Caller {
    pub urls: Arc<Mutex<Vec<String>>>,
    pub http: Client,
}

impl Caller {
    pub fn new(urls: Arc<Mutex<Vec<String>>>) -> Self {
        let http = crate::support::client();
        Self { urls, http }
    }

    /// Sends a request to any replica; its status and body.
    pub async fn call(
        &self,
        rng: &mut Rng,
        method: Method,
        path: &str,
        body: Option<String>,
        patience: Duration,
    ) -> Option<(u16, String)> {
        let url = {
            let urls = self.urls.lock().unwrap();
            if urls.is_empty() {
                return None;
            }
            format!("{}{path}", rng.pick(&urls))
        };
        let mut request = self.http.request(method, url).timeout(patience);
        if let Some(body) = body {
            let kind = if path.ends_with("/import") {
                "application/jsonl"
            } else {
                "application/json"
            };
            request = request.header("content-type", kind).body(body);
        }
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.text().await.ok()?))
    }

    /// As [`Caller::call`], again and again until it succeeds.
    pub async fn must(
        &self,
        rng: &mut Rng,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> String {
        let patience = super::fleet::PATIENCE;
        let started = std::time::Instant::now();
        loop {
            let done = self
                .call(rng, method.clone(), path, body.clone(), patience)
                .await;
            match done {
                Some((200..300, text)) => return text,
                Some((400..500, text)) => panic!("{method} {path}: {text}"),
                other => assert!(started.elapsed() < patience, "{method} {path}: {other:?}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// Changes its jobs until it is stopped; what it did.
pub async fn change_jobs(
    name: u64,
    mut rng: Rng,
    caller: Caller,
    target: Target,
    stop: CancellationToken,
) -> Vec<Act> {
    let mut acts = Vec::new();
    while !stop.is_cancelled() {
        let job_id = id(&format!("client-{name}"), rng.below(JOBS));
        let what = *rng.pick(&[
            What::Put,
            What::Put,
            What::Put,
            What::Pause,
            What::Resume,
            What::Run,
            What::Delete,
        ]);
        acts.push(act(&mut rng, &caller, &target, job_id, what).await);
        // The pace of the changes.
        tokio::time::sleep(Duration::from_millis(rng.between(5, 60))).await;
    }
    acts
}

async fn act(rng: &mut Rng, caller: &Caller, target: &Target, job_id: String, what: What) -> Act {
    let job = format!("/api/v1/jobs/{job_id}");
    let (method, path, body) = match what {
        What::Put => (Method::PUT, job, Some(each_second(rng, target, &job_id))),
        What::Pause => (Method::POST, format!("{job}:pause"), Some(json!({}))),
        What::Resume => (Method::POST, format!("{job}:resume"), None),
        What::Run => (Method::POST, format!("{job}:run"), None),
        What::Delete => (Method::DELETE, job, None),
    };
    let asked_ms = now_ms();
    let body = body.as_ref().map(Value::to_string);
    let answer = caller.call(rng, method, &path, body, ANSWER).await;
    let answered = match answer {
        Some((status @ (200..300 | 404 | 409 | 412), _)) => Some((now_ms(), status < 300)),
        Some((status @ (400..500), text)) => panic!("{what:?} {path}: {status} {text}"),
        _ => None,
    };
    Act {
        job_id,
        what,
        asked_ms,
        answered,
    }
}
