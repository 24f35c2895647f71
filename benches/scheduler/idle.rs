//! Memory and idle processor time with many stored jobs, and how fast they
//! were added.

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};

use super::support::ServerProcess;

const WATCHED: Duration = Duration::from_secs(20);

/// Prints a row for each size.
pub async fn run(sizes: &[usize]) {
    let sizes = if sizes.is_empty() { &[100_000] } else { sizes };
    println!("| jobs | durable add_job/s | RSS empty MiB | RSS MiB | idle CPU % |");
    println!("|---|---|---|---|---|");
    for jobs in sizes {
        idle(*jobs).await;
    }
}

async fn idle(jobs: usize) {
    let server = ServerProcess::start().await;
    let empty = server.rss_mib();
    let started = Instant::now();
    let far = Utc::now() + TimeDelta::days(365);
    server.add_dates(jobs, "http://127.0.0.1:9/none", far).await;
    let adds = jobs as f64 / started.elapsed().as_secs_f64();
    let used = server.cpu_time();
    tokio::time::sleep(WATCHED).await;
    let idle = (server.cpu_time() - used).as_secs_f64() / WATCHED.as_secs_f64();
    println!(
        "| {jobs} | {adds:.0} | {empty:.1} | {:.1} | {:.2} |",
        server.rss_mib(),
        idle * 100.0
    );
}
