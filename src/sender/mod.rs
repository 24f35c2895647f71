//! One attempt in, one outcome out. Knows no store, no trigger and no retry
//! rule.

pub mod http;
pub mod limits;

pub use http::{HttpSender, SenderSettings};
pub use limits::{Limits, Permit};
