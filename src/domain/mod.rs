//! The rules of scheduling, pure: no async, no I/O, no HTTP, no SQL, and no
//! clock; instants are arguments. Everything here can be tested as a table.

pub mod describe;
pub mod explain;
pub mod forecast;
#[cfg(test)]
mod fuzz;
pub mod histogram;
pub mod job;
pub mod misfire;
pub mod occurrence;
pub mod policy;
pub mod retry;
pub mod run;
pub mod schedule;
pub mod statuses;
pub mod target;
pub mod trigger;
pub mod upcoming;
pub mod warnings;
pub mod words;
pub mod zone;
