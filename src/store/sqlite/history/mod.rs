//! The ledger read back: page by page, one row, and what is there around an
//! instant. A page finds the places of its rows first (`walk`), by one index or
//! several (`source`), then reads the rows; all in one snapshot. No page looks
//! at more than a bounded number of rows.

use serde_json::{Value, json};
use sqlx::{Connection, SqlitePool};

use super::error::store_error;
use super::rows::{self, LEDGER_COLUMNS, column};
use super::statement::{Plan, Reading, Statement};
use crate::domain::occurrence::{LedgerEntry, OccurrenceState};
use crate::store::{RunPosition, RunsPage, RunsRequest, StoreError};

mod around;
mod filter;
mod source;
mod walk;

pub use around::{around, has_runs};

/// How much a page of the history may look at. The figures are such that the
/// worst page of ten million rows stays well under 20 ms
/// (`cargo bench -- history`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunsBudget {
    /// How many rows are looked at along an index that does not hold what the
    /// filter asks.
    pub rows: u32,
    /// How many entries of an index that does.
    pub entries: u32,
    /// Up to how many open rows of one state are read and sorted.
    pub open: u32,
}

impl Default for RunsBudget {
    fn default() -> Self {
        Self {
            rows: 2_400,
            entries: 7_200,
            open: 1_000,
        }
    }
}

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
    let sources = source::sources(reading, request, budget).await?;
    let (places, next) = walk::walk(reading, request, &sources).await?;
    let rows = entries(reading, &places).await?;
    Ok(RunsPage { rows, next })
}

/// One row, with everything that is known of it.
pub async fn run(pool: &SqlitePool, row_id: i64) -> Result<Option<LedgerEntry>, StoreError> {
    let mut conn = pool.acquire().await.map_err(store_error)?;
    let mut snapshot = conn.begin().await.map_err(store_error)?;
    let found = whole(&mut Reading::new(&mut snapshot), row_id).await?;
    snapshot.commit().await.map_err(store_error)?;
    Ok(found)
}

async fn whole(reading: &mut Reading<'_>, row_id: i64) -> Result<Option<LedgerEntry>, StoreError> {
    let row = Statement::new("SELECT * FROM occurrences WHERE row_id = ").bind(row_id);
    let found = reading.all(row).await?;
    let Some(mut entry) = found.first().map(rows::ledger_entry).transpose()? else {
        return Ok(None);
    };
    if entry.attempt > 0 {
        let attempts = Statement::new("SELECT * FROM attempts WHERE occurrence = ")
            .bind(row_id)
            .text(" ORDER BY number");
        let found = reading.all(attempts).await?;
        entry.past_attempts = found
            .iter()
            .map(rows::past_attempt)
            .collect::<Result<_, _>>()?;
    }
    Ok(Some(entry))
}

/// The rows of these places, in this order, as a page shows them.
async fn entries(
    reading: &mut Reading<'_>,
    places: &[RunPosition],
) -> Result<Vec<LedgerEntry>, StoreError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = places.iter().map(|place| place.row_id).collect();
    let ids = Value::from(ids).to_string();
    let sql = Statement::new("SELECT ")
        .text(LEDGER_COLUMNS)
        .text(", NULL AS body FROM json_each(")
        .bind(ids.as_str())
        .text(") s CROSS JOIN occurrences o ON o.row_id = s.value ORDER BY s.key");
    let found = reading.all(sql).await?;
    let entries = found.iter().map(rows::ledger_entry);
    let mut entries: Vec<LedgerEntry> = entries.collect::<Result<_, _>>()?;
    add_attempts(reading, &mut entries).await?;
    Ok(entries)
}

/// What the past attempts of these rows came to.
async fn add_attempts(
    reading: &mut Reading<'_>,
    entries: &mut [LedgerEntry],
) -> Result<(), StoreError> {
    // One that waited for its second attempt may have failed meanwhile.
    let has_past = |entry: &LedgerEntry| {
        let waits_or_failed = matches!(
            entry.state,
            OccurrenceState::Claimed | OccurrenceState::Failed
        );
        entry.attempt > 1 || (entry.attempt == 1 && waits_or_failed)
    };
    let set: Vec<Value> = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| has_past(entry))
        .map(|(place, entry)| json!([place, entry.row_id]))
        .collect();
    if set.is_empty() {
        return Ok(());
    }
    let set = Value::Array(set).to_string();
    let sql = Statement::new(
        "SELECT s.value->>0 AS place, a.number, a.reason, a.sent_at, a.duration_ms, a.status, \
         NULL AS error, NULL AS phases_json, NULL AS body FROM jsonb_each(",
    )
    .bind(set.as_str())
    .text(") s CROSS JOIN attempts a ON a.occurrence = s.value->>1 ORDER BY s.key, a.number");
    for row in reading.all(sql).await? {
        let place: i64 = column(&row, "place")?;
        let place = usize::try_from(place).ok();
        if let Some(entry) = place.and_then(|place| entries.get_mut(place)) {
            entry.past_attempts.push(rows::past_attempt(&row)?);
        }
    }
    Ok(())
}
