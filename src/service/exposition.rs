//! The metrics as they are shown: what is counted all along, and what is looked
//! up when somebody asks.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::health::Health;
use crate::scheduler::SchedulerView;
use crate::store::Store;
use crate::telemetry::metrics::Metrics;

/// How long the store may take to tell its counts. Without it the last ones
/// known are shown: metrics matter most while something is away.
const STORE_DEADLINE: Duration = Duration::from_secs(1);

/// The metrics of a server and where the looked-up ones come from.
#[derive(Clone)]
pub struct Exposition {
    metrics: Metrics,
    store: Arc<dyn Store>,
    health: Health,
    clock: Arc<dyn Clock>,
    scheduler: Option<SchedulerView>,
}

impl Exposition {
    /// The metrics of a server that stands on these.
    #[must_use]
    pub fn new(
        metrics: Metrics,
        store: Arc<dyn Store>,
        health: Health,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            metrics,
            store,
            health,
            clock,
            scheduler: None,
        }
    }

    /// The same, of a server that fires.
    #[must_use]
    pub fn with_scheduler(self, scheduler: SchedulerView) -> Self {
        Self {
            scheduler: Some(scheduler),
            ..self
        }
    }

    /// What is counted all along.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// All metrics, as they are now, in Prometheus' text format.
    pub async fn text(&self) -> String {
        let metrics = &self.metrics;
        let counted = self.store.job_counts(self.clock.now());
        if let Ok(Ok(counted)) = tokio::time::timeout(STORE_DEADLINE, counted).await {
            for (state, kind, jobs) in counted.counts {
                metrics.set_jobs(state.as_str(), kind.as_str(), jobs);
            }
        }
        let (ready, parts) = self.health.snapshot();
        metrics.set_ready(ready);
        for part in parts {
            metrics.set_part(part.part.as_str(), part.ok);
        }
        if let Some(scheduler) = &self.scheduler {
            metrics.set_scheduler(scheduler.now());
        }
        metrics.exposition()
    }
}
