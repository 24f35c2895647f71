//! The same done to many jobs: `POST /api/v1/jobs:bulk`.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::definition::{self, JSON};
use super::examples;
use super::problem::{Fault, Problem};
use super::read::read;
use super::refusals::BulkProblems;
use super::times::Instant;
use crate::api::ApiState;
use crate::domain::job::{JobId, JobState};
use crate::domain::trigger::TriggerKind;
use crate::service::{BulkAction, BulkEnd, BulkRequest, SAMPLE, Which};
use crate::store::JobFilter;

/// The most ids of one request.
const MOST_IDS: usize = 10_000;

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Pause,
    Resume,
    Delete,
    Run,
}

impl Action {
    fn as_str(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Delete => "delete",
            Self::Run => "run",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    action: Action,
    #[serde(default, deserialize_with = "present")]
    job_ids: Option<Vec<String>>,
    #[serde(default, deserialize_with = "present")]
    filter: Option<SentFilter>,
    #[serde(default)]
    until: Option<Instant>,
    #[serde(default)]
    dry_run: bool,
    sample: Option<u64>,
}

/// What is there is not null.
fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SentFilter {
    state: Option<OfState>,
    #[serde(rename = "type")]
    kind: Option<OfKind>,
    tag: Option<String>,
    text: Option<String>,
    failing: Option<bool>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OfState {
    Running,
    Paused,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OfKind {
    Date,
    Interval,
    Cron,
}

impl From<SentFilter> for JobFilter {
    fn from(sent: SentFilter) -> Self {
        Self {
            state: sent.state.map(|state| match state {
                OfState::Running => JobState::Running,
                OfState::Paused => JobState::Paused,
            }),
            kind: sent.kind.map(|kind| match kind {
                OfKind::Date => TriggerKind::Date,
                OfKind::Interval => TriggerKind::Interval,
                OfKind::Cron => TriggerKind::Cron,
            }),
            tag: sent.tag,
            text: sent.text.filter(|text| !text.is_empty()),
            failing: sent.failing.unwrap_or(false),
        }
    }
}

/// Do the same to many jobs
///
/// Pauses, resumes, deletes or fires now the jobs of these ids, or all that a
/// filter lets through; `{"filter": {}}` means all. Each job is treated as by its own
/// action. Works in batches: each is durable by itself, and what is done stays done.
/// The answer comes at the end; a client that goes away ends it after the batch
/// under way, and sending it again goes on. `dry_run` changes nothing and tells what
/// would be done.
#[utoipa::path(
    post,
    path = "/api/v1/jobs:bulk",
    operation_id = "bulk_jobs",
    tag = super::TAG,
    request_body(content = ref("#/components/schemas/Bulk"), examples(
        ("run" = (summary = "Fire two jobs now", value = json!({"action": "run", "job_ids": ["daily-report", "weekly-report"]}))),
        ("pause" = (summary = "Pause all cron jobs of a tag until an instant", value = json!({
            "action": "pause", "filter": {"type": "cron", "tag": "reports"}, "until": "2099-01-01T00:00:00Z"}))),
        ("resume" = (summary = "Resume all paused jobs", value = json!({"action": "resume", "filter": {"state": "paused"}}))),
        ("delete" = (summary = "See what deleting all jobs would do", value = json!({"action": "delete", "filter": {}, "dry_run": true}))),
    )),
    responses(
        (status = 200, description = "What came of it.", body = ref("#/components/schemas/BulkResult"),
            example = json!(examples::bulk())),
        BulkProblems,
    )
)]
pub async fn bulk(
    State(state): State<ApiState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let body = definition::needed(definition::receive(&headers, body, JSON).await?)?;
    let (action, request) = request(body.clone())?;
    let dry_run = request.dry_run;
    let done = state.jobs.bulk(request).await;
    let done = done.map_err(|error| Problem::of_service(error, "", &body))?;
    Ok(Json(result(action, dry_run, &done)).into_response())
}

fn request(body: Value) -> Result<(Action, BulkRequest), Problem> {
    let mut faults = Vec::new();
    let Some(sent) = read::<Sent>(body, "", &mut faults) else {
        return Err(Problem::Invalid(faults));
    };
    let action = match (sent.action, sent.until) {
        (Action::Pause, until) => BulkAction::Pause {
            until: until.map(|at| at.0),
        },
        (_, Some(_)) => {
            faults.push(Fault::new("until", "only a pause has an end", Value::Null));
            BulkAction::Resume
        }
        (Action::Resume, None) => BulkAction::Resume,
        (Action::Delete, None) => BulkAction::Remove,
        (Action::Run, None) => BulkAction::Run,
    };
    let sample = sample(sent.sample, &mut faults);
    let told = faults.iter().any(|fault| {
        let field = fault.field.as_str();
        field.starts_with("job_ids") || field.starts_with("filter")
    });
    let which = match (sent.job_ids, sent.filter) {
        (Some(ids), None) => ids_of(ids, &mut faults),
        (None, Some(filter)) => Some(Which::Filter(filter.into())),
        _ if told => None,
        _ => {
            let rule = "give either job_ids or filter; an empty filter ({}) means all jobs";
            faults.push(Fault::new("filter", rule, Value::Null));
            None
        }
    };
    match which.filter(|_| faults.is_empty()) {
        Some(which) => {
            let request = BulkRequest {
                action,
                which,
                dry_run: sent.dry_run,
                sample,
            };
            Ok((sent.action, request))
        }
        None => Err(Problem::Invalid(faults)),
    }
}

/// How many of the changed jobs the answer names.
fn sample(sent: Option<u64>, faults: &mut Vec<Fault>) -> usize {
    let asked = sent.map_or(Ok(SAMPLE), usize::try_from);
    asked.ok().filter(|n| *n <= MOST_IDS).unwrap_or_else(|| {
        let rule = format!("must be a whole number from 0 to {MOST_IDS}");
        faults.push(Fault::new("sample", rule, Value::from(sent)));
        SAMPLE
    })
}

fn ids_of(sent: Vec<String>, faults: &mut Vec<Fault>) -> Option<Which> {
    if sent.len() > MOST_IDS {
        let rule = format!("at most {MOST_IDS} ids, not {}; use a filter", sent.len());
        faults.push(Fault::new("job_ids", rule, Value::Null));
        return None;
    }
    let mut ids = Vec::with_capacity(sent.len());
    for (n, text) in sent.into_iter().enumerate() {
        match JobId::new(text.as_str()) {
            Ok(id) => ids.push(id),
            Err(wrong) => {
                let (field, rule) = (format!("job_ids[{n}]"), wrong.to_string());
                faults.push(Fault::new(field, rule, Value::from(text)));
            }
        }
    }
    Some(Which::These(ids))
}

fn result(action: Action, dry_run: bool, done: &BulkEnd) -> Value {
    let ids = |ids: &[JobId]| -> Vec<Value> { ids.iter().map(|id| json!(id.as_str())).collect() };
    let failures = done.failures.iter();
    let failures: Vec<Value> = failures
        .map(|(id, reason)| json!({"job_id": id.as_str(), "reason": reason}))
        .collect();
    json!({
        "action": action.as_str(),
        "dry_run": dry_run,
        "matched": done.matched(),
        "changed": done.changed,
        "unchanged": done.unchanged,
        "not_found": {"count": done.not_found, "job_ids": ids(&done.not_found_ids)},
        "failed": {"count": done.failed, "jobs": failures},
        "sample": ids(&done.sample),
        "complete": done.complete,
    })
}
