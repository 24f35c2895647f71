//! What arrives at a target, and what the ledger says of it.

mod ahead;
mod burst;
mod clock;
mod foretold;
mod manual;
mod outcomes;
mod overlap;
mod pauses;
mod priority;
mod redirects;
mod requests;
mod retention;
mod retries;
mod secrets;
mod sending;
mod tls;
