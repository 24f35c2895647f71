//! What the retention deletes, slice by slice.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// One slice to delete. Only rows that are final are deleted, with their
/// attempts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cut {
    /// Rows of the ledger whose last fire time lies before this instant, and which
    /// came to their final state before it, the oldest first.
    Aged {
        /// Rows of before this instant go.
        before: DateTime<Utc>,
        /// Look at rows behind this place.
        after: Place,
        /// Look at so many rows at most.
        limit: u32,
    },
    /// Rows beyond the newest `keep` of each of some jobs: of those that got rows
    /// behind `after`. One row in `every` is looked at (its id tells which), and
    /// what its job has too many is deleted: so a job has some rows more for a while.
    Excess {
        /// How many rows of a job stay.
        keep: u32,
        /// Look at jobs of rows behind this one.
        after: i64,
        /// Every how manieth row is looked at.
        every: u32,
        /// Rows of this instant or later stay, however many there are: they keep
        /// a clock that is set back from firing twice.
        before: DateTime<Utc>,
        /// Delete so many rows at most.
        limit: u32,
    },
    /// Versions that jobs have no more, replaced so long before this instant that no
    /// row of the ledger can be explained by them.
    Versions {
        /// The ledger is kept from this instant on.
        before: DateTime<Utc>,
        /// Delete so many at most.
        limit: u32,
    },
    /// Changes (see [`super::Changes`]) of before an instant, and those beyond
    /// the newest `keep`.
    Changes {
        /// Changes of before this instant go.
        before: DateTime<Utc>,
        /// How many transactions are kept.
        keep: u32,
        /// Look at so many at most.
        limit: u32,
    },
}

/// A place in the ledger in the order of fire times: behind this row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its fire time, in unix milliseconds.
    pub fire_at_ms: i64,
    /// The row.
    pub row_id: i64,
}

impl Default for Place {
    /// The beginning.
    fn default() -> Self {
        Self {
            fire_at_ms: i64::MIN,
            row_id: i64::MIN,
        }
    }
}

/// What became of one slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CutSlice {
    /// How many rows are gone.
    pub deleted: u64,
    /// Whether there may be more to do.
    pub more: bool,
    /// For [`Cut::Excess`]: where to go on.
    pub after: i64,
    /// For [`Cut::Aged`]: where to go on.
    pub place: Place,
    /// How long the writer was held, without the commit.
    pub held: Duration,
}
