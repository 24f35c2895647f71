//! How many requests may be under way: in total, and to one host, so that one
//! hung host delays nobody else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many hosts are remembered before idle ones are forgotten.
const MANY_HOSTS: usize = 4096;

/// The right to have one request under way; ends when it is dropped.
#[derive(Debug)]
pub struct Permit {
    _host: OwnedSemaphorePermit,
    _total: OwnedSemaphorePermit,
}

/// The permits of this replica.
#[derive(Debug, Clone)]
pub struct Limits {
    total: Arc<Semaphore>,
    per_host: usize,
    hosts: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
}

impl Limits {
    /// At most `total` requests at once, `per_host` of them to one host.
    #[must_use]
    pub fn new(total: usize, per_host: usize) -> Self {
        Self {
            total: Arc::new(Semaphore::new(total)),
            per_host,
            hosts: Arc::default(),
        }
    }

    /// Waits for a permit for `host`. The host's own comes first, so that
    /// those who wait for a hung host hold nothing of the total.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in the queue, nothing else.
    pub async fn acquire(&self, host: &str) -> Option<Permit> {
        let host = self.host(host).acquire_owned().await.ok()?;
        let total = self.total.clone().acquire_owned().await.ok()?;
        Some(Permit {
            _host: host,
            _total: total,
        })
    }

    fn host(&self, host: &str) -> Arc<Semaphore> {
        // The map is whole even when a holder of the guard panicked.
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = hosts.get(host) {
            return found.clone();
        }
        if hosts.len() >= MANY_HOSTS {
            hosts.retain(|_, s| Arc::strong_count(s) > 1 || s.available_permits() < self.per_host);
        }
        let fresh = Arc::new(Semaphore::new(self.per_host));
        hosts.insert(host.to_owned(), fresh.clone());
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn a_full_host_holds_nothing_of_the_total() {
        let limits = Limits::new(2, 1);
        let first = limits.acquire("hung").await.unwrap();
        let mut waiting = Box::pin(limits.acquire("hung"));
        assert!((&mut waiting).now_or_never().is_none());
        let other = limits.acquire("healthy").now_or_never().flatten();
        assert!(other.is_some(), "the second slot of the total is free");
        drop(first);
        assert!(waiting.await.is_some());
    }

    #[tokio::test]
    async fn the_total_is_a_bound_over_all_hosts() {
        let limits = Limits::new(1, 1);
        let first = limits.acquire("a").await.unwrap();
        assert!(limits.acquire("b").now_or_never().is_none());
        drop(first);
        assert!(limits.acquire("b").now_or_never().flatten().is_some());
    }

    #[tokio::test]
    async fn idle_hosts_are_forgotten() {
        let limits = Limits::new(10, 1);
        let held = limits.acquire("held").await.unwrap();
        for n in 0..MANY_HOSTS {
            drop(limits.acquire(&format!("host-{n}")).await);
        }
        let known = limits.hosts.lock().unwrap().len();
        assert!(known <= MANY_HOSTS, "{known}");
        assert!(limits.acquire("held").now_or_never().is_none());
        drop(held);
    }
}
