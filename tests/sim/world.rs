//! What all simulated parts share: true time, the tables, chance, and the record of
//! what happened. One world is one run.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::{DateTime, Utc};
use schedule_server::domain::job::JobId;
use schedule_server::domain::occurrence::{OccurrenceId, OccurrenceKind};
use tokio::sync::mpsc;
use tokio::time::Instant;
use uuid::Uuid;

use super::definition::Definition;
use super::rng::Rng;
use super::tables::Tables;

type At = DateTime<Utc>;

/// How often faults happen, each so many times in 1,000 calls.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rates {
    pub store_fails: u64,
    pub store_answer_lost: u64,
    pub store_slow: u64,
    pub store_kills: u64,
    pub lock_fails: u64,
    pub lock_answer_lost: u64,
    pub lock_slow: u64,
    pub target_fails: u64,
    pub target_slow: u64,
    pub target_hangs: u64,
    pub connection_breaks: u64,
    pub answer_lost: u64,
    pub send_kills: u64,
}

/// A request that a target acted on.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub attempt: u32,
    pub succeeded: bool,
}

/// What a client did to a job, as it was committed.
#[derive(Debug, Clone)]
pub struct Change {
    pub what: What,
    /// The place among all commits.
    pub commit: u64,
    /// True time of the answer; `None`: there was none.
    pub answered_ms: Option<u64>,
    /// What the job's schedule had been planned up to, before and after.
    pub next_before: Option<At>,
    pub next_after: Option<At>,
    /// What it fires by from here on.
    pub definition: Option<Definition>,
    /// Now, by the clock of the replica that was asked.
    pub now: At,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Put,
    Pause,
    Resume,
    Remove,
    /// By its failures.
    PausedItself,
}

/// A claim that a replica took to be revalidated.
#[derive(Debug, Clone)]
pub struct Started {
    pub due_at: At,
    pub asked_ms: u64,
    pub claimed_commit: u64,
}

/// What is under the one lock of a world.
pub struct State {
    pub tables: Tables,
    pub rates: Rates,
    pub chance: Rng,
    pub store_locked_until_ms: u64,
    pub commits: u64,
    pub changes: BTreeMap<JobId, Vec<Change>>,
    /// What clients put, by the name of the draft.
    pub drafts: BTreeMap<String, Definition>,
    /// Who holds which fire lock.
    pub locks: BTreeMap<String, String>,
    /// Until when nobody reaches the fire lock.
    pub lock_away_until_ms: u64,
    pub receipts: BTreeMap<Uuid, Vec<Receipt>>,
    /// The occurrences by fire id, as far as any was ever claimed.
    pub occurrences: BTreeMap<Uuid, OccurrenceId>,
    /// The commit of each claim, by row and fence.
    pub claimed: BTreeMap<(i64, i64), u64>,
    /// By fire id, attempt and replica.
    pub started: BTreeMap<(Uuid, u32, String), Started>,
    pub faults: BTreeMap<&'static str, u64>,
    pub violations: Vec<String>,
    trace: Option<Vec<String>>,
}

/// One simulated run.
pub struct World {
    pub started: Instant,
    state: Mutex<State>,
    /// Tells the run that a replica has died: its slot.
    pub deaths: mpsc::UnboundedSender<usize>,
}

impl World {
    pub fn new(chance: Rng, traced: bool, deaths: mpsc::UnboundedSender<usize>) -> Arc<Self> {
        let state = State {
            tables: Tables::default(),
            rates: Rates::default(),
            chance,
            store_locked_until_ms: 0,
            commits: 0,
            changes: BTreeMap::new(),
            drafts: BTreeMap::new(),
            locks: BTreeMap::new(),
            lock_away_until_ms: 0,
            receipts: BTreeMap::new(),
            occurrences: BTreeMap::new(),
            claimed: BTreeMap::new(),
            started: BTreeMap::new(),
            faults: BTreeMap::new(),
            violations: Vec::new(),
            trace: traced.then(Vec::new),
        };
        Arc::new(Self {
            started: Instant::now(),
            state: Mutex::new(state),
            deaths,
        })
    }

    /// True time: milliseconds since the beginning.
    pub fn now_ms(&self) -> u64 {
        self.started.elapsed().as_millis() as u64
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Notes what happened, for those who follow a run.
    pub fn trace(&self, line: impl FnOnce() -> String) {
        let now_ms = self.now_ms();
        let mut state = self.state();
        if let Some(trace) = &mut state.trace {
            let seconds = now_ms as f64 / 1_000.0;
            trace.push(format!("{seconds:9.3} {}", line()));
        }
    }

    pub fn take_trace(&self) -> Vec<String> {
        self.state().trace.take().unwrap_or_default()
    }

    /// Counts a fault that was injected.
    pub fn fault(&self, kind: &'static str) {
        *self.state().faults.entry(kind).or_default() += 1;
        self.trace(|| format!("fault: {kind}"));
    }

    /// Notes that a promise was broken.
    pub fn broken(&self, what: String) {
        self.trace(|| format!("BROKEN: {what}"));
        self.state().violations.push(what);
    }
}

/// When every run begins, by a right clock.
pub fn noon() -> At {
    DateTime::from_timestamp(1_935_403_200, 0).unwrap()
}

/// A short name of an occurrence.
pub fn shown(occurrence: &OccurrenceId) -> String {
    let at = (occurrence.fire_at - noon()).num_milliseconds() as f64 / 1_000.0;
    let kind = match occurrence.kind {
        OccurrenceKind::Scheduled => "",
        OccurrenceKind::Manual => " manual",
    };
    format!("{}@{at}{kind}", occurrence.job_id)
}
