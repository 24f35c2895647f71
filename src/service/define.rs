//! Put, change and copy a job whose client describes all of it.
//!
//! Invariant: what is put twice is changed once. The same definition again
//! leaves the job as it is, its phase, its state and its revision included.

use chrono::{DateTime, SecondsFormat, Utc};

use super::jobs::{CHANGES, JobView, Jobs, busy, known_id};
use super::{Precondition, ServiceError};
use crate::clock::now_ms;
use crate::domain::job::{Job, JobDraft, JobId, JobState, Notes};
use crate::domain::policy::Policies;
use crate::domain::schedule::{Schedule, ScheduleDraft, When};
use crate::domain::target::Request;
use crate::domain::trigger::FieldFault;
use crate::store::{Expected, JobRow};

/// A job as its client describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// What it is for.
    pub notes: Notes,
    /// When it fires.
    pub schedule: ScheduleDraft,
    /// What is sent.
    pub request: Request,
    /// How late it may fire, and the like.
    pub policies: Policies,
}

/// The parts of a description that could be read.
#[derive(Debug)]
pub struct Parts<'a> {
    /// What it is for.
    pub notes: &'a Notes,
    /// When it fires.
    pub schedule: Option<&'a ScheduleDraft>,
    /// What is sent.
    pub request: Option<&'a Request>,
    /// How late it may fire, and the like.
    pub policies: &'a Policies,
    /// Whether the policies say how late; else a date is not judged by it.
    pub grace_known: bool,
}

/// What a put came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Put {
    /// Whether there was no such job before.
    pub created: bool,
    /// The job as it is now.
    pub job: JobView,
}

impl Jobs {
    /// Creates the job of that id or replaces its definition; a paused one stays
    /// paused. `define` is shown the job as it is and may be asked again when
    /// it is changed meanwhile.
    ///
    /// # Errors
    /// What `define` refuses; [`ServiceError::Invalid`] with every fault;
    /// [`ServiceError::PreconditionFailed`]. The job then stays as it is.
    pub async fn put<E: From<ServiceError>>(
        &self,
        id: &JobId,
        precondition: &Precondition,
        define: impl Fn(Option<&Job>) -> Result<Definition, E>,
    ) -> Result<Put, E> {
        for _ in 0..CHANGES {
            let now = now_ms(&*self.clock);
            let current = self.store.job(id).await.map_err(ServiceError::from)?;
            let job = current.as_ref().map(|row| &row.job);
            let draft = self.draft(id, define(job)?, job, now)?;
            precondition.check(job.map(|job| job.revision))?;
            if let Some(current) = current.as_ref().filter(|row| is_same(&row.job, &draft)) {
                return Ok(Put {
                    created: false,
                    job: current.clone().into(),
                });
            }
            let created = job.is_none();
            if let Some(job) = self.store_draft(draft, job, now).await? {
                return Ok(Put { created, job });
            }
        }
        Err(busy(id).into())
    }

    /// Lets nothing of a job fire before `until`; what falls due meanwhile is on
    /// record as skipped. A paused job goes on from then.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::PreconditionFailed`];
    /// [`ServiceError::Invalid`] when the instant has passed.
    pub async fn pause_until(
        &self,
        job_id: &str,
        until: DateTime<Utc>,
        precondition: &Precondition,
    ) -> Result<JobView, ServiceError> {
        let id = known_id(job_id)?;
        for _ in 0..CHANGES {
            let now = now_ms(&*self.clock);
            if until <= now {
                return Err(ServiceError::Invalid(vec![has_passed(until, now)]));
            }
            let row = self.store.job(&id).await?.ok_or(ServiceError::NotFound)?;
            let job = &row.job;
            precondition.check(Some(job.revision))?;
            if job.state == JobState::Running && job.policies.pause_until == Some(until) {
                return Ok(row.into());
            }
            let draft = JobDraft {
                id: id.clone(),
                notes: job.notes.clone(),
                state: JobState::Running,
                schedule: job.schedule.clone(),
                request: job.request.as_ref().clone(),
                policies: Policies {
                    pause_until: Some(until),
                    ..job.policies.clone()
                },
                next_fire_at: next_fire_at(JobState::Running, &job.schedule, Some(job), now),
            };
            if let Some(job) = self.store_draft(draft, Some(job), now).await? {
                return Ok(job);
            }
        }
        Err(busy(&id))
    }

    /// Adds a job like `from` under the id `to`; secrets come along.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such job,
    /// [`ServiceError::Exists`] when there is one of the other id.
    pub async fn copy(
        &self,
        from: &str,
        to: &JobId,
        state: JobState,
    ) -> Result<JobView, ServiceError> {
        let now = now_ms(&*self.clock);
        let found = self.store.job(&known_id(from)?).await?;
        let job = found.ok_or(ServiceError::NotFound)?.job;
        let next_fire_at = match state {
            JobState::Running => job.schedule.next_at_or_after(now),
            JobState::Paused => None,
        };
        let draft = JobDraft {
            id: to.clone(),
            notes: job.notes,
            state,
            schedule: job.schedule,
            request: job.request.as_ref().clone(),
            policies: job.policies,
            next_fire_at,
        };
        let copied = self.store_draft(draft, None, now).await?;
        copied.ok_or(ServiceError::Exists)
    }

    /// Stores a draft if the job is still `current`; `None`: it is not.
    pub(super) async fn store_draft(
        &self,
        draft: JobDraft,
        current: Option<&Job>,
        now: DateTime<Utc>,
    ) -> Result<Option<JobView>, ServiceError> {
        let expected = current.map_or(Expected::NoJob, |job| Expected::Revision(job.revision));
        let put = self.store.put_job(draft.clone(), expected, now).await?;
        self.wake.job_changed(draft.next_fire_at);
        Ok(put.map(|revision| {
            let job = Job {
                id: draft.id,
                revision,
                state: draft.state,
                paused_by_failures: draft.state == JobState::Paused
                    && current.is_some_and(|job| job.paused_by_failures),
                notes: draft.notes,
                schedule: draft.schedule,
                request: draft.request.into(),
                policies: draft.policies,
                next_fire_at: draft.next_fire_at,
                failures: 0,
                updated_at: now,
            };
            JobRow {
                job,
                claimed_fire_at: None,
            }
            .into()
        }))
    }

    /// The draft of a definition, checked.
    fn draft(
        &self,
        id: &JobId,
        definition: Definition,
        current: Option<&Job>,
        now: DateTime<Utc>,
    ) -> Result<JobDraft, ServiceError> {
        let Definition {
            notes,
            schedule: wanted,
            mut request,
            policies,
        } = definition;
        if let Some(job) = current {
            request.merge_secrets(&job.request);
        }
        let parts = Parts {
            notes: &notes,
            schedule: Some(&wanted),
            request: Some(&request),
            policies: &policies,
            grace_known: true,
        };
        let (built, faults) = self.judge(&parts, current, now);
        let Some(schedule) = built.filter(|_| faults.is_empty()) else {
            return Err(ServiceError::Invalid(faults));
        };
        let state = current.map_or(JobState::Running, |job| job.state);
        Ok(JobDraft {
            id: id.clone(),
            next_fire_at: next_fire_at(state, &schedule, current, now),
            notes,
            state,
            schedule,
            request,
            policies,
        })
    }

    /// What is wrong with those parts that could be read, where others could
    /// not: so that all faults are told at once.
    #[must_use]
    pub fn faults_of_parts(&self, parts: &Parts<'_>, current: Option<&Job>) -> Vec<FieldFault> {
        self.judge(parts, current, now_ms(&*self.clock)).1
    }

    /// The schedule, if it can be built, and every fault. What was accepted once
    /// and is not touched is not judged again.
    fn judge(
        &self,
        parts: &Parts<'_>,
        current: Option<&Job>,
        now: DateTime<Utc>,
    ) -> (Option<Schedule>, Vec<FieldFault>) {
        let known = current.map(|job| &job.schedule);
        let mut faults = parts.notes.check();
        let mut built = None;
        if let Some(wanted) = parts.schedule {
            match wanted.build(now, known) {
                Ok(schedule) => {
                    if known != Some(&schedule) {
                        let why = why_not(wanted, &schedule, parts.policies, now);
                        faults.extend(why.filter(|f| parts.grace_known || f.field != PASSED));
                    }
                    built = Some(schedule);
                }
                Err(wrong) => faults.extend(wrong.iter().map(in_trigger)),
            }
        }
        if let Some(request) = parts.request {
            faults.extend(request.check());
            faults.extend(self.too_long(request));
        }
        faults.extend(parts.policies.check());
        (built, faults)
    }

    /// A deadline that outlasts the fire lock.
    fn too_long(&self, request: &Request) -> Option<FieldFault> {
        let most = self.max_timeout_ms?;
        let given = request.timeout_ms.filter(|ms| *ms > most)?;
        Some(FieldFault {
            field: "request.timeout_ms",
            value: given.to_string(),
            message: format!("must not exceed the {most} ms that fire locks last (LOCK_TTL)"),
        })
    }
}

/// A fault of a trigger by the name of its field in a definition.
pub(super) fn in_trigger(fault: &FieldFault) -> FieldFault {
    let field = match fault.field {
        "at" => "trigger.at",
        "weeks" => "trigger.weeks",
        "days" => "trigger.days",
        "hours" => "trigger.hours",
        "minutes" => "trigger.minutes",
        "seconds" => "trigger.seconds",
        "year" => "trigger.year",
        "month" => "trigger.month",
        "day" => "trigger.day",
        "week" => "trigger.week",
        "day_of_week" => "trigger.day_of_week",
        "hour" => "trigger.hour",
        "minute" => "trigger.minute",
        "second" => "trigger.second",
        "start" => "trigger.start",
        "end" => "trigger.end",
        _ => "trigger",
    };
    FieldFault {
        field,
        ..fault.clone()
    }
}

/// Where it is told that a date has passed.
const PASSED: &str = "trigger.at";

/// Why a schedule would never fire.
fn why_not(
    wanted: &ScheduleDraft,
    schedule: &Schedule,
    policies: &Policies,
    now: DateTime<Utc>,
) -> Option<FieldFault> {
    if let Some(message) = schedule.never_fires(now) {
        return Some(FieldFault {
            field: "trigger",
            value: String::new(),
            message: format!("this trigger never fires: {message}"),
        });
    }
    let When::Date(at) = wanted.when else {
        return None;
    };
    let cutoff = policies.cutoff(schedule.kind(), now)?;
    (at < cutoff).then(|| FieldFault {
        field: PASSED,
        value: at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        message: format!(
            "this instant has passed by {} s, more than the grace of {} s allows \
             (policies.misfire_grace); it would never fire",
            (now - at).num_seconds(),
            (now - cutoff).num_seconds()
        ),
    })
}

fn has_passed(until: DateTime<Utc>, now: DateTime<Utc>) -> FieldFault {
    let [until, now] = [until, now].map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true));
    FieldFault {
        field: "until",
        message: format!("must be in the future; now it is {now}"),
        value: until,
    }
}

/// When a job with this schedule fires next.
fn next_fire_at(
    state: JobState,
    schedule: &Schedule,
    current: Option<&Job>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if state == JobState::Paused {
        return None;
    }
    match current.filter(|job| job.schedule == *schedule) {
        None => schedule.first_fire_at(now),
        // What is overdue stays so; what is claimed and not sent yet is given up
        // by the change, and planned again.
        Some(job) => match job.next_fire_at {
            Some(overdue) if overdue < now => Some(overdue),
            _ => schedule.next_at_or_after(now),
        },
    }
}

/// Whether a draft is what the job is already.
fn is_same(job: &Job, draft: &JobDraft) -> bool {
    job.notes == draft.notes
        && job.schedule == draft.schedule
        && *job.request == draft.request
        && job.policies == draft.policies
}
