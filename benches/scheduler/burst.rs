//! A burst: many date jobs due at one instant, fired by the real server at a
//! target in a process of its own, beside what a bare hyper client reaches at
//! the same target in the same run.

use std::collections::HashSet;
use std::time::Duration;

use super::support::{ServerProcess, TargetProcess, bare, percentile};
use chrono::{SubsecRound, TimeDelta, Utc};

const CONNECTIONS: usize = 64;

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
        burst(*jobs).await;
    }
}

async fn burst(jobs: usize) {
    let target = TargetProcess::start().await;
    let bare_rate = bare(&target, jobs.max(10_000), CONNECTIONS).await;
    let server = ServerProcess::start().await;
    let lead = TimeDelta::milliseconds(4_000 + jobs as i64 / 2);
    let at = (Utc::now() + lead).trunc_subsecs(0);
    target.clear().await;
    server.add_dates(jobs, &target.url, at).await;
    assert!(Utc::now() < at, "adding took longer than the lead");
    target.wait_for(jobs, Duration::from_secs(120)).await;
    let arrivals = target.arrivals().await;
    let due_us = at.timestamp_micros();
    let mut late: Vec<i64> = arrivals.iter().map(|a| a.at_us - due_us).collect();
    late.sort_unstable();
    let ids: HashSet<_> = arrivals.iter().map(|a| &a.fire_id).collect();
    let span_s = (late[late.len() - 1]) as f64 / 1e6;
    let rate = late.len() as f64 / span_s;
    let ms = |us: i64| us as f64 / 1e3;
    println!(
        "| {jobs} | {:.1} | {:.1} | {:.1} | {:.1} | {rate:.0} | {bare_rate:.0} | {:.2} | {} |",
        ms(late[0]),
        ms(percentile(&late, 50)),
        ms(percentile(&late, 99)),
        ms(late[late.len() - 1]),
        rate / bare_rate,
        arrivals.len() - ids.len(),
    );
}
