//! A run as it is shown: in a list in short, alone with all that is known.

use serde_json::{Map, Value, json};

use super::times::shown;
use crate::domain::attempts::{self, Made};
use crate::domain::explain::explain;
use crate::domain::occurrence::{LedgerEntry, ManualRun};
use crate::domain::run::Phases;
use crate::domain::words::Words;

/// A text in both languages.
pub fn words_json(words: &Words) -> Value {
    json!({"en": words.en, "zh": words.zh})
}

/// A run in a list.
pub fn run_json(run: &LedgerEntry) -> Map<String, Value> {
    let occurrence = &run.occurrence;
    let fields = json!({
        "run_id": run.row_id,
        "job_id": occurrence.job_id.as_str(),
        "kind": occurrence.kind.as_str(),
        "fire_at": shown(occurrence.fire_at),
        "last_fire_at": shown(run.last_fire_at),
        "count": run.count,
        "fire_id": occurrence.fire_id().to_string(),
        "state": run.state.as_str(),
        "reason": run.reason.map(|reason| reason.as_str()),
        "explanation": words_json(&explain(run)),
        "attempt": run.attempt,
        "status": run.status,
        "sent_at": run.sent_at.map(shown),
        "settled_at": run.settled_at.map(shown),
        "lateness_ms": run.lateness_ms,
        "duration_ms": run.duration_ms,
        "due_at": shown(run.due_at),
        "into_fire_at": run.into_fire_at.map(shown),
        "replica": run.replica,
        "claimed_at": run.claimed_at.map(shown),
        "error": run.error,
        "phases": run.phases.map(phases_json),
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// A run with all that is known of it.
pub fn detail_json(run: &LedgerEntry) -> Value {
    let mut out = run_json(run);
    let made = attempts::of(run);
    out.insert("body".into(), json!(run.body));
    out.insert("attempts".into(), made.iter().map(attempt_json).collect());
    Value::Object(out)
}

/// A run that a client asked for.
pub fn manual_json(run: &ManualRun) -> Value {
    json!({
        "run_id": run.row_id,
        "job_id": run.occurrence.job_id.as_str(),
        "kind": run.occurrence.kind.as_str(),
        "fire_at": shown(run.occurrence.fire_at),
        "fire_id": run.occurrence.fire_id().to_string(),
    })
}

fn attempt_json(made: &Made) -> Value {
    let attempt = &made.attempt;
    json!({
        "number": attempt.number,
        "state": made.state.as_str(),
        "reason": attempt.reason.map(|reason| reason.as_str()),
        "sent_at": attempt.sent_at.map(shown),
        "ended_at": made.ended_at().map(shown),
        "duration_ms": attempt.duration_ms,
        "status": attempt.status,
        "error": attempt.error,
        "body": attempt.body,
        "phases": attempt.phases.map(phases_json),
    })
}

fn phases_json(phases: Phases) -> Value {
    json!({
        "dns_us": phases.dns_us,
        "connect_us": phases.connect_us,
        "first_byte_us": phases.first_byte_us,
        "read_us": phases.read_us,
    })
}
