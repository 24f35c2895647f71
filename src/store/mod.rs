//! Where jobs and the ledger live: the trait, in domain words. Knows no HTTP,
//! no Redis and no rule of scheduling of its own; what becomes of a due job is
//! decided by `domain::misfire` and carried out here in one transaction.
//!
//! Invariants every implementation keeps:
//! - at most one ledger row per (job, fire time, kind);
//! - a claim and the move of the job's next fire time are one transaction;
//! - an answered write is durable;
//! - a change of a job (put, remove, pause) settles its claims in the same
//!   transaction, so that nothing claimed before is sent after the answer;
//! - runs of one job and one kind (scheduled, manual) make way for each other by
//!   the overlap rule of the job, decided in the transaction in which one of
//!   them begins; the other kind is not looked at;
//! - an occurrence that waits for a run to end has its turn in the transaction
//!   in which that run ends, whoever ends it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio::sync::watch;

use crate::domain::job::{Job, JobDraft, JobId, Revision};
use crate::domain::occurrence::{Claim, LedgerEntry, ManualRun, OccurrenceState, Reason};
use crate::domain::run::RunRecord;

mod batch;
mod changes;
mod cut;
pub mod evidence;
mod history;
mod open;
mod page;
pub mod sqlite;
mod stats;

pub use batch::{ActionEnd, BatchEnd, JobAction, WalkPlace, WalkRequest, Walked};
pub use changes::{ChangeId, Changed, Changes, JobChange, What};
pub use cut::{Cut, CutSlice, Place};
pub use history::{Around, MAX_RUNS, RunFilter, RunPosition, RunsPage, RunsRequest};
pub use open::OpenRun;
pub use page::{
    JobFilter, JobPage, JobSort, JobSummary, MAX_PAGE, PageRequest, Position, RECENT_RUNS,
    RecentRun, SortKey, Total,
};
pub use stats::{
    DueJob, Ended, JobCounts, Past, PastRequest, ReplicaLease, SLICE_S, SUMS_KEPT, Sample,
    SampleOf, StoreFacts, Window,
};

/// What the store could not do, by what the caller can do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Try again: locked by another process, disk full, I/O error, closed.
    #[error("{0}")]
    Unavailable(String),
    /// Give up: the file was written by a newer version of this program.
    #[error("{0}")]
    Newer(String),
    /// Give up: a row cannot be read as what it should be.
    #[error("the store holds what this version cannot read: {0}")]
    Corrupt(String),
}

/// A job and what a replica holds of it already.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRow {
    /// The job.
    pub job: Job,
    /// When the earliest claimed occurrence of its schedule will be sent. Those
    /// that wait for a run to end have no such instant.
    pub claimed_fire_at: Option<DateTime<Utc>>,
}

impl JobRow {
    /// The next instant at which a request will be sent for it.
    pub fn next_run_at(&self) -> Option<DateTime<Utc>> {
        self.claimed_fire_at.or(self.job.next_fire_at)
    }
}

/// What a change of a job expects to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Whatever there is.
    Anything,
    /// No job of that id.
    NoJob,
    /// The job as it was in this revision.
    Revision(Revision),
}

/// What became of a change of a job.
#[derive(Debug, Clone, PartialEq)]
pub enum Change<T> {
    /// It is durable.
    Done(T),
    /// There is no such job; nothing was changed.
    NoSuchJob,
    /// The job is not what was expected any more; nothing was changed.
    Lost,
}

/// What to claim, and for whom.
#[derive(Debug, Clone)]
pub struct ClaimRequest {
    /// The replica that claims.
    pub replica: String,
    /// Claim what falls due before this instant.
    pub until: DateTime<Utc>,
    /// At most so many jobs in one transaction.
    pub limit: u32,
    /// Now, for the ledger.
    pub now: DateTime<Utc>,
}

/// What one claim transaction did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Claimed {
    /// The occurrences this replica now holds.
    pub claims: Vec<Claim>,
    /// Whether something due was left for the next claim.
    pub more: bool,
    /// How many of them had been claimed before: given back, or waiting their turn.
    pub adopted: usize,
    /// Fire times recorded without being fired.
    pub not_fired: Vec<NotFiredCount>,
}

/// Fire times that ended alike without being fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotFiredCount {
    /// Their state.
    pub state: OccurrenceState,
    /// Why, where the state does not say.
    pub reason: Option<Reason>,
    /// How many.
    pub fire_times: u64,
}

/// A job that its failures have paused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PausedJob {
    /// Which.
    pub id: JobId,
    /// How many scheduled occurrences failed in a row.
    pub failures: u32,
}

/// What records of ends came to beside themselves.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recorded {
    /// The earliest instant at which something is due that waited for these runs
    /// to end, so that nobody has to wait for the next look at what is due.
    pub released_at: Option<DateTime<Utc>>,
    /// Jobs that are paused now because they failed too often in a row.
    pub paused: Vec<PausedJob>,
}

/// What became of the claims a dead replica left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settled {
    /// Replicas found dead.
    pub replicas: u64,
    /// Claims never sent, given back to be planned again.
    pub given_back: u64,
    /// Firings that may have been sent, now `unknown`.
    pub unknown: u64,
    /// When the first is due of those that waited for such a firing to end.
    pub released_at: Option<DateTime<Utc>>,
}

/// Jobs, claims, the ledger and the leases of replicas.
#[async_trait]
pub trait Store: Send + Sync {
    /// Adds a job, or replaces the one of that id. Claims of the replaced one
    /// are skipped as `changed`. `None`: lost, what was expected is not there.
    async fn put_job(
        &self,
        draft: JobDraft,
        expected: Expected,
        now: DateTime<Utc>,
    ) -> Result<Option<Revision>, StoreError>;

    /// Removes a job; its claims are skipped as `removed`.
    async fn remove_job(
        &self,
        id: &JobId,
        expected: Expected,
        now: DateTime<Utc>,
    ) -> Result<Change<()>, StoreError>;

    /// Pauses a job; its scheduled claims are skipped as `paused`. A manual
    /// run that waits is left alone: a pause is about the schedule. Answers
    /// with the job as it is now.
    async fn pause_job(
        &self,
        id: &JobId,
        expected: Expected,
        now: DateTime<Utc>,
    ) -> Result<Change<JobRow>, StoreError>;

    /// Resumes a paused job, whoever paused it, and one that does not fire before an instant; its
    /// next fire time is computed from `now`. Any other is left as it is.
    /// Answers with the job as it is now.
    async fn resume_job(
        &self,
        id: &JobId,
        expected: Expected,
        now: DateTime<Utc>,
    ) -> Result<Change<JobRow>, StoreError>;

    /// Adds a manual run of the job, due at once: a claim that nobody holds,
    /// for [`Self::claim`] to adopt. Paused or not, and without any effect on
    /// the schedule. `None`: no such job.
    async fn run_now(
        &self,
        id: &JobId,
        now: DateTime<Utc>,
    ) -> Result<Option<ManualRun>, StoreError>;

    /// Does the same to each of these jobs, in one transaction: all of them or,
    /// on an error, none.
    async fn change_jobs(
        &self,
        ids: Vec<JobId>,
        action: JobAction,
        now: DateTime<Utc>,
    ) -> Result<BatchEnd, StoreError>;

    /// As [`Self::put_job`] for each of these, in their order and in one
    /// transaction.
    async fn put_jobs(
        &self,
        drafts: Vec<(JobDraft, Expected)>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Option<Revision>>, StoreError>;

    /// The jobs of these ids, in their order; `None`: there is none.
    async fn jobs_by_id(&self, ids: Vec<JobId>) -> Result<Vec<Option<Job>>, StoreError>;

    /// One step of a walk through the jobs in the order of adding, which no
    /// change moves. Costs a bounded number of rows, whatever the filter. Each
    /// job that is there from the beginning of the walk to its end, and passes the
    /// filter all the time, is met once.
    async fn walk_jobs(&self, request: WalkRequest) -> Result<Walked, StoreError>;

    /// The job of that id.
    async fn job(&self, id: &JobId) -> Result<Option<JobRow>, StoreError>;

    /// The jobs whose id contains `part`, by next run, ties in the order of
    /// adding, those without a next run last; of each its place in the order of adding.
    async fn listed(&self, part: &str) -> Result<Vec<i64>, StoreError>;

    /// The jobs of these places, in their order; those that are not there any more are
    /// left out.
    async fn jobs_at(&self, places: &[i64]) -> Result<Vec<JobRow>, StoreError>;

    /// The jobs whose id contains `part`, all at once, as [`Store::listed`] has them.
    async fn jobs(&self, part: &str) -> Result<Vec<JobRow>, StoreError> {
        self.jobs_at(&self.listed(part).await?).await
    }

    /// One page of the jobs. Costs a bounded number of rows, whatever the
    /// filter; see [`JobPage`].
    async fn page(&self, request: PageRequest) -> Result<JobPage, StoreError>;

    /// The place behind the first `count` jobs (at least 1) of the list in the
    /// request's order, without its filter; `None`: it has no so many. Costs as
    /// much as there are jobs before it.
    async fn place_behind(
        &self,
        request: &PageRequest,
        count: u32,
    ) -> Result<Option<Position>, StoreError>;

    /// The job of that id, as a page shows it.
    async fn summary(&self, id: &JobId) -> Result<Option<JobSummary>, StoreError>;

    /// The job of that id and, by fire time, at most `limit` occurrences of its
    /// schedule that are on record and still to be sent. `None`: no such job.
    async fn open_runs(
        &self,
        id: &JobId,
        limit: u32,
    ) -> Result<Option<(JobRow, Vec<OpenRun>)>, StoreError>;

    /// The distinct whole seconds (unix) in which something falls due before
    /// `until`, ascending; all that is overdue at `now` counts as the second
    /// of `now`. Costs index seeks, never a scan.
    async fn due_seconds(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<i64>, StoreError>;

    /// Claims due occurrences, in one transaction, and adopts claims that were
    /// given back and those whose turn has come. A replica that comes too late, or whose lease has ended,
    /// gets fewer or none; that is no error.
    async fn claim(&self, request: ClaimRequest) -> Result<Claimed, StoreError>;

    /// Revalidates claims just before their instant and moves those that
    /// still stand and have room to `firing`; answers with these, in the order
    /// given. Claims of one job are looked at in the order of their fire times.
    ///
    /// Missing ones were paused, removed, changed or given back, or found a run
    /// of the same job and kind that still goes on. Of the latter, those that are due
    /// (`due_at` not after `now`) were skipped, or wait for its end, held by nobody
    /// (`Queue`); those that are not stand as before and are asked for again at their
    /// instant, since that run may be over by then. With `CancelPrevious` it is the
    /// earlier run that ends, as failed, not before the instant either; whoever sends it
    /// learns that from [`Store::is_given_up`].
    async fn start_firing(
        &self,
        claims: Vec<Claim>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Claim>, StoreError>;

    /// Whether a run under way was given up, because the next occurrence of its job
    /// took its place.
    async fn is_given_up(&self, claim: &Claim) -> Result<bool, StoreError>;

    /// Records ends of firings, in their order. A record whose claim is no
    /// longer this holder's changes nothing. What has ended for good is kept
    /// with its job, if that is still the same: the last outcome, and, as long
    /// as the job is unchanged since the claim, the failures in a row. A job
    /// that reaches its `pause_after_failures` is paused as by
    /// [`Self::pause_job`] in the same transaction. What waited for these runs to
    /// end is free to be adopted.
    async fn record(&self, records: Arc<[RunRecord]>) -> Result<Recorded, StoreError>;

    /// Gives back claims of which the holder knows that nothing was sent, so
    /// that any replica can adopt them. Where the job was changed since the revalidation,
    /// they are settled instead, as the change would have done a moment before.
    async fn give_back(&self, claims: Vec<Claim>, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// Takes or renews the lease of `replica` for `length` from `now`.
    async fn renew_lease(
        &self,
        replica: &str,
        now: DateTime<Utc>,
        length: Duration,
    ) -> Result<(), StoreError>;

    /// Ends the lease of `replica`: what it still has `firing` becomes
    /// `unknown`, what it has claimed is given back.
    async fn release_lease(&self, replica: &str, now: DateTime<Utc>)
    -> Result<Settled, StoreError>;

    /// Settles what replicas left whose lease has ended at `now`: claims
    /// never sent are given back, firings become `unknown`.
    async fn settle_dead(&self, now: DateTime<Utc>) -> Result<Settled, StoreError>;

    /// The ledger of one job, by fire time, newest first.
    async fn ledger(&self, id: &JobId, limit: u32) -> Result<Vec<LedgerEntry>, StoreError>;

    /// Tells the [`ChangeId::seq`] of what this process committed last; 0: nothing
    /// yet. What other replicas commit is not told.
    fn committed(&self) -> watch::Receiver<i64>;

    /// The place of the newest change of all replicas.
    async fn newest_change(&self) -> Result<ChangeId, StoreError>;

    /// The changes behind a place, in the order of the commits, at most `limit`.
    /// `None`: that place is not kept any more, or is none of this store.
    async fn changes(&self, after: ChangeId, limit: u32) -> Result<Option<Changes>, StoreError>;

    /// Takes part in the retention of the ledger: deletes one slice of what `cut`
    /// names, and says what is left to do.
    async fn cut(&self, cut: Cut) -> Result<CutSlice, StoreError>;

    /// One page of the whole ledger. Costs a bounded number of rows, whatever the
    /// filter; see [`RunsPage`].
    async fn runs(&self, request: RunsRequest) -> Result<RunsPage, StoreError>;

    /// One row of the ledger, with its past attempts.
    async fn run(&self, row_id: i64) -> Result<Option<LedgerEntry>, StoreError>;

    /// Whether the ledger has any row of the job, which may be gone.
    async fn has_runs(&self, id: &JobId) -> Result<bool, StoreError>;

    /// What the ledger has of the job's schedule around an instant.
    async fn around(&self, id: &JobId, at: DateTime<Utc>) -> Result<Around, StoreError>;

    /// How many jobs there are.
    async fn job_counts(&self, now: DateTime<Utc>) -> Result<JobCounts, StoreError>;

    /// How many jobs there are, and what has ended; from sums that are kept.
    async fn past(&self, request: PastRequest) -> Result<Past, StoreError>;

    /// The jobs that may fire before `until`, if there are at most `most`; else
    /// those of a sample of at most so many of all jobs, the same each time.
    async fn sample(&self, until: DateTime<Utc>, most: u32) -> Result<Sample, StoreError>;

    /// Jobs whose next fire time lies before `until`, the latest first, behind
    /// `after`; at most `most`.
    async fn due_before(
        &self,
        until: DateTime<Utc>,
        after: Option<Position>,
        most: u32,
    ) -> Result<Vec<DueJob>, StoreError>;

    /// Forgets some of the sums of the past that lie before an instant, oldest
    /// first, a bounded number each time; whether there may be more. The ledger is
    /// not touched; see [`SUMS_KEPT`].
    async fn cut_sums(&self, before: DateTime<Utc>) -> Result<bool, StoreError>;

    /// What can be said of the store itself.
    async fn facts(&self) -> Result<StoreFacts, StoreError>;

    /// Whether the store answers.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Finishes pending writes and closes the store.
    async fn close(&self);
}
