//! A run as it is shown.

use serde_json::{Map, Value, json};

use crate::api::v1::times::shown;
use crate::domain::attempts::{self, Made};
use crate::domain::explain::{self, Sentence};
use crate::domain::occurrence::LedgerEntry;
use crate::domain::run::Phases;

/// As lists show it.
pub fn summary(entry: &LedgerEntry) -> Value {
    Value::Object(members(entry))
}

/// With everything that is known of it.
pub fn run(entry: &LedgerEntry) -> Value {
    let mut out = members(entry);
    out.insert("body".into(), json!(entry.body));
    let attempts = attempts::of(entry);
    out.insert("attempts".into(), attempts.iter().map(attempt).collect());
    Value::Object(out)
}

/// A sentence in its languages.
pub fn sentence(sentence: &Sentence) -> Value {
    json!({"en": sentence.en, "zh": sentence.zh})
}

fn members(entry: &LedgerEntry) -> Map<String, Value> {
    let occurrence = &entry.occurrence;
    let members = json!({
        "run_id": entry.row_id,
        "job_id": occurrence.job_id.as_str(),
        "kind": occurrence.kind.as_str(),
        "fire_at": shown(occurrence.fire_at),
        "last_fire_at": shown(entry.last_fire_at.max(occurrence.fire_at)),
        "count": entry.count,
        "into_fire_at": entry.into_fire_at.map(shown),
        "due_at": shown(entry.due_at),
        "fire_id": occurrence.fire_id().to_string(),
        "state": entry.state.as_str(),
        "reason": entry.reason.map(|reason| reason.as_str()),
        "explanation": sentence(&explain::run(entry)),
        "attempt_count": entry.attempt,
        "replica": entry.replica,
        "claimed_at": entry.claimed_at.map(shown),
        "sent_at": entry.sent_at.map(shown),
        "settled_at": entry.settled_at.map(shown),
        "lateness_ms": entry.lateness_ms,
        "duration_ms": entry.duration_ms,
        "status": entry.status,
        "error": entry.error,
        "phases": entry.phases.map(phases),
    });
    match members {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn attempt(made: &Made) -> Value {
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
        "phases": attempt.phases.map(phases),
    })
}

fn phases(phases: Phases) -> Value {
    json!({
        "dns_us": phases.dns_us,
        "connect_us": phases.connect_us,
        "first_byte_us": phases.first_byte_us,
        "read_us": phases.read_us,
    })
}
