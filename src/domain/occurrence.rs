//! An occurrence: one job at one fire time, and the one final state it ends
//! in. The table of these is the ledger. Knows no store and no sender.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::job::{JobId, Revision};
use super::policy::Overlap;
use super::retry::Retry;
use super::run::Phases;
use super::target::Request;

/// Name space of the fire ids (a random UUID, fixed for ever).
const FIRE_ID_SPACE: Uuid = Uuid::from_u128(0x6f5b_1f2e_9b0a_4f0e_8c57_2f3a_77d1_0c4d);

/// What makes an occurrence due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OccurrenceKind {
    /// The trigger of the job.
    Scheduled,
    /// A client that asked for it, beside the schedule and without touching it.
    Manual,
}

impl OccurrenceKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Scheduled, Self::Manual];

    /// The word used in the store and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Manual => "manual",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }
}

/// One job at one fire time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OccurrenceId {
    /// Whose.
    pub job_id: JobId,
    /// The planned instant: UTC, whole milliseconds.
    pub fire_at: DateTime<Utc>,
    /// What makes it due.
    pub kind: OccurrenceKind,
}

impl OccurrenceId {
    /// The id a receiver sees. It depends on the occurrence alone, so that
    /// every attempt by every replica carries the same one.
    #[must_use]
    pub fn fire_id(&self) -> Uuid {
        let at = self.fire_at.timestamp_millis();
        let name = match self.kind {
            OccurrenceKind::Scheduled => format!("{at}\n{}", self.job_id),
            OccurrenceKind::Manual => format!("{at} manual\n{}", self.job_id),
        };
        Uuid::new_v5(&FIRE_ID_SPACE, name.as_bytes())
    }
}

/// A run that a client asked for, as it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManualRun {
    /// The ledger row: the id of the run.
    pub row_id: i64,
    /// The occurrence; its fire time is the instant of asking.
    pub occurrence: OccurrenceId,
}

/// Where an occurrence is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OccurrenceState {
    /// A replica holds the durable right to it; nothing was sent. Entered by
    /// the claim; left to `Firing`, `Skipped`, or back to "planned" when the
    /// claim is given back.
    Claimed,
    /// The request may be on its way. Entered just before the send; left to
    /// `Succeeded`, `Failed` or `Unknown`.
    Firing,
    /// Final: the target answered with success.
    Succeeded,
    /// Final: sent, or tried, without success; the reason tells.
    Failed,
    /// Final: it may have been sent, and nobody lives who knows the outcome.
    Unknown,
    /// Final: not sent, on purpose; the reason tells.
    Skipped,
    /// Final: not sent, its fire time had passed by more than the grace.
    Missed,
    /// Final: not sent, a later fire time of the same job stands for it.
    Coalesced,
}

impl OccurrenceState {
    /// Every state, in the order of life.
    pub const ALL: [Self; 8] = [
        Self::Claimed,
        Self::Firing,
        Self::Succeeded,
        Self::Failed,
        Self::Unknown,
        Self::Skipped,
        Self::Missed,
        Self::Coalesced,
    ];

    /// The word used in the store and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Firing => "firing",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
            Self::Missed => "missed",
            Self::Coalesced => "coalesced",
        }
    }

    /// The state of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }

    /// Whether nothing comes after it.
    #[must_use]
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Claimed | Self::Firing)
    }
}

/// Why an occurrence ended as it did, when the state alone does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Failed: the target answered with a status that is no success.
    Status,
    /// Failed: no (whole) answer within the deadline.
    Timeout,
    /// Failed: no connection to the target (refused, DNS, TLS).
    Connect,
    /// Failed: the connection broke before the answer was complete.
    Broken,
    /// Failed: the answer is not what the job's success rule asks for.
    SuccessRule,
    /// Failed: the target redirected more often than the job allows.
    Redirects,
    /// Failed: the URL of the job, or one it was redirected to, is none that
    /// can be called.
    InvalidUrl,
    /// Failed: no send slot came free in time; nothing was sent.
    SendLimit,
    /// Failed: this replica lost its lease before the send; nothing was sent.
    LeaseLost,
    /// Failed: the fire lock could not be asked, and the setting says to hold.
    LockUnavailable,
    /// Unknown: another holder has the fire lock and may have sent it.
    LockHeld,
    /// Unknown: the replica ended between the send and the record.
    ReplicaDied,
    /// Unknown: this replica was stopped before the answer was complete.
    Shutdown,
    /// Unknown: this program failed while it was sending; the log has more.
    Internal,
    /// Failed: the next occurrence of the job came due and the job says that
    /// it takes its place.
    Cancelled,
    /// Skipped: the previous run of the job was still going on.
    Overlap,
    /// Skipped: as many occurrences of the job as it allows were waiting for
    /// the previous run to end.
    QueueFull,
    /// Skipped: the job does not fire before an instant, which had not come.
    PauseUntil,
    /// Skipped: the schedule of the job had ended.
    Ended,
    /// Skipped: the job was paused before the instant.
    Paused,
    /// Skipped: the job was removed before the instant.
    Removed,
    /// Skipped: the job was replaced before the instant.
    Changed,
    /// Missed: found later than the job's grace.
    Grace,
    /// Missed: its time had passed, and the job catches up nothing.
    NoCatchUp,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 24] = [
        Self::Status,
        Self::Timeout,
        Self::Connect,
        Self::Broken,
        Self::SuccessRule,
        Self::Redirects,
        Self::InvalidUrl,
        Self::SendLimit,
        Self::LeaseLost,
        Self::LockUnavailable,
        Self::LockHeld,
        Self::ReplicaDied,
        Self::Shutdown,
        Self::Internal,
        Self::Cancelled,
        Self::Overlap,
        Self::QueueFull,
        Self::PauseUntil,
        Self::Ended,
        Self::Paused,
        Self::Removed,
        Self::Changed,
        Self::Grace,
        Self::NoCatchUp,
    ];

    /// The word used in the store and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Timeout => "timeout",
            Self::Connect => "connect",
            Self::Broken => "broken",
            Self::SuccessRule => "success_rule",
            Self::Redirects => "too_many_redirects",
            Self::InvalidUrl => "invalid_url",
            Self::SendLimit => "send_limit",
            Self::LeaseLost => "lease_lost",
            Self::LockUnavailable => "lock_unavailable",
            Self::LockHeld => "lock_held",
            Self::ReplicaDied => "replica_died",
            Self::Shutdown => "shutdown",
            Self::Internal => "internal",
            Self::Cancelled => "cancelled",
            Self::Overlap => "overlap",
            Self::QueueFull => "queue_full",
            Self::PauseUntil => "pause_until",
            Self::Ended => "ended",
            Self::Paused => "paused",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Grace => "grace",
            Self::NoCatchUp => "no_catch_up",
        }
    }

    /// The reason of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == word)
    }
}

/// A claim held by this replica: the right to send one occurrence.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The ledger row.
    pub row_id: i64,
    /// Rises with every claim; writes of an older holder are refused by it.
    pub fence: i64,
    /// The occurrence.
    pub occurrence: OccurrenceId,
    /// The job as it was claimed; what becomes of it then counts for that one.
    pub revision: Revision,
    /// What to send.
    pub request: Arc<Request>,
    /// Whether the trigger has no fire time after this one; the job is then
    /// removed when this one is sent.
    pub ends_job: bool,
    /// What happens while other runs of the job go on.
    pub overlap: Overlap,
    /// Who comes first where requests wait for each other; higher is earlier.
    pub priority: i8,
    /// Which attempt at the occurrence this is, from 1; known once it fires.
    pub attempt: u32,
    /// When this attempt is due: the fire time, or later for a retry.
    pub due_at: DateTime<Utc>,
    /// Whether a failed attempt is made again.
    pub retry: Option<Arc<Retry>>,
    /// How many failures in a row pause the job, if they do.
    pub pause_after_failures: Option<u32>,
}

/// One attempt that was followed by another one.
#[derive(Debug, Clone, PartialEq)]
pub struct PastAttempt {
    /// Counts from 1.
    pub number: u32,
    /// Why it was no success.
    pub reason: Option<Reason>,
    /// When its request left.
    pub sent_at: Option<DateTime<Utc>>,
    /// From send to the end of the answer, in milliseconds.
    pub duration_ms: Option<i64>,
    /// The target's status code.
    pub status: Option<u16>,
    /// What went wrong, in words.
    pub error: Option<String>,
    /// The first bytes of the answer.
    pub body: Option<String>,
    /// Where its time went.
    pub phases: Option<Phases>,
}

/// One row of the ledger, as read back.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerEntry {
    /// The row: the id of the run.
    pub row_id: i64,
    /// The occurrence (the first one, when the row stands for several).
    pub occurrence: OccurrenceId,
    /// How many attempts were begun.
    pub attempt: u32,
    /// Attempts before the last one.
    pub past_attempts: Vec<PastAttempt>,
    /// Its state.
    pub state: OccurrenceState,
    /// Why, when the state alone does not say.
    pub reason: Option<Reason>,
    /// How many consecutive fire times of the job the row stands for: more
    /// than 1 only for `Missed`, `Coalesced` and `Skipped(PauseUntil)`, after a
    /// downtime.
    pub count: i64,
    /// The last of them.
    pub last_fire_at: DateTime<Utc>,
    /// For `Coalesced`: the fire time that stood for it.
    pub into_fire_at: Option<DateTime<Utc>>,
    /// When its last, or next, attempt is due: the fire time with its jitter, the
    /// instant of a retry, or the end of the run it waited for.
    pub due_at: DateTime<Utc>,
    /// Whether it waits for another run of the job to end.
    pub queued: bool,
    /// The replica that claimed it.
    pub replica: Option<String>,
    /// When the request left; `None` when nothing was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// Actual minus planned instant of the send, in milliseconds.
    pub lateness_ms: Option<i64>,
    /// From send to the end of the answer, in milliseconds.
    pub duration_ms: Option<i64>,
    /// The target's status code.
    pub status: Option<u16>,
    /// What went wrong, in words.
    pub error: Option<String>,
    /// The first bytes of the answer, as text (invalid UTF-8 replaced).
    pub body: Option<String>,
    /// Where the time of the last attempt went.
    pub phases: Option<Phases>,
    /// When it came to its final state.
    pub settled_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_trip() {
        for state in OccurrenceState::ALL {
            assert_eq!(OccurrenceState::parse(state.as_str()), Some(state));
        }
        for kind in OccurrenceKind::ALL {
            assert_eq!(OccurrenceKind::parse(kind.as_str()), Some(kind));
        }
        for reason in Reason::ALL {
            assert_eq!(Reason::parse(reason.as_str()), Some(reason));
        }
        assert_eq!(OccurrenceState::parse("done"), None);
    }

    #[test]
    fn a_fire_id_names_the_occurrence_alone() {
        let at = |job: &str, ms| OccurrenceId {
            job_id: JobId::from_stored(job.into()),
            fire_at: DateTime::from_timestamp_millis(ms).unwrap(),
            kind: OccurrenceKind::Scheduled,
        };
        let manual = OccurrenceId {
            kind: OccurrenceKind::Manual,
            ..at("a", 5)
        };
        assert_ne!(at("a", 5).fire_id(), manual.fire_id());
        assert_eq!(at("a", 5).fire_id(), at("a", 5).fire_id());
        assert_ne!(at("a", 5).fire_id(), at("a", 6).fire_id());
        assert_ne!(at("a", 5).fire_id(), at("b", 5).fire_id());
    }
}
