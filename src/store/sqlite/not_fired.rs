//! Rows for fire times that are not fired.
//!
//! Invariant: each of them is in the ledger once its job has passed it by, whatever
//! rows there are already.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::store_error;
use super::of_job;
use super::rows::{column, ms};
use super::sums::{ENDED_COLUMNS, Sums};
use crate::domain::misfire::NotFired;
use crate::domain::occurrence::Reason;
use crate::domain::schedule::Schedule;
use crate::store::StoreError;

/// Of the rows that a fire time may have already, those that give way to a new
/// plan: nothing was sent, because of what the job's client had asked for. A
/// fire time is planned again only after its client has changed the job; then
/// the job as it is now decides. A row that stands for several stays.
macro_rules! planned_anew {
    () => {
        "state = 'skipped' AND reason IN ('changed', 'paused', 'removed', 'pause_until', \
         'ended') \
         AND count = 1"
    };
}
pub(super) use planned_anew;

/// What is not fired of a job.
pub struct Unfired<'a> {
    /// The job.
    pub id: String,
    /// By which it has these fire times.
    pub schedule: &'a Schedule,
    /// These.
    pub of: Vec<NotFired>,
}

/// Records fire times that are not fired. One that has a row already, which stays,
/// keeps it: what begins with it begins after it.
pub async fn insert(
    conn: &mut SqliteConnection,
    unfired: Vec<Unfired<'_>>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if unfired.is_empty() {
        return Ok(());
    }
    let known = known(&mut *conn, &unfired).await?;
    let mut set = Vec::new();
    for Unfired { id, schedule, of } in unfired {
        let is_known = |at| !known.is_empty() && known.contains(&(id.clone(), ms(at)));
        let left = of.into_iter().filter_map(|n| n.unless(schedule, is_known));
        set.extend(left.map(|n| row(&id, &n, now)));
    }
    insert_rows(conn, Value::Array(set).to_string()).await
}

/// The fire times in the ranges of these that have a row which stays. There are none,
/// unless the clock was set back.
async fn known(
    conn: &mut SqliteConnection,
    unfired: &[Unfired<'_>],
) -> Result<HashSet<(String, i64)>, StoreError> {
    let ranges = |u: &Unfired<'_>| -> Vec<Value> {
        let range = |n: &NotFired| json!([u.id, ms(n.first), ms(n.last)]);
        u.of.iter().map(range).collect()
    };
    let set: Vec<Value> = unfired.iter().flat_map(ranges).collect();
    let sql = of_job::rows_from(
        "jsonb_each(?1) n CROSS JOIN occurrences o",
        "o.job_id, o.fire_at",
        concat!(
            "o.job_id = n.value->>0 AND o.fire_at BETWEEN n.value->>1 AND n.value->>2 \
             AND o.kind = 'scheduled' AND NOT (",
            planned_anew!(),
            ")"
        ),
    );
    let found = rows_of(conn, sql, &Value::Array(set).to_string()).await?;
    let name = |row: &SqliteRow| Ok((column(row, "job_id")?, column(row, "fire_at")?));
    found.iter().map(name).collect()
}

fn row(id: &str, n: &NotFired, now: DateTime<Utc>) -> Value {
    json!([
        id,
        ms(n.first),
        n.state.as_str(),
        n.reason.map(Reason::as_str),
        n.count,
        ms(n.last),
        n.into.map(ms),
        ms(now),
    ])
}

/// Inserts a set of [`row`]s.
async fn insert_rows(conn: &mut SqliteConnection, set: String) -> Result<(), StoreError> {
    let mut sums = Sums::default();
    let sql = format!(
        "SELECT {ENDED_COLUMNS} FROM jsonb_each(?) n CROSS JOIN occurrences o \
         ON o.job_id = n.value->>0 AND o.fire_at = n.value->>1 AND o.kind = 'scheduled' WHERE {}",
        planned_anew!()
    );
    sums.end_rows(&rows_of(&mut *conn, sql, &set).await?, -1)?;
    let sql = format!(
        "INSERT INTO occurrences (job_id, fire_at, due_at, state, reason, count, \
         last_fire_at, into_fire_at, settled_at) \
         SELECT value->>0, value->>1, value->>1, value->>2, value->>3, value->>4, value->>5, \
         value->>6, value->>7 FROM jsonb_each(?) WHERE true \
         ON CONFLICT (job_id, fire_at, kind) DO UPDATE SET state = excluded.state, \
         reason = excluded.reason, count = excluded.count, \
         last_fire_at = excluded.last_fire_at, into_fire_at = excluded.into_fire_at, \
         settled_at = excluded.settled_at, due_at = excluded.due_at, replica = NULL, fence = 0 \
         WHERE {} RETURNING {ENDED_COLUMNS}",
        planned_anew!()
    );
    sums.end_rows(&rows_of(&mut *conn, sql, &set).await?, 1)?;
    sums.keep(conn).await
}

async fn rows_of(
    conn: &mut SqliteConnection,
    sql: String,
    set: &str,
) -> Result<Vec<SqliteRow>, StoreError> {
    let found = sqlx::query(AssertSqlSafe(sql)).bind(set).fetch_all(conn);
    found.await.map_err(store_error)
}
