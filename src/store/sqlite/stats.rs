//! Queries on all jobs and the whole past: sums that are kept, counts up to a
//! bound, and a sample; never a walk along all rows.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteRow;

use super::error::store_error;
use super::rows::{column, instant, ms};
use super::statement::{Plan, Reading, Statement};
use super::sums::{Measure, RUN_SLICES_S, TIME_SLICE_S};
use crate::domain::forecast::UpcomingJob;
use crate::domain::histogram::Histogram;
use crate::domain::job::JobState;
use crate::domain::occurrence::{OccurrenceState, Reason};
use crate::domain::trigger::TriggerKind;
use crate::store::{
    DueJob, Ended, JobCounts, Past, PastRequest, Position, ReplicaLease, Sample, SampleOf, SortKey,
    StoreError, StoreFacts, Total, Window,
};

/// Up to so many jobs are counted one by one.
const COUNTED: u32 = 20_000;
/// How many replicas are told of at most.
const REPLICAS: u32 = 1_000;

/// How many jobs there are.
pub async fn counts(pool: &SqlitePool, now: DateTime<Utc>) -> Result<JobCounts, StoreError> {
    let mut snapshot = pool.begin().await.map_err(store_error)?;
    job_counts(&mut Reading::new(&mut snapshot), now).await
}

/// What has been.
pub async fn past(pool: &SqlitePool, request: &PastRequest) -> Result<Past, StoreError> {
    let mut snapshot = pool.begin().await.map_err(store_error)?;
    read_past(&mut Reading::new(&mut snapshot), request).await
}

/// Jobs that may fire before `until`: all, if there are at most so many, else
/// those among a sample of at most so many.
pub async fn sample(
    pool: &SqlitePool,
    until: DateTime<Utc>,
    most: u32,
) -> Result<Sample, StoreError> {
    let mut snapshot = pool.begin().await.map_err(store_error)?;
    read_sample(&mut Reading::new(&mut snapshot), until, most).await
}

/// The plans of the statements of both; for tests and benchmarks.
pub async fn explain(pool: &SqlitePool, request: &PastRequest) -> Result<Vec<Plan>, StoreError> {
    let mut snapshot = pool.begin().await.map_err(store_error)?;
    let mut reading = Reading::explained(&mut snapshot);
    read_past(&mut reading, request).await?;
    for most in [0, 1_000_000] {
        read_sample(&mut reading, request.now + TimeDelta::days(7), most).await?;
    }
    read_due(&mut reading, request.now, None, 1).await?;
    Ok(reading.into_plans())
}

async fn read_past(reading: &mut Reading<'_>, request: &PastRequest) -> Result<Past, StoreError> {
    Ok(Past {
        jobs: job_counts(reading, request.now).await?,
        hour: window(reading, request.now, TimeDelta::hours(1)).await?,
        day: window(reading, request.now, TimeDelta::days(1)).await?,
        series: series(reading, request).await?,
    })
}

async fn job_counts(
    reading: &mut Reading<'_>,
    now: DateTime<Utc>,
) -> Result<JobCounts, StoreError> {
    let sql = Statement::new("SELECT state, kind, jobs FROM job_counts");
    let rows = reading.all(sql).await?;
    let waiting = Statement::new(
        "SELECT COUNT(*) AS n FROM (SELECT 1 FROM jobs j INDEXED BY jobs_waiting \
         WHERE j.state = 'running' AND j.ended = 0 AND j.pause_until > ",
    )
    .bind(ms(now));
    let failing = Statement::new(
        "SELECT COUNT(*) AS n FROM (SELECT 1 FROM jobs j INDEXED BY jobs_failing \
         WHERE j.failures > 0 AND j.ended = 0",
    );
    Ok(JobCounts {
        counts: rows.iter().map(job_count).collect::<Result<_, _>>()?,
        waiting: counted(reading, waiting).await?,
        failing: counted(reading, failing).await?,
    })
}

fn job_count(row: &SqliteRow) -> Result<(JobState, TriggerKind, u64), StoreError> {
    let (state, kind): (&str, &str) = (column(row, "state")?, column(row, "kind")?);
    let states = [JobState::Running, JobState::Paused];
    let kinds = [TriggerKind::Date, TriggerKind::Interval, TriggerKind::Cron];
    let found = states.into_iter().find(|s| s.as_str() == state);
    let found = found.zip(kinds.into_iter().find(|k| k.as_str() == kind));
    let (state, kind) =
        found.ok_or_else(|| StoreError::Corrupt(format!("a count of {state:?} {kind:?}")))?;
    Ok((state, kind, runs(row, "jobs")?))
}

/// How many rows an open subquery has, up to a bound.
async fn counted(reading: &mut Reading<'_>, rows: Statement) -> Result<Total, StoreError> {
    let sql = rows.text(" LIMIT ").bind(COUNTED + 1).text(")");
    let count: u32 = column(&reading.one(sql).await?, "n")?;
    Ok(Total {
        count: count.min(COUNTED).into(),
        exact: count <= COUNTED,
    })
}

async fn window(
    reading: &mut Reading<'_>,
    now: DateTime<Utc>,
    length: TimeDelta,
) -> Result<Window, StoreError> {
    let [minute_s, hour_s] = RUN_SLICES_S;
    let from = floor(now - length, minute_s);
    // Minutes up to the first whole hour, then hours.
    let whole = floor(from + TimeDelta::seconds(hour_s - 1), hour_s);
    let rows = Statement::new("SELECT state, reason, runs FROM run_sums WHERE slice_s = ")
        .bind(minute_s)
        .text(" AND start >= ")
        .bind(from.timestamp())
        .text(" AND start < ")
        .bind(whole.timestamp())
        .text(" UNION ALL SELECT state, reason, runs FROM run_sums WHERE slice_s = ")
        .bind(hour_s)
        .text(" AND start >= ")
        .bind(whole.timestamp())
        .text(" AND start <= ")
        .bind(now.timestamp());
    let mut outcomes = BTreeMap::new();
    for row in reading.all(rows).await? {
        let (state, reason): (&str, &str) = (column(&row, "state")?, column(&row, "reason")?);
        let count: i64 = column(&row, "runs")?;
        *outcomes
            .entry((state.to_owned(), reason.to_owned()))
            .or_default() += count;
    }
    let outcomes = outcomes.into_iter().filter(|(_, runs)| *runs > 0);
    let outcome = |((state, reason), runs): ((String, String), i64)| {
        Ok((
            of_word(&state)?,
            Reason::parse(&reason),
            runs.unsigned_abs(),
        ))
    };
    Ok(Window {
        from,
        outcomes: outcomes.map(outcome).collect::<Result<_, _>>()?,
        lateness: times(reading, Measure::Lateness, from, now).await?,
        duration: times(reading, Measure::Duration, from, now).await?,
    })
}

async fn times(
    reading: &mut Reading<'_>,
    measure: Measure,
    from: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Histogram, StoreError> {
    let rows = Statement::new("SELECT slot, SUM(runs) AS runs FROM time_sums WHERE measure = ")
        .bind(measure.as_str())
        .text(" AND start >= ")
        .bind(floor(from, TIME_SLICE_S).timestamp())
        .text(" AND start <= ")
        .bind(now.timestamp())
        .text(" GROUP BY slot");
    let mut histogram = Histogram::default();
    for row in reading.all(rows).await? {
        histogram.add(column(&row, "slot")?, runs(&row, "runs")?);
    }
    Ok(histogram)
}

async fn series(
    reading: &mut Reading<'_>,
    request: &PastRequest,
) -> Result<Vec<Ended>, StoreError> {
    let bucket_s = request.bucket_s;
    let [minute_s, hour_s] = RUN_SLICES_S;
    let slice_s = if bucket_s % hour_s == 0 {
        hour_s
    } else {
        minute_s
    };
    let rows = Statement::new("SELECT start - start % ")
        .bind(bucket_s)
        .text(" AS bucket, state, SUM(runs) AS runs FROM run_sums WHERE slice_s = ")
        .bind(slice_s)
        .text(" AND start >= ")
        .bind(request.from.timestamp())
        .text(" AND start <= ")
        .bind(request.now.timestamp())
        .text(" GROUP BY bucket, state ORDER BY bucket, state");
    let ended = |row: &SqliteRow| {
        Ok(Ended {
            from: instant(1_000 * column::<i64>(row, "bucket")?)?,
            state: of_word(column(row, "state")?)?,
            runs: runs(row, "runs")?,
        })
    };
    let rows = reading.all(rows).await?;
    let ended: Vec<Ended> = rows.iter().map(ended).collect::<Result<_, _>>()?;
    Ok(ended.into_iter().filter(|e| e.runs > 0).collect())
}

async fn read_sample(
    reading: &mut Reading<'_>,
    until: DateTime<Utc>,
    most: u32,
) -> Result<Sample, StoreError> {
    let due = Statement::new("SELECT trigger_json, next_fire_at, pause_until FROM jobs ")
        .text("WHERE next_fire_at < ")
        .bind(ms(until));
    let count =
        Statement::new("SELECT COUNT(*) AS n FROM (SELECT 1 FROM jobs WHERE next_fire_at < ")
            .bind(ms(until))
            .text(" LIMIT ")
            .bind(most.saturating_add(1))
            .text(")");
    let count: u32 = column(&reading.one(count).await?, "n")?;
    if count <= most {
        return Ok(Sample {
            jobs: upcoming(&reading.all(due).await?, until)?,
            of: None,
        });
    }
    let total = Statement::new("SELECT SUM(jobs) AS n FROM job_counts");
    let total = runs(&reading.one(total).await?, "n")?;
    // The very expression of the index.
    let sample = Statement::new(
        "SELECT trigger_json, next_fire_at, pause_until FROM jobs INDEXED BY jobs_sample \
         WHERE seq % 2147483648 * 2246822519 % 4294967296 < 536870912 AND ended = 0 \
         ORDER BY seq % 2147483648 * 2246822519 % 4294967296 LIMIT ",
    )
    .bind(most);
    let rows = reading.all(sample).await?;
    Ok(Sample {
        jobs: upcoming(&rows, until)?,
        of: Some(SampleOf {
            total,
            sampled: rows.len() as u64,
        }),
    })
}

/// Those of these jobs that may fire before `until`.
fn upcoming(rows: &[SqliteRow], until: DateTime<Utc>) -> Result<Vec<UpcomingJob>, StoreError> {
    let mut jobs = Vec::with_capacity(rows.len());
    for row in rows {
        let next: Option<i64> = column(row, "next_fire_at")?;
        if let Some(next_ms) = next.filter(|next| *next < ms(until)) {
            jobs.push(UpcomingJob {
                schedule: column(row, "trigger_json")?,
                next_ms,
                pause_until_ms: column(row, "pause_until")?,
            });
        }
    }
    Ok(jobs)
}

/// Jobs whose next fire time lies before `until`, the latest first, behind a place.
pub async fn due_before(
    pool: &SqlitePool,
    until: DateTime<Utc>,
    after: Option<Position>,
    most: u32,
) -> Result<Vec<DueJob>, StoreError> {
    let mut snapshot = pool.begin().await.map_err(store_error)?;
    read_due(&mut Reading::new(&mut snapshot), until, after, most).await
}

async fn read_due(
    reading: &mut Reading<'_>,
    until: DateTime<Utc>,
    after: Option<Position>,
    most: u32,
) -> Result<Vec<DueJob>, StoreError> {
    // Behind the jobs of `until` itself, of which none is wanted, or behind `after`.
    let (next_ms, seq) = match after {
        Some(Position {
            key: SortKey::Instant(next_ms),
            seq,
        }) if next_ms < ms(until) => (next_ms, seq),
        _ => (ms(until), i64::MIN),
    };
    let due = Statement::new(
        "SELECT seq, job_id, trigger_json, next_fire_at, pause_until FROM jobs INDEXED BY jobs_due \
         WHERE (next_fire_at, seq) < (",
    )
    .bind(next_ms)
    .text(", ")
    .bind(seq)
    .text(") ORDER BY next_fire_at DESC, seq DESC LIMIT ")
    .bind(most);
    let job = |row: &SqliteRow| {
        let next_ms = column(row, "next_fire_at")?;
        Ok(DueJob {
            place: Position {
                key: SortKey::Instant(next_ms),
                seq: column(row, "seq")?,
            },
            job_id: column(row, "job_id")?,
            upcoming: UpcomingJob {
                schedule: column(row, "trigger_json")?,
                next_ms,
                pause_until_ms: column(row, "pause_until")?,
            },
        })
    };
    reading.all(due).await?.iter().map(job).collect()
}

/// The store as a thing on a disk.
pub async fn facts(
    pool: &SqlitePool,
    file: &Path,
    queued_writes: usize,
) -> Result<StoreFacts, StoreError> {
    let mut wal = file.to_owned();
    wal.as_mut_os_string().push("-wal");
    let found = sqlx::query("SELECT replica, lease_until FROM replicas ORDER BY replica LIMIT ?")
        .bind(REPLICAS)
        .fetch_all(pool)
        .await
        .map_err(store_error)?;
    let replica = |row: &SqliteRow| {
        Ok(ReplicaLease {
            replica: column(row, "replica")?,
            lease_until: instant(column(row, "lease_until")?)?,
        })
    };
    let version = sqlx::query("SELECT MAX(version) AS version FROM _sqlx_migrations");
    let version = version.fetch_one(pool).await.map_err(store_error)?;
    Ok(StoreFacts {
        kind: "sqlite",
        bytes: size(file).await,
        wal_bytes: size(&wal).await,
        schema_version: column(&version, "version")?,
        queued_writes: queued_writes as u64,
        replicas: found.iter().map(replica).collect::<Result<_, _>>()?,
    })
}

/// The size of a file, 0 when there is none.
async fn size(file: &Path) -> u64 {
    let found = tokio::fs::metadata(file).await;
    found.map_or(0, |found| found.len())
}

fn of_word(state: &str) -> Result<OccurrenceState, StoreError> {
    OccurrenceState::parse(state).ok_or_else(|| StoreError::Corrupt(format!("state {state:?}")))
}

/// A number of runs; a sum that was cut and then set right may be below 0.
fn runs(row: &SqliteRow, name: &str) -> Result<u64, StoreError> {
    let runs: i64 = column(row, name)?;
    Ok(u64::try_from(runs).unwrap_or(0))
}

/// The last multiple of so many seconds since 1970.
fn floor(at: DateTime<Utc>, seconds: i64) -> DateTime<Utc> {
    let rounded = at.duration_trunc(TimeDelta::seconds(seconds));
    rounded.unwrap_or(at)
}
