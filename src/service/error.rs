//! What can go wrong in a use case, by what the caller can do about it.

use crate::domain::trigger::FieldFault;
use crate::store::StoreError;

/// A fault of a use case.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ServiceError {
    /// Fix the input: every fault found, in the order of the fields.
    #[error("invalid: {}", first_message(.0))]
    Invalid(Vec<FieldFault>),
    /// No job of that id.
    #[error("no such job")]
    NotFound,
    /// The job is not in the state that the client asked for.
    #[error("the job is not as expected")]
    PreconditionFailed,
    /// There is a job of that id already.
    #[error("a job of that id exists already")]
    Exists,
    /// Try again later: something this server needs is away.
    #[error("{what} is unavailable: {detail}")]
    Unavailable {
        /// The part that is away ("store").
        what: &'static str,
        /// What it said. For the log, not for the client.
        detail: String,
    },
}

fn first_message(faults: &[FieldFault]) -> &str {
    faults.first().map_or("", |f| f.message.as_str())
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable {
            what: "store",
            detail: error.to_string(),
        }
    }
}
