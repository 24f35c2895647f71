//! What a proof came to: counts, and what speaks against it.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::domain::occurrence::OccurrenceState;

/// How many offences are told one by one.
const TOLD: usize = 100;
/// The upper bounds of the lateness histogram, in milliseconds.
const BUCKETS_MS: [i64; 8] = [1, 2, 5, 10, 50, 100, 1_000, 10_000];

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A planned fire time has no row.
    Missing,
    /// A fire time was due when its job was changed or removed; nobody had planned
    /// it, and no row tells of it.
    NeverPlanned,
    /// A fire time is due up to the end of the range, and not planned yet.
    Behind,
    /// Two rows stand for one fire time.
    Doubled,
    /// A row stands for no planned fire time.
    Unplanned,
    /// A row says that it stands for another number of fire times.
    WrongCount,
    /// State, reason and what else a row says do not go together.
    BadState,
    /// Attempts or instants of a row contradict each other.
    Inconsistent,
    /// A request left while the job was to wait for a later instant.
    SentInPause,
    /// A row is open, and nothing was to be.
    Open,
    /// A row is open, and nobody is left who would end it.
    Stale,
    /// A request came that no row is about.
    ReceivedWithoutRow,
    /// A request came that was not sent by its row.
    ReceivedUnsent,
    /// One attempt came twice.
    ReceivedAgain,
    /// A later attempt came, although the job is to be sent at most once and nobody
    /// knew what had become of an earlier one, which came as well.
    SentAgain,
    /// A row says that its request was answered, and it never came.
    NotReceived,
    /// A request came before its fire time.
    ReceivedEarly,
}

impl Kind {
    /// The word in the report.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NeverPlanned => "never_planned",
            Self::Behind => "behind",
            Self::Doubled => "doubled",
            Self::Unplanned => "unplanned",
            Self::WrongCount => "wrong_count",
            Self::BadState => "bad_state",
            Self::Inconsistent => "inconsistent",
            Self::SentInPause => "sent_in_pause",
            Self::Open => "open",
            Self::Stale => "stale",
            Self::ReceivedWithoutRow => "received_without_row",
            Self::ReceivedUnsent => "received_unsent",
            Self::ReceivedAgain => "received_again",
            Self::SentAgain => "sent_again",
            Self::NotReceived => "not_received",
            Self::ReceivedEarly => "received_early",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offence {
    /// What kind of thing.
    pub kind: Kind,
    /// Whose; empty where nobody knows.
    pub job_id: String,
    /// Which fire time.
    pub fire_at: Option<DateTime<Utc>>,
    /// Which row of the ledger.
    pub row_id: Option<i64>,
    /// What is wrong.
    pub text: String,
}

/// Rows and the fire times they stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Rows.
    pub rows: u64,
    /// Fire times.
    pub fire_times: u64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// The first fire time that was looked at; `None`: all that is kept.
    pub from: Option<DateTime<Utc>>,
    /// The last one; `None`: all that was planned.
    pub to: Option<DateTime<Utc>>,
    /// Jobs, those that are gone included.
    pub jobs: u64,
    /// Their versions.
    pub versions: u64,
    /// Fire times worked out.
    pub planned: u64,
    /// Of these, how many have no row.
    pub lost: u64,
    /// Rows of the ledger.
    pub rows: u64,
    /// Of these, asked for by clients beside the schedule.
    pub manual: u64,
    /// Rows that have not come to their end yet.
    pub open: u64,
    /// Rows by state and reason.
    pub states: BTreeMap<(&'static str, Option<String>), Tally>,
    /// Attempts that left, as the ledger has them.
    pub sent: u64,
    /// Requests that came; `None`: nobody has told.
    pub received: Option<u64>,
    /// Requests that came once more because the job asks for delivery at least once.
    pub duplicates_allowed: u64,
    /// Attempts by how late they left; the last one is beyond all bounds.
    pub lateness: [u64; BUCKETS_MS.len() + 1],
    /// How many things are wrong, by kind.
    pub offences_by_kind: BTreeMap<Kind, u64>,
    /// The first of them.
    pub offences: Vec<Offence>,
}

impl Report {
    /// Whether nothing speaks against the proof.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.offences_by_kind.is_empty()
    }

    /// How many things are wrong.
    #[must_use]
    pub fn offences_total(&self) -> u64 {
        self.offences_by_kind.values().sum()
    }

    pub(super) fn offend(&mut self, offence: Offence) {
        *self.offences_by_kind.entry(offence.kind).or_default() += 1;
        if self.offences.len() < TOLD {
            self.offences.push(offence);
        }
    }

    pub(super) fn count_row(&mut self, state: OccurrenceState, reason: Option<&str>, count: i64) {
        self.rows += 1;
        self.open += u64::from(!state.is_final());
        let reason = reason.filter(|_| state.is_final()).map(str::to_owned);
        let tally = self.states.entry((state.as_str(), reason)).or_default();
        tally.rows += 1;
        tally.fire_times += u64::try_from(count).unwrap_or_default();
    }

    pub(super) fn count_lateness(&mut self, ms: i64) {
        let bucket = BUCKETS_MS.iter().position(|most| ms <= *most);
        self.lateness[bucket.unwrap_or(BUCKETS_MS.len())] += 1;
    }

    /// The report as one JSON object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let states = self.states.iter().map(|((state, reason), tally)| {
            json!({
                "state": state, "reason": reason,
                "rows": tally.rows, "fire_times": tally.fire_times,
            })
        });
        let bounds = BUCKETS_MS.iter().map(|most| json!(most));
        let buckets = bounds.chain([Value::Null]).zip(&self.lateness);
        let lateness = buckets.map(|(most, n)| json!({"up_to_ms": most, "attempts": n}));
        let kinds = self.offences_by_kind.iter();
        let kinds = kinds.map(|(kind, n)| (kind.as_str().to_owned(), json!(n)));
        let offences = self.offences.iter().map(|offence| {
            json!({
                "kind": offence.kind.as_str(), "job_id": offence.job_id,
                "fire_at": offence.fire_at.map(shown), "row_id": offence.row_id,
                "text": offence.text,
            })
        });
        json!({
            "proven": self.is_proven(),
            "range": {"from": self.from.map(shown), "to": self.to.map(shown)},
            "jobs": self.jobs,
            "versions": self.versions,
            "planned": self.planned,
            "lost": self.lost,
            "rows": self.rows,
            "manual": self.manual,
            "open": self.open,
            "states": states.collect::<Vec<_>>(),
            "sent": self.sent,
            "received": self.received,
            "duplicates_allowed": self.duplicates_allowed,
            "lateness": lateness.collect::<Vec<_>>(),
            "offences_total": self.offences_total(),
            "offences_by_kind": kinds.collect::<serde_json::Map<_, _>>(),
            "offences": offences.collect::<Vec<_>>(),
        })
    }

    /// The report for people.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut lines = vec![
            format!(
                "range: {} to {}",
                self.from.map_or("all that is kept".to_owned(), shown),
                self.to.map_or("what has been planned".to_owned(), shown),
            ),
            format!("jobs: {}, in {} versions", self.jobs, self.versions),
            format!("planned fire times: {}", self.planned),
            format!(
                "rows of the ledger: {}, {} of them asked for by hand",
                self.rows, self.manual
            ),
        ];
        for ((state, reason), tally) in &self.states {
            let reason = reason.as_ref().map(|reason| format!("({reason})"));
            let name = format!("{state}{}", reason.unwrap_or_default());
            let beyond = match tally.fire_times > tally.rows {
                true => format!(", which stand for {} fire times", tally.fire_times),
                false => String::new(),
            };
            lines.push(format!("  {name}: {}{beyond}", tally.rows));
        }
        lines.push(format!("sent: {}", self.sent));
        if let Some(received) = self.received {
            let again = self.duplicates_allowed;
            lines.push(format!(
                "received: {received}, {again} of them once more, as allowed"
            ));
        }
        lines.push("lateness of what was sent:".to_owned());
        let bounds = BUCKETS_MS.iter().map(|most| format!("up to {most} ms"));
        let bounds = bounds.chain(["more".to_owned()]);
        for (bound, n) in bounds.zip(&self.lateness).filter(|(_, n)| **n > 0) {
            lines.push(format!("  {bound}: {n}"));
        }
        lines.extend(self.verdict());
        lines.join("\n")
    }

    fn verdict(&self) -> Vec<String> {
        if self.is_proven() {
            let proven = "proven: every planned occurrence has exactly one final state";
            return vec![match self.open {
                0 => proven.to_owned(),
                open => format!("{proven}, or is one of the {open} that are under way"),
            }];
        }
        let total = self.offences_total();
        let mut lines = vec![format!("NOT proven, offences: {total}")];
        for offence in &self.offences {
            let at = offence.fire_at.map(|at| format!(" at {}", shown(at)));
            let row = offence.row_id.map(|row| format!(", row {row}"));
            lines.push(format!(
                "  {}: job {:?}{}{}: {}",
                offence.kind.as_str(),
                offence.job_id,
                at.unwrap_or_default(),
                row.unwrap_or_default(),
                offence.text
            ));
        }
        let rest = total - self.offences.len() as u64;
        if rest > 0 {
            lines.push(format!("  and {rest} more"));
        }
        lines
    }
}

/// An instant as the report has it.
pub(super) fn shown(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
