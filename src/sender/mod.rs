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

pub use call::Call;
pub use http::{HttpSender, SenderSettings};
pub use limits::{Limits, Permit, Waiting};
