//! The history: pages of runs, one run, why a job did or did not fire at an
//! instant, and firing again.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::jobs::{Jobs, known_id};
use super::{JobView, ServiceError};
use crate::clock::now_ms;
use crate::domain::explain::{At, Sentence, Verdict, at as explain_at};
use crate::domain::job::JobId;
use crate::domain::occurrence::{LedgerEntry, ManualRun};
use crate::store::{Around, RunsPage, RunsRequest, Store};

/// The use cases of runs.
#[derive(Clone)]
pub struct Runs {
    store: Arc<dyn Store>,
    jobs: Jobs,
}

/// Why a job did, did not, or will fire at an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// How the matter stands.
    pub verdict: Verdict,
    /// The same, said.
    pub sentence: Sentence,
    /// What is on record of the instant.
    pub run: Option<LedgerEntry>,
    /// The fire time before it, on record or by the job's schedule.
    pub previous_fire_at: Option<DateTime<Utc>>,
    /// The fire time after it.
    pub next_fire_at: Option<DateTime<Utc>>,
}

/// What became of the wish to fire a run's job again.
#[derive(Debug, Clone, PartialEq)]
pub enum Rerun {
    /// A manual run is on record and will be sent.
    Asked(ManualRun),
    /// There is no such run.
    NoSuchRun,
    /// The job of the run is gone.
    JobGone(JobId),
}

impl Runs {
    /// The use cases over the store of `jobs`.
    #[must_use]
    pub fn new(jobs: Jobs) -> Self {
        Self {
            store: jobs.store.clone(),
            jobs,
        }
    }

    /// One page of the ledger.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when runs of one job are asked for, and there
    /// is neither such a job nor a run of one that is gone.
    pub async fn page(&self, request: RunsRequest) -> Result<RunsPage, ServiceError> {
        let job_id = request.job_id.clone();
        let page = self.store.runs(request).await?;
        if let (Some(id), true) = (job_id, page.rows.is_empty()) {
            self.known(&id).await?;
        }
        Ok(page)
    }

    /// Whether the id is that of a job, or of one whose runs are on record.
    async fn known(&self, id: &JobId) -> Result<(), ServiceError> {
        let known = self.store.has_runs(id).await? || self.store.job(id).await?.is_some();
        known.then_some(()).ok_or(ServiceError::NotFound)
    }

    /// The run of that id with all its attempts; `None`: there is none.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn get(&self, run_id: i64) -> Result<Option<LedgerEntry>, ServiceError> {
        Ok(self.store.run(run_id).await?)
    }

    /// Why a job did, did not, or will fire at an instant.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is neither such a job nor a run of
    /// one that is gone.
    pub async fn explain(
        &self,
        job_id: &str,
        at: DateTime<Utc>,
    ) -> Result<Explained, ServiceError> {
        let id = known_id(job_id)?;
        let found = self.store.runs_around(&id, at).await?;
        let job = self.store.job(&id).await?.map(JobView::from);
        if job.is_none() && !self.store.has_runs(&id).await? {
            return Err(ServiceError::NotFound);
        }
        let asked = At {
            at,
            now: now_ms(&*self.jobs.clock),
            job: job.as_ref().map(|view| &view.job),
            run: found.run.as_ref(),
        };
        let (verdict, sentence) = explain_at(&asked);
        let (previous_fire_at, next_fire_at) = neighbours(&asked, &found);
        Ok(Explained {
            verdict,
            sentence,
            run: asked.recorded().cloned(),
            previous_fire_at,
            next_fire_at,
        })
    }

    /// Fires the job of a run now, as it is defined now.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn rerun(&self, run_id: i64) -> Result<Rerun, ServiceError> {
        let Some(entry) = self.store.run(run_id).await? else {
            return Ok(Rerun::NoSuchRun);
        };
        let id = entry.occurrence.job_id;
        match self.jobs.run_now(id.as_str()).await {
            Ok(run) => Ok(Rerun::Asked(run)),
            Err(ServiceError::NotFound) => Ok(Rerun::JobGone(id)),
            Err(error) => Err(error),
        }
    }
}

/// The nearest fire times before and after the instant, on record or by the
/// schedule of the job as it is.
fn neighbours(asked: &At<'_>, found: &Around) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    let Some(job) = asked.job else {
        return (found.before, found.after);
    };
    let created = DateTime::from_timestamp_millis(job.revision.created_ms);
    let planned_before = created.and_then(|created| job.schedule.last_before(asked.at, created));
    let planned_after = created.and_then(|created| {
        let after = job.schedule.next_after(asked.at.max(created));
        after.filter(|after| *after > asked.at)
    });
    (
        found.before.max(planned_before),
        [found.after, planned_after].into_iter().flatten().min(),
    )
}
