//! A filter as conditions on a row of `jobs`, named `j`.

use super::super::rows::ms;
use super::super::statement::Statement;
use crate::domain::job::JobState;
use crate::store::{JobFilter, PageRequest};

/// Columns that [`conditions`] reads.
pub const FILTERED: &str =
    "j.seq, j.job_id, j.url, j.state, j.pause_until, j.kind, j.failures, j.ended";

/// Whether a job is listed, as an expression.
pub fn conditions(request: &PageRequest) -> Statement {
    let JobFilter {
        state,
        kind,
        tag,
        text,
        failing,
    } = &request.filter;
    let mut sql = Statement::new("j.ended = 0");
    let now = ms(request.now);
    sql = match state {
        None => sql,
        Some(JobState::Paused) => sql
            .text(" AND (j.state = 'paused' OR j.pause_until > ")
            .bind(now)
            .text(")"),
        Some(JobState::Running) => sql
            .text(" AND j.state = 'running' AND (j.pause_until IS NULL OR j.pause_until <= ")
            .bind(now)
            .text(")"),
    };
    if let Some(kind) = kind {
        sql = sql.text(" AND j.kind = ").bind(kind.as_str());
    }
    if *failing {
        sql = sql.text(" AND j.failures > 0");
    }
    if let Some(tag) = tag {
        sql = sql
            .text(" AND EXISTS (SELECT 1 FROM job_tags f WHERE f.tag = ")
            .bind(tag.as_str())
            .text(" AND f.seq = j.seq)");
    }
    if let Some(text) = text {
        sql = sql.then(contains(text));
    }
    sql
}

/// `lower` and `instr` know ASCII letters alone, no wildcards, and no end of
/// text at a zero byte.
fn contains(text: &str) -> Statement {
    let text = text.to_ascii_lowercase();
    Statement::new(" AND (instr(lower(j.job_id), ")
        .bind(text.as_str())
        .text(") > 0 OR instr(lower(j.url), ")
        .bind(text.as_str())
        .text(") > 0)")
}
