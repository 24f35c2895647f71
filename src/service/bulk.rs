//! The same done to many jobs: by their ids, or to all that a filter lets
//! through.
//!
//! Works through them in batches, each durable by itself, so that nobody else
//! waits long for the store. Which jobs a filter means is found by a walk in the
//! order of adding, which the changes themselves do not disturb. Dropping the
//! future ends it after the batch under way.

use chrono::{DateTime, Utc};

use super::define::{has_passed, paused_until, waits_until};
use super::{Jobs, Precondition, ServiceError};
use crate::clock::now_ms;
use crate::domain::job::{Job, JobId, JobState};
use crate::store::{ActionEnd, Expected, JobAction, JobFilter, WalkPlace, WalkRequest};

/// How many ids and failures an answer names.
pub const MOST_NAMED: usize = 100;
/// How many ids the sample has when nothing is said.
pub const SAMPLE: usize = 20;

/// How many jobs one batch changes by a few statements for all of them.
const BATCH: usize = 200;
/// How many, where each job needs statements of its own.
const SMALL_BATCH: usize = 50;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkAction {
    /// As [`Jobs::pause`], or, with an instant, [`Jobs::pause_until`].
    Pause {
        /// When they go on.
        until: Option<DateTime<Utc>>,
    },
    /// As [`Jobs::resume`].
    Resume,
    /// As [`Jobs::remove`].
    Remove,
    /// As [`Jobs::run_now`].
    Run,
}

/// To which jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// To those of these ids; each counts once.
    These(Vec<JobId>),
    /// To all that are there now and pass the filter.
    Filter(JobFilter),
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkRequest {
    /// What to do.
    pub action: BulkAction,
    /// To which jobs.
    pub which: Which,
    /// Only tell what would be done.
    pub dry_run: bool,
    /// How many of the changed jobs are named.
    pub sample: usize,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BulkEnd {
    /// Jobs that were changed.
    pub changed: u64,
    /// Jobs that were so already.
    pub unchanged: u64,
    /// Ids without a job, or whose job went meanwhile.
    pub not_found: u64,
    /// The first of these, at most [`MOST_NAMED`].
    pub not_found_ids: Vec<JobId>,
    /// Jobs that could not be changed.
    pub failed: u64,
    /// The first of these with the reason, at most [`MOST_NAMED`].
    pub failures: Vec<(JobId, String)>,
    /// The first jobs that were changed, at most as many as asked for.
    pub sample: Vec<JobId>,
    /// Whether all jobs were looked at. Not so when the store went away.
    pub complete: bool,
}

/// What became of one job.
enum OneEnd {
    Done(ActionEnd),
    Failed(String),
}

impl BulkEnd {
    /// Jobs that were looked at.
    #[must_use]
    pub fn matched(&self) -> u64 {
        self.changed + self.unchanged + self.failed
    }

    fn note(&mut self, id: &JobId, end: OneEnd, sample: usize) {
        match end {
            OneEnd::Done(ActionEnd::Changed) => {
                self.changed += 1;
                keep(&mut self.sample, sample, || id.clone());
            }
            OneEnd::Done(ActionEnd::Unchanged) => self.unchanged += 1,
            OneEnd::Done(ActionEnd::NoSuchJob) => {
                self.not_found += 1;
                keep(&mut self.not_found_ids, MOST_NAMED, || id.clone());
            }
            OneEnd::Failed(reason) => {
                self.failed += 1;
                keep(&mut self.failures, MOST_NAMED, || (id.clone(), reason));
            }
        }
    }
}

fn keep<T>(list: &mut Vec<T>, most: usize, item: impl FnOnce() -> T) {
    if list.len() < most {
        list.push(item());
    }
}

impl Jobs {
    /// Does the same to many jobs. What was done to the first ones stands,
    /// whatever becomes of the later ones.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] when an instant to wait for has passed;
    /// [`ServiceError::Unavailable`] when nothing was changed.
    pub async fn bulk(&self, request: BulkRequest) -> Result<BulkEnd, ServiceError> {
        let now = now_ms(&*self.clock);
        if let BulkAction::Pause { until: Some(until) } = request.action
            && until <= now
        {
            return Err(ServiceError::Invalid(vec![has_passed(until, now)]));
        }
        let BulkRequest {
            action,
            which,
            dry_run,
            sample,
        } = request;
        let mut ids = Ids::of(which, now);
        let mut end = BulkEnd::default();
        loop {
            let found = match ids.next(self).await {
                Ok(Some(found)) => found,
                Ok(None) => break,
                Err(error) => return broken_off(end, error),
            };
            for batch in found.chunks(batch_size(action)) {
                let done = match dry_run {
                    true => self.would(action, batch).await,
                    false => self.change(action, batch).await,
                };
                match done {
                    Ok(done) => batch
                        .iter()
                        .zip(done)
                        .for_each(|(id, one)| end.note(id, one, sample)),
                    Err(error) => {
                        let reason = error.to_string();
                        tracing::warn!(error = reason, "a batch of jobs was not changed");
                        for id in batch {
                            let told = "the store was away; try again".to_owned();
                            end.note(id, OneEnd::Failed(told), sample);
                        }
                        return broken_off(end, error);
                    }
                }
            }
        }
        end.complete = true;
        Ok(end)
    }

    /// What an action would come to.
    async fn would(&self, action: BulkAction, ids: &[JobId]) -> Result<Vec<OneEnd>, ServiceError> {
        let jobs = self.store.jobs_by_id(ids.to_vec()).await?;
        let end = |job: &Option<Job>| match job {
            None => ActionEnd::NoSuchJob,
            Some(job) if changes(action, job) => ActionEnd::Changed,
            Some(_) => ActionEnd::Unchanged,
        };
        Ok(jobs.iter().map(end).map(OneEnd::Done).collect())
    }

    async fn change(&self, action: BulkAction, ids: &[JobId]) -> Result<Vec<OneEnd>, ServiceError> {
        let action = match action {
            BulkAction::Pause { until: Some(until) } => {
                return self.pause_all_until(until, ids).await;
            }
            BulkAction::Pause { until: None } => JobAction::Pause,
            BulkAction::Resume => JobAction::Resume,
            BulkAction::Remove => JobAction::Remove,
            BulkAction::Run => JobAction::Run,
        };
        let now = now_ms(&*self.clock);
        let done = self.store.change_jobs(ids.to_vec(), action, now).await?;
        self.wake.job_changed(done.next_fire_at);
        Ok(done.ends.into_iter().map(OneEnd::Done).collect())
    }

    async fn pause_all_until(
        &self,
        until: DateTime<Utc>,
        ids: &[JobId],
    ) -> Result<Vec<OneEnd>, ServiceError> {
        let now = now_ms(&*self.clock);
        let jobs = self.store.jobs_by_id(ids.to_vec()).await?;
        let wanted = jobs.iter().flatten().filter(|job| !waits_until(job, until));
        let draft = |job: &Job| {
            let expected = Expected::Revision(job.revision);
            (paused_until(job, until, now), expected)
        };
        let drafts: Vec<_> = wanted.map(draft).collect();
        let earliest = drafts.iter().filter_map(|(draft, _)| draft.next_fire_at);
        let earliest = earliest.min();
        let mut put = match drafts.is_empty() {
            true => Vec::new(),
            false => self.store.put_jobs(drafts, now).await?,
        }
        .into_iter();
        self.wake.job_changed(earliest);
        let mut ends = Vec::with_capacity(ids.len());
        for (id, job) in ids.iter().zip(&jobs) {
            ends.push(match job {
                None => OneEnd::Done(ActionEnd::NoSuchJob),
                Some(job) if waits_until(job, until) => OneEnd::Done(ActionEnd::Unchanged),
                Some(_) if put.next().flatten().is_some() => OneEnd::Done(ActionEnd::Changed),
                // Somebody changed it between the look and the put.
                Some(_) => self.pause_one_until(until, id).await,
            });
        }
        Ok(ends)
    }

    async fn pause_one_until(&self, until: DateTime<Utc>, id: &JobId) -> OneEnd {
        let anything = Precondition::default();
        match self.pause_until(id.as_str(), until, &anything).await {
            Ok(_) => OneEnd::Done(ActionEnd::Changed),
            Err(ServiceError::NotFound) => OneEnd::Done(ActionEnd::NoSuchJob),
            Err(ServiceError::Unavailable { .. }) => {
                OneEnd::Failed("it could not be written; try again".to_owned())
            }
            Err(error) => OneEnd::Failed(error.to_string()),
        }
    }
}

/// An end that came too early: as long as nothing was changed, a refusal.
fn broken_off(end: BulkEnd, error: ServiceError) -> Result<BulkEnd, ServiceError> {
    match end.changed {
        0 => Err(error),
        _ => Ok(end),
    }
}

fn batch_size(action: BulkAction) -> usize {
    match action {
        BulkAction::Pause { until: None } | BulkAction::Resume | BulkAction::Remove => BATCH,
        BulkAction::Pause { until: Some(_) } | BulkAction::Run => SMALL_BATCH,
    }
}

/// Whether an action would change a job.
fn changes(action: BulkAction, job: &Job) -> bool {
    match action {
        BulkAction::Pause { until: None } => {
            job.state == JobState::Running || job.paused_by_failures
        }
        BulkAction::Pause { until: Some(until) } => !waits_until(job, until),
        BulkAction::Resume => job.state == JobState::Paused || job.policies.pause_until.is_some(),
        BulkAction::Remove | BulkAction::Run => true,
    }
}

/// The ids, found step by step.
enum Ids {
    Given(Option<Vec<JobId>>),
    Walk {
        filter: JobFilter,
        now: DateTime<Utc>,
        place: Option<WalkPlace>,
        ended: bool,
    },
}

impl Ids {
    fn of(which: Which, now: DateTime<Utc>) -> Self {
        match which {
            Which::These(mut ids) => {
                let mut seen = std::collections::HashSet::new();
                ids.retain(|id| seen.insert(id.clone()));
                Self::Given(Some(ids))
            }
            Which::Filter(filter) => Self::Walk {
                filter,
                now,
                place: None,
                ended: false,
            },
        }
    }

    async fn next(&mut self, jobs: &Jobs) -> Result<Option<Vec<JobId>>, ServiceError> {
        match self {
            Self::Given(ids) => Ok(ids.take()),
            Self::Walk { ended: true, .. } => Ok(None),
            Self::Walk {
                filter,
                now,
                place,
                ended,
            } => {
                let request = WalkRequest {
                    filter: filter.clone(),
                    place: *place,
                    now: *now,
                };
                let walked = jobs.store.walk_jobs(request).await?;
                *place = walked.next;
                *ended = walked.next.is_none();
                Ok(Some(walked.ids))
            }
        }
    }
}
