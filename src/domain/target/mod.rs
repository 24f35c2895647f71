//! The HTTP request a job sends, checked. Knows no HTTP client.
//!
//! Invariant: secrets leave only towards the target and the store
//! ([`Request::filled`], [`Request::for_store`]).

pub mod address;
pub mod body;
pub mod headers;
pub mod placeholders;
pub mod request;
pub mod secret;
pub mod success;
#[cfg(test)]
mod tests;
pub mod tls;

pub use body::Body;
pub use headers::Header;
pub use placeholders::Values;
pub use request::{Filled, Method, QueryParam, Request};
pub use secret::{MaybeSecret, Secret};
pub use success::{PointerRule, SuccessRule};
pub use tls::Tls;

use super::trigger::FieldFault;

/// The longest part of a value that a fault quotes, in bytes.
const QUOTED_BYTES: usize = 80;

fn fault(field: &'static str, value: impl Into<String>, message: impl Into<String>) -> FieldFault {
    FieldFault {
        field,
        value: value.into(),
        message: message.into(),
    }
}

/// The beginning of a text that may be long.
fn short(text: &str) -> String {
    if text.len() <= QUOTED_BYTES {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(QUOTED_BYTES)])
}
