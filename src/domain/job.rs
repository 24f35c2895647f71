//! What the user made: a job, its id and its state. Knows no storage and no
//! wire format; a value of these types is valid by construction.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::policy::Policies;
use super::schedule::Schedule;
use super::target::Request;
use super::trigger::FieldFault;

/// The longest job id accepted, in bytes of UTF-8.
pub const MAX_JOB_ID_BYTES: usize = 16 * 1024;

/// The name of a job, chosen by the client: any non-empty text up to
/// [`MAX_JOB_ID_BYTES`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(String);

/// Why a text is no job id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JobIdError {
    /// The text is empty.
    #[error("a job id must not be empty")]
    Empty,
    /// The text has more than [`MAX_JOB_ID_BYTES`] bytes.
    #[error("a job id may have at most {MAX_JOB_ID_BYTES} bytes; this one has {0}")]
    TooLong(usize),
}

impl JobId {
    /// Checks `text` and makes it a job id.
    ///
    /// # Errors
    /// When the text is empty or longer than [`MAX_JOB_ID_BYTES`].
    pub fn new(text: impl Into<String>) -> Result<Self, JobIdError> {
        let text = text.into();
        match text.len() {
            0 => Err(JobIdError::Empty),
            n if n > MAX_JOB_ID_BYTES => Err(JobIdError::TooLong(n)),
            _ => Ok(Self(text)),
        }
    }

    /// Takes an id that was checked when it was stored.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a job fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Entered by add and resume; left by pause and removal.
    Running,
    /// Entered by pause, and by as many failures in a row as the job allows;
    /// left by resume, by adding the job again, by removal.
    Paused,
}

impl JobState {
    /// The word used in the store and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
        }
    }
}

/// Which state of which job a client has seen. Two jobs that had the same id one
/// after the other differ in it, as do two versions of one job.
/// A later one of the same job is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revision {
    /// When the job was added, in unix milliseconds.
    pub created_ms: i64,
    /// Rises with every change a client makes (put, pause, resume), and when
    /// the job is paused by its failures.
    pub version: i64,
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{}", self.created_ms, self.version)
    }
}

/// The text is no [`Revision`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no revision of a job")]
pub struct NoRevision;

impl FromStr for Revision {
    type Err = NoRevision;

    fn from_str(text: &str) -> Result<Self, NoRevision> {
        let (created, version) = text.split_once('-').ok_or(NoRevision)?;
        let revision = Self {
            created_ms: i64::from_str_radix(created, 16).map_err(|_| NoRevision)?,
            version: version.parse().map_err(|_| NoRevision)?,
        };
        // Other spellings of the same numbers are no revisions.
        (revision.to_string() == text)
            .then_some(revision)
            .ok_or(NoRevision)
    }
}

/// The longest description, in bytes of UTF-8.
pub const MAX_DESCRIPTION_BYTES: usize = 4096;
/// The most tags of one job.
pub const MAX_TAGS: usize = 32;
/// The longest tag, in bytes of UTF-8.
pub const MAX_TAG_BYTES: usize = 128;

/// What a client says of a job for people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notes {
    /// What it is for.
    pub description: String,
    /// By which it can be found; ascending, each once.
    pub tags: Vec<String>,
}

impl Notes {
    /// The notes with their tags in order, each once.
    #[must_use]
    pub fn new(description: String, mut tags: Vec<String>) -> Self {
        tags.sort_unstable();
        tags.dedup();
        Self { description, tags }
    }

    /// Every fault of these notes.
    #[must_use]
    pub fn check(&self) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        let mut refuse = |field, value: String, message: String| {
            faults.push(FieldFault {
                field,
                value,
                message,
            });
        };
        let bytes = self.description.len();
        if bytes > MAX_DESCRIPTION_BYTES {
            let message =
                format!("a description has at most {MAX_DESCRIPTION_BYTES} bytes, not {bytes}");
            refuse("description", format!("{bytes} bytes"), message);
        }
        let count = self.tags.len();
        if count > MAX_TAGS {
            let message = format!("a job has at most {MAX_TAGS} tags, not {count}");
            refuse("tags", format!("{count} tags"), message);
        }
        for tag in &self.tags {
            let bytes = tag.len();
            if !(1..=MAX_TAG_BYTES).contains(&bytes) {
                let message = format!("a tag has 1 to {MAX_TAG_BYTES} bytes, not {bytes}");
                refuse("tags", tag.clone(), message);
            } else if tag.chars().any(char::is_control) || tag.trim() != tag {
                let message = "a tag has no control characters and no blanks at its ends";
                refuse("tags", tag.clone(), message.to_owned());
            }
        }
        faults
    }
}

/// A job as it stands in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// The client's name for it.
    pub id: JobId,
    /// Which job of that id, in which version.
    pub revision: Revision,
    /// Running or paused.
    pub state: JobState,
    /// Whether it was paused because it failed too often in a row.
    pub paused_by_failures: bool,
    /// What its client says of it.
    pub notes: Notes,
    /// When it fires.
    pub schedule: Schedule,
    /// What is sent. The URL of an inherited job is not checked when it is
    /// added, as in the Python service; a bad one is recorded at firing.
    pub request: Arc<Request>,
    /// How late it may fire, and the like.
    pub policies: Policies,
    /// The next fire time that has not been sent yet: UTC, whole
    /// milliseconds. `None`: paused, or the trigger never fires (again).
    pub next_fire_at: Option<DateTime<Utc>>,
    /// Scheduled occurrences that failed in a row, up to the last one.
    pub failures: u32,
    /// When its client changed it last.
    pub updated_at: DateTime<Utc>,
}

/// A job about to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct JobDraft {
    /// The client's name for it.
    pub id: JobId,
    /// What its client says of it.
    pub notes: Notes,
    /// Running, or paused as it is.
    pub state: JobState,
    /// When it fires.
    pub schedule: Schedule,
    /// What is sent.
    pub request: Request,
    /// How late it may fire, and the like.
    pub policies: Policies,
    /// The first fire time; `None`: paused, or the trigger never fires.
    pub next_fire_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_put_in_order_and_checked() {
        let tags = ["b", "a", "b"].map(str::to_owned);
        let notes = Notes::new(String::new(), tags.into());
        assert_eq!(notes.tags, ["a", "b"]);
        assert!(notes.check().is_empty());
        let mut bad = vec![String::new(), " x".to_owned(), "a\nb".to_owned()];
        bad.push("t".repeat(MAX_TAG_BYTES + 1));
        bad.extend((0..MAX_TAGS).map(|n| n.to_string()));
        let notes = Notes::new("d".repeat(MAX_DESCRIPTION_BYTES + 1), bad);
        let faults = notes.check();
        let fields: Vec<_> = faults.iter().map(|f| f.field).collect();
        assert_eq!(
            fields,
            ["description", "tags", "tags", "tags", "tags", "tags"]
        );
    }

    #[test]
    fn revisions_round_trip_in_one_spelling() {
        let revision = Revision {
            created_ms: 1_900_000_000_123,
            version: 7,
        };
        let text = revision.to_string();
        assert_eq!(text.parse(), Ok(revision));
        for other in ["", "-", "1-", "x-1", "1-+1", "01-1", "1-01", "1-1 ", "A-1"] {
            assert_eq!(other.parse::<Revision>(), Err(NoRevision), "{other:?}");
        }
    }
}
