//! What the ledger of one job has at and around an instant, by seeks in its
//! index of fire times.

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Connection, SqlitePool};

use super::super::error::store_error;
use super::super::of_job;
use super::super::rows::{column, ms};
use super::super::statement::{Reading, Statement};
use super::walk::place;
use super::{entries, whole};
use crate::domain::job::JobId;
use crate::domain::occurrence::LedgerEntry;
use crate::store::{Around, StoreError};

/// How many rows before the instant are looked at for one that stands for it.
/// The rows of a plan follow each other, so it is the first one, unless the
/// clock was set back.
const LOOKED_AT: u32 = 8;

/// What there is of a job around `at`.
pub async fn around(
    pool: &SqlitePool,
    id: &JobId,
    at: DateTime<Utc>,
) -> Result<Around, StoreError> {
    let mut conn = pool.acquire().await.map_err(store_error)?;
    let mut snapshot = conn.begin().await.map_err(store_error)?;
    let mut reading = Reading::new(&mut snapshot);
    let run = match row_at(&mut reading, id, at).await? {
        Some(row_id) => whole(&mut reading, row_id).await?,
        None => None,
    };
    let [before, after] = [Side::Before, Side::After].map(|side| beside(id, at, side));
    let around = Around {
        before: first(&mut reading, before, run.as_ref()).await?,
        after: first(&mut reading, after, run.as_ref()).await?,
        at: run,
    };
    snapshot.commit().await.map_err(store_error)?;
    Ok(around)
}

/// Whether the ledger has any row of the job.
pub async fn has_runs(pool: &SqlitePool, id: &JobId) -> Result<bool, StoreError> {
    let sql = format!("{} LIMIT 1", of_job::rows("1", "o.job_id = ?1"));
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(id.as_str())
        .fetch_optional(pool)
        .await;
    found.map(|row| row.is_some()).map_err(store_error)
}

/// The row of that fire time, scheduled before manual, or the one that stands
/// for it.
async fn row_at(
    reading: &mut Reading<'_>,
    id: &JobId,
    at: DateTime<Utc>,
) -> Result<Option<i64>, StoreError> {
    let exact = Statement::new("SELECT row_id FROM occurrences WHERE fire_at = ")
        .bind(ms(at))
        .text(" AND job_id = ")
        .bind(id.as_str())
        .text(" ORDER BY kind DESC LIMIT 1");
    // What stands for several has ended.
    let spanning = Statement::new("SELECT row_id FROM (SELECT row_id, last_fire_at FROM ")
        .text("occurrences INDEXED BY occurrences_recent WHERE job_id = ")
        .bind(id.as_str())
        .text(" AND state NOT IN ('claimed', 'firing')")
        .text(" AND kind = 'scheduled' AND fire_at < ")
        .bind(ms(at))
        .text(" ORDER BY fire_at DESC LIMIT ")
        .bind(LOOKED_AT)
        .text(") WHERE last_fire_at >= ")
        .bind(ms(at))
        .text(" LIMIT 1");
    for statement in [exact, spanning] {
        if let Some(row) = reading.all(statement).await?.first() {
            return column(row, "row_id").map(Some);
        }
    }
    Ok(None)
}

enum Side {
    Before,
    After,
}

/// The two scheduled rows next to an instant: the row of the instant itself may
/// be one of them.
fn beside(id: &JobId, at: DateTime<Utc>, side: Side) -> Statement {
    let (compare, order) = match side {
        Side::Before => (" AND o.fire_at < ", " ORDER BY fire_at DESC LIMIT 2"),
        Side::After => (" AND o.fire_at > ", " ORDER BY fire_at LIMIT 2"),
    };
    let beside = Statement::new("o.job_id = ")
        .bind(id.as_str())
        .text(" AND o.kind = 'scheduled'")
        .text(compare)
        .bind(ms(at));
    of_job::statement("o.row_id, o.fire_at", &beside).text(order)
}

async fn first(
    reading: &mut Reading<'_>,
    statement: Statement,
    other_than: Option<&LedgerEntry>,
) -> Result<Option<LedgerEntry>, StoreError> {
    let found = reading.all(statement).await?;
    let places = found.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    let other_than = other_than.map(|entry| entry.row_id);
    let place = places.iter().find(|place| Some(place.row_id) != other_than);
    let entries = entries(reading, place.map_or(&[], std::slice::from_ref)).await?;
    Ok(entries.into_iter().next())
}
