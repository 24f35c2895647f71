//! The rows of single jobs, in whatever state: those that have ended by one index, the
//! few that are open by two others. An index of all of them would cost each firing one
//! more page of the file, since jobs that fire one after the other are not neighbours
//! in it.

use super::statement::Statement;

/// The index of each part, and which rows it holds.
const PARTS: [(&str, &str); 3] = [
    ("occurrences_recent", "o.state NOT IN ('claimed', 'firing')"),
    ("occurrences_claimed", "o.state = 'claimed'"),
    ("occurrences_firing", "o.state = 'firing'"),
];

/// Selects columns of all rows `o` for which a condition holds, which begins with what
/// is asked of `o.job_id`. Neither has parameters without a number.
pub fn rows(columns: &str, condition: &str) -> String {
    rows_from("occurrences o", columns, condition)
}

/// The same, with the rows joined to others: `from` ends with `occurrences o`.
pub fn rows_from(from: &str, columns: &str, condition: &str) -> String {
    let part = |(index, held): (&str, &str)| {
        format!("SELECT {columns} FROM {from} INDEXED BY {index} WHERE {held} AND {condition}")
    };
    PARTS.map(part).join(" UNION ALL ")
}

/// The same as a statement with arguments.
pub fn statement(columns: &'static str, condition: &Statement) -> Statement {
    let mut all = Statement::default();
    for (n, (index, held)) in PARTS.into_iter().enumerate() {
        let part = Statement::new(if n == 0 {
            "SELECT "
        } else {
            " UNION ALL SELECT "
        })
        .text(columns)
        .text(" FROM occurrences o INDEXED BY ")
        .text(index)
        .text(" WHERE ")
        .text(held)
        .text(" AND ");
        all = all.then(part).then(condition.clone());
    }
    all
}
