//! Spans as OTLP has them in JSON.
//!
//! Source: opentelemetry-proto, `trace.proto`, and the OTLP specification on its
//! JSON form (ids in hex, 64-bit numbers as text, enumerations as numbers);
//! attribute names by OpenTelemetry's semantic conventions for HTTP clients.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::ids::TraceContext;
use super::span::{AttemptSpan, OccurrenceSpan, Span};
use crate::domain::occurrence::{OccurrenceId, Reason};

/// `SPAN_KIND_INTERNAL`
const INTERNAL: u8 = 1;
/// `SPAN_KIND_CLIENT`
const CLIENT: u8 = 3;
/// `STATUS_CODE_ERROR`
const ERROR: u8 = 2;
/// What spans are made by.
const NAME: &str = env!("CARGO_PKG_NAME");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The body of one export.
pub(super) fn body(replica: &str, spans: &[Span]) -> Value {
    let spans: Vec<Value> = spans.iter().map(span).collect();
    let resource = [
        text("service.name", NAME),
        text("service.version", VERSION),
        text("service.instance.id", replica),
    ];
    json!({"resourceSpans": [{
        "resource": {"attributes": resource},
        "scopeSpans": [{"scope": {"name": NAME, "version": VERSION}, "spans": spans}],
    }]})
}

fn span(span: &Span) -> Value {
    match span {
        Span::Attempt(span) => attempt(span),
        Span::Occurrence(span) => occurrence(span),
    }
}

fn attempt(span: &AttemptSpan) -> Value {
    let (url, context) = (&span.url, &span.context);
    let late = span.sent_at - span.due_at;
    let mut attributes = about(&span.occurrence);
    attributes.extend([
        number("schedule.attempt", span.attempt),
        number("schedule.lateness_ms", late.num_milliseconds()),
        text("http.request.method", span.method),
        text("url.full", url.as_str()),
        text("server.address", url.host_str().unwrap_or_default()),
        number(
            "server.port",
            url.port_or_known_default().unwrap_or_default(),
        ),
    ]);
    if span.attempt > 1 {
        attributes.push(number("http.request.resend_count", span.attempt - 1));
    }
    attributes.extend(span.status.map(|s| number("http.response.status_code", s)));
    let outcome = if span.reason.is_none() {
        "succeeded"
    } else {
        "failed"
    };
    attributes.push(text("schedule.outcome", outcome));
    attributes.extend(why(span.reason));
    let phases: [Option<u32>; 4] = span.phases.unwrap_or_default().into();
    let names = ["dns", "connect", "first_byte", "read"];
    for (name, us) in names.into_iter().zip(phases) {
        attributes.extend(us.map(|us| number(&format!("schedule.phase.{name}_us"), us)));
    }
    let took = i64::try_from(span.took.as_nanos()).unwrap_or(i64::MAX);
    json!({
        "traceId": context.trace_id.simple().to_string(),
        "spanId": hex(context.span_id),
        "parentSpanId": hex(context.occurrence_span()),
        "flags": 1,
        "name": "fire",
        "kind": CLIENT,
        "startTimeUnixNano": nanos(span.sent_at).to_string(),
        "endTimeUnixNano": nanos(span.sent_at).saturating_add(took).to_string(),
        "attributes": attributes,
        "status": status(span.reason, span.error.as_deref()),
    })
}

fn occurrence(span: &OccurrenceSpan) -> Value {
    let context = TraceContext {
        trace_id: span.occurrence.fire_id(),
        span_id: 0,
        sampled: true,
    };
    let steps = span.steps.iter().flat_map(|steps| {
        [
            ("claimed", steps.claimed_at),
            ("checked", steps.checked_at),
            ("locked", steps.locked_at),
        ]
    });
    let events: Vec<_> = steps.chain(span.sent_at.map(|at| ("sent", at))).collect();
    let began = events.iter().map(|(_, at)| *at).min();
    let began = began.unwrap_or(span.ended_at).min(span.occurrence.fire_at);
    let event = |(name, at): &(&str, DateTime<Utc>)| json!({"timeUnixNano": nanos(*at).to_string(), "name": name});
    let mut attributes = about(&span.occurrence);
    attributes.push(number("schedule.attempts", span.attempts));
    attributes.push(text("schedule.outcome", span.state.as_str()));
    attributes.extend(why(span.reason));
    json!({
        "traceId": context.trace_id.simple().to_string(),
        "spanId": hex(context.occurrence_span()),
        "flags": 1,
        "name": "occurrence",
        "kind": INTERNAL,
        "startTimeUnixNano": nanos(began).to_string(),
        "endTimeUnixNano": nanos(span.ended_at.max(began)).to_string(),
        "attributes": attributes,
        "events": events.iter().map(event).collect::<Vec<_>>(),
        "status": status(span.reason, span.error.as_deref()),
    })
}

fn about(occurrence: &OccurrenceId) -> Vec<Value> {
    let fire_at = occurrence.fire_at;
    let fire_at = fire_at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    vec![
        text("schedule.job.id", occurrence.job_id.as_str()),
        text("schedule.fire_at", &fire_at),
        text("schedule.kind", occurrence.kind.as_str()),
    ]
}

fn why(reason: Option<Reason>) -> Vec<Value> {
    let Some(reason) = reason else {
        return Vec::new();
    };
    let reason = reason.as_str();
    vec![text("schedule.reason", reason), text("error.type", reason)]
}

fn status(reason: Option<Reason>, error: Option<&str>) -> Value {
    match reason {
        None => json!({}),
        Some(reason) => {
            json!({"code": ERROR, "message": error.unwrap_or(reason.as_str())})
        }
    }
}

fn text(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}

fn number(key: &str, value: impl Into<i64>) -> Value {
    json!({"key": key, "value": {"intValue": value.into().to_string()}})
}

fn hex(id: u64) -> String {
    format!("{id:016x}")
}

/// Nanoseconds since the epoch; those of the year 2262 and later are cut off.
fn nanos(at: DateTime<Utc>) -> i64 {
    at.timestamp_nanos_opt().unwrap_or(i64::MAX)
}
