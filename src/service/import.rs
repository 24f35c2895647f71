//! Jobs that come from a file: judged as a put judges them, and put in batches.

use chrono::{DateTime, TimeDelta, Utc};

use super::define::{is_same, next_fire_at};
use super::jobs::{CHANGES, busy};
use super::{Definition, Jobs, ServiceError};
use crate::clock::now_ms;
use crate::domain::job::{Job, JobDraft, JobId, JobState};
use crate::domain::schedule::Schedule;
use crate::domain::target::Request;
use crate::domain::trigger::{FieldFault, IntervalTrigger, Trigger};
use crate::store::Expected;

/// How many entries one transaction puts.
pub const IMPORT_BATCH: usize = 100;

/// A job as a file describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<D> {
    /// Its id.
    pub id: JobId,
    /// Whether it fires; absent: as it is, or running if it is new.
    pub state: Option<JobState>,
    /// One of the fire times of its interval, for a job that has no grid yet.
    pub phase: Option<DateTime<Utc>>,
    /// Whether it is a job of the inherited API, whose URL is taken as it is.
    pub inherited: bool,
    /// The description, as its reader knows it.
    pub definition: D,
}

/// What becomes of a job that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Existing {
    /// It stays; what is described otherwise is refused.
    #[default]
    Refuse,
    /// It stays, and that is as wished.
    Keep,
    /// It becomes what is described.
    Replace,
}

/// What becomes of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A new job.
    Created,
    /// Another definition or state of a job.
    Replaced,
    /// It is so already.
    Unchanged,
    /// There is another one, which stays.
    Kept,
}

/// A verdict, and what is to be put for it.
type Judged<E> = Result<(Verdict, Option<(JobDraft, Expected)>), E>;

impl Jobs {
    /// What would become of each entry. `define` reads a description, given the
    /// job as it is.
    ///
    /// # Errors
    /// When the store is away. What is wrong with an entry is an error of its own.
    pub async fn judge_entries<D, E: From<ServiceError>>(
        &self,
        entries: &[Entry<D>],
        existing: Existing,
        define: impl Fn(&Entry<D>, Option<&Job>) -> Result<Definition, E>,
    ) -> Result<Vec<Result<Verdict, E>>, ServiceError> {
        let entries: Vec<&Entry<D>> = entries.iter().collect();
        let judged = self.judge_all(&entries, existing, &define).await?;
        let verdict = |judged: Judged<E>| judged.map(|(verdict, _)| verdict);
        Ok(judged.into_iter().map(verdict).collect())
    }

    /// Puts the entries, in one transaction unless somebody else changes the
    /// jobs meanwhile; what became of each.
    ///
    /// # Errors
    /// When the store is away; none of them is put then.
    pub async fn put_entries<D, E: From<ServiceError>>(
        &self,
        entries: &[Entry<D>],
        existing: Existing,
        define: impl Fn(&Entry<D>, Option<&Job>) -> Result<Definition, E>,
    ) -> Result<Vec<Result<Verdict, E>>, ServiceError> {
        let mut ends: Vec<Option<Result<Verdict, E>>> = entries.iter().map(|_| None).collect();
        for _ in 0..CHANGES {
            let open: Vec<usize> = (0..ends.len()).filter(|n| ends[*n].is_none()).collect();
            if open.is_empty() {
                break;
            }
            let asked: Vec<&Entry<D>> = open.iter().map(|n| &entries[*n]).collect();
            let judged = self.judge_all(&asked, existing, &define).await?;
            let (mut drafts, mut put) = (Vec::new(), Vec::new());
            for (n, judged) in open.into_iter().zip(judged) {
                match judged {
                    Ok((verdict, Some(draft))) => {
                        put.push((n, verdict));
                        drafts.push(draft);
                    }
                    Ok((verdict, None)) => ends[n] = Some(Ok(verdict)),
                    Err(refused) => ends[n] = Some(Err(refused)),
                }
            }
            for ((n, verdict), done) in put.into_iter().zip(self.put_drafts(drafts).await?) {
                ends[n] = done.then_some(Ok(verdict));
            }
        }
        let ended = ends.into_iter().zip(entries);
        Ok(ended
            .map(|(end, entry)| end.unwrap_or_else(|| Err(busy(&entry.id).into())))
            .collect())
    }

    /// Which of the drafts were stored.
    async fn put_drafts(
        &self,
        drafts: Vec<(JobDraft, Expected)>,
    ) -> Result<Vec<bool>, ServiceError> {
        if drafts.is_empty() {
            return Ok(Vec::new());
        }
        let next = drafts.iter().filter_map(|(draft, _)| draft.next_fire_at);
        let next = next.min();
        let put = self.store.put_jobs(drafts, now_ms(&*self.clock)).await?;
        self.wake.job_changed(next);
        Ok(put.iter().map(Option::is_some).collect())
    }

    async fn judge_all<D, E: From<ServiceError>>(
        &self,
        entries: &[&Entry<D>],
        existing: Existing,
        define: &impl Fn(&Entry<D>, Option<&Job>) -> Result<Definition, E>,
    ) -> Result<Vec<Judged<E>>, ServiceError> {
        let ids = entries.iter().map(|entry| entry.id.clone()).collect();
        let jobs = self.store.jobs_by_id(ids).await?;
        let both = entries.iter().zip(&jobs);
        Ok(both
            .map(|(entry, job)| self.judge_entry(entry, job.as_ref(), existing, define))
            .collect())
    }

    fn judge_entry<D, E: From<ServiceError>>(
        &self,
        entry: &Entry<D>,
        job: Option<&Job>,
        existing: Existing,
        define: &impl Fn(&Entry<D>, Option<&Job>) -> Result<Definition, E>,
    ) -> Judged<E> {
        let draft = self.entry_draft(entry, define(entry, job)?, job)?;
        let Some(job) = job else {
            return Ok((Verdict::Created, Some((draft, Expected::NoJob))));
        };
        if is_same(job, &draft) && job.state == draft.state {
            return Ok((Verdict::Unchanged, None));
        }
        match existing {
            Existing::Refuse => Err(ServiceError::Exists.into()),
            Existing::Keep => Ok((Verdict::Kept, None)),
            Existing::Replace => {
                let expected = Expected::Revision(job.revision);
                Ok((Verdict::Replaced, Some((draft, expected))))
            }
        }
    }

    fn entry_draft<D>(
        &self,
        entry: &Entry<D>,
        mut definition: Definition,
        job: Option<&Job>,
    ) -> Result<JobDraft, ServiceError> {
        let now = now_ms(&*self.clock);
        if entry.inherited {
            definition.request = inherited(definition.request)?;
        }
        let mut draft = self.draft(&entry.id, definition, job, now)?;
        let known = job.is_some_and(|job| job.schedule == draft.schedule);
        let phase = entry.phase.filter(|_| !known);
        let moved = phase.and_then(|at| in_phase(&draft.schedule, at));
        let was = draft.state;
        draft.state = entry.state.unwrap_or(was);
        match moved {
            Some(schedule) => {
                draft.next_fire_at = schedule.next_at_or_after(now);
                draft.schedule = schedule;
            }
            None if draft.state != was => {
                draft.next_fire_at = next_fire_at(draft.state, &draft.schedule, job, now);
            }
            None => {}
        }
        if draft.state == JobState::Paused {
            draft.next_fire_at = None;
        }
        Ok(draft)
    }
}

/// The request of the inherited API to the same URL.
fn inherited(request: Request) -> Result<Request, ServiceError> {
    if request == Request::get(request.url.clone()) {
        return Ok(Request::inherited(request.url));
    }
    Err(ServiceError::Invalid(vec![FieldFault {
        field: "inherited",
        value: "true".to_owned(),
        message: "a job of the inherited API has a request with nothing but its url: leave \
                  inherited out"
            .to_owned(),
    }]))
}

/// The schedule on the grid of which `at` is one fire time; `None`: it has none.
fn in_phase(schedule: &Schedule, at: DateTime<Utc>) -> Option<Schedule> {
    let Trigger::Interval(interval) = schedule.trigger() else {
        return None;
    };
    let every_s = interval.every_s();
    let before = at.checked_sub_signed(TimeDelta::try_seconds(every_s)?)?;
    let interval = IntervalTrigger::new(None, None, Some(every_s.into()), before).ok()?;
    let (start, end) = (schedule.start(), schedule.end());
    Schedule::new(Trigger::Interval(interval), start, end, schedule.jitter()).ok()
}
