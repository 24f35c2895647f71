//! One job and what is on record of it and still to be sent: a look at the job by
//! its id, and a seek in the index of what is claimed.

use sqlx::{Connection, SqlitePool};

use super::error::store_error;
use super::rows::{CLAIMED_FIRE_AT, JOB_COLUMN, column, instant, job_row};
use super::statement::{Plan, Reading, Statement};
use crate::domain::job::JobId;
use crate::store::{JobRow, OpenRun, StoreError};

/// See [`crate::store::Store::open_runs`].
pub async fn open_runs(
    pool: &SqlitePool,
    id: &JobId,
    limit: u32,
) -> Result<Option<(JobRow, Vec<OpenRun>)>, StoreError> {
    let mut conn = pool.acquire().await.map_err(store_error)?;
    let mut snapshot = conn.begin().await.map_err(store_error)?;
    let found = read(&mut Reading::new(&mut snapshot), id, limit).await?;
    snapshot.commit().await.map_err(store_error)?;
    Ok(found)
}

/// How SQLite reads them.
pub async fn explain(pool: &SqlitePool, id: &JobId) -> Result<Vec<Plan>, StoreError> {
    let mut conn = pool.acquire().await.map_err(store_error)?;
    let mut reading = Reading::explained(&mut conn);
    read(&mut reading, id, 1).await?;
    Ok(reading.into_plans())
}

async fn read(
    reading: &mut Reading<'_>,
    id: &JobId,
    limit: u32,
) -> Result<Option<(JobRow, Vec<OpenRun>)>, StoreError> {
    let job = Statement::new("SELECT ")
        .text(JOB_COLUMN)
        .text(", ")
        .text(CLAIMED_FIRE_AT)
        .text(" AS claimed_fire_at FROM jobs j WHERE j.ended = 0 AND j.job_id = ")
        .bind(id.as_str());
    let Some(job) = reading.all(job).await?.first().map(job_row).transpose()? else {
        return Ok(None);
    };
    let open = Statement::new(
        "SELECT fire_at, due_at, attempt, queue IS 'waiting' AS waits FROM occurrences \
         INDEXED BY occurrences_claimed WHERE state = 'claimed' AND kind = 'scheduled' AND job_id = ",
    )
    .bind(id.as_str())
    .text(" ORDER BY fire_at LIMIT ")
    .bind(limit);
    let mut runs = Vec::new();
    for row in reading.all(open).await? {
        let waits: bool = column(&row, "waits")?;
        let due_at = instant(column(&row, "due_at")?)?;
        runs.push(OpenRun {
            fire_at: instant(column(&row, "fire_at")?)?,
            due_at: (!waits).then_some(due_at),
            attempts: column(&row, "attempt")?,
        });
    }
    Ok(Some((job, runs)))
}
