//! What the benchmarks share: a target and a server, each in a process of its
//! own, and the yardstick.

mod server;
mod target;
mod yardstick;

pub use server::ServerProcess;
pub use target::{TARGET_ROLE, TargetProcess, run_target};
pub use yardstick::bare;

/// The value below which `percent` of the sorted values lie.
pub fn percentile(sorted: &[i64], percent: usize) -> i64 {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}
