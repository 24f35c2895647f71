//! Queries on jobs.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{AssertSqlSafe, Row, SqliteConnection, SqlitePool};

use super::batch;
use super::error::store_error;
use super::rows::{self, column, ms};
use crate::domain::job::JobId;
use crate::store::{Change, Expected, JobRow, StoreError};

/// Whether the job of that id is what a change expects.
async fn is_expected(
    conn: &mut SqliteConnection,
    id: &JobId,
    expected: Expected,
) -> Result<bool, StoreError> {
    if expected == Expected::Anything {
        return Ok(true);
    }
    let row = sqlx::query("SELECT created_at, version FROM jobs WHERE job_id = ? AND ended = 0")
        .bind(id.as_str())
        .fetch_optional(conn)
        .await
        .map_err(store_error)?;
    let found = row.as_ref().map(rows::revision).transpose()?;
    Ok(found.map_or(Expected::NoJob, Expected::Revision) == expected)
}

/// Removes a job.
pub async fn remove(
    conn: &mut SqliteConnection,
    id: &JobId,
    expected: Expected,
    now: DateTime<Utc>,
) -> Result<Change<()>, StoreError> {
    if !is_expected(&mut *conn, id, expected).await? {
        return Ok(Change::Lost);
    }
    let removed = batch::remove(conn, std::slice::from_ref(id), now).await?;
    Ok(match removed.is_empty() {
        false => Change::Done(()),
        true => Change::NoSuchJob,
    })
}

/// Pauses a job.
pub async fn pause(
    conn: &mut SqliteConnection,
    id: &JobId,
    expected: Expected,
    now: DateTime<Utc>,
) -> Result<Change<JobRow>, StoreError> {
    if !is_expected(&mut *conn, id, expected).await? {
        return Ok(Change::Lost);
    }
    batch::pause(&mut *conn, std::slice::from_ref(id), now).await?;
    // What was claimed of its schedule is skipped now.
    changed(conn, id).await
}

/// Resumes a job.
pub async fn resume(
    conn: &mut SqliteConnection,
    id: &JobId,
    expected: Expected,
    now: DateTime<Utc>,
) -> Result<Change<JobRow>, StoreError> {
    if !is_expected(&mut *conn, id, expected).await? {
        return Ok(Change::Lost);
    }
    batch::resume(&mut *conn, std::slice::from_ref(id), now).await?;
    changed(conn, id).await
}

/// A job after its change.
async fn changed(conn: &mut SqliteConnection, id: &JobId) -> Result<Change<JobRow>, StoreError> {
    let row = get(conn, id).await?;
    Ok(row.map_or(Change::NoSuchJob, Change::Done))
}

/// One job.
pub async fn get<'e, E>(executor: E, id: &JobId) -> Result<Option<JobRow>, StoreError>
where
    E: sqlx::Executor<'e, Database = sqlx::Sqlite>,
{
    let sql = format!(
        "SELECT {}, {} AS claimed_fire_at FROM jobs j WHERE j.job_id = ? AND j.ended = 0",
        rows::JOB_COLUMN,
        rows::CLAIMED_FIRE_AT
    );
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(id.as_str())
        .fetch_optional(executor)
        .await
        .map_err(store_error)?;
    row.as_ref().map(rows::job_row).transpose()
}

/// The places of the jobs whose id contains `part`, in the order of the list. As one
/// text: a row for each would take many times as much, and so would an order asked for
/// within the aggregate. With a LIMIT a subquery keeps its order.
pub async fn listed(pool: &SqlitePool, part: &str) -> Result<Vec<i64>, StoreError> {
    let found = sqlx::query(
        "SELECT json_group_array(seq) AS places FROM \
         (SELECT j.seq, COALESCE(c.fire_at, j.next_fire_at) AS next_run \
         FROM jobs j LEFT JOIN (SELECT job_id, MIN(due_at) AS fire_at FROM occurrences \
         WHERE state = 'claimed' AND attempt = 0 AND kind = 'scheduled' \
         AND queue IS NOT 'waiting' GROUP BY job_id) c ON c.job_id = j.job_id \
         WHERE j.ended = 0 AND instr(j.job_id, ?) > 0 \
         ORDER BY next_run IS NULL, next_run, j.seq LIMIT -1)",
    )
    .bind(part)
    .fetch_one(pool)
    .await
    .map_err(store_error)?;
    let places: &str = column(&found, "places")?;
    serde_json::from_str(places).map_err(|e| StoreError::Corrupt(format!("a list of places: {e}")))
}

/// The jobs of these places, in their order.
pub async fn at(pool: &SqlitePool, places: &[i64]) -> Result<Vec<JobRow>, StoreError> {
    let sql = format!(
        "SELECT {}, {} AS claimed_fire_at FROM json_each(?) s CROSS JOIN jobs j \
         ON j.seq = s.value WHERE j.ended = 0 ORDER BY s.key",
        rows::JOB_COLUMN,
        rows::CLAIMED_FIRE_AT
    );
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(json!(places).to_string())
        .fetch_all(pool)
        .await
        .map_err(store_error)?;
    found.iter().map(rows::job_row).collect()
}

/// The distinct seconds before `until` in which a job falls due. Each step of
/// the recursion is one seek in the index `jobs_due`.
pub async fn due_seconds(
    pool: &SqlitePool,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<i64>, StoreError> {
    let found = sqlx::query(
        "WITH RECURSIVE due(second) AS ( \
           SELECT MAX(MIN(next_fire_at) / 1000, ?1) FROM jobs WHERE next_fire_at < ?2 \
           UNION ALL \
           SELECT (SELECT MIN(next_fire_at) / 1000 FROM jobs \
                   WHERE next_fire_at >= (due.second + 1) * 1000 AND next_fire_at < ?2) \
           FROM due WHERE due.second IS NOT NULL) \
         SELECT second FROM due WHERE second IS NOT NULL \
         UNION \
         SELECT MAX(due_at / 1000, ?1) FROM occurrences \
         WHERE state = 'claimed' AND replica IS NULL AND queue IS NOT 'waiting' AND due_at < ?2 \
         ORDER BY 1",
    )
    .bind(now.timestamp())
    .bind(ms(until))
    .fetch_all(pool)
    .await
    .map_err(store_error)?;
    found
        .iter()
        .map(|row| row.try_get(0).map_err(store_error))
        .collect()
}
