//! Notices that a run under way has been given up, because the job says that
//! its next occurrence takes its place. Whichever replica moved the next one
//! to `firing` settled the earlier row in the same transaction; the replica
//! that sends the earlier one, the same or another, learns it from the store.
//!
//! Both requests may be under way for up to [`INTERVAL`], and the target of the
//! earlier one may have acted on it.

use std::time::Duration;

use crate::domain::occurrence::Claim;
use crate::domain::policy::Overlap;
use crate::store::Store;

/// How often the store is asked. An index seek by a reader, only for jobs with
/// this policy: much less makes two runs overlap for longer than a person
/// would call "given up", much more costs without gain.
const INTERVAL: Duration = Duration::from_millis(200);

/// Ends when the run of this claim has been given up; never for a job that
/// does not ask for it. A store that does not answer is asked again.
pub async fn given_up(store: &dyn Store, claim: &Claim) {
    if claim.overlap != Overlap::CancelPrevious {
        return std::future::pending().await;
    }
    loop {
        tokio::time::sleep(INTERVAL).await;
        if matches!(store.is_given_up(claim).await, Ok(true)) {
            return;
        }
    }
}
