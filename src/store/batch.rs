//! Many jobs at once: which, what is done to them, and what came of it.
//!
//! A batch is one request of the store, so it is small; who has many jobs sends
//! one batch after the other, and firing goes on between them.

use chrono::{DateTime, Utc};

use super::JobFilter;
use crate::domain::job::JobId;

/// What is done to each job of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobAction {
    /// As [`Store::pause_job`](super::Store::pause_job).
    Pause,
    /// As [`Store::resume_job`](super::Store::resume_job).
    Resume,
    /// As [`Store::remove_job`](super::Store::remove_job).
    Remove,
    /// As [`Store::run_now`](super::Store::run_now).
    Run,
}

/// What became of one job of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionEnd {
    /// It is done.
    Changed,
    /// It was so already.
    Unchanged,
    /// There is no such job.
    NoSuchJob,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BatchEnd {
    /// Of each job, in the order asked.
    pub ends: Vec<ActionEnd>,
    /// When the first of them falls due that is due because of it.
    pub next_fire_at: Option<DateTime<Utc>>,
}

/// Where a walk through the jobs, in the order of adding, has got to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WalkPlace {
    /// Behind this place in the order of adding.
    pub after: i64,
    /// The last place when the walk began: what is added later is not met.
    pub last: i64,
}

/// One step of a walk.
#[derive(Debug, Clone, PartialEq)]
pub struct WalkRequest {
    /// Which jobs.
    pub filter: JobFilter,
    /// Where the step before ended; absent: from the beginning.
    pub place: Option<WalkPlace>,
    /// Decides whether a job that waits for an instant is paused.
    pub now: DateTime<Utc>,
}

/// What a step has met.
#[derive(Debug, Clone, PartialEq)]
pub struct Walked {
    /// The jobs that the filter lets through; may be none.
    pub ids: Vec<JobId>,
    /// Where to go on; absent: that was the last step.
    pub next: Option<WalkPlace>,
}
