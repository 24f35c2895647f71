//! Where the rows of a page come from: one index for most filters; where only
//! rare states are asked for, one stretch of their own index for each state.

use super::super::rows::ms;
use super::super::statement::Statement;
use crate::domain::occurrence::OccurrenceState;
use crate::store::{RunFilter, RunPosition};

/// The states of the index `occurrences_trouble`.
const TROUBLE: [OccurrenceState; 5] = [
    OccurrenceState::Failed,
    OccurrenceState::Unknown,
    OccurrenceState::Skipped,
    OccurrenceState::Missed,
    OccurrenceState::Coalesced,
];

/// A stretch of an index in the order of the ledger.
#[derive(Debug, Clone)]
pub struct Source {
    from: &'static str,
    within: Statement,
}

impl Source {
    /// The sources of the rows that a filter lets through.
    pub fn all(filter: &RunFilter) -> Vec<Self> {
        if let Some(job) = &filter.job {
            let within = Statement::new("job_id = ").bind(job.as_str());
            return vec![Self {
                from: "occurrences",
                within,
            }];
        }
        match rare(filter) {
            Some(states) => states.into_iter().map(Self::of_state).collect(),
            None => vec![Self {
                from: "occurrences INDEXED BY occurrences_fire_at",
                within: Statement::new("1"),
            }],
        }
    }

    fn of_state(state: OccurrenceState) -> Self {
        let word = state.as_str();
        match state {
            OccurrenceState::Claimed => Self {
                from: "occurrences INDEXED BY occurrences_claimed",
                within: Statement::new("state = 'claimed'"),
            },
            OccurrenceState::Firing => Self {
                from: "occurrences INDEXED BY occurrences_firing",
                within: Statement::new("state = 'firing'"),
            },
            // The words of the index's own condition let SQLite use it.
            _ => Self {
                from: "occurrences INDEXED BY occurrences_trouble",
                within: Statement::new(
                    "state NOT IN ('claimed', 'firing', 'succeeded') AND state = ",
                )
                .bind(word),
            },
        }
    }

    /// The entries of a stretch within the time of the filter, in order.
    pub fn entries(&self, filter: &RunFilter, stretch: Stretch) -> Statement {
        let mut sql = Statement::new(" FROM ")
            .text(self.from)
            .text(" WHERE ")
            .then(self.within.clone());
        if let Some(from) = filter.from {
            sql = sql.text(" AND fire_at >= ").bind(ms(from));
        }
        if let Some(to) = filter.to {
            sql = sql.text(" AND fire_at < ").bind(ms(to));
        }
        let sql = match stretch {
            Stretch::Whole => sql,
            Stretch::Ties(place) => sql
                .text(" AND fire_at = ")
                .bind(place.fire_at_ms)
                .text(" AND row_id < ")
                .bind(place.row_id),
            Stretch::Older(than) => sql.text(" AND fire_at < ").bind(than.fire_at_ms),
        };
        sql.text(" ORDER BY fire_at DESC, row_id DESC")
    }
}

/// A part of a source that one seek leads to.
#[derive(Debug, Clone, Copy)]
pub enum Stretch {
    /// All of it.
    Whole,
    /// What has the fire time of a place and comes behind it.
    Ties(RunPosition),
    /// What is older than a place.
    Older(RunPosition),
}

impl Stretch {
    /// What comes behind a place, in order.
    pub fn behind(after: Option<RunPosition>) -> Vec<Self> {
        match after {
            None => vec![Self::Whole],
            Some(place) => vec![Self::Ties(place), Self::Older(place)],
        }
    }
}

/// The states a filter lets through; empty: all.
fn states(filter: &RunFilter) -> Vec<OccurrenceState> {
    match (filter.states.is_empty(), filter.reasons.is_empty()) {
        // What is to be tried again keeps the reason of its last attempt.
        (true, false) => TROUBLE.to_vec(),
        _ => filter.states.clone(),
    }
}

/// The same, if all of them are rare, so that each has an index of its own.
fn rare(filter: &RunFilter) -> Option<Vec<OccurrenceState>> {
    let mut states = states(filter);
    states.sort_unstable_by_key(|state| state.as_str());
    states.dedup();
    let common = states.is_empty() || states.contains(&OccurrenceState::Succeeded);
    (!common).then_some(states)
}

/// What each row must fulfil beside its place.
pub fn conditions(filter: &RunFilter) -> Statement {
    let mut sql = Statement::new("1");
    let states = states(filter);
    if !states.is_empty() {
        let words = states.iter().map(|state| state.as_str());
        sql = sql.text(" AND state IN (").then(list(words)).text(")");
    }
    if !filter.reasons.is_empty() {
        let words = filter.reasons.iter().map(|reason| reason.as_str());
        sql = sql.text(" AND reason IN (").then(list(words)).text(")");
    }
    if let Some(kind) = filter.kind {
        sql = sql.text(" AND kind = ").bind(kind.as_str());
    }
    if let Some(status) = &filter.status {
        sql = sql
            .text(" AND status BETWEEN ")
            .bind(u32::from(*status.start()))
            .text(" AND ")
            .bind(u32::from(*status.end()));
    }
    sql
}

fn list<'w>(words: impl Iterator<Item = &'w str>) -> Statement {
    words
        .enumerate()
        .fold(Statement::default(), |sql, (n, word)| {
            let sql = if n > 0 { sql.text(", ") } else { sql };
            sql.bind(word)
        })
}
