//! A store on plain collections, written from what the trait `Store` promises: every
//! method is one transaction. Knows no time, no fault and no other thread.

mod claim;
mod firing;
mod jobs;
mod record;
mod replicas;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use schedule_server::domain::job::{Job, JobId};
use schedule_server::domain::occurrence::{LedgerEntry, OccurrenceId, OccurrenceKind};
use schedule_server::domain::occurrence::{OccurrenceState, Reason};

type At = DateTime<Utc>;

/// Where a row is that waits, or has waited, for another run of its job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    Waiting,
    Next,
}

/// A row of the ledger.
#[derive(Debug, Clone)]
pub struct Row {
    pub entry: LedgerEntry,
    pub fence: i64,
    pub queue: Option<Queue>,
    /// Its job was changed while it was firing: there is no further attempt.
    pub last_attempt: bool,
}

impl Row {
    pub fn is(&self, state: OccurrenceState) -> bool {
        self.entry.state == state
    }

    /// Whether it is still this holder's.
    fn held(&self, fence: i64) -> bool {
        self.fence == fence
    }

    /// Whether it counts as a run that goes on.
    fn goes_on(&self) -> bool {
        match self.entry.state {
            OccurrenceState::Firing => true,
            OccurrenceState::Claimed => {
                self.queue == Some(Queue::Next) || (self.entry.attempt > 0 && self.queue.is_none())
            }
            _ => false,
        }
    }

    fn settle(&mut self, state: OccurrenceState, reason: Option<Reason>, at: At) {
        self.entry.state = state;
        self.entry.reason = reason;
        self.entry.settled_at = Some(at);
        self.queue = None;
    }

    /// Settles a claim that is not sent: what was attempted keeps its failure, and
    /// of what nobody knows nobody ever will.
    fn skip(&mut self, reason: Reason, at: At) {
        let had = self.entry.reason;
        match (self.entry.attempt, had) {
            (0, _) => self.settle(OccurrenceState::Skipped, Some(reason), at),
            (_, Some(Reason::ReplicaDied | Reason::Shutdown)) => {
                self.settle(OccurrenceState::Unknown, had, at);
            }
            _ => self.settle(OccurrenceState::Failed, had, at),
        }
    }

    fn give_back(&mut self) {
        self.entry.state = OccurrenceState::Claimed;
        self.entry.replica = None;
        self.fence = 0;
    }
}

/// A job and what the trait does not show of it.
#[derive(Debug, Clone)]
pub struct JobRec {
    pub job: Job,
    /// Its last fire time is under way: clients do not see it any more.
    pub ended: bool,
    /// The order of adding.
    pub seq: i64,
}

type Key = (JobId, i64, bool);

fn key(occurrence: &OccurrenceId) -> Key {
    let manual = occurrence.kind == OccurrenceKind::Manual;
    let at = occurrence.fire_at.timestamp_millis();
    (occurrence.job_id.clone(), at, manual)
}

/// The tables.
#[derive(Debug, Default)]
pub struct Tables {
    pub jobs: BTreeMap<JobId, JobRec>,
    pub rows: BTreeMap<i64, Row>,
    pub leases: BTreeMap<String, At>,
    by_key: BTreeMap<Key, i64>,
    /// Rows that may be `claimed` or `firing`.
    open: BTreeSet<i64>,
    last_fence: i64,
    last_row: i64,
    last_seq: i64,
}

impl Tables {
    /// The rows in no final state.
    pub fn open(&self) -> impl Iterator<Item = &Row> {
        let rows = self.open.iter().filter_map(|id| self.rows.get(id));
        rows.filter(|row| !row.entry.state.is_final())
    }

    /// The row of an occurrence.
    pub fn row_of(&self, occurrence: &OccurrenceId) -> Option<&Row> {
        self.rows.get(self.by_key.get(&key(occurrence))?)
    }

    /// Forgets which rows were open and are not any more.
    fn tidy(&mut self) {
        let rows = &self.rows;
        self.open
            .retain(|id| rows.get(id).is_some_and(|row| !row.entry.state.is_final()));
    }

    fn open_where(&self, wanted: impl Fn(&Row) -> bool) -> Vec<i64> {
        let found = self.open().filter(|row| wanted(row));
        found.map(|row| row.entry.row_id).collect()
    }

    /// Adds a claimed row.
    fn insert(&mut self, occurrence: OccurrenceId, due_at: At) -> &mut Row {
        self.last_row += 1;
        let row_id = self.last_row;
        self.by_key.insert(key(&occurrence), row_id);
        self.open.insert(row_id);
        let entry = LedgerEntry {
            row_id,
            last_fire_at: occurrence.fire_at,
            occurrence,
            attempt: 0,
            past_attempts: Vec::new(),
            state: OccurrenceState::Claimed,
            reason: None,
            count: 1,
            into_fire_at: None,
            due_at,
            queued: false,
            replica: None,
            claimed_at: None,
            sent_at: None,
            lateness_ms: None,
            duration_ms: None,
            status: None,
            error: None,
            body: None,
            phases: None,
            settled_at: None,
        };
        self.rows.entry(row_id).or_insert(Row {
            entry,
            fence: 0,
            queue: None,
            last_attempt: false,
        })
    }

    /// How many runs of the job and kind of a row go on beside it.
    fn going_on(&self, row_id: i64, job: &JobId, kind: OccurrenceKind) -> usize {
        let beside = |row: &&Row| {
            let entry = &row.entry;
            entry.row_id != row_id
                && entry.occurrence.job_id == *job
                && entry.occurrence.kind == kind
                && row.goes_on()
        };
        self.open().filter(beside).count()
    }

    /// Ends jobs without a fire time to come, unless one of their fire times waits.
    fn end_job(&mut self, id: &JobId) {
        let waits = self.open().any(|row| {
            let occurrence = &row.entry.occurrence;
            let scheduled = occurrence.kind == OccurrenceKind::Scheduled;
            occurrence.job_id == *id && scheduled && row.queue == Some(Queue::Waiting)
        });
        if let Some(rec) = self.jobs.get_mut(id) {
            let over = rec.job.next_fire_at.is_none();
            let running = rec.job.state == schedule_server::domain::job::JobState::Running;
            rec.ended |= over && running && !waits;
        }
    }

    /// Removes a job that has ended once nothing of it is open.
    fn forget_ended(&mut self, id: &JobId) {
        let open = self.open().any(|row| row.entry.occurrence.job_id == *id);
        if !open && self.jobs.get(id).is_some_and(|rec| rec.ended) {
            self.jobs.remove(id);
        }
    }

    /// Lets the first that waits of a job have its turn, of each kind, unless a
    /// run still goes on; when it is due.
    fn release(&mut self, id: &JobId, at: At) -> Option<At> {
        let mut released: Option<At> = None;
        for kind in OccurrenceKind::ALL {
            let waiting = self.open().filter(|row| {
                let occurrence = &row.entry.occurrence;
                occurrence.job_id == *id
                    && occurrence.kind == kind
                    && row.queue == Some(Queue::Waiting)
            });
            let Some(first) = waiting.min_by_key(|row| row.entry.occurrence.fire_at) else {
                continue;
            };
            let row_id = first.entry.row_id;
            if self.going_on(row_id, id, kind) > 0 {
                continue;
            }
            if let Some(row) = self.rows.get_mut(&row_id) {
                row.queue = Some(Queue::Next);
                row.entry.due_at = row.entry.due_at.max(at);
                released = released.into_iter().chain([row.entry.due_at]).min();
            }
        }
        released
    }

    /// Settles the claims of a job, because of a change of it.
    fn skip_claims(&mut self, id: &JobId, reason: Reason, at: At) {
        let concerned = self.open_where(|row| {
            let occurrence = &row.entry.occurrence;
            occurrence.job_id == *id
                && (occurrence.kind == OccurrenceKind::Scheduled || reason != Reason::Paused)
        });
        for row_id in concerned {
            match self.rows.get_mut(&row_id) {
                Some(row) if row.is(OccurrenceState::Firing) => row.last_attempt = true,
                Some(row) => row.skip(reason, at),
                None => {}
            }
        }
    }
}
