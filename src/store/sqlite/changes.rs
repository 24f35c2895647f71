//! Reads what was changed (`journal` writes it), and cuts it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, SqliteConnection, SqlitePool};

use super::error::store_error;
use super::page::summaries;
use super::recent::short;
use super::rows::{column, instant, ms};
use super::statement::{Reading, Statement};
use crate::domain::job::JobId;
use crate::store::{
    ChangeId, Changed, Changes, JobChange, JobSummary, RecentRun, StoreError, What,
};

/// A change that is to be looked up.
struct Noted {
    id: ChangeId,
    at: DateTime<Utc>,
    whose: Whose,
}

enum Whose {
    Job(String, JobChange),
    Run(i64),
}

/// The changes behind `after`, at most `limit` ids of them; `None`: that place is
/// not kept any more, or never was.
pub async fn behind(
    pool: &SqlitePool,
    after: ChangeId,
    limit: u32,
) -> Result<Option<Changes>, StoreError> {
    let mut conn = pool.acquire().await.map_err(store_error)?;
    let mut snapshot = conn.begin().await.map_err(store_error)?;
    let mut reading = Reading::new(&mut snapshot);
    let rows = Statement::new("SELECT seq, at, jobs, runs FROM changes WHERE seq >= ")
        .bind(after.seq)
        .text(" ORDER BY seq LIMIT ")
        .bind(limit.saturating_add(2));
    let rows = reading.all(rows).await?;
    if !is_kept(&rows, after)? {
        return Ok(None);
    }
    let mut noted = Vec::new();
    for row in &rows {
        noted.extend(ids(row, after)?);
        if noted.len() > limit as usize {
            break;
        }
    }
    let more = noted.len() > limit as usize || rows.len() > limit as usize + 1;
    noted.truncate(limit as usize);
    let last = noted.last().map_or(after, |noted| noted.id);
    let changes = look_up(&mut reading, noted).await?;
    snapshot.commit().await.map_err(store_error)?;
    Ok(Some(Changes {
        changes,
        last,
        more,
    }))
}

/// Whether nothing behind this place was cut. The newest row is never cut, so
/// the row of any place that clients can know is there, unless it is too old.
fn is_kept(rows: &[SqliteRow], after: ChangeId) -> Result<bool, StoreError> {
    let first: Option<i64> = rows.first().map(|row| column(row, "seq")).transpose()?;
    Ok(match first {
        Some(first) => first == after.seq || (after.seq == 0 && first == 1),
        None => after.seq == 0,
    })
}

/// The ids of one row behind `after`. Of several changes of one job in one
/// transaction the last one is told.
fn ids(row: &SqliteRow, after: ChangeId) -> Result<Vec<Noted>, StoreError> {
    let (seq, at) = (column(row, "seq")?, instant(column(row, "at")?)?);
    let jobs: Vec<(String, String)> = parse(row, "jobs")?;
    let runs: Vec<i64> = parse(row, "runs")?;
    let mut last = HashMap::with_capacity(jobs.len());
    for (index, (id, _)) in jobs.iter().enumerate() {
        last.insert(id.clone(), index);
    }
    let jobs = jobs.into_iter().enumerate().map(|(index, (id, change))| {
        let told = last.get(&id) == Some(&index);
        let change = JobChange::parse(&change).filter(|_| told);
        change.map(|change| Whose::Job(id, change))
    });
    let all = jobs.chain(runs.into_iter().map(|id| Some(Whose::Run(id))));
    let noted = all.zip(0..).filter_map(|(whose, index)| {
        let id = ChangeId { seq, index };
        let whose = whose.filter(|_| id > after)?;
        Some(Noted { id, at, whose })
    });
    Ok(noted.collect())
}

fn parse<T: serde::de::DeserializeOwned>(row: &SqliteRow, name: &str) -> Result<T, StoreError> {
    let text: &str = column(row, name)?;
    serde_json::from_str(text).map_err(|e| StoreError::Corrupt(format!("{name} of a change: {e}")))
}

/// The place of the newest change.
pub async fn newest(pool: &SqlitePool) -> Result<ChangeId, StoreError> {
    let row = sqlx::query(
        "SELECT seq, json_array_length(jobs) + json_array_length(runs) - 1 AS last \
         FROM changes ORDER BY seq DESC LIMIT 1",
    )
    .fetch_optional(pool)
    .await
    .map_err(store_error)?;
    let Some(row) = row else {
        return Ok(ChangeId::default());
    };
    Ok(ChangeId {
        seq: column(&row, "seq")?,
        index: column(&row, "last")?,
    })
}

/// Looks up how it is now what was changed.
async fn look_up(reading: &mut Reading<'_>, noted: Vec<Noted>) -> Result<Vec<Changed>, StoreError> {
    let (mut ids, mut rows) = (Vec::new(), Vec::new());
    for noted in &noted {
        match &noted.whose {
            Whose::Job(id, change) if !change.takes_away() => ids.push(Value::from(id.as_str())),
            Whose::Job(..) => {}
            Whose::Run(row) => rows.push(Value::from(*row)),
        }
    }
    let jobs = jobs(reading, ids).await?;
    let runs = runs(reading, rows).await?;
    let told = noted.into_iter().filter_map(|noted| {
        let what = match noted.whose {
            Whose::Job(id, change) => {
                let job = jobs.get(&id).filter(|_| !change.takes_away());
                // One that is gone by now is told by the change that took it.
                (job.is_some() || change.takes_away()).then(|| What::Job {
                    job_id: JobId::from_stored(id),
                    change,
                    job: job.cloned().map(Box::new),
                })
            }
            Whose::Run(row) => runs.get(&row).map(|(job_id, run)| What::Run {
                job_id: job_id.clone(),
                run: run.clone(),
            }),
        };
        let (id, at) = (noted.id, noted.at);
        what.map(|what| Changed { id, at, what })
    });
    Ok(told.collect())
}

async fn jobs(
    reading: &mut Reading<'_>,
    ids: Vec<Value>,
) -> Result<HashMap<String, JobSummary>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = Value::Array(ids).to_string();
    let seqs = Statement::new("SELECT DISTINCT j.seq FROM json_each(")
        .bind(ids.as_str())
        .text(") i CROSS JOIN jobs j ON j.job_id = i.value WHERE j.ended = 0");
    let seqs = reading.all(seqs).await?;
    let seqs = seqs.iter().map(|row| column(row, "seq"));
    let found = summaries(reading, seqs.collect::<Result<_, _>>()?).await?;
    let named = found.into_iter();
    let named = named.map(|job| (job.row.job.id.as_str().to_owned(), job));
    Ok(named.collect())
}

async fn runs(
    reading: &mut Reading<'_>,
    rows: Vec<Value>,
) -> Result<HashMap<i64, (JobId, RecentRun)>, StoreError> {
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Value::Array(rows).to_string();
    let found = Statement::new(
        "SELECT o.row_id, o.job_id, o.fire_at, o.kind, o.state, o.reason, o.status, \
         o.lateness_ms, o.duration_ms, o.count FROM json_each(",
    )
    .bind(rows.as_str())
    .text(") i CROSS JOIN occurrences o ON o.row_id = i.value");
    let found = reading.all(found).await?;
    let run = |row: &SqliteRow| {
        let (job_id, run) = (JobId::from_stored(column(row, "job_id")?), short(row)?);
        Ok((run.row_id, (job_id, run)))
    };
    found.iter().map(run).collect()
}

/// Cuts at most `limit` of the oldest rows: those of before `before`, and those
/// beyond the newest `keep`. Never the newest one. How many were cut.
pub async fn cut(
    conn: &mut SqliteConnection,
    before: DateTime<Utc>,
    keep: u32,
    limit: u32,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "DELETE FROM changes WHERE seq IN (SELECT seq FROM changes ORDER BY seq LIMIT ?3) \
         AND seq < (SELECT MAX(seq) FROM changes) \
         AND (seq < COALESCE((SELECT MIN(seq) FROM \
         (SELECT seq, at FROM changes ORDER BY seq LIMIT ?3) WHERE at >= ?1), \
         9223372036854775807) OR seq <= (SELECT MAX(seq) FROM changes) - ?2)",
    )
    .bind(ms(before))
    .bind(keep)
    .bind(limit)
    .execute(conn)
    .await
    .map_err(store_error)?;
    Ok(done.rows_affected())
}
