//! What the store can say about itself and all its jobs, without a look at
//! each: sums that are kept, and a sample.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Position, Total};
use crate::domain::forecast::UpcomingJob;
use crate::domain::histogram::Histogram;
use crate::domain::job::JobState;
use crate::domain::occurrence::{OccurrenceState, Reason};
use crate::domain::trigger::TriggerKind;

/// How long sums of the past are kept unless something else is said.
pub const SUMS_KEPT: TimeDelta = TimeDelta::days(35);

/// The shortest slice of the past that the store knows, in seconds: sums are
/// asked for from a multiple of it on.
pub const SLICE_S: i64 = 60;

/// What is asked of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastRequest {
    /// Now.
    pub now: DateTime<Utc>,
    /// Where the first bucket begins: a multiple of the bucket since 1970.
    pub from: DateTime<Utc>,
    /// The length of a bucket in seconds: a multiple of [`SLICE_S`].
    pub bucket_s: i64,
}

/// What has been.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Past {
    /// The jobs that clients see.
    pub jobs: JobCounts,
    /// What ended within the last hour.
    pub hour: Window,
    /// What ended within the last 24 hours.
    pub day: Window,
    /// What ended in each bucket, in the order of time; buckets and states
    /// without any are left out.
    pub series: Vec<Ended>,
}

/// How many jobs there are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JobCounts {
    /// By state and kind.
    pub counts: Vec<(JobState, TriggerKind, u64)>,
    /// Those of the running ones that do not fire before an instant to come.
    pub waiting: Total,
    /// Those whose last scheduled occurrence failed.
    pub failing: Total,
}

/// What ended from an instant on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Window {
    /// The instant: a whole minute, so the window is up to a minute longer than
    /// its name.
    pub from: DateTime<Utc>,
    /// Fire times by final state and reason.
    pub outcomes: Vec<(OccurrenceState, Option<Reason>, u64)>,
    /// How late the requests left, in milliseconds. The slices of these are
    /// longer: from up to five minutes earlier on.
    pub lateness: Histogram,
    /// How long they took, in milliseconds; likewise.
    pub duration: Histogram,
}

/// Fire times that came to a state within a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Where the bucket begins.
    pub from: DateTime<Utc>,
    /// The state.
    pub state: OccurrenceState,
    /// How many.
    pub runs: u64,
}

/// Jobs that may fire before an instant.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sample {
    /// All of them, or those among a sample of the jobs.
    pub jobs: Vec<UpcomingJob>,
    /// How many jobs the sample stands for, and how many it holds; `None`: all
    /// jobs were looked at.
    pub of: Option<SampleOf>,
}

/// A job that has a fire time to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueJob {
    /// Its place among all by their next fire time.
    pub place: Position,
    /// Its id.
    pub job_id: String,
    /// When it fires.
    pub upcoming: UpcomingJob,
}

/// How large a sample is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleOf {
    /// How many jobs there are.
    pub total: u64,
    /// How many were looked at.
    pub sampled: u64,
}

/// The store as a thing on a disk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoreFacts {
    /// The kind of database: `sqlite`.
    pub kind: &'static str,
    /// Its size, in bytes.
    pub bytes: u64,
    /// The size of what is written and not yet merged into it, in bytes.
    pub wal_bytes: u64,
    /// The newest change of the tables that was applied.
    pub schema_version: i64,
    /// Requests of this process that wait to be written.
    pub queued_writes: u64,
    /// The server processes that share it.
    pub replicas: Vec<ReplicaLease>,
}

/// How long a server process counts as alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplicaLease {
    /// Its name.
    pub replica: String,
    /// Until when.
    pub lease_until: DateTime<Utc>,
}
