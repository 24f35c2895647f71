//! The sentences in English.

use chrono::{DateTime, SecondsFormat, Utc};

use super::{Unit, length, past};
use crate::domain::occurrence::{LedgerEntry, OccurrenceState, Reason};

/// The sentence for a row of the ledger.
pub fn sentence(entry: &LedgerEntry) -> String {
    let mut text = several(entry);
    text.push_str(&match entry.state {
        OccurrenceState::Claimed => claimed(entry),
        OccurrenceState::Firing => "It is being sent.".to_owned(),
        OccurrenceState::Succeeded => {
            let (sent, answer) = (sent(entry), answer(entry));
            format!("{sent}; the target answered {answer}, a success.")
        }
        OccurrenceState::Failed => failed(entry),
        OccurrenceState::Unknown => unknown(entry.reason).to_owned(),
        OccurrenceState::Skipped => skipped(entry.reason).to_owned(),
        OccurrenceState::Missed => missed(entry.reason).to_owned(),
        OccurrenceState::Coalesced => match entry.into_fire_at {
            Some(at) => format!(
                "Not sent on its own: the fire time {} stands for it.",
                shown(at)
            ),
            None => "Not sent on its own: a later fire time stands for it.".to_owned(),
        },
    });
    text.push_str(&attempts(entry));
    text
}

fn shown(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A row for several fire times says so first.
fn several(entry: &LedgerEntry) -> String {
    match entry.count {
        ..=1 => String::new(),
        count => {
            let (from, to) = (shown(entry.occurrence.fire_at), shown(entry.last_fire_at));
            format!("{count} fire times from {from} to {to}: ")
        }
    }
}

fn claimed(entry: &LedgerEntry) -> String {
    let due = shown(entry.due_at);
    match (entry.queued, &entry.replica) {
        (true, _) => "It waits for the previous run of the job to end.".to_owned(),
        (false, _) if entry.attempt > 0 => {
            let why = why_failed(entry);
            format!(
                "Attempt {} failed: {why}. The next one is due at {due}.",
                entry.attempt
            )
        }
        (false, Some(_)) => format!("A replica has claimed it and will send it at {due}."),
        (false, None) => format!("Due at {due}; it waits for a replica to take it."),
    }
}

fn sent(entry: &LedgerEntry) -> String {
    match entry.lateness_ms {
        None => "Sent".to_owned(),
        Some(..=0) => "Sent on time".to_owned(),
        Some(late) => format!("Sent {} late", time(late)),
    }
}

fn answer(entry: &LedgerEntry) -> String {
    let status = entry.status.map(|status| status.to_string());
    let status = status.unwrap_or_else(|| "nothing".to_owned());
    match entry.duration_ms {
        Some(ms) => format!("{status} after {}", time(ms)),
        None => status,
    }
}

fn time(ms: i64) -> String {
    let (number, unit) = length(ms);
    let unit = match unit {
        Unit::Millis => "ms",
        Unit::Seconds => "s",
        Unit::Minutes => "min",
        Unit::Hours => "h",
    };
    format!("{number} {unit}")
}

fn failed(entry: &LedgerEntry) -> String {
    let why = why_failed(entry);
    let not_sent = entry.sent_at.is_none();
    match entry.reason {
        _ if not_sent => format!("Not sent: {why}."),
        Some(Reason::Cancelled) => format!("Given up: {why}."),
        _ => format!("{}; {why}.", sent(entry)),
    }
}

/// Why an attempt is no success.
fn why_failed(entry: &LedgerEntry) -> String {
    let error = || {
        entry
            .error
            .clone()
            .unwrap_or_else(|| "no more is known".to_owned())
    };
    match entry.reason {
        Some(Reason::Status) => {
            let answer = answer(entry);
            format!("the target answered {answer}, which is no success for this job")
        }
        Some(Reason::Timeout) => match entry.duration_ms {
            Some(ms) => format!("no complete answer came within {}", time(ms)),
            None => "no complete answer came in time".to_owned(),
        },
        Some(Reason::Connect) => format!("the target could not be connected: {}", error()),
        Some(Reason::Broken) => format!("the answer broke off: {}", error()),
        Some(Reason::SuccessRule) => {
            let (answer, error) = (answer(entry), error());
            format!("the target answered {answer}, but not as the job asks: {error}")
        }
        Some(Reason::Redirects) => {
            "the target redirected more often than the job allows".to_owned()
        }
        Some(Reason::InvalidUrl) => format!("the URL cannot be called: {}", error()),
        Some(Reason::SendLimit) => "no send slot came free in time".to_owned(),
        Some(Reason::LeaseLost) => "the replica lost its lease before the send".to_owned(),
        Some(Reason::LockUnavailable) => {
            "the fire lock could not be asked, and this server is set to hold then".to_owned()
        }
        Some(Reason::Cancelled) => {
            "the next occurrence came due, and the job lets it take the place of this one"
                .to_owned()
        }
        _ => error(),
    }
}

fn unknown(reason: Option<Reason>) -> &'static str {
    match reason {
        Some(Reason::LockHeld) => {
            "Not known: another server holds the fire lock of this occurrence and may have sent it."
        }
        Some(Reason::ReplicaDied) => {
            "Not known: the replica ended before it could record what came of it; the target may \
             have received the request."
        }
        Some(Reason::Shutdown) => {
            "Not known: the server was stopped before the answer was complete; the target may have \
             received the request."
        }
        _ => "Not known: this program failed while it was sending; its log has more.",
    }
}

fn skipped(reason: Option<Reason>) -> &'static str {
    match reason {
        Some(Reason::Overlap) => "Not sent: the previous run of the job was still going on.",
        Some(Reason::QueueFull) => {
            "Not sent: as many occurrences as the job allows were waiting for the previous run to \
             end."
        }
        Some(Reason::PauseUntil) => {
            "Not sent: the job was paused until an instant that had not come."
        }
        Some(Reason::Ended) => "Not sent: the schedule of the job had ended.",
        Some(Reason::Paused) => "Not sent: the job was paused before its time came.",
        Some(Reason::Removed) => "Not sent: the job was removed before its time came.",
        Some(Reason::Changed) => "Not sent: the job was changed before its time came.",
        _ => "Not sent, on purpose.",
    }
}

fn missed(reason: Option<Reason>) -> &'static str {
    match reason {
        Some(Reason::NoCatchUp) => {
            "Not sent: no server was there at its time, and the job catches up nothing."
        }
        _ => {
            "Not sent: no server was there at its time, and when one was, more time had passed than \
             the job's grace."
        }
    }
}

/// Which attempt it was, and what came of those before it.
fn attempts(entry: &LedgerEntry) -> String {
    if entry.attempt < 2 || entry.state == OccurrenceState::Claimed {
        return String::new();
    }
    match past(entry).join(", ") {
        past if past.is_empty() => format!(" It was attempt {}.", entry.attempt),
        past => format!(" It was attempt {}; before it: {past}.", entry.attempt),
    }
}
