//! A ledger written past the store by a few statements: of a hundred rows about
//! 98 plain successes, one failure in two hundred (each tenth of them a refused
//! connection), some skipped and missed ones, one in a thousand unknown, one in
//! five hundred manual, one success in ten thousand with a status of 304, and a
//! few hundred rows that are open. A tenth as many jobs as rows, ten fire times
//! a second, one job with a hundredth of all rows.

use sqlx::{Connection, SqliteConnection};

/// When the last row fires: 2030-01-01T12:00:00Z.
pub const NOON_MS: i64 = 1_893_499_200_000;
/// Between two fire times.
pub const STEP_MS: i64 = 100;
/// The job with a hundredth of all rows.
pub const BUSY: &str = "busy";

/// `?1` the first row, `?2` the last one, `?3` all rows, `?4` noon, `?5` the step.
const LEDGER: &str = "
WITH RECURSIVE numbers (n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2),
mixed AS (SELECT n, (n * 2654435761) % 4294967296 / 7 AS hash FROM numbers),
kinds AS (SELECT n, hash, CASE
    WHEN n > ?3 - 300 THEN iif(n % 3 = 0, 'firing', 'claimed')
    WHEN hash % 200 = 1 THEN 'failed' WHEN hash % 500 = 2 THEN 'skipped'
    WHEN hash % 500 = 3 THEN 'missed' WHEN hash % 1000 = 4 THEN 'unknown'
    ELSE 'succeeded' END AS state FROM mixed)
INSERT INTO occurrences (row_id, job_id, fire_at, last_fire_at, due_at, kind, state, reason,
    replica, fence, attempt, claimed_at, settled_at, sent_at, lateness_ms, duration_ms, status, error, body)
SELECT n, iif(hash % 100 = 0, 'busy', printf('job-%08x', hash % (?3 / 10))),
    ?4 - (?3 - n) * ?5, ?4 - (?3 - n) * ?5, ?4 - (?3 - n) * ?5,
    iif(hash % 500 = 7, 'manual', 'scheduled'), state,
    CASE state WHEN 'failed' THEN iif(hash % 2000 = 1, 'connect', 'status')
        WHEN 'skipped' THEN 'overlap' WHEN 'missed' THEN 'grace' WHEN 'unknown' THEN 'replica_died' END,
    'replica-1', n, iif(state IN ('skipped', 'missed', 'claimed'), 0, 1),
    ?4 - (?3 - n) * ?5 - 900, iif(state IN ('claimed', 'firing'), NULL, ?4 - (?3 - n) * ?5 + 40),
    iif(state IN ('succeeded', 'failed'), ?4 - (?3 - n) * ?5 + 2, NULL), 2, 38,
    CASE WHEN state = 'succeeded' THEN iif(hash % 10000 = 9, 304, 200)
        WHEN state = 'failed' AND hash % 2000 <> 1 THEN 503 END,
    iif(state = 'failed', 'the target answered 503 Service Unavailable', NULL),
    iif(state = 'succeeded', '{\"ok\":true,\"rows\":[1,2,3,4,5,6,7,8,9,10]}', NULL)
FROM kinds";

/// Rows of one statement.
const BATCH: i64 = 500_000;

/// Fills the file of `url` with so many rows.
pub async fn fill(url: &str, rows: usize) {
    let rows = rows as i64;
    let mut conn = SqliteConnection::connect(url).await.unwrap();
    let set = "PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000";
    sqlx::raw_sql(set).execute(&mut conn).await.unwrap();
    for first in (1..=rows).step_by(BATCH as usize) {
        let insert = sqlx::query(LEDGER)
            .bind(first)
            .bind(rows.min(first + BATCH - 1))
            .bind(rows)
            .bind(NOON_MS)
            .bind(STEP_MS);
        insert.execute(&mut conn).await.unwrap();
    }
    let checkpoint = sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)");
    checkpoint.execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}
