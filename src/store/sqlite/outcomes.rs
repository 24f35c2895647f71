//! What the ends of occurrences mean for their jobs: the last outcome, and the
//! failures in a row, which may pause the job.
//!
//! Invariant: failures are those of the job as it is. An occurrence claimed in
//! another revision of the job neither adds to them nor sets them back; one of
//! another job of that id leaves nothing at all.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::error::store_error;
use super::occurrences::{run_set, skip_claims};
use super::rows::{column, ms};
use super::versions;
use crate::domain::job::{JobId, Revision};
use crate::domain::occurrence::{OccurrenceKind, OccurrenceState, Reason};
use crate::domain::run::RunRecord;
use crate::store::{PausedJob, StoreError};

/// What a batch of ends comes to for one job, in their order.
struct Tally {
    revision: Revision,
    last_state: OccurrenceState,
    last_ended_at: DateTime<Utc>,
    /// Whether one succeeded: what failed before the batch does not count.
    succeeded: bool,
    /// How many failed since the last success, or since the batch began.
    failures: u32,
    /// Whether the job may have to be paused.
    may_pause: bool,
}

impl Tally {
    fn new(record: &RunRecord) -> Self {
        Self {
            revision: record.claim.revision,
            last_state: record.state(),
            last_ended_at: record.ended_at,
            succeeded: false,
            failures: 0,
            may_pause: false,
        }
    }

    fn add(&mut self, record: &RunRecord) {
        let claim = &record.claim;
        if claim.revision > self.revision {
            *self = Self::new(record);
        }
        if claim.revision < self.revision {
            return;
        }
        if record.ended_at >= self.last_ended_at {
            self.last_state = record.state();
            self.last_ended_at = record.ended_at;
        }
        match (record.state(), claim.occurrence.kind) {
            (OccurrenceState::Succeeded, _) => {
                self.succeeded = true;
                self.failures = 0;
            }
            (OccurrenceState::Failed, OccurrenceKind::Scheduled) => {
                self.failures += 1;
                self.may_pause |= claim.pause_after_failures.is_some();
            }
            _ => {}
        }
    }

    fn row(&self, job_id: &str) -> Value {
        json!([
            job_id,
            self.revision.created_ms,
            self.revision.version,
            self.last_state.as_str(),
            ms(self.last_ended_at),
            self.succeeded,
            self.failures,
        ])
    }
}

/// Keeps with their jobs what these final records say; answers with the jobs
/// that are paused by it. What counts is where a job stands after the batch.
pub async fn keep(
    conn: &mut SqliteConnection,
    ended: &[&RunRecord],
) -> Result<Vec<PausedJob>, StoreError> {
    let mut tallies: HashMap<&str, Tally> = HashMap::new();
    for record in ended {
        let id = record.claim.occurrence.job_id.as_str();
        let tally = tallies.entry(id).or_insert_with(|| Tally::new(record));
        tally.add(record);
    }
    let set = tallies.iter().map(|(id, tally)| tally.row(id)).collect();
    run_set(
        &mut *conn,
        "UPDATE jobs SET failures = IIF(jobs.version <> e.version, jobs.failures, \
         IIF(e.succeeded, 0, jobs.failures) + e.failures), \
         last_state = IIF(last_ended_at > e.at AND last_state <> 'unknown', last_state, e.state), \
         last_ended_at = IIF(last_ended_at > e.at AND last_state <> 'unknown', last_ended_at, e.at) \
         FROM (SELECT value->>0 AS id, value->>1 AS created_at, value->>2 AS version, \
         value->>3 AS state, value->>4 AS at, value->>5 AS succeeded, value->>6 AS failures \
         FROM jsonb_each(?)) e WHERE jobs.job_id = e.id AND jobs.created_at = e.created_at",
        set,
    )
    .await?;
    let failed = tallies.iter().filter(|(_, tally)| tally.may_pause);
    let failed: Vec<Value> = failed.map(|(id, _)| json!(id)).collect();
    let at = ended.iter().map(|record| record.ended_at).max();
    match at {
        Some(at) if !failed.is_empty() => pause_failed(conn, failed, at).await,
        _ => Ok(Vec::new()),
    }
}

/// Pauses those of these jobs that have failed as often in a row as they allow.
async fn pause_failed(
    conn: &mut SqliteConnection,
    ids: Vec<Value>,
    at: DateTime<Utc>,
) -> Result<Vec<PausedJob>, StoreError> {
    let found = sqlx::query(
        "UPDATE jobs SET state = 'paused', paused_by = 'failures', next_fire_at = NULL, \
         first_fire_at = NULL, version = version + 1 WHERE job_id IN (SELECT value FROM json_each(?)) \
         AND state = 'running' AND ended = 0 \
         AND failures >= policies_json->>'$.pause_after_failures' RETURNING job_id, failures",
    )
    .bind(Value::Array(ids).to_string())
    .fetch_all(&mut *conn)
    .await
    .map_err(store_error)?;
    let paused: Vec<PausedJob> = found.iter().map(paused_job).collect::<Result<_, _>>()?;
    versions::settle(&mut *conn, paused.len(), Reason::Paused, at).await?;
    let ids: Vec<&str> = paused.iter().map(|job| job.id.as_str()).collect();
    skip_claims(conn, &ids, Reason::Paused, at).await?;
    Ok(paused)
}

fn paused_job(row: &SqliteRow) -> Result<PausedJob, StoreError> {
    Ok(PausedJob {
        id: JobId::from_stored(column(row, "job_id")?),
        failures: column(row, "failures")?,
    })
}

/// Keeps with their jobs that what was firing is `unknown` now. `rows` are those
/// of the ledger: job and fire time. One of before the job was added is that of
/// another job of the same id.
pub async fn keep_unknown(
    conn: &mut SqliteConnection,
    rows: &[SqliteRow],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = |row: &SqliteRow| {
        let (id, fire_at): (&str, i64) = (column(row, "job_id")?, column(row, "fire_at")?);
        Ok(json!([id, fire_at, ms(now)]))
    };
    run_set(
        conn,
        "UPDATE jobs SET last_state = 'unknown', last_ended_at = u.at FROM \
         (SELECT value->>0 AS id, MAX(value->>1) AS fire_at, value->>2 AS at \
         FROM jsonb_each(?) GROUP BY value->>0) u \
         WHERE jobs.job_id = u.id AND jobs.created_at <= u.fire_at",
        rows.iter().map(row).collect::<Result<_, _>>()?,
    )
    .await
}
