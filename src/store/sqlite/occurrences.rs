//! Queries on the ledger: revalidate, record, give back, read.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, SqliteConnection, SqlitePool};

use super::error::store_error;
use super::rows::{self, column, ms};
use super::sums::{self, ENDED_COLUMNS, Sums};
use super::{of_job, outcomes, overlap};
use crate::domain::job::JobId;
use crate::domain::occurrence::{Claim, LedgerEntry, PastAttempt, Reason};
use crate::domain::run::RunRecord;
use crate::store::{Recorded, StoreError};

/// The state to which a claimed row `o` ends that is not to be sent any more.
pub const UNSENT: &str = "CASE WHEN o.attempt = 0 THEN 'skipped' \
    WHEN o.reason IN ('replica_died', 'shutdown') THEN 'unknown' ELSE 'failed' END";

/// Settles what is claimed of these jobs, because of a change of them: what was
/// never sent is skipped, what waited for a retry has failed, and of what was to be
/// sent again since nobody knew of it, nobody knows. What is firing makes no further
/// attempt. A pause is about the schedule: it leaves alone what a client asked for
/// beside it.
pub async fn skip_claims(
    conn: &mut SqliteConnection,
    job_ids: &[&str],
    reason: Reason,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sql = format!(
        "UPDATE occurrences AS o SET settled_at = ?3, queue = NULL, state = {UNSENT}, \
         reason = CASE attempt WHEN 0 THEN ?2 ELSE reason END \
         WHERE job_id IN (SELECT value FROM json_each(?1)) AND state = 'claimed' \
         AND (kind = 'scheduled' OR ?2 <> 'paused') RETURNING {ENDED_COLUMNS}"
    );
    let ended = sqlx::query(AssertSqlSafe(sql))
        .bind(json!(job_ids).to_string())
        .bind(reason.as_str())
        .bind(ms(now))
        .fetch_all(&mut *conn)
        .await
        .map_err(store_error)?;
    sums::keep_rows(&mut *conn, &ended).await?;
    sqlx::query(
        "UPDATE occurrences SET last_attempt = 1 \
         WHERE job_id IN (SELECT value FROM json_each(?1)) AND state = 'firing' \
         AND (kind = 'scheduled' OR ?2 <> 'paused')",
    )
    .bind(json!(job_ids).to_string())
    .bind(reason.as_str())
    .execute(conn)
    .await
    .map_err(store_error)?;
    Ok(())
}

/// Moves claims that still stand and have room to `firing`, gives up or refuses
/// by the overlap rule of the job once they are due, and ends the jobs that have no
/// fire time after them.
pub async fn start_firing(
    conn: &mut SqliteConnection,
    claims: &[Claim],
    now: DateTime<Utc>,
) -> Result<Vec<Claim>, StoreError> {
    let mut started = HashMap::with_capacity(claims.len());
    let mut over = HashSet::new();
    for round in overlap::rounds(claims) {
        let due = round.iter().copied().filter(|c| c.due_at <= now);
        let due: Vec<_> = due.collect();
        for given_up in overlap::cancel_previous(&mut *conn, &due, now).await? {
            started.remove(&given_up);
        }
        let firing = fire(&mut *conn, &round).await?;
        if firing.len() < round.len() {
            let refused = due.into_iter();
            let refused: Vec<_> = refused
                .filter(|c| !firing.contains_key(&c.row_id))
                .collect();
            over.extend(overlap::refuse(&mut *conn, &refused, now).await?);
        }
        started.extend(firing);
    }
    let over = claims
        .iter()
        .filter(|c| started.contains_key(&c.row_id) || over.contains(&c.row_id));
    end_jobs(&mut *conn, ending(over)).await?;
    let firing = claims.iter().filter_map(|claim| {
        let attempt = *started.get(&claim.row_id)?;
        Some(Claim {
            attempt,
            ..claim.clone()
        })
    });
    Ok(firing.collect())
}

/// Moves those that stand and have room to `firing`; which attempt each row is
/// at.
async fn fire(
    conn: &mut SqliteConnection,
    round: &[&Claim],
) -> Result<HashMap<i64, u32>, StoreError> {
    let sql = format!(
        "UPDATE occurrences AS o SET state = 'firing', attempt = attempt + 1, last_attempt = 0, \
         queue = NULL FROM \
         (SELECT value->>0 AS row_id, value->>1 AS fence, value->>2 AS max_running \
         FROM jsonb_each(?)) c \
         WHERE o.row_id = c.row_id AND o.fence = c.fence AND o.state = 'claimed' \
         AND {} < c.max_running RETURNING row_id, attempt",
        overlap::going_on("o")
    );
    let set = round
        .iter()
        .map(|c| json!([c.row_id, c.fence, c.overlap.max_running()]));
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(Value::Array(set.collect()).to_string())
        .fetch_all(conn)
        .await
        .map_err(store_error)?;
    let pair = |row: &SqliteRow| Ok((column(row, "row_id")?, column(row, "attempt")?));
    found.iter().map(pair).collect()
}

/// The jobs that end with these claims.
fn ending<'a>(claims: impl Iterator<Item = &'a Claim>) -> Vec<Value> {
    let ending = claims.filter(|c| c.ends_job);
    ending
        .map(|c| json!(c.occurrence.job_id.as_str()))
        .collect()
}

/// Ends jobs that have no fire time left, and none that waits for its turn: clients do
/// not see them any more. Their rows go when nothing of them is open, manual runs
/// included, which do not keep a job from ending.
pub async fn end_jobs(conn: &mut SqliteConnection, ids: Vec<Value>) -> Result<(), StoreError> {
    run_set(
        conn,
        "UPDATE jobs SET ended = 1 WHERE next_fire_at IS NULL AND state = 'running' \
         AND job_id IN (SELECT value FROM json_each(?)) \
         AND NOT EXISTS (SELECT 1 FROM occurrences w \
         WHERE w.job_id = jobs.job_id AND w.kind = 'scheduled' AND w.queue = 'waiting')",
        ids,
    )
    .await
}

/// Removes those of these jobs that have ended and of which nothing is open.
pub async fn forget_ended(conn: &mut SqliteConnection, ids: Vec<Value>) -> Result<(), StoreError> {
    run_set(
        conn,
        "DELETE FROM jobs WHERE ended = 1 AND job_id IN (SELECT value FROM json_each(?)) \
         AND NOT EXISTS (SELECT 1 FROM occurrences o \
         WHERE o.job_id = jobs.job_id AND o.state = 'firing') \
         AND NOT EXISTS (SELECT 1 FROM occurrences o \
         WHERE o.job_id = jobs.job_id AND o.state = 'claimed')",
        ids,
    )
    .await
}

/// Gives back claims that their holder did not send: what was no attempt does not
/// count as one. Fence 0 refuses it from now on. Those whose job was changed since they
/// were marked are settled.
pub async fn give_back(
    conn: &mut SqliteConnection,
    claims: &[Claim],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    settle_changed(&mut *conn, claims, now).await?;
    let held = claims.iter().map(|c| json!([c.row_id, c.fence]));
    let given_back = sqlx::query(
        "UPDATE occurrences AS o SET state = 'claimed', replica = NULL, fence = 0, \
         attempt = attempt - (state = 'firing') FROM \
         (SELECT value->>0 AS row_id, value->>1 AS fence FROM jsonb_each(?)) c \
         WHERE o.row_id = c.row_id AND o.fence = c.fence AND o.state IN ('claimed', 'firing') \
         RETURNING row_id",
    )
    .bind(Value::Array(held.collect()).to_string())
    .fetch_all(&mut *conn)
    .await
    .map_err(store_error)?;
    let given_back = ids(given_back)?;
    run_set(
        conn,
        "UPDATE jobs SET ended = 0 WHERE ended = 1 \
         AND job_id IN (SELECT value FROM json_each(?))",
        ending(claims.iter().filter(|c| given_back.contains(&c.row_id))),
    )
    .await
}

/// Settles those of these claims that are marked, were not sent, and whose job was
/// changed since.
async fn settle_changed(
    conn: &mut SqliteConnection,
    claims: &[Claim],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let held = claims.iter().map(|c| json!([c.row_id, c.fence]));
    let sql = format!(
        "UPDATE occurrences AS o SET attempt = attempt - 1, settled_at = ?2, queue = NULL, \
         state = CASE WHEN o.attempt = 1 THEN 'skipped' \
         WHEN o.reason IN ('replica_died', 'shutdown') THEN 'unknown' ELSE 'failed' END, \
         reason = CASE WHEN o.attempt > 1 THEN o.reason \
         ELSE COALESCE((SELECT IIF(j.state = 'paused', 'paused', 'changed') FROM jobs j \
         WHERE j.job_id = o.job_id), 'removed') END FROM \
         (SELECT value->>0 AS row_id, value->>1 AS fence FROM jsonb_each(?1)) c \
         WHERE o.row_id = c.row_id AND o.fence = c.fence AND o.state = 'firing' \
         AND o.last_attempt = 1 RETURNING {ENDED_COLUMNS}, job_id"
    );
    let ended = sqlx::query(AssertSqlSafe(sql))
        .bind(Value::Array(held.collect()).to_string())
        .bind(ms(now))
        .fetch_all(&mut *conn)
        .await
        .map_err(store_error)?;
    if ended.is_empty() {
        return Ok(());
    }
    sums::keep_rows(&mut *conn, &ended).await?;
    let job = |row| column::<&str>(row, "job_id");
    let jobs: Vec<&str> = ended.iter().map(job).collect::<Result<_, _>>()?;
    forget_ended(&mut *conn, jobs.iter().map(|id| json!(id)).collect()).await?;
    let over = jobs.iter().map(|id| overlap::ended(id, now));
    overlap::release(conn, over.collect()).await.map(|_| ())
}

/// The rows a statement answered with.
pub fn ids(found: Vec<SqliteRow>) -> Result<HashSet<i64>, StoreError> {
    found.iter().map(|row| column(row, "row_id")).collect()
}

/// Records ends of firings. `unknown` gives way to what really happened, as
/// long as the row is still this holder's. No further attempt is made of such a
/// row: the right to one has ended with the lease, and what a client has done to the
/// job since then has not met it.
pub async fn record(
    conn: &mut SqliteConnection,
    records: &[RunRecord],
) -> Result<Recorded, StoreError> {
    let (written, mut sums) = write_all(&mut *conn, records).await?;
    let (ended, retried): (Vec<&RunRecord>, Vec<&RunRecord>) = written
        .iter()
        .map(Cow::as_ref)
        .partition(|r| r.retry_at.is_none());
    keep_attempts(&mut *conn, &retried).await?;
    ended.iter().for_each(|record| sums.record(record));
    sums.keep(&mut *conn).await?;
    let job = |r: &RunRecord| r.claim.occurrence.job_id.as_str().to_owned();
    // First, so that nothing is kept with those that go.
    let jobs = ended.iter().map(|r| json!(job(r)));
    forget_ended(&mut *conn, jobs.collect()).await?;
    let paused = outcomes::keep(&mut *conn, &ended).await?;
    let over = ended.iter().map(|r| overlap::ended(&job(r), r.ended_at));
    let released_at = overlap::release(conn, over.collect()).await?;
    Ok(Recorded {
        released_at,
        paused,
    })
}

/// By what a row knows its holder: the row and the fence of the claim. Two records
/// of one row may come together, that of a former holder among them.
fn held(record: &RunRecord) -> (i64, i64) {
    (record.claim.row_id, record.claim.fence)
}

/// Writes records to their rows; answers with those that were taken, as they were,
/// and with what these were counted as before: a row that was `unknown` is not any
/// more. Nearly always all of them are `firing`.
async fn write_all<'a>(
    conn: &mut SqliteConnection,
    records: &'a [RunRecord],
) -> Result<(Vec<Cow<'a, RunRecord>>, Sums), StoreError> {
    let mut sums = Sums::default();
    let last = |r: &RunRecord| RunRecord {
        retry_at: None,
        ..r.clone()
    };
    let over = without_further_attempt(&mut *conn, records).await?;
    let as_it_counts = |r: &'a RunRecord| match over.contains(&held(r)) {
        true => Cow::Owned(last(r)),
        false => Cow::Borrowed(r),
    };
    let all: Vec<Cow<'a, RunRecord>> = records.iter().map(as_it_counts).collect();
    let refs: Vec<&RunRecord> = all.iter().map(Cow::as_ref).collect();
    let firing = write_records(&mut *conn, &refs, FIRING).await?;
    let (mut written, rest): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|r| firing.contains(&held(r)));
    if !rest.is_empty() {
        let rest: Vec<RunRecord> = rest.iter().map(|r| last(r)).collect();
        let rest_refs: Vec<&RunRecord> = rest.iter().collect();
        take_back_unknown(&mut *conn, &rest_refs, &mut sums).await?;
        let unknown = write_records(conn, &rest_refs, UNKNOWN).await?;
        let taken = rest.into_iter().filter(|r| unknown.contains(&held(r)));
        written.extend(taken.map(Cow::Owned));
    }
    Ok((written, sums))
}

/// Which of these records ask for a further attempt though the job was changed while
/// they were firing. Nearly always none asks.
async fn without_further_attempt(
    conn: &mut SqliteConnection,
    records: &[RunRecord],
) -> Result<HashSet<(i64, i64)>, StoreError> {
    let asking = records.iter().filter(|r| r.retry_at.is_some());
    let asking: Vec<Value> = asking
        .map(|r| json!([r.claim.row_id, r.claim.fence]))
        .collect();
    if asking.is_empty() {
        return Ok(HashSet::new());
    }
    let found = sqlx::query(
        "SELECT o.row_id, o.fence FROM jsonb_each(?) c CROSS JOIN occurrences o \
         ON o.row_id = c.value->>0 AND o.fence = c.value->>1 \
         WHERE o.state = 'firing' AND o.last_attempt = 1",
    )
    .bind(Value::Array(asking).to_string())
    .fetch_all(conn)
    .await
    .map_err(store_error)?;
    let pair = |row: &SqliteRow| Ok((column(row, "row_id")?, column(row, "fence")?));
    found.iter().map(pair).collect()
}

/// Takes out of the sums what these records are about to replace. Of an unknown end no
/// times were counted.
async fn take_back_unknown(
    conn: &mut SqliteConnection,
    records: &[&RunRecord],
    sums: &mut Sums,
) -> Result<(), StoreError> {
    let held = records.iter();
    let held = held.map(|r| json!([r.claim.row_id, r.claim.fence]));
    let sql = format!(
        "SELECT {ENDED_COLUMNS} FROM occurrences o \
         JOIN (SELECT DISTINCT value->>0 AS row_id, value->>1 AS fence FROM jsonb_each(?)) c \
         ON o.row_id = c.row_id AND o.fence = c.fence WHERE o.state = 'unknown'"
    );
    let unknown = sqlx::query(AssertSqlSafe(sql))
        .bind(Value::Array(held.collect()).to_string())
        .fetch_all(conn)
        .await
        .map_err(store_error)?;
    sums.end_rows(&unknown, -1)
}

/// The two states of a row that takes a record.
const FIRING: &str = "firing";
const UNKNOWN: &str = "unknown";

/// Writes records to those of their rows that are in this state; answers with
/// what was held.
async fn write_records(
    conn: &mut SqliteConnection,
    records: &[&RunRecord],
    state: &'static str,
) -> Result<HashSet<(i64, i64)>, StoreError> {
    let set = records
        .iter()
        .map(|r| {
            json!([
                r.claim.row_id,
                r.claim.fence,
                r.state().as_str(),
                r.outcome.reason.map(Reason::as_str),
                r.sent_at.map(ms),
                r.lateness_ms(),
                r.duration_ms,
                r.outcome.status,
                r.outcome.error,
                r.outcome.body,
                ms(r.ended_at),
                r.retry_at.map(ms),
                r.outcome.phases,
            ])
        })
        .collect();
    let written = sqlx::query(
        "UPDATE occurrences AS o SET state = e.state, reason = e.reason, sent_at = e.sent_at, \
         lateness_ms = e.lateness, duration_ms = e.duration, status = e.status, error = e.error, \
         body = e.body, phases_json = e.phases, settled_at = IIF(e.due_at IS NULL, e.at, NULL), \
         due_at = COALESCE(e.due_at, o.due_at) FROM (SELECT value->>0 AS row_id, value->>1 AS fence, \
         value->>2 AS state, value->>3 AS reason, value->>4 AS sent_at, value->>5 AS lateness, \
         value->>6 AS duration, value->>7 AS status, value->>8 AS error, value->>9 AS body, \
         value->>10 AS at, value->>11 AS due_at, value->>12 AS phases FROM jsonb_each(?1)) e \
         WHERE o.row_id = e.row_id AND o.fence = e.fence AND o.state = ?2 \
         RETURNING row_id, fence",
    )
    .bind(Value::Array(set).to_string())
    .bind(state)
    .fetch_all(conn)
    .await
    .map_err(store_error)?;
    let pair = |row: &SqliteRow| Ok((column(row, "row_id")?, column(row, "fence")?));
    written.iter().map(pair).collect()
}

/// Keeps the attempts that are followed by another one.
async fn keep_attempts(
    conn: &mut SqliteConnection,
    retried: &[&RunRecord],
) -> Result<(), StoreError> {
    let set = retried.iter().map(|r| {
        json!([
            r.claim.row_id,
            r.claim.attempt,
            r.outcome.reason.map(Reason::as_str),
            r.sent_at.map(ms),
            r.duration_ms,
            r.outcome.status,
            r.outcome.error,
            r.outcome.body,
            r.outcome.phases,
        ])
    });
    run_set(
        conn,
        "INSERT INTO attempts (occurrence, number, reason, sent_at, duration_ms, status, error, \
         body, phases_json) SELECT value->>0, value->>1, value->>2, value->>3, value->>4, \
         value->>5, value->>6, value->>7, value->>8 FROM jsonb_each(?) WHERE true ON CONFLICT DO NOTHING",
        set.collect(),
    )
    .await
}

/// The ledger of one job, newest first.
pub async fn ledger(
    pool: &SqlitePool,
    id: &JobId,
    limit: u32,
) -> Result<Vec<LedgerEntry>, StoreError> {
    let rows = of_job::rows("o.*", "o.job_id = ?1");
    let sql = format!("{rows} ORDER BY fire_at DESC LIMIT ?2");
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(id.as_str())
        .bind(limit)
        .fetch_all(pool)
        .await
        .map_err(store_error)?;
    let mut entries = Vec::with_capacity(found.len());
    for row in &found {
        let mut entry = rows::ledger_entry(row)?;
        if entry.attempt > 1 {
            entry.past_attempts = past_attempts(pool, column(row, "row_id")?).await?;
        }
        entries.push(entry);
    }
    Ok(entries)
}

async fn past_attempts(pool: &SqlitePool, row_id: i64) -> Result<Vec<PastAttempt>, StoreError> {
    let found = sqlx::query("SELECT * FROM attempts WHERE occurrence = ? ORDER BY number")
        .bind(row_id)
        .fetch_all(pool)
        .await
        .map_err(store_error)?;
    found.iter().map(rows::past_attempt).collect()
}

/// Runs a statement whose one parameter is a set; nothing for an empty one.
pub async fn run_set(
    conn: &mut SqliteConnection,
    sql: &'static str,
    set: Vec<Value>,
) -> Result<(), StoreError> {
    if set.is_empty() {
        return Ok(());
    }
    let set = Value::Array(set).to_string();
    let done = sqlx::query(sql).bind(set).execute(conn).await;
    done.map(|_| ()).map_err(store_error)
}
