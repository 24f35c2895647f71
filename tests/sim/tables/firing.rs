//! Revalidation: who may fire, who makes way, who waits, who is refused.

use std::collections::{BTreeMap, BTreeSet};

use schedule_server::domain::occurrence::{Claim, OccurrenceState, Reason};
use schedule_server::domain::policy::Overlap;

use super::{At, Queue, Tables};

impl Tables {
    /// Moves claims that stand and have room to `firing`. Before their instant the
    /// others are left as they are.
    pub fn start_firing(&mut self, claims: &[Claim], now: At) -> Vec<Claim> {
        let mut started: BTreeMap<i64, u32> = BTreeMap::new();
        let mut refused = BTreeSet::new();
        let mut ordered: Vec<&Claim> = claims.iter().collect();
        ordered.sort_by_key(|claim| claim.occurrence.fire_at);
        for claim in ordered {
            if !self.stands(claim) {
                continue;
            }
            let due = claim.due_at <= now;
            if due && claim.overlap == Overlap::CancelPrevious {
                for given_up in self.cancel_previous(claim, now) {
                    started.remove(&given_up);
                }
            }
            let occurrence = &claim.occurrence;
            let beside = self.going_on(claim.row_id, &occurrence.job_id, occurrence.kind);
            if beside < claim.overlap.max_running() as usize {
                if let Some(row) = self.rows.get_mut(&claim.row_id) {
                    row.entry.state = OccurrenceState::Firing;
                    row.entry.attempt += 1;
                    row.last_attempt = false;
                    row.queue = None;
                    started.insert(claim.row_id, row.entry.attempt);
                }
            } else if due && self.refuse(claim, now) {
                refused.insert(claim.row_id);
            }
        }
        for claim in claims.iter().filter(|claim| claim.ends_job) {
            if started.contains_key(&claim.row_id) || refused.contains(&claim.row_id) {
                self.end_job(&claim.occurrence.job_id);
            }
        }
        self.tidy();
        let firing = claims.iter().filter_map(|claim| {
            Some(Claim {
                attempt: *started.get(&claim.row_id)?,
                ..claim.clone()
            })
        });
        firing.collect()
    }

    /// Whether a run was given up for the next one.
    pub fn is_given_up(&self, claim: &Claim) -> bool {
        let row = self.rows.get(&claim.row_id);
        row.is_some_and(|row| {
            let cancelled = row.entry.reason == Some(Reason::Cancelled);
            row.held(claim.fence) && row.is(OccurrenceState::Failed) && cancelled
        })
    }

    fn stands(&self, claim: &Claim) -> bool {
        let row = self.rows.get(&claim.row_id);
        row.is_some_and(|row| row.held(claim.fence) && row.is(OccurrenceState::Claimed))
    }

    fn cancel_previous(&mut self, claim: &Claim, now: At) -> Vec<i64> {
        let occurrence = &claim.occurrence;
        let earlier = self.open_where(|row| {
            let other = &row.entry.occurrence;
            other.job_id == occurrence.job_id
                && other.kind == occurrence.kind
                && other.fire_at < occurrence.fire_at
                && (row.is(OccurrenceState::Firing) || row.entry.attempt > 0)
        });
        for row_id in &earlier {
            if let Some(row) = self.rows.get_mut(row_id) {
                if row.is(OccurrenceState::Firing) {
                    row.entry.sent_at = None;
                    row.entry.lateness_ms = None;
                    row.entry.duration_ms = None;
                    row.entry.status = None;
                    row.entry.body = None;
                }
                row.settle(OccurrenceState::Failed, Some(Reason::Cancelled), now);
            }
        }
        earlier
    }

    /// Makes a claim without room wait, or settles it; whether it is settled.
    fn refuse(&mut self, claim: &Claim, now: At) -> bool {
        let occurrence = &claim.occurrence;
        let waiting = self.open().filter(|row| {
            row.entry.occurrence.job_id == occurrence.job_id
                && row.entry.occurrence.kind == occurrence.kind
                && row.queue == Some(Queue::Waiting)
        });
        let waiting = waiting.count();
        let Some(row) = self.rows.get_mut(&claim.row_id) else {
            return false;
        };
        match claim.overlap {
            Overlap::Queue(places)
                if row.entry.attempt > 0
                    || row.queue == Some(Queue::Next)
                    || (places as usize) > waiting =>
            {
                row.give_back();
                row.queue = Some(Queue::Waiting);
                return false;
            }
            Overlap::Queue(_) => row.skip(Reason::QueueFull, now),
            _ => row.skip(Reason::Overlap, now),
        }
        true
    }
}
