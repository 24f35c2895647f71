//! The duties by which replicas stand in for each other: this one's lease, and
//! what dead ones left behind.
//!
//! A claim that never became `firing` was never sent: it is given back and
//! planned again, by the grace of its job. One that did may have been sent: it
//! ends as `unknown`.

use std::sync::Arc;
use std::time::Duration;

use super::lease::Lease;
use super::{Parts, Wake};
use crate::clock::{Clock, now_ms};
use crate::health::{Health, Part};
use crate::lock::FireLock;
use crate::store::{Store, StoreError};
use crate::telemetry::metrics::Metrics;

/// How long a renewal may take: well within the shortest lease.
const RENEWAL_DEADLINE: Duration = Duration::from_secs(1);
const TOO_SLOW: &str = "the lease could not be renewed within 1 s";

/// The duties of one replica.
pub struct Recovery {
    store: Arc<dyn Store>,
    lock: Arc<dyn FireLock>,
    clock: Arc<dyn Clock>,
    health: Health,
    replica: String,
    lease: Arc<Lease>,
    wake: Wake,
    metrics: Metrics,
}

impl Recovery {
    pub fn new(parts: &Parts, replica: &str, lease: Arc<Lease>, wake: Wake) -> Self {
        Self {
            store: parts.store.clone(),
            lock: parts.lock.clone(),
            clock: parts.clock.clone(),
            health: parts.health.clone(),
            replica: replica.to_owned(),
            lease,
            wake,
            metrics: parts.metrics.clone(),
        }
    }

    /// Renews the lease of this replica.
    pub async fn renew_lease(&self) -> Result<(), StoreError> {
        let renewal = self.lease.start_renewal();
        let now = now_ms(&*self.clock);
        let length = self.lease.length();
        let renewal_in_store = self.store.renew_lease(&self.replica, now, length);
        let renewed = tokio::time::timeout(RENEWAL_DEADLINE, renewal_in_store)
            .await
            .unwrap_or_else(|_| Err(StoreError::Unavailable(TOO_SLOW.into())));
        match &renewed {
            Ok(()) => {
                self.lease.renewed(renewal);
                self.health.report(Part::Store, Ok("the lease is renewed"));
            }
            Err(error) => self.health.report(Part::Store, Err(&error.to_string())),
        }
        renewed
    }

    /// Settles what dead replicas left.
    pub async fn settle_dead(&self) -> Result<(), StoreError> {
        let settled = self.store.settle_dead(now_ms(&*self.clock)).await?;
        self.metrics.settled(settled.given_back, settled.unknown);
        if settled.replicas > 0 {
            tracing::warn!(
                replicas = settled.replicas,
                given_back = settled.given_back,
                unknown = settled.unknown,
                "settled what dead replicas left"
            );
        }
        self.wake.job_changed(settled.released_at);
        Ok(())
    }

    /// Asks the fire lock whether it is there.
    pub async fn check_lock(&self) {
        match self.lock.ping().await {
            Ok(()) => {
                let using = self.lock.describe();
                self.health.report_optional(Part::Lock, Ok(&using));
            }
            Err(error) => self
                .health
                .report_optional(Part::Lock, Err(&error.to_string())),
        }
    }
}
