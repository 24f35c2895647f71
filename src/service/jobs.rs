//! Add, list, get, remove, pause, resume a job, and run it now.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Precondition, ServiceError};
use crate::clock::{Clock, now_ms};
use crate::domain::job::{Job, JobDraft, JobId, JobState, Notes};
use crate::domain::occurrence::ManualRun;
use crate::domain::policy::Policies;
use crate::domain::target::Request;
use crate::domain::trigger::{
    CronFields, CronTrigger, DateTrigger, FieldFault, IntervalTrigger, Trigger,
};
use crate::domain::zone::Zone;
use crate::scheduler::Wake;
use crate::store::{Change, Expected, JobPage, JobRow, JobSummary, PageRequest, Store};

/// When a job shall fire, as the client put it; checked by [`Jobs::add`].
#[derive(Debug, Clone, PartialEq)]
pub enum TriggerSpec {
    /// Once, at this UTC instant.
    Date {
        /// 1 to 9999.
        year: i64,
        /// 1 to 12.
        month: i64,
        /// 1 to the length of the month.
        day: i64,
        /// 0 to 23.
        hour: i64,
        /// 0 to 59.
        minute: i64,
        /// 0 to 59.
        second: i64,
    },
    /// Again and again; a part left out counts as 0.
    Interval {
        /// Any whole number, as long as the sum is not negative.
        hours: Option<i128>,
        /// Likewise.
        minutes: Option<i128>,
        /// Likewise.
        seconds: Option<i128>,
    },
    /// The inherited six fields, with the Python service's rule that a
    /// `second` of exactly `*` means `0`.
    Cron(CronFields),
}

/// A job to add.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Empty: the server makes one up (32 hex digits).
    pub job_id: String,
    /// Taken as it is.
    pub url: String,
    /// When it fires.
    pub trigger: TriggerSpec,
}

/// A job as a client sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct JobView {
    /// The job.
    pub job: Job,
    /// The next instant at which a request will be sent for it. Unlike
    /// [`Job::next_fire_at`] it still names a fire time that a replica has
    /// claimed already and will send in a moment.
    pub next_run_at: Option<DateTime<Utc>>,
}

impl From<JobRow> for JobView {
    fn from(row: JobRow) -> Self {
        Self {
            next_run_at: row.next_run_at(),
            job: row.job,
        }
    }
}

/// The use cases of jobs.
#[derive(Clone)]
pub struct Jobs {
    pub(super) store: Arc<dyn Store>,
    pub(super) wake: Wake,
    pub(super) clock: Arc<dyn Clock>,
    /// The longest deadline a request may have, if there is a bound.
    pub(super) max_timeout_ms: Option<u64>,
}

/// How often a change is begun anew because somebody else made one meanwhile.
pub(super) const CHANGES: usize = 16;

impl Jobs {
    /// The use cases over `store`; the scheduler is told through `wake`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, wake: Wake, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            wake,
            clock,
            max_timeout_ms: None,
        }
    }

    /// The same, refusing deadlines of requests longer than `most`.
    #[must_use]
    pub fn with_max_timeout(self, most: Duration) -> Self {
        Self {
            max_timeout_ms: u64::try_from(most.as_millis()).ok(),
            ..self
        }
    }

    /// Adds a job, or replaces the one of that id (any type, paused or not);
    /// answers with its id once it is durable.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with every fault of the trigger or the id;
    /// the existing job then stays as it is.
    pub async fn add(&self, new: NewJob) -> Result<JobId, ServiceError> {
        let now = now_ms(&*self.clock);
        let id = job_id(new.job_id)?;
        let trigger = build_trigger(new.trigger, now).map_err(ServiceError::Invalid)?;
        let next_fire_at = trigger.first_fire_at(now);
        let draft = JobDraft {
            id: id.clone(),
            notes: Notes::default(),
            state: JobState::Running,
            schedule: trigger.into(),
            request: Request::inherited(new.url),
            policies: Policies::default(),
            next_fire_at,
        };
        self.store.put_job(draft, Expected::Anything, now).await?;
        self.wake.job_changed(next_fire_at);
        Ok(id)
    }

    /// Removes a job; what it had pending is skipped with that reason.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such job,
    /// [`ServiceError::PreconditionFailed`] when it is not as expected.
    pub async fn remove(
        &self,
        job_id: &str,
        precondition: &Precondition,
    ) -> Result<(), ServiceError> {
        let (id, now) = (known_id(job_id)?, now_ms(&*self.clock));
        for _ in 0..CHANGES {
            let expected = self.expected(&id, precondition).await?;
            if let Some(()) = done(self.store.remove_job(&id, expected, now).await?)? {
                return Ok(());
            }
        }
        Err(busy(&id))
    }

    /// Pauses a job until it is resumed. Pausing twice is no fault.
    ///
    /// # Errors
    /// As [`Jobs::remove`].
    pub async fn pause(
        &self,
        job_id: &str,
        precondition: &Precondition,
    ) -> Result<JobView, ServiceError> {
        let (id, now) = (known_id(job_id)?, now_ms(&*self.clock));
        for _ in 0..CHANGES {
            let expected = self.expected(&id, precondition).await?;
            if let Some(paused) = done(self.store.pause_job(&id, expected, now).await?)? {
                return Ok(paused.into());
            }
        }
        Err(busy(&id))
    }

    /// Resumes a job: an interval keeps its phase, a date keeps its instant
    /// even when that has passed (and is then late or missed). Resuming a
    /// running job is no fault.
    ///
    /// # Errors
    /// As [`Jobs::remove`].
    pub async fn resume(
        &self,
        job_id: &str,
        precondition: &Precondition,
    ) -> Result<JobView, ServiceError> {
        let (id, now) = (known_id(job_id)?, now_ms(&*self.clock));
        for _ in 0..CHANGES {
            let expected = self.expected(&id, precondition).await?;
            if let Some(resumed) = done(self.store.resume_job(&id, expected, now).await?)? {
                self.wake.job_changed(resumed.job.next_fire_at);
                return Ok(resumed.into());
            }
        }
        Err(busy(&id))
    }

    /// What the store shall find, once what the client expects has been looked at.
    async fn expected(
        &self,
        id: &JobId,
        precondition: &Precondition,
    ) -> Result<Expected, ServiceError> {
        if precondition.is_none() {
            return Ok(Expected::Anything);
        }
        let row = self.store.job(id).await?.ok_or(ServiceError::NotFound)?;
        precondition.check(Some(row.job.revision))?;
        Ok(Expected::Revision(row.job.revision))
    }

    /// Runs a job now, beside its schedule and without touching it; a paused
    /// one too. Answers once it is durable; it is sent at once.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such job.
    pub async fn run_now(&self, job_id: &str) -> Result<ManualRun, ServiceError> {
        let id = known_id(job_id)?;
        let run = self.store.run_now(&id, now_ms(&*self.clock)).await?;
        let run = run.ok_or(ServiceError::NotFound)?;
        self.wake.job_changed(Some(run.occurrence.fire_at));
        Ok(run)
    }

    /// The job of that id.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such job.
    pub async fn get(&self, job_id: &str) -> Result<JobView, ServiceError> {
        let id = known_id(job_id)?;
        let row = self.store.job(&id).await?.ok_or(ServiceError::NotFound)?;
        Ok(row.into())
    }

    /// The job of that id, with what came of it lately.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such job.
    pub async fn summary(&self, id: &JobId) -> Result<JobSummary, ServiceError> {
        let summary = self.store.summary(id).await?;
        summary.ok_or(ServiceError::NotFound)
    }

    /// One page of the list.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn page(&self, request: PageRequest) -> Result<JobPage, ServiceError> {
        Ok(self.store.page(request).await?)
    }

    /// One page of the list without a filter, behind its first `offset` jobs.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn page_behind(
        &self,
        request: PageRequest,
        offset: u32,
    ) -> Result<JobPage, ServiceError> {
        if offset == 0 {
            return self.page(request).await;
        }
        let after = self.store.place_behind(&request, offset).await?;
        let beyond = after.is_none();
        let mut page = self.page(PageRequest { after, ..request }).await?;
        if beyond {
            page.rows.clear();
            page.next = None;
        }
        Ok(page)
    }

    /// Now, as the scheduler reckons: whole milliseconds.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        now_ms(&*self.clock)
    }
}

/// What a change came to; `None`: another one came first.
fn done<T>(change: Change<T>) -> Result<Option<T>, ServiceError> {
    match change {
        Change::Done(value) => Ok(Some(value)),
        Change::NoSuchJob => Err(ServiceError::NotFound),
        Change::Lost => Ok(None),
    }
}

/// What is answered when others changed the job each time.
pub(super) fn busy(id: &JobId) -> ServiceError {
    ServiceError::Unavailable {
        what: "jobs",
        detail: format!("job {:?} is changed all the time", id.as_str()),
    }
}

/// The id of a job to add; made up when it is empty.
fn job_id(text: String) -> Result<JobId, ServiceError> {
    if text.is_empty() {
        return Ok(JobId::from_stored(Uuid::new_v4().simple().to_string()));
    }
    JobId::new(text.as_str()).map_err(|error| {
        ServiceError::Invalid(vec![FieldFault {
            field: "job_id",
            message: error.to_string(),
            value: text,
        }])
    })
}

/// The id of a job to look up: what cannot be an id is not found.
pub(super) fn known_id(text: &str) -> Result<JobId, ServiceError> {
    JobId::new(text).map_err(|_| ServiceError::NotFound)
}

fn build_trigger(spec: TriggerSpec, now: DateTime<Utc>) -> Result<Trigger, Vec<FieldFault>> {
    Ok(match spec {
        TriggerSpec::Date {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } => Trigger::Date(DateTrigger::new(year, month, day, hour, minute, second)?),
        TriggerSpec::Interval {
            hours,
            minutes,
            seconds,
        } => Trigger::Interval(IntervalTrigger::new(hours, minutes, seconds, now)?),
        TriggerSpec::Cron(fields) => {
            Trigger::Cron(CronTrigger::inherited(&fields, Zone::default())?)
        }
    })
}
