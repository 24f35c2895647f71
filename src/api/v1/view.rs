//! A job as it is shown: what its client made of it, and how it fares.

use axum::http::{HeaderMap, HeaderValue, header};
use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::definition::definition_json;
use super::precondition::etag;
use super::times::shown;
use crate::domain::job::{Job, JobState};
use crate::store::{JobSummary, RecentRun};

/// A job, and what came of it lately as far as that is known. Written as it is: a page
/// has thousands of runs, and a tree of values in between costs more than all else.
#[derive(Serialize)]
pub struct JobJson<'a> {
    job_id: &'a str,
    #[serde(flatten)]
    definition: Map<String, Value>,
    status: Status<'a>,
}

impl<'a> JobJson<'a> {
    /// The job, which fires next at `next_run_at`, as it is `now`.
    pub fn new(
        job: &'a Job,
        next_run_at: Option<DateTime<Utc>>,
        summary: Option<&'a JobSummary>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            job_id: job.id.as_str(),
            definition: definition_json(job),
            status: Status::new(job, next_run_at, summary, now),
        }
    }

    /// A job of a page.
    pub fn of(summary: &'a JobSummary, now: DateTime<Utc>) -> Self {
        let JobSummary { row, .. } = summary;
        Self::new(&row.job, row.next_run_at(), Some(summary), now)
    }
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

#[derive(Serialize)]
struct Status<'a> {
    state: &'static str,
    paused_by: Option<&'static str>,
    next_fire_at: Option<String>,
    created_at: Option<String>,
    updated_at: String,
    consecutive_failures: u32,
    last_state: Option<&'static str>,
    last_ended_at: Option<String>,
    last_duration_ms: Option<i64>,
    #[serde(serialize_with = "runs")]
    recent: &'a [RecentRun],
}

impl<'a> Status<'a> {
    fn new(
        job: &Job,
        next_run_at: Option<DateTime<Utc>>,
        summary: Option<&'a JobSummary>,
        now: DateTime<Utc>,
    ) -> Self {
        let (state, paused_by) = state(job, now);
        let created_at = DateTime::from_timestamp_millis(job.revision.created_ms);
        let recent = summary.map(|s| s.recent.as_slice()).unwrap_or_default();
        Self {
            state: state.as_str(),
            paused_by,
            next_fire_at: next_fire_at(job, next_run_at, now).map(shown),
            created_at: created_at.map(shown),
            updated_at: shown(job.updated_at),
            consecutive_failures: job.failures,
            last_state: summary
                .and_then(|s| s.last_state)
                .map(|state| state.as_str()),
            last_ended_at: summary.and_then(|s| s.last_ended_at).map(shown),
            last_duration_ms: recent.iter().find_map(|run| run.duration_ms),
            recent,
        }
    }
}

fn runs<S: Serializer>(runs: &[RecentRun], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(runs.iter().map(RunJson::from))
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
#[derive(Serialize)]
pub struct RunJson {
    run_id: i64,
    kind: &'static str,
    fire_at: String,
    state: &'static str,
    reason: Option<&'static str>,
    status: Option<u16>,
    lateness_ms: Option<i64>,
    duration_ms: Option<i64>,
    count: i64,
}

impl From<&RecentRun> for RunJson {
    fn from(run: &RecentRun) -> Self {
        Self {
            run_id: run.row_id,
            kind: run.kind.as_str(),
            fire_at: shown(run.fire_at),
            state: run.state.as_str(),
            reason: run.reason.map(|reason| reason.as_str()),
            status: run.status,
            lateness_ms: run.lateness_ms,
            duration_ms: run.duration_ms,
            count: run.count,
        }
    }
}
