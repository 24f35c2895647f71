//! What is asked for.

use chrono::{DateTime, Utc};
use schedule_server::domain::job::JobId;
use schedule_server::domain::occurrence::{OccurrenceKind, OccurrenceState, Reason};
use schedule_server::store::RunFilter;

use super::fill::{BUSY, NOON_MS, STEP_MS};

/// The filters by name: words that [`filter`] reads.
pub const FILTERS: [&str; 25] = [
    "all",
    "succeeded",
    "failed",
    "skipped",
    "missed",
    "unknown",
    "coalesced",
    "claimed firing",
    "failed missed skipped unknown claimed",
    "succeeded failed",
    "reason:connect",
    "reason:shutdown",
    "manual",
    "scheduled",
    "manual failed",
    "status:503-503",
    "status:304-304",
    "status:404-404",
    "status:200-299",
    "status:204-204",
    "past",
    "past failed",
    "past status:204-204",
    "busy",
    "busy failed",
];

/// The filter of that name, over so many rows.
pub fn filter(name: &str, rows: usize) -> RunFilter {
    let mut filter = RunFilter::default();
    for word in name.split(' ') {
        match word.split_once(':') {
            Some(("reason", reason)) => filter.reasons.extend(Reason::parse(reason)),
            Some((_, range)) => {
                let (from, to) = range.split_once('-').unwrap();
                filter.status = Some(from.parse().unwrap()..=to.parse().unwrap());
            }
            None => plain(&mut filter, word, rows),
        }
    }
    filter
}

fn plain(filter: &mut RunFilter, word: &str, rows: usize) {
    match word {
        "past" => {
            filter.from = Some(place(rows / 10 * 9 + rows / 100));
            filter.to = Some(place(rows / 10 * 9));
        }
        "busy" => filter.job = JobId::new(BUSY).ok(),
        _ => {
            filter.kind = filter.kind.or(OccurrenceKind::parse(word));
            filter.states.extend(OccurrenceState::parse(word));
        }
    }
}

/// The fire time of the row that is so many behind the newest one.
pub fn place(behind: usize) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(NOON_MS - behind as i64 * STEP_MS).unwrap()
}
