//! One due second: claims its occurrences in batches and hands them to the
//! dispatcher. Knows no trigger rule; the store applies those of the domain.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use super::dispatcher::Dispatcher;
use super::{Parts, SchedulerSettings, WakeListener};
use crate::clock::{Clock, now_ms};
use crate::health::{Health, Part};
use crate::store::{ClaimRequest, Claimed, NotFiredCount, Store};
use crate::telemetry::metrics::Metrics;

/// How far ahead of its second an occurrence may be claimed: ten thousand take half a
/// second to be claimed, and about as long to be revalidated and locked.
pub const LEAD: TimeDelta = TimeDelta::seconds(2);
/// A job that was added to fall due sooner than this is planned at once: the
/// ticker may have passed its second already.
const SOON: TimeDelta = TimeDelta::seconds(4);
/// How long a replica leaves the store to the others between two full batches, so that
/// they share what many jobs have at one instant; a claim of a batch takes about half of
/// it. Only while the first of a batch is due later than [`HURRY`]: what is near goes first.
const TURN: Duration = Duration::from_millis(30);
const HURRY: TimeDelta = TimeDelta::milliseconds(1_100);
/// How many wake-ups are taken together.
const WAKE_GROUP: usize = 4096;

/// Plans due seconds, each by one task at a time.
pub struct Planner {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    health: Health,
    metrics: Metrics,
    dispatcher: Dispatcher,
    stop: CancellationToken,
    replica: String,
    batch: u32,
    /// Seconds being planned, and whether to look once more afterwards.
    busy: Mutex<HashMap<i64, bool>>,
}

impl Planner {
    pub fn new(
        parts: &Parts,
        settings: &SchedulerSettings,
        dispatcher: Dispatcher,
        stop: CancellationToken,
    ) -> Self {
        Self {
            store: parts.store.clone(),
            clock: parts.clock.clone(),
            health: parts.health.clone(),
            metrics: parts.metrics.clone(),
            dispatcher,
            stop,
            replica: settings.replica.clone(),
            batch: settings.claim_batch,
            busy: Mutex::default(),
        }
    }

    /// Plans the seconds of jobs that were added or changed to fall due soon.
    pub async fn listen(self: Arc<Self>, mut wake: WakeListener) {
        let mut heard = Vec::new();
        loop {
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return,
                n = wake.recv_many(&mut heard, WAKE_GROUP) => if n == 0 { return },
            }
            let now = self.clock.now();
            let soon = heard.drain(..).filter(|at| *at <= now + SOON);
            let seconds: BTreeSet<i64> = soon.map(|at| second_of(at, now)).collect();
            for second in seconds {
                let planner = self.clone();
                tokio::spawn(async move { planner.plan(second).await });
            }
        }
    }

    /// Claims what falls due up to the end of `second` (unix). A call for a
    /// second that is being planned makes that plan look once more.
    pub async fn plan(&self, second: i64) {
        if !self.enter(second) {
            return;
        }
        loop {
            self.claim_all(second).await;
            if !self.again(second) {
                return;
            }
        }
    }

    async fn claim_all(&self, second: i64) {
        let Some(until) = DateTime::from_timestamp(second.saturating_add(1), 0) else {
            return;
        };
        while !self.stop.is_cancelled() {
            let request = ClaimRequest {
                replica: self.replica.clone(),
                until,
                limit: self.batch,
                now: now_ms(&*self.clock),
            };
            match self.store.claim(request).await {
                Ok(claimed) => {
                    self.health.report(Part::Store, Ok("claims are written"));
                    self.count(&claimed);
                    let first = claimed.claims.iter().map(|claim| claim.due_at).min();
                    self.dispatcher.accept(claimed.claims);
                    if !claimed.more {
                        return;
                    }
                    if first.is_some_and(|at| at > self.clock.now() + HURRY) {
                        tokio::time::sleep(TURN).await;
                    }
                }
                Err(error) => {
                    // The second is listed again by the next tick.
                    self.health.report(Part::Store, Err(&error.to_string()));
                    return;
                }
            }
        }
    }

    fn count(&self, claimed: &Claimed) {
        self.metrics.claimed(claimed.claims.len(), claimed.adopted);
        for not in &claimed.not_fired {
            let NotFiredCount {
                state,
                reason,
                fire_times,
            } = *not;
            self.metrics.not_fired(state, reason, fire_times);
        }
    }

    fn enter(&self, second: i64) -> bool {
        let mut busy = self.busy();
        if let Some(again) = busy.get_mut(&second) {
            *again = true;
            return false;
        }
        busy.insert(second, false);
        true
    }

    fn again(&self, second: i64) -> bool {
        let mut busy = self.busy();
        match busy.get_mut(&second) {
            Some(again) if *again => {
                *again = false;
                true
            }
            _ => {
                busy.remove(&second);
                false
            }
        }
    }

    fn busy(&self) -> MutexGuard<'_, HashMap<i64, bool>> {
        // The map is whole even when a holder of the guard panicked.
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The second in which `at` is planned: its own, or that of `now` when it is
/// overdue.
fn second_of(at: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    at.timestamp().max(now.timestamp())
}
