//! The retention: deletes rows in slices, by seeks in an index, never by a scan.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::SqliteConnection;

use super::changes;
use super::error::store_error;
use super::occurrences::run_set;
use super::rows::{column, instant, ms};
use super::versions::{self, EVERY_JOB};
use crate::clock::Stopwatch;
use crate::store::{Cut, CutSlice, Place, StoreError};

/// How many rows of the ledger one look for jobs with too many passes by, for
/// each row that it may delete.
const LOOKED_AT: i64 = 64;

/// Deletes one slice.
pub async fn cut(conn: &mut SqliteConnection, what: &Cut) -> Result<CutSlice, StoreError> {
    let started = Stopwatch::start();
    let done = match *what {
        Cut::Aged {
            before,
            after,
            limit,
        } => aged(conn, before, after, limit).await?,
        Cut::Excess { .. } => excess(conn, what).await?,
        Cut::Versions { before, limit } => {
            let deleted = versions::cut(conn, before, limit).await?;
            CutSlice {
                deleted,
                more: deleted == u64::from(limit),
                ..CutSlice::default()
            }
        }
        Cut::Changes {
            before,
            keep,
            limit,
        } => {
            let deleted = changes::cut(conn, before, keep, limit).await?;
            CutSlice {
                deleted,
                more: deleted == u64::from(limit),
                ..CutSlice::default()
            }
        }
    };
    Ok(CutSlice {
        held: started.elapsed(),
        ..done
    })
}

/// The oldest rows behind a place, along the index on fire times. Rows that stay are
/// passed by: they are under way, stand for fire times up to now, or came to their end
/// lately, such as what was found missed after a long downtime.
async fn aged(
    conn: &mut SqliteConnection,
    before: DateTime<Utc>,
    after: Place,
    limit: u32,
) -> Result<CutSlice, StoreError> {
    let looked_at = sqlx::query(
        "SELECT row_id, fire_at, last_fire_at < ?1 AND COALESCE(settled_at, 0) < ?1 \
         AND state NOT IN ('claimed', 'firing') AS goes FROM occurrences \
         INDEXED BY occurrences_fire_at WHERE fire_at < ?1 AND (fire_at, row_id) > (?2, ?3) \
         ORDER BY fire_at, row_id LIMIT ?4",
    )
    .bind(ms(before))
    .bind(after.fire_at_ms)
    .bind(after.row_id)
    .bind(limit)
    .fetch_all(&mut *conn)
    .await
    .map_err(store_error)?;
    let mut done = CutSlice {
        more: looked_at.len() == limit as usize,
        place: after,
        ..CutSlice::default()
    };
    let mut going = Vec::new();
    for row in &looked_at {
        let row_id: i64 = column(row, "row_id")?;
        done.place = Place {
            fire_at_ms: column(row, "fire_at")?,
            row_id,
        };
        if column(row, "goes")? {
            going.push(json!(row_id));
        }
    }
    done.deleted = going.len() as u64;
    if !going.is_empty() {
        let sql = "DELETE FROM occurrences WHERE row_id IN (SELECT value FROM json_each(?))";
        run_set(&mut *conn, sql, going).await?;
        versions::note_cut(conn, EVERY_JOB, before).await?;
    }
    Ok(done)
}

/// What the jobs of some new rows have too many. The rows are chosen by a hash of
/// their id: jobs that take turns would else have theirs at the same remainder. The slice ends at the first job
/// that has more than it may delete; that one is looked at again.
async fn excess(conn: &mut SqliteConnection, what: &Cut) -> Result<CutSlice, StoreError> {
    let Cut::Excess {
        keep,
        after,
        every,
        before,
        limit,
    } = *what
    else {
        return Ok(CutSlice::default());
    };
    let span = i64::from(limit).saturating_mul(LOOKED_AT);
    let rows = sqlx::query(
        "SELECT row_id, job_id FROM occurrences \
         WHERE row_id > ?1 AND row_id <= ?1 + ?2 \
         AND (((row_id & 2147483647) * 2654435761) >> 15) % ?3 = 0 ORDER BY row_id LIMIT ?4",
    )
    .bind(after)
    .bind(span)
    .bind(every.max(1))
    .bind(limit)
    .fetch_all(&mut *conn)
    .await
    .map_err(store_error)?;
    let mut done = CutSlice {
        more: true,
        after,
        ..CutSlice::default()
    };
    for row in &rows {
        let left = u64::from(limit) - done.deleted;
        let deleted = cut_job(conn, column(row, "job_id")?, keep, before, left).await?;
        done.deleted += deleted;
        if deleted == left {
            return Ok(done);
        }
        done.after = column(row, "row_id")?;
    }
    let newest = sqlx::query("SELECT COALESCE(MAX(row_id), 0) AS row_id FROM occurrences")
        .fetch_one(conn)
        .await
        .map_err(store_error)?;
    let newest: i64 = column(&newest, "row_id")?;
    if rows.len() < limit as usize {
        done.after = newest.min(after.saturating_add(span)).max(after);
    }
    done.more = done.after < newest;
    Ok(done)
}

/// What one job has beyond the newest `keep`, at most `limit` rows.
async fn cut_job(
    conn: &mut SqliteConnection,
    job_id: &str,
    keep: u32,
    before: DateTime<Utc>,
    limit: u64,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "DELETE FROM occurrences WHERE row_id IN (SELECT row_id FROM occurrences \
         INDEXED BY occurrences_recent WHERE job_id = ?1 AND state NOT IN ('claimed', 'firing') \
         AND fire_at < MIN(?3, (SELECT fire_at FROM occurrences INDEXED BY occurrences_recent \
         WHERE job_id = ?1 AND state NOT IN ('claimed', 'firing') \
         ORDER BY fire_at DESC LIMIT 1 OFFSET ?2)) ORDER BY fire_at LIMIT ?4) \
         RETURNING last_fire_at",
    )
    .bind(job_id)
    .bind(keep.saturating_sub(1))
    .bind(ms(before))
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(&mut *conn)
    .await
    .map_err(store_error)?;
    let last: Vec<i64> = done
        .iter()
        .map(|row| column(row, "last_fire_at"))
        .collect::<Result<_, _>>()?;
    if let Some(last) = last.iter().max() {
        versions::note_cut(conn, job_id, instant(last + 1)?).await?;
    }
    Ok(last.len() as u64)
}
