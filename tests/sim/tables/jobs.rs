//! Changes of jobs, and what is due.

use std::collections::BTreeSet;
use std::sync::Arc;

use schedule_server::domain::job::{Job, JobDraft, JobId, JobState, Revision};
use schedule_server::domain::misfire;
use schedule_server::domain::occurrence::{ManualRun, OccurrenceId, OccurrenceKind};
use schedule_server::domain::occurrence::{OccurrenceState, Reason};
use schedule_server::domain::trigger::TriggerKind;

use super::{At, JobRec, Queue, Tables};

impl Tables {
    /// Adds or replaces a job, whatever there is.
    pub fn put(&mut self, draft: JobDraft, now: At) -> Revision {
        self.skip_claims(&draft.id, Reason::Changed, now);
        let old = self.jobs.remove(&draft.id);
        if let Some(old) = &old {
            let goes_on = old.job.schedule == draft.schedule;
            let next = draft.next_fire_at.filter(|_| goes_on);
            let before = next.map_or(now, |next| next.min(now));
            self.settle_left(&old.job, before, Reason::Changed, now);
        }
        let added_anew = draft.schedule.kind() == TriggerKind::Cron;
        let version = old.as_ref().map_or(1, |rec| rec.job.revision.version + 1);
        let same = old.filter(|rec| !added_anew && !rec.ended);
        let created_ms = now.timestamp_millis();
        self.last_seq += 1;
        let revision = Revision {
            created_ms: same
                .as_ref()
                .map_or(created_ms, |rec| rec.job.revision.created_ms),
            version,
        };
        let rec = JobRec {
            ended: false,
            seq: same.as_ref().map_or(self.last_seq, |rec| rec.seq),
            job: Job {
                id: draft.id.clone(),
                revision,
                state: draft.state,
                paused_by_failures: false,
                notes: draft.notes,
                schedule: draft.schedule,
                request: Arc::new(draft.request),
                policies: draft.policies,
                next_fire_at: draft.next_fire_at,
                failures: 0,
                updated_at: now,
            },
        };
        self.jobs.insert(draft.id, rec);
        self.tidy();
        revision
    }

    /// Removes a job; whether clients saw it.
    pub fn remove(&mut self, id: &JobId, now: At) -> bool {
        self.skip_claims(id, Reason::Removed, now);
        let Some(rec) = self.jobs.remove(id) else {
            return false;
        };
        self.settle_left(&rec.job, now, Reason::Removed, now);
        self.tidy();
        !rec.ended
    }

    /// Pauses a job; it, if there is one.
    pub fn pause(&mut self, id: &JobId, now: At) -> Option<Job> {
        let rec = self.jobs.get_mut(id).filter(|rec| !rec.ended)?;
        let (old, job) = (rec.job.clone(), &mut rec.job);
        if job.state != JobState::Paused || job.paused_by_failures {
            job.state = JobState::Paused;
            job.paused_by_failures = false;
            job.next_fire_at = None;
            job.revision.version += 1;
            job.updated_at = now;
        }
        let job = job.clone();
        self.settle_left(&old, now, Reason::Paused, now);
        self.skip_claims(id, Reason::Paused, now);
        self.tidy();
        Some(job)
    }

    /// Skips what was due of a job before an instant, and not planned.
    pub(super) fn settle_left(&mut self, job: &Job, before: At, reason: Reason, now: At) {
        if let Some(next) = job.next_fire_at {
            let left = misfire::given_up(&job.schedule, next, before, reason);
            self.pass_by(&job.id, &job.schedule, left, now);
        }
    }

    /// Resumes a job; it, if there is one.
    pub fn resume(&mut self, id: &JobId, now: At) -> Option<Job> {
        let rec = self.jobs.get_mut(id).filter(|rec| !rec.ended)?;
        let job = &mut rec.job;
        if job.state != JobState::Paused && job.policies.pause_until.is_none() {
            return Some(job.clone());
        }
        let from_now = job.schedule.next_at_or_after(now);
        job.next_fire_at = match (job.state, job.next_fire_at) {
            (JobState::Paused, _) => from_now,
            (JobState::Running, next) => next.map(|next| from_now.map_or(next, |at| at.min(next))),
        };
        job.state = JobState::Running;
        job.paused_by_failures = false;
        job.failures = 0;
        job.policies.pause_until = None;
        job.revision.version += 1;
        job.updated_at = now;
        Some(job.clone())
    }

    /// Adds a manual run, at the first millisecond from `now` that has none.
    pub fn run_now(&mut self, id: &JobId, now: At) -> Option<ManualRun> {
        self.jobs.get(id).filter(|rec| !rec.ended)?;
        let mut occurrence = OccurrenceId {
            job_id: id.clone(),
            fire_at: now,
            kind: OccurrenceKind::Manual,
        };
        while self.row_of(&occurrence).is_some() {
            occurrence.fire_at += chrono::TimeDelta::milliseconds(1);
        }
        let row = self.insert(occurrence.clone(), occurrence.fire_at);
        Some(ManualRun {
            row_id: row.entry.row_id,
            occurrence,
        })
    }

    /// The seconds in which something falls due before `until`.
    pub fn due_seconds(&self, now: At, until: At) -> Vec<i64> {
        let jobs = self.jobs.values().filter_map(|rec| rec.job.next_fire_at);
        let free = self.open().filter(|row| {
            row.is(OccurrenceState::Claimed)
                && row.entry.replica.is_none()
                && row.queue != Some(Queue::Waiting)
        });
        let due = jobs.chain(free.map(|row| row.entry.due_at));
        let due = due.filter(|at| *at < until);
        let seconds = due.map(|at| at.timestamp().max(now.timestamp()));
        seconds.collect::<BTreeSet<_>>().into_iter().collect()
    }
}
