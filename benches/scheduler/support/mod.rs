//! What the benchmarks share: a target and a server, each in a process of its
//! own, and the yardstick.

pub mod chart;
mod connection;
mod load;
mod redis;
pub mod report;
mod server;
mod target;
mod yardstick;

pub use connection::Connection;
pub use load::Load;
pub use redis::redis;
pub use server::{BINARY, ServerProcess, Used};
pub use target::{HANG, TARGET_ROLE, TargetProcess, run_target};
pub use yardstick::{bare, bare_reqwest};

/// The value below which `percent` of the sorted values lie.
pub fn percentile(sorted: &[i64], percent: usize) -> i64 {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}
