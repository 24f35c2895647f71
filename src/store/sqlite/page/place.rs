//! A place in the list by how many jobs are before it. Unlike a page this costs
//! as much as there are, so it is for a list without a filter alone: there it is
//! one look along an index.

use sqlx::{Connection, SqlitePool};

use super::super::error::store_error;
use super::super::rows::column;
use super::super::statement::{Reading, Statement};
use super::order::{Order, Stretch};
use super::position;
use crate::store::{JobFilter, PageRequest, Position, StoreError};

/// The place behind the first `count` jobs; `None`: there are no so many.
pub async fn place_behind(
    pool: &SqlitePool,
    request: &PageRequest,
    count: u32,
) -> Result<Option<Position>, StoreError> {
    let mut conn = pool.acquire().await.map_err(store_error)?;
    let mut snapshot = conn.begin().await.map_err(store_error)?;
    let place = find(&mut Reading::new(&mut snapshot), request, count).await?;
    snapshot.commit().await.map_err(store_error)?;
    Ok(place)
}

async fn find(
    reading: &mut Reading<'_>,
    request: &PageRequest,
    count: u32,
) -> Result<Option<Position>, StoreError> {
    let request = PageRequest {
        filter: JobFilter::default(),
        after: None,
        ..request.clone()
    };
    let order = Order::of(&request);
    let mut left = i64::from(count);
    for stretch in Stretch::rest(request.sort, None) {
        let last = order
            .entry(&stretch, request.descending)
            .text(" LIMIT 1 OFFSET ")
            .bind(left - 1);
        if let Some(row) = reading.all(last).await?.first() {
            return position(row, request.sort).map(Some);
        }
        let seen = Statement::new("SELECT COUNT(*) AS seen FROM (")
            .then(order.entry(&stretch, request.descending))
            .text(")");
        left -= column::<i64>(&reading.one(seen).await?, "seen")?;
    }
    Ok(None)
}

impl Order {
    /// The places of the listed jobs of a stretch, in order.
    fn entry(&self, stretch: &Stretch, descending: bool) -> Statement {
        let direction = if descending { " DESC" } else { "" };
        let sql = Statement::new("SELECT ")
            .text(self.seq)
            .text(" AS seq, ")
            .text(self.value())
            .text(" AS sort_key FROM ")
            .text(self.from)
            .text(" WHERE j.ended = 0 AND ")
            .then(stretch.condition(self, descending))
            .text(" ORDER BY ");
        match self.key {
            None => sql,
            Some(key) => sql.text(key).text(direction).text(", "),
        }
        .text(self.seq)
        .text(direction)
    }
}
