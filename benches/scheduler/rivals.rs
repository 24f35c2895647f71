//! What a user would pick instead, at the same burst: APScheduler, BullMQ, apalis, and
//! tokio-cron-scheduler alone with one job of the crate for each job.

use std::process::Stdio;
use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use reqwest::Client;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio_cron_scheduler::{Job, JobScheduler};

use super::burst::{self, burst, measured};
use super::support::{ServerProcess, TargetProcess, redis};

/// The argument that makes a benchmark run as tokio-cron-scheduler alone.
pub const CRATE_ROLE: &str = "as-crate";
/// How long a rival has to add its jobs.
const LEAD: TimeDelta = TimeDelta::seconds(25);
/// How long it has to fire them.
const PATIENCE: Duration = Duration::from_secs(180);
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/rivals");
/// Where `make bench-rivals` builds the one that is a program.
const APALIS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/target/bench/apalis/release/apalis-rival"
);

/// Prints a row for each; `BENCH_PYTHON` names a Python with APScheduler and urllib3.
pub async fn run(sizes: &[usize]) {
    let jobs = sizes.first().copied().unwrap_or(10_000);
    println!(
        "| {jobs} jobs at one instant | first ms | p50 ms | p99 ms | max ms | firings/s | of raw |"
    );
    println!("|---|---|---|---|---|---|---|");
    let target = TargetProcess::start().await;
    let raw = burst::yardstick(&target).await;
    let server = ServerProcess::start().await;
    row(
        "schedule-server",
        &burst(&[&server], &target, jobs, raw).await,
    );
    drop(server);
    let redis = redis().await;
    let port = redis.url.rsplit(':').next().unwrap_or_default().to_owned();
    let python = std::env::var("BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let itself = std::env::current_exe().unwrap().display().to_string();
    let rivals = [
        (
            "APScheduler 3.11, 200 threads",
            vec![python, format!("{SCRIPTS}/rival_apscheduler.py")],
        ),
        (
            "tokio-cron-scheduler alone",
            vec![itself, CRATE_ROLE.to_owned()],
        ),
        (
            "BullMQ 5, delayed jobs",
            vec!["node".to_owned(), format!("{SCRIPTS}/bullmq/rival.mjs")],
        ),
        ("apalis 1, scheduled tasks", vec![APALIS.to_owned()]),
    ];
    for (name, command) in rivals {
        let raw = burst::yardstick(&target).await;
        target.clear().await;
        let at = (Utc::now() + LEAD).trunc_subsecs(0);
        let Some(_rival) = start(&command, &target.url, jobs, at, &port).await else {
            println!("| {name} | is not installed |");
            continue;
        };
        if Utc::now() >= at {
            println!("| {name} | was not ready in time |");
            continue;
        }
        if !target.came(jobs, PATIENCE).await {
            let (came, seconds) = (target.arrivals().await.len(), PATIENCE.as_secs());
            println!("| {name} | {came} came within {seconds} s |");
            continue;
        }
        row(name, &measured(&target, at, raw).await);
    }
}

fn row(name: &str, done: &burst::Burst) {
    println!(
        "| {name} | {:.1} | {:.1} | {:.1} | {:.1} | {:.0} | {:.3} |",
        done.first_ms,
        done.p50_ms,
        done.p99_ms,
        done.max_ms,
        done.rate,
        done.ratio()
    );
}

/// Starts a rival and waits until its jobs are there; `None`: it ended.
async fn start(
    command: &[String],
    url: &str,
    jobs: usize,
    at: DateTime<Utc>,
    redis_port: &str,
) -> Option<Child> {
    let mut child = Command::new(&command[0])
        .args(&command[1..])
        .args([
            url,
            &jobs.to_string(),
            &at.timestamp_millis().to_string(),
            redis_port,
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let mut lines = BufReader::new(child.stdout.take()?).lines();
    let said = lines.next_line().await.ok().flatten();
    said.filter(|line| line == "ready").map(|_| child)
}

/// tokio-cron-scheduler alone: the arguments of a rival.
pub async fn run_crate(args: &[String]) {
    let [url, jobs, at_ms, ..] = args else {
        panic!("url, jobs and instant are wanted");
    };
    let at = DateTime::from_timestamp_millis(at_ms.parse().unwrap()).unwrap();
    let scheduler = JobScheduler::new_with_channel_size(100_000).await.unwrap();
    // A client cannot be made without one, though nothing here is encrypted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::new();
    for _ in 0..jobs.parse::<usize>().unwrap() {
        let (client, url) = (client.clone(), url.clone());
        let fire = move |_, _| {
            let request = client.get(&url);
            let sent = async move {
                let _ = request.send().await;
            };
            Box::pin(sent) as std::pin::Pin<Box<dyn Future<Output = ()> + Send>>
        };
        let left = (at - Utc::now()).to_std().unwrap_or_default();
        let job = Job::new_one_shot_async(left, fire).unwrap();
        scheduler.add(job).await.unwrap();
    }
    scheduler.start().await.unwrap();
    println!("ready");
    std::future::pending().await
}
