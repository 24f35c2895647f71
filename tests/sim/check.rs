//! What must hold of a run, whatever happened in it. Fire times are enumerated by
//! plain arithmetic, job version by job version; the planner is not asked.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use schedule_server::domain::job::{JobId, JobState};
use schedule_server::domain::occurrence::{LedgerEntry, OccurrenceKind};
use schedule_server::domain::occurrence::{OccurrenceState, Reason};

use super::definition::{Definition, at_least_once};
use super::tables::Tables;
use super::world::{Change, Receipt, State, What, World, shown};

type At = DateTime<Utc>;

/// How long after its instant a row may still be open at rest.
const LATE: TimeDelta = TimeDelta::seconds(8);

/// What was counted in a run, or in many.
#[derive(Debug, Default)]
pub struct Findings {
    /// Fire times of schedules, and manual runs.
    pub planned: u64,
    pub sent: u64,
    /// Fire times by the final state of their rows.
    pub ends: BTreeMap<(&'static str, &'static str), u64>,
    /// Occurrences that a target received twice, all of them as they may be.
    pub doubles: u64,
    /// Fire times that had passed unplanned when a client changed the job.
    pub dropped: u64,
}

/// With all faults over and time enough to rest, nothing is left behind.
pub fn at_rest(world: &World, now: At) {
    let mut broken = Vec::new();
    {
        let state = world.state();
        for row in state.tables.open() {
            let entry = &row.entry;
            if entry.due_at < now - LATE {
                broken.push(format!(
                    "{} stands as {} (held by {:?}, queue {:?}), due {} ago",
                    shown(&entry.occurrence),
                    entry.state.as_str(),
                    entry.replica,
                    row.queue,
                    now - entry.due_at
                ));
            }
        }
        for rec in state.tables.jobs.values() {
            if rec.job.next_fire_at.is_some_and(|at| at < now - LATE) {
                broken.push(format!("{} is not planned any more", rec.job.id));
            }
        }
    }
    broken.into_iter().for_each(|what| world.broken(what));
}

/// With all replicas stopped, each promise is looked at.
pub fn after_all(world: &World, now: At) -> Findings {
    let mut check = Check {
        broken: Vec::new(),
        findings: Findings::default(),
        now,
    };
    {
        let state = world.state();
        check.open_rows(&state.tables);
        check.jobs_that_ended(&state.tables);
        for (id, changes) in &state.changes {
            check.job(&state, id, changes);
        }
        check.receipts(&state);
    }
    check.broken.into_iter().for_each(|what| world.broken(what));
    check.findings
}

struct Check {
    broken: Vec<String>,
    findings: Findings,
    now: At,
}

impl Check {
    fn open_rows(&mut self, tables: &Tables) {
        for row in tables.open() {
            let entry = &row.entry;
            let free = row.is(OccurrenceState::Claimed) && entry.replica.is_none();
            if !free || entry.due_at < self.now - LATE {
                let what = format!("{} is left open", shown(&entry.occurrence));
                self.broken.push(what);
            }
        }
    }

    /// A job without a fire time to come is there only as long as something of it
    /// is under way.
    fn jobs_that_ended(&mut self, tables: &Tables) {
        for rec in tables.jobs.values() {
            let job = &rec.job;
            let open = tables
                .open()
                .any(|row| row.entry.occurrence.job_id == job.id);
            let over = job.next_fire_at.is_none() && job.state == JobState::Running;
            if over && !open && job.schedule.end().is_none() {
                self.broken.push(format!("{} has ended and stays", job.id));
            }
        }
    }

    /// Each fire time of each version of a job has a row.
    fn job(&mut self, state: &State, id: &JobId, changes: &[Change]) {
        let rows = state.tables.rows.values().map(|row| &row.entry);
        let of_job = rows.filter(|entry| {
            entry.occurrence.job_id == *id && entry.occurrence.kind == OccurrenceKind::Scheduled
        });
        let ledger = Ledger::new(of_job.collect());
        let mut definition: Option<&Definition> = None;
        let mut from: Option<At> = None;
        for change in changes {
            self.version(id, &ledger, definition, from, change.next_before);
            if let (Some(definition), Some(next)) = (definition, change.next_before) {
                let dropped = definition.fires(next, change.now);
                let dropped = dropped.iter().filter(|at| !ledger.covers(**at));
                self.findings.dropped += dropped.count() as u64;
            }
            definition = match change.what {
                What::Put => change.definition.as_ref(),
                What::Remove => None,
                _ => definition,
            };
            from = change.next_after;
        }
        let rec = state.tables.jobs.get(id);
        let next = rec.and_then(|rec| rec.job.next_fire_at);
        self.version(id, &ledger, definition, from, next);
        // A resume after a clock was set back plans fire times anew; a row for many of
        // them in a row may then lie about some that have one already.
        let resumed = changes.iter().any(|change| change.what == What::Resume);
        let puts = changes.iter().filter(|change| change.what == What::Put);
        if let (1, false, Some(definition)) =
            (puts.count(), resumed, changes[0].definition.as_ref())
        {
            self.only_definition(id, &ledger, definition);
        }
    }

    /// What was planned of a version: from its first fire time up to that which was
    /// next when it ended; all of them when its schedule was over.
    fn version(
        &mut self,
        id: &JobId,
        ledger: &Ledger,
        definition: Option<&Definition>,
        from: Option<At>,
        next: Option<At>,
    ) {
        let (Some(definition), Some(from)) = (definition, from) else {
            return;
        };
        if next.is_none() && !definition.is_finite() {
            let what = format!("{id} lost its next fire time");
            return self.broken.push(what);
        }
        let to = next.unwrap_or(At::MAX_UTC);
        for at in definition.fires(from, to) {
            self.findings.planned += 1;
            if !ledger.covers(at) {
                let what = format!("{id} has no row for {at}");
                self.broken.push(what);
            }
        }
    }

    /// A job that was defined once: no row is of another instant, none covers what
    /// another one covers, and each stands for as many as it says.
    fn only_definition(&mut self, id: &JobId, ledger: &Ledger, definition: &Definition) {
        let mut covered = BTreeSet::new();
        for entry in &ledger.rows {
            if entry.reason == Some(Reason::Ended) {
                continue;
            }
            let last = entry.last_fire_at + TimeDelta::milliseconds(1);
            let fires = definition.fires(entry.occurrence.fire_at, last);
            let first = fires.first().copied();
            if first != Some(entry.occurrence.fire_at) || fires.len() as i64 != entry.count {
                let what = format!(
                    "{} stands for {} fire times, not {}",
                    shown(&entry.occurrence),
                    fires.len(),
                    entry.count
                );
                self.broken.push(what);
            }
            for at in fires {
                if !covered.insert(at) {
                    self.broken.push(format!("{id} has two rows for {at}"));
                }
            }
        }
    }

    /// The ledger and what the targets received agree.
    fn receipts(&mut self, state: &State) {
        let mut known = BTreeSet::new();
        for row in state.tables.rows.values() {
            let entry = &row.entry;
            let fire_id = entry.occurrence.fire_id();
            known.insert(fire_id);
            let received = state.receipts.get(&fire_id).map_or(&[][..], |r| &r[..]);
            let end = (
                entry.state.as_str(),
                entry.reason.map_or("", Reason::as_str),
            );
            *self.findings.ends.entry(end).or_default() += entry.count.unsigned_abs();
            self.findings.sent += received.len() as u64;
            if entry.occurrence.kind == OccurrenceKind::Manual {
                self.findings.planned += 1;
            }
            self.one_row(entry, received);
        }
        for fire_id in state.receipts.keys() {
            if !known.contains(fire_id) {
                self.broken
                    .push(format!("{fire_id} was sent without a row"));
            }
        }
    }

    fn one_row(&mut self, entry: &LedgerEntry, received: &[Receipt]) {
        let name = shown(&entry.occurrence);
        let mut broken = |what: &str| {
            let reason = entry.reason.map_or("", Reason::as_str);
            let state = entry.state.as_str();
            self.broken
                .push(format!("{name} {what}; it is {state} {reason}"));
        };
        let again = at_least_once(&entry.occurrence.job_id);
        let on_record = |attempt| {
            entry
                .past_attempts
                .iter()
                .any(|past| past.number == attempt)
        };
        let earlier = received.iter().filter(|r| r.attempt < entry.attempt);
        let unrecorded = earlier
            .filter(|receipt| !on_record(receipt.attempt))
            .count();
        let last = received.iter().find(|r| r.attempt == entry.attempt);
        let doubled = unrecorded > 0 && received.len() > 1;
        if doubled && !again {
            broken("was sent again though the first send is not on record");
        }
        if received.iter().any(|r| r.attempt > entry.attempt) {
            broken("was sent by an attempt that never began");
        }
        let succeeded = last.is_some_and(|receipt| receipt.succeeded);
        match (entry.state, entry.reason) {
            (OccurrenceState::Succeeded, _) if !succeeded => {
                broken("did not reach its target");
            }
            (
                OccurrenceState::Skipped | OccurrenceState::Missed | OccurrenceState::Coalesced,
                _,
            ) if !received.is_empty() => {
                broken("was sent");
            }
            (
                OccurrenceState::Failed,
                Some(
                    Reason::Connect
                    | Reason::SendLimit
                    | Reason::LeaseLost
                    | Reason::LockUnavailable,
                ),
            ) if last.is_some() => broken("was sent"),
            (OccurrenceState::Failed, Some(Reason::Status)) if last.is_none() || succeeded => {
                broken("had another answer");
            }
            (OccurrenceState::Failed | OccurrenceState::Unknown, None) => {
                broken("does not say why");
            }
            _ => {}
        }
        if entry.state.is_final() && entry.settled_at.is_none() {
            broken("does not say since when");
        }
        self.findings.doubles += u64::from(doubled);
    }
}

/// The rows of one job.
struct Ledger<'a> {
    rows: Vec<&'a LedgerEntry>,
    single: BTreeSet<At>,
    several: Vec<(At, At)>,
}

impl<'a> Ledger<'a> {
    fn new(rows: Vec<&'a LedgerEntry>) -> Self {
        let first = |entry: &LedgerEntry| entry.occurrence.fire_at;
        let several = rows.iter().filter(|entry| entry.count > 1);
        Self {
            single: rows.iter().map(|entry| first(entry)).collect(),
            several: several
                .map(|entry| (first(entry), entry.last_fire_at))
                .collect(),
            rows,
        }
    }

    fn covers(&self, at: At) -> bool {
        let within = |(first, last): &(At, At)| *first <= at && at <= *last;
        self.single.contains(&at) || self.several.iter().any(within)
    }
}
