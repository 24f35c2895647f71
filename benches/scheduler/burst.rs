//! A burst: many date jobs due at one instant, fired by the real server at a
//! target in a process of its own, beside what a bare hyper client reaches at
//! the same target in the same run.

use std::collections::HashSet;
use std::time::Duration;

use super::support::{ServerProcess, TargetProcess, bare, bare_reqwest, percentile};
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

const CONNECTIONS: usize = 64;
/// Of how many requests the yardstick is.
pub const YARDSTICK: usize = 20_000;

/// What a burst came to; milliseconds after the instant.
pub struct Burst {
    pub first_ms: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub max_ms: f64,
    /// From the instant to the last arrival, requests a second.
    pub rate: f64,
    /// What the bare client reached.
    pub bare_rate: f64,
    /// Occurrences that came more than once.
    pub twice: usize,
}

impl Burst {
    pub fn ratio(&self) -> f64 {
        self.rate / self.bare_rate
    }
}

/// Prints a row for each size.
pub async fn run(sizes: &[usize]) {
    let sizes = if sizes.is_empty() {
        &[1_000, 10_000]
    } else {
        sizes
    };
    println!("| jobs | first ms | p50 ms | p99 ms | max ms | firings/s | bare/s | ratio | twice |");
    println!("|---|---|---|---|---|---|---|---|---|");
    for jobs in sizes {
        let target = TargetProcess::start().await;
        let bare_rate = bare(&target, (*jobs).max(10_000), CONNECTIONS).await;
        let server = ServerProcess::start().await;
        let done = burst(&[&server], &target, *jobs, bare_rate).await;
        println!(
            "| {jobs} | {:.1} | {:.1} | {:.1} | {:.1} | {:.0} | {:.0} | {:.2} | {} |",
            done.first_ms,
            done.p50_ms,
            done.p99_ms,
            done.max_ms,
            done.rate,
            done.bare_rate,
            done.ratio(),
            done.twice,
        );
    }
}

/// What the bare client reaches at a target.
pub async fn yardstick(target: &TargetProcess) -> f64 {
    bare(target, YARDSTICK, CONNECTIONS).await
}

/// What reqwest alone reaches at a target.
pub async fn yardstick_reqwest(target: &TargetProcess) -> f64 {
    bare_reqwest(target, YARDSTICK, CONNECTIONS).await
}

/// Lets servers of one database fire jobs that are due at one instant; they are added
/// through the first.
pub async fn burst(
    servers: &[&ServerProcess],
    target: &TargetProcess,
    jobs: usize,
    bare_rate: f64,
) -> Burst {
    let lead = TimeDelta::milliseconds(4_000 + jobs as i64 / 2);
    let at = (Utc::now() + lead).trunc_subsecs(0);
    target.clear().await;
    servers[0].add_dates(jobs, &target.url, at).await;
    assert!(Utc::now() < at, "adding took longer than the lead");
    target.wait_for(jobs, Duration::from_secs(120)).await;
    measured(target, at, bare_rate).await
}

/// What has come of what was due at that instant.
pub async fn measured(target: &TargetProcess, at: DateTime<Utc>, bare_rate: f64) -> Burst {
    let arrivals = target.arrivals().await;
    let due_us = at.timestamp_micros();
    let mut late: Vec<i64> = arrivals.iter().map(|a| a.at_us - due_us).collect();
    late.sort_unstable();
    let ids: HashSet<_> = arrivals.iter().map(|a| &a.fire_id).collect();
    let ms = |us: i64| us as f64 / 1e3;
    let last = late[late.len() - 1];
    Burst {
        first_ms: ms(late[0]),
        p50_ms: ms(percentile(&late, 50)),
        p99_ms: ms(percentile(&late, 99)),
        max_ms: ms(last),
        rate: late.len() as f64 / (last as f64 / 1e6),
        bare_rate,
        twice: arrivals.len() - ids.len(),
    }
}
