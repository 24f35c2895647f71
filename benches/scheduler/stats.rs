//! How long statistics take on a file of many jobs with sums of thirty days, cold
//! and told again, through the service: no HTTP.

use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, TimeDelta};
use schedule_server::clock::ManualClock;
use schedule_server::service::Stats;
use schedule_server::service::stats::StatsQuery;
use schedule_server::store::sqlite::SqliteStore;
use sqlx::{Connection, SqliteConnection};

use super::list::{NOON_MS, cpu_used_us, fill};
use super::support::percentile;

/// How often each question is asked.
const ROUNDS: usize = 20;

/// Thirty days up to noon (`?1`, unix seconds): each minute three kinds of ends,
/// each five minutes eighty slots of both times.
const SUMS: &str = "
WITH RECURSIVE minutes (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM minutes WHERE n < 43200),
ends (state, reason) AS (VALUES ('succeeded', ''), ('failed', 'status'), ('failed', 'timeout'))
INSERT INTO run_sums SELECT 60, ?1 - n * 60, state, reason, 100 FROM minutes CROSS JOIN ends";
const HOURS: &str = "
INSERT INTO run_sums SELECT 3600, start - start % 3600, state, reason, SUM(runs) FROM run_sums
GROUP BY 2, 3, 4";
const TIMES: &str = "
WITH RECURSIVE slices (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM slices WHERE n < 8640),
slots (slot) AS (SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < 79),
measures (measure) AS (VALUES ('lateness'), ('duration'))
INSERT INTO time_sums SELECT measure, (?1 - n * 300) - (?1 - n * 300) % 300, slot, 7
FROM measures CROSS JOIN slices CROSS JOIN slots";

/// Prints a table for each size.
pub async fn run(sizes: &[usize]) {
    let sizes = if sizes.is_empty() {
        &[1_000_000]
    } else {
        sizes
    };
    for jobs in sizes {
        stats(*jobs).await;
    }
}

async fn stats(jobs: usize) {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/bench.db", dir.path().display());
    let store = Arc::new(SqliteStore::open(&url, 1).await.unwrap());
    fill(&url, jobs).await;
    fill_sums(&url).await;
    let noon = DateTime::from_timestamp_millis(NOON_MS).unwrap();
    println!("{jobs} jobs, sums of 30 days; ms: p50 max; CPU: of this process, p50\n");
    println!("| behind and ahead | bucket | behind | CPU | ahead | CPU | again |");
    println!("|---|---|---|---|---|---|---|");
    for (hours, bucket_s) in [
        (24, 3_600),
        (1, 60),
        (6, 60),
        (100, 900),
        (168, 3_600),
        (168, 86_400),
    ] {
        let query = StatsQuery {
            behind_h: hours,
            ahead_h: hours,
            bucket_s,
        };
        let clock = ManualClock::new(noon);
        let stats = Stats::new(store.clone(), Arc::new(clock.clone()));
        let (mut behind, mut ahead, mut again) = Default::default();
        for _ in 0..ROUNDS {
            clock.advance(TimeDelta::seconds(11));
            measure(&mut behind, stats.behind(&query)).await;
            measure(&mut ahead, stats.ahead(&query)).await;
            let both = async { (stats.behind(&query).await, stats.ahead(&query).await) };
            measure(&mut again, both).await;
        }
        println!(
            "| {hours} h | {bucket_s} s | {} | {} | {} |",
            shown(&behind),
            shown(&ahead),
            shown(&again)
        );
    }
}

/// Wall and processor times in microseconds.
type Times = Vec<(i64, i64)>;

async fn measure<T>(times: &mut Times, work: impl Future<Output = T>) {
    let (started, used) = (Instant::now(), cpu_used_us());
    work.await;
    let wall = started.elapsed().as_micros() as i64;
    times.push((wall, cpu_used_us() - used));
}

fn shown(times: &Times) -> String {
    let sorted = |mut of: Vec<i64>| {
        of.sort_unstable();
        of
    };
    let wall = sorted(times.iter().map(|(wall, _)| *wall).collect());
    let cpu = sorted(times.iter().map(|(_, cpu)| *cpu).collect());
    let ms = |us: i64| us as f64 / 1e3;
    let (p50, max) = (percentile(&wall, 50), wall[wall.len() - 1]);
    let cpu = percentile(&cpu, 50);
    format!("{:.2} {:.2} | {:.2}", ms(p50), ms(max), ms(cpu))
}

async fn fill_sums(url: &str) {
    let mut conn = SqliteConnection::connect(url).await.unwrap();
    for sql in [SUMS, TIMES] {
        let insert = sqlx::query(sql).bind(NOON_MS / 1_000);
        insert.execute(&mut conn).await.unwrap();
    }
    sqlx::query(HOURS).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}
