//! What the server tells of itself.

mod exposition;
mod metrics;
mod traces;
