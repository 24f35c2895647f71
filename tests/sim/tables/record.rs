//! Ends of firings, and claims that are given back.

use std::collections::{BTreeMap, BTreeSet};

use schedule_server::domain::job::{JobId, JobState};
use schedule_server::domain::occurrence::{Claim, OccurrenceKind, OccurrenceState};
use schedule_server::domain::occurrence::{PastAttempt, Reason};
use schedule_server::domain::run::RunRecord;
use schedule_server::store::{PausedJob, Recorded};

use super::{At, Tables};

impl Tables {
    pub fn record(&mut self, records: &[RunRecord]) -> Recorded {
        let mut written = Vec::new();
        let mut rest = Vec::new();
        for record in records {
            let row = self.rows.get(&record.claim.row_id);
            let over = row.is_some_and(|row| row.held(record.claim.fence) && row.last_attempt);
            let record = match over {
                true => without_retry(record),
                false => record.clone(),
            };
            match self.write(&record, OccurrenceState::Firing) {
                true => written.push(record),
                false => rest.push(without_retry(&record)),
            }
        }
        for record in rest {
            if self.write(&record, OccurrenceState::Unknown) {
                written.push(record);
            }
        }
        let (ended, retried): (Vec<_>, Vec<_>) =
            written.iter().partition(|record| record.retry_at.is_none());
        retried
            .into_iter()
            .for_each(|record| self.keep_attempt(record));
        let mut over: BTreeMap<&JobId, At> = BTreeMap::new();
        for record in &ended {
            let id = &record.claim.occurrence.job_id;
            let at = over.entry(id).or_insert(record.ended_at);
            *at = (*at).max(record.ended_at);
        }
        for id in over.keys() {
            self.forget_ended(id);
        }
        let paused = self.keep_failures(&ended);
        let released = over.into_iter();
        let released_at = released.filter_map(|(id, at)| self.release(id, at)).min();
        self.tidy();
        Recorded {
            released_at,
            paused,
        }
    }

    /// Writes a record to its row, if that is in this state and still the holder's.
    fn write(&mut self, record: &RunRecord, state: OccurrenceState) -> bool {
        let (claim, outcome) = (&record.claim, &record.outcome);
        let Some(row) = self.rows.get_mut(&claim.row_id) else {
            return false;
        };
        if !row.held(claim.fence) || !row.is(state) {
            return false;
        }
        let entry = &mut row.entry;
        entry.state = record.state();
        entry.reason = outcome.reason;
        entry.sent_at = record.sent_at;
        entry.lateness_ms = record.lateness_ms();
        entry.duration_ms = record.duration_ms;
        entry.status = outcome.status;
        entry.error = outcome.error.clone();
        entry.body = outcome.body.clone();
        entry.phases = outcome.phases;
        entry.due_at = record.retry_at.unwrap_or(entry.due_at);
        entry.settled_at = match record.retry_at {
            Some(_) => None,
            None => Some(record.ended_at),
        };
        self.open.insert(claim.row_id);
        true
    }

    fn keep_attempt(&mut self, record: &RunRecord) {
        let number = record.claim.attempt;
        let Some(row) = self.rows.get_mut(&record.claim.row_id) else {
            return;
        };
        let past = &mut row.entry.past_attempts;
        if past.iter().any(|attempt| attempt.number == number) {
            return;
        }
        past.push(PastAttempt {
            number,
            reason: record.outcome.reason,
            sent_at: record.sent_at,
            duration_ms: record.duration_ms,
            status: record.outcome.status,
            error: record.outcome.error.clone(),
            body: record.outcome.body.clone(),
            phases: record.outcome.phases,
        });
        past.sort_by_key(|attempt| attempt.number);
    }

    /// Counts failures in a row of each job, as far as the records are of it as it
    /// was when they were claimed, and pauses those that have too many.
    fn keep_failures(&mut self, known: &[&RunRecord]) -> Vec<PausedJob> {
        let ids: BTreeSet<_> = known.iter().map(|r| &r.claim.occurrence.job_id).collect();
        let at = known.iter().map(|record| record.ended_at).max();
        let (mut paused, mut left) = (Vec::new(), Vec::new());
        for id in ids {
            let of_job = known.iter().filter(|r| r.claim.occurrence.job_id == *id);
            let newest = of_job.clone().map(|r| r.claim.revision).max();
            let of_job: Vec<_> = of_job
                .filter(|r| Some(r.claim.revision) == newest)
                .collect();
            let Some(rec) = self.jobs.get_mut(id) else {
                continue;
            };
            let job = &mut rec.job;
            let mut may_pause = false;
            let counts = newest == Some(job.revision);
            for record in of_job {
                match (record.state(), record.claim.occurrence.kind) {
                    (OccurrenceState::Succeeded, _) if counts => job.failures = 0,
                    (OccurrenceState::Failed, OccurrenceKind::Scheduled) => {
                        job.failures += u32::from(counts);
                        may_pause |= record.claim.pause_after_failures.is_some();
                    }
                    _ => {}
                }
            }
            let most = job.policies.pause_after_failures;
            let too_many = most.is_some_and(|most| job.failures >= most);
            if may_pause && too_many && !rec.ended && job.state == JobState::Running {
                left.push(job.clone());
                job.state = JobState::Paused;
                job.paused_by_failures = true;
                job.next_fire_at = None;
                job.revision.version += 1;
                paused.push(PausedJob {
                    id: id.clone(),
                    failures: job.failures,
                });
            }
        }
        for job in left {
            let at = at.unwrap_or_default();
            self.settle_left(&job, at, Reason::Paused, at);
        }
        for job in &paused {
            self.skip_claims(&job.id, Reason::Paused, at.unwrap_or_default());
        }
        paused
    }

    /// Gives back claims of which nothing was sent; settles those whose job was changed.
    pub fn give_back(&mut self, claims: &[Claim], now: At) {
        let mut over = BTreeSet::new();
        for claim in claims {
            let id = &claim.occurrence.job_id;
            let why = match self.jobs.get(id) {
                None => Reason::Removed,
                Some(rec) if rec.job.state == JobState::Paused => Reason::Paused,
                Some(_) => Reason::Changed,
            };
            let Some(row) = self.rows.get_mut(&claim.row_id) else {
                continue;
            };
            if row.held(claim.fence) && row.is(OccurrenceState::Firing) && row.last_attempt {
                row.entry.attempt -= 1;
                row.skip(why, now);
                over.insert(id.clone());
            }
        }
        for id in &over {
            self.forget_ended(id);
            self.release(id, now);
        }
        for claim in claims {
            let Some(row) = self.rows.get_mut(&claim.row_id) else {
                continue;
            };
            if !row.held(claim.fence) || row.entry.state.is_final() {
                continue;
            }
            // What was no attempt does not count as one.
            row.entry.attempt -= u32::from(row.is(OccurrenceState::Firing));
            row.give_back();
            if claim.ends_job
                && let Some(rec) = self.jobs.get_mut(&claim.occurrence.job_id)
            {
                rec.ended = false;
            }
        }
        self.tidy();
    }
}

fn without_retry(record: &RunRecord) -> RunRecord {
    RunRecord {
        retry_at: None,
        ..record.clone()
    }
}
