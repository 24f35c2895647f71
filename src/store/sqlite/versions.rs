//! Versions that jobs do not have any more. Triggers on `jobs` keep them; what is
//! here puts on record what such a version leaves unplanned, and cuts the old ones.
//!
//! Invariant: what was due when a job was paused, replaced or removed, and no
//! replica had planned, has a row in the ledger from that very transaction on. Most
//! often there is nothing: what is due is planned within half a second, but for a
//! downtime.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::error::store_error;
use super::not_fired::{self, Unfired};
use super::rows::{self, column, instant, ms};
use crate::domain::job::JobDraft;
use crate::domain::misfire::{self, NotFired};
use crate::domain::occurrence::Reason;
use crate::domain::schedule::Schedule;
use crate::store::StoreError;

/// How much longer than the ledger versions are kept, so that no clock that was set
/// lets one go before the last row that it explains.
const LONGER: TimeDelta = TimeDelta::days(1);

/// Dates the newest `made` versions, which a change of this transaction has made,
/// and skips what was due by then and not planned.
pub async fn settle(
    conn: &mut SqliteConnection,
    made: usize,
    reason: Reason,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if made == 0 {
        return Ok(());
    }
    let mut left = Vec::new();
    for row in &date(&mut *conn, made, now).await? {
        left.extend(left_by(row, reason, now)?);
    }
    record(conn, &left, now).await
}

/// The same for puts of these drafts, each of which has replaced a version. Where the
/// schedule goes on, only what it does not plan itself is left.
pub async fn settle_put(
    conn: &mut SqliteConnection,
    drafts: &[&JobDraft],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if drafts.is_empty() {
        return Ok(());
    }
    let drafts: HashMap<&str, &JobDraft> = drafts.iter().map(|d| (d.id.as_str(), *d)).collect();
    let mut left = Vec::new();
    for row in &date(&mut *conn, drafts.len(), now).await? {
        let draft = drafts.get(column::<&str>(row, "job_id")?);
        let before = match (draft, column::<Option<&str>>(row, "trigger_json")?) {
            (Some(draft), Some(json)) if json == rows::to_json(&draft.schedule)? => {
                draft.next_fire_at.map_or(now, |next| next.min(now))
            }
            _ => now,
        };
        left.extend(left_by(row, Reason::Changed, before)?);
    }
    record(conn, &left, now).await
}

/// The newest versions, with their schedules where something may be left of them.
async fn date(
    conn: &mut SqliteConnection,
    made: usize,
    now: DateTime<Utc>,
) -> Result<Vec<SqliteRow>, StoreError> {
    sqlx::query(
        "UPDATE job_versions SET replaced_at = ?2 \
         WHERE row_id > (SELECT MAX(row_id) FROM job_versions) - ?1 \
         RETURNING job_id, until_fire_at, iif(until_fire_at < ?2, trigger_json, NULL) AS trigger_json",
    )
    .bind(i64::try_from(made).unwrap_or(i64::MAX))
    .bind(ms(now))
    .fetch_all(conn)
    .await
    .map_err(store_error)
}

/// What a version has not planned.
struct Left {
    id: String,
    schedule: Schedule,
    of: Vec<NotFired>,
}

/// What a version has not planned of what was due before an instant.
fn left_by(
    row: &SqliteRow,
    reason: Reason,
    before: DateTime<Utc>,
) -> Result<Option<Left>, StoreError> {
    let (id, json): (&str, Option<&str>) = (column(row, "job_id")?, column(row, "trigger_json")?);
    let until: Option<i64> = column(row, "until_fire_at")?;
    let (Some(json), Some(until)) = (json, until) else {
        return Ok(None);
    };
    let schedule: Schedule = serde_json::from_str(json)
        .map_err(|e| StoreError::Corrupt(format!("trigger_json of job {id:?}: {e}")))?;
    let of = misfire::given_up(&schedule, instant(until)?, before, reason);
    Ok((!of.is_empty()).then(|| Left {
        id: id.to_owned(),
        schedule,
        of,
    }))
}

async fn record(
    conn: &mut SqliteConnection,
    left: &[Left],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let unfired = left.iter().map(|left| Unfired {
        id: left.id.clone(),
        schedule: &left.schedule,
        of: left.of.clone(),
    });
    not_fired::insert(conn, unfired.collect(), now).await
}

/// Cuts versions that were replaced before the ledger that is kept; how many.
pub async fn cut(
    conn: &mut SqliteConnection,
    before: DateTime<Utc>,
    limit: u32,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "DELETE FROM job_versions WHERE row_id IN (SELECT row_id FROM job_versions \
         WHERE replaced_at < ?1 ORDER BY replaced_at LIMIT ?2)",
    )
    .bind(ms(before.checked_sub_signed(LONGER).unwrap_or(before)))
    .bind(limit)
    .execute(&mut *conn)
    .await
    .map_err(store_error)?;
    if done.rows_affected() > 0 {
        note_cut(&mut *conn, EVERY_JOB, before).await?;
    }
    let told_by_all = sqlx::query(
        "DELETE FROM ledger_cuts WHERE job_id IN (SELECT job_id FROM ledger_cuts \
         WHERE job_id <> ?1 AND before <= (SELECT before FROM ledger_cuts WHERE job_id = ?1) \
         ORDER BY before LIMIT ?2)",
    )
    .bind(EVERY_JOB)
    .bind(limit)
    .execute(conn)
    .await;
    told_by_all.map_err(store_error)?;
    Ok(done.rows_affected())
}

/// In `ledger_cuts`, all jobs.
pub const EVERY_JOB: &str = "";

/// Notes that rows of before a fire time may be gone.
pub async fn note_cut(
    conn: &mut SqliteConnection,
    job_id: &str,
    before: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO ledger_cuts (job_id, before) VALUES (?1, ?2) \
         ON CONFLICT (job_id) DO UPDATE SET before = MAX(before, excluded.before)",
    )
    .bind(job_id)
    .bind(ms(before))
    .execute(conn)
    .await
    .map_err(store_error)?;
    Ok(())
}
