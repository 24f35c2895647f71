//! The sums beside the ledger: how many fire times came to each final state,
//! and how late and how long their requests were.
//!
//! Invariant: whatever makes a row of the ledger final, or takes that back,
//! says so here in the same transaction, so that the runs of each minute are
//! the `count`s of the rows that became final in it. What is deleted from the
//! ledger because of its age stays counted until the sums are cut themselves.
//!
//! A batch is added up in Rust first: two statements, however many rows.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::error::store_error;
use super::occurrences::run_set;
use super::rows::{column, instant};
use crate::domain::histogram::slot;
use crate::domain::occurrence::{OccurrenceState, Reason};
use crate::domain::run::RunRecord;
use crate::store::StoreError;

/// The lengths of the slices in which runs are counted, in seconds. The long ones
/// serve long stretches of time.
pub const RUN_SLICES_S: [i64; 2] = [60, 3_600];
/// The length of the slices in which times are counted, in seconds.
pub const TIME_SLICE_S: i64 = 300;
/// How much of each kind of slices one cut takes, in slices.
const CUT_SLICES: i64 = 360;

/// The columns of a row of the ledger that [`Sums::end_rows`] reads.
pub const ENDED_COLUMNS: &str = "state, reason, count, settled_at";

/// What is measured of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Actual minus planned instant of the send.
    Lateness,
    /// From the send to the end of the answer.
    Duration,
}

impl Measure {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lateness => "lateness",
            Self::Duration => "duration",
        }
    }
}

/// What a batch adds to the sums.
#[derive(Debug, Default)]
pub struct Sums {
    runs: HashMap<(i64, OccurrenceState, Option<Reason>), i64>,
    times: HashMap<(Measure, i64, u32), i64>,
}

impl Sums {
    /// So many fire times came to a final state; fewer than none: they did not,
    /// after all.
    pub fn end(
        &mut self,
        at: DateTime<Utc>,
        state: OccurrenceState,
        reason: Option<Reason>,
        count: i64,
    ) {
        let minute = at.timestamp().div_euclid(RUN_SLICES_S[0]);
        *self.runs.entry((minute, state, reason)).or_default() += count;
    }

    /// Rows of the ledger became final, or (`sign` -1) are final no longer.
    ///
    /// # Errors
    /// When a row is none of [`ENDED_COLUMNS`].
    pub fn end_rows(&mut self, rows: &[SqliteRow], sign: i64) -> Result<(), StoreError> {
        for row in rows {
            let (state, reason): (&str, Option<&str>) =
                (column(row, "state")?, column(row, "reason")?);
            let state = OccurrenceState::parse(state)
                .ok_or_else(|| StoreError::Corrupt(format!("state {state:?}")))?;
            let count: i64 = column(row, "count")?;
            let at = instant(column(row, "settled_at")?)?;
            self.end(at, state, reason.and_then(Reason::parse), sign * count);
        }
        Ok(())
    }

    /// A request came to its end, for good.
    pub fn record(&mut self, record: &RunRecord) {
        let at = record.ended_at;
        self.end(at, record.state(), record.outcome.reason, 1);
        self.time(Measure::Lateness, at, record.lateness_ms(), 1);
        self.time(Measure::Duration, at, record.duration_ms, 1);
    }

    /// A request took so many milliseconds, if it was sent.
    pub fn time(&mut self, measure: Measure, at: DateTime<Utc>, ms: Option<i64>, count: i64) {
        if let Some(ms) = ms {
            let slice = at.timestamp().div_euclid(TIME_SLICE_S);
            *self.times.entry((measure, slice, slot(ms))).or_default() += count;
        }
    }

    /// Adds all this to the tables.
    pub async fn keep(self, conn: &mut SqliteConnection) -> Result<(), StoreError> {
        run_set(
            &mut *conn,
            "INSERT INTO run_sums (slice_s, start, state, reason, runs) \
             SELECT value->>0, value->>1, value->>2, value->>3, value->>4 FROM jsonb_each(?) \
             WHERE true ON CONFLICT DO UPDATE SET runs = runs + excluded.runs",
            self.run_rows(),
        )
        .await?;
        let times = self.times.into_iter().filter(|(_, runs)| *runs != 0);
        let times = times.map(|((measure, slice, slot), runs)| {
            json!([measure.as_str(), slice * TIME_SLICE_S, slot, runs])
        });
        run_set(
            conn,
            "INSERT INTO time_sums (measure, start, slot, runs) \
             SELECT value->>0, value->>1, value->>2, value->>3 FROM jsonb_each(?) \
             WHERE true ON CONFLICT DO UPDATE SET runs = runs + excluded.runs",
            times.collect(),
        )
        .await
    }

    fn run_rows(&self) -> Vec<Value> {
        let mut rows = HashMap::new();
        for ((minute, state, reason), runs) in &self.runs {
            for slice_s in RUN_SLICES_S {
                let at = minute * RUN_SLICES_S[0];
                let start = at - at.rem_euclid(slice_s);
                *rows.entry((slice_s, start, *state, *reason)).or_insert(0) += runs;
            }
        }
        let rows = rows.into_iter().filter(|(_, runs)| *runs != 0);
        let row = |((slice_s, start, state, reason), runs): (
            (i64, i64, OccurrenceState, Option<Reason>),
            i64,
        )| {
            let reason = reason.map_or("", Reason::as_str);
            json!([slice_s, start, state.as_str(), reason, runs])
        };
        rows.map(row).collect()
    }
}

/// The sums of one kind of end at one instant, kept at once.
pub async fn keep(
    conn: &mut SqliteConnection,
    at: DateTime<Utc>,
    (state, reason): (OccurrenceState, Option<Reason>),
    count: usize,
) -> Result<(), StoreError> {
    if count == 0 {
        return Ok(());
    }
    let mut sums = Sums::default();
    sums.end(at, state, reason, i64::try_from(count).unwrap_or(i64::MAX));
    sums.keep(conn).await
}

/// The sums of rows that became final, kept at once.
pub async fn keep_rows(conn: &mut SqliteConnection, rows: &[SqliteRow]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut sums = Sums::default();
    sums.end_rows(rows, 1)?;
    sums.keep(conn).await
}

/// Cuts the oldest slices that end before an instant, a bounded number of
/// them; whether there may be more.
pub async fn cut(conn: &mut SqliteConnection, before: DateTime<Utc>) -> Result<bool, StoreError> {
    let mut more = false;
    for slice_s in RUN_SLICES_S {
        let oldest = "SELECT MIN(start) FROM run_sums WHERE slice_s = ?1";
        let cut = "DELETE FROM run_sums WHERE slice_s = ?1 AND start < ?2";
        more |= cut_one(&mut *conn, (oldest, cut), json!(slice_s), slice_s, before).await?;
    }
    for measure in [Measure::Lateness, Measure::Duration] {
        let oldest = "SELECT MIN(start) FROM time_sums WHERE measure = ?1";
        let cut = "DELETE FROM time_sums WHERE measure = ?1 AND start < ?2";
        let key = json!(measure.as_str());
        more |= cut_one(&mut *conn, (oldest, cut), key, TIME_SLICE_S, before).await?;
    }
    Ok(more)
}

async fn cut_one(
    conn: &mut SqliteConnection,
    (oldest, cut): (&'static str, &'static str),
    key: Value,
    slice_s: i64,
    before: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let bind = |sql: &'static str| match &key {
        Value::String(text) => sqlx::query(sql).bind(text.clone()),
        number => sqlx::query(sql).bind(number.as_i64()),
    };
    // Only slices that lie before the instant with all they hold.
    let end = before.timestamp() - slice_s + 1;
    let row = bind(oldest).fetch_one(&mut *conn).await;
    let oldest: Option<i64> = row.map_err(store_error)?.get(0);
    let Some(oldest) = oldest.filter(|start| *start < end) else {
        return Ok(false);
    };
    let until = end.min(oldest + CUT_SLICES * slice_s);
    let done = bind(cut).bind(until).execute(conn).await;
    done.map_err(store_error)?;
    Ok(until < end)
}
