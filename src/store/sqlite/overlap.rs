//! Queries by which runs of one job and one kind make way for each other: who
//! is given up, who waits, who is refused, and whose turn comes.
//!
//! Invariants:
//! - a run goes on while its row is `firing`, waits as `claimed` for a retry,
//!   or has been told that its turn has come (`queue = 'next'`);
//! - a row waits (`queue = 'waiting'`) only while another run of its job and
//!   kind goes on, and is held by nobody: whatever ends a run calls
//!   [`release`] in the same transaction, so that no row waits for ever.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, SqliteConnection, SqlitePool};

use super::error::store_error;
use super::occurrences::{UNSENT, ids, run_set};
use super::rows::{column, instant, ms};
use super::sums::{self, ENDED_COLUMNS};
use crate::domain::occurrence::{Claim, OccurrenceState, Reason};
use crate::domain::policy::Overlap;
use crate::store::StoreError;

/// Which `claimed` rows, named `r`, are runs that go on.
const HAS_BEGUN: &str = "(r.attempt > 0 AND r.queue IS NULL OR r.queue = 'next')";

/// What the ledger says of a run that was given up.
const GIVEN_UP: &str =
    "the next occurrence of the job took its place; the target may have received the request";

/// How many runs of the job and kind of the row `row` go on beside it, as SQL.
pub fn going_on(row: &str) -> String {
    let same = format!(
        "FROM occurrences r WHERE r.job_id = {row}.job_id AND r.kind = {row}.kind \
         AND r.row_id <> {row}.row_id"
    );
    format!(
        "(SELECT COUNT(*) {same} AND r.state = 'firing') \
         + (SELECT COUNT(*) {same} AND r.state = 'claimed' AND {HAS_BEGUN})"
    )
}

/// Splits claims so that each round holds at most one of a job and kind, the
/// earlier ones first: a statement does not see what it changes itself, and so
/// could let two of them through. Nearly always one round.
pub fn rounds(claims: &[Claim]) -> Vec<Vec<&Claim>> {
    let mut ordered: Vec<&Claim> = claims.iter().collect();
    ordered.sort_by_key(|claim| claim.occurrence.fire_at);
    let mut met: HashMap<_, usize> = HashMap::with_capacity(claims.len());
    let mut rounds: Vec<Vec<&Claim>> = Vec::new();
    for claim in ordered {
        let whose = (&claim.occurrence.job_id, claim.occurrence.kind);
        let turn = met.entry(whose).or_default();
        match rounds.get_mut(*turn) {
            Some(round) => round.push(claim),
            None => rounds.push(vec![claim]),
        }
        *turn += 1;
    }
    rounds
}

/// Gives up the earlier runs of jobs that ask for it, as far as the claims
/// still stand; answers with their rows.
pub async fn cancel_previous(
    conn: &mut SqliteConnection,
    round: &[&Claim],
    now: DateTime<Utc>,
) -> Result<HashSet<i64>, StoreError> {
    let asking = round.iter();
    let asking = asking.filter(|c| c.overlap == Overlap::CancelPrevious);
    let set: Vec<Value> = asking.map(|c| json!([c.row_id, c.fence])).collect();
    if set.is_empty() {
        return Ok(HashSet::new());
    }
    // By these two indexes: the one on fire times would read the history.
    let cancelled = ids(sqlx::query(
        "WITH due AS (SELECT n.job_id, n.kind, n.fire_at FROM occurrences n JOIN jsonb_each(?1) c \
           ON n.row_id = c.value->>0 AND n.fence = c.value->>1 WHERE n.state = 'claimed') \
         UPDATE occurrences AS o SET state = 'failed', reason = ?3, error = ?4, settled_at = ?2, \
         queue = NULL, sent_at = IIF(o.state = 'firing', NULL, sent_at), \
         lateness_ms = IIF(o.state = 'firing', NULL, lateness_ms), \
         duration_ms = IIF(o.state = 'firing', NULL, duration_ms), \
         status = IIF(o.state = 'firing', NULL, status), \
         body = IIF(o.state = 'firing', NULL, body) FROM \
           (SELECT r.row_id FROM due JOIN occurrences r INDEXED BY occurrences_firing \
            ON r.job_id = due.job_id AND r.kind = due.kind AND r.fire_at < due.fire_at \
            WHERE r.state = 'firing' \
            UNION ALL \
            SELECT r.row_id FROM due JOIN occurrences r INDEXED BY occurrences_claimed \
            ON r.job_id = due.job_id AND r.kind = due.kind AND r.fire_at < due.fire_at \
            WHERE r.state = 'claimed' AND r.attempt > 0) g \
         WHERE o.row_id = g.row_id RETURNING row_id",
    )
    .bind(Value::Array(set).to_string())
    .bind(ms(now))
    .bind(Reason::Cancelled.as_str())
    .bind(GIVEN_UP)
    .fetch_all(&mut *conn)
    .await
    .map_err(store_error)?)?;
    let ended = (OccurrenceState::Failed, Some(Reason::Cancelled));
    sums::keep(conn, now, ended, cancelled.len()).await?;
    Ok(cancelled)
}

/// Settles claims of a round that found no room: as many as their job allows
/// wait, the others are skipped. Answers with the rows that were skipped.
pub async fn refuse(
    conn: &mut SqliteConnection,
    refused: &[&Claim],
    now: DateTime<Utc>,
) -> Result<HashSet<i64>, StoreError> {
    park(&mut *conn, refused).await?;
    skip(conn, refused, now).await
}

/// Makes claims wait, held by nobody. One that was let in before (it waited,
/// or was attempted) takes no further place.
async fn park(conn: &mut SqliteConnection, refused: &[&Claim]) -> Result<(), StoreError> {
    let queued = |c: &&Claim| match c.overlap {
        Overlap::Queue(places) => Some(json!([c.row_id, c.fence, places])),
        _ => None,
    };
    run_set(
        conn,
        "UPDATE occurrences AS o SET replica = NULL, fence = 0, queue = 'waiting' FROM \
         (SELECT value->>0 AS row_id, value->>1 AS fence, value->>2 AS places FROM jsonb_each(?)) c \
         WHERE o.row_id = c.row_id AND o.fence = c.fence AND o.state = 'claimed' \
         AND (o.attempt > 0 OR o.queue = 'next' OR c.places > (SELECT COUNT(*) FROM occurrences w \
         WHERE w.job_id = o.job_id AND w.kind = o.kind AND w.queue = 'waiting'))",
        refused.iter().filter_map(queued).collect(),
    )
    .await
}

/// Skips what was never sent; what was attempted keeps the failure it had.
async fn skip(
    conn: &mut SqliteConnection,
    refused: &[&Claim],
    now: DateTime<Utc>,
) -> Result<HashSet<i64>, StoreError> {
    let reason = |claim: &Claim| match claim.overlap {
        Overlap::Queue(_) => Reason::QueueFull,
        _ => Reason::Overlap,
    };
    let set = refused.iter();
    let set = set.map(|c| json!([c.row_id, c.fence, reason(c).as_str()]));
    let sql = format!(
        "UPDATE occurrences AS o SET settled_at = ?2, queue = NULL, state = {UNSENT}, \
         reason = CASE o.attempt WHEN 0 THEN c.reason ELSE o.reason END FROM \
         (SELECT value->>0 AS row_id, value->>1 AS fence, value->>2 AS reason \
         FROM jsonb_each(?1)) c \
         WHERE o.row_id = c.row_id AND o.fence = c.fence AND o.state = 'claimed' \
         RETURNING row_id, {ENDED_COLUMNS}"
    );
    let skipped = sqlx::query(AssertSqlSafe(sql))
        .bind(Value::Array(set.collect()).to_string())
        .bind(ms(now))
        .fetch_all(&mut *conn)
        .await
        .map_err(store_error)?;
    sums::keep_rows(conn, &skipped).await?;
    ids(skipped)
}

/// A run of a job that ended at an instant, as [`release`] takes it.
pub fn ended(job_id: &str, at: DateTime<Utc>) -> Value {
    json!([job_id, ms(at)])
}

/// Lets the first that waits of each of these jobs have its turn, unless a run
/// still goes on: it is due at the end of the run it waited for, free to be
/// adopted by any replica. Answers with the earliest such instant.
pub async fn release(
    conn: &mut SqliteConnection,
    ended: Vec<Value>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    if ended.is_empty() || !anything_waits(&mut *conn).await? {
        return Ok(None);
    }
    let sql = format!(
        "WITH ended AS (SELECT value->>0 AS job_id, MAX(value->>1) AS at FROM jsonb_each(?) \
           GROUP BY 1), \
         kinds(kind) AS (VALUES ('scheduled'), ('manual')), \
         first AS MATERIALIZED (SELECT ended.at, ended.job_id, kinds.kind, (SELECT w.row_id FROM occurrences w \
           WHERE w.job_id = ended.job_id AND w.kind = kinds.kind AND w.queue = 'waiting' \
           ORDER BY w.fire_at LIMIT 1) AS row_id FROM ended CROSS JOIN kinds) \
         UPDATE occurrences AS o SET queue = 'next', due_at = MAX(o.due_at, first.at) FROM first \
         WHERE o.row_id = first.row_id AND {} = 0 RETURNING due_at",
        going_on("first")
    );
    let released = sqlx::query(AssertSqlSafe(sql))
        .bind(Value::Array(ended).to_string())
        .fetch_all(conn)
        .await
        .map_err(store_error)?;
    let due: Vec<_> = released
        .iter()
        .map(|row| instant(column(row, "due_at")?))
        .collect::<Result<_, _>>()?;
    Ok(due.into_iter().min())
}

/// One seek; nearly always there is nothing.
async fn anything_waits(conn: &mut SqliteConnection) -> Result<bool, StoreError> {
    let found = sqlx::query("SELECT 1 FROM occurrences WHERE queue = 'waiting' LIMIT 1")
        .fetch_optional(conn)
        .await;
    found.map(|row| row.is_some()).map_err(store_error)
}

/// Whether a claim was given up, because the next occurrence of its job took its place.
pub async fn is_given_up(pool: &SqlitePool, claim: &Claim) -> Result<bool, StoreError> {
    let found = sqlx::query(
        "SELECT 1 FROM occurrences WHERE row_id = ? AND fence = ? \
         AND state = 'failed' AND reason = 'cancelled'",
    )
    .bind(claim.row_id)
    .bind(claim.fence)
    .fetch_optional(pool)
    .await;
    found.map(|row| row.is_some()).map_err(store_error)
}
