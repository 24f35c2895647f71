//! The ledger as it is read: what is asked, and what comes back.
//!
//! A page looks at a bounded number of rows, whatever the filter. So it may come
//! back short, even empty, and still have a `next`: the ledger ends where `next`
//! is absent, not where a page is short.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};

use crate::domain::job::JobId;
use crate::domain::occurrence::{LedgerEntry, OccurrenceKind, OccurrenceState, Reason};

/// The most rows one page holds.
pub const MAX_RUNS: u32 = 200;

/// Which rows are listed; each part that is absent or empty lets all through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunFilter {
    /// Those of one job.
    pub job: Option<JobId>,
    /// In one of these states.
    pub states: Vec<OccurrenceState>,
    /// For one of these reasons.
    pub reasons: Vec<Reason>,
    /// Of one kind.
    pub kind: Option<OccurrenceKind>,
    /// Answered with one of these status codes.
    pub status: Option<RangeInclusive<u16>>,
    /// With a fire time at or after this instant.
    pub from: Option<DateTime<Utc>>,
    /// With a fire time before this instant.
    pub to: Option<DateTime<Utc>>,
}

/// A place in the ledger: behind the row of that fire time and id, whether it is
/// still there or not. Older fire times come behind younger ones, and of the
/// same fire time the smaller id behind the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunPosition {
    /// The fire time, in unix milliseconds.
    pub fire_at_ms: i64,
    /// The ledger row.
    pub row_id: i64,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct RunsRequest {
    /// Which rows.
    pub filter: RunFilter,
    /// Where the page before ended. Absent: from the youngest fire time.
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

/// One page, the youngest fire time first.
#[derive(Debug, Clone, PartialEq)]
pub struct RunsPage {
    /// The rows, without their past attempts.
    pub rows: Vec<LedgerEntry>,
    /// Where the next page begins; absent: there is none.
    pub next: Option<RunPosition>,
}

/// What the ledger has around an instant, for one job and its schedule.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Around {
    /// The row that stands for the instant itself: of that fire time, or of
    /// several fire times among which it lies.
    pub at: Option<LedgerEntry>,
    /// The row before it.
    pub before: Option<LedgerEntry>,
    /// The row after it.
    pub after: Option<LedgerEntry>,
}
