//! A run as it is shown: in a list in short, alone with all that is known.

use serde_json::{Map, Value, json};

use super::times::shown;
use crate::domain::explain::explain;
use crate::domain::occurrence::{LedgerEntry, ManualRun, PastAttempt};
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
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// A run with all that is known of it.
pub fn detail_json(run: &LedgerEntry) -> Value {
    let mut out = run_json(run);
    let rest = json!({
        "due_at": shown(run.due_at),
        "into_fire_at": run.into_fire_at.map(shown),
        "replica": run.replica,
        "error": run.error,
        "body": run.body,
        "phases": run.phases.map(phases_json),
        "attempts": attempts(run),
    });
    if let Value::Object(rest) = rest {
        out.extend(rest);
    }
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

/// All attempts, the last one from the row itself, if it has come to anything.
fn attempts(run: &LedgerEntry) -> Vec<Value> {
    let mut attempts: Vec<Value> = run.past_attempts.iter().map(attempt_json).collect();
    let told = u32::try_from(attempts.len()).unwrap_or(u32::MAX);
    if run.attempt > told {
        attempts.push(attempt_json(&PastAttempt {
            number: run.attempt,
            reason: run.reason,
            sent_at: run.sent_at,
            duration_ms: run.duration_ms,
            status: run.status,
            error: run.error.clone(),
            body: run.body.clone(),
            phases: run.phases,
        }));
    }
    attempts
}

fn attempt_json(attempt: &PastAttempt) -> Value {
    json!({
        "number": attempt.number,
        "reason": attempt.reason.map(|reason| reason.as_str()),
        "sent_at": attempt.sent_at.map(shown),
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
