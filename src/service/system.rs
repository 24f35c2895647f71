//! What this server is, what it runs with, and how its parts do.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::ServiceError;
use crate::clock::{Clock, now_ms};
use crate::health::{Health, PartHealth};
use crate::store::{JobCounts, Store, StoreFacts};

/// A setting as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownSetting {
    /// The environment variable.
    pub name: &'static str,
    /// Its value, without passwords.
    pub value: String,
    /// `default`, `env` or `flag`.
    pub origin: &'static str,
    /// The value it has when nothing is said.
    pub default: &'static str,
    /// What it is for.
    pub help: &'static str,
}

/// What does not change while the server runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// The name of this process among its replicas.
    pub replica: String,
    /// Its settings, without passwords.
    pub settings: Vec<ShownSetting>,
    /// Whether a Redis is set up for the fire lock.
    pub redis: bool,
    /// What happens while it is away: `fire` or `hold`.
    pub without_lock: &'static str,
}

/// All that can be said of this server at an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct SystemView {
    /// The instant.
    pub now: DateTime<Utc>,
    /// When this server was started.
    pub started_at: DateTime<Utc>,
    /// For how long it has run, whatever the wall clock did.
    pub uptime: Duration,
    /// Its parts, as they were seen last.
    pub parts: Vec<PartHealth>,
    /// Its store.
    pub store: StoreFacts,
    /// Its jobs.
    pub jobs: JobCounts,
}

/// The use case of looking at the server itself.
#[derive(Clone)]
pub struct System {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    health: Health,
    identity: Arc<Identity>,
    started_at: DateTime<Utc>,
    started: Duration,
}

impl System {
    /// The use case of a server that starts now.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        health: Health,
        identity: Identity,
    ) -> Self {
        Self {
            started_at: now_ms(&*clock),
            started: clock.monotonic(),
            store,
            clock,
            health,
            identity: Arc::new(identity),
        }
    }

    /// What does not change.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What can be said now.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn look(&self) -> Result<SystemView, ServiceError> {
        let now = now_ms(&*self.clock);
        Ok(SystemView {
            now,
            started_at: self.started_at,
            uptime: self.clock.monotonic().saturating_sub(self.started),
            parts: self.health.snapshot().1,
            store: self.store.facts().await?,
            jobs: self.store.job_counts(now).await?,
        })
    }
}
