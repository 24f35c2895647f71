//! What arrives at a target, and what the ledger says of it.

mod ahead;
mod burst;
mod clock;
pub mod foretold;
mod manual;
mod outcomes;
mod overlap;
mod pauses;
mod phases;
mod priority;
mod redirects;
mod requests;
mod retention;
mod retries;
mod secrets;
pub mod sending;
mod tls;
