//! The history of runs: look it up, explain an instant, fire again.

use chrono::{DateTime, SubsecRound, Utc};

use super::{Jobs, ServiceError};
use crate::domain::explain::Moment;
use crate::domain::job::{Job, JobId, JobState};
use crate::domain::occurrence::{LedgerEntry, ManualRun};
use crate::store::{RunsPage, RunsRequest};

/// The use cases of the ledger.
#[derive(Clone)]
pub struct Runs {
    jobs: Jobs,
}

/// Why a run could not be fired again.
#[derive(Debug, Clone, PartialEq)]
pub enum RerunError {
    /// There is no such run.
    NoSuchRun,
    /// Its job, of this id, is gone.
    JobGone(JobId),
    /// See there.
    Other(ServiceError),
}

/// What is known of an instant of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The row for it.
    pub run: Option<LedgerEntry>,
    /// Why there is none; `None`: there is one.
    pub moment: Option<Moment>,
    /// The row of the fire time before it.
    pub previous: Option<LedgerEntry>,
    /// The row of the fire time after it.
    pub next: Option<LedgerEntry>,
    /// The first fire time after it by the job as it is now.
    pub next_fire_at: Option<DateTime<Utc>>,
}

impl Runs {
    /// The use cases beside those of jobs.
    #[must_use]
    pub fn new(jobs: Jobs) -> Self {
        Self { jobs }
    }

    /// One page of the ledger.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it is of one job that has neither a row
    /// nor is there.
    pub async fn page(&self, request: RunsRequest) -> Result<RunsPage, ServiceError> {
        let job = request.filter.job.clone();
        let page = self.jobs.store.runs(request).await?;
        match job {
            Some(id) if page.rows.is_empty() && !self.is_known(&id).await? => {
                Err(ServiceError::NotFound)
            }
            _ => Ok(page),
        }
    }

    /// One run, with its attempts.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such run.
    pub async fn get(&self, run_id: i64) -> Result<LedgerEntry, ServiceError> {
        let found = self.jobs.store.run(run_id).await?;
        found.ok_or(ServiceError::NotFound)
    }

    /// Fires the job of a run once more, as a manual run of the job as it is now.
    ///
    /// # Errors
    /// See [`RerunError`].
    pub async fn rerun(&self, run_id: i64) -> Result<ManualRun, RerunError> {
        let run = self.get(run_id).await.map_err(|error| match error {
            ServiceError::NotFound => RerunError::NoSuchRun,
            other => RerunError::Other(other),
        })?;
        let id = run.occurrence.job_id;
        let again = self.jobs.run_now(id.as_str()).await;
        again.map_err(|error| match error {
            ServiceError::NotFound => RerunError::JobGone(id),
            other => RerunError::Other(other),
        })
    }

    /// Why the job did, or did not, fire at an instant (cut to milliseconds).
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is neither the job nor a row of it.
    pub async fn explain(&self, id: &JobId, at: DateTime<Utc>) -> Result<Explained, ServiceError> {
        let at = at.trunc_subsecs(3);
        let job = self.jobs.store.job(id).await?.map(|row| row.job);
        if job.is_none() && !self.jobs.store.has_runs(id).await? {
            return Err(ServiceError::NotFound);
        }
        let around = self.jobs.store.around(id, at).await?;
        let moment = match (&around.at, &job) {
            (Some(_), _) => None,
            (None, None) => Some(Moment::JobGone),
            (None, Some(job)) => Some(moment(job, at, self.jobs.now())),
        };
        Ok(Explained {
            run: around.at,
            moment,
            previous: around.before,
            next: around.after,
            next_fire_at: job.and_then(|job| job.schedule.next_after(at)),
        })
    }

    async fn is_known(&self, id: &JobId) -> Result<bool, ServiceError> {
        let there = self.jobs.store.job(id).await?.is_some();
        Ok(there || self.jobs.store.has_runs(id).await?)
    }
}

/// What an instant without a row is to a job.
fn moment(job: &Job, at: DateTime<Utc>, now: DateTime<Utc>) -> Moment {
    if job.schedule.next_at_or_after(at) != Some(at) {
        return Moment::NoFireTime;
    }
    let paused =
        job.state == JobState::Paused || job.policies.pause_until.is_some_and(|until| at < until);
    let added = DateTime::from_timestamp_millis(job.revision.created_ms);
    match added.filter(|added| at < *added) {
        Some(added) => Moment::BeforeAdded(added),
        None if at >= now && paused => Moment::PausedNow,
        None if at >= now || job.next_fire_at.is_some_and(|next| next <= at) => Moment::ToCome,
        None if at < job.updated_at => Moment::BeforeChanged(job.updated_at),
        None => Moment::NotPlanned,
    }
}
