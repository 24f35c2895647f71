//! `/api/v1/jobs` as a client sees it.

use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Longer than anything that is waited for takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client of one server.
pub struct Api {
    base: String,
    client: reqwest::Client,
}

impl Api {
    /// Of the server at this address.
    pub fn of(url: &str) -> Self {
        Self {
            base: format!("{url}/api/v1/jobs"),
            client: super::client(),
        }
    }

    /// Sends one request; `path` comes after `/api/v1/jobs`.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(json!(text)))
    }

    /// `PUT`: creates or replaces a job, and answers with it.
    pub async fn put(&self, id: &str, definition: &Value) -> Value {
        let path = format!("/{id}");
        let (status, job) = self.call(Method::PUT, &path, Some(definition)).await;
        assert!(matches!(status, 200 | 201), "{definition}: {job}");
        job
    }

    /// `PATCH`: changes parts of a job.
    pub async fn patch(&self, id: &str, parts: &Value) -> Value {
        let path = format!("/{id}");
        let (status, job) = self.call(Method::PATCH, &path, Some(parts)).await;
        assert_eq!(status, 200, "{parts}: {job}");
        job
    }

    /// `POST /{id}:{action}`.
    pub async fn act(&self, id: &str, action: &str, body: Value) -> Value {
        let path = format!("/{id}:{action}");
        let (status, answer) = self.call(Method::POST, &path, Some(&body)).await;
        assert!((200..300).contains(&status), "{action}: {answer}");
        answer
    }

    /// The job, if there is one.
    pub async fn job(&self, id: &str) -> Option<Value> {
        let (status, job) = self.call(Method::GET, &format!("/{id}"), None).await;
        match StatusCode::from_u16(status).unwrap() {
            StatusCode::OK => Some(job),
            StatusCode::NOT_FOUND => None,
            other => panic!("{other}: {job}"),
        }
    }

    /// Waits until the job is as asked; `None`: it is gone.
    pub async fn until(&self, id: &str, asked: impl Fn(Option<&Value>) -> bool) -> Option<Value> {
        let started = Instant::now();
        loop {
            let job = self.job(id).await;
            if asked(job.as_ref()) {
                return job;
            }
            assert!(started.elapsed() < PATIENCE, "{id}: {job:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until what came of the job lately is as asked; newest first.
    pub async fn recent(&self, id: &str, asked: impl Fn(&[String]) -> bool) -> Vec<String> {
        let enough = |job: Option<&Value>| job.is_some_and(|job| asked(&recent(job)));
        recent(&self.until(id, enough).await.unwrap())
    }

    /// Runs the job now, and waits for what comes of it.
    pub async fn ran(&self, id: &str) -> String {
        let run = self.act(id, "run", json!({})).await["run_id"].clone();
        let of = |job: &Value| {
            let recent = job["status"]["recent"].as_array().unwrap().clone();
            recent.into_iter().find(|row| row["run_id"] == run).unwrap()
        };
        let ended = |job: Option<&Value>| job.is_some_and(|job| is_final(&of(job)));
        words(&of(&self.until(id, ended).await.unwrap()))
    }
}

/// State and reason of what came of a job lately, as `missed/grace`.
pub fn recent(job: &Value) -> Vec<String> {
    let rows = job["status"]["recent"].as_array().unwrap();
    rows.iter().map(words).collect()
}

/// Whether a row changes no more.
pub fn is_final(row: &Value) -> bool {
    !matches!(row["state"].as_str(), Some("claimed" | "firing"))
}

fn words(row: &Value) -> String {
    let state = row["state"].as_str().unwrap();
    let reason = row["reason"].as_str().map(|reason| format!("/{reason}"));
    format!("{state}{}", reason.unwrap_or_default())
}
