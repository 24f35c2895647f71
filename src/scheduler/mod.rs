//! Decides when; never what a job means to a user.

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;

/// Tells the planner about a job that was added or changed, so that one due
/// within the lead is not left to the next tick.
#[derive(Debug, Clone)]
pub struct Wake {
    changed: mpsc::UnboundedSender<DateTime<Utc>>,
}

impl Wake {
    /// A wake and the end at which the planner listens.
    #[must_use]
    pub fn channel() -> (Self, mpsc::UnboundedReceiver<DateTime<Utc>>) {
        let (changed, heard) = mpsc::unbounded_channel();
        (Self { changed }, heard)
    }

    /// A job now falls due at `next_fire_at` (`None`: never).
    pub fn job_changed(&self, next_fire_at: Option<DateTime<Utc>>) {
        if let Some(at) = next_fire_at {
            // Without a listener the server is stopping; the store has it.
            let _ = self.changed.send(at);
        }
    }
}
