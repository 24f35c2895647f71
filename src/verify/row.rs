//! What one row of the ledger says, held against itself.

use chrono::TimeDelta;

use super::report::Kind;
use crate::domain::occurrence::{OccurrenceKind, OccurrenceState, Reason};
use crate::store::evidence::RowEvidence;

/// What is wrong, and how.
pub type Fault = (Kind, String);

/// Whether what the row has of a send may be that of an attempt before its last one.
pub fn is_in_doubt(row: &RowEvidence) -> bool {
    let reason = row.reason.as_deref().and_then(Reason::parse);
    match row.state {
        OccurrenceState::Claimed | OccurrenceState::Firing => true,
        OccurrenceState::Unknown => {
            matches!(reason, Some(Reason::ReplicaDied | Reason::Shutdown))
        }
        _ => false,
    }
}

/// Whether the attempt of that number has a record of its own.
pub fn is_recorded(row: &RowEvidence, number: u32) -> bool {
    row.past.iter().any(|past| past.number == number)
}

/// How late the last attempt left, when the row tells of that one.
pub fn own_lateness_ms(row: &RowEvidence) -> Option<i64> {
    let own = !is_in_doubt(row) && !is_recorded(row, row.attempt);
    let sent_at = row.sent_at.filter(|_| own)?;
    Some((sent_at - row.due_at).num_milliseconds())
}

/// How many attempts left, as the row and its past attempts have it.
pub fn sends(row: &RowEvidence) -> u64 {
    let past = row.past.iter().filter(|past| past.sent_at.is_some());
    past.count() as u64 + u64::from(own_lateness_ms(row).is_some())
}

/// Whether the attempt of that number may have come to the target.
pub fn may_have_left(row: &RowEvidence, number: u32) -> bool {
    if number == 0 || number > row.attempt {
        return false;
    }
    if let Some(past) = row.past.iter().find(|past| past.number == number) {
        return past.sent_at.is_some();
    }
    if number < row.attempt {
        return true;
    }
    match row.state {
        OccurrenceState::Claimed | OccurrenceState::Firing | OccurrenceState::Unknown => true,
        OccurrenceState::Succeeded | OccurrenceState::Failed => {
            row.sent_at.is_some() || row.reason.as_deref() == Some(Reason::Cancelled.as_str())
        }
        _ => false,
    }
}

/// What is wrong with a row; instants may be off by `tolerance`.
pub fn faults(row: &RowEvidence, tolerance: TimeDelta) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut bad = |kind, is: bool, text: &str| {
        if is {
            faults.push((kind, text.to_owned()));
        }
    };
    let reason = row.reason.as_deref();
    let known = reason.map(Reason::parse);
    let allowed = match row.state.is_final() {
        true => matches!(known, None | Some(Some(_))) && allows(row, known.flatten()),
        false => true,
    };
    if !allowed {
        let text = format!(
            "a {} run that is {} has the reason {}",
            row.occurrence.kind.as_str(),
            row.state.as_str(),
            reason.unwrap_or("of none")
        );
        bad(Kind::BadState, true, &text);
    }
    bad(
        Kind::BadState,
        row.state.is_final() != row.settled_at.is_some(),
        "a row is final if and only if it says since when",
    );
    bad(
        Kind::BadState,
        row.queue.is_some() && row.state != OccurrenceState::Claimed,
        "it waits for a run to end, and is not claimed",
    );
    let many = row.count != 1 || row.last_fire_at != row.occurrence.fire_at;
    bad(
        Kind::BadState,
        many && !may_stand_for_many(row),
        "it stands for several fire times, which no run can",
    );
    bad(
        Kind::BadState,
        (row.state == OccurrenceState::Coalesced)
            != row.into_fire_at.is_some_and(|at| at > row.last_fire_at),
        "a row is coalesced if and only if it names a later fire time that stands for it",
    );
    faults.extend(sending(row, tolerance));
    faults
}

/// What is wrong with the attempts of a row.
fn sending(row: &RowEvidence, tolerance: TimeDelta) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut bad = |is: bool, text: &str| {
        if is {
            faults.push((Kind::Inconsistent, text.to_owned()));
        }
    };
    let begun = match row.state {
        OccurrenceState::Claimed => None,
        OccurrenceState::Firing
        | OccurrenceState::Succeeded
        | OccurrenceState::Failed
        | OccurrenceState::Unknown => Some(true),
        _ => Some(false),
    };
    bad(
        begun.is_some_and(|begun| begun != (row.attempt > 0)),
        "its state and its number of attempts do not go together",
    );
    bad(
        row.attempt == 0 && row.sent_at.is_some(),
        "it was sent without an attempt",
    );
    bad(
        row.state == OccurrenceState::Succeeded && row.sent_at.is_none(),
        "it succeeded and was never sent",
    );
    let numbers = row.past.iter().map(|past| past.number);
    bad(
        numbers.clone().any(|n| n == 0 || n > row.attempt),
        "there is a record of an attempt that was not begun",
    );
    bad(
        row.state == OccurrenceState::Succeeded && is_recorded(row, row.attempt),
        "the attempt that succeeded was to be followed by another one",
    );
    let sent = row.past.iter().map(|past| past.sent_at);
    bad(
        sent.chain([row.sent_at])
            .flatten()
            .any(|at| at + tolerance < row.occurrence.fire_at),
        "it was sent before its fire time",
    );
    if let Some(lateness_ms) = own_lateness_ms(row) {
        bad(
            row.lateness_ms != Some(lateness_ms),
            "its lateness is not the time from its due instant to the send",
        );
    }
    faults
}

/// Whether a final state may have that reason.
fn allows(row: &RowEvidence, reason: Option<Reason>) -> bool {
    use Reason::{
        Broken, Cancelled, Changed, Connect, Ended, Grace, Internal, InvalidUrl, LeaseLost,
        LockHeld, LockUnavailable, NoCatchUp, Overlap, PauseUntil, Paused, QueueFull, Redirects,
        Removed, ReplicaDied, SendLimit, Shutdown, Status, SuccessRule, Timeout,
    };
    let scheduled = row.occurrence.kind == OccurrenceKind::Scheduled;
    match row.state {
        OccurrenceState::Succeeded => reason.is_none(),
        OccurrenceState::Failed => matches!(
            reason,
            Some(
                Status
                    | Timeout
                    | Connect
                    | Broken
                    | SuccessRule
                    | Redirects
                    | InvalidUrl
                    | SendLimit
                    | LeaseLost
                    | LockUnavailable
                    | Cancelled
            )
        ),
        OccurrenceState::Unknown => {
            matches!(reason, Some(LockHeld | ReplicaDied | Shutdown | Internal))
        }
        OccurrenceState::Skipped => match reason {
            Some(Overlap | QueueFull | Removed | Changed) => true,
            Some(PauseUntil | Ended | Paused) => scheduled,
            _ => false,
        },
        OccurrenceState::Missed => match reason {
            Some(Grace) => true,
            Some(NoCatchUp) => scheduled,
            _ => false,
        },
        OccurrenceState::Coalesced => scheduled && reason.is_none(),
        OccurrenceState::Claimed | OccurrenceState::Firing => true,
    }
}

fn may_stand_for_many(row: &RowEvidence) -> bool {
    row.occurrence.kind == OccurrenceKind::Scheduled
        && row.count >= 1
        && matches!(
            row.state,
            OccurrenceState::Skipped | OccurrenceState::Missed | OccurrenceState::Coalesced
        )
}
