//! What was changed, for those who follow it: which job or run, and how it is
//! now. Every committed change of either has an id; ids rise in the order of the
//! commits, whichever replica committed.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use super::{JobSummary, RecentRun};
use crate::domain::job::JobId;

/// The place of a change among all: the transaction, and the place within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ChangeId {
    /// The transaction, counted from 1; 0: before all of them.
    pub seq: i64,
    /// The place within it, counted from 0.
    pub index: u32,
}

impl fmt::Display for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.seq, self.index)
    }
}

impl FromStr for ChangeId {
    type Err = ();

    /// Reads what is shown, and nothing else.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (seq, index) = text.split_once('.').ok_or(())?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(seq) || !digits(index) {
            return Err(());
        }
        Ok(Self {
            seq: seq.parse().map_err(drop)?,
            index: index.parse().map_err(drop)?,
        })
    }
}

/// What happened to a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobChange {
    /// It was added, or its definition was changed.
    Put,
    /// It was paused, by a client or by its failures.
    Paused,
    /// It was resumed.
    Resumed,
    /// A client removed it.
    Removed,
    /// Its schedule is over; it is not listed any more.
    Ended,
}

impl JobChange {
    /// Every change.
    pub const ALL: [Self; 5] = [
        Self::Put,
        Self::Paused,
        Self::Resumed,
        Self::Removed,
        Self::Ended,
    ];

    /// The word used in the store and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Put => "put",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Removed => "removed",
            Self::Ended => "ended",
        }
    }

    /// The change of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.as_str() == word)
    }

    /// Whether the job is not listed after it.
    #[must_use]
    pub fn takes_away(self) -> bool {
        matches!(self, Self::Removed | Self::Ended)
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// Its place among all.
    pub id: ChangeId,
    /// When it was committed (UTC, milliseconds).
    pub at: DateTime<Utc>,
    /// What was changed.
    pub what: What,
}

impl Changed {
    /// The job it is about.
    #[must_use]
    pub fn job_id(&self) -> &JobId {
        match &self.what {
            What::Job { job_id, .. } | What::Run { job_id, .. } => job_id,
        }
    }
}

/// What was changed, as it is when it is read: states in between may be passed
/// over, the last one never is.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A job.
    Job {
        /// Which.
        job_id: JobId,
        /// What happened to it.
        change: JobChange,
        /// The job; `None` when the change took it away.
        job: Option<Box<JobSummary>>,
    },
    /// A row of the ledger.
    Run {
        /// Whose.
        job_id: JobId,
        /// The row, in short.
        run: RecentRun,
    },
}

/// Some changes, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// What is there to be told. What is gone by now is left out: the change
    /// that took it away has an id of its own.
    pub changes: Vec<Changed>,
    /// Where to go on.
    pub last: ChangeId,
    /// Whether there are further ones.
    pub more: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_words_round_trip() {
        let id = ChangeId { seq: 12, index: 3 };
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in [
            "",
            "1",
            "1.",
            ".1",
            "+1.2",
            "1.-2",
            "1.2.3",
            "1.99999999999",
            "a.b",
        ] {
            assert_eq!(text.parse::<ChangeId>(), Err(()), "{text}");
        }
        for change in JobChange::ALL {
            assert_eq!(JobChange::parse(change.as_str()), Some(change));
        }
    }
}
