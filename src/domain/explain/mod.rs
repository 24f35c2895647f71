//! What the ledger says, as one plain sentence in the languages of the page:
//! why did it (not) fire, and what came of it? Pure.
//!
//! Invariant: nothing is said that the record does not hold. What may have been
//! sent is not called unsent, and what failed is not called sent when it was not.

mod causes;
mod lengths;
mod moment;
mod sent;
#[cfg(test)]
pub mod tests;

pub use moment::{Asked, Moment};

use super::occurrence::{LedgerEntry, OccurrenceState};
use super::words::Words;

fn words(en: impl Into<String>, zh: impl Into<String>) -> Words {
    Words {
        en: en.into(),
        zh: zh.into(),
    }
}

/// What came of an occurrence, and why.
#[must_use]
pub fn explain(entry: &LedgerEntry) -> Words {
    match entry.state {
        OccurrenceState::Claimed => claimed(entry),
        OccurrenceState::Firing => sent::under_way(entry),
        OccurrenceState::Succeeded | OccurrenceState::Failed | OccurrenceState::Unknown => {
            sent::ended(entry)
        }
        OccurrenceState::Skipped | OccurrenceState::Missed | OccurrenceState::Coalesced => {
            not_sent(entry)
        }
    }
}

fn claimed(entry: &LedgerEntry) -> Words {
    if entry.queued {
        return words(
            "Waiting: the previous run of the job is still going on.",
            "等待中：该任务的上一次运行仍在进行。",
        );
    }
    if entry.attempt > 0 {
        return sent::to_be_sent_again(entry);
    }
    match entry.replica {
        Some(_) => words(
            "About to be sent: a replica has claimed it.",
            "即将发送：已有副本认领。",
        ),
        None => words(
            "Due: it is sent as soon as a replica takes it.",
            "已到期：副本认领后立即发送。",
        ),
    }
}

fn not_sent(entry: &LedgerEntry) -> Words {
    let cause = causes::not_sent(entry);
    if entry.count <= 1 {
        return words(
            format!("Not sent: {}.", cause.en),
            format!("未发送：{}。", cause.zh),
        );
    }
    let (count, last) = (entry.count, lengths::instant(entry.last_fire_at));
    words(
        format!("Not sent, {count} fire times up to {last}: {}.", cause.en),
        format!("截至 {last} 的 {count} 次触发均未发送：{}。", cause.zh),
    )
}
