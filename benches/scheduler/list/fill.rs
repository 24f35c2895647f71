//! A file of many jobs, written past the store by a few statements in one
//! transaction: 70 % cron (a tenth of them due at one instant), 25 % interval,
//! 5 % date; 1 % paused, 0.1 % failing; three ledger rows each, and thirty for
//! each hundredth.

use schedule_server::domain::schedule::Schedule;
use schedule_server::domain::trigger::{
    CronFields, CronTrigger, DateTrigger, IntervalTrigger, Trigger,
};
use schedule_server::domain::zone::Zone;
use sqlx::{Connection, SqliteConnection};

/// 2030-01-01T12:00:00Z.
pub const NOON_MS: i64 = 1_893_499_200_000;
pub const DAY_MS: i64 = 86_400_000;

/// The id of the first of them.
pub const FIRST: &str = "mail-9e3779b1";

/// `?1` jobs; `?2`, `?3`, `?4` the triggers; `?5` noon; `?6` a day.
const JOBS: &str = "
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1),
mixed AS (SELECT n, (n * 2654435761) % 4294967296 AS hash FROM numbers),
kinds AS (SELECT n, hash, hash % 100 = 7 AS paused, CASE WHEN hash / 100 % 20 = 0 THEN 'date'
    WHEN hash / 100 % 4 = 1 THEN 'interval' ELSE 'cron' END AS kind FROM mixed)
INSERT INTO jobs (job_id, version, state, kind, trigger_json, url, next_fire_at, pause_until,
    tags_json, failures, last_state, last_ended_at, created_at, updated_at)
SELECT
    printf('%s-%08x', json_array('report', 'mail', 'billing', 'sync', 'cleanup')->>(n % 5), hash),
    1, iif(paused, 'paused', 'running'), kind,
    CASE kind WHEN 'date' THEN ?2 WHEN 'interval' THEN ?3 ELSE ?4 END,
    printf('https://service-%d.internal.example/api/v1/hooks/%08x/run', n % 500, hash),
    iif(paused, NULL, ?5 + CASE kind WHEN 'date' THEN hash % 365 * ?6 + n
        WHEN 'interval' THEN hash % 600000
        ELSE iif(hash % 10 = 0, ?6 / 2, hash % 1440 * 60000) END),
    iif(hash % 5000 = 8, ?5 + ?6, NULL),
    CASE WHEN n % 100 = 0 THEN iif(n % 1000 = 0, '[\"busiest\",\"busy\"]', '[\"busy\"]')
        WHEN n % 10 = 1 THEN '[\"nightly\"]'
        WHEN n % 10 = 2 THEN printf('[\"rare-%d\",\"team-%d\"]', n / 10 % 1000, n / 10 % 10)
        ELSE '[]' END,
    iif(hash % 1000 = 9, 3, 0),
    iif(hash % 3 = 0, NULL, 'succeeded'), iif(hash % 3 = 0, NULL, ?5 - hash % ?6),
    ?5 - ?6 * 30 + n, ?5 - ?6 * 30 + n
FROM kinds";

/// `?1` noon.
const LEDGER: &str = "
WITH RECURSIVE rounds (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM rounds WHERE n < 30)
INSERT INTO occurrences (job_id, fire_at, last_fire_at, due_at, state, settled_at, sent_at,
    lateness_ms, duration_ms, status, body)
SELECT job_id, ?1 + n * 60000, ?1, ?1, 'succeeded', ?1, ?1, 3, 40, 200, '{\"ok\":true}'
FROM rounds CROSS JOIN jobs WHERE n <= 3 OR seq % 100 = 0";

/// Fills the file of `url` with `jobs` jobs.
pub async fn fill(url: &str, jobs: usize) {
    let mut conn = SqliteConnection::connect(url).await.unwrap();
    let set = "PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000";
    sqlx::raw_sql(set).execute(&mut conn).await.unwrap();
    let mut all = conn.begin().await.unwrap();
    let mut insert = sqlx::query(JOBS).bind(jobs as i64);
    for trigger in triggers() {
        insert = insert.bind(serde_json::to_string(&Schedule::from(trigger)).unwrap());
    }
    let insert = insert.bind(NOON_MS).bind(DAY_MS);
    insert.execute(&mut *all).await.unwrap();
    let ledger = sqlx::query(LEDGER).bind(NOON_MS - DAY_MS);
    ledger.execute(&mut *all).await.unwrap();
    all.commit().await.unwrap();
    let checkpoint = sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)");
    checkpoint.execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

fn triggers() -> [Trigger; 3] {
    let start = chrono::DateTime::from_timestamp_millis(NOON_MS).unwrap();
    let cron = CronFields::default();
    [
        Trigger::Date(DateTrigger::new(2030, 1, 1, 12, 0, 0).unwrap()),
        Trigger::Interval(IntervalTrigger::new(None, Some(10), None, start).unwrap()),
        Trigger::Cron(CronTrigger::new(&cron, Zone::default()).unwrap()),
    ]
}
