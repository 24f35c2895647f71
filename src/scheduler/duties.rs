//! What a clockwork drives, each second and each due second. In the server that is
//! tokio-cron-scheduler (`ticker`), which lives by the system's time; a simulation
//! drives the same duties by its own.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use super::planner::Planner;
use super::recovery::Recovery;
use super::retention::Retention;
use crate::clock::Clock;
use crate::health::{Health, Part};
use crate::store::Store;
use crate::telemetry::metrics::Metrics;

/// How far ahead of now due seconds are listed.
const HORIZON: TimeDelta = TimeDelta::seconds(3);
/// How long one listing may take.
const LISTING_DEADLINE: Duration = Duration::from_secs(1);

/// The duties of one replica. Whoever drives them lists every half second what
/// is due, plans each second that is listed once it is at most two seconds away, and
/// calls each of the others once a second, never twice at the same time.
#[derive(Clone)]
pub struct Duties {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) health: Health,
    pub(super) metrics: Metrics,
    pub(super) planner: Arc<Planner>,
    pub(super) recovery: Arc<Recovery>,
    pub(super) retention: Arc<Retention>,
    pub(super) stop: CancellationToken,
}

impl Duties {
    /// Whether the scheduler stops: nothing is to be driven any more.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// The seconds (unix) to plan. A store that does not answer in time has none;
    /// the next listing asks again.
    pub async fn due_seconds(&self, now: DateTime<Utc>) -> Vec<i64> {
        let asked = self.store.due_seconds(now, now + HORIZON);
        match tokio::time::timeout(LISTING_DEADLINE, asked).await {
            Ok(Ok(seconds)) => seconds,
            Ok(Err(error)) => {
                self.health.report(Part::Store, Err(&error.to_string()));
                Vec::new()
            }
            Err(_) => {
                let what = "due seconds were not listed in time";
                self.health.report(Part::Store, Err(what));
                Vec::new()
            }
        }
    }

    /// Claims what falls due up to the end of a second (unix).
    pub async fn plan(&self, second: i64) {
        self.planner.plan(second).await;
    }

    /// Renews the lease; a failure is on the health board, and the next second
    /// tries again.
    pub async fn renew_lease(&self) {
        let _ = self.recovery.renew_lease().await;
    }

    /// Settles what dead replicas left; the next second tries again.
    pub async fn settle_dead(&self) {
        let _ = self.recovery.settle_dead().await;
    }

    /// Asks the fire lock whether it is there.
    pub async fn check_lock(&self) {
        self.recovery.check_lock().await;
    }

    /// Cuts the ledger when that is due. Ends at the stop: a pass goes on for as
    /// long as there is something to cut.
    pub async fn cut(&self) {
        let pass = self.retention.cut_if_due();
        self.stop.run_until_cancelled(pass).await;
    }
}
