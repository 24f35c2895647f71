//! All jobs that a filter lets through, one after the other, in the order of
//! adding. Holds no more than one step of the walk at a time; each step is a
//! snapshot of its own.

use chrono::{DateTime, Utc};

use super::{Jobs, ServiceError};
use crate::domain::job::Job;
use crate::store::{JobFilter, WalkPlace, WalkRequest};

/// An export under way.
pub struct Export {
    jobs: Jobs,
    filter: JobFilter,
    now: DateTime<Utc>,
    place: Option<WalkPlace>,
    ended: bool,
}

impl Jobs {
    /// Begins an export.
    #[must_use]
    pub fn export(&self, filter: JobFilter) -> Export {
        Export {
            jobs: self.clone(),
            filter,
            now: self.now(),
            place: None,
            ended: false,
        }
    }
}

impl Export {
    /// When it began.
    #[must_use]
    pub fn began_at(&self) -> DateTime<Utc> {
        self.now
    }

    /// The next jobs, perhaps none; `None`: there are no more.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn next(&mut self) -> Result<Option<Vec<Job>>, ServiceError> {
        if self.ended {
            return Ok(None);
        }
        let request = WalkRequest {
            filter: self.filter.clone(),
            place: self.place,
            now: self.now,
        };
        let walked = self.jobs.store.walk_jobs(request).await?;
        self.place = walked.next;
        self.ended = walked.next.is_none();
        let found = self.jobs.store.jobs_by_id(walked.ids).await?;
        Ok(Some(found.into_iter().flatten().collect()))
    }
}
