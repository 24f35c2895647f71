//! Notes what each transaction of the writer changes, and leaves one row of ids
//! for it in `changes`, in that very transaction.
//!
//! Nobody who writes has to know: SQLite's update hook tells the rows of the
//! ledger, and triggers of the writer's connection alone tell the jobs, into a
//! table in memory. So a change that is committed is told, whoever made it, and
//! one that is rolled back is not.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::SqliteConnection;
use sqlx::sqlite::{SqliteOperation, UpdateHookResult};
use tokio::sync::watch;

use super::error::store_error;
use super::rows::{column, ms};
use crate::clock::{Clock, now_ms};
use crate::store::StoreError;

/// A definition that stays as it is while the pause changes was paused or
/// resumed; any other new version is a put.
const NOTES: &str = "
PRAGMA temp_store = MEMORY;
CREATE TEMP TABLE job_notes (job_id TEXT NOT NULL, change TEXT NOT NULL);
CREATE TEMP TRIGGER note_insert AFTER INSERT ON main.jobs WHEN NEW.ended = 0 BEGIN
    INSERT INTO job_notes (job_id, change) VALUES (NEW.job_id, 'put');
END;
CREATE TEMP TRIGGER note_delete AFTER DELETE ON main.jobs WHEN OLD.ended = 0 BEGIN
    INSERT INTO job_notes (job_id, change) VALUES (OLD.job_id, 'removed');
END;
CREATE TEMP TRIGGER note_update AFTER UPDATE OF version, ended ON main.jobs
WHEN OLD.version <> NEW.version OR OLD.ended <> NEW.ended BEGIN
    INSERT INTO job_notes (job_id, change) VALUES (NEW.job_id, CASE
        WHEN NEW.ended = 1 THEN 'ended'
        WHEN OLD.ended = 1 OR OLD.trigger_json <> NEW.trigger_json OR OLD.url <> NEW.url
            OR OLD.request_json IS NOT NEW.request_json
            OR OLD.description <> NEW.description OR OLD.tags_json <> NEW.tags_json THEN 'put'
        WHEN OLD.state <> NEW.state THEN iif(NEW.state = 'paused', 'paused', 'resumed')
        WHEN OLD.pause_until IS NOT NEW.pause_until
            THEN iif(NEW.pause_until IS NULL, 'resumed', 'paused')
        ELSE 'put' END);
END;";

/// What the transaction under way has changed so far.
#[derive(Debug, Default)]
struct Noted {
    runs: Mutex<Vec<i64>>,
    jobs: AtomicBool,
}

impl Noted {
    fn hear(&self, change: &UpdateHookResult<'_>) {
        if change.operation == SqliteOperation::Delete {
            return;
        }
        match change.table {
            "occurrences" => self.runs().push(change.rowid),
            "job_notes" => self.jobs.store(true, Ordering::Relaxed),
            _ => {}
        }
    }

    fn runs(&self) -> MutexGuard<'_, Vec<i64>> {
        // Ids only: whole even when a holder of the guard panicked.
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The notes of one writer.
pub struct Journal {
    noted: Arc<Noted>,
    clock: Arc<dyn Clock>,
    committed: watch::Sender<i64>,
}

impl Journal {
    /// Notes from now on what this connection changes.
    pub async fn attach(
        conn: &mut SqliteConnection,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        sqlx::raw_sql(NOTES)
            .execute(&mut *conn)
            .await
            .map_err(store_error)?;
        let noted = Arc::new(Noted::default());
        let heard = noted.clone();
        let mut handle = conn.lock_handle().await.map_err(store_error)?;
        handle.set_update_hook(move |change| heard.hear(&change));
        drop(handle);
        Ok(Self {
            noted,
            clock,
            committed: watch::Sender::new(0),
        })
    }

    /// Tells the last row that was committed here; 0: none yet.
    pub fn committed(&self) -> watch::Receiver<i64> {
        self.committed.subscribe()
    }

    /// Forgets what a transaction that came to nothing has changed.
    pub fn begin(&self) {
        self.noted.runs().clear();
        self.noted.jobs.store(false, Ordering::Relaxed);
    }

    /// Writes down what the transaction has changed; the row, if there is any.
    pub async fn write(&self, conn: &mut SqliteConnection) -> Result<Option<i64>, StoreError> {
        let mut runs = std::mem::take(&mut *self.noted.runs());
        let jobs = self.noted.jobs.load(Ordering::Relaxed);
        if runs.is_empty() && !jobs {
            return Ok(None);
        }
        runs.sort_unstable();
        runs.dedup();
        let row = sqlx::query(
            "INSERT INTO changes (at, runs, jobs) VALUES (?1, ?2, iif(?3, (SELECT \
             json_group_array(json_array(job_id, change)) FROM \
             (SELECT job_id, change FROM temp.job_notes ORDER BY rowid)), '[]')) RETURNING seq",
        )
        .bind(ms(now_ms(&*self.clock)))
        .bind(serde_json::to_string(&runs).unwrap_or_default())
        .bind(jobs)
        .fetch_one(&mut *conn)
        .await
        .map_err(store_error)?;
        if jobs {
            let forgotten = sqlx::query("DELETE FROM temp.job_notes")
                .execute(conn)
                .await;
            forgotten.map_err(store_error)?;
        }
        column(&row, "seq").map(Some)
    }

    /// Tells that a row is durable.
    pub fn tell(&self, seq: Option<i64>) {
        if let Some(seq) = seq {
            self.committed.send_replace(seq);
        }
    }
}
