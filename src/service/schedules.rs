//! What will fire: of a schedule that nobody has stored yet, and of a job.
//!
//! Invariant: a preview is built by the code that builds a put, and both are
//! asked for their next fire times by the engine's own plan, so that what is
//! told is what fires.

use chrono::{DateTime, Utc};

use super::define::in_trigger;
use super::jobs::{Jobs, known_id};
use super::{JobView, ServiceError};
use crate::domain::job::{JobId, JobState};
use crate::domain::policy::Policies;
use crate::domain::schedule::{Schedule, ScheduleDraft};
use crate::domain::upcoming::{Upcoming, upcoming};
use crate::domain::warnings::{Warning, warnings};
use crate::store::OpenRun;

/// A schedule to look ahead on.
#[derive(Debug, Clone)]
pub struct PreviewRequest {
    /// As a definition has it; `None`: it could not be read.
    pub schedule: Option<ScheduleDraft>,
    /// Only how late it may fire, what is caught up and when a pause ends matter.
    pub policies: Policies,
    /// Whose it is: an interval keeps the phase of that job, if there is one.
    pub job_id: Option<JobId>,
    /// As if it were added at this instant; `None`: now.
    pub from: Option<DateTime<Utc>>,
    /// How many fire times.
    pub n: usize,
}

/// A schedule that nobody has stored, and what it would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Previewed {
    /// As it would be stored.
    pub schedule: Schedule,
    /// When it fires.
    pub upcoming: Upcoming,
    /// What to know of it.
    pub warnings: Vec<Warning>,
}

/// What a job will do.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The job.
    pub view: JobView,
    /// Occurrences that are on record and not sent yet, retries included, by
    /// the instant at which they are due.
    pub open: Vec<OpenRun>,
    /// Fire times that are not planned yet; none of a paused job.
    pub upcoming: Upcoming,
    /// What it would be if it were resumed now; `None`: it is not paused.
    pub if_resumed: Option<Upcoming>,
    /// What to know of its schedule.
    pub warnings: Vec<Warning>,
}

impl Jobs {
    /// What a schedule would do.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with every fault of the trigger and of the
    /// policies, those that a put would tell; that it never fires is none here.
    pub async fn preview(&self, request: PreviewRequest) -> Result<Previewed, ServiceError> {
        let from = request.from.unwrap_or_else(|| self.now());
        let current = match &request.job_id {
            Some(id) => self.store.job(id).await?.map(|row| row.job),
            None => None,
        };
        let known = current.as_ref().map(|job| &job.schedule);
        let mut faults = Vec::new();
        let built = request.schedule.and_then(|wanted| {
            let built = wanted.build(from, known);
            built
                .map_err(|wrong| faults.extend(wrong.iter().map(in_trigger)))
                .ok()
        });
        faults.extend(request.policies.check());
        let Some(schedule) = built.filter(|_| faults.is_empty()) else {
            return Err(ServiceError::Invalid(faults));
        };
        let due = match known == Some(&schedule) {
            true => schedule.next_at_or_after(from),
            false => schedule.first_fire_at(from),
        };
        let found = upcoming(&schedule, &request.policies, due, from, request.n);
        let warnings = warnings(&schedule, &request.policies, from, &found);
        Ok(Previewed {
            schedule,
            upcoming: found,
            warnings,
        })
    }

    /// What a job will do: at most `n` occurrences, those on record included.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such job.
    pub async fn forecast(&self, job_id: &str, n: usize) -> Result<Forecast, ServiceError> {
        let id = known_id(job_id)?;
        let now = self.now();
        let found = self.store.open_runs(&id, MAX_OPEN).await?;
        let (row, mut open) = found.ok_or(ServiceError::NotFound)?;
        let more_open = open.get(n).map(|run| run.fire_at);
        open.truncate(n);
        let job = &row.job;
        let left = n - open.len();
        let planned = upcoming(&job.schedule, &job.policies, job.next_fire_at, now, left);
        let due = job.schedule.next_at_or_after(now);
        let resumed = Policies {
            pause_until: None,
            ..job.policies.clone()
        };
        let waits = job.policies.pause_until.is_some_and(|until| until > now);
        let paused = job.state == JobState::Paused;
        let if_resumed = (paused || waits).then(|| upcoming(&job.schedule, &resumed, due, now, n));
        let told = match (&if_resumed, planned.fires.is_empty()) {
            (Some(resumed), true) => Some(resumed),
            (_, empty) => (!empty).then_some(&planned),
        };
        let warnings = told.map_or_else(Vec::new, |told| {
            warnings(&job.schedule, &job.policies, now, told)
        });
        Ok(Forecast {
            upcoming: Upcoming {
                next: more_open.or(planned.next),
                ..planned
            },
            view: row.into(),
            open,
            if_resumed,
            warnings,
        })
    }
}

/// How many occurrences of one job are looked at that are on record and open.
const MAX_OPEN: u32 = 101;
