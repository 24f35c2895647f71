//! How long the retention holds the writer: a fifth of a large ledger is too old,
//! and beside its deletion small writes go on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;
use schedule_server::app::Server;
use schedule_server::clock::SystemClock;
use schedule_server::config::Config;
use schedule_server::store::sqlite::SqliteStore;
use sqlx::{Connection, SqliteConnection};

use super::support::percentile;

const PROBE: Duration = Duration::from_millis(5);

/// `?1` rows, of which a fifth is older than `?2`, the rest younger.
const LEDGER: &str = "
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
INSERT INTO occurrences (job_id, fire_at, last_fire_at, due_at, state, settled_at, sent_at,
    lateness_ms, duration_ms, status, body)
SELECT printf('job-%06d', n % 10000), ?2 + (n - ?1 / 5) * 1000, ?2, ?2, 'succeeded', ?2, ?2, 3, 40,
    200, '{\"ok\":true}' FROM numbers";

/// Prints a row for each size.
pub async fn run(sizes: &[usize]) {
    let sizes = if sizes.is_empty() {
        &[1_000_000]
    } else {
        sizes
    };
    println!(
        "| rows | deleted | seconds | writes beside | p50 ms | p99 ms | max ms | max before ms |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for rows in sizes {
        cut(*rows).await;
    }
}

async fn cut(rows: usize) {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/bench.db", dir.path().display());
    drop(SqliteStore::open(&url, 1).await.unwrap());
    let mut file = SqliteConnection::connect(&url).await.unwrap();
    let fill = sqlx::query(LEDGER).bind(rows as i64);
    let border = Utc::now().timestamp_millis() - 30 * 86_400_000;
    fill.bind(border).execute(&mut file).await.unwrap();
    let database = format!("--database-url={url}");
    let flags = |age: &'static str| {
        ["--bind=127.0.0.1:0", &database, "--retention-runs=0", age].map(str::to_owned)
    };
    let quiet = start(&flags("--retention-age=0s")).await;
    let (before, _) = probe(&quiet, &mut file, 0).await;
    quiet.stop().await;
    let server = start(&flags("--retention-age=30d")).await;
    let started = Instant::now();
    let (during, deleted) = probe(&server, &mut file, rows as i64 / 5).await;
    println!(
        "| {rows} | {deleted} | {:.1} | {} | {:.1} | {:.1} | {:.1} | {:.1} |",
        started.elapsed().as_secs_f64(),
        during.len(),
        ms(percentile(&during, 50)),
        ms(percentile(&during, 99)),
        ms(during[during.len() - 1]),
        ms(before[before.len() - 1]),
    );
    server.stop().await;
}

fn ms(us: i64) -> f64 {
    us as f64 / 1e3
}

async fn start(flags: &[String]) -> Server {
    let config = Config::from_args(flags.iter().map(String::as_str)).unwrap();
    Server::start(&config, Arc::new(SystemClock::new()))
        .await
        .unwrap()
}

/// Writes again and again until so many rows are gone, for some seconds at
/// least; how long each write took in microseconds, and how many rows are gone.
async fn probe(server: &Server, file: &mut SqliteConnection, until: i64) -> (Vec<i64>, i64) {
    let count = "SELECT COUNT(*) FROM occurrences";
    let rows: i64 = sqlx::query_scalar(count)
        .fetch_one(&mut *file)
        .await
        .unwrap();
    let (mut took, mut gone) = (Vec::new(), 0);
    let started = Instant::now();
    let mut counted = Instant::now();
    while gone < until - 1 || started.elapsed() < Duration::from_secs(5) {
        let write = Instant::now();
        let lease = Duration::from_secs(60);
        let renewed = server.store.renew_lease("probe", Utc::now(), lease);
        renewed.await.unwrap();
        took.push(write.elapsed().as_micros() as i64);
        if counted.elapsed() > Duration::from_secs(1) {
            let left: i64 = sqlx::query_scalar(count)
                .fetch_one(&mut *file)
                .await
                .unwrap();
            gone = rows - left;
            counted = Instant::now();
        }
        tokio::time::sleep(PROBE).await;
    }
    took.sort_unstable();
    (took, gone)
}
