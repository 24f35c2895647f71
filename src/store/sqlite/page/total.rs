//! How many jobs pass a filter, as far as that is cheap to say.

use super::super::rows::{column, ms};
use super::super::statement::{Reading, Statement};
use super::budget::PageBudget;
use super::candidates::Part;
use super::filter::{self, FILTERED};
use crate::domain::job::JobState;
use crate::store::{JobFilter, PageRequest, StoreError, Total};

/// The total for a filter whose smallest part is `part`.
pub async fn total(
    reading: &mut Reading<'_>,
    request: &PageRequest,
    part: Option<&Part>,
    budget: &PageBudget,
) -> Result<Total, StoreError> {
    let JobFilter {
        state,
        kind,
        tag,
        text,
        failing,
    } = &request.filter;
    let by_part = state.is_none() && kind.is_none() && tag.is_some() != *failing;
    match (text, part) {
        (None, _) if tag.is_none() && !failing => by_state(reading, request, budget).await,
        (None, Some(part)) if by_part => Ok(part.total(budget)),
        _ => among_the_first(reading, request, budget).await,
    }
}

/// From the counts that the store keeps.
async fn by_state(
    reading: &mut Reading<'_>,
    request: &PageRequest,
    budget: &PageBudget,
) -> Result<Total, StoreError> {
    let filter = &request.filter;
    let mut sql = Statement::new("SELECT COALESCE(SUM(jobs), 0) AS n FROM job_counts WHERE true");
    if let Some(kind) = filter.kind {
        sql = sql.text(" AND kind = ").bind(kind.as_str());
    }
    let Some(state) = filter.state else {
        return Ok(exact(column(&reading.one(sql).await?, "n")?));
    };
    sql = sql.text(" AND state = ").bind(state.as_str());
    let counted: i64 = column(&reading.one(sql).await?, "n")?;
    let waiting = waiting(reading, request, budget).await?;
    Ok(match state {
        JobState::Paused => Total {
            exact: waiting.exact,
            ..exact(counted + waiting.count as i64)
        },
        JobState::Running if waiting.exact => exact(counted - waiting.count as i64),
        JobState::Running => Total {
            count: 0,
            exact: false,
        },
    })
}

fn exact(count: i64) -> Total {
    Total {
        count: u64::try_from(count).unwrap_or(0),
        exact: true,
    }
}

/// The jobs of state `running` that do not fire before an instant to come.
async fn waiting(
    reading: &mut Reading<'_>,
    request: &PageRequest,
    budget: &PageBudget,
) -> Result<Total, StoreError> {
    let mut sql = Statement::new(
        "SELECT COUNT(*) AS n FROM (SELECT 1 FROM jobs j INDEXED BY jobs_waiting \
         WHERE j.state = 'running' AND j.ended = 0 AND j.pause_until > ",
    )
    .bind(ms(request.now));
    if let Some(kind) = request.filter.kind {
        sql = sql.text(" AND j.kind = ").bind(kind.as_str());
    }
    let sql = sql.text(" LIMIT ").bind(budget.counted + 1).text(")");
    let count: u32 = column(&reading.one(sql).await?, "n")?;
    Ok(Total {
        count: count.into(),
        exact: count <= budget.counted,
    })
}

/// Those that pass among the jobs that were added first: the same number on
/// each page of a list.
async fn among_the_first(
    reading: &mut Reading<'_>,
    request: &PageRequest,
    budget: &PageBudget,
) -> Result<Total, StoreError> {
    let sql = Statement::new("SELECT COUNT(*) AS seen, COALESCE(SUM(")
        .then(filter::conditions(request))
        .text("), 0) AS n FROM (SELECT ")
        .text(FILTERED)
        .text(" FROM jobs j WHERE j.seq > ")
        .bind(i64::MIN)
        .text(" ORDER BY j.seq LIMIT ")
        .bind(budget.sampled)
        .text(") j");
    let row = reading.one(sql).await?;
    let seen: u32 = column(&row, "seen")?;
    Ok(Total {
        exact: seen < budget.sampled,
        ..exact(column(&row, "n")?)
    })
}
