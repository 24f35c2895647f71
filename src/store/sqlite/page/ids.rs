//! A walk through the jobs in the order of adding, by ids alone.

use serde_json::Value;
use sqlx::{Connection, SqlitePool};

use super::super::error::store_error;
use super::super::rows::column;
use super::super::statement::{Reading, Statement};
use super::budget::PageBudget;
use super::walk::walk;
use crate::domain::job::JobId;
use crate::store::{
    JobSort, MAX_PAGE, PageRequest, Position, SortKey, StoreError, WalkPlace, WalkRequest, Walked,
};

/// One step.
pub async fn step(
    pool: &SqlitePool,
    request: WalkRequest,
    budget: &PageBudget,
) -> Result<Walked, StoreError> {
    let mut conn = pool.acquire().await.map_err(store_error)?;
    let mut snapshot = conn.begin().await.map_err(store_error)?;
    let walked = read(&mut Reading::new(&mut snapshot), request, budget).await?;
    snapshot.commit().await.map_err(store_error)?;
    Ok(walked)
}

async fn read(
    reading: &mut Reading<'_>,
    request: WalkRequest,
    budget: &PageBudget,
) -> Result<Walked, StoreError> {
    let last = match request.place {
        Some(place) => place.last,
        None => last_place(reading).await?,
    };
    let page = PageRequest {
        filter: request.filter,
        sort: JobSort::Created,
        descending: false,
        after: request.place.map(|place| Position {
            key: SortKey::None,
            seq: place.after,
        }),
        limit: MAX_PAGE,
        now: request.now,
    };
    let found = walk(reading, &page, budget).await?;
    let seqs = found.rows.iter().map(|row| row.seq);
    let seqs: Vec<i64> = seqs.filter(|seq| *seq <= last).collect();
    let next = found.next.map(|next| next.seq);
    Ok(Walked {
        ids: ids(reading, seqs).await?,
        next: next
            .filter(|seq| *seq < last)
            .map(|after| WalkPlace { after, last }),
    })
}

async fn last_place(reading: &mut Reading<'_>) -> Result<i64, StoreError> {
    let last = Statement::new("SELECT COALESCE(MAX(seq), 0) AS last FROM jobs");
    column(&reading.one(last).await?, "last")
}

async fn ids(reading: &mut Reading<'_>, seqs: Vec<i64>) -> Result<Vec<JobId>, StoreError> {
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    let sql = Statement::new("SELECT j.job_id FROM json_each(")
        .bind(Value::from(seqs).to_string().as_str())
        .text(") s CROSS JOIN jobs j ON j.seq = s.value ORDER BY s.key");
    let found = reading.all(sql).await?;
    let id = |row| column(row, "job_id").map(JobId::from_stored);
    found.iter().map(id).collect()
}
