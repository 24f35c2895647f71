//! Traces: each occurrence is one, with a span for each attempt, sent to a
//! collector by OTLP over HTTP.
//!
//! The protocol is written here, as JSON, and not taken from the OpenTelemetry
//! crates: ids come from the occurrence, not from a generator; a full queue drops
//! and counts; the last flush has a deadline; and one small module stands for
//! some twenty crates.
//!
//! Invariant: nothing here holds a firing back. A span goes into a bounded queue
//! or is dropped.

mod exporter;
mod ids;
mod otlp;
mod span;

pub use exporter::{TraceError, TraceSettings, Tracer};
pub use ids::TraceContext;
pub use span::{AttemptSpan, OccurrenceSpan, Span, Steps};
