//! The indexes along which a page of the history is walked. Together they hold
//! all rows that the filter lets through, each row once.

use super::super::rows::column;
use super::super::statement::{Reading, Statement};
use super::RunsBudget;
use super::filter::{conditions, states};
use crate::domain::job::JobId;
use crate::domain::occurrence::{OccurrenceKind, OccurrenceState};
use crate::store::{RunsRequest, StoreError};

/// What the index `occurrences_notable` holds, word for word.
const NOTABLE: &str = "(w.state IN ('failed', 'unknown', 'skipped', 'missed', 'coalesced') \
    OR (w.state = 'succeeded' AND w.status NOT BETWEEN 200 AND 299)) AND ";

/// An index, and how its entries are read.
#[derive(Debug, Clone)]
pub struct Source {
    /// The index.
    pub from: &'static str,
    /// What holds for all entries that are read, ending in ` AND ` if not empty.
    pub within: Statement,
    /// What else the filter asks; `None`: nothing.
    pub conditions: Option<Statement>,
    /// How many entries are looked at.
    pub budget: u32,
}

/// The sources of a page. None: nothing can pass the filter.
pub async fn sources(
    reading: &mut Reading<'_>,
    request: &RunsRequest,
    budget: &RunsBudget,
) -> Result<Vec<Source>, StoreError> {
    let states = states(&request.filter);
    let plan = Sources {
        request,
        budget,
        states: &states,
    };
    if states.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(job_id) = &request.filter.job {
        return Ok(plan.of_job(job_id));
    }
    if request.filter.kind == Some(OccurrenceKind::Manual) {
        return Ok(vec![plan.manual()]);
    }
    if plan.wants_plain_success() || plan.has_many_open(reading).await? {
        return Ok(vec![plan.whole()]);
    }
    Ok(states.iter().map(|state| plan.of_state(*state)).collect())
}

struct Sources<'r> {
    request: &'r RunsRequest,
    budget: &'r RunsBudget,
    states: &'r [OccurrenceState],
}

impl Sources<'_> {
    /// Whether rows pass that are in no index but the one of all.
    fn wants_plain_success(&self) -> bool {
        let range = self.request.filter.status.as_ref();
        let plain = range.is_none_or(|range| *range.start() <= 299 && *range.end() >= 200);
        plain && self.states.contains(&OccurrenceState::Succeeded)
    }

    /// Whether more rows of an open state are wanted than are to be sorted.
    async fn has_many_open(&self, reading: &mut Reading<'_>) -> Result<bool, StoreError> {
        for state in self.states.iter().filter(|state| !state.is_final()) {
            let (from, within) = open(*state);
            let count = Statement::new("SELECT COUNT(*) AS n FROM (SELECT 1 FROM ")
                .text(from)
                .text(" WHERE ")
                .then(within)
                .text("true LIMIT ")
                .bind(self.budget.open + 1)
                .text(")");
            let count: u32 = column(&reading.one(count).await?, "n")?;
            if count > self.budget.open {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn source(&self, from: &'static str, within: Statement, budget: u32) -> Source {
        Source {
            from,
            within,
            conditions: conditions(&self.request.filter),
            budget: budget.max(self.request.rows() + 1),
        }
    }

    fn whole(&self) -> Source {
        let from = "occurrences w INDEXED BY occurrences_fire_at";
        self.source(from, Statement::default(), self.budget.rows)
    }

    fn manual(&self) -> Source {
        let from = "occurrences w INDEXED BY occurrences_manual";
        let within = Statement::new("w.kind = 'manual' AND ");
        self.source(from, within, self.budget.entries)
    }

    fn of_state(&self, state: OccurrenceState) -> Source {
        if !state.is_final() {
            let (from, within) = open(state);
            return self.source(from, within, self.budget.open);
        }
        let from = "occurrences w INDEXED BY occurrences_notable";
        let within = Statement::new(NOTABLE)
            .text("w.state = ")
            .bind(state.as_str());
        self.source(from, within.text(" AND "), self.budget.entries)
    }

    /// Those of a job that have ended, and the few that are open.
    fn of_job(&self, job_id: &JobId) -> Vec<Source> {
        let of_job = |within: Statement| {
            let within = within.text("w.job_id = ").bind(job_id.as_str());
            within.text(" AND ")
        };
        let mut sources = Vec::new();
        if self.states.iter().any(|state| state.is_final()) {
            let from = "occurrences w INDEXED BY occurrences_recent";
            let within = of_job(Statement::new("w.state NOT IN ('claimed', 'firing') AND "));
            sources.push(self.source(from, within, self.budget.entries));
        }
        for state in self.states.iter().filter(|state| !state.is_final()) {
            let (from, within) = open(*state);
            sources.push(self.source(from, of_job(within), self.budget.rows));
        }
        sources
    }
}

/// The index of an open state.
fn open(state: OccurrenceState) -> (&'static str, Statement) {
    match state {
        OccurrenceState::Firing => (
            "occurrences w INDEXED BY occurrences_firing",
            Statement::new("w.state = 'firing' AND "),
        ),
        _ => (
            "occurrences w INDEXED BY occurrences_claimed",
            Statement::new("w.state = 'claimed' AND "),
        ),
    }
}
