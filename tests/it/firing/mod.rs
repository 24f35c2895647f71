//! What arrives at a target, and what the ledger says of it.

mod burst;
mod clock;
mod manual;
mod outcomes;
mod pauses;
mod redirects;
mod requests;
mod retries;
mod secrets;
mod sending;
mod tls;
