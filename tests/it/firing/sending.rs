//! Attempts made by hand, sent as the dispatcher sends them.

use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use schedule_server::domain::job::{JobId, Revision};
use schedule_server::domain::occurrence::{Claim, OccurrenceId, OccurrenceKind};
use schedule_server::domain::policy::Overlap;
use schedule_server::domain::run::{Attempt, Outcome};
use schedule_server::domain::target::Request;
use schedule_server::sender::{Call, HttpSender, SenderSettings};
use serde_json::Value;

/// The second attempt at job "任务 1", 2023-11-14T22:13:20.007Z.
pub fn attempt(request: Request) -> Attempt {
    let fire_at = DateTime::from_timestamp_millis(1_700_000_000_007).unwrap();
    let claim = Claim {
        row_id: 1,
        fence: 1,
        occurrence: OccurrenceId {
            job_id: JobId::new("任务 1").unwrap(),
            fire_at,
            kind: OccurrenceKind::Scheduled,
        },
        revision: Revision {
            created_ms: 0,
            version: 1,
        },
        request: Arc::new(request),
        ends_job: false,
        overlap: Overlap::Skip,
        priority: 0,
        attempt: 2,
        due_at: fire_at,
        retry: None,
        pause_after_failures: None,
    };
    Attempt { claim }
}

pub fn sender() -> HttpSender {
    HttpSender::new(&SenderSettings {
        deadline: Duration::from_secs(30),
        connect_timeout: Duration::from_secs(10),
        idle_per_host: 8,
    })
    .unwrap()
}

/// The request of that JSON, which must be right.
pub fn request(json: &Value) -> Request {
    let request: Request = serde_json::from_str(&json.to_string()).unwrap();
    assert_eq!(request.check(), [], "{json}");
    request
}

/// Sends the request of that JSON.
pub async fn send(json: Value) -> Outcome {
    let attempt = attempt(request(&json));
    sender().send(Call::of(&attempt).unwrap()).await
}

/// The outcome's reason as a word; empty for a success.
pub fn reason(outcome: &Outcome) -> &'static str {
    outcome.reason.map_or("", |reason| reason.as_str())
}
