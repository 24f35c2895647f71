//! Which jobs fire within a span of time to come, page by page.
//!
//! Those whose next fire time lies in the span come first, found by an index; of
//! the others, which fire earlier too, the schedules are asked. A page looks at a
//! bounded number of jobs, so it may be short, even empty, and not be the last one.

use chrono::{DateTime, Utc};

use super::{Jobs, ServiceError};
use crate::domain::schedule::Schedule;
use crate::store::{DueJob, Position};

/// How many jobs one page looks at.
pub const LOOKED_AT: u32 = 2_000;

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct FiringsRequest {
    /// The first instant that counts.
    pub from: DateTime<Utc>,
    /// The first one that does not.
    pub to: DateTime<Utc>,
    /// Where the page before ended.
    pub after: Option<Position>,
    /// How many jobs at most.
    pub limit: usize,
}

/// A job that fires within the span.
#[derive(Debug, Clone, PartialEq)]
pub struct Firing {
    /// The job.
    pub job_id: String,
    /// Its first fire time within it, in unix milliseconds.
    pub fire_ms: i64,
    /// Its schedule.
    pub schedule: Schedule,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Firings {
    /// The jobs, those first that fire next the latest.
    pub jobs: Vec<Firing>,
    /// Where the next page begins; absent: there is none.
    pub next: Option<Position>,
}

impl Jobs {
    /// A page of the jobs that fire within a span.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn firings(&self, request: FiringsRequest) -> Result<Firings, ServiceError> {
        let after = request.after.clone();
        let due = self.store.due_before(request.to, after, LOOKED_AT).await?;
        let failed = |detail: String| ServiceError::Unavailable {
            what: "firings",
            detail,
        };
        // Up to some ten milliseconds of the processor: not among requests.
        let made = tokio::task::spawn_blocking(move || page(due, &request)).await;
        let made = made.map_err(|e| failed(e.to_string()))?;
        made.map_err(|e| failed(e.to_string()))
    }
}

fn page(due: Vec<DueJob>, request: &FiringsRequest) -> Result<Firings, serde_json::Error> {
    let (from_ms, to_ms) = (
        request.from.timestamp_millis(),
        request.to.timestamp_millis(),
    );
    let mut page = Firings::default();
    let whole = due.len() == LOOKED_AT as usize;
    for job in due {
        if page.jobs.len() == request.limit {
            return Ok(page);
        }
        page.next = Some(job.place);
        if let Some((fire_ms, schedule)) = job.upcoming.first_within(from_ms, to_ms)? {
            page.jobs.push(Firing {
                job_id: job.job_id,
                fire_ms,
                schedule,
            });
        }
    }
    page.next = page.next.filter(|_| whole);
    Ok(page)
}
