//! The store in one SQLite file, which several processes of one host may
//! share: WAL, `synchronous=FULL`, one writer per process, a pool of readers.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection, SqlitePool};
use tokio::sync::watch;

use crate::clock::{Clock, SystemClock};
use crate::domain::job::{Job, JobDraft, JobId, Revision};
use crate::domain::occurrence::{Claim, LedgerEntry, ManualRun, Reason};
use crate::domain::run::RunRecord;
use crate::fail_point::fail_point;
use crate::store::{
    Around, BatchEnd, Change, ChangeId, Changes, ClaimRequest, Claimed, Cut, CutSlice, DueJob,
    Expected, JobAction, JobCounts, JobPage, JobRow, JobSummary, OpenRun, PageRequest, Past,
    PastRequest, Position, Recorded, RunsPage, RunsRequest, Sample, Settled, Store, StoreError,
    StoreFacts, WalkRequest, Walked,
};
use crate::telemetry::metrics::Writes;
use error::{migrate_error, store_error};
use handover::Handover;
use journal::Journal;
use put::Put;
use put_queue::PutQueue;
use writer::Writer;

pub use history::RunsBudget;
pub use page::PageBudget;
pub use statement::Plan;
pub use verify::{Rows, Snapshot};

mod batch;
mod changes;
mod claim;
mod cut;
mod error;
mod folder;
mod handover;
mod history;
mod jobs;
mod journal;
mod manual;
mod not_fired;
mod occurrences;
mod of_job;
mod open;
mod outcomes;
mod overlap;
mod page;
mod put;
mod put_queue;
mod recent;
mod replicas;
mod rows;
mod statement;
mod stats;
mod sums;
mod verify;
mod versions;
mod writer;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long a statement waits for another process that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How many rows a connection's thread reads ahead of the task that asked: a
/// whole batch of claims, so that neither wakes the other row by row.
const ROWS_AHEAD: usize = 2048;
/// How long a reader waits for a free connection.
const READER_WAIT: Duration = Duration::from_secs(5);

/// The store in one SQLite file.
pub struct SqliteStore {
    readers: SqlitePool,
    writer: Writer,
    puts: PutQueue,
    committed: watch::Receiver<i64>,
    page_budget: PageBudget,
    file: PathBuf,
    runs_budget: RunsBudget,
}

impl SqliteStore {
    /// Opens the file of `url` (`sqlite://path`), makes it and its folder
    /// when missing, and brings its tables up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, written, or is newer than this
    /// program. The message names the file.
    pub async fn open(url: &str, readers: u32) -> Result<Self, StoreError> {
        let clock = Arc::new(SystemClock::new());
        Self::open_by(url, readers, clock, Writes::none()).await
    }

    /// The same by another clock, which says when a change was made; tells what
    /// its writes cost.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    pub async fn open_by(
        url: &str,
        readers: u32,
        clock: Arc<dyn Clock>,
        writes: Writes,
    ) -> Result<Self, StoreError> {
        let options = options(url)?;
        let file = options.get_filename().to_path_buf();
        let named = |error: StoreError| name_file(&file, error);
        let mut conn = migrated(&file, &options).await?;
        let journal = Journal::attach(&mut conn, clock).await.map_err(named)?;
        let pool = SqlitePoolOptions::new()
            .max_connections(readers)
            .acquire_timeout(READER_WAIT)
            .connect_with(options.create_if_missing(false).pragma("query_only", "on"))
            .await
            .map_err(|e| named(store_error(e)))?;
        let committed = journal.committed();
        let writer = Writer::start(conn, journal, writes);
        Ok(Self {
            readers: pool,
            committed,
            puts: PutQueue::start(writer.clone()),
            writer,
            page_budget: PageBudget::default(),
            file: file.clone(),
            runs_budget: RunsBudget::default(),
        })
    }

    /// The same store with another bound to the work for a page.
    #[must_use]
    pub fn with_page_budget(self, page_budget: PageBudget) -> Self {
        Self {
            page_budget,
            ..self
        }
    }

    /// The same store with another bound to the work for a page of the ledger.
    #[must_use]
    pub fn with_runs_budget(self, runs_budget: RunsBudget) -> Self {
        Self {
            runs_budget,
            ..self
        }
    }

    /// How SQLite carries out each statement of a page of the ledger; for tests
    /// and benchmarks.
    ///
    /// # Errors
    /// As [`Store::runs`].
    pub async fn explain_runs(&self, request: &RunsRequest) -> Result<Vec<Plan>, StoreError> {
        history::explain(&self.readers, request, &self.runs_budget).await
    }

    /// How SQLite carries out each statement of a page; for tests and
    /// benchmarks.
    ///
    /// # Errors
    /// As [`Store::page`].
    pub async fn explain_page(&self, request: &PageRequest) -> Result<Vec<Plan>, StoreError> {
        page::explain(&self.readers, request, &self.page_budget).await
    }

    /// How a job and what is still to be sent of it are read.
    ///
    /// # Errors
    /// As [`Store::open_runs`].
    pub async fn explain_open_runs(&self, id: &JobId) -> Result<Vec<Plan>, StoreError> {
        open::explain(&self.readers, id).await
    }

    /// How SQLite carries out each statement of the past and of a sample; for
    /// tests and benchmarks.
    ///
    /// # Errors
    /// As [`Store::past`].
    pub async fn explain_stats(&self, request: &PastRequest) -> Result<Vec<Plan>, StoreError> {
        stats::explain(&self.readers, request).await
    }
}

/// Brings the tables of the file of `url` up to date, and closes it.
///
/// # Errors
/// As [`SqliteStore::open`].
pub async fn migrate_only(url: &str) -> Result<(), StoreError> {
    let options = options(url)?;
    let file = options.get_filename().to_owned();
    migrated(&file, &options).await.map(drop)
}

/// Whether there is a file for `url`.
///
/// # Errors
/// When `url` names no file.
pub fn exists(url: &str) -> Result<bool, StoreError> {
    Ok(options(url)?.get_filename().exists())
}

fn options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|e| StoreError::Unavailable(format!("DATABASE_URL {url:?}: {e}")))?;
    Ok(options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .row_buffer_size(ROWS_AHEAD)
        .disable_statement_logging())
}

/// A connection to the file, made and brought up to date if need be, one process
/// at a time. SQLite's own lock does not serve: the migrator looks first and
/// writes later, and a new file is changed to WAL without waiting.
async fn migrated(
    file: &Path,
    options: &SqliteConnectOptions,
) -> Result<SqliteConnection, StoreError> {
    if let Some(folder) = file.parent().filter(|f| !f.as_os_str().is_empty()) {
        folder::make(folder).map_err(|e| {
            StoreError::Unavailable(format!(
                "the folder {} cannot be made: {e}",
                folder.display()
            ))
        })?;
    }
    let lock = migration_lock(file.to_owned()).await?;
    let conn = options.connect().await;
    let mut conn = conn.map_err(|e| name_file(file, store_error(e)))?;
    let name = file.display().to_string();
    let migrated = MIGRATIONS.run(&mut conn).await;
    drop(lock);
    migrated.map_err(|e| migrate_error(&name, e))?;
    Ok(conn)
}

async fn migration_lock(mut file: PathBuf) -> Result<std::fs::File, StoreError> {
    file.as_mut_os_string().push(".migrate.lock");
    let shown = file.display().to_string();
    let locked = tokio::task::spawn_blocking(move || {
        let lock = std::fs::File::create(&file)?;
        lock.lock()?;
        Ok::<_, std::io::Error>(lock)
    });
    let failed = |e: String| StoreError::Unavailable(format!("{shown} cannot be locked: {e}"));
    match locked.await {
        Ok(Ok(lock)) => Ok(lock),
        Ok(Err(e)) => Err(failed(e.to_string())),
        Err(e) => Err(failed(e.to_string())),
    }
}

fn name_file(file: &Path, error: StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(text) => {
            StoreError::Unavailable(format!("the database {}: {text}", file.display()))
        }
        other => other,
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn put_job(
        &self,
        draft: JobDraft,
        expected: Expected,
        now: DateTime<Utc>,
    ) -> Result<Option<Revision>, StoreError> {
        let put = Put {
            draft,
            expected,
            now,
        };
        self.puts.put(put).await
    }

    async fn remove_job(
        &self,
        id: &JobId,
        expected: Expected,
        now: DateTime<Utc>,
    ) -> Result<Change<()>, StoreError> {
        self.writer
            .write((id.clone(), expected, now), |conn, (id, expected, now)| {
                Box::pin(jobs::remove(conn, id, *expected, *now))
            })
            .await
    }

    async fn pause_job(
        &self,
        id: &JobId,
        expected: Expected,
        now: DateTime<Utc>,
    ) -> Result<Change<JobRow>, StoreError> {
        self.writer
            .write((id.clone(), expected, now), |conn, (id, expected, now)| {
                Box::pin(jobs::pause(conn, id, *expected, *now))
            })
            .await
    }

    async fn resume_job(
        &self,
        id: &JobId,
        expected: Expected,
        now: DateTime<Utc>,
    ) -> Result<Change<JobRow>, StoreError> {
        self.writer
            .write((id.clone(), expected, now), |conn, (id, expected, now)| {
                Box::pin(jobs::resume(conn, id, *expected, *now))
            })
            .await
    }

    async fn run_now(
        &self,
        id: &JobId,
        now: DateTime<Utc>,
    ) -> Result<Option<ManualRun>, StoreError> {
        self.writer
            .write((id.clone(), now), |conn, (id, now)| {
                Box::pin(manual::run_now(conn, id, *now))
            })
            .await
    }

    async fn change_jobs(
        &self,
        ids: Vec<JobId>,
        action: JobAction,
        now: DateTime<Utc>,
    ) -> Result<BatchEnd, StoreError> {
        self.writer
            .write((ids, action, now), |conn, (ids, action, now)| {
                Box::pin(batch::change(conn, ids, *action, *now))
            })
            .await
    }

    async fn put_jobs(
        &self,
        drafts: Vec<(JobDraft, Expected)>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Option<Revision>>, StoreError> {
        let put = |(draft, expected)| Put {
            draft,
            expected,
            now,
        };
        let puts: Vec<Put> = drafts.into_iter().map(put).collect();
        self.writer
            .write(puts, |conn, puts| Box::pin(put::put(conn, puts)))
            .await
    }

    async fn jobs_by_id(&self, ids: Vec<JobId>) -> Result<Vec<Option<Job>>, StoreError> {
        let mut conn = self.readers.acquire().await.map_err(store_error)?;
        batch::by_id(&mut conn, &ids).await
    }

    async fn walk_jobs(&self, request: WalkRequest) -> Result<Walked, StoreError> {
        page::step(&self.readers, request, &self.page_budget).await
    }

    async fn job(&self, id: &JobId) -> Result<Option<JobRow>, StoreError> {
        jobs::get(&self.readers, id).await
    }

    async fn listed(&self, part: &str) -> Result<Vec<i64>, StoreError> {
        jobs::listed(&self.readers, part).await
    }

    async fn jobs_at(&self, places: &[i64]) -> Result<Vec<JobRow>, StoreError> {
        jobs::at(&self.readers, places).await
    }

    async fn page(&self, request: PageRequest) -> Result<JobPage, StoreError> {
        page::page(&self.readers, &request, &self.page_budget).await
    }

    async fn place_behind(
        &self,
        request: &PageRequest,
        count: u32,
    ) -> Result<Option<Position>, StoreError> {
        page::place_behind(&self.readers, request, count).await
    }

    async fn summary(&self, id: &JobId) -> Result<Option<JobSummary>, StoreError> {
        page::summary(&self.readers, id).await
    }

    async fn open_runs(
        &self,
        id: &JobId,
        limit: u32,
    ) -> Result<Option<(JobRow, Vec<OpenRun>)>, StoreError> {
        open::open_runs(&self.readers, id, limit).await
    }

    async fn due_seconds(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<i64>, StoreError> {
        jobs::due_seconds(&self.readers, now, until).await
    }

    async fn claim(&self, request: ClaimRequest) -> Result<Claimed, StoreError> {
        let (writer, claimed_at) = (self.writer.clone(), request.now);
        let claimed = self
            .writer
            .write_then(
                request,
                |conn, request| {
                    Box::pin(async move {
                        let claimed = claim::claim(conn, request).await?;
                        fail_point!("before_claim_commit")?;
                        Ok(claimed)
                    })
                },
                move |claimed| Handover::new(claimed, claimed_at, writer),
            )
            .await?;
        fail_point!("after_claim_commit")?;
        Ok(claimed.take())
    }

    async fn start_firing(
        &self,
        claims: Vec<Claim>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Claim>, StoreError> {
        let done = self
            .writer
            .write((claims, now), |conn, (claims, now)| {
                Box::pin(async move {
                    let done = occurrences::start_firing(conn, claims, *now).await?;
                    fail_point!("before_revalidate_commit")?;
                    Ok(done)
                })
            })
            .await?;
        fail_point!("after_revalidate_commit")?;
        Ok(done)
    }

    async fn is_given_up(&self, claim: &Claim) -> Result<bool, StoreError> {
        overlap::is_given_up(&self.readers, claim).await
    }

    async fn record(&self, records: Arc<[RunRecord]>) -> Result<Recorded, StoreError> {
        let done = self
            .writer
            .write(records, |conn, records| {
                Box::pin(async move {
                    let done = occurrences::record(conn, records).await?;
                    fail_point!("before_record_commit")?;
                    Ok(done)
                })
            })
            .await?;
        fail_point!("after_record_commit")?;
        Ok(done)
    }

    async fn give_back(&self, claims: Vec<Claim>, now: DateTime<Utc>) -> Result<(), StoreError> {
        let done = self
            .writer
            .write((claims, now), |conn, (claims, now)| {
                Box::pin(async move {
                    let done = occurrences::give_back(conn, claims, *now).await?;
                    fail_point!("before_give_back_commit")?;
                    Ok(done)
                })
            })
            .await?;
        fail_point!("after_give_back_commit")?;
        Ok(done)
    }

    async fn renew_lease(
        &self,
        replica: &str,
        now: DateTime<Utc>,
        length: Duration,
    ) -> Result<(), StoreError> {
        let done = self
            .writer
            .write(
                (replica.to_owned(), now, length),
                |conn, (replica, now, length)| {
                    Box::pin(async move {
                        let done = replicas::renew(conn, replica, *now, *length).await?;
                        fail_point!("before_renew_commit")?;
                        Ok(done)
                    })
                },
            )
            .await?;
        fail_point!("after_renew_commit")?;
        Ok(done)
    }

    async fn release_lease(
        &self,
        replica: &str,
        now: DateTime<Utc>,
    ) -> Result<Settled, StoreError> {
        self.writer
            .write((replica.to_owned(), now), |conn, (replica, now)| {
                Box::pin(replicas::settle(conn, replica, Reason::Shutdown, *now))
            })
            .await
    }

    async fn settle_dead(&self, now: DateTime<Utc>) -> Result<Settled, StoreError> {
        let done = self
            .writer
            .write(now, |conn, now| {
                Box::pin(async move {
                    let done = replicas::settle_dead(conn, *now).await?;
                    fail_point!("before_settle_commit")?;
                    Ok(done)
                })
            })
            .await?;
        fail_point!("after_settle_commit")?;
        Ok(done)
    }

    async fn ledger(&self, id: &JobId, limit: u32) -> Result<Vec<LedgerEntry>, StoreError> {
        occurrences::ledger(&self.readers, id, limit).await
    }

    fn committed(&self) -> watch::Receiver<i64> {
        self.committed.clone()
    }

    async fn newest_change(&self) -> Result<ChangeId, StoreError> {
        changes::newest(&self.readers).await
    }

    async fn changes(&self, after: ChangeId, limit: u32) -> Result<Option<Changes>, StoreError> {
        changes::behind(&self.readers, after, limit).await
    }

    async fn cut(&self, cut: Cut) -> Result<CutSlice, StoreError> {
        self.writer
            .write(cut, |conn, cut| Box::pin(cut::cut(conn, cut)))
            .await
    }

    async fn job_counts(&self, now: DateTime<Utc>) -> Result<JobCounts, StoreError> {
        stats::counts(&self.readers, now).await
    }

    async fn past(&self, request: PastRequest) -> Result<Past, StoreError> {
        stats::past(&self.readers, &request).await
    }

    async fn sample(&self, until: DateTime<Utc>, most: u32) -> Result<Sample, StoreError> {
        stats::sample(&self.readers, until, most).await
    }

    async fn due_before(
        &self,
        until: DateTime<Utc>,
        after: Option<Position>,
        most: u32,
    ) -> Result<Vec<DueJob>, StoreError> {
        stats::due_before(&self.readers, until, after, most).await
    }

    async fn cut_sums(&self, before: DateTime<Utc>) -> Result<bool, StoreError> {
        self.writer
            .write(before, |conn, before| Box::pin(sums::cut(conn, *before)))
            .await
    }

    async fn facts(&self) -> Result<StoreFacts, StoreError> {
        stats::facts(
            &self.readers,
            &self.file,
            self.writer.queued() + self.puts.queued(),
        )
        .await
    }

    async fn runs(&self, request: RunsRequest) -> Result<RunsPage, StoreError> {
        history::page(&self.readers, &request, &self.runs_budget).await
    }

    async fn run(&self, row_id: i64) -> Result<Option<LedgerEntry>, StoreError> {
        history::run(&self.readers, row_id).await
    }

    async fn around(&self, id: &JobId, at: DateTime<Utc>) -> Result<Around, StoreError> {
        history::around(&self.readers, id, at).await
    }

    async fn has_runs(&self, id: &JobId) -> Result<bool, StoreError> {
        history::has_runs(&self.readers, id).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        let done = sqlx::query("SELECT 1").execute(&self.readers).await;
        done.map(|_| ()).map_err(store_error)
    }

    async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}
