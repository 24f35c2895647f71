//! The places of the rows of a page, by walking along its sources in the order
//! of fire times. Each is looked at for so many entries at most; the page ends
//! where the first of them had to stop, and the next one goes on from there.

use std::cmp::Reverse;

use sqlx::sqlite::SqliteRow;

use super::super::rows::{column, ms};
use super::super::statement::{Reading, Statement};
use super::source::Source;
use crate::store::{RunPosition, RunsRequest, StoreError};

/// What a filter can ask of an entry.
const FILTERED: &str = "w.row_id, w.fire_at, w.kind, w.state, w.reason, w.status";

/// The places of a page, and where the next one begins, if there is one.
pub async fn walk(
    reading: &mut Reading<'_>,
    request: &RunsRequest,
    sources: &[Source],
) -> Result<(Vec<RunPosition>, Option<RunPosition>), StoreError> {
    let walk = Walk { request };
    let limit = request.rows() as usize;
    let (mut places, mut stop) = (Vec::new(), None::<RunPosition>);
    for source in sources {
        let (found, stopped) = walk.along(reading, source, limit + 1).await?;
        places.extend(found);
        stop = match (stop, stopped) {
            (Some(stop), Some(stopped)) => Some(walk.earlier(stop, stopped)),
            (stop, stopped) => stop.or(stopped),
        };
    }
    match request.descending {
        true => places.sort_unstable_by_key(|place| Reverse(*place)),
        false => places.sort_unstable(),
    }
    if let Some(stop) = stop {
        places.retain(|place| walk.earlier(*place, stop) == *place);
    }
    if places.len() > limit {
        places.truncate(limit);
        stop = places.last().copied();
    }
    Ok((places, stop))
}

struct Walk<'r> {
    request: &'r RunsRequest,
}

/// Entries that one seek finds, in order.
enum Stretch {
    /// Those of the fire time at which the page before ended, behind its row.
    Ties(RunPosition),
    /// Those from one fire time until before another one.
    Between(i64, i64),
}

impl Walk<'_> {
    /// Which of two places comes first in the order of the page.
    fn earlier(&self, a: RunPosition, b: RunPosition) -> RunPosition {
        match self.request.descending {
            true => a.max(b),
            false => a.min(b),
        }
    }

    /// Up to `wanted` places, and where the walk stopped before its end.
    async fn along(
        &self,
        reading: &mut Reading<'_>,
        source: &Source,
        wanted: usize,
    ) -> Result<(Vec<RunPosition>, Option<RunPosition>), StoreError> {
        let mut places = Vec::new();
        for stretch in self.stretches() {
            let matches = self.matches(source, &stretch, wanted - places.len());
            for row in reading.all(matches).await? {
                places.push(place(&row)?);
            }
            if places.len() == wanted {
                let last = places.last().copied();
                return Ok((places, last));
            }
            // Without conditions an unfilled page has seen all there is.
            if source.conditions.is_some() {
                let last = reading.all(self.last(source, &stretch)).await?;
                if let Some(last) = last.first() {
                    return Ok((places, Some(place(last)?)));
                }
            }
        }
        Ok((places, None))
    }

    fn stretches(&self) -> Vec<Stretch> {
        let filter = &self.request.filter;
        let from = filter.from.map_or(i64::MIN, ms);
        let to = filter.to.map_or(i64::MAX, ms);
        let Some(after) = self.request.after else {
            return vec![Stretch::Between(from, to)];
        };
        let at = after.fire_at_ms;
        let rest = match self.request.descending {
            true => Stretch::Between(from, to.min(at)),
            false => Stretch::Between(from.max(at.saturating_add(1)), to),
        };
        match (from..to).contains(&at) {
            true => vec![Stretch::Ties(after), rest],
            false => vec![rest],
        }
    }

    /// What of the next entries the filter lets through.
    fn matches(&self, source: &Source, stretch: &Stretch, wanted: usize) -> Statement {
        let wanted = wanted as i64;
        let Some(conditions) = &source.conditions else {
            return Statement::new("SELECT w.row_id, w.fire_at")
                .then(self.entries(source, stretch))
                .text(" LIMIT ")
                .bind(wanted);
        };
        Statement::new("SELECT w.row_id, w.fire_at FROM (SELECT ")
            .text(FILTERED)
            .then(self.entries(source, stretch))
            .text(" LIMIT ")
            .bind(source.budget)
            .text(") w WHERE ")
            .then(conditions.clone())
            .text(" LIMIT ")
            .bind(wanted)
    }

    /// The last entry that was looked at, if there are so many.
    fn last(&self, source: &Source, stretch: &Stretch) -> Statement {
        Statement::new("SELECT w.row_id, w.fire_at")
            .then(self.entries(source, stretch))
            .text(" LIMIT 1 OFFSET ")
            .bind(source.budget - 1)
    }

    fn entries(&self, source: &Source, stretch: &Stretch) -> Statement {
        let (behind, order) = match self.request.descending {
            true => (" < ", " ORDER BY w.fire_at DESC, w.row_id DESC"),
            false => (" > ", " ORDER BY w.fire_at, w.row_id"),
        };
        let entries = Statement::new(" FROM ")
            .text(source.from)
            .text(" WHERE ")
            .then(source.within.clone())
            .text("w.fire_at ");
        match stretch {
            Stretch::Ties(after) => entries
                .text("= ")
                .bind(after.fire_at_ms)
                .text(" AND w.row_id")
                .text(behind)
                .bind(after.row_id),
            Stretch::Between(from, to) => entries
                .text(">= ")
                .bind(*from)
                .text(" AND w.fire_at < ")
                .bind(*to),
        }
        .text(order)
    }
}

/// A place out of a row that has it.
pub fn place(row: &SqliteRow) -> Result<RunPosition, StoreError> {
    Ok(RunPosition {
        fire_at_ms: column(row, "fire_at")?,
        row_id: column(row, "row_id")?,
    })
}
