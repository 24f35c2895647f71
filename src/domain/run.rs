//! What came of sending one request: the outcome of an attempt, and the
//! ledger's record of it. Knows no HTTP client.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::occurrence::{Claim, OccurrenceState, Reason};
use super::target::Values;

/// One request to send.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// What it is sent for.
    pub claim: Claim,
}

impl Attempt {
    /// What the placeholders of its request stand for.
    #[must_use]
    pub fn values(&self) -> Values<'_> {
        let occurrence = &self.claim.occurrence;
        Values {
            job_id: occurrence.job_id.as_str(),
            fire_at: occurrence.fire_at,
            fire_id: occurrence.fire_id(),
            attempt: self.claim.attempt,
        }
    }
}

/// Where the time of an attempt went, as far as the client can tell, each in
/// microseconds. `None`: not done, such as a connection that was used again.
/// Of several requests (redirects) they are the sums. A phase that did not come
/// to its end counts up to the end of the attempt; so the last one with a figure
/// is the one in which the attempt ended.
///
/// As JSON an array in the order of the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "[Option<u32>; 4]", into = "[Option<u32>; 4]")]
pub struct Phases {
    /// Finding the addresses of the host's name.
    pub dns_us: Option<u32>,
    /// Making the connection, with the TLS handshake of an https target.
    pub connect_us: Option<u32>,
    /// From there to the head of the answer.
    pub first_byte_us: Option<u32>,
    /// From there to the end of the answer.
    pub read_us: Option<u32>,
}

impl From<[Option<u32>; 4]> for Phases {
    fn from([dns_us, connect_us, first_byte_us, read_us]: [Option<u32>; 4]) -> Self {
        Self {
            dns_us,
            connect_us,
            first_byte_us,
            read_us,
        }
    }
}

impl From<Phases> for [Option<u32>; 4] {
    fn from(phases: Phases) -> Self {
        [
            phases.dns_us,
            phases.connect_us,
            phases.first_byte_us,
            phases.read_us,
        ]
    }
}

/// What one attempt came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// Why it is no success; `None`: it is one.
    pub reason: Option<Reason>,
    /// The target's status code.
    pub status: Option<u16>,
    /// What went wrong, in words.
    pub error: Option<String>,
    /// The first bytes of the answer, as text.
    pub body: Option<String>,
    /// How long the target asks to be left alone, in milliseconds.
    pub retry_after_ms: Option<u64>,
    /// Where the time went; `None`: nothing was sent.
    pub phases: Option<Phases>,
}

impl Outcome {
    /// A failure without an answer.
    #[must_use]
    pub fn failed(reason: Reason, error: impl Into<String>) -> Self {
        Self {
            reason: Some(reason),
            error: Some(error.into()),
            ..Self::default()
        }
    }

    /// The final state this outcome gives its occurrence.
    #[must_use]
    pub fn state(&self) -> OccurrenceState {
        match self.reason {
            None => OccurrenceState::Succeeded,
            Some(Reason::LockHeld | Reason::ReplicaDied | Reason::Shutdown | Reason::Internal) => {
                OccurrenceState::Unknown
            }
            Some(_) => OccurrenceState::Failed,
        }
    }
}

/// The end of a firing, as it goes into the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRecord {
    /// Whose: only the holder of this very claim may record.
    pub claim: Claim,
    /// When the request left; `None` when nothing was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// From send to the end of the answer, in milliseconds.
    pub duration_ms: Option<i64>,
    /// When the firing ended.
    pub ended_at: DateTime<Utc>,
    /// What it came to.
    pub outcome: Outcome,
    /// When it is tried again, if it is.
    pub retry_at: Option<DateTime<Utc>>,
}

impl RunRecord {
    /// The state this record leaves its occurrence in.
    #[must_use]
    pub fn state(&self) -> OccurrenceState {
        match self.retry_at {
            Some(_) => OccurrenceState::Claimed,
            None => self.outcome.state(),
        }
    }

    /// Actual minus planned instant of the send, in milliseconds. Planned is the
    /// fire time, later by the jitter, or the instant of the retry.
    #[must_use]
    pub fn lateness_ms(&self) -> Option<i64> {
        let due_at = self.claim.due_at;
        self.sent_at.map(|at| (at - due_at).num_milliseconds())
    }
}
