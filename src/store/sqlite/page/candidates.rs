//! A page of a filter that few jobs pass: all of these are read by the index of
//! one part of the filter, and sorted.

use super::super::rows::column;
use super::super::statement::{Reading, Statement};
use super::budget::PageBudget;
use super::order::{MAYBE_PAUSED, Order};
use super::{Found, filter, position};
use crate::domain::job::JobState;
use crate::store::{PageRequest, SortKey, StoreError, Total};

/// One part of a filter that has an index of its own.
#[derive(Debug, Clone)]
pub struct Part {
    /// The entries of its index.
    entries: Statement,
    /// The jobs of these entries; conditions may follow.
    jobs: Statement,
    /// How many there are, up to one more than are counted.
    pub count: u32,
}

impl Part {
    /// Whether it is few jobs.
    pub fn is_small(&self, budget: &PageBudget) -> bool {
        self.count <= budget.candidates
    }

    /// Its count as a total.
    pub fn total(&self, budget: &PageBudget) -> Total {
        Total {
            count: self.count.into(),
            exact: self.count <= budget.counted,
        }
    }
}

/// The part of the filter that the fewest jobs pass.
pub async fn smallest(
    reading: &mut Reading<'_>,
    request: &PageRequest,
    budget: &PageBudget,
) -> Result<Option<Part>, StoreError> {
    let mut smallest: Option<Part> = None;
    for mut part in parts(request) {
        let count = Statement::new("SELECT COUNT(*) AS n FROM (SELECT 1 FROM ")
            .then(part.entries.clone())
            .text(" LIMIT ")
            .bind(budget.counted + 1)
            .text(")");
        part.count = column(&reading.one(count).await?, "n")?;
        if smallest.as_ref().is_none_or(|s| part.count < s.count) {
            smallest = Some(part);
        }
    }
    Ok(smallest)
}

fn parts(request: &PageRequest) -> Vec<Part> {
    let filter = &request.filter;
    let mut parts = Vec::new();
    if let Some(tag) = &filter.tag {
        let tagged = Statement::new("t.tag = ").bind(tag.as_str());
        parts.push(Part {
            entries: Statement::new("job_tags t WHERE ").then(tagged.clone()),
            jobs: Statement::new("job_tags t CROSS JOIN jobs j ON j.seq = t.seq WHERE ")
                .then(tagged),
            count: 0,
        });
    }
    let mut indexed = |entries: Statement| {
        let jobs = entries.clone();
        parts.push(Part {
            entries,
            jobs,
            count: 0,
        });
    };
    if filter.failing {
        indexed(Statement::new(
            "jobs j INDEXED BY jobs_failing WHERE j.failures > 0 AND j.ended = 0",
        ));
    }
    if filter.state == Some(JobState::Paused) {
        indexed(Statement::new("jobs j INDEXED BY jobs_paused WHERE ").text(MAYBE_PAUSED));
    }
    if let Some(kind) = filter.kind {
        let of_kind = Statement::new("jobs j INDEXED BY jobs_kind WHERE j.kind = ");
        indexed(of_kind.bind(kind.as_str()));
    }
    parts
}

/// The rows of a page out of a small part, and how many pass the filter.
pub async fn sorted(
    reading: &mut Reading<'_>,
    request: &PageRequest,
    part: &Part,
) -> Result<(Found, u64), StoreError> {
    let limit = request.rows() as usize;
    let found = found(request, part);
    let page = found
        .clone()
        .text("SELECT seq, sort_key, (SELECT COUNT(*) FROM found) AS total FROM found WHERE ")
        .then(behind(request))
        .text(" ORDER BY sort_key IS NULL, sort_key")
        .text(if request.descending {
            " DESC, seq DESC"
        } else {
            ", seq"
        })
        .text(" LIMIT ")
        .bind(limit as i64 + 1);
    let rows = reading.all(page).await?;
    let total: i64 = match rows.first() {
        Some(row) => column(row, "total")?,
        None => {
            let count = found.text("SELECT COUNT(*) AS total FROM found");
            column(&reading.one(count).await?, "total")?
        }
    };
    let rows = rows.iter().map(|row| position(row, request.sort));
    let found = Found::full(rows.collect::<Result<_, _>>()?, limit);
    Ok((found, total.unsigned_abs()))
}

/// The candidates that pass the filter, as a table `found`.
fn found(request: &PageRequest, part: &Part) -> Statement {
    Statement::new("WITH found AS MATERIALIZED (SELECT j.seq AS seq, ")
        .text(Order::of(request).value())
        .text(" AS sort_key FROM ")
        .then(part.jobs.clone())
        .text(" AND ")
        .then(filter::conditions(request))
        .text(") ")
}

/// What of `found` comes behind the start of the page.
fn behind(request: &PageRequest) -> Statement {
    let Some(start) = request.start() else {
        return Statement::new("true");
    };
    let sign = if request.descending { " < " } else { " > " };
    let compare = |column| Statement::new(column).text(sign);
    let key = |sql: Statement| match &start.key {
        SortKey::Instant(at) => sql.bind(*at),
        SortKey::Text(text) => sql.bind(text.as_str()),
        SortKey::None => sql.text("NULL"),
    };
    match start.key {
        SortKey::None => Statement::new("sort_key IS NULL AND ")
            .then(compare("seq"))
            .bind(start.seq),
        SortKey::Instant(_) | SortKey::Text(_) => key(key(
            Statement::new("(sort_key IS NULL OR ").then(compare("sort_key"))
        )
        .text(" OR sort_key = "))
        .text(" AND ")
        .then(compare("seq"))
        .bind(start.seq)
        .text(")"),
    }
}
