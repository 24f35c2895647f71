//! A page of the ledger: what is asked, and what comes back.
//!
//! As a page of jobs, one of the ledger looks at a bounded number of rows,
//! whatever the filter. So it may come back short, even empty, and still have a
//! `next`: the history ends where `next` is absent, not where a page is short.
//!
//! A row stands in the history at its fire time; one that stands for several
//! fire times, at the first of them.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};

use crate::domain::job::JobId;
use crate::domain::occurrence::{LedgerEntry, OccurrenceKind, OccurrenceState, Reason};

/// The most rows one page holds.
pub const MAX_RUNS: u32 = 200;

/// Which rows are shown; each part that is absent or empty lets all through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunFilter {
    /// Those of one job, there or gone.
    pub job: Option<JobId>,
    /// In one of these states.
    pub states: Vec<OccurrenceState>,
    /// What made it due.
    pub kind: Option<OccurrenceKind>,
    /// Ended, with a status code of the target in this range.
    pub status: Option<RangeInclusive<u16>>,
    /// Ended, for one of these reasons.
    pub reasons: Vec<Reason>,
    /// Fire times from this one on.
    pub from: Option<DateTime<Utc>>,
    /// Fire times before this one.
    pub to: Option<DateTime<Utc>>,
}

/// A place in the history: behind the row of that fire time and id, whether it
/// is still there or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunPosition {
    /// The fire time in unix milliseconds.
    pub fire_at_ms: i64,
    /// The ledger row; decides among rows of one fire time.
    pub row_id: i64,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct RunsRequest {
    /// Which rows.
    pub filter: RunFilter,
    /// Newest fire time first.
    pub descending: bool,
    /// Where the page before ended. Absent: from the beginning.
    pub after: Option<RunPosition>,
    /// 1 to [`MAX_RUNS`]; other numbers are taken as the nearer of these.
    pub limit: u32,
}

impl RunsRequest {
    /// The limit that holds.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.limit.clamp(1, MAX_RUNS)
    }
}

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub struct RunsPage {
    /// The rows, in order; without bodies, and of attempts only what they came
    /// to.
    pub rows: Vec<LedgerEntry>,
    /// Where the next page begins; absent: there is none.
    pub next: Option<RunPosition>,
}

/// What the ledger of a job has at and around an instant.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Around {
    /// The row of that fire time, with all its attempts, or the one that stands
    /// for several fire times among which the instant lies.
    pub at: Option<LedgerEntry>,
    /// The last scheduled row of an earlier fire time, as a page shows it.
    pub before: Option<LedgerEntry>,
    /// The first scheduled row of a later one.
    pub after: Option<LedgerEntry>,
}
