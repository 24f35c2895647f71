//! What this program tells of itself: the log, the metrics, the traces. Knows no business
//! rule, and may be used by all.

use tracing_subscriber::EnvFilter;

pub mod metrics;
mod process;
pub mod table;
pub mod traces;

/// Why the log could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("LOG_LEVEL: {0}")]
pub struct TelemetryError(String);

/// Starts logging to standard error; `json`: one object a line.
///
/// # Errors
/// When the filter cannot be read, or a log was set up before.
pub fn init(filter: &str, json: bool) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(filter)
        .map_err(|e| TelemetryError(format!("{filter:?} is no filter: {e}")))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    let done = if json {
        log.json().flatten_event(true).try_init()
    } else {
        log.try_init()
    };
    done.map_err(|e| TelemetryError(e.to_string()))
}
