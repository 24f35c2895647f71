//! Holds the ledger and the clients' answers against what the target received.

use std::collections::{BTreeMap, HashMap, HashSet};

use sqlx::{Row, SqliteConnection};

use super::client::{Act, What};
use super::jobs::at_least_once;
use super::target::Arrival;
use crate::support::fleet::Entry;
use crate::support::sums::differences;
use crate::support::wall_clock::WallClock;
use schedule_server::domain::occurrence::{OccurrenceKind, OccurrenceState};

/// How long before its instant a change must have been answered to count.
const AHEAD_MS: i64 = 100;

/// A row of the ledger and what else is on record of it.
pub struct Known {
    pub entry: Entry,
    pub attempt: i64,
    /// Attempts of which the outcome is on record, beside the last one.
    pub recorded: HashSet<i64>,
}

/// What a run left.
pub struct Left {
    pub ledger: Vec<Known>,
    pub jobs: HashSet<String>,
    pub arrivals: Vec<Arrival>,
    pub acts: Vec<Act>,
    pub clock: WallClock,
    /// When all that was due before had been claimed, by the servers' clock.
    pub recovered_at: i64,
    pub sums: Vec<String>,
}

/// What came of a run.
#[derive(Default)]
pub struct Found {
    pub faults: Vec<String>,
    /// Fire times.
    pub planned: i64,
    /// Rows of the ledger; one may stand for several fire times.
    pub rows: i64,
    pub sent: i64,
    pub states: BTreeMap<&'static str, i64>,
    pub lost: i64,
    pub doubled: i64,
    pub doubled_allowed: i64,
    /// Pauses and removals whose silence was looked at.
    pub silences: i64,
}

impl Found {
    fn fault(&mut self, what: String) {
        self.faults.push(what);
    }
}

pub async fn read(conn: &mut SqliteConnection) -> (Vec<Known>, HashSet<String>, Vec<String>) {
    let mut recorded: HashMap<i64, HashSet<i64>> = HashMap::new();
    let rows = sqlx::query("SELECT occurrence, number FROM attempts");
    for row in rows.fetch_all(&mut *conn).await.unwrap() {
        recorded.entry(row.get(0)).or_default().insert(row.get(1));
    }
    let rows = sqlx::query("SELECT * FROM occurrences ORDER BY job_id, kind, fire_at");
    let rows = rows.fetch_all(&mut *conn).await.unwrap();
    let known = rows.iter().map(|row| Known {
        entry: Entry {
            job_id: row.get("job_id"),
            kind: OccurrenceKind::parse(row.get("kind")).unwrap(),
            fire_at: row.get("fire_at"),
            last_fire_at: row.get("last_fire_at"),
            count: row.get("count"),
            state: OccurrenceState::parse(row.get("state")).unwrap(),
            reason: row.get("reason"),
            replica: row.get("replica"),
            sent: row.get::<Option<i64>, _>("sent_at").is_some(),
        },
        attempt: row.get("attempt"),
        recorded: recorded.remove(&row.get("row_id")).unwrap_or_default(),
    });
    let known = known.collect();
    let jobs = sqlx::query("SELECT job_id FROM jobs WHERE ended = 0");
    let jobs = jobs.fetch_all(&mut *conn).await.unwrap();
    let jobs = jobs.iter().map(|row| row.get(0)).collect();
    (known, jobs, differences(conn).await)
}

pub fn check(left: &Left) -> Found {
    let mut found = Found::default();
    for known in &left.ledger {
        let entry = &known.entry;
        found.planned += entry.count;
        found.rows += 1;
        *found.states.entry(entry.state.as_str()).or_default() += entry.count;
        let explained = entry.state == OccurrenceState::Succeeded
            || entry.state == OccurrenceState::Coalesced
            || entry.reason.is_some();
        if !entry.state.is_final() || !explained {
            found.fault(format!("no final state with a reason: {entry:?}"));
        }
    }
    found.sent = i64::try_from(left.arrivals.len()).unwrap();
    arrivals(left, &mut found);
    steady(left, &mut found);
    silence(left, &mut found);
    acknowledged(left, &mut found);
    for what in &left.sums {
        found.fault(format!("the sums differ: {what}"));
    }
    found
}

/// Each arrival has its row, which does not deny it; none came twice but where the
/// ledger says that nobody knew; none came early.
fn arrivals(left: &Left, found: &mut Found) {
    let rows: HashMap<String, &Known> =
        left.ledger.iter().map(|k| (k.entry.fire_id(), k)).collect();
    let mut by_fire: HashMap<&str, Vec<&Arrival>> = HashMap::new();
    for arrival in &left.arrivals {
        by_fire.entry(&arrival.fire_id).or_default().push(arrival);
        if left.clock.at(arrival.at_ms).1 < arrival.fire_at {
            found.fault(format!("came before its instant: {arrival:?}"));
        }
    }
    for (fire_id, came) in &by_fire {
        let Some(known) = rows.get(*fire_id) else {
            found.fault(format!("came without a row: {came:?}"));
            continue;
        };
        let entry = &known.entry;
        let attempts: HashSet<i64> = came.iter().map(|a| a.attempt).collect();
        let last = attempts.iter().max().copied().unwrap_or(0);
        // An attempt before the last one whose outcome nobody has recorded.
        let unknown = attempts
            .iter()
            .filter(|n| **n < last && !known.recorded.contains(n));
        let unknown = i64::try_from(unknown.count()).unwrap();
        let twice = i64::try_from(came.len() - attempts.len()).unwrap();
        let at_least_once = at_least_once(&entry.job_id);
        found.doubled += twice;
        if at_least_once {
            found.doubled_allowed += unknown;
        } else {
            found.doubled += unknown;
        }
        if twice > 0 || (unknown > 0 && !at_least_once) || last > known.attempt {
            found.fault(format!(
                "doubled: {entry:?} attempt {}, came {came:?}",
                known.attempt
            ));
        }
        let may_have_come = entry.sent
            || entry.reason.as_deref() == Some("cancelled")
            || entry.state == OccurrenceState::Unknown
            || last < known.attempt;
        if !may_have_come {
            found.fault(format!("came, but the ledger says {entry:?}: {came:?}"));
        }
    }
    for (id, known) in &rows {
        if known.entry.state == OccurrenceState::Succeeded && !by_fire.contains_key(id.as_str()) {
            found.fault(format!("never came: {:?}", known.entry));
        }
    }
}

/// The jobs that nobody changed have a row for each second, from their first fire
/// time to the recovery.
fn steady(left: &Left, found: &mut Found) {
    let mut rows: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for known in &left.ledger {
        let entry = &known.entry;
        if entry.job_id.starts_with("steady-") && entry.kind == OccurrenceKind::Scheduled {
            rows.entry(&entry.job_id).or_default().push(entry);
        }
    }
    for job in left.jobs.iter().filter(|id| id.starts_with("steady-")) {
        rows.entry(job).or_default();
    }
    for (job, rows) in rows {
        let mut gap = |from: i64, to: i64| {
            found.lost += (to - from) / 1_000;
            found.fault(format!("{job} has no row between {from} and {to}"));
        };
        for pair in rows.windows(2) {
            if pair[1].fire_at != pair[0].last_fire_at + 1_000 {
                gap(pair[0].last_fire_at, pair[1].fire_at);
            }
        }
        let last = rows.last().map_or(0, |row| row.last_fire_at);
        if last < left.recovered_at - 1_000 {
            gap(last, left.recovered_at);
        }
        for row in rows {
            if row.count != (row.last_fire_at - row.fire_at) / 1_000 + 1 {
                found.fault(format!("counts wrong: {row:?}"));
            }
        }
    }
}

/// Nothing was sent of what was due while a job was paused or removed.
fn silence(left: &Left, found: &mut Found) {
    let kinds: HashMap<String, OccurrenceKind> = left
        .ledger
        .iter()
        .map(|k| (k.entry.fire_id(), k.entry.kind))
        .collect();
    for (job, acts) in left.acts_by_job() {
        for (n, act) in acts.iter().enumerate() {
            let Some((answered_ms, true)) = act.answered else {
                // What may still be carried out, at any time.
                if act.answered.is_none() && !matches!(act.what, What::Pause | What::Delete) {
                    break;
                }
                continue;
            };
            if !matches!(act.what, What::Pause | What::Delete) {
                continue;
            }
            let from = left.clock.at(answered_ms).1 + AHEAD_MS;
            let next = acts.get(n + 1).map(|next| left.clock.at(next.asked_ms).0);
            let until = next.unwrap_or(i64::MAX);
            found.silences += 1;
            for arrival in &left.arrivals {
                let scheduled = kinds.get(&arrival.fire_id) == Some(&OccurrenceKind::Scheduled);
                if arrival.job_id == job
                    && (scheduled || act.what == What::Delete)
                    && arrival.fire_at > from
                    && arrival.fire_at < until
                {
                    found.fault(format!("sent in spite of {act:?}: {arrival:?}"));
                }
            }
        }
    }
}

/// What was answered is there: jobs that were put, runs that were asked for.
fn acknowledged(left: &Left, found: &mut Found) {
    for (job, acts) in left.acts_by_job() {
        let told = |what| {
            let done = acts.iter().filter(|a| a.what == what);
            done.filter(|a| matches!(a.answered, Some((_, true))))
                .count()
        };
        let manual = |k: &&Known| k.entry.job_id == job && k.entry.kind == OccurrenceKind::Manual;
        let on_record = left.ledger.iter().filter(manual).count();
        if on_record < told(What::Run) {
            found.lost += 1;
            found.fault(format!(
                "{job}: {} runs answered, {on_record} on record",
                told(What::Run)
            ));
        }
        let last = acts
            .iter()
            .rev()
            .find(|a| matches!(a.what, What::Put | What::Delete));
        let is_sure = acts
            .iter()
            .all(|a| a.answered.is_some() || a.what != What::Delete);
        if let Some(Act {
            what: What::Put,
            answered: Some((_, true)),
            ..
        }) = last
            && is_sure
            && !left.jobs.contains(job)
        {
            found.lost += 1;
            found.fault(format!("{job} was put, and is not there"));
        }
    }
}

impl Left {
    fn acts_by_job(&self) -> BTreeMap<&str, Vec<&Act>> {
        let mut jobs: BTreeMap<&str, Vec<&Act>> = BTreeMap::new();
        for act in &self.acts {
            jobs.entry(&act.job_id).or_default().push(act);
        }
        jobs
    }
}
