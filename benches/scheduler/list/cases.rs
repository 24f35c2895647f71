//! What is asked for.

use schedule_server::domain::job::JobState;
use schedule_server::domain::trigger::TriggerKind;
use schedule_server::store::{JobFilter, JobSort, Position, SortKey};

use super::fill::{DAY_MS, NOON_MS};

pub const SORTS: [JobSort; 4] = [
    JobSort::NextFire,
    JobSort::JobId,
    JobSort::LastOutcome,
    JobSort::Created,
];

/// The filters by name: words that [`filter`] reads.
pub const FILTERS: [&str; 17] = [
    "all",
    "running",
    "paused",
    "cron",
    "date",
    "failing",
    "tag:nightly",
    "tag:team-7",
    "tag:busy",
    "tag:busiest",
    "tag:rare-7",
    "text:billing",
    "text:nowhere",
    "running text:nowhere",
    "date tag:nightly text:service-1",
    "paused failing",
    "paused tag:team-7 text:7",
];

/// The filter of that name.
pub fn filter(name: &str) -> JobFilter {
    let mut filter = JobFilter::default();
    for word in name.split(' ') {
        match word.split_once(':') {
            Some(("tag", tag)) => filter.tag = Some(tag.to_owned()),
            Some((_, text)) => filter.text = Some(text.to_owned()),
            None => match word {
                "running" => filter.state = Some(JobState::Running),
                "paused" => filter.state = Some(JobState::Paused),
                "cron" => filter.kind = Some(TriggerKind::Cron),
                "date" => filter.kind = Some(TriggerKind::Date),
                "failing" => filter.failing = true,
                _ => {}
            },
        }
    }
    filter
}

/// A place in the middle of a list: for the next fire time within many ties.
pub fn middle(sort: JobSort, jobs: usize) -> Position {
    let seq = jobs as i64 / 2;
    let key = match sort {
        JobSort::NextFire => SortKey::Instant(NOON_MS + DAY_MS / 2),
        JobSort::JobId => SortKey::Text("mail-8".to_owned()),
        JobSort::LastOutcome => SortKey::Instant(NOON_MS - DAY_MS / 2),
        JobSort::Created => SortKey::None,
    };
    Position { key, seq }
}
