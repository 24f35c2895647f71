//! Decides when; never what a job means to a user.
//!
//! ```text
//! ticker ──due second──► planner ──claims──► dispatcher ──► sender
//!    │                     ▲                     │
//!    └──duties──► recovery │ wake                └──records──► recorder
//! ```

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::health::Health;
use crate::lock::FireLock;
use crate::sender::{Limits, Sender};
use crate::store::{Store, StoreError};
use crate::telemetry::metrics::{Metrics, SchedulerState};
use crate::telemetry::traces::Tracer;
use crowd::Crowd;
use dispatcher::{Dispatch, Dispatcher};
pub use duties::Duties;
use lease::Lease;
use planner::Planner;
use recorder::Recorder;
use recovery::Recovery;
pub use retention::Keep;
use retention::Retention;

mod crowd;
mod dispatcher;
mod duties;
mod given_up;
mod lease;
mod planner;
mod recorder;
mod recovery;
mod retention;
mod ticker;

/// What to do with a due occurrence while the fire lock cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnLockUnavailable {
    /// Send it: among replicas of one store the claim alone is unique.
    Fire,
    /// Wait for the lock as long as the job's grace allows, then record it as
    /// failed.
    Hold,
}

/// What the scheduler keeps to.
#[derive(Debug, Clone)]
pub struct SchedulerSettings {
    /// The name of this process, unique for ever.
    pub replica: String,
    /// How long a lease lasts without renewal.
    pub lease: Duration,
    /// How many jobs one claim transaction takes at most.
    pub claim_batch: u32,
    /// How long a due occurrence may wait for a send slot.
    pub send_wait: Duration,
    /// How much of the ledger is kept.
    pub keep: Keep,
    /// What to do without the fire lock.
    pub on_lock_unavailable: OnLockUnavailable,
}

/// The parts a scheduler stands on.
#[derive(Clone)]
pub struct Parts {
    /// Jobs, claims and the ledger.
    pub store: Arc<dyn Store>,
    /// The last guard before a send.
    pub lock: Arc<dyn FireLock>,
    /// Sends the requests.
    pub sender: Arc<dyn Sender>,
    /// How many at once.
    pub limits: Limits,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where the scheduler reports.
    pub health: Health,
    /// What it counts.
    pub metrics: Metrics,
    /// Where its spans go.
    pub tracer: Tracer,
}

/// Tells the planner about a job that was added, changed or is to run now, or whose
/// turn has come, so that what is due within the lead is not left to the next tick.
#[derive(Debug, Clone)]
pub struct Wake {
    changed: mpsc::UnboundedSender<DateTime<Utc>>,
}

/// The end of a [`Wake`] at which the planner listens.
pub type WakeListener = mpsc::UnboundedReceiver<DateTime<Utc>>;

impl Wake {
    /// A wake and the end at which the planner listens.
    #[must_use]
    pub fn channel() -> (Self, WakeListener) {
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

/// A look at the running scheduler, for the metrics.
#[derive(Clone)]
pub struct SchedulerView {
    limits: Limits,
    lease: Arc<Lease>,
}

impl SchedulerView {
    /// Its state, as it is now.
    #[must_use]
    pub fn now(&self) -> SchedulerState {
        let (waiting, in_flight) = self.limits.load();
        SchedulerState {
            waiting,
            in_flight,
            lease_valid: self.lease.is_valid(),
        }
    }
}

/// The running scheduler.
pub struct Scheduler {
    parts: Parts,
    lease: Arc<Lease>,
    replica: String,
    /// Ends planning: nothing new is claimed, what is not due is given back.
    stop: CancellationToken,
    /// Ends sending: what is still under way is given up.
    kill: CancellationToken,
    /// Groups waiting for their instant, and requests under way.
    firings: TaskTracker,
    /// The planner and the ticker.
    duties: TaskTracker,
    recorder: Recorder,
}

impl Scheduler {
    /// Takes the lease of this replica, settles what dead ones left, and
    /// starts to fire.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn start(
        parts: Parts,
        settings: SchedulerSettings,
        wake: (Wake, WakeListener),
    ) -> Result<Self, StoreError> {
        let (scheduler, duties) = Self::start_without_clockwork(parts, settings, wake).await?;
        scheduler.duties.spawn(ticker::supervise(duties));
        Ok(scheduler)
    }

    /// As [`Self::start`], for a caller that drives the duties by a clockwork of
    /// its own, until they are stopped: the ticker lives by the system's time.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn start_without_clockwork(
        parts: Parts,
        settings: SchedulerSettings,
        (wake, heard): (Wake, WakeListener),
    ) -> Result<(Self, Duties), StoreError> {
        let stop = CancellationToken::new();
        let kill = CancellationToken::new();
        let firings = TaskTracker::new();
        let duties = TaskTracker::new();
        let lease = Arc::new(Lease::new(parts.clock.clone(), settings.lease));
        let recovery = Arc::new(Recovery::new(
            &parts,
            &settings.replica,
            lease.clone(),
            wake.clone(),
        ));
        recovery.renew_lease().await?;
        recovery.settle_dead().await?;
        let retention = Retention::new(parts.store.clone(), parts.clock.clone(), settings.keep);
        let recorder = Recorder::start(parts.store.clone(), wake);
        let dispatcher = Dispatcher::new(Dispatch {
            parts: parts.clone(),
            on_lock_unavailable: settings.on_lock_unavailable,
            send_wait: settings.send_wait,
            lease: lease.clone(),
            recorder: recorder.clone(),
            crowd: Crowd::default(),
            tasks: firings.clone(),
            stop: stop.clone(),
            kill: kill.clone(),
        });
        let planner = Arc::new(Planner::new(&parts, &settings, dispatcher, stop.clone()));
        duties.spawn(planner.clone().listen(heard));
        let driven = Duties {
            store: parts.store.clone(),
            clock: parts.clock.clone(),
            health: parts.health.clone(),
            metrics: parts.metrics.clone(),
            planner,
            recovery,
            retention: Arc::new(retention),
            stop: stop.clone(),
        };
        let scheduler = Self {
            parts,
            lease,
            replica: settings.replica,
            stop,
            kill,
            firings,
            duties,
            recorder,
        };
        Ok((scheduler, driven))
    }

    /// A look at it.
    #[must_use]
    pub fn view(&self) -> SchedulerView {
        SchedulerView {
            limits: self.parts.limits.clone(),
            lease: self.lease.clone(),
        }
    }

    /// Stops in order: nothing new is claimed; claims not yet due are given
    /// back; what is under way may end within `drain`; the rest is recorded
    /// as unknown; the lease ends.
    pub async fn stop(self, drain: Duration) {
        self.stop.cancel();
        self.duties.close();
        self.firings.close();
        let drained = tokio::time::timeout(drain, self.firings.wait()).await;
        if drained.is_err() {
            let open = self.firings.len();
            tracing::warn!(
                open,
                "the drain deadline has passed: the rest ends as unknown"
            );
            self.kill.cancel();
            self.firings.wait().await;
        }
        self.duties.wait().await;
        self.recorder.finish().await;
        let now = self.parts.clock.now();
        match self.parts.store.release_lease(&self.replica, now).await {
            Ok(left) => tracing::info!(
                given_back = left.given_back,
                unknown = left.unknown,
                "the scheduler has stopped"
            ),
            Err(error) => tracing::warn!(%error, "the lease was not released; it ends by itself"),
        }
    }
}
