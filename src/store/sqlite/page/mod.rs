//! The list of jobs, page by page. Finds the rows first, by one of two ways
//! (`candidates`, `walk`), then reads them with their last runs; all in one
//! snapshot. No page looks at more than a bounded number of rows.

use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, SqlitePool};

use super::error::store_error;
use super::recent::recent;
use super::rows::{self, column, instant, optional_instant};
use super::statement::{Plan, Reading, Statement};
use crate::domain::job::JobId;
use crate::domain::occurrence::OccurrenceState;
use crate::store::{
    JobPage, JobSort, JobSummary, PageRequest, Position, SortKey, StoreError, Total,
};

mod budget;
mod candidates;
mod filter;
mod ids;
mod order;
mod place;
mod total;
mod walk;

pub use budget::PageBudget;
pub use ids::step;
pub use place::place_behind;

/// The places of the rows of a page.
struct Found {
    rows: Vec<Position>,
    next: Option<Position>,
}

impl Found {
    /// A page out of rows of which one more than `limit` tells that there is
    /// a next page.
    fn full(mut rows: Vec<Position>, limit: usize) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).cloned();
        Self { rows, next }
    }
}

/// One page.
pub async fn page(
    pool: &SqlitePool,
    request: &PageRequest,
    budget: &PageBudget,
) -> Result<JobPage, StoreError> {
    let mut conn = pool.acquire().await.map_err(store_error)?;
    let mut snapshot = conn.begin().await.map_err(store_error)?;
    let page = read(&mut Reading::new(&mut snapshot), request, budget).await?;
    snapshot.commit().await.map_err(store_error)?;
    Ok(page)
}

/// The plans of the statements of one page.
pub async fn explain(
    pool: &SqlitePool,
    request: &PageRequest,
    budget: &PageBudget,
) -> Result<Vec<Plan>, StoreError> {
    let mut conn = pool.acquire().await.map_err(store_error)?;
    let mut reading = Reading::explained(&mut conn);
    read(&mut reading, request, budget).await?;
    Ok(reading.into_plans())
}

/// One job as a page shows it.
pub async fn summary(pool: &SqlitePool, id: &JobId) -> Result<Option<JobSummary>, StoreError> {
    let mut conn = pool.acquire().await.map_err(store_error)?;
    let mut snapshot = conn.begin().await.map_err(store_error)?;
    let mut reading = Reading::new(&mut snapshot);
    let seq =
        Statement::new("SELECT seq FROM jobs WHERE ended = 0 AND job_id = ").bind(id.as_str());
    let seq = reading.all(seq).await?;
    let seq = seq.iter().map(|row| column(row, "seq"));
    let found = summaries(&mut reading, seq.collect::<Result<_, _>>()?).await?;
    snapshot.commit().await.map_err(store_error)?;
    Ok(found.into_iter().next())
}

async fn read(
    reading: &mut Reading<'_>,
    request: &PageRequest,
    budget: &PageBudget,
) -> Result<JobPage, StoreError> {
    let part = candidates::smallest(reading, request, budget).await?;
    let (found, total) = match &part {
        Some(part) if part.is_small(budget) && !order::Order::of(request).is_filter => {
            let (found, count) = candidates::sorted(reading, request, part).await?;
            let exact = true;
            (found, Total { count, exact })
        }
        part => {
            let found = walk::walk(reading, request, budget).await?;
            let total = total::total(reading, request, part.as_ref(), budget).await?;
            let total = at_least(total, request, &found);
            (found, total)
        }
    };
    let seqs = found.rows.iter().map(|row| row.seq).collect();
    Ok(JobPage {
        rows: summaries(reading, seqs).await?,
        next: found.next,
        total,
    })
}

/// A total, and what the page itself tells.
fn at_least(total: Total, request: &PageRequest, found: &Found) -> Total {
    let rows = found.rows.len() as u64;
    match (total.exact, request.start(), &found.next) {
        (true, ..) => total,
        (false, None, None) => Total {
            count: rows,
            exact: true,
        },
        (false, ..) => Total {
            count: total.count.max(rows),
            exact: false,
        },
    }
}

/// A row of a page by its place in the list.
fn position(row: &SqliteRow, sort: JobSort) -> Result<Position, StoreError> {
    let key = match sort {
        JobSort::Created => SortKey::None,
        JobSort::JobId => SortKey::Text(column(row, "sort_key")?),
        JobSort::NextFire | JobSort::LastOutcome => {
            column::<Option<i64>>(row, "sort_key")?.map_or(SortKey::None, SortKey::Instant)
        }
    };
    let seq = column(row, "seq")?;
    Ok(Position { key, seq })
}

/// These jobs, in this order.
pub async fn summaries(
    reading: &mut Reading<'_>,
    seqs: Vec<i64>,
) -> Result<Vec<JobSummary>, StoreError> {
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    let seqs = Value::from(seqs).to_string();
    let sql = Statement::new("SELECT ")
        .text(rows::JOB_COLUMN)
        .text(", j.last_state, j.last_ended_at, ")
        .text(rows::CLAIMED_FIRE_AT)
        .text(" AS claimed_fire_at FROM json_each(")
        .bind(seqs.as_str())
        .text(") s CROSS JOIN jobs j ON j.seq = s.value ORDER BY s.key");
    let found = reading.all(sql).await?;
    let found = found.iter().map(summary_row);
    let mut jobs: Vec<JobSummary> = found.collect::<Result<_, _>>()?;
    let runs = recent(reading, jobs.iter().map(|s| s.row.job.id.as_str())).await?;
    for (job, runs) in jobs.iter_mut().zip(runs) {
        job.recent = runs;
    }
    Ok(jobs)
}

/// A job without its runs.
fn summary_row(row: &SqliteRow) -> Result<JobSummary, StoreError> {
    let last_state: Option<&str> = column(row, "last_state")?;
    let job = rows::job_row(row)?;
    Ok(JobSummary {
        created_at: instant(job.job.revision.created_ms)?,
        row: job,
        last_state: last_state.and_then(OccurrenceState::parse),
        last_ended_at: optional_instant(column(row, "last_ended_at")?)?,
        recent: Vec::new(),
    })
}
