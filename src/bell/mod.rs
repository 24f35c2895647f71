//! The bell between replicas: rung when something new stands in the store, so
//! that the others need not look all the time. Knows neither jobs nor the store.
//!
//! Invariant: it only hints. What is lost on the way is found at the next look
//! into the store, which is the truth.

use async_trait::async_trait;
use tokio::sync::watch;

pub mod redis;

/// The bell could not be reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreachable(pub String);

/// Whether one listens, and how often it rang so far: `None` while nobody would
/// hear it.
pub type Heard = Option<u64>;

/// Tells other replicas that there is something new, and hears them tell it.
#[async_trait]
pub trait Bell: Send + Sync {
    /// Rings.
    ///
    /// # Errors
    /// When the bell is not reached within its deadline.
    async fn ring(&self) -> Result<(), Unreachable>;

    /// Listens until the bell is lost: counts each ring, and once at the
    /// beginning, since what rang before was not heard.
    async fn listen(&self, heard: &watch::Sender<Heard>) -> Unreachable;
}
