//! The real server as a process, with its own database.

use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Datelike, Timelike, Utc};
use futures_util::{StreamExt, stream};
use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use super::Connection;

pub const BINARY: &str = env!("CARGO_BIN_EXE_schedule-server");
/// Clients that add jobs at once.
const ADDERS: usize = 64;

pub struct ServerProcess {
    pub url: String,
    client: Client,
    child: Child,
    dir: Arc<TempDir>,
    /// From its start to its first answer.
    pub start_took: Duration,
}

/// Processor time in microseconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Used {
    /// Of the threads of SQLite.
    pub database_us: i64,
    /// Of all others.
    pub engine_us: i64,
}

impl ServerProcess {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With further settings.
    pub async fn start_with(settings: &[(&str, &str)]) -> Self {
        Self::start_in(Arc::new(tempfile::tempdir().unwrap()), settings).await
    }

    /// On the database of a folder, which others may share.
    pub async fn start_in(dir: Arc<TempDir>, settings: &[(&str, &str)]) -> Self {
        schedule_server::sender::http::install_tls();
        let started = Instant::now();
        let mut child = Command::new(BINARY)
            .env("BIND", "127.0.0.1:0")
            .env("DATABASE_URL", database_url(&dir))
            .envs(settings.iter().copied())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let url = loop {
            let line = lines.next_line().await.unwrap().expect("it serves");
            if let Some(rest) = line.split("serving on ").nth(1) {
                break rest.split(';').next().unwrap().to_owned();
            }
        };
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let client = Client::new();
        let ready = client.get(format!("{url}/readyz"));
        while !ready
            .try_clone()
            .unwrap()
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
        {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Self {
            url,
            client,
            child,
            dir,
            start_took: started.elapsed(),
        }
    }

    pub fn database_url(&self) -> String {
        database_url(&self.dir)
    }

    /// Puts jobs, at once.
    pub async fn import(&self, jobs: impl IntoIterator<Item = (String, Value)>) {
        let line = |(id, definition): (String, Value)| {
            json!({"job_id": id, "definition": definition}).to_string() + "\n"
        };
        let request = self.client.post(format!("{}/api/v1/import", self.url));
        let request = request.header("content-type", "application/jsonl");
        let answer = request
            .body(jobs.into_iter().map(line).collect::<String>())
            .send();
        let answer = answer.await.unwrap();
        assert!(
            answer.status().is_success(),
            "{}",
            answer.text().await.unwrap()
        );
    }

    /// What `schedule-server verify` says of its ledger.
    pub async fn verify(&self) -> Value {
        let mut verify = Command::new(BINARY);
        verify.args(["verify", "--json", "--database-url", &self.database_url()]);
        serde_json::from_slice(&verify.output().await.unwrap().stdout).unwrap()
    }

    /// Where it listens.
    pub fn addr(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Adds cron jobs by so many clients at once, each of which waits for its answer;
    /// how many came in a second, and how long each took, ascending, in microseconds.
    pub async fn add_crons(&self, jobs: usize, clients: usize) -> (f64, Vec<i64>) {
        let started = Instant::now();
        let mut adding = JoinSet::new();
        for client in 0..clients {
            let mut connection = Connection::open(self.addr()).await;
            adding.spawn(async move {
                let mut took = Vec::with_capacity(jobs / clients);
                for n in 0..jobs / clients {
                    let job = json!({"job_id": format!("added-{client}-{n}"),
                        "url": "http://127.0.0.1:9/", "month": "1"});
                    let asked = Instant::now();
                    let path = "/scheduler/cron/add_job";
                    assert!(connection.post(path, job.to_string()).await.is_success());
                    took.push(asked.elapsed().as_micros() as i64);
                }
                took
            });
        }
        let mut took = adding.join_all().await.concat();
        let rate = took.len() as f64 / started.elapsed().as_secs_f64();
        took.sort_unstable();
        (rate, took)
    }

    /// Adds date jobs, all due at one instant.
    pub async fn add_dates(&self, jobs: usize, target: &str, at: DateTime<Utc>) {
        let url = format!("{}/scheduler/date/add_job", self.url);
        let add = |n: usize| {
            let job = json!({
                "job_id": format!("job-{n}"), "url": target,
                "year": at.year(), "month": at.month(), "day": at.day(),
                "hour": at.hour(), "minute": at.minute(), "second": at.second(),
            });
            let request = self.client.post(&url).json(&job);
            async move { assert!(request.send().await.unwrap().status().is_success()) }
        };
        let added = stream::iter(0..jobs).map(add).buffer_unordered(ADDERS);
        added.collect::<Vec<()>>().await;
    }

    /// Resident memory in MiB.
    pub fn rss_mib(&self) -> f64 {
        let status = self.proc("status");
        let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap();
        let kib: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kib / 1024.0
    }

    /// Processor time used so far.
    pub fn cpu_time(&self) -> Duration {
        let stat = self.proc("stat");
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .unwrap()
            .split_whitespace()
            .collect();
        let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
        // USER_HZ is 100 on every Linux.
        Duration::from_millis(ticks * 10)
    }

    /// The same by kind of thread, by the kernel's own account.
    pub fn used(&self) -> Used {
        let pid = self.child.id().expect("it runs");
        let mut used = Used::default();
        for thread in std::fs::read_dir(format!("/proc/{pid}/task")).unwrap() {
            let thread = thread.unwrap().path();
            // One that has just ended.
            let Ok(stat) = std::fs::read_to_string(thread.join("schedstat")) else {
                continue;
            };
            let ns: i64 = stat.split(' ').next().unwrap().parse().unwrap();
            let name = std::fs::read_to_string(thread.join("comm")).unwrap_or_default();
            match name.starts_with("sqlx") {
                true => used.database_us += ns / 1_000,
                false => used.engine_us += ns / 1_000,
            }
        }
        used
    }

    fn proc(&self, file: &str) -> String {
        let pid = self.child.id().expect("it runs");
        std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap()
    }
}

fn database_url(dir: &TempDir) -> String {
    format!("sqlite://{}/bench.db", dir.path().display())
}
