//! The ledger, page by page, row by row, and around an instant; each in one
//! snapshot.

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, SqlitePool};

use super::error::store_error;
use super::rows::{self, column, ms};
use super::statement::{Plan, Reading, Statement};
use crate::domain::job::JobId;
use crate::domain::occurrence::LedgerEntry;
use crate::store::{Around, RunPosition, RunsPage, RunsRequest, StoreError};

mod source;
mod walk;

pub use walk::RunsBudget;

/// One page.
pub async fn page(
    pool: &SqlitePool,
    request: &RunsRequest,
    budget: &RunsBudget,
) -> Result<RunsPage, StoreError> {
    let mut conn = pool.acquire().await.map_err(store_error)?;
    let mut snapshot = conn.begin().await.map_err(store_error)?;
    let page = read(&mut Reading::new(&mut snapshot), request, budget).await?;
    snapshot.commit().await.map_err(store_error)?;
    Ok(page)
}

/// The plans of the statements of one page.
pub async fn explain(
    pool: &SqlitePool,
    request: &RunsRequest,
    budget: &RunsBudget,
) -> Result<Vec<Plan>, StoreError> {
    let mut conn = pool.acquire().await.map_err(store_error)?;
    let mut reading = Reading::explained(&mut conn);
    read(&mut reading, request, budget).await?;
    Ok(reading.into_plans())
}

async fn read(
    reading: &mut Reading<'_>,
    request: &RunsRequest,
    budget: &RunsBudget,
) -> Result<RunsPage, StoreError> {
    let (places, next) = walk::walk(reading, request, budget).await?;
    let ids: Vec<i64> = places.iter().map(|place| place.row_id).collect();
    let ids = serde_json::Value::from(ids).to_string();
    let sql = Statement::new("SELECT o.* FROM json_each(")
        .bind(ids.as_str())
        .text(") i CROSS JOIN occurrences o ON o.row_id = i.value ORDER BY i.key");
    let found = reading.all(sql).await?;
    let rows = found.iter().map(rows::ledger_entry);
    Ok(RunsPage {
        rows: rows.collect::<Result<_, _>>()?,
        next,
    })
}

/// One row, with its past attempts.
pub async fn run(pool: &SqlitePool, row_id: i64) -> Result<Option<LedgerEntry>, StoreError> {
    let mut conn = pool.acquire().await.map_err(store_error)?;
    let mut snapshot = conn.begin().await.map_err(store_error)?;
    let mut reading = Reading::new(&mut snapshot);
    let sql = Statement::new("SELECT * FROM occurrences WHERE row_id = ").bind(row_id);
    let found = reading.all(sql).await?;
    let mut entry = first(&found)?;
    if let Some(entry) = &mut entry {
        let sql = Statement::new("SELECT * FROM attempts WHERE occurrence = ")
            .bind(row_id)
            .text(" ORDER BY number");
        let past = reading.all(sql).await?;
        let past = past.iter().map(rows::past_attempt);
        entry.past_attempts = past.collect::<Result<_, _>>()?;
    }
    snapshot.commit().await.map_err(store_error)?;
    Ok(entry)
}

/// Whether the ledger has a row of the job.
pub async fn has_runs(pool: &SqlitePool, id: &JobId) -> Result<bool, StoreError> {
    let found = sqlx::query("SELECT 1 FROM occurrences WHERE job_id = ? LIMIT 1")
        .bind(id.as_str())
        .fetch_optional(pool)
        .await;
    found.map(|row| row.is_some()).map_err(store_error)
}

/// What the ledger has of the job around an instant, manual runs left out.
pub async fn around(
    pool: &SqlitePool,
    id: &JobId,
    at: DateTime<Utc>,
) -> Result<Around, StoreError> {
    let mut conn = pool.acquire().await.map_err(store_error)?;
    let mut snapshot = conn.begin().await.map_err(store_error)?;
    let mut reading = Reading::new(&mut snapshot);
    let before = beside(&mut reading, id, " AND fire_at <= ", at, "DESC").await?;
    let after = beside(&mut reading, id, " AND fire_at > ", at, "ASC").await?;
    snapshot.commit().await.map_err(store_error)?;
    let mut before: Vec<LedgerEntry> = before;
    let covers = before.first().is_some_and(|row| row.last_fire_at >= at);
    let found = covers.then(|| before.remove(0));
    Ok(Around {
        at: found,
        before: before.into_iter().next(),
        after: after.into_iter().next(),
    })
}

/// The two scheduled rows of the job next to an instant, on one side of it.
async fn beside(
    reading: &mut Reading<'_>,
    id: &JobId,
    side: &'static str,
    at: DateTime<Utc>,
    order: &'static str,
) -> Result<Vec<LedgerEntry>, StoreError> {
    let sql = Statement::new("SELECT * FROM occurrences WHERE job_id = ")
        .bind(id.as_str())
        .text(side)
        .bind(ms(at))
        .text(" AND kind = 'scheduled' ORDER BY fire_at ")
        .text(order)
        .text(" LIMIT 2");
    let found = reading.all(sql).await?;
    found.iter().map(rows::ledger_entry).collect()
}

fn first(found: &[SqliteRow]) -> Result<Option<LedgerEntry>, StoreError> {
    found.first().map(rows::ledger_entry).transpose()
}

/// A place out of a row that has it.
fn place(row: &SqliteRow) -> Result<RunPosition, StoreError> {
    Ok(RunPosition {
        fire_at_ms: column(row, "fire_at")?,
        row_id: column(row, "row_id")?,
    })
}
