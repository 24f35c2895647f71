//! A page by walking along indexes in the order of the ledger. At most a fixed
//! number of entries is looked at; where a walk ends before the page is full, the
//! next page goes on from there.

use super::super::rows::column;
use super::super::statement::{Reading, Statement};
use super::place;
use super::source::{Source, Stretch, conditions};
use crate::store::{RunPosition, RunsRequest, StoreError};

/// Bounds of the work for one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunsBudget {
    /// How many entries of indexes are looked at in all.
    pub entries: u32,
}

impl Default for RunsBudget {
    fn default() -> Self {
        Self { entries: 4_000 }
    }
}

/// The places of the rows of a page, and where the next one begins.
pub async fn walk(
    reading: &mut Reading<'_>,
    request: &RunsRequest,
    budget: &RunsBudget,
) -> Result<(Vec<RunPosition>, Option<RunPosition>), StoreError> {
    let limit = request.rows() as usize;
    let sources = Source::all(&request.filter);
    let share = budget.entries / u32::try_from(sources.len()).unwrap_or(1).max(1);
    let mut found = Vec::new();
    let mut seen_to: Option<RunPosition> = None;
    for source in &sources {
        let walk = Walk { source, request };
        let (places, last) = walk.walk(reading, share.max(1)).await?;
        found.extend(places);
        seen_to = seen_to.max(last);
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    // What lies behind the end of a walk is left for the next page: that walk may
    // have rows before it.
    found.retain(|place| seen_to.is_none_or(|last| *place >= last));
    let next = match found.len() > limit {
        true => found.get(limit - 1).copied(),
        false => seen_to,
    };
    found.truncate(limit);
    Ok((found, next))
}

/// The way along one source.
struct Walk<'r> {
    source: &'r Source,
    request: &'r RunsRequest,
}

impl Walk<'_> {
    /// The places of a page out of this source, and one more; with the last
    /// entry that was looked at, when the budget ended before them.
    async fn walk(
        &self,
        reading: &mut Reading<'_>,
        mut budget: u32,
    ) -> Result<(Vec<RunPosition>, Option<RunPosition>), StoreError> {
        let wanted = self.request.rows() as usize + 1;
        let mut places = Vec::new();
        for stretch in Stretch::behind(self.request.after) {
            let matches = self.matches(stretch, budget, wanted - places.len());
            for row in reading.all(matches).await? {
                places.push(place(&row)?);
            }
            if places.len() == wanted {
                break;
            }
            let seen: u32 = column(&reading.one(self.count(stretch, budget)).await?, "seen")?;
            if seen == budget {
                let last = reading.one(self.last(stretch, budget)).await?;
                return Ok((places, Some(place(&last)?)));
            }
            budget -= seen;
        }
        Ok((places, None))
    }

    /// What of the next `budget` entries the filter lets through.
    fn matches(&self, stretch: Stretch, budget: u32, wanted: usize) -> Statement {
        Statement::new(
            "SELECT fire_at, row_id FROM (SELECT fire_at, row_id, state, reason, kind, status",
        )
        .then(self.source.entries(&self.request.filter, stretch))
        .text(" LIMIT ")
        .bind(budget)
        .text(") WHERE ")
        .then(conditions(&self.request.filter))
        .text(" LIMIT ")
        .bind(wanted as i64)
    }

    /// How many entries there are, up to `budget`.
    fn count(&self, stretch: Stretch, budget: u32) -> Statement {
        Statement::new("SELECT COUNT(*) AS seen FROM (SELECT 1")
            .then(self.source.entries(&self.request.filter, stretch))
            .text(" LIMIT ")
            .bind(budget)
            .text(")")
    }

    /// The last of `budget` entries.
    fn last(&self, stretch: Stretch, budget: u32) -> Statement {
        Statement::new("SELECT fire_at, row_id")
            .then(self.source.entries(&self.request.filter, stretch))
            .text(" LIMIT 1 OFFSET ")
            .bind(budget - 1)
    }
}
