//! How many claims wait for the same instant. The more there are, the earlier they are
//! revalidated and locked, so that all of that is done when the instant comes and the
//! processor is there for the requests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// How far ahead of its instant a lone claim is revalidated and locked.
const AHEAD: TimeDelta = TimeDelta::milliseconds(75);
/// What each of many takes, with room for as many of two other replicas, which write to
/// the same file.
const EACH: TimeDelta = TimeDelta::microseconds(150);
/// The most: of a job that fires each second, the run before is over and on record by
/// then.
pub const MOST_AHEAD: TimeDelta = TimeDelta::milliseconds(475);

/// The claims that wait, by their instant.
#[derive(Debug, Clone, Default)]
pub struct Crowd {
    waiting: Arc<Mutex<BTreeMap<DateTime<Utc>, usize>>>,
}

/// Some of them; ends when it is dropped.
#[derive(Debug)]
pub struct Place {
    crowd: Crowd,
    due_at: DateTime<Utc>,
    claims: usize,
}

impl Crowd {
    /// Lets claims wait for an instant.
    pub fn enter(&self, due_at: DateTime<Utc>, claims: usize) -> Place {
        *self.waiting().entry(due_at).or_default() += claims;
        Place {
            crowd: self.clone(),
            due_at,
            claims,
        }
    }

    /// How far ahead of that instant its claims are revalidated and locked.
    pub fn ahead(&self, due_at: DateTime<Utc>) -> TimeDelta {
        let claims = self.waiting().get(&due_at).copied().unwrap_or_default();
        let each = i32::try_from(claims).ok().and_then(|n| EACH.checked_mul(n));
        each.map_or(MOST_AHEAD, |all| (AHEAD + all).min(MOST_AHEAD))
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeMap<DateTime<Utc>, usize>> {
        // The map is whole even when a holder of the guard panicked.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut waiting = self.crowd.waiting();
        let left = waiting.get(&self.due_at).map(|n| n - self.claims);
        match left {
            Some(0) | None => waiting.remove(&self.due_at),
            Some(left) => waiting.insert(self.due_at, left),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_wait_for_an_instant_the_earlier_they_are_prepared() {
        let crowd = Crowd::default();
        let (at, later) = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH + AHEAD);
        assert_eq!(crowd.ahead(at), AHEAD);
        let few = crowd.enter(at, 500);
        let more = crowd.enter(at, 1_500);
        assert_eq!(crowd.ahead(at), AHEAD + EACH * 2_000);
        assert_eq!(crowd.ahead(later), AHEAD);
        drop(few);
        assert_eq!(crowd.ahead(at), AHEAD + EACH * 1_500);
        let too_many = crowd.enter(at, usize::MAX / 2);
        assert_eq!(crowd.ahead(at), MOST_AHEAD);
        drop((more, too_many));
        assert!(crowd.waiting().is_empty());
    }
}
