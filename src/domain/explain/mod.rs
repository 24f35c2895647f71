//! What became of an occurrence, in one sentence for people: why it fired or did
//! not. Pure: a row of the ledger in, words out.

#[cfg(test)]
mod tests;

mod en;
mod moment;
mod zh;

pub use moment::Moment;

use super::occurrence::LedgerEntry;
use super::words::Words;

/// Why this occurrence fired or did not, and what came of it. Past attempts are
/// named as far as the entry has them.
#[must_use]
pub fn explain(entry: &LedgerEntry) -> Words {
    Words {
        en: en::sentence(entry),
        zh: zh::sentence(entry),
    }
}

/// A length of time as a number with one digit behind the point at most, and
/// which unit it is in.
fn length(ms: i64) -> (String, Unit) {
    let tenths = |per: i64| {
        let tenths = (ms * 10 + per / 2) / per;
        match tenths % 10 {
            0 => (tenths / 10).to_string(),
            rest => format!("{}.{rest}", tenths / 10),
        }
    };
    match ms {
        i64::MIN..1_000 => (ms.to_string(), Unit::Millis),
        1_000..120_000 => (tenths(1_000), Unit::Seconds),
        120_000..7_200_000 => (tenths(60_000), Unit::Minutes),
        7_200_000.. => (tenths(3_600_000), Unit::Hours),
    }
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Millis,
    Seconds,
    Minutes,
    Hours,
}

/// What each attempt before the last came to: its status code, or the word of
/// its reason.
fn past(entry: &LedgerEntry) -> Vec<String> {
    let attempts = entry.past_attempts.iter();
    let words = attempts.map(|attempt| match (attempt.status, attempt.reason) {
        (Some(status), _) => status.to_string(),
        (None, Some(reason)) => reason.as_str().to_owned(),
        (None, None) => "?".to_owned(),
    });
    words.collect()
}
