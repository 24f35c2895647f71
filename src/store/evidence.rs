//! What the store holds for a proof that each planned fire time has come to its end:
//! the versions of the jobs, the ledger, the leases. All of one state of the store.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::domain::occurrence::{OccurrenceId, OccurrenceState};
use crate::domain::policy::Policies;
use crate::domain::schedule::Schedule;

/// One version of a job: which fire times it answers for.
#[derive(Debug, Clone, PartialEq)]
pub struct JobVersion {
    /// Counts within one job that has the id.
    pub version: i64,
    /// When it fires.
    pub schedule: Schedule,
    /// How it fires.
    pub policies: Policies,
    /// The first fire time it answers for; `None`: it plans none.
    pub first: Option<DateTime<Utc>>,
    /// The first fire time that is not planned (any more); `None`: all are, to the
    /// end of the schedule.
    pub until: Option<DateTime<Utc>>,
    /// When another one took its place, or the job was removed or had ended; `None`:
    /// it is the one that the job has.
    pub replaced_at: Option<DateTime<Utc>>,
}

/// One row of the ledger, word by word, so that a wrong one can be told.
#[derive(Debug, Clone, PartialEq)]
pub struct RowEvidence {
    /// The row.
    pub row_id: i64,
    /// The (first) occurrence.
    pub occurrence: OccurrenceId,
    /// The last fire time it stands for.
    pub last_fire_at: DateTime<Utc>,
    /// For how many it stands.
    pub count: i64,
    /// The fire time that stands for these.
    pub into_fire_at: Option<DateTime<Utc>>,
    /// Its state.
    pub state: OccurrenceState,
    /// The word of its reason.
    pub reason: Option<String>,
    /// Who holds or held it.
    pub replica: Option<String>,
    /// `waiting` or `next`.
    pub queue: Option<String>,
    /// How many attempts were begun.
    pub attempt: u32,
    /// When the last attempt is or was due.
    pub due_at: DateTime<Utc>,
    /// When the last recorded attempt left.
    pub sent_at: Option<DateTime<Utc>>,
    /// How late that was, in milliseconds.
    pub lateness_ms: Option<i64>,
    /// When it came to its final state.
    pub settled_at: Option<DateTime<Utc>>,
    /// The attempts that failed and were to be followed by another one.
    pub past: Vec<PastSend>,
}

/// An attempt that has a record of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastSend {
    /// Counts from 1.
    pub number: u32,
    /// When it left.
    pub sent_at: Option<DateTime<Utc>>,
}

/// What is said of the store as a whole.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Premises {
    /// When each lease ends, by replica.
    pub leases: HashMap<String, DateTime<Utc>>,
    /// Rows of before this fire time may have been deleted for their age.
    pub kept_from: Option<DateTime<Utc>>,
    /// The latest instant the store knows of.
    pub latest: Option<DateTime<Utc>>,
}

/// The versions of a job in their order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JobEvidence {
    /// The id of the job.
    pub job_id: String,
    /// The last one is the one it has, if it is there.
    pub versions: Vec<JobVersion>,
    /// Rows of the job of before this fire time may have been deleted, because
    /// there were too many.
    pub kept_from: Option<DateTime<Utc>>,
    /// Whether there is such a job, seen by clients or not.
    pub exists: bool,
}
