//! What a span tells, in the words of the scheduler.

use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use super::ids::TraceContext;
use crate::domain::occurrence::{OccurrenceId, OccurrenceState, Reason};
use crate::domain::run::{Phases, RunRecord};

/// When the steps before a send were done.
#[derive(Debug, Clone, Copy)]
pub struct Steps {
    /// This replica had claimed the occurrence.
    pub claimed_at: DateTime<Utc>,
    /// The claim still stood, and the occurrence is `firing`.
    pub checked_at: DateTime<Utc>,
    /// The fire lock was taken.
    pub locked_at: DateTime<Utc>,
}

/// A span to export.
#[derive(Debug, Clone)]
pub enum Span {
    /// One request.
    Attempt(Box<AttemptSpan>),
    /// All of an occurrence; its attempts are its children.
    Occurrence(Box<OccurrenceSpan>),
}

/// A request that was sent.
#[derive(Debug, Clone)]
pub struct AttemptSpan {
    /// Its place in the trace.
    pub context: TraceContext,
    /// What it was sent for.
    pub occurrence: OccurrenceId,
    /// Counts from 1.
    pub attempt: u32,
    /// When it was planned: the fire time, or later.
    pub due_at: DateTime<Utc>,
    /// When it left.
    pub sent_at: DateTime<Utc>,
    /// Until the end of the answer.
    pub took: Duration,
    /// The HTTP method.
    pub method: &'static str,
    /// Where it went, without query and credentials.
    pub url: Url,
    /// The target's status code.
    pub status: Option<u16>,
    /// Why it is no success.
    pub reason: Option<Reason>,
    /// That in words.
    pub error: Option<String>,
    /// Where the time went.
    pub phases: Option<Phases>,
}

/// An occurrence whose firing has ended for good.
#[derive(Debug, Clone)]
pub struct OccurrenceSpan {
    /// Which.
    pub occurrence: OccurrenceId,
    /// How many attempts were made.
    pub attempts: u32,
    /// The steps before the last one; `None`: it did not come so far.
    pub steps: Option<Steps>,
    /// When the last request left.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// What it came to.
    pub state: OccurrenceState,
    /// Why, when it is no success.
    pub reason: Option<Reason>,
    /// That in words.
    pub error: Option<String>,
}

impl OccurrenceSpan {
    /// The span of a firing that ended so.
    #[must_use]
    pub fn of(record: &RunRecord, steps: Option<Steps>) -> Self {
        Self {
            occurrence: record.claim.occurrence.clone(),
            attempts: record.claim.attempt,
            steps,
            sent_at: record.sent_at,
            ended_at: record.ended_at,
            state: record.outcome.state(),
            reason: record.outcome.reason,
            error: record.outcome.error.clone(),
        }
    }
}
