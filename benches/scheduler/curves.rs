//! The curves of docs/PERFORMANCE.md, drawn into docs/images.

use std::path::PathBuf;
use std::sync::Arc;

use schedule_server::store::sqlite::SqliteStore;

use super::burst::{self, burst};
use super::list::fill;
use super::support::chart::Chart;
use super::support::{ServerProcess, TargetProcess};

const BURSTS: [usize; 5] = [100, 1_000, 3_000, 10_000, 20_000];
const STORED: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
const CLIENTS: [usize; 5] = [1, 4, 16, 64, 128];
/// How many jobs are added at each number of clients.
const ADDED: usize = 20_000;

/// Measures and draws all of them.
pub async fn run() {
    bursts().await;
    replicas().await;
    stored().await;
    adds().await;
}

fn image(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("docs/images/performance-{name}.svg"))
}

async fn bursts() {
    let target = TargetProcess::start().await;
    let (mut p50, mut p99, mut last) = (Vec::new(), Vec::new(), Vec::new());
    for jobs in BURSTS {
        let server = ServerProcess::start().await;
        let done = burst(&[&server], &target, jobs, 1.0).await;
        let x = jobs as f64;
        p50.push((x, done.p50_ms));
        p99.push((x, done.p99_ms));
        last.push((x, done.max_ms));
        println!(
            "burst of {jobs}: {:.1} {:.1} {:.1} ms",
            done.p50_ms, done.p99_ms, done.max_ms
        );
    }
    let chart = Chart {
        title: "How late requests come",
        x: "jobs due at one instant",
        y: "ms",
        log: (true, true),
        series: vec![("the half", p50), ("99 %", p99), ("all", last)],
    };
    chart.save(&image("lateness"));
}

async fn replicas() {
    let target = TargetProcess::start().await;
    let raw = burst::yardstick(&target).await;
    let (mut fired, mut bare) = (Vec::new(), Vec::new());
    for count in 1..=5_u32 {
        let dir = Arc::new(tempfile::tempdir().unwrap());
        let mut servers = Vec::new();
        for _ in 0..count {
            servers.push(ServerProcess::start_in(dir.clone(), &[]).await);
        }
        let all: Vec<&ServerProcess> = servers.iter().collect();
        let done = burst(&all, &target, 10_000, raw).await;
        println!("{count} replicas: {:.0}/s", done.rate);
        fired.push((f64::from(count), done.rate));
        bare.push((f64::from(count), raw));
    }
    let chart = Chart {
        title: "Firings a second, 10,000 at one instant",
        x: "replicas on the same two cores",
        y: "firings/s",
        log: (false, false),
        series: vec![("schedule-server", fired), ("bare client", bare)],
    };
    chart.save(&image("replicas"));
}

async fn stored() {
    let (mut memory, mut start) = (Vec::new(), Vec::new());
    for jobs in STORED {
        let dir = Arc::new(tempfile::tempdir().unwrap());
        let url = format!("sqlite://{}/bench.db", dir.path().display());
        drop(SqliteStore::open(&url, 1).await.unwrap());
        fill(&url, jobs).await;
        let server = ServerProcess::start_in(dir, &[]).await;
        let (rss, ms) = (server.rss_mib(), server.start_took.as_secs_f64() * 1e3);
        println!("{jobs} stored: {rss:.1} MiB, ready after {ms:.0} ms");
        memory.push((jobs as f64, rss));
        start.push((jobs as f64, ms));
    }
    let chart = Chart {
        title: "Memory and start",
        x: "jobs stored",
        y: "MiB, ms",
        log: (true, false),
        series: vec![("MiB resident", memory), ("ms to ready", start)],
    };
    chart.save(&image("stored"));
}

async fn adds() {
    let mut added = Vec::new();
    for clients in CLIENTS {
        let server = ServerProcess::start().await;
        let (rate, _) = server.add_crons(ADDED, clients).await;
        println!("{clients} clients: {rate:.0} durable adds/s");
        added.push((clients as f64, rate));
    }
    let chart = Chart {
        title: "Durable adds a second",
        x: "clients at once",
        y: "add_job/s",
        log: (true, false),
        series: vec![("each synced", added)],
    };
    chart.save(&image("adds"));
}
