//! Queries on jobs.

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Row, SqliteConnection, SqlitePool};

use super::batch;
use super::error::store_error;
use super::occurrences::skip_claims;
use super::rows::{self, ms};
use super::versions;
use crate::domain::job::{JobDraft, JobId, Revision};
use crate::domain::occurrence::Reason;
use crate::domain::trigger::TriggerKind;
use crate::store::{Change, Expected, JobRow, StoreError};

/// Adds or replaces a job; its revision, unless it is not as expected.
pub async fn put(
    conn: &mut SqliteConnection,
    draft: &JobDraft,
    expected: Expected,
    now: DateTime<Utc>,
) -> Result<Option<Revision>, StoreError> {
    if !is_expected(&mut *conn, &draft.id, expected).await? {
        return Ok(None);
    }
    let id = draft.id.as_str();
    skip_claims(&mut *conn, &[id], Reason::Changed, now).await?;
    // The Python service removes a cron job before it adds it again, so that
    // it goes to the end of the ties in the list; the others keep their place.
    let kind = draft.schedule.kind();
    let added_anew = expected == Expected::Anything && kind == TriggerKind::Cron;
    // Whether it is another job than the one of that id before.
    let another = if added_anew { "1" } else { "ended = 1" };
    let sql = format!(
        "INSERT INTO jobs (job_id, version, state, kind, trigger_json, url, next_fire_at, \
         first_fire_at, created_at, updated_at, policies_json, pause_until, request_json, \
         description, tags_json) \
         VALUES (?1, 1, ?8, ?9, ?2, ?3, ?4, ?4, ?5, ?5, ?6, ?12, ?7, ?10, ?11) \
         ON CONFLICT (job_id) DO UPDATE SET seq = {}, version = version + 1, \
         created_at = IIF({another}, ?5, created_at), last_state = IIF({another}, NULL, last_state), \
         last_ended_at = IIF({another}, NULL, last_ended_at), \
         state = ?8, paused_by = IIF(?8 = 'paused', paused_by, NULL), kind = ?9, \
         trigger_json = ?2, url = ?3, next_fire_at = ?4, first_fire_at = ?4, ended = 0, failures = 0, \
         policies_json = ?6, pause_until = ?12, request_json = ?7, description = ?10, tags_json = ?11, \
         updated_at = ?5 RETURNING created_at, version",
        if added_anew { NEXT_SEQ } else { "seq" },
    );
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(id)
        .bind(rows::to_json(&draft.schedule)?)
        .bind(&draft.request.url)
        .bind(draft.next_fire_at.map(ms))
        .bind(ms(now))
        .bind(rows::to_json(&draft.policies)?)
        .bind((!draft.request.literal).then(|| draft.request.for_store().to_string()))
        .bind(draft.state.as_str())
        .bind(kind.as_str())
        .bind(&draft.notes.description)
        .bind(rows::to_json(&draft.notes.tags)?)
        .bind(draft.policies.pause_until.map(ms))
        .fetch_one(&mut *conn)
        .await
        .map_err(store_error)?;
    let revision = rows::revision(&row)?;
    if revision.version > 1 {
        versions::settle_put(conn, draft, now).await?;
    }
    Ok(Some(revision))
}

const NEXT_SEQ: &str = "(SELECT COALESCE(MAX(seq), 0) + 1 FROM jobs)";

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
        rows::JOB_COLUMNS,
        rows::CLAIMED_FIRE_AT
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
         WHERE state = 'claimed' AND attempt = 0 AND kind = 'scheduled' \
         AND queue IS NOT 'waiting' GROUP BY job_id) c ON c.job_id = j.job_id \
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
