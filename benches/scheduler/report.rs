//! All cases of docs/PERFORMANCE.md with their bars, in one run: a table, and the
//! figures as JSON in `target/bench/report.json`. Names after `report` choose cases.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Client;
use schedule_server::store::sqlite::SqliteStore;
use serde_json::json;
use sqlx::{Connection, Row, SqliteConnection};
use tempfile::TempDir;

use super::burst::{self, burst};
use super::list::{FIRST, fill};
use super::support::report::{Bar, figure, heading, save};
use super::support::{BINARY, HANG, Load, ServerProcess, TargetProcess, percentile, redis};

const MANY: usize = 10_000;
const STORED: usize = 1_000_000;
/// Clients that ask at once.
const CLIENTS: usize = 64;
/// How long the retention may take to go through the ledger once, after a start.
const FIRST_PASS: Duration = Duration::from_secs(60);
/// How long idle servers are watched.
const WATCHED: Duration = Duration::from_secs(20);

/// Runs the cases of these names; all without any.
pub async fn run(names: &[&str]) {
    let chosen = |name: &str| names.is_empty() || names.contains(&name);
    heading();
    if chosen("start") {
        start().await;
    }
    if chosen("burst") {
        bursts().await;
    }
    if chosen("replicas") {
        replicas().await;
    }
    if chosen("single") {
        single().await;
    }
    if chosen("steady") {
        steady().await;
    }
    if chosen("hung") {
        hung().await;
    }
    if chosen("adds") {
        adds("adds", &ServerProcess::start().await, 0).await;
    }
    if chosen("listed") {
        listed().await;
    }
    if chosen("stored") {
        stored().await;
    }
    save(Path::new("target/bench/report.json"));
}

fn ms(sorted_us: &[i64], percent: usize) -> f64 {
    percentile(sorted_us, percent) as f64 / 1e3
}

async fn start() {
    let size = std::fs::metadata(BINARY).unwrap().len() as f64 / 1e6;
    figure("start", "binary MB", size, Bar::AtMost(30.0));
    let mut took: Vec<i64> = Vec::new();
    for _ in 0..10 {
        let server = ServerProcess::start().await;
        took.push(server.start_took.as_micros() as i64);
    }
    took.sort_unstable();
    figure(
        "start",
        "to ready ms, p50",
        ms(&took, 50),
        Bar::AtMost(50.0),
    );
}

async fn bursts() {
    let target = TargetProcess::start().await;
    let redis = redis().await;
    let locks: [(&str, Vec<(&str, &str)>); 2] = [
        ("burst, store lock", Vec::new()),
        ("burst, Redis lock", vec![("REDIS_URL", &redis.url)]),
    ];
    for _ in 0..3 {
        let raw = burst::yardstick(&target).await;
        let reqwest = burst::yardstick_reqwest(&target).await;
        figure("bare clients", "hyper requests/s (raw)", raw, Bar::None);
        figure("bare clients", "reqwest of raw", reqwest / raw, Bar::None);
    }
    for (case, settings) in locks {
        for _ in 0..3 {
            let bare_rate = burst::yardstick(&target).await;
            let server = ServerProcess::start_with(&settings).await;
            let done = burst(&[&server], &target, MANY, bare_rate).await;
            assert_eq!(done.twice, 0);
            figure(case, "firings/s of raw", done.ratio(), Bar::AtLeast(0.7));
            figure(case, "firings/s", done.rate, Bar::None);
            figure(case, "first ms", done.first_ms, Bar::AtMost(5.0));
            figure(case, "first ms", done.first_ms, Bar::AtLeast(0.0));
            figure(case, "max ms", done.max_ms, Bar::None);
        }
    }
}

async fn replicas() {
    let target = TargetProcess::start().await;
    let mut alone = 0.0;
    for count in 1..=3 {
        let bare_rate = burst::yardstick(&target).await;
        let dir = Arc::new(tempfile::tempdir().unwrap());
        let mut servers = Vec::new();
        for _ in 0..count {
            servers.push(ServerProcess::start_in(dir.clone(), &[]).await);
        }
        let all: Vec<&ServerProcess> = servers.iter().collect();
        let done = burst(&all, &target, MANY, bare_rate).await;
        assert_eq!(done.twice, 0);
        let case = format!("{count} replicas");
        figure(&case, "firings/s", done.rate, Bar::None);
        match count {
            1 => alone = done.rate,
            3 => figure(
                &case,
                "of one replica",
                done.rate / alone,
                Bar::AtLeast(0.9),
            ),
            _ => {}
        }
        if count > 1 {
            let least = least_share(&servers[0].database_url(), count).await;
            figure(&case, "least share %", least * 100.0, Bar::AtLeast(15.0));
        }
    }
}

/// The part of the runs that the replica with the fewest has sent.
async fn least_share(database_url: &str, replicas: usize) -> f64 {
    let mut file = SqliteConnection::connect(database_url).await.unwrap();
    let sql = "SELECT COUNT(*) AS n FROM occurrences GROUP BY replica";
    let rows = sqlx::query(sql).fetch_all(&mut file).await.unwrap();
    let mut counts: Vec<i64> = rows.iter().map(|row| row.get("n")).collect();
    counts.resize(replicas, 0);
    let (least, all) = (counts.iter().min().unwrap(), counts.iter().sum::<i64>());
    *least as f64 / all as f64
}

async fn single() {
    let (target, server) = (TargetProcess::start().await, ServerProcess::start().await);
    let load = Load {
        rate: 1,
        seconds: 60,
    };
    let late = load.fire(&server, &target).await;
    figure("one job a second", "late ms, p50", ms(&late, 50), Bar::None);
    figure(
        "one job a second",
        "late ms, p99",
        ms(&late, 99),
        Bar::AtMost(3.0),
    );
}

async fn steady() {
    for (rate, p50, p99) in [(1_000, Bar::AtMost(2.0), 10.0), (10_000, Bar::None, 50.0)] {
        let (target, server) = (TargetProcess::start().await, ServerProcess::start().await);
        let load = Load { rate, seconds: 60 };
        let used = server.cpu_time();
        let late = load.fire(&server, &target).await;
        let case = format!("{rate} a second for 60 s");
        figure(&case, "late ms, p50", ms(&late, 50), p50);
        figure(&case, "late ms, p99", ms(&late, 99), Bar::AtMost(p99));
        figure(&case, "late ms, max", ms(&late, 100), Bar::None);
        let each = (server.cpu_time() - used).as_secs_f64() * 1e6 / load.firings() as f64;
        figure(&case, "processor µs each", each, Bar::None);
        let sent = late.len() as f64 / load.firings() as f64;
        figure(&case, "sent of due", sent, Bar::AtLeast(1.0));
        let proof = server.verify().await;
        let whole = proof["proven"] == json!(true) && proof["lost"] == json!(0);
        figure(
            &case,
            "ledger complete",
            f64::from(u8::from(whole)),
            Bar::AtLeast(1.0),
        );
    }
}

async fn hung() {
    let mut p99 = [0.0; 2];
    for (n, hung) in [false, true].into_iter().enumerate() {
        let (target, server) = (TargetProcess::start().await, ServerProcess::start().await);
        let mut others = Vec::new();
        if hung {
            for _ in 0..10 {
                others.push(TargetProcess::start().await);
            }
            let jobs = others.iter().enumerate().flat_map(|(n, other)| {
                let load = Load {
                    rate: 100,
                    seconds: 40,
                };
                load.jobs(&format!("hung-{n}"), &other.at(HANG), load.begin())
            });
            server.import(jobs).await;
        }
        let load = Load {
            rate: 1_000,
            seconds: 20,
        };
        let late = load.fire(&server, &target).await;
        p99[n] = ms(&late, 99);
    }
    let [alone, beside] = p99;
    let case = "1,000 hung targets";
    figure(case, "healthy late ms, p99, alone", alone, Bar::None);
    figure(
        case,
        "healthy late ms, p99, beside",
        beside,
        Bar::AtMost(alone * 1.1),
    );
}

/// Adds jobs by many clients at once, where so many are stored.
async fn adds(case: &str, server: &ServerProcess, stored: usize) -> f64 {
    let (rate, took) = server.add_crons(60_000, CLIENTS).await;
    if stored == 0 {
        figure(case, "add_job/s", rate, Bar::AtLeast(15_000.0));
        figure(case, "add_job ms, p99", ms(&took, 99), Bar::AtMost(20.0));
    }
    rate
}

/// The inherited list, which has no pages.
async fn listed() {
    let server = on_stored(100_000).await;
    let before = server.rss_mib();
    let asked = Instant::now();
    let client = Client::new();
    let mut answer = client
        .get(format!("{}/scheduler/get_jobs", server.url))
        .send()
        .await
        .unwrap();
    let (mut bytes, mut most) = (0, before);
    while let Some(part) = answer.chunk().await.unwrap() {
        bytes += part.len();
        most = most.max(server.rss_mib());
    }
    let took = asked.elapsed().as_secs_f64();
    figure("get_jobs of 100,000", "s", took, Bar::AtMost(1.0));
    figure(
        "get_jobs of 100,000",
        "RSS grown MiB",
        most - before,
        Bar::AtMost(20.0),
    );
    figure(
        "get_jobs of 100,000",
        "MiB",
        bytes as f64 / f64::from(1 << 20),
        Bar::None,
    );
}

/// A server on a file of so many jobs.
async fn on_stored(jobs: usize) -> ServerProcess {
    let dir = Arc::new(tempfile::tempdir().unwrap());
    fill_in(&dir, jobs).await;
    ServerProcess::start_in(dir, &[]).await
}

async fn fill_in(dir: &TempDir, jobs: usize) {
    let url = format!("sqlite://{}/bench.db", dir.path().display());
    drop(SqliteStore::open(&url, 1).await.unwrap());
    fill(&url, jobs).await;
}

async fn stored() {
    let case = "1,000,000 jobs";
    let server = on_stored(STORED).await;
    let took = server.start_took.as_secs_f64();
    figure(case, "start to ready s", took, Bar::AtMost(1.0));
    tokio::time::sleep(FIRST_PASS).await;
    let used = server.cpu_time();
    tokio::time::sleep(WATCHED).await;
    let idle = (server.cpu_time() - used).as_secs_f64() / WATCHED.as_secs_f64();
    figure(case, "idle processor %", idle * 100.0, Bar::AtMost(0.5));
    figure(case, "RSS MiB", server.rss_mib(), Bar::AtMost(60.0));
    let target = TargetProcess::start().await;
    let load = Load {
        rate: 100,
        seconds: 20,
    };
    let late = load.fire(&server, &target).await;
    let few = ServerProcess::start().await;
    let late_few = load.fire(&few, &target).await;
    figure(case, "late ms, p99, 100 a second", ms(&late, 99), Bar::None);
    figure(
        case,
        "the same with 100 stored",
        ms(&late_few, 99),
        Bar::None,
    );
    let get_job = format!("/scheduler/get_job?job_id={FIRST}");
    for (what, path, bar) in [
        ("get_job ms, p99", get_job.as_str(), 2.0),
        ("page of 100 ms, p99", "/api/v1/jobs?limit=100", 10.0),
    ] {
        let url = format!("{}{path}", server.url);
        figure(case, what, asked_p99(&url).await, Bar::AtMost(bar));
    }
    let alone = adds(case, &few, STORED).await;
    let rate = adds(case, &server, STORED).await;
    figure(
        case,
        "add_job/s of an empty one",
        rate / alone,
        Bar::AtLeast(0.8),
    );
    figure(case, "RSS MiB at the end", server.rss_mib(), Bar::None);
}

/// How long an answer takes, one after the other.
async fn asked_p99(url: &str) -> f64 {
    let client = Client::new();
    let mut took = Vec::new();
    for _ in 0..500 {
        let asked = Instant::now();
        let answer = client.get(url).send().await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
        answer.bytes().await.unwrap();
        took.push(asked.elapsed().as_micros() as i64);
    }
    took.sort_unstable();
    ms(&took, 99)
}
