//! The last occurrences of some jobs, in one statement: for each job one seek
//! in an index of those that have ended, backwards from the newest fire time,
//! which holds all that is shown; and the few that are open. The rows of a job
//! come as one JSON text, which costs less than a row each.

use std::cmp::Reverse;

use serde::Deserialize;
use serde_json::Value;
use sqlx::sqlite::SqliteRow;

use super::rows::{column, instant, tells_of_the_attempt_before};
use super::statement::{Reading, Statement};
use crate::domain::occurrence::{OccurrenceKind, OccurrenceState, Reason};
use crate::store::{RECENT_RUNS, RecentRun, StoreError};

/// The last occurrences of each of these jobs, in the order of the ids.
pub async fn recent<'a>(
    reading: &mut Reading<'_>,
    job_ids: impl Iterator<Item = &'a str>,
) -> Result<Vec<Vec<RecentRun>>, StoreError> {
    let ids: Vec<Value> = job_ids.map(Value::from).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut recent = vec![Vec::new(); ids.len()];
    let ids = Value::Array(ids).to_string();
    for row in reading.all(statement(&ids)).await? {
        let place: i64 = column(&row, "place")?;
        let place = usize::try_from(place).ok();
        if let Some(runs) = place.and_then(|place| recent.get_mut(place)) {
            *runs = merged(&row)?;
        }
    }
    Ok(recent)
}

fn statement(ids: &str) -> Statement {
    Statement::new("SELECT i.key AS place, ")
        .text(PACK)
        .text(
            " FROM occurrences INDEXED BY occurrences_recent WHERE job_id = i.value \
             AND state NOT IN ('claimed', 'firing') ORDER BY fire_at DESC, kind DESC LIMIT ",
        )
        .bind(RECENT_RUNS)
        .text(")) AS ended, ")
        .text(PACK)
        .text(
            " FROM occurrences INDEXED BY occurrences_claimed \
             WHERE job_id = i.value AND state = 'claimed' ORDER BY fire_at DESC LIMIT ",
        )
        .bind(RECENT_RUNS)
        .text(")) AS claimed, ")
        .text(PACK)
        .text(
            " FROM occurrences INDEXED BY occurrences_firing \
             WHERE job_id = i.value AND state = 'firing')) AS firing FROM json_each(",
        )
        .bind(ids)
        .text(") i")
}

/// Rows of the ledger as one value.
const PACK: &str = "(SELECT json_group_array(json_array(row_id, fire_at, kind, state, reason, \
    status, lateness_ms, duration_ms, count)) FROM (SELECT row_id, fire_at, kind, state, reason, \
    status, lateness_ms, duration_ms, count";

/// A row of the ledger as the statement packs it.
#[derive(Deserialize)]
struct Packed<'a>(
    i64,
    i64,
    &'a str,
    &'a str,
    Option<&'a str>,
    Option<u16>,
    Option<i64>,
    Option<i64>,
    i64,
);

/// The newest of a job's runs: those that have ended, and the open ones.
fn merged(row: &SqliteRow) -> Result<Vec<RecentRun>, StoreError> {
    let mut runs = parse(row, "ended")?;
    let mut open = parse(row, "claimed")?;
    open.extend(parse(row, "firing")?);
    if !open.is_empty() {
        runs.extend(open);
        runs.sort_by_key(|run| Reverse((run.fire_at, run.kind == OccurrenceKind::Scheduled)));
        runs.truncate(RECENT_RUNS as usize);
    }
    Ok(runs)
}

fn parse(row: &SqliteRow, name: &str) -> Result<Vec<RecentRun>, StoreError> {
    let text: &str = column(row, name)?;
    if text == "[]" {
        return Ok(Vec::new());
    }
    let packed: Vec<Packed> = serde_json::from_str(text)
        .map_err(|e| StoreError::Corrupt(format!("ledger rows {text:?}: {e}")))?;
    packed.into_iter().map(unpack).collect()
}

/// A row of the ledger with the columns that a run in short has.
pub fn short(row: &SqliteRow) -> Result<RecentRun, StoreError> {
    unpack(Packed(
        column(row, "row_id")?,
        column(row, "fire_at")?,
        column(row, "kind")?,
        column(row, "state")?,
        column(row, "reason")?,
        column(row, "status")?,
        column(row, "lateness_ms")?,
        column(row, "duration_ms")?,
        column(row, "count")?,
    ))
}

fn unpack(packed: Packed) -> Result<RecentRun, StoreError> {
    let Packed(row_id, fire_at, kind, state, reason, status, lateness_ms, duration_ms, count) =
        packed;
    let state = OccurrenceState::parse(state)
        .ok_or_else(|| StoreError::Corrupt(format!("state {state:?}")))?;
    let reason = reason.and_then(Reason::parse);
    let own = !tells_of_the_attempt_before(state, reason);
    Ok(RecentRun {
        row_id,
        fire_at: instant(fire_at)?,
        kind: OccurrenceKind::parse(kind)
            .ok_or_else(|| StoreError::Corrupt(format!("kind {kind:?}")))?,
        state,
        reason: reason.filter(|_| own || state.is_final()),
        status: status.filter(|_| own),
        lateness_ms: lateness_ms.filter(|_| own),
        duration_ms: duration_ms.filter(|_| own),
        count,
    })
}
