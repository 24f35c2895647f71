//! How many requests may be under way: in total, and to one host, so that one
//! hung host delays nobody else. Where requests wait for each other, the one of
//! the highest priority goes first; among equals, the one that came first.
//!
//! Invariants:
//! - who waits holds nothing: a permit is a slot of the host and one of the
//!   total, given in one step, so that a hung host takes nothing of the total
//!   and a late request of high priority finds nobody in its way;
//! - nobody waits who could go: while the total has a free slot, each host with
//!   waiters is full. So each step lets one waiter through at most, and wakes
//!   no other.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::sync::oneshot;

/// Who goes first: the higher priority, then the one that came first.
type Rank = (Reverse<i8>, u64);

/// The permits of this replica.
#[derive(Debug, Clone)]
pub struct Limits {
    queues: Arc<Mutex<Queues>>,
}

/// The right to have one request under way; ends when it is dropped.
#[derive(Debug)]
pub struct Permit {
    limits: Limits,
    host: Arc<str>,
}

impl Limits {
    /// At most `total` requests at once, `per_host` of them to one host.
    #[must_use]
    pub fn new(total: usize, per_host: usize) -> Self {
        let queues = Queues {
            free: total,
            per_host,
            came: 0,
            hosts: HashMap::new(),
            ready: BTreeMap::new(),
        };
        Self {
            queues: Arc::new(Mutex::new(queues)),
        }
    }

    /// Takes a place in the queue for `host`, at the call and not at the first
    /// poll; the future ends with the permit.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place, and the permit with it should it
    /// have been given at that moment.
    pub fn acquire(&self, host: &str, priority: i8) -> Waiting {
        let (host, entered) = self.queues().enter(host, priority);
        let place = match entered {
            None => Place::Given(Some(Permit {
                limits: self.clone(),
                host,
            })),
            Some((rank, handed)) => Place::Queued(Queued {
                limits: self.clone(),
                host,
                rank,
                handed,
            }),
        };
        Waiting { place }
    }

    /// How many wait, and how many are under way.
    #[must_use]
    pub fn load(&self) -> (usize, usize) {
        let queues = self.queues();
        let hosts = queues.hosts.values();
        hosts.fold((0, 0), |(waiting, under_way), host| {
            (waiting + host.waiting.len(), under_way + host.under_way)
        })
    }

    /// Gives a slot back, and hands it to whoever is first.
    fn release(&self, host: &str) {
        let next = self.queues().leave(host);
        // Outside the lock: a waiter that has gone drops the permit here.
        if let Some((host, hand)) = next {
            let limits = self.clone();
            drop(hand.send(Permit { limits, host }));
        }
    }

    fn queues(&self) -> MutexGuard<'_, Queues> {
        // No step of the queues panics between two changes.
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.limits.release(&self.host);
    }
}

/// A place in the queue; ends with the permit.
#[derive(Debug)]
pub struct Waiting {
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// There was a free slot.
    Given(Option<Permit>),
    Queued(Queued),
}

#[derive(Debug)]
struct Queued {
    limits: Limits,
    host: Arc<str>,
    rank: Rank,
    handed: oneshot::Receiver<Permit>,
}

impl Future for Waiting {
    type Output = Permit;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Permit> {
        let handed = match &mut self.place {
            Place::Given(permit) => permit.take(),
            Place::Queued(queued) => match Pin::new(&mut queued.handed).poll(cx) {
                Poll::Ready(handed) => handed.ok(),
                Poll::Pending => None,
            },
        };
        // The other end is dropped by its use alone, so nothing else ends it.
        handed.map_or(Poll::Pending, Poll::Ready)
    }
}

impl Drop for Queued {
    /// What was handed over already is in the channel, and is dropped with it.
    fn drop(&mut self) {
        self.limits.queues().withdraw(&self.host, self.rank);
    }
}

/// Who has a slot and who waits.
#[derive(Debug)]
struct Queues {
    /// Free slots of the total.
    free: usize,
    per_host: usize,
    /// How many have come so far.
    came: u64,
    /// The hosts with requests under way or waiting.
    hosts: HashMap<Arc<str>, Host>,
    /// The first waiter of each host that has a free slot.
    ready: BTreeMap<Rank, Arc<str>>,
}

#[derive(Debug, Default)]
struct Host {
    under_way: usize,
    waiting: BTreeMap<Rank, oneshot::Sender<Permit>>,
    /// What stands in `ready` for this host.
    listed: Option<Rank>,
}

impl Queues {
    /// Takes a slot, or a place in the queue: its rank, and where the permit
    /// will come.
    fn enter(
        &mut self,
        name: &str,
        priority: i8,
    ) -> (Arc<str>, Option<(Rank, oneshot::Receiver<Permit>)>) {
        let known = self.hosts.get_key_value(name).map(|(name, _)| name.clone());
        let name = known.unwrap_or_else(|| name.into());
        let host = self.hosts.entry(name.clone()).or_default();
        if self.free > 0 && host.under_way < self.per_host {
            self.free -= 1;
            host.under_way += 1;
            return (name, None);
        }
        self.came += 1;
        let rank = (Reverse(priority), self.came);
        let (hand, handed) = oneshot::channel();
        host.waiting.insert(rank, hand);
        self.list(&name);
        (name, Some((rank, handed)))
    }

    /// Frees a slot; who gets it.
    fn leave(&mut self, name: &str) -> Option<(Arc<str>, oneshot::Sender<Permit>)> {
        self.free += 1;
        if let Some(host) = self.hosts.get_mut(name) {
            host.under_way -= 1;
        }
        self.list(name);
        let (rank, first) = self.ready.pop_first()?;
        let host = self.hosts.get_mut(&first)?;
        host.listed = None;
        let hand = host.waiting.remove(&rank)?;
        host.under_way += 1;
        self.free -= 1;
        self.list(&first);
        Some((first, hand))
    }

    /// Gives up a place, unless the permit was handed over.
    fn withdraw(&mut self, name: &str, rank: Rank) {
        if let Some(host) = self.hosts.get_mut(name) {
            host.waiting.remove(&rank);
        }
        self.list(name);
    }

    /// Brings `ready` up to date with one host, and forgets an idle one.
    fn list(&mut self, name: &str) {
        let Some((name, host)) = self.hosts.get_key_value(name) else {
            return;
        };
        let first = host.waiting.keys().next().copied();
        let first = first.filter(|_| host.under_way < self.per_host);
        let (name, before, idle) = (name.clone(), host.listed, host.is_idle());
        if before != first {
            before.map(|rank| self.ready.remove(&rank));
            first.map(|rank| self.ready.insert(rank, name.clone()));
        }
        match self.hosts.get_mut(&name) {
            Some(host) if !idle => host.listed = first,
            _ => drop(self.hosts.remove(&name)),
        }
    }
}

impl Host {
    fn is_idle(&self) -> bool {
        self.under_way == 0 && self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests;
