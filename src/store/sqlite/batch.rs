//! Changes of many jobs in one request. A change of one job is a batch of one:
//! there is one statement for each change.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::store_error;
use super::occurrences::skip_claims;
use super::rows::{self, column, ms};
use super::{manual, versions};
use crate::domain::job::{Job, JobId, JobState};
use crate::domain::occurrence::Reason;
use crate::domain::policy::Policies;
use crate::store::{ActionEnd, BatchEnd, JobAction, StoreError};

/// Does the same to each of these jobs.
pub async fn change(
    conn: &mut SqliteConnection,
    ids: &[JobId],
    action: JobAction,
    now: DateTime<Utc>,
) -> Result<BatchEnd, StoreError> {
    match action {
        JobAction::Pause => {
            let Paused { listed, changed } = pause(conn, ids, now).await?;
            Ok(ends(ids, |id| (listed.contains(id), changed.contains(id))))
        }
        JobAction::Remove => {
            let removed = remove(conn, ids, now).await?;
            Ok(ends(ids, |id| (removed.contains(id), true)))
        }
        JobAction::Resume => {
            let resumed = resume(conn, ids, now).await?;
            let next = resumed.values().filter_map(|r| r.next_fire_at).min();
            let found = |id: &str| {
                let resumed = resumed.get(id);
                (resumed.is_some(), resumed.is_some_and(|r| r.changed))
            };
            Ok(BatchEnd {
                next_fire_at: next,
                ..ends(ids, found)
            })
        }
        JobAction::Run => run(conn, ids, now).await,
    }
}

/// The ends of these jobs; `found` tells whether there is such a job, and
/// whether it was changed.
fn ends(ids: &[JobId], found: impl Fn(&str) -> (bool, bool)) -> BatchEnd {
    let end = |id: &JobId| match found(id.as_str()) {
        (false, _) => ActionEnd::NoSuchJob,
        (true, true) => ActionEnd::Changed,
        (true, false) => ActionEnd::Unchanged,
    };
    BatchEnd {
        ends: ids.iter().map(end).collect(),
        next_fire_at: None,
    }
}

/// What a pause has met.
pub struct Paused {
    /// The jobs that there are.
    pub listed: HashSet<String>,
    /// Those that were not paused by a client before.
    changed: HashSet<String>,
}

/// Pauses jobs.
pub async fn pause(
    conn: &mut SqliteConnection,
    ids: &[JobId],
    now: DateTime<Utc>,
) -> Result<Paused, StoreError> {
    let set = set(ids);
    let listed = sqlx::query(
        "SELECT job_id FROM jobs WHERE job_id IN (SELECT value FROM json_each(?)) AND ended = 0",
    )
    .bind(&set)
    .fetch_all(&mut *conn)
    .await
    .map_err(store_error)?;
    let listed = names(&listed)?;
    let changed = sqlx::query(
        "UPDATE jobs SET state = 'paused', paused_by = NULL, next_fire_at = NULL, \
         first_fire_at = NULL, version = version + 1, updated_at = ?2 \
         WHERE job_id IN (SELECT value FROM json_each(?1)) AND ended = 0 \
         AND (state <> 'paused' OR paused_by IS NOT NULL) RETURNING job_id",
    )
    .bind(&set)
    .bind(ms(now))
    .fetch_all(&mut *conn)
    .await
    .map_err(store_error)?;
    let changed = names(&changed)?;
    versions::settle(&mut *conn, changed.len(), Reason::Paused, now).await?;
    let paused: Vec<&str> = listed.iter().map(String::as_str).collect();
    skip_claims(conn, &paused, Reason::Paused, now).await?;
    Ok(Paused { listed, changed })
}

/// Removes jobs; answers with those that were listed.
pub async fn remove(
    conn: &mut SqliteConnection,
    ids: &[JobId],
    now: DateTime<Utc>,
) -> Result<HashSet<String>, StoreError> {
    let named: Vec<&str> = ids.iter().map(JobId::as_str).collect();
    skip_claims(&mut *conn, &named, Reason::Removed, now).await?;
    let mut removed = sqlx::query(
        "DELETE FROM jobs WHERE job_id IN (SELECT value FROM json_each(?)) \
         RETURNING job_id, ended",
    )
    .bind(set(ids))
    .fetch_all(&mut *conn)
    .await
    .map_err(store_error)?;
    versions::settle(conn, removed.len(), Reason::Removed, now).await?;
    let ended = |row: &SqliteRow| column::<bool>(row, "ended");
    let flags: Vec<bool> = removed.iter().map(ended).collect::<Result<_, _>>()?;
    let mut flags = flags.into_iter();
    removed.retain(|_| flags.next() == Some(false));
    names(&removed)
}

/// What a resume has met.
pub struct Resumed {
    changed: bool,
    next_fire_at: Option<DateTime<Utc>>,
}

/// Resumes jobs; answers with those that there are.
pub async fn resume(
    conn: &mut SqliteConnection,
    ids: &[JobId],
    now: DateTime<Utc>,
) -> Result<HashMap<String, Resumed>, StoreError> {
    let mut changes = Vec::new();
    let mut resumed = HashMap::new();
    for job in by_id(&mut *conn, ids).await?.into_iter().flatten() {
        let held = job.state == JobState::Paused || job.policies.pause_until.is_some();
        let next_fire_at = match held {
            true => next_of_resumed(&job, now),
            false => job.next_fire_at,
        };
        if held {
            let policies = rows::to_json(&Policies {
                pause_until: None,
                ..job.policies
            })?;
            changes.push(json!([job.id.as_str(), next_fire_at.map(ms), policies]));
        }
        let found = Resumed {
            changed: held,
            next_fire_at,
        };
        resumed.insert(job.id.as_str().to_owned(), found);
    }
    if changes.is_empty() {
        return Ok(resumed);
    }
    sqlx::query(
        "UPDATE jobs SET state = 'running', paused_by = NULL, failures = 0, \
         next_fire_at = r.next_fire_at, first_fire_at = r.next_fire_at, policies_json = r.policies, pause_until = NULL, \
         version = version + 1, updated_at = ?2 \
         FROM (SELECT value ->> 0 AS job_id, value ->> 1 AS next_fire_at, \
         value ->> 2 AS policies FROM jsonb_each(?1)) r WHERE jobs.job_id = r.job_id",
    )
    .bind(json!(changes).to_string())
    .bind(ms(now))
    .execute(conn)
    .await
    .map_err(store_error)?;
    Ok(resumed)
}

/// When a job that is resumed fires next.
fn next_of_resumed(job: &Job, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let from_now = job.schedule.next_at_or_after(now);
    match job.state {
        // One that was skipped ahead of its time is planned again.
        JobState::Running => job
            .next_fire_at
            .map(|next| from_now.map_or(next, |at| at.min(next))),
        JobState::Paused => from_now,
    }
}

async fn run(
    conn: &mut SqliteConnection,
    ids: &[JobId],
    now: DateTime<Utc>,
) -> Result<BatchEnd, StoreError> {
    let mut done = BatchEnd::default();
    for id in ids {
        let run = manual::run_now(&mut *conn, id, now).await?;
        let fire_at = run.map(|run| run.occurrence.fire_at);
        done.next_fire_at = done.next_fire_at.into_iter().chain(fire_at).min();
        done.ends.push(match fire_at {
            Some(_) => ActionEnd::Changed,
            None => ActionEnd::NoSuchJob,
        });
    }
    Ok(done)
}

/// The jobs of these ids, in their order.
pub async fn by_id(
    conn: &mut SqliteConnection,
    ids: &[JobId],
) -> Result<Vec<Option<Job>>, StoreError> {
    let sql = format!(
        "SELECT s.key AS place, {} FROM json_each(?) s \
         CROSS JOIN jobs j ON j.job_id = s.value WHERE j.ended = 0",
        rows::JOB_COLUMN
    );
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(set(ids))
        .fetch_all(conn)
        .await
        .map_err(store_error)?;
    let mut jobs = vec![None; ids.len()];
    for row in &found {
        let place = usize::try_from(column::<i64>(row, "place")?).unwrap_or(usize::MAX);
        if let Some(slot) = jobs.get_mut(place) {
            *slot = Some(rows::job(row)?);
        }
    }
    Ok(jobs)
}

fn set(ids: &[JobId]) -> String {
    let ids: Vec<&str> = ids.iter().map(JobId::as_str).collect();
    json!(ids).to_string()
}

fn names(rows: &[SqliteRow]) -> Result<HashSet<String>, StoreError> {
    rows.iter().map(|row| column(row, "job_id")).collect()
}
