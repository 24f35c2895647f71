//! A job as it is shown: what its client made of it, and how it fares.

use axum::http::{HeaderMap, HeaderValue, header};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::definition::definition_json;
use super::precondition::etag;
use super::times::shown;
use crate::domain::job::{Job, JobState};
use crate::service::JobView;
use crate::store::{JobSummary, RecentRun};

/// A job, and what came of it lately as far as that is known.
pub fn job_json(view: &JobView, summary: Option<&JobSummary>, now: DateTime<Utc>) -> Value {
    let mut out = Map::new();
    out.insert("job_id".into(), json!(view.job.id.as_str()));
    out.append(&mut definition_json(&view.job));
    out.insert("status".into(), status(view, summary, now));
    Value::Object(out)
}

/// The headers of an answer that is one job.
pub fn headers(job: &Job) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Ok(tag) = HeaderValue::try_from(etag(job.revision)) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers
}

fn status(view: &JobView, summary: Option<&JobSummary>, now: DateTime<Utc>) -> Value {
    let JobView { job, next_run_at } = view;
    let (state, paused_by) = state(job, now);
    let created_at = DateTime::from_timestamp_millis(job.revision.created_ms);
    let recent = summary.map(|s| s.recent.as_slice()).unwrap_or_default();
    json!({
        "state": state.as_str(),
        "paused_by": paused_by,
        "next_fire_at": next_fire_at(job, *next_run_at, now).map(shown),
        "created_at": created_at.map(shown),
        "updated_at": shown(job.updated_at),
        "consecutive_failures": job.failures,
        "last_state": summary.and_then(|s| s.last_state).map(|state| state.as_str()),
        "last_ended_at": summary.and_then(|s| s.last_ended_at).map(shown),
        "last_duration_ms": recent.iter().find_map(|run| run.duration_ms),
        "recent": recent.iter().map(run_json).collect::<Vec<_>>(),
    })
}

/// Whether the job fires, and what holds it.
fn state(job: &Job, now: DateTime<Utc>) -> (JobState, Option<&'static str>) {
    let waits = job.policies.pause_until.is_some_and(|until| until > now);
    match job.state {
        JobState::Paused if job.paused_by_failures => (JobState::Paused, Some("failures")),
        JobState::Paused => (JobState::Paused, Some("client")),
        JobState::Running if waits => (JobState::Paused, Some("pause_until")),
        JobState::Running => (JobState::Running, None),
    }
}

/// The next instant at which a request is sent for it: what its policies skip
/// does not count.
fn next_fire_at(
    job: &Job,
    next_run_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let next = next_run_at?;
    match job.policies.pause_until {
        Some(until) if until > now && next < until => job
            .schedule
            .next_at_or_after(until)
            .filter(|at| *at >= until),
        _ => Some(next),
    }
}

/// A run, in short.
pub fn run_json(run: &RecentRun) -> Value {
    json!({
        "run_id": run.row_id,
        "kind": run.kind.as_str(),
        "fire_at": shown(run.fire_at),
        "state": run.state.as_str(),
        "reason": run.reason.map(|reason| reason.as_str()),
        "status": run.status,
        "lateness_ms": run.lateness_ms,
        "duration_ms": run.duration_ms,
        "count": run.count,
    })
}
