//! The fire lock: the last guard before a request is sent. Knows no job beyond
//! its key.
//!
//! Among replicas of one store the claim, and the conditional update by which
//! it becomes `firing`, already let exactly one replica through. The Redis
//! lock guards what the store cannot see: a second store with the same jobs,
//! such as a restored backup that runs beside the original.

use std::time::Duration;

use async_trait::async_trait;

use crate::domain::occurrence::Claim;

pub mod redis;

/// The lock could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unavailable(pub String);

/// What became of one lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockOutcome {
    /// This replica may send.
    Acquired,
    /// Somebody else may have sent it.
    HeldElsewhere,
}

/// A lock per attempt at an occurrence, taken once and kept after the send: a release
/// is what lets a late replica fire again.
#[async_trait]
pub trait FireLock: Send + Sync {
    /// Takes the locks of `claims`, all in one round trip; one outcome each,
    /// in their order. Asking again for a lock that this very claim has taken
    /// answers `Acquired`.
    ///
    /// # Errors
    /// When the lock cannot be asked within its deadline.
    async fn acquire(&self, claims: &[Claim]) -> Result<Vec<LockOutcome>, Unavailable>;

    /// Gives up the locks that these very claims have taken, of which nothing was sent
    /// and nothing will be.
    ///
    /// # Errors
    /// When the lock cannot be asked within its deadline.
    async fn release(&self, claims: &[Claim]) -> Result<(), Unavailable>;

    /// Whether the lock answers.
    ///
    /// # Errors
    /// When it does not, within its deadline.
    async fn ping(&self) -> Result<(), Unavailable>;

    /// Which lock this is, for the log and for `/readyz`.
    fn describe(&self) -> String;
}

/// The lock of a server without Redis: the store's own conditional update,
/// which a claim has passed before it comes here, is the lock.
#[derive(Debug, Clone, Copy, Default)]
pub struct StoreLock;

#[async_trait]
impl FireLock for StoreLock {
    async fn acquire(&self, claims: &[Claim]) -> Result<Vec<LockOutcome>, Unavailable> {
        Ok(vec![LockOutcome::Acquired; claims.len()])
    }

    async fn release(&self, _: &[Claim]) -> Result<(), Unavailable> {
        Ok(())
    }

    async fn ping(&self) -> Result<(), Unavailable> {
        Ok(())
    }

    fn describe(&self) -> String {
        "store: a conditional update in the database lets one replica through; all replicas must \
         share that database"
            .into()
    }
}

/// How the Redis lock is reached and how long it holds.
#[derive(Debug, Clone)]
pub struct RedisLockSettings {
    /// `redis://…`
    pub url: String,
    /// Put before every key.
    pub prefix: String,
    /// How long a lock stays.
    pub ttl: Duration,
    /// How long one round trip may take.
    pub timeout: Duration,
}
