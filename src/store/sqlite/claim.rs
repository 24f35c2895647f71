//! The claim: due jobs are planned, claims that were given back are adopted, in
//! one transaction.
//!
//! Rows go in and out in sets, as one JSON parameter read by `json_each`: a
//! batch of any size is a fixed number of statements.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::store_error;
use super::not_fired::{self, Unfired, planned_anew};
use super::occurrences::{UNSENT, end_jobs, forget_ended, run_set};
use super::overlap;
use super::rows::{self, column, instant, ms};
use super::sums::{self, ENDED_COLUMNS, Sums};
use crate::domain::job::Job;
use crate::domain::misfire;
use crate::domain::occurrence::{Claim, OccurrenceId, OccurrenceKind, OccurrenceState, Reason};
use crate::store::{ClaimRequest, Claimed, NotFiredCount, StoreError};

/// Claims what falls due, and adopts what was given back.
pub async fn claim(
    conn: &mut SqliteConnection,
    request: &ClaimRequest,
) -> Result<Claimed, StoreError> {
    let due = due_jobs(conn, request).await?;
    let orphans = orphans(conn, request).await?;
    if due.is_empty() && orphans.is_empty() {
        return Ok(Claimed::default());
    }
    let Some(fence) = next_fence(conn, request).await? else {
        return Ok(Claimed::default());
    };
    let full = due.len() + orphans.len() >= request.limit as usize;
    let mut not_fired = Tally::default();
    let mut claims = plan_due(conn, request, fence, due, &mut not_fired).await?;
    let (alive, late) = by_grace(request, orphans);
    let missed = late.iter().filter(|o| o.attempt == 0).count();
    not_fired.add(OccurrenceState::Missed, Some(Reason::Grace), missed as u64);
    let released = end_late(conn, request.now, &late).await?;
    let adopted = alive.len();
    claims.extend(adopt(conn, request, fence, alive).await?);
    Ok(Claimed {
        claims,
        more: full || released.is_some(),
        adopted,
        not_fired: not_fired.0,
    })
}

/// What was not fired; of few states and reasons.
#[derive(Default)]
struct Tally(Vec<NotFiredCount>);

impl Tally {
    fn add(&mut self, state: OccurrenceState, reason: Option<Reason>, fire_times: u64) {
        if fire_times == 0 {
            return;
        }
        let known = |n: &&mut NotFiredCount| (n.state, n.reason) == (state, reason);
        match self.0.iter_mut().find(known) {
            Some(known) => known.fire_times += fire_times,
            None => self.0.push(NotFiredCount {
                state,
                reason,
                fire_times,
            }),
        }
    }
}

async fn due_jobs(
    conn: &mut SqliteConnection,
    request: &ClaimRequest,
) -> Result<Vec<Job>, StoreError> {
    let sql = format!(
        "SELECT {} FROM jobs j WHERE j.next_fire_at < ? ORDER BY j.next_fire_at LIMIT ?",
        rows::JOB_COLUMN
    );
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(ms(request.until))
        .bind(request.limit)
        .fetch_all(conn)
        .await
        .map_err(store_error)?;
    found.iter().map(rows::job).collect()
}

/// A claimed row that nobody holds, with its job.
struct Orphan {
    row_id: i64,
    occurrence: OccurrenceId,
    due_at: DateTime<Utc>,
    attempt: u32,
    job: Job,
}

impl Orphan {
    /// Whether its job has nothing left to fire after it. A manual run never
    /// says so: the schedule may be paused, or its last fire time be claimed
    /// and not yet sent.
    fn ends_job(&self) -> bool {
        self.occurrence.kind == OccurrenceKind::Scheduled && self.job.next_fire_at.is_none()
    }
}

async fn orphans(
    conn: &mut SqliteConnection,
    request: &ClaimRequest,
) -> Result<Vec<Orphan>, StoreError> {
    let sql = format!(
        "SELECT {}, o.row_id, o.job_id, o.fire_at, o.kind, o.due_at, o.attempt FROM occurrences o JOIN jobs j ON j.job_id = o.job_id \
         WHERE o.state = 'claimed' AND o.replica IS NULL AND o.queue IS NOT 'waiting' \
         AND o.due_at < ? \
         ORDER BY o.due_at LIMIT ?",
        rows::JOB_COLUMN
    );
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(ms(request.until))
        .bind(request.limit)
        .fetch_all(conn)
        .await
        .map_err(store_error)?;
    let orphan = |row: &SqliteRow| {
        Ok(Orphan {
            row_id: column(row, "row_id")?,
            occurrence: rows::occurrence(row)?,
            due_at: instant(column(row, "due_at")?)?,
            attempt: column(row, "attempt")?,
            job: rows::job(row)?,
        })
    };
    found.iter().map(orphan).collect()
}

/// The number of this claim; `None` when the replica's lease has ended.
async fn next_fence(
    conn: &mut SqliteConnection,
    request: &ClaimRequest,
) -> Result<Option<i64>, StoreError> {
    let row = sqlx::query(
        "UPDATE counters SET value = value + 1 WHERE name = 'fence' AND EXISTS \
         (SELECT 1 FROM replicas WHERE replica = ? AND lease_until >= ?) RETURNING value",
    )
    .bind(&request.replica)
    .bind(ms(request.now))
    .fetch_optional(conn)
    .await
    .map_err(store_error)?;
    row.as_ref().map(|row| column(row, "value")).transpose()
}

/// A due job, and its very last fire time, if the trigger has ended: `None`
/// within, when that one is not to be fired.
struct Planned {
    job: Job,
    last: Option<Option<DateTime<Utc>>>,
}

/// Plans each due job: rows for what is not fired, a claim for what is, and
/// the job's next fire time.
async fn plan_due(
    conn: &mut SqliteConnection,
    request: &ClaimRequest,
    fence: i64,
    due: Vec<Job>,
    tally: &mut Tally,
) -> Result<Vec<Claim>, StoreError> {
    let mut moves = Vec::with_capacity(due.len());
    let mut wanted = Vec::with_capacity(due.len());
    let mut not_fired = Vec::new();
    let mut jobs = HashMap::with_capacity(due.len());
    for job in due {
        let Some(due_at) = job.next_fire_at else {
            continue;
        };
        let plan = misfire::plan(&job.schedule, &job.policies, due_at, request.now);
        let id = job.id.as_str();
        for n in &plan.not_fired {
            tally.add(n.state, n.reason, n.count);
        }
        moves.push(json!([id, plan.next.map(ms)]));
        let due_at = |at| ms(job.schedule.send_at(id, at));
        wanted.extend(
            plan.fires
                .iter()
                .map(|at| json!([id, ms(*at), due_at(*at)])),
        );
        let last = plan.next.is_none().then(|| plan.fires.last().copied());
        let id = id.to_owned();
        if !plan.not_fired.is_empty() {
            not_fired.push((id.clone(), plan.not_fired));
        }
        jobs.insert(id, Planned { job, last });
    }
    let not_fired = not_fired.into_iter().filter_map(|(id, of)| {
        let schedule = &jobs.get(&id)?.job.schedule;
        Some(Unfired { id, schedule, of })
    });
    not_fired::insert(&mut *conn, not_fired.collect(), request.now).await?;
    move_jobs(conn, moves).await?;
    let claimed = insert_claims(conn, request, fence, wanted).await?;
    let claims: Vec<Claim> = claimed
        .iter()
        .map(|row| planned_claim(row, fence, &jobs))
        .collect::<Result<_, _>>()?;
    for claim in &claims {
        jobs.remove(claim.occurrence.job_id.as_str());
    }
    // What ends without a claim has nothing left to fire: its last fire time
    // was missed, or has been fired before the job was added again.
    let ended = jobs
        .into_iter()
        .filter(|(_, planned)| planned.last.is_some());
    let ended: Vec<Value> = ended.map(|(id, _)| json!(id)).collect();
    end_jobs(&mut *conn, ended.clone()).await?;
    forget_ended(conn, ended).await?;
    Ok(claims)
}

fn planned_claim(
    row: &SqliteRow,
    fence: i64,
    jobs: &HashMap<String, Planned>,
) -> Result<Claim, StoreError> {
    let id: &str = column(row, "job_id")?;
    let Planned { job, last } = jobs
        .get(id)
        .ok_or_else(|| StoreError::Corrupt(format!("a claim of {id:?}, which was not due")))?;
    let fire_at = instant(column(row, "fire_at")?)?;
    Ok(Claim {
        row_id: column(row, "row_id")?,
        fence,
        occurrence: OccurrenceId {
            job_id: job.id.clone(),
            fire_at,
            kind: OccurrenceKind::Scheduled,
        },
        revision: job.revision,
        request: job.request.clone(),
        ends_job: *last == Some(Some(fire_at)),
        overlap: job.policies.overlap,
        priority: job.policies.priority,
        attempt: 0,
        due_at: job.schedule.send_at(job.id.as_str(), fire_at),
        retry: job.policies.retry.clone().map(Arc::new),
        pause_after_failures: job.policies.pause_after_failures,
    })
}

async fn move_jobs(conn: &mut SqliteConnection, set: Vec<Value>) -> Result<(), StoreError> {
    run_set(
        conn,
        "UPDATE jobs SET next_fire_at = m.next FROM \
         (SELECT value->>0 AS id, value->>1 AS next FROM jsonb_each(?)) m WHERE jobs.job_id = m.id",
        set,
    )
    .await
}

/// Inserts claims. A fire time that has a row already is not claimed again,
/// unless that row gives way to a new plan.
async fn insert_claims(
    conn: &mut SqliteConnection,
    request: &ClaimRequest,
    fence: i64,
    wanted: Vec<Value>,
) -> Result<Vec<SqliteRow>, StoreError> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let claimed = sqlx::query(concat!(
        "INSERT INTO occurrences (job_id, fire_at, due_at, last_fire_at, state, replica, fence, \
             claimed_at) \
             SELECT value->>0, value->>1, value->>2, value->>1, 'claimed', ?2, ?3, ?4 \
             FROM jsonb_each(?1) WHERE true \
             ON CONFLICT (job_id, fire_at, kind) DO UPDATE SET state = 'claimed', \
             replica = ?2, fence = ?3, claimed_at = ?4, due_at = excluded.due_at WHERE ",
        planned_anew!(),
        " RETURNING row_id, job_id, fire_at, settled_at, reason"
    ))
    .bind(Value::Array(wanted).to_string())
    .bind(&request.replica)
    .bind(fence)
    .bind(ms(request.now))
    .fetch_all(&mut *conn)
    .await
    .map_err(store_error)?;
    forget_skips(conn, &claimed).await?;
    Ok(claimed)
}

/// Of rows that are claimed now, those that were skipped before still say when
/// and why; they are skipped no longer. Nearly always there are none.
async fn forget_skips(
    conn: &mut SqliteConnection,
    claimed: &[SqliteRow],
) -> Result<(), StoreError> {
    let (mut sums, mut ids) = (Sums::default(), Vec::new());
    for row in claimed {
        let Some(at) = rows::optional_instant(column(row, "settled_at")?)? else {
            continue;
        };
        let reason: Option<&str> = column(row, "reason")?;
        let reason = reason.and_then(Reason::parse);
        sums.end(at, OccurrenceState::Skipped, reason, -1);
        ids.push(json!(column::<i64>(row, "row_id")?));
    }
    run_set(
        &mut *conn,
        "UPDATE occurrences SET settled_at = NULL, reason = NULL \
         WHERE row_id IN (SELECT value FROM json_each(?))",
        ids,
    )
    .await?;
    sums.keep(conn).await
}

/// Those that may still fire, and those that come too late.
fn by_grace(request: &ClaimRequest, orphans: Vec<Orphan>) -> (Vec<Orphan>, Vec<Orphan>) {
    orphans.into_iter().partition(|o| {
        let (schedule, policies) = (&o.job.schedule, &o.job.policies);
        let times = (o.occurrence.fire_at, o.due_at);
        match o.attempt {
            0 => misfire::may_still_fire(schedule, policies, o.due_at, request.now),
            _ => misfire::may_be_tried_again(schedule, policies, times, request.now),
        }
    })
}

/// Takes over claims that were given back.
async fn adopt(
    conn: &mut SqliteConnection,
    request: &ClaimRequest,
    fence: i64,
    alive: Vec<Orphan>,
) -> Result<Vec<Claim>, StoreError> {
    if alive.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Value> = alive.iter().map(|o| json!(o.row_id)).collect();
    sqlx::query(
        "UPDATE occurrences SET replica = ?2, fence = ?3, claimed_at = ?4 \
         WHERE row_id IN (SELECT value FROM json_each(?1))",
    )
    .bind(Value::Array(ids).to_string())
    .bind(&request.replica)
    .bind(fence)
    .bind(ms(request.now))
    .execute(conn)
    .await
    .map_err(store_error)?;
    let claim = |o: Orphan| Claim {
        row_id: o.row_id,
        fence,
        ends_job: o.ends_job(),
        revision: o.job.revision,
        pause_after_failures: o.job.policies.pause_after_failures,
        overlap: o.job.policies.overlap,
        priority: o.job.policies.priority,
        attempt: o.attempt,
        due_at: o.due_at,
        retry: o.job.policies.retry.map(Arc::new),
        occurrence: o.occurrence,
        request: o.job.request,
    };
    Ok(alive.into_iter().map(claim).collect())
}

/// Ends what comes too late: what was never begun is missed, and of the rest there is
/// no further attempt.
async fn end_late(
    conn: &mut SqliteConnection,
    now: DateTime<Utc>,
    late: &[Orphan],
) -> Result<Option<DateTime<Utc>>, StoreError> {
    if late.is_empty() {
        return Ok(None);
    }
    let set = late.iter().map(|o| json!(o.row_id)).collect();
    let sql = format!(
        "UPDATE occurrences AS o SET settled_at = ?2, queue = NULL, \
         state = IIF(attempt = 0, 'missed', {UNSENT}), \
         reason = IIF(attempt = 0, 'grace', reason) \
         WHERE row_id IN (SELECT value FROM json_each(?1)) RETURNING {ENDED_COLUMNS}"
    );
    let ended = sqlx::query(AssertSqlSafe(sql))
        .bind(Value::Array(set).to_string())
        .bind(ms(now))
        .fetch_all(&mut *conn)
        .await
        .map_err(store_error)?;
    sums::keep_rows(&mut *conn, &ended).await?;
    let ids = |o: &Orphan| json!(o.job.id.as_str());
    let ended = late.iter().filter(|o| o.ends_job()).map(ids).collect();
    end_jobs(&mut *conn, ended).await?;
    forget_ended(&mut *conn, late.iter().map(ids).collect()).await?;
    let over = late.iter();
    let over = over.map(|o| overlap::ended(o.job.id.as_str(), now));
    overlap::release(conn, over.collect()).await
}
