//! Runs that a client asks for, beside the schedule.
//!
//! Such a run starts as what a scheduled one becomes when it is given back: a
//! claimed row that nobody holds. So the ordinary plan adopts it, on any
//! replica, and there is no second path on which a request is sent. It touches
//! neither the job's next fire time nor its end.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::error::store_error;
use super::rows::{self, column, ms};
use crate::domain::job::JobId;
use crate::domain::occurrence::ManualRun;
use crate::store::StoreError;

/// Adds a run of the job, due `now`, or in the next millisecond for which the
/// job has none; `None`: there is no such job.
pub async fn run_now(
    conn: &mut SqliteConnection,
    id: &JobId,
    now: DateTime<Utc>,
) -> Result<Option<ManualRun>, StoreError> {
    let row = sqlx::query(
        "INSERT INTO occurrences (job_id, fire_at, due_at, last_fire_at, kind, state) \
         SELECT j.job_id, f.at, f.at, f.at, 'manual', 'claimed' FROM jobs j, (\
           SELECT MIN(c.at) AS at FROM (SELECT ?2 AS at UNION ALL SELECT fire_at + 1 \
           FROM occurrences INDEXED BY occurrences_manual \
           WHERE job_id = ?1 AND fire_at >= ?2 AND kind = 'manual') c \
           WHERE NOT EXISTS (SELECT 1 FROM occurrences \
           WHERE job_id = ?1 AND fire_at = c.at AND kind = 'manual')) f \
         WHERE j.job_id = ?1 AND j.ended = 0 RETURNING row_id, job_id, fire_at, kind",
    )
    .bind(id.as_str())
    .bind(ms(now))
    .fetch_optional(conn)
    .await
    .map_err(store_error)?;
    row.as_ref().map(manual_run).transpose()
}

fn manual_run(row: &SqliteRow) -> Result<ManualRun, StoreError> {
    Ok(ManualRun {
        row_id: column(row, "row_id")?,
        occurrence: rows::occurrence(row)?,
    })
}
