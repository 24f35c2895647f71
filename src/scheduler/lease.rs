//! This replica's own view of its lease, by the monotonic clock. It ends here
//! no later than in the store, since it counts from the start of the renewal.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::Clock;

/// How long this replica may send.
#[derive(Debug)]
pub struct Lease {
    clock: Arc<dyn Clock>,
    length: Duration,
    /// Monotonic milliseconds.
    valid_until_ms: AtomicU64,
}

/// The start of a renewal.
#[derive(Debug, Clone, Copy)]
pub struct Renewal {
    started: Duration,
}

impl Lease {
    /// A lease that is not taken yet.
    pub fn new(clock: Arc<dyn Clock>, length: Duration) -> Self {
        Self {
            clock,
            length,
            valid_until_ms: AtomicU64::new(0),
        }
    }

    /// How long it lasts from the start of each renewal.
    pub fn length(&self) -> Duration {
        self.length
    }

    /// Call before the store is asked to renew.
    pub fn start_renewal(&self) -> Renewal {
        Renewal {
            started: self.clock.monotonic(),
        }
    }

    /// Call after the store has renewed.
    pub fn renewed(&self, renewal: Renewal) {
        let until = renewal.started + self.length;
        let until = u64::try_from(until.as_millis()).unwrap_or(u64::MAX);
        self.valid_until_ms.fetch_max(until, Ordering::AcqRel);
    }

    /// Whether this replica may send now.
    pub fn is_valid(&self) -> bool {
        let now = self.clock.monotonic().as_millis();
        now < u128::from(self.valid_until_ms.load(Ordering::Acquire))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn it_counts_from_the_start_of_the_renewal() {
        let clock = ManualClock::new(DateTime::from_timestamp_millis(0).unwrap());
        let lease = Lease::new(Arc::new(clock.clone()), Duration::from_secs(3));
        assert!(!lease.is_valid(), "not taken yet");
        let renewal = lease.start_renewal();
        clock.advance(TimeDelta::milliseconds(2_000));
        lease.renewed(renewal);
        clock.advance(TimeDelta::milliseconds(999));
        assert!(lease.is_valid());
        clock.advance(TimeDelta::milliseconds(1));
        assert!(!lease.is_valid());
    }
}
