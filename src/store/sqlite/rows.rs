//! Rows of the tables as values of the domain, and back.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::error::store_error;
use crate::domain::job::{Job, JobId, JobState, Notes, Revision};
use crate::domain::occurrence::{
    LedgerEntry, OccurrenceId, OccurrenceKind, OccurrenceState, PastAttempt, Reason,
};
use crate::domain::run::Phases;
use crate::domain::target::Request;
use crate::store::{JobRow, StoreError};

/// The column that [`job`] reads, of a table named `j`: one text instead of a value for
/// each of its parts, which costs a third to hand over.
pub const JOB_COLUMN: &str = "json_array(j.job_id, j.created_at, j.version, j.state, \
    j.paused_by, j.description, j.tags_json, j.trigger_json, j.url, j.request_json, \
    j.policies_json, j.next_fire_at, j.failures, j.updated_at) AS job";

/// [`JOB_COLUMN`], part by part.
#[derive(Deserialize)]
struct Packed<'a>(
    String,
    i64,
    i64,
    &'a str,
    Option<&'a str>,
    String,
    #[serde(borrow)] Cow<'a, str>,
    String,
    String,
    Option<String>,
    #[serde(borrow)] Cow<'a, str>,
    Option<i64>,
    u32,
    i64,
);

/// When the earliest claimed occurrence of the schedule of a job `j` is sent.
/// One that waits for a run to end has no such instant.
pub const CLAIMED_FIRE_AT: &str = "(SELECT MIN(due_at) FROM occurrences o \
    WHERE o.job_id = j.job_id AND o.state = 'claimed' AND o.attempt = 0 \
    AND o.kind = 'scheduled' AND o.queue IS NOT 'waiting')";

/// An instant as it is stored: unix milliseconds.
pub fn ms(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// A stored instant.
pub fn instant(ms: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_millis(ms)
        .ok_or_else(|| StoreError::Corrupt(format!("instant {ms} is out of range")))
}

pub fn optional_instant(ms: Option<i64>) -> Result<Option<DateTime<Utc>>, StoreError> {
    ms.map(instant).transpose()
}

/// A column by name.
pub fn column<'r, T>(row: &'r SqliteRow, name: &str) -> Result<T, StoreError>
where
    T: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    row.try_get(name).map_err(store_error)
}

/// A value as it is stored in a `*_json` column.
pub fn to_json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::Corrupt(e.to_string()))
}

/// A `*_json` column of a job.
pub fn parse<'r, T: Deserialize<'r>>(
    row: &'r SqliteRow,
    name: &str,
    job_id: &str,
) -> Result<T, StoreError> {
    parse_text(column(row, name)?, name, job_id)
}

fn parse_text<'r, T: Deserialize<'r>>(
    text: &'r str,
    name: &str,
    job_id: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text)
        .map_err(|e| StoreError::Corrupt(format!("{name} of job {job_id:?}: {e}")))
}

/// The revision of a job.
pub fn revision(row: &SqliteRow) -> Result<Revision, StoreError> {
    Ok(Revision {
        created_ms: column(row, "created_at")?,
        version: column(row, "version")?,
    })
}

/// A job from its [`JOB_COLUMN`].
pub fn job(row: &SqliteRow) -> Result<Job, StoreError> {
    let packed: &str = column(row, "job")?;
    let Packed(
        id,
        created_ms,
        version,
        state,
        paused_by,
        description,
        tags,
        trigger,
        url,
        request,
        policies,
        next_fire_at,
        failures,
        updated_at,
    ) = serde_json::from_str(packed)
        .map_err(|e| StoreError::Corrupt(format!("job {packed}: {e}")))?;
    let request = match request {
        Some(request) => parse_text(&request, "request_json", &id)?,
        None => Request::inherited(url),
    };
    Ok(Job {
        revision: Revision {
            created_ms,
            version,
        },
        state: match state {
            "paused" => JobState::Paused,
            _ => JobState::Running,
        },
        paused_by_failures: paused_by == Some("failures"),
        notes: Notes {
            description,
            tags: parse_text(&tags, "tags_json", &id)?,
        },
        schedule: parse_text(&trigger, "trigger_json", &id)?,
        request: Arc::new(request),
        policies: parse_text(&policies, "policies_json", &id)?,
        next_fire_at: optional_instant(next_fire_at)?,
        failures,
        updated_at: instant(updated_at)?,
        id: JobId::from_stored(id),
    })
}

/// A job with the fire time that is claimed, if any.
pub fn job_row(row: &SqliteRow) -> Result<JobRow, StoreError> {
    Ok(JobRow {
        job: job(row)?,
        claimed_fire_at: optional_instant(column(row, "claimed_fire_at")?)?,
    })
}

/// A row of the attempts.
pub fn past_attempt(row: &SqliteRow) -> Result<PastAttempt, StoreError> {
    let reason: Option<&str> = column(row, "reason")?;
    Ok(PastAttempt {
        number: column(row, "number")?,
        reason: reason.and_then(Reason::parse),
        sent_at: optional_instant(column(row, "sent_at")?)?,
        duration_ms: column(row, "duration_ms")?,
        status: column(row, "status")?,
        error: column(row, "error")?,
        body: column(row, "body")?,
        phases: phases(row)?,
    })
}

fn phases(row: &SqliteRow) -> Result<Option<Phases>, StoreError> {
    let text: Option<&str> = column(row, "phases_json")?;
    text.map(|text| {
        serde_json::from_str(text)
            .map_err(|e| StoreError::Corrupt(format!("phases_json {text:?}: {e}")))
    })
    .transpose()
}

/// The occurrence that a row of the ledger is about.
pub fn occurrence(row: &SqliteRow) -> Result<OccurrenceId, StoreError> {
    let kind: &str = column(row, "kind")?;
    Ok(OccurrenceId {
        job_id: JobId::from_stored(column(row, "job_id")?),
        fire_at: instant(column(row, "fire_at")?)?,
        kind: OccurrenceKind::parse(kind)
            .ok_or_else(|| StoreError::Corrupt(format!("kind {kind:?}")))?,
    })
}

/// Columns that [`ledger_entry`] reads besides `body`, of a table named `o`.
pub const LEDGER_COLUMNS: &str = "o.row_id, o.job_id, o.fire_at, o.kind, o.attempt, o.state, \
    o.reason, o.count, o.last_fire_at, o.into_fire_at, o.due_at, o.queue, o.replica, \
    o.claimed_at, o.sent_at, o.lateness_ms, o.duration_ms, o.status, o.error, o.phases_json, \
    o.settled_at";

/// A row of the ledger.
pub fn ledger_entry(row: &SqliteRow) -> Result<LedgerEntry, StoreError> {
    let state: &str = column(row, "state")?;
    let reason: Option<&str> = column(row, "reason")?;
    let queue: Option<&str> = column(row, "queue")?;
    let entry = LedgerEntry {
        row_id: column(row, "row_id")?,
        occurrence: occurrence(row)?,
        attempt: column(row, "attempt")?,
        past_attempts: Vec::new(),
        state: OccurrenceState::parse(state)
            .ok_or_else(|| StoreError::Corrupt(format!("state {state:?}")))?,
        reason: reason.and_then(Reason::parse),
        count: column(row, "count")?,
        last_fire_at: instant(column(row, "last_fire_at")?)?,
        into_fire_at: optional_instant(column(row, "into_fire_at")?)?,
        due_at: instant(column(row, "due_at")?)?,
        queued: queue == Some("waiting"),
        replica: column(row, "replica")?,
        claimed_at: optional_instant(column(row, "claimed_at")?)?,
        sent_at: optional_instant(column(row, "sent_at")?)?,
        lateness_ms: column(row, "lateness_ms")?,
        duration_ms: column(row, "duration_ms")?,
        status: column(row, "status")?,
        error: column(row, "error")?,
        body: column(row, "body")?,
        phases: phases(row)?,
        settled_at: optional_instant(column(row, "settled_at")?)?,
    };
    Ok(
        match tells_of_the_attempt_before(entry.state, entry.reason) {
            true => without_result(entry),
            false => entry,
        },
    )
}

/// Whether what the row has of a request is that of an attempt before the last
/// one: an attempt that begins leaves it there until its own is recorded.
pub fn tells_of_the_attempt_before(state: OccurrenceState, reason: Option<Reason>) -> bool {
    matches!(
        (state, reason),
        (OccurrenceState::Firing, _)
            | (
                OccurrenceState::Claimed | OccurrenceState::Unknown,
                Some(Reason::ReplicaDied | Reason::Shutdown)
            )
    )
}

fn without_result(entry: LedgerEntry) -> LedgerEntry {
    LedgerEntry {
        reason: entry.reason.filter(|_| entry.state.is_final()),
        sent_at: None,
        lateness_ms: None,
        duration_ms: None,
        status: None,
        error: None,
        body: None,
        phases: None,
        ..entry
    }
}
