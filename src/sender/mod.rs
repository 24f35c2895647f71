//! One attempt in, one outcome out. Knows no store, no trigger and no retry
//! rule. reqwest is named in these files alone.

mod answer;
mod call;
mod clients;
mod connecting;
pub mod http;
pub mod limits;
mod phases;
mod redirect;

use async_trait::async_trait;

use crate::domain::run::Outcome;

pub use call::Call;
pub use http::{HttpSender, SenderSettings};
pub use limits::{Limits, Permit, Waiting};

/// Sends attempts: [`HttpSender`], and a stand-in where the engine runs on
/// simulated time.
#[async_trait]
pub trait Sender: Send + Sync {
    /// Sends one attempt and waits for its end, at most until its deadline.
    ///
    /// # Cancel safety
    /// Dropping the future ends the request; the target may have received it.
    async fn send(&self, call: Call) -> Outcome;
}
