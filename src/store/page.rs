//! A page of the list of jobs: what is asked, and what comes back.
//!
//! A page looks at a bounded number of jobs, whatever the filter. So it may come
//! back short, even empty, and still have a `next`: the list ends where `next`
//! is absent, not where a page is short.

use chrono::{DateTime, Utc};

use super::JobRow;
use crate::domain::job::JobState;
use crate::domain::occurrence::{OccurrenceKind, OccurrenceState, Reason};
use crate::domain::trigger::TriggerKind;

/// The most jobs one page holds.
pub const MAX_PAGE: u32 = 200;
/// How many runs of each job a page shows.
pub const RECENT_RUNS: u32 = 30;

/// Which jobs are listed; each part that is absent lets all through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobFilter {
    /// Paused means: by state, or because the job does not fire before an
    /// instant that is still to come. Running is the rest.
    pub state: Option<JobState>,
    /// The kind of trigger.
    pub kind: Option<TriggerKind>,
    /// One of the job's tags, exactly.
    pub tag: Option<String>,
    /// Part of the id or of the URL; ASCII letters match in either case.
    pub text: Option<String>,
    /// Only jobs whose last scheduled occurrence failed.
    pub failing: bool,
}

/// By what jobs are listed; ties by the order of adding, in the same direction.
/// Jobs without a value come last in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobSort {
    /// The next fire time that nobody has claimed.
    NextFire,
    /// The id, by its bytes.
    JobId,
    /// When the last occurrence ended.
    LastOutcome,
    /// The order of adding.
    Created,
}

/// The value of a job under a sort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SortKey {
    /// It has none, or the sort needs none.
    None,
    /// An instant, in unix milliseconds.
    Instant(i64),
    /// An id.
    Text(String),
}

/// A place in a sorted list: behind the job of that key and `seq`, whether it
/// is still there or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Its value under the sort.
    pub key: SortKey,
    /// Its place in the order of adding.
    pub seq: i64,
}

impl Position {
    /// Whether this is a place in a list of that sort. One that is not counts
    /// as none: the list is read from its beginning.
    #[must_use]
    pub fn suits(&self, sort: JobSort) -> bool {
        match self.key {
            SortKey::None => sort != JobSort::JobId,
            SortKey::Instant(_) => matches!(sort, JobSort::NextFire | JobSort::LastOutcome),
            SortKey::Text(_) => sort == JobSort::JobId,
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct PageRequest {
    /// Which jobs.
    pub filter: JobFilter,
    /// By what.
    pub sort: JobSort,
    /// From the greatest to the smallest.
    pub descending: bool,
    /// Where the page before ended. Absent: from the beginning.
    pub after: Option<Position>,
    /// 1 to [`MAX_PAGE`]; other numbers are taken as the nearer of these.
    pub limit: u32,
    /// Decides whether a job that waits for an instant is paused.
    pub now: DateTime<Utc>,
}

impl PageRequest {
    /// The limit that holds.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.limit.clamp(1, MAX_PAGE)
    }

    /// Where the page begins.
    #[must_use]
    pub fn start(&self) -> Option<&Position> {
        self.after.as_ref().filter(|p| p.suits(self.sort))
    }
}

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub struct JobPage {
    /// The jobs, in order.
    pub rows: Vec<JobSummary>,
    /// Where the next page begins; absent: there is none.
    pub next: Option<Position>,
    /// How many jobs the filter lets through.
    pub total: Total,
}

/// A number of jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    /// So many, or at least so many.
    pub count: u64,
    /// Whether it is the very number.
    pub exact: bool,
}

/// A job with what came of it lately.
#[derive(Debug, Clone, PartialEq)]
pub struct JobSummary {
    /// The job.
    pub row: JobRow,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// How its last occurrence ended.
    pub last_state: Option<OccurrenceState>,
    /// When that was.
    pub last_ended_at: Option<DateTime<Utc>>,
    /// Its last occurrences by fire time, newest first, at most
    /// [`RECENT_RUNS`]; those under way among them.
    pub recent: Vec<RecentRun>,
}

impl JobSummary {
    /// How long the last request that was answered took, in milliseconds.
    #[must_use]
    pub fn last_duration_ms(&self) -> Option<i64> {
        self.recent.iter().find_map(|run| run.duration_ms)
    }
}

/// A row of the ledger, in short.
#[derive(Debug, Clone, PartialEq)]
pub struct RecentRun {
    /// The ledger row.
    pub row_id: i64,
    /// The planned instant (the first one, when the row stands for several).
    pub fire_at: DateTime<Utc>,
    /// What made it due.
    pub kind: OccurrenceKind,
    /// Its state.
    pub state: OccurrenceState,
    /// Why, when the state alone does not say.
    pub reason: Option<Reason>,
    /// The target's status code.
    pub status: Option<u16>,
    /// Actual minus planned instant of the send, in milliseconds.
    pub lateness_ms: Option<i64>,
    /// From send to the end of the answer, in milliseconds.
    pub duration_ms: Option<i64>,
    /// How many consecutive fire times the row stands for.
    pub count: i64,
}
