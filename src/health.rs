//! Last known state of the parts this server stands on, and since when. Every
//! part reports here; `/readyz` reads it. Knows none of the parts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use crate::clock::Clock;

/// A part that can be away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The database.
    Store,
    /// The fire lock (Redis, or the store itself).
    Lock,
    /// The ticker that wakes the planner.
    Ticker,
    /// This server as a whole: starting, serving, draining.
    Server,
}

impl Part {
    /// The word shown in `/readyz`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Store => "store",
            Self::Lock => "lock",
            Self::Ticker => "ticker",
            Self::Server => "server",
        }
    }
}

/// The state of one part.
#[derive(Debug, Clone, PartialEq)]
pub struct PartHealth {
    /// Which part.
    pub part: Part,
    /// Whether it works.
    pub ok: bool,
    /// Whether this server still does its work without it.
    pub required: bool,
    /// When it came into this state (UTC).
    pub since: DateTime<Utc>,
    /// What is the matter, or what is in use.
    pub detail: String,
}

/// The board on which parts report; a change of state is logged once.
#[derive(Debug, Clone)]
pub struct Health {
    clock: Arc<dyn Clock>,
    parts: Arc<Mutex<BTreeMap<Part, PartHealth>>>,
}

impl Health {
    /// An empty board.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            parts: Arc::default(),
        }
    }

    /// Reports a part that this server cannot work without.
    pub fn report(&self, part: Part, state: Result<&str, &str>) {
        self.set(part, state, true);
    }

    /// Reports a part whose absence is survived.
    pub fn report_optional(&self, part: Part, state: Result<&str, &str>) {
        self.set(part, state, false);
    }

    /// The parts, and whether this server is ready: every required one works.
    #[must_use]
    pub fn snapshot(&self) -> (bool, Vec<PartHealth>) {
        let parts: Vec<_> = self.lock().values().cloned().collect();
        let ready = parts.iter().all(|p| p.ok || !p.required);
        (ready && !parts.is_empty(), parts)
    }

    /// Whether a part was last seen working.
    #[must_use]
    pub fn is_ok(&self, part: Part) -> bool {
        self.lock().get(&part).is_some_and(|p| p.ok)
    }

    fn set(&self, part: Part, state: Result<&str, &str>, required: bool) {
        let (ok, detail) = match state {
            Ok(detail) => (true, detail),
            Err(detail) => (false, detail),
        };
        let now = self.clock.now();
        let mut parts = self.lock();
        let before = parts.get(&part);
        let changed = before.is_none_or(|p| p.ok != ok);
        let since = before.filter(|p| p.ok == ok).map_or(now, |p| p.since);
        let health = PartHealth {
            part,
            ok,
            required,
            since,
            detail: detail.to_owned(),
        };
        parts.insert(part, health);
        drop(parts);
        if changed {
            log(part, state, required);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Part, PartHealth>> {
        // A panic while the board was held leaves it whole: it is only a map.
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One line per change of state. The server's own states are no trouble.
fn log(part: Part, state: Result<&str, &str>, required: bool) {
    let name = part.as_str();
    match state {
        Ok(detail) => tracing::info!(part = name, detail, "works"),
        Err(detail) if part == Part::Server => tracing::info!(part = name, detail, "not ready"),
        Err(detail) => tracing::warn!(part = name, detail, required, "does not work"),
    }
}
