//! A page by walking along an index in the order of the sort. At most a fixed
//! number of entries is looked at, so that no filter makes a page slow; where
//! the walk ends before the page is full, the next one goes on from there.

use super::super::rows::column;
use super::super::statement::{Reading, Statement};
use super::budget::PageBudget;
use super::filter::{self, FILTERED};
use super::order::{Order, Stretch};
use super::{Found, position};
use crate::store::{PageRequest, StoreError};

/// The rows of a page.
pub async fn walk(
    reading: &mut Reading<'_>,
    request: &PageRequest,
    budget: &PageBudget,
) -> Result<Found, StoreError> {
    let walk = Walk {
        order: Order::of(request),
        request,
    };
    let limit = request.rows() as usize;
    let mut budget = budget.walked(request.rows(), walk.order.in_place);
    let mut rows = Vec::new();
    for stretch in Stretch::rest(request.sort, request.start()) {
        let wanted = limit + 1 - rows.len();
        for row in reading.all(walk.matches(&stretch, budget, wanted)).await? {
            rows.push(position(&row, request.sort)?);
        }
        if rows.len() > limit {
            return Ok(Found::full(rows, limit));
        }
        let seen: u32 = column(&reading.one(walk.count(&stretch, budget)).await?, "seen")?;
        if seen == budget {
            let last = reading.one(walk.last(&stretch, budget)).await?;
            let next = Some(position(&last, request.sort)?);
            return Ok(Found { rows, next });
        }
        budget -= seen;
    }
    Ok(Found { rows, next: None })
}

struct Walk<'r> {
    order: Order,
    request: &'r PageRequest,
}

impl Walk<'_> {
    /// What of the next `budget` entries the filter lets through.
    fn matches(&self, stretch: &Stretch, budget: u32, wanted: usize) -> Statement {
        Statement::new("SELECT j.seq AS seq, j.sort_key AS sort_key FROM (SELECT ")
            .text(FILTERED)
            .text(", ")
            .text(self.order.value())
            .text(" AS sort_key")
            .then(self.entries(self.order.join, stretch))
            .text(" LIMIT ")
            .bind(budget)
            .text(") j WHERE ")
            .then(filter::conditions(self.request))
            .text(" LIMIT ")
            .bind(wanted as i64)
    }

    /// How many entries there are, up to `budget`.
    fn count(&self, stretch: &Stretch, budget: u32) -> Statement {
        Statement::new("SELECT COUNT(*) AS seen FROM (SELECT 1")
            .then(self.entries("", stretch))
            .text(" LIMIT ")
            .bind(budget)
            .text(")")
    }

    /// The last of `budget` entries.
    fn last(&self, stretch: &Stretch, budget: u32) -> Statement {
        Statement::new("SELECT ")
            .text(self.order.seq)
            .text(" AS seq, ")
            .text(self.order.value())
            .text(" AS sort_key")
            .then(self.entries("", stretch))
            .text(" LIMIT 1 OFFSET ")
            .bind(budget - 1)
    }

    fn entries(&self, join: &'static str, stretch: &Stretch) -> Statement {
        let Order { from, key, seq, .. } = self.order;
        let direction = if self.request.descending { " DESC" } else { "" };
        let ordered = Statement::new(" FROM ")
            .text(from)
            .text(join)
            .text(" WHERE ")
            .then(self.order.within.clone())
            .then(stretch.condition(&self.order, self.request.descending))
            .text(" ORDER BY ");
        match key {
            None => ordered,
            Some(key) => ordered.text(key).text(direction).text(", "),
        }
        .text(seq)
        .text(direction)
    }
}
