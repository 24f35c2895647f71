//! Occurrences on record that are still to be sent.

use chrono::{DateTime, Utc};

/// An occurrence of a schedule that is claimed and not sent, or waits for its
/// next attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRun {
    /// Its fire time.
    pub fire_at: DateTime<Utc>,
    /// When it is sent: the fire time, later by the jitter, or the instant of a
    /// retry. `None`: when the run it waits for has ended.
    pub due_at: Option<DateTime<Utc>>,
    /// How many attempts were made.
    pub attempts: u32,
}
