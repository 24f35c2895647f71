//! The attempts at one occurrence, as the ledger tells of them: those that were
//! followed by another one, the last one, and those of which nothing is on
//! record. Pure.

use chrono::{DateTime, Utc};

use super::occurrence::{LedgerEntry, OccurrenceState, PastAttempt, Reason};
use super::run::{Outcome, Phases};

/// Where one attempt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttemptState {
    /// Its request is being sent, or its answer awaited.
    UnderWay,
    /// The target answered with success.
    Succeeded,
    /// Sent, or tried, without success.
    Failed,
    /// It may have been sent, and nobody knows what came of it.
    Unknown,
}

impl AttemptState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::UnderWay, Self::Succeeded, Self::Failed, Self::Unknown];

    /// The word used on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnderWay => "under_way",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// One attempt at an occurrence.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// Where it is.
    pub state: AttemptState,
    /// What is on record of it.
    pub attempt: PastAttempt,
}

impl Made {
    /// When it ended, as far as that is known.
    #[must_use]
    pub fn ended_at(&self) -> Option<DateTime<Utc>> {
        let took = chrono::TimeDelta::try_milliseconds(self.attempt.duration_ms?)?;
        self.attempt.sent_at?.checked_add_signed(took)
    }
}

/// Every attempt at the occurrence, in order: as many as were begun.
#[must_use]
pub fn of(entry: &LedgerEntry) -> Vec<Made> {
    let mut past = entry.past_attempts.iter().peekable();
    // Whatever has an outcome was tried.
    let has_outcome = matches!(
        entry.state,
        OccurrenceState::Succeeded | OccurrenceState::Failed | OccurrenceState::Unknown
    );
    let begun = entry.attempt.max(u32::from(has_outcome));
    let mut made = Vec::with_capacity(begun as usize);
    for number in 1..=begun {
        let kept = past.next_if(|kept| kept.number == number);
        made.push(match kept {
            Some(kept) => ended(kept.clone()),
            None if number == begun => last(entry, number),
            None => lost(number),
        });
    }
    made
}

fn ended(attempt: PastAttempt) -> Made {
    let outcome = Outcome {
        reason: attempt.reason,
        ..Outcome::default()
    };
    let state = match outcome.state() {
        OccurrenceState::Succeeded => AttemptState::Succeeded,
        OccurrenceState::Unknown => AttemptState::Unknown,
        _ => AttemptState::Failed,
    };
    Made { state, attempt }
}

/// The one whose record is the row itself.
fn last(entry: &LedgerEntry, number: u32) -> Made {
    match entry.state {
        // Given back after it began: nobody knows whether it was sent.
        OccurrenceState::Claimed => lost(number),
        OccurrenceState::Firing => Made {
            state: AttemptState::UnderWay,
            ..lost(number)
        },
        _ => ended(PastAttempt {
            number,
            reason: entry.reason,
            sent_at: entry.sent_at,
            duration_ms: entry.duration_ms,
            status: entry.status,
            error: entry.error.clone(),
            body: entry.body.clone(),
            phases: entry.phases,
        }),
    }
}

/// One of which nothing is on record.
fn lost(number: u32) -> Made {
    Made {
        state: AttemptState::Unknown,
        attempt: PastAttempt {
            number,
            reason: None::<Reason>,
            sent_at: None,
            duration_ms: None,
            status: None,
            error: None,
            body: None,
            phases: None::<Phases>,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::explain::tests::{entry, past};

    fn states(entry: &LedgerEntry) -> Vec<&'static str> {
        of(entry).iter().map(|made| made.state.as_str()).collect()
    }

    #[test]
    fn the_last_attempt_is_the_row_unless_it_waits_for_the_next() {
        use OccurrenceState::{Claimed, Failed, Firing, Succeeded};
        let status = Some(Reason::Status);
        let of_state = |state, reason, attempt, kept: &[u32]| LedgerEntry {
            attempt,
            past_attempts: kept.iter().map(|n| past(*n, status, Some(503))).collect(),
            ..entry(state, reason)
        };
        for (entry, expected) in [
            (of_state(Claimed, None, 0, &[]), vec![]),
            (of_state(Firing, None, 1, &[]), vec!["under_way"]),
            (of_state(Succeeded, None, 1, &[]), vec!["succeeded"]),
            (of_state(Claimed, status, 1, &[1]), vec!["failed"]),
            (of_state(Firing, None, 2, &[1]), vec!["failed", "under_way"]),
            (
                of_state(Succeeded, None, 2, &[1]),
                vec!["failed", "succeeded"],
            ),
            // Settled while it waited for its second attempt.
            (of_state(Failed, status, 1, &[1]), vec!["failed"]),
            // A replica died within the first; it is delivered at least once.
            (of_state(Claimed, None, 1, &[]), vec!["unknown"]),
            (
                of_state(Succeeded, None, 2, &[]),
                vec!["unknown", "succeeded"],
            ),
        ] {
            assert_eq!(states(&entry), expected, "{entry:?}");
            let numbers = of(&entry).into_iter().map(|made| made.attempt.number);
            assert!(numbers.eq(1..=entry.attempt));
        }
    }
}
