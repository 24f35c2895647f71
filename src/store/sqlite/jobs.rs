//! Queries on jobs.

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Row, SqliteConnection, SqlitePool};

use super::error::store_error;
use super::occurrences::skip_claims;
use super::rows::{self, ms};
use crate::domain::job::{JobDraft, JobId, JobState};
use crate::domain::occurrence::Reason;
use crate::domain::trigger::TriggerKind;
use crate::store::{JobRow, StoreError};

/// Adds or replaces a job.
pub async fn put(
    conn: &mut SqliteConnection,
    draft: &JobDraft,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let id = draft.id.as_str();
    skip_claims(conn, id, Reason::Changed, now).await?;
    // The Python service removes a cron job before it adds it again, so that
    // it goes to the end of the ties in the list; the others keep their place.
    let seq = match draft.schedule.kind() {
        TriggerKind::Cron => "(SELECT COALESCE(MAX(seq), 0) + 1 FROM jobs)",
        TriggerKind::Date | TriggerKind::Interval => "seq",
    };
    let sql = format!(
        "INSERT INTO jobs (job_id, version, state, trigger_json, url, next_fire_at, created_at, \
         updated_at, policies_json, request_json) VALUES (?1, 1, 'running', ?2, ?3, ?4, ?5, ?5, \
         ?6, ?7) \
         ON CONFLICT (job_id) DO UPDATE SET seq = {seq}, version = version + 1, \
         state = 'running', trigger_json = ?2, url = ?3, next_fire_at = ?4, ended = 0, policies_json = ?6, request_json = ?7, \
         updated_at = ?5"
    );
    sqlx::query(AssertSqlSafe(sql))
        .bind(id)
        .bind(rows::to_json(&draft.schedule)?)
        .bind(&draft.request.url)
        .bind(draft.next_fire_at.map(ms))
        .bind(ms(now))
        .bind(rows::to_json(&draft.policies)?)
        .bind((!draft.request.literal).then(|| draft.request.for_store().to_string()))
        .execute(conn)
        .await
        .map_err(store_error)?;
    Ok(())
}

/// Removes a job; whether there was one.
pub async fn remove(
    conn: &mut SqliteConnection,
    id: &JobId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    skip_claims(&mut *conn, id.as_str(), Reason::Removed, now).await?;
    let row = sqlx::query("DELETE FROM jobs WHERE job_id = ? RETURNING ended")
        .bind(id.as_str())
        .fetch_optional(conn)
        .await
        .map_err(store_error)?;
    let ended: Option<bool> = row.map(|row| rows::column(&row, "ended")).transpose()?;
    Ok(ended == Some(false))
}

/// Pauses a job; whether there is one.
pub async fn pause(
    conn: &mut SqliteConnection,
    id: &JobId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE jobs SET state = 'paused', next_fire_at = NULL, version = version + 1, \
         updated_at = ?2 WHERE job_id = ?1 AND ended = 0",
    )
    .bind(id.as_str())
    .bind(ms(now))
    .execute(&mut *conn)
    .await
    .map_err(store_error)?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    skip_claims(conn, id.as_str(), Reason::Paused, now).await?;
    Ok(true)
}

/// Resumes a paused job; its next fire time, if there is such a job.
pub async fn resume(
    conn: &mut SqliteConnection,
    id: &JobId,
    now: DateTime<Utc>,
) -> Result<Option<Option<DateTime<Utc>>>, StoreError> {
    let Some(row) = get(&mut *conn, id).await? else {
        return Ok(None);
    };
    if row.job.state == JobState::Running {
        return Ok(Some(row.job.next_fire_at));
    }
    let next_fire_at = row.job.schedule.next_at_or_after(now);
    sqlx::query(
        "UPDATE jobs SET state = 'running', next_fire_at = ?2, version = version + 1, \
         updated_at = ?3 WHERE job_id = ?1",
    )
    .bind(id.as_str())
    .bind(next_fire_at.map(ms))
    .bind(ms(now))
    .execute(conn)
    .await
    .map_err(store_error)?;
    Ok(Some(next_fire_at))
}

/// One job.
pub async fn get<'e, E>(executor: E, id: &JobId) -> Result<Option<JobRow>, StoreError>
where
    E: sqlx::Executor<'e, Database = sqlx::Sqlite>,
{
    let sql = format!(
        "SELECT {}, (SELECT MIN(due_at) FROM occurrences o WHERE o.job_id = j.job_id AND \
         o.state = 'claimed' AND o.attempt = 0) AS claimed_fire_at FROM jobs j WHERE j.job_id = ? AND j.ended = 0",
        rows::JOB_COLUMNS
    );
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(id.as_str())
        .fetch_optional(executor)
        .await
        .map_err(store_error)?;
    row.as_ref().map(rows::job_row).transpose()
}

/// The jobs whose id contains `part`, in the order of the list.
pub async fn list(pool: &SqlitePool, part: &str) -> Result<Vec<JobRow>, StoreError> {
    let sql = format!(
        "SELECT {}, c.fire_at AS claimed_fire_at, COALESCE(c.fire_at, j.next_fire_at) AS next_run \
         FROM jobs j LEFT JOIN (SELECT job_id, MIN(due_at) AS fire_at FROM occurrences \
         WHERE state = 'claimed' AND attempt = 0 GROUP BY job_id) c ON c.job_id = j.job_id \
         WHERE j.ended = 0 AND instr(j.job_id, ?) > 0 ORDER BY next_run IS NULL, next_run, j.seq",
        rows::JOB_COLUMNS
    );
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(part)
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
         WHERE state = 'claimed' AND replica IS NULL AND due_at < ?2 \
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
