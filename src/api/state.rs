//! What the handlers may use: services, and nothing else.

use crate::health::Health;
use crate::service::{Events, Exposition, Jobs, Runs, Stats, System};

/// The services behind the HTTP layer.
#[derive(Clone)]
pub struct ApiState {
    /// The use cases of jobs.
    pub jobs: Jobs,
    /// The longest body of an import, in bytes.
    pub import_max_bytes: usize,
    /// Whether `/api/v1/echo` is there.
    pub echo: bool,
    /// What happens, live.
    pub events: Events,
    /// What all jobs came to and will do.
    pub stats: Stats,
    /// What this server is.
    pub system: System,
    /// The use cases of the ledger.
    pub runs: Runs,
    /// The board that `/readyz` reads.
    pub health: Health,
    /// What `/metrics` shows.
    pub exposition: Exposition,
}
