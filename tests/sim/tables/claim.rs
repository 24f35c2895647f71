//! The claim: due jobs are planned, claims that were given back are adopted.

use std::sync::Arc;

use schedule_server::domain::job::{Job, JobId};
use schedule_server::domain::misfire::{self, NotFired};
use schedule_server::domain::occurrence::{Claim, OccurrenceId, OccurrenceKind};
use schedule_server::domain::occurrence::{OccurrenceState, Reason};
use schedule_server::domain::schedule::Schedule;
use schedule_server::store::{ClaimRequest, Claimed};

use super::{At, Queue, Row, Tables};

/// A claimed row that nobody holds, with its job.
struct Orphan {
    row: Row,
    job: Job,
}

impl Orphan {
    fn ends_job(&self) -> bool {
        self.row.entry.occurrence.kind == OccurrenceKind::Scheduled
            && self.job.next_fire_at.is_none()
    }
}

impl Tables {
    pub fn claim(&mut self, request: &ClaimRequest) -> Claimed {
        let limit = request.limit as usize;
        let due = self.due_jobs(request.until, limit);
        let orphans = self.orphans(request.until, limit);
        let lease = self.leases.get(&request.replica);
        let alive = lease.is_some_and(|until| *until >= request.now);
        if (due.is_empty() && orphans.is_empty()) || !alive {
            return Claimed::default();
        }
        self.last_fence += 1;
        let full = due.len() + orphans.len() >= limit;
        let mut claims = Vec::new();
        for job in due {
            claims.extend(self.plan(job, request));
        }
        let (alive, late): (Vec<_>, Vec<_>) = orphans.into_iter().partition(|orphan| {
            let (schedule, policies) = (&orphan.job.schedule, &orphan.job.policies);
            let entry = &orphan.row.entry;
            let times = (entry.occurrence.fire_at, entry.due_at);
            match entry.attempt {
                0 => misfire::may_still_fire(schedule, policies, entry.due_at, request.now),
                _ => misfire::may_be_tried_again(schedule, policies, times, request.now),
            }
        });
        let released = self.miss(&late, request.now);
        let adopted = alive.len();
        claims.extend(alive.into_iter().filter_map(|o| self.adopt(o, request)));
        self.tidy();
        Claimed {
            claims,
            more: full || released,
            adopted,
            not_fired: Vec::new(),
        }
    }

    fn due_jobs(&self, until: At, limit: usize) -> Vec<Job> {
        let mut due: Vec<_> = self.jobs.values().collect();
        due.retain(|rec| rec.job.next_fire_at.is_some_and(|at| at < until));
        due.sort_by_key(|rec| (rec.job.next_fire_at, rec.seq));
        let due = due.into_iter().take(limit);
        due.map(|rec| rec.job.clone()).collect()
    }

    fn orphans(&self, until: At, limit: usize) -> Vec<Orphan> {
        let free = self.open().filter(|row| {
            row.is(OccurrenceState::Claimed)
                && row.entry.replica.is_none()
                && row.queue != Some(Queue::Waiting)
                && row.entry.due_at < until
        });
        let with_job = free.filter_map(|row| {
            let rec = self.jobs.get(&row.entry.occurrence.job_id)?;
            Some(Orphan {
                row: row.clone(),
                job: rec.job.clone(),
            })
        });
        let mut orphans: Vec<_> = with_job.collect();
        orphans.sort_by_key(|o| (o.row.entry.due_at, o.row.entry.row_id));
        orphans.truncate(limit);
        orphans
    }

    fn plan(&mut self, job: Job, request: &ClaimRequest) -> Vec<Claim> {
        let Some(due) = job.next_fire_at else {
            return Vec::new();
        };
        let plan = misfire::plan(&job.schedule, &job.policies, due, request.now);
        self.pass_by(&job.id, &job.schedule, plan.not_fired, request.now);
        if let Some(rec) = self.jobs.get_mut(&job.id) {
            rec.job.next_fire_at = plan.next;
        }
        let last = plan.fires.last().filter(|_| plan.next.is_none()).copied();
        let claims: Vec<_> = plan
            .fires
            .iter()
            .filter_map(|at| self.claim_one(&job, *at, last == Some(*at), request))
            .collect();
        if claims.is_empty() && plan.next.is_none() {
            self.end_job(&job.id);
            self.forget_ended(&job.id);
        }
        claims
    }

    /// Records fire times that are not fired; those that have a row keep it.
    pub(super) fn pass_by(&mut self, id: &JobId, schedule: &Schedule, of: Vec<NotFired>, now: At) {
        for not_fired in of {
            let is_known = |at| {
                let row = self.row_of(&scheduled(id, at));
                row.is_some_and(|row| !gives_way(row))
            };
            if let Some(left) = not_fired.unless(schedule, is_known) {
                self.record_not_fired(id, &left, now);
            }
        }
    }

    fn record_not_fired(&mut self, id: &JobId, not_fired: &NotFired, now: At) {
        let occurrence = scheduled(id, not_fired.first);
        let known = self.row_of(&occurrence);
        if known.is_some_and(|row| !gives_way(row)) {
            return;
        }
        let row_id = match known {
            Some(row) => row.entry.row_id,
            None => self.insert(occurrence, not_fired.first).entry.row_id,
        };
        if let Some(row) = self.rows.get_mut(&row_id) {
            row.settle(not_fired.state, not_fired.reason, now);
            row.fence = 0;
            row.entry.replica = None;
            row.entry.due_at = not_fired.first;
            row.entry.count = i64::try_from(not_fired.count).unwrap_or(i64::MAX);
            row.entry.last_fire_at = not_fired.last;
            row.entry.into_fire_at = not_fired.into;
        }
    }

    fn claim_one(
        &mut self,
        job: &Job,
        fire_at: At,
        ends_job: bool,
        request: &ClaimRequest,
    ) -> Option<Claim> {
        let occurrence = scheduled(&job.id, fire_at);
        let due_at = job.schedule.send_at(job.id.as_str(), fire_at);
        let row_id = match self.row_of(&occurrence) {
            Some(row) if !gives_way(row) => return None,
            Some(row) => row.entry.row_id,
            None => self.insert(occurrence, due_at).entry.row_id,
        };
        self.open.insert(row_id);
        let fence = self.last_fence;
        let row = self.rows.get_mut(&row_id)?;
        row.entry.state = OccurrenceState::Claimed;
        row.entry.reason = None;
        row.entry.settled_at = None;
        row.entry.due_at = due_at;
        row.entry.replica = Some(request.replica.clone());
        row.entry.claimed_at = Some(request.now);
        row.fence = fence;
        let mut claim = claim_of(row, job, ends_job);
        claim.attempt = 0;
        Some(claim)
    }

    fn adopt(&mut self, orphan: Orphan, request: &ClaimRequest) -> Option<Claim> {
        let ends_job = orphan.ends_job();
        let fence = self.last_fence;
        let row = self.rows.get_mut(&orphan.row.entry.row_id)?;
        row.entry.replica = Some(request.replica.clone());
        row.entry.claimed_at = Some(request.now);
        row.fence = fence;
        Some(claim_of(row, &orphan.job, ends_job))
    }

    /// Records as missed what comes too late; whether anything has its turn by it.
    fn miss(&mut self, late: &[Orphan], now: At) -> bool {
        for orphan in late {
            match self.rows.get_mut(&orphan.row.entry.row_id) {
                Some(row) if row.entry.attempt > 0 => row.skip(Reason::Grace, now),
                Some(row) => row.settle(OccurrenceState::Missed, Some(Reason::Grace), now),
                None => {}
            }
        }
        for orphan in late.iter().filter(|orphan| orphan.ends_job()) {
            self.end_job(&orphan.job.id);
        }
        let mut released = false;
        for orphan in late {
            self.forget_ended(&orphan.job.id);
            released |= self.release(&orphan.job.id, now).is_some();
        }
        released
    }
}

fn scheduled(id: &JobId, fire_at: At) -> OccurrenceId {
    OccurrenceId {
        job_id: id.clone(),
        fire_at,
        kind: OccurrenceKind::Scheduled,
    }
}

/// Whether a row gives way to a new plan: nothing was sent, as the client wanted.
fn gives_way(row: &Row) -> bool {
    let asked_for = matches!(
        row.entry.reason,
        Some(
            Reason::Changed | Reason::Paused | Reason::Removed | Reason::PauseUntil | Reason::Ended
        )
    );
    row.is(OccurrenceState::Skipped) && asked_for && row.entry.count == 1
}

fn claim_of(row: &Row, job: &Job, ends_job: bool) -> Claim {
    Claim {
        row_id: row.entry.row_id,
        fence: row.fence,
        occurrence: row.entry.occurrence.clone(),
        revision: job.revision,
        request: job.request.clone(),
        ends_job,
        overlap: job.policies.overlap,
        priority: job.policies.priority,
        attempt: row.entry.attempt,
        due_at: row.entry.due_at,
        retry: job.policies.retry.clone().map(Arc::new),
        pause_after_failures: job.policies.pause_after_failures,
    }
}
