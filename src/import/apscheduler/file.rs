//! The file of the job store, opened for reading only.
//!
//! The only SQL outside the store: it is another program's table, and nothing is
//! ever written to it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::{ConnectOptions, Row as _};

use crate::import::pickle;

const TABLE: &str = "apscheduler_jobs";
/// How long a statement waits for the Python service when that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// The byte of the header that says whether the file is in WAL mode.
const WAL_FLAG: usize = 18;

/// Why a job store cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {what}")]
pub struct OpenError {
    path: String,
    what: String,
}

/// A job as it stands in the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// When it runs next, in unix seconds. `None`: paused.
    pub next_run_time: Option<f64>,
    /// The pickle of its state, or why there is none.
    pub state: Result<Vec<u8>, String>,
}

/// An open job store.
pub struct JobStore {
    path: PathBuf,
    /// One connection; it closes when it is dropped.
    pool: SqlitePool,
}

impl JobStore {
    /// Opens the file for reading and looks for the table.
    ///
    /// # Errors
    /// When the file is no database that can be read, or lacks the table.
    pub async fn open(path: &Path, header: &[u8]) -> Result<Self, OpenError> {
        let fault = |what: String| OpenError {
            path: path.display().to_string(),
            what,
        };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .create_if_missing(false)
            .immutable(is_settled(path, header))
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new().max_connections(1);
        let opened = pool.connect_with(options).await;
        let pool = opened.map_err(|e| fault(format!("it cannot be opened: {e}")))?;
        let found = sqlx::query("SELECT name FROM pragma_table_info(?)")
            .bind(TABLE)
            .fetch_all(&pool)
            .await
            .map_err(|e| fault(format!("it cannot be read: {e}")))?;
        if found.is_empty() {
            return Err(fault(format!(
                "it has no table {TABLE}, so it is no job store of APScheduler"
            )));
        }
        let columns: Vec<String> = found.iter().map(|row| row.get("name")).collect();
        for wanted in ["id", "next_run_time", "job_state"] {
            if !columns.iter().any(|column| column == wanted) {
                return Err(fault(format!("its table {TABLE} has no column {wanted}")));
            }
        }
        Ok(Self {
            path: path.to_owned(),
            pool,
        })
    }

    /// Its jobs in the order of their adding.
    pub fn rows(&self) -> impl Stream<Item = Result<Row, OpenError>> + Send + '_ {
        // Too long a state is not even loaded.
        let rows = sqlx::query(
            "SELECT CAST(id AS TEXT) AS id, CAST(next_run_time AS REAL) AS next_run_time, \
             length(job_state) AS length, \
             CASE WHEN typeof(job_state) = 'blob' AND length(job_state) <= ?1 \
             THEN job_state END AS job_state \
             FROM apscheduler_jobs ORDER BY rowid",
        )
        .bind(i64::try_from(pickle::MAX_BYTES).unwrap_or(i64::MAX))
        .fetch(&self.pool);
        rows.map(|row| {
            row.and_then(|row| read(&row)).map_err(|e| OpenError {
                path: self.path.display().to_string(),
                what: format!("it cannot be read: {e}"),
            })
        })
    }
}

/// Whether the file is in WAL mode and all of it is in the file itself: then it
/// can be read without the files that SQLite would make beside it.
fn is_settled(path: &Path, header: &[u8]) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    header.get(WAL_FLAG) == Some(&2) && !std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

fn read(row: &SqliteRow) -> Result<Row, sqlx::Error> {
    let state: Option<Vec<u8>> = row.try_get("job_state")?;
    let length: Option<i64> = row.try_get("length")?;
    Ok(Row {
        id: row.try_get::<Option<String>, _>("id")?.unwrap_or_default(),
        next_run_time: row.try_get("next_run_time")?,
        state: state.ok_or_else(|| match length {
            Some(length) if length > 0 => format!(
                "its job_state is not a BLOB of at most {} bytes (it has {length})",
                pickle::MAX_BYTES
            ),
            _ => "its job_state is empty".to_owned(),
        }),
    })
}
