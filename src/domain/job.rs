//! What the user made: a job, its id and its state. Knows no storage and no
//! wire format; a value of these types is valid by construction.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::policy::Policies;
use super::schedule::Schedule;
use super::target::Request;

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
    /// Entered by pause; left by resume, by adding the job again, by removal.
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

/// A job as it stands in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// The client's name for it.
    pub id: JobId,
    /// Rises with every change a client makes (add again, pause, resume).
    pub version: i64,
    /// Running or paused.
    pub state: JobState,
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
}

/// A job about to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct JobDraft {
    /// The client's name for it.
    pub id: JobId,
    /// When it fires.
    pub schedule: Schedule,
    /// What is sent.
    pub request: Request,
    /// How late it may fire, and the like.
    pub policies: Policies,
    /// The first fire time; `None` for a trigger that never fires.
    pub next_fire_at: Option<DateTime<Utc>>,
}
