//! Queries on leases, and what a dead replica leaves behind.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::SqliteConnection;

use super::error::store_error;
use super::occurrences::forget_ended;
use super::rows::{column, ms};
use super::{outcomes, overlap, sums};
use crate::domain::occurrence::{OccurrenceKind, OccurrenceState, Reason};
use crate::store::{Settled, StoreError};

/// Takes or renews a lease. One that lies far ahead is of before the clock was set
/// back: it is not kept, else this replica would count as alive for as long after its
/// end.
pub async fn renew(
    conn: &mut SqliteConnection,
    replica: &str,
    now: DateTime<Utc>,
    length: Duration,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO replicas (replica, lease_until) VALUES (?1, ?2) \
         ON CONFLICT (replica) DO UPDATE SET \
         lease_until = IIF(lease_until > ?3, ?2, MAX(lease_until, ?2))",
    )
    .bind(replica)
    .bind(ms(now + length))
    .bind(ms(now + 2 * length))
    .execute(conn)
    .await
    .map_err(store_error)?;
    Ok(())
}

/// Settles what every replica left whose lease has ended.
pub async fn settle_dead(
    conn: &mut SqliteConnection,
    now: DateTime<Utc>,
) -> Result<Settled, StoreError> {
    let dead = sqlx::query("SELECT replica FROM replicas WHERE lease_until < ?")
        .bind(ms(now))
        .fetch_all(&mut *conn)
        .await
        .map_err(store_error)?;
    let mut settled = Settled::default();
    for row in &dead {
        let one = settle(conn, column(row, "replica")?, Reason::ReplicaDied, now).await?;
        settled.replicas += one.replicas;
        settled.given_back += one.given_back;
        settled.unknown += one.unknown;
        settled.released_at = settled.released_at.into_iter().chain(one.released_at).min();
    }
    Ok(settled)
}

/// Ends the lease of one replica and settles what it left; `reason` tells why
/// nobody knows what became of its firings.
pub async fn settle(
    conn: &mut SqliteConnection,
    replica: &str,
    reason: Reason,
    now: DateTime<Utc>,
) -> Result<Settled, StoreError> {
    send_again(&mut *conn, replica, reason).await?;
    let unknown = sqlx::query(
        "UPDATE occurrences SET state = 'unknown', reason = ?3, settled_at = ?2 \
         WHERE state = 'firing' AND replica = ?1 RETURNING job_id, fire_at",
    )
    .bind(replica)
    .bind(ms(now))
    .bind(reason.as_str())
    .fetch_all(&mut *conn)
    .await
    .map_err(store_error)?;
    let ended = (OccurrenceState::Unknown, Some(reason));
    sums::keep(&mut *conn, now, ended, unknown.len()).await?;
    outcomes::keep_unknown(&mut *conn, &unknown, now).await?;
    let given_back = give_back(&mut *conn, replica).await?;
    let job_id = |row| column::<&str>(row, "job_id");
    let jobs: Vec<&str> = unknown.iter().map(job_id).collect::<Result<_, _>>()?;
    forget_ended(&mut *conn, jobs.iter().map(|id| json!(id)).collect()).await?;
    let ended = jobs.iter().map(|id| overlap::ended(id, now));
    let released_at = overlap::release(&mut *conn, ended.collect()).await?;
    let replicas = sqlx::query("DELETE FROM replicas WHERE replica = ?")
        .bind(replica)
        .execute(conn)
        .await
        .map_err(store_error)?;
    Ok(Settled {
        replicas: replicas.rows_affected(),
        given_back,
        unknown: unknown.len() as u64,
        released_at,
    })
}

/// Gives back what a replica has claimed and not sent. Fence 0 refuses the
/// former holder from now on.
async fn give_back(conn: &mut SqliteConnection, replica: &str) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE occurrences SET replica = NULL, fence = 0 \
         WHERE state = 'claimed' AND replica = ?",
    )
    .bind(replica)
    .execute(conn)
    .await
    .map_err(store_error)?;
    Ok(done.rows_affected())
}

/// Gives back firings of jobs that ask for delivery at least once: nobody knows
/// whether they were sent, so they are sent again, with the same fire id. A job
/// that ended with one of its schedule is there again until then. The row keeps why,
/// for the case that it comes to no further attempt, and nothing of an attempt before.
/// Where the job was changed while it was firing, there is no further attempt.
async fn send_again(
    conn: &mut SqliteConnection,
    replica: &str,
    reason: Reason,
) -> Result<(), StoreError> {
    let again = sqlx::query(
        "UPDATE occurrences SET state = 'claimed', replica = NULL, fence = 0, reason = ?2, \
         sent_at = NULL, lateness_ms = NULL, duration_ms = NULL, status = NULL, error = NULL, \
         body = NULL, phases_json = NULL WHERE state = 'firing' AND replica = ?1 AND last_attempt = 0 AND EXISTS (SELECT 1 FROM jobs j \
         WHERE j.job_id = occurrences.job_id \
         AND j.policies_json->>'$.delivery' = 'at_least_once') \
         RETURNING job_id, kind",
    )
    .bind(replica)
    .bind(reason.as_str())
    .fetch_all(&mut *conn)
    .await
    .map_err(store_error)?;
    for row in &again {
        if column::<&str>(row, "kind")? != OccurrenceKind::Scheduled.as_str() {
            continue;
        }
        sqlx::query("UPDATE jobs SET ended = 0 WHERE job_id = ? AND ended = 1")
            .bind(column::<&str>(row, "job_id")?)
            .execute(&mut *conn)
            .await
            .map_err(store_error)?;
    }
    Ok(())
}
