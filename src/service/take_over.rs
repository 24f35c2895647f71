//! Jobs that another program kept until now, with the place where each stands.
//!
//! Invariant: a job keeps its planned next fire time even when that has passed,
//! so that what was due while nothing ran is on record as after any downtime.

use futures_util::future::try_join_all;

use super::{Existing, Jobs, ServiceError};
use crate::clock::now_ms;
use crate::domain::job::JobDraft;
use crate::domain::trigger::FieldFault;
use crate::store::Expected;

/// What became of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TakenOver {
    /// It is there now.
    Added,
    /// It is there now, in the place of another one.
    Replaced,
    /// The one there stays, as wished.
    Kept,
    /// The one there stays; this one was refused.
    Exists,
    /// It breaks a rule.
    Refused(String),
}

impl Jobs {
    /// Puts the drafts in their order, each for itself; what became of each.
    ///
    /// # Errors
    /// When the store is away; some may have been put.
    pub async fn take_over(
        &self,
        drafts: Vec<JobDraft>,
        existing: Existing,
    ) -> Result<Vec<TakenOver>, ServiceError> {
        let foretold = self.foretell(&drafts, existing).await?;
        let both = drafts.into_iter().zip(foretold);
        // Waiting together, they share a commit; the writer keeps their order.
        try_join_all(both.map(|(draft, foretold)| self.put_one(draft, foretold, existing))).await
    }

    /// What [`Jobs::take_over`] would do.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn foretell(
        &self,
        drafts: &[JobDraft],
        existing: Existing,
    ) -> Result<Vec<TakenOver>, ServiceError> {
        try_join_all(
            drafts
                .iter()
                .map(|draft| self.foretell_one(draft, existing)),
        )
        .await
    }

    async fn foretell_one(
        &self,
        draft: &JobDraft,
        existing: Existing,
    ) -> Result<TakenOver, ServiceError> {
        let faults = [draft.notes.check(), draft.policies.check()].concat();
        if let Some(fault) = faults.first() {
            return Ok(TakenOver::Refused(FieldFault::to_string(fault)));
        }
        Ok(match self.store.job(&draft.id).await? {
            None => TakenOver::Added,
            Some(_) => stays(existing).unwrap_or(TakenOver::Replaced),
        })
    }

    async fn put_one(
        &self,
        draft: JobDraft,
        foretold: TakenOver,
        existing: Existing,
    ) -> Result<TakenOver, ServiceError> {
        let expected = match foretold {
            TakenOver::Added if existing == Existing::Replace => Expected::Anything,
            TakenOver::Added => Expected::NoJob,
            TakenOver::Replaced => Expected::Anything,
            TakenOver::Kept | TakenOver::Exists | TakenOver::Refused(_) => return Ok(foretold),
        };
        let next_fire_at = draft.next_fire_at;
        let now = now_ms(&*self.clock);
        let put = self.store.put_job(draft, expected, now).await?;
        if put.is_none() {
            // Somebody else added it meanwhile.
            return Ok(stays(existing).unwrap_or(foretold));
        }
        self.wake.job_changed(next_fire_at);
        Ok(foretold)
    }
}

/// What it comes to when the job that is there stays; `None`: it does not.
fn stays(existing: Existing) -> Option<TakenOver> {
    match existing {
        Existing::Refuse => Some(TakenOver::Exists),
        Existing::Keep => Some(TakenOver::Kept),
        Existing::Replace => None,
    }
}
