//! A filter of the history as conditions on an entry named `w`.

use super::super::statement::Statement;
use crate::domain::occurrence::{OccurrenceState, Reason};
use crate::store::RunFilter;

/// The states that can pass: what is asked of the end lets through none that
/// is open, and none that ends without it.
pub fn states(filter: &RunFilter) -> Vec<OccurrenceState> {
    let can_pass = |state: &OccurrenceState| {
        let asked = filter.states.is_empty() || filter.states.contains(state);
        let reasons =
            filter.reasons.is_empty() || (state.is_final() && *state != OccurrenceState::Succeeded);
        let answered = matches!(state, OccurrenceState::Succeeded | OccurrenceState::Failed);
        asked && reasons && (filter.status.is_none() || answered)
    };
    OccurrenceState::ALL.into_iter().filter(can_pass).collect()
}

/// Whether an entry is shown, as far as `within` does not say so already;
/// `None`: each one is.
pub fn conditions(filter: &RunFilter) -> Option<Statement> {
    let states = states(filter);
    let all = OccurrenceState::ALL.len();
    let words = states.iter().map(|state| state.as_str());
    let states = (states.len() < all).then(|| one_of("w.state", words));
    let kind = filter.kind;
    let kind = kind.map(|kind| Statement::new("w.kind = ").bind(kind.as_str()));
    let status = filter.status.as_ref().map(|range| {
        Statement::new("w.status BETWEEN ")
            .bind(u32::from(*range.start()))
            .text(" AND ")
            .bind(u32::from(*range.end()))
    });
    let reasons = filter.reasons.iter().map(|reason: &Reason| reason.as_str());
    let reasons = (!filter.reasons.is_empty()).then(|| one_of("w.reason", reasons));
    let parts = [states, kind, status, reasons].into_iter().flatten();
    parts.reduce(|all, part| all.text(" AND ").then(part))
}

fn one_of<'a>(column: &'static str, words: impl Iterator<Item = &'a str>) -> Statement {
    let mut sql = Statement::new(column).text(" IN (");
    for (place, word) in words.enumerate() {
        sql = if place > 0 { sql.text(", ") } else { sql };
        sql = sql.bind(word);
    }
    sql.text(")")
}
