//! What a page is walked along: an index that has the order of the sort and, if
//! there is one, holds no more than what the filter lets through.

use super::super::statement::Statement;
use crate::domain::job::JobState;
use crate::store::{JobFilter, JobSort, PageRequest, Position, SortKey};

/// An index, and how its entries are read.
#[derive(Debug, Clone)]
pub struct Order {
    /// The index.
    pub from: &'static str,
    /// What leads from its entries to `jobs j`.
    pub join: &'static str,
    /// What holds for all entries that are read, ending in ` AND `.
    pub within: Statement,
    /// The column of the sort's value; `None` where `seq` alone decides.
    pub key: Option<&'static str>,
    /// The column of `seq`.
    pub seq: &'static str,
    /// Whether it has all entries of the filter and hardly any other.
    pub is_filter: bool,
    /// Whether its entries are the rows themselves, one beside the other.
    pub in_place: bool,
}

impl Order {
    /// The order for a page.
    pub fn of(request: &PageRequest) -> Self {
        match request.sort {
            JobSort::NextFire => Self::by_next_fire(request),
            JobSort::JobId => Self::plain(
                "jobs j INDEXED BY sqlite_autoindex_jobs_1",
                Some("j.job_id"),
            ),
            JobSort::LastOutcome => {
                Self::plain("jobs j INDEXED BY jobs_last_ended", Some("j.last_ended_at"))
            }
            JobSort::Created => Self::by_seq(request),
        }
    }

    /// The sort's value, as an expression.
    pub fn value(&self) -> &'static str {
        self.key.unwrap_or("NULL")
    }

    fn plain(from: &'static str, key: Option<&'static str>) -> Self {
        Self {
            from,
            join: "",
            within: Statement::default(),
            key,
            seq: "j.seq",
            is_filter: false,
            in_place: false,
        }
    }

    fn by_next_fire(request: &PageRequest) -> Self {
        let filter = &request.filter;
        let (from, within) = if filter.failing {
            let failing = Statement::new("j.failures > 0 AND j.ended = 0 AND ");
            ("jobs j INDEXED BY jobs_failing", failing)
        } else if filter.state == Some(JobState::Paused) {
            let paused = Statement::new(MAYBE_PAUSED).text(" AND ");
            ("jobs j INDEXED BY jobs_paused", paused)
        } else if let Some(kind) = filter.kind {
            let kind = Statement::new("j.kind = ").bind(kind.as_str());
            ("jobs j INDEXED BY jobs_kind", kind.text(" AND "))
        } else {
            return Self::plain("jobs j INDEXED BY jobs_due", Some("j.next_fire_at"));
        };
        Self {
            within,
            is_filter: parts(filter) == 1,
            ..Self::plain(from, Some("j.next_fire_at"))
        }
    }

    fn by_seq(request: &PageRequest) -> Self {
        let Some(tag) = &request.filter.tag else {
            return Self {
                in_place: true,
                ..Self::plain("jobs j", None)
            };
        };
        Self {
            join: " CROSS JOIN jobs j ON j.seq = t.seq",
            within: Statement::new("t.tag = ").bind(tag.as_str()).text(" AND "),
            seq: "t.seq",
            is_filter: parts(&request.filter) == 1,
            ..Self::plain("job_tags t", None)
        }
    }
}

/// How many parts a filter has.
fn parts(filter: &JobFilter) -> usize {
    let parts = [
        filter.state.is_some(),
        filter.kind.is_some(),
        filter.tag.is_some(),
        filter.text.is_some(),
        filter.failing,
    ];
    parts.into_iter().filter(|part| *part).count()
}

/// What the index `jobs_paused` holds.
pub const MAYBE_PAUSED: &str = "j.ended = 0 AND (j.state = 'paused' OR j.pause_until IS NOT NULL)";

/// A stretch of an order that one seek finds and whose entries are in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stretch {
    /// All that have an instant.
    Valued,
    /// All ids.
    Named,
    /// Those of this value, behind this `seq`.
    Ties(i64, i64),
    /// Those behind this value.
    Behind(SortKey),
    /// Those without a value, behind this `seq`.
    Valueless(Option<i64>),
}

impl Stretch {
    /// The stretches that make up the rest of the list.
    pub fn rest(sort: JobSort, start: Option<&Position>) -> Vec<Self> {
        match (sort, start) {
            (JobSort::Created, start) => vec![Self::Valueless(start.map(|p| p.seq))],
            (JobSort::JobId, None) => vec![Self::Named],
            (_, None) => vec![Self::Valued, Self::Valueless(None)],
            (_, Some(Position { key, seq })) => match key {
                SortKey::Instant(at) => vec![
                    Self::Ties(*at, *seq),
                    Self::Behind(key.clone()),
                    Self::Valueless(None),
                ],
                SortKey::Text(_) => vec![Self::Behind(key.clone())],
                SortKey::None => vec![Self::Valueless(Some(*seq))],
            },
        }
    }

    /// The stretch as a condition.
    pub fn condition(&self, order: &Order, descending: bool) -> Statement {
        let (key, seq) = (Statement::new(order.value()), Statement::new(order.seq));
        let behind = if descending { " < " } else { " > " };
        let start = if descending { i64::MAX } else { i64::MIN };
        match self {
            Self::Valued => key.text(" IS NOT NULL"),
            // No id is empty.
            Self::Named => key.text(" > ''"),
            Self::Ties(value, from) => {
                let same = key.text(" = ").bind(*value).text(" AND ");
                same.then(seq).text(behind).bind(*from)
            }
            Self::Behind(SortKey::Text(text)) => key.text(behind).bind(text.as_str()),
            Self::Behind(SortKey::Instant(at)) => key.text(behind).bind(*at),
            Self::Behind(SortKey::None) => Statement::new("false"),
            Self::Valueless(from) => {
                let valueless = match order.key {
                    None => seq,
                    Some(_) => key.text(" IS NULL AND ").then(seq),
                };
                valueless.text(behind).bind(from.unwrap_or(start))
            }
        }
    }
}
