//! Reads what a proof needs, in one read transaction: a state of the file, whoever
//! writes meanwhile. Jobs come in the order of their ids, a group at a time, and the
//! rows of each in the order of their fire times.

use std::collections::{HashMap, VecDeque};

use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};

use super::error::store_error;
use super::of_job;
use super::rows::{self, column, instant, optional_instant};
use super::{BUSY_TIMEOUT, ROWS_AHEAD, options};
use crate::domain::occurrence::OccurrenceState;
use crate::store::StoreError;
use crate::store::evidence::{JobEvidence, JobVersion, PastSend, Premises, RowEvidence};

/// How many jobs are read at once.
const JOBS: u32 = 200;
/// How many rows of the ledger are read at once.
const ROWS: u32 = 2_000;

/// A state of the file.
pub struct Snapshot {
    conn: SqliteConnection,
}

/// A place in the ledger: job, fire time, kind.
type Place = (String, i64, String);

/// The rows of a group of jobs, by job and fire time.
pub struct Rows {
    after: Place,
    last_job: String,
    read: VecDeque<RowEvidence>,
    more: bool,
}

impl Snapshot {
    /// Opens the file of `url` for reading only, and holds its state.
    ///
    /// # Errors
    /// When there is no such file, it cannot be read, or is none of this version.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let options: SqliteConnectOptions = options(url)?;
        let file = options.get_filename().to_owned();
        // The mode of the journal is the file's own: to set it would be to write.
        let reading = SqliteConnectOptions::new()
            .filename(&file)
            .read_only(true)
            .busy_timeout(BUSY_TIMEOUT)
            .row_buffer_size(ROWS_AHEAD)
            .disable_statement_logging();
        let conn = reading.connect().await;
        let conn = conn.map_err(|e| super::name_file(&file, store_error(e)))?;
        let mut snapshot = Self { conn };
        let begun = snapshot.begin().await;
        begun.map_err(|e| super::name_file(&file, e))?;
        Ok(snapshot)
    }

    /// The order of the versions is kept beside the file, since no server needs it.
    async fn begin(&mut self) -> Result<(), StoreError> {
        for sql in [
            "BEGIN",
            "CREATE TEMP TABLE by_job AS SELECT job_id, row_id FROM main.job_versions",
            "CREATE INDEX temp.by_job_id ON by_job (job_id, row_id)",
        ] {
            let done = sqlx::query(sql).execute(&mut self.conn).await;
            done.map_err(store_error)?;
        }
        Ok(())
    }

    /// What holds for all jobs.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn premises(&mut self) -> Result<Premises, StoreError> {
        let found = sqlx::query("SELECT replica, lease_until FROM replicas")
            .fetch_all(&mut self.conn)
            .await
            .map_err(store_error)?;
        let lease = |row: &SqliteRow| {
            let until = instant(column(row, "lease_until")?)?;
            Ok((column::<String>(row, "replica")?, until))
        };
        let leases = found.iter().map(lease).collect::<Result<_, StoreError>>()?;
        let row = sqlx::query(
            "SELECT (SELECT before FROM ledger_cuts WHERE job_id = '') AS kept_from, \
             MAX(IFNULL((SELECT MAX(fire_at) FROM occurrences), 0), \
             IFNULL((SELECT MAX(at) FROM changes), 0), \
             IFNULL((SELECT MAX(lease_until) FROM replicas), 0)) AS latest",
        )
        .fetch_one(&mut self.conn)
        .await
        .map_err(store_error)?;
        Ok(Premises {
            leases,
            kept_from: optional_instant(column(&row, "kept_from")?)?,
            latest: optional_instant(column(&row, "latest")?)?,
        })
    }

    /// The next jobs behind `after` (the empty id: the first ones), by id; those
    /// that are gone, too, as long as anything of them is left.
    ///
    /// # Errors
    /// As [`Snapshot::premises`]; when a version cannot be understood.
    pub async fn jobs(&mut self, after: &str) -> Result<Vec<JobEvidence>, StoreError> {
        let found = sqlx::query(
            "SELECT n.job_id, (SELECT before FROM ledger_cuts c WHERE c.job_id = n.job_id) \
             AS kept_from, EXISTS (SELECT 1 FROM jobs j WHERE j.job_id = n.job_id) AS found FROM \
             (SELECT job_id FROM jobs WHERE job_id > ?1 \
             UNION SELECT job_id FROM temp.by_job WHERE job_id > ?1 \
             UNION SELECT job_id FROM occurrences INDEXED BY occurrences_recent \
             WHERE job_id > ?1 AND state NOT IN ('claimed', 'firing') \
             UNION SELECT job_id FROM occurrences INDEXED BY occurrences_claimed \
             WHERE job_id > ?1 AND state = 'claimed' \
             UNION SELECT job_id FROM occurrences INDEXED BY occurrences_firing \
             WHERE job_id > ?1 AND state = 'firing' ORDER BY job_id LIMIT ?2) n",
        )
        .bind(after)
        .bind(JOBS)
        .fetch_all(&mut self.conn)
        .await
        .map_err(store_error)?;
        let job = |row: &SqliteRow| {
            Ok(JobEvidence {
                job_id: column(row, "job_id")?,
                versions: Vec::new(),
                kept_from: optional_instant(column(row, "kept_from")?)?,
                exists: column(row, "found")?,
            })
        };
        let jobs: Result<Vec<JobEvidence>, StoreError> = found.iter().map(job).collect();
        self.with_versions(after, jobs?).await
    }

    async fn with_versions(
        &mut self,
        after: &str,
        mut jobs: Vec<JobEvidence>,
    ) -> Result<Vec<JobEvidence>, StoreError> {
        let Some(last) = jobs.last().map(|job| job.job_id.clone()) else {
            return Ok(jobs);
        };
        let places = jobs.iter().enumerate();
        let places: HashMap<String, usize> = places
            .map(|(place, job)| (job.job_id.clone(), place))
            .collect();
        for sql in [
            "SELECT v.job_id, v.version, v.first_fire_at, v.until_fire_at, v.replaced_at, \
             v.trigger_json, v.policies_json FROM temp.by_job b \
             CROSS JOIN job_versions v ON v.row_id = b.row_id \
             WHERE b.job_id > ?1 AND b.job_id <= ?2 ORDER BY b.job_id, b.row_id",
            "SELECT job_id, version, first_fire_at, next_fire_at AS until_fire_at, \
             NULL AS replaced_at, trigger_json, policies_json FROM jobs \
             WHERE job_id > ?1 AND job_id <= ?2 ORDER BY job_id",
        ] {
            let found = sqlx::query(sql).bind(after).bind(&last);
            let found = found.fetch_all(&mut self.conn).await.map_err(store_error)?;
            for row in &found {
                let place = places.get(column::<&str>(row, "job_id")?);
                if let Some(job) = place.and_then(|place| jobs.get_mut(*place)) {
                    job.versions.push(version(row)?);
                }
            }
        }
        Ok(jobs)
    }

    /// The rows of the jobs behind `after` up to `last_job`.
    #[must_use]
    pub fn rows(after: &str, last_job: &str) -> Rows {
        Rows {
            after: (after.to_owned(), i64::MAX, String::new()),
            last_job: last_job.to_owned(),
            read: VecDeque::new(),
            more: true,
        }
    }

    /// The next of these rows.
    ///
    /// # Errors
    /// As [`Snapshot::premises`]; when a row cannot be understood.
    pub async fn next_row(&mut self, rows: &mut Rows) -> Result<Option<RowEvidence>, StoreError> {
        if rows.read.is_empty() && rows.more {
            self.read_on(rows).await?;
        }
        Ok(rows.read.pop_front())
    }

    async fn read_on(&mut self, rows: &mut Rows) -> Result<(), StoreError> {
        let next = of_job::rows(
            "o.row_id, o.job_id, o.fire_at, o.kind",
            "(o.job_id, o.fire_at, o.kind) > (?1, ?2, ?3) AND o.job_id <= ?4",
        );
        let sql = format!(
            "SELECT {}, (SELECT json_group_array(json_array(a.number, a.sent_at)) FROM attempts a \
             WHERE a.occurrence = o.row_id AND o.attempt > 0) AS past FROM \
             ({next} ORDER BY job_id, fire_at, kind LIMIT ?5) n \
             CROSS JOIN occurrences o ON o.row_id = n.row_id \
             ORDER BY n.job_id, n.fire_at, n.kind",
            rows::LEDGER_COLUMNS
        );
        let found = sqlx::query(AssertSqlSafe(sql))
            .bind(&rows.after.0)
            .bind(rows.after.1)
            .bind(&rows.after.2)
            .bind(&rows.last_job)
            .bind(ROWS)
            .fetch_all(&mut self.conn)
            .await
            .map_err(store_error)?;
        rows.more = found.len() == ROWS as usize;
        if let Some(last) = found.last() {
            let (job, kind) = (column(last, "job_id")?, column(last, "kind")?);
            rows.after = (job, column(last, "fire_at")?, kind);
        }
        for row in &found {
            rows.read.push_back(evidence(row)?);
        }
        Ok(())
    }

    /// Lets go of the file.
    ///
    /// # Errors
    /// When it cannot be closed.
    pub async fn close(self) -> Result<(), StoreError> {
        self.conn.close().await.map_err(store_error)
    }
}

fn version(row: &SqliteRow) -> Result<JobVersion, StoreError> {
    let id: &str = column(row, "job_id")?;
    Ok(JobVersion {
        version: column(row, "version")?,
        schedule: rows::parse(row, "trigger_json", id)?,
        policies: rows::parse(row, "policies_json", id)?,
        first: optional_instant(column(row, "first_fire_at")?)?,
        until: optional_instant(column(row, "until_fire_at")?)?,
        replaced_at: optional_instant(column(row, "replaced_at")?)?,
    })
}

fn evidence(row: &SqliteRow) -> Result<RowEvidence, StoreError> {
    let state: &str = column(row, "state")?;
    let past: &str = column(row, "past")?;
    let past: Vec<(u32, Option<i64>)> = serde_json::from_str(past)
        .map_err(|e| StoreError::Corrupt(format!("attempts {past:?}: {e}")))?;
    let send = |(number, sent_at)| {
        Ok(PastSend {
            number,
            sent_at: optional_instant(sent_at)?,
        })
    };
    Ok(RowEvidence {
        row_id: column(row, "row_id")?,
        occurrence: rows::occurrence(row)?,
        last_fire_at: instant(column(row, "last_fire_at")?)?,
        count: column(row, "count")?,
        into_fire_at: optional_instant(column(row, "into_fire_at")?)?,
        state: OccurrenceState::parse(state)
            .ok_or_else(|| StoreError::Corrupt(format!("state {state:?}")))?,
        reason: column(row, "reason")?,
        replica: column(row, "replica")?,
        queue: column(row, "queue")?,
        attempt: column(row, "attempt")?,
        due_at: instant(column(row, "due_at")?)?,
        sent_at: optional_instant(column(row, "sent_at")?)?,
        lateness_ms: column(row, "lateness_ms")?,
        settled_at: optional_instant(column(row, "settled_at")?)?,
        past: past
            .into_iter()
            .map(send)
            .collect::<Result<_, StoreError>>()?,
    })
}
