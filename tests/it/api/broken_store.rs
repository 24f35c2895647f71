//! Stores that do not work.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use schedule_server::domain::job::{Job, JobDraft, JobId, Revision};
use schedule_server::domain::occurrence::{Claim, LedgerEntry, ManualRun};
use schedule_server::domain::run::RunRecord;
use schedule_server::store::{
    Around, BatchEnd, Change, ChangeId, Changes, ClaimRequest, Claimed, Cut, CutSlice, DueJob,
    Expected, JobAction, JobCounts, JobPage, JobRow, JobSummary, OpenRun, PageRequest, Past,
    PastRequest, Position, Recorded, RunsPage, RunsRequest, Sample, Settled, Store, StoreError,
    StoreFacts, WalkRequest, Walked,
};
use tokio::sync::watch;

/// How a store fails.
#[derive(Debug, Clone, Copy)]
pub enum Broken {
    /// It says so.
    Away,
    /// Its code panics.
    Panics,
}

impl Broken {
    fn fail<T>(self) -> Result<T, StoreError> {
        match self {
            Self::Away => Err(StoreError::Unavailable("secret: disk full".to_owned())),
            Self::Panics => panic!("secret: a bug"),
        }
    }
}

type Stored<T> = Result<T, StoreError>;
type Instant = DateTime<Utc>;

#[async_trait]
impl Store for Broken {
    async fn put_job(&self, _: JobDraft, _: Expected, _: Instant) -> Stored<Option<Revision>> {
        self.fail()
    }
    async fn remove_job(&self, _: &JobId, _: Expected, _: Instant) -> Stored<Change<()>> {
        self.fail()
    }
    async fn pause_job(&self, _: &JobId, _: Expected, _: Instant) -> Stored<Change<JobRow>> {
        self.fail()
    }
    async fn resume_job(&self, _: &JobId, _: Expected, _: Instant) -> Stored<Change<JobRow>> {
        self.fail()
    }
    async fn run_now(&self, _: &JobId, _: Instant) -> Stored<Option<ManualRun>> {
        self.fail()
    }
    async fn change_jobs(&self, _: Vec<JobId>, _: JobAction, _: Instant) -> Stored<BatchEnd> {
        self.fail()
    }
    async fn put_jobs(
        &self,
        _: Vec<(JobDraft, Expected)>,
        _: Instant,
    ) -> Stored<Vec<Option<Revision>>> {
        self.fail()
    }
    async fn jobs_by_id(&self, _: Vec<JobId>) -> Stored<Vec<Option<Job>>> {
        self.fail()
    }
    async fn walk_jobs(&self, _: WalkRequest) -> Stored<Walked> {
        self.fail()
    }
    async fn job(&self, _: &JobId) -> Stored<Option<JobRow>> {
        self.fail()
    }
    async fn listed(&self, _: &str) -> Stored<Vec<i64>> {
        self.fail()
    }
    async fn jobs_at(&self, _: &[i64]) -> Stored<Vec<JobRow>> {
        self.fail()
    }
    async fn runs(&self, _: RunsRequest) -> Stored<RunsPage> {
        self.fail()
    }
    async fn run(&self, _: i64) -> Stored<Option<LedgerEntry>> {
        self.fail()
    }
    async fn has_runs(&self, _: &JobId) -> Stored<bool> {
        self.fail()
    }
    async fn around(&self, _: &JobId, _: Instant) -> Stored<Around> {
        self.fail()
    }
    async fn page(&self, _: PageRequest) -> Stored<JobPage> {
        self.fail()
    }
    async fn place_behind(&self, _: &PageRequest, _: u32) -> Stored<Option<Position>> {
        self.fail()
    }
    async fn summary(&self, _: &JobId) -> Stored<Option<JobSummary>> {
        self.fail()
    }
    async fn open_runs(&self, _: &JobId, _: u32) -> Stored<Option<(JobRow, Vec<OpenRun>)>> {
        self.fail()
    }
    async fn due_seconds(&self, _: Instant, _: Instant) -> Stored<Vec<i64>> {
        self.fail()
    }
    async fn claim(&self, _: ClaimRequest) -> Stored<Claimed> {
        self.fail()
    }
    async fn start_firing(&self, _: Vec<Claim>, _: Instant) -> Stored<Vec<Claim>> {
        self.fail()
    }
    async fn is_given_up(&self, _: &Claim) -> Stored<bool> {
        self.fail()
    }
    async fn record(&self, _: Arc<[RunRecord]>) -> Stored<Recorded> {
        self.fail()
    }
    async fn give_back(&self, _: Vec<Claim>, _: Instant) -> Stored<()> {
        self.fail()
    }
    async fn renew_lease(&self, _: &str, _: Instant, _: Duration) -> Stored<()> {
        self.fail()
    }
    async fn release_lease(&self, _: &str, _: Instant) -> Stored<Settled> {
        self.fail()
    }
    async fn settle_dead(&self, _: Instant) -> Stored<Settled> {
        self.fail()
    }
    async fn ledger(&self, _: &JobId, _: u32) -> Stored<Vec<LedgerEntry>> {
        self.fail()
    }
    fn committed(&self) -> watch::Receiver<i64> {
        watch::Sender::new(0).subscribe()
    }
    async fn newest_change(&self) -> Stored<ChangeId> {
        self.fail()
    }
    async fn changes(&self, _: ChangeId, _: u32) -> Stored<Option<Changes>> {
        self.fail()
    }
    async fn cut(&self, _: Cut) -> Stored<CutSlice> {
        self.fail()
    }
    async fn job_counts(&self, _: Instant) -> Stored<JobCounts> {
        self.fail()
    }
    async fn past(&self, _: PastRequest) -> Stored<Past> {
        self.fail()
    }
    async fn sample(&self, _: Instant, _: u32) -> Stored<Sample> {
        self.fail()
    }
    async fn due_before(&self, _: Instant, _: Option<Position>, _: u32) -> Stored<Vec<DueJob>> {
        self.fail()
    }
    async fn cut_sums(&self, _: Instant) -> Stored<bool> {
        self.fail()
    }
    async fn facts(&self) -> Stored<StoreFacts> {
        self.fail()
    }
    async fn ping(&self) -> Stored<()> {
        self.fail()
    }
    async fn close(&self) {}
}
