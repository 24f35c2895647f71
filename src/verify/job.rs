//! One job: its planned fire times against its rows, both in the order of time.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::plan::{Due, Duty, Planned, Window, whole_ms};
use super::receipts::{Receipt, Receipts};
use super::report::{Kind, Offence, Report, shown};
use super::{Wanted, row};
use crate::domain::occurrence::{OccurrenceKind, OccurrenceState};
use crate::domain::policy::Delivery;
use crate::store::evidence::{JobEvidence, JobVersion, Premises, RowEvidence};

/// How much longer than its lease a replica may hold what another one, which lives,
/// ought to have taken over, in seconds.
const STALE_S: i64 = 60;
/// How many fire times in a row are looked for that have no row.
const MOST_MISSING: u64 = 1_000_000;

/// The job that is looked at.
pub struct JobCheck<'a> {
    job: &'a JobEvidence,
    wanted: &'a Wanted,
    premises: &'a Premises,
    window: Window,
    planned: Planned<'a>,
    /// Fire times of other versions, within a row that stands for several of one.
    between: BTreeMap<DateTime<Utc>, Due>,
    /// The row of the schedule that reaches furthest so far.
    covered: Option<Covered>,
    /// Fire times that two versions have planned, within a row that stands for several
    /// of one: they may have a row of the other one, too.
    again: BTreeSet<DateTime<Utc>>,
    gap: Option<Gap>,
    /// Rows that wait for a run to end, and runs that go on, by kind.
    waiting: [Option<i64>; 2],
    going_on: [bool; 2],
    sent_twice_if_need_be: bool,
}

/// The fire times that a row stands for.
#[derive(Clone, Copy)]
struct Covered {
    row_id: i64,
    first: DateTime<Utc>,
    last: DateTime<Utc>,
}

/// Planned fire times in a row that no row stands for.
struct Gap {
    duty: Duty,
    first: DateTime<Utc>,
    last: DateTime<Utc>,
    count: u64,
}

impl<'a> JobCheck<'a> {
    pub fn new(job: &'a JobEvidence, wanted: &'a Wanted, premises: &'a Premises) -> Self {
        let window = Window {
            from: wanted.from.max(premises.kept_from).max(job.kept_from),
            to: wanted.to,
            unplanned: wanted.drained && wanted.to.is_some(),
            latest: premises.latest,
        };
        let delivered = job.versions.iter().map(|v| v.policies.delivery);
        Self {
            planned: Planned::new(&job.versions, &window),
            sent_twice_if_need_be: delivered.into_iter().any(|d| d == Delivery::AtLeastOnce),
            job,
            wanted,
            premises,
            window,
            between: BTreeMap::new(),
            covered: None,
            again: BTreeSet::new(),
            gap: None,
            waiting: [None; 2],
            going_on: [false; 2],
        }
    }

    /// The next row of the job.
    pub fn row(&mut self, row: &RowEvidence, receipts: Option<&mut Receipts>, report: &mut Report) {
        let fire_id = row.occurrence.fire_id();
        let came = receipts.map(|receipts| receipts.take(fire_id));
        self.note_open(row);
        let fire_at = row.occurrence.fire_at;
        let too_early = self.window.from.is_some_and(|from| row.last_fire_at < from);
        if too_early || self.window.to.is_some_and(|to| fire_at > to) {
            return;
        }
        report.count_row(row.state, row.reason.as_deref(), row.count);
        report.manual += u64::from(row.occurrence.kind == OccurrenceKind::Manual);
        report.sent += row::sends(row);
        if let Some(ms) = row::own_lateness_ms(row) {
            report.count_lateness(ms);
        }
        for (kind, text) in row::faults(row, self.wanted.tolerance) {
            report.offend(self.about(kind, row, text));
        }
        if let Some((kind, text)) = self.open_fault(row) {
            report.offend(self.about(kind, row, text));
        }
        if let Some(came) = came {
            self.received(row, came, report);
        }
        if row.occurrence.kind == OccurrenceKind::Scheduled {
            self.cover(row, report);
        }
    }

    /// No more rows.
    pub fn finish(mut self, report: &mut Report) {
        while self.gap.as_ref().is_none_or(|gap| gap.count < MOST_MISSING)
            && let Some(due) = self.next_due(None)
        {
            self.miss(due, report);
        }
        self.tell_gap(report);
        let stuck = self.waiting.iter().zip(self.going_on);
        let stuck = stuck.filter_map(|(waiting, going_on)| waiting.filter(|_| !going_on));
        for row_id in stuck {
            report.offend(Offence {
                kind: Kind::Stale,
                job_id: self.job.job_id.clone(),
                fire_at: None,
                row_id: Some(row_id),
                text: "it waits for a run to end, and none goes on".to_owned(),
            });
        }
    }

    /// The next planned fire time, if it is not after `last`.
    fn next_due(&mut self, last: Option<DateTime<Utc>>) -> Option<Due> {
        let in_time = |at: DateTime<Utc>| last.is_none_or(|last| at <= last);
        let planned = self.planned.peek();
        match self.between.first_entry() {
            Some(first) if planned.is_none_or(|due| *first.key() < due.at) => {
                in_time(*first.key()).then(|| first.remove())
            }
            _ => planned
                .filter(|due| in_time(due.at))
                .and_then(|_| self.planned.next()),
        }
    }

    /// Holds the planned fire times against one row of the schedule.
    fn cover(&mut self, row: &RowEvidence, report: &mut Report) {
        let (first, last) = (row.occurrence.fire_at, row.last_fire_at);
        while let Some(due) = self.next_due(Some(first - TimeDelta::milliseconds(1))) {
            self.miss(due, report);
        }
        self.tell_gap(report);
        let overlapped = self.covered.filter(|covered| covered.last >= first);
        self.again = self.again.split_off(&first);
        let again = self.again.contains(&first);
        let doubled = overlapped.filter(|other| !again && self.stands_for(other, first));
        if let Some(other) = doubled {
            let text = format!("row {} stands for this fire time, too", other.row_id);
            report.offend(self.about(Kind::Doubled, row, text));
        }
        let mut found: Vec<Due> = Vec::new();
        let mut aside = Vec::new();
        let mut count = 0_i64;
        while let Some(due) = self.next_due(Some(last)) {
            count += 1;
            let within = overlapped.is_some_and(|other| due.at <= other.last);
            aside.extend(within.then_some(due));
            self.again
                .extend((row.count > 1 && due.times > 1).then_some(due.at));
            found.truncate(1);
            found.push(due);
        }
        report.planned += u64::try_from(count).unwrap_or_default();
        if count != row.count && row.count > 1 {
            match self.set_others_aside(row, aside) {
                Some(others) => report.planned -= others,
                None if overlapped.is_some() => {
                    let text = "no version of the job has so many fire times in it".to_owned();
                    report.offend(self.about(Kind::WrongCount, row, text));
                }
                None => self.compare(row, &found, count, report),
            }
        } else if !again && doubled.is_none() {
            self.compare(row, &found, count, report);
        }
        if self.covered.is_none_or(|covered| covered.last < last) {
            let row_id = row.row_id;
            self.covered = Some(Covered {
                row_id,
                first,
                last,
            });
        }
    }

    /// Whether a row stands for that fire time: one version has its first and its last
    /// one, and this one.
    fn stands_for(&self, row: &Covered, at: DateTime<Utc>) -> bool {
        let mut versions = self.job.versions.iter();
        versions.any(|v| [row.first, row.last, at].iter().all(|at| has(v, *at)))
    }

    /// Where a row stands for several fire times of one version, and other versions
    /// have more between these: those are looked for in other rows, as are those that
    /// were set `aside` before. How many are.
    fn set_others_aside(&mut self, row: &RowEvidence, aside: Vec<Due>) -> Option<u64> {
        let (first, last) = (row.occurrence.fire_at, row.last_fire_at);
        let window = Window {
            from: self.window.from.max(Some(first)),
            to: Some(self.window.to.map_or(last, |to| to.min(last))),
            ..self.window
        };
        let whose = self.job.versions.iter().find(|version| {
            let all = Planned::new(&self.job.versions, &window);
            let own = all.filter(|due| has(version, due.at));
            has(version, first) && has(version, last) && own.count() as i64 == row.count
        })?;
        // Those up to where another row reaches were looked at with that one.
        let reached = self.covered.map(|covered| covered.last);
        let all = Planned::new(&self.job.versions, &window);
        let beyond = all.filter(|due| reached.is_none_or(|at| at < due.at));
        let others = aside.into_iter().chain(beyond);
        let others: Vec<Due> = others.filter(|due| !has(whose, due.at)).collect();
        self.between.extend(others.iter().map(|due| (due.at, *due)));
        Some(others.len() as u64)
    }

    /// Holds a row against the fire times it stands for: the first and the last one,
    /// and how many there are.
    fn compare(&self, row: &RowEvidence, found: &[Due], count: i64, report: &mut Report) {
        let (first, last) = (row.occurrence.fire_at, row.last_fire_at);
        let begins_before = self.window.from.is_some_and(|from| first < from);
        let ends_after = self.window.to.is_some_and(|to| last > to);
        if count == 0 && (begins_before || ends_after || self.planned.is_cut_off(first)) {
            return;
        }
        let begins = begins_before || found.first().is_some_and(|due| due.at == first);
        let ends = ends_after || found.last().is_some_and(|due| due.at == last);
        if !begins || !ends {
            let at = shown(if begins { last } else { first });
            let text = format!("no version of the job has the fire time {at}");
            report.offend(self.about(Kind::Unplanned, row, text));
        } else if count != row.count && !begins_before && !ends_after {
            let text = format!(
                "it stands for {} fire times up to {}, and says {}",
                count,
                shown(last),
                row.count
            );
            report.offend(self.about(Kind::WrongCount, row, text));
        }
        let begun = found.first().filter(|_| row.attempt > 0);
        if begun.is_some_and(|due| due.duty != Duty::Planned) {
            let text = "it was begun, and no version of the job has planned it".to_owned();
            report.offend(self.about(Kind::Unplanned, row, text));
        }
        if begun.is_some_and(|due| due.held) {
            let text = "the job was to wait for a later instant".to_owned();
            report.offend(self.about(Kind::SentInPause, row, text));
        }
    }

    fn miss(&mut self, due: Due, report: &mut Report) {
        report.planned += 1;
        match &mut self.gap {
            Some(gap) if gap.duty == due.duty => {
                gap.last = due.at;
                gap.count += 1;
            }
            _ => {
                self.tell_gap(report);
                self.gap = Some(Gap {
                    duty: due.duty,
                    first: due.at,
                    last: due.at,
                    count: 1,
                });
            }
        }
    }

    fn tell_gap(&mut self, report: &mut Report) {
        let Some(gap) = self.gap.take() else {
            return;
        };
        let (kind, what) = match gap.duty {
            Duty::Planned => (Kind::Missing, "planned, and no row tells what became of"),
            Duty::LeftUnplanned => (
                Kind::NeverPlanned,
                "due when the job was changed, and neither planned nor on record:",
            ),
            Duty::Behind => (Kind::Behind, "due, and not planned yet:"),
        };
        if kind != Kind::Behind {
            report.lost += gap.count;
        }
        let text = match gap.count {
            1 => format!("{what} it"),
            count => format!(
                "{what} it and those up to {}, {count} in all",
                shown(gap.last)
            ),
        };
        report.offend(Offence {
            kind,
            job_id: self.job.job_id.clone(),
            fire_at: Some(gap.first),
            row_id: None,
            text,
        });
    }

    fn note_open(&mut self, row: &RowEvidence) {
        let kind = usize::from(row.occurrence.kind == OccurrenceKind::Manual);
        match (row.state, row.queue.as_deref()) {
            (OccurrenceState::Claimed, Some("waiting")) => self.waiting[kind] = Some(row.row_id),
            (OccurrenceState::Claimed, Some(_)) | (OccurrenceState::Firing, _) => {
                self.going_on[kind] = true;
            }
            (OccurrenceState::Claimed, None) => self.going_on[kind] |= row.attempt > 0,
            _ => {}
        }
    }

    /// Why a row ought not to be open, if it is.
    fn open_fault(&self, row: &RowEvidence) -> Option<row::Fault> {
        if row.state.is_final() {
            return None;
        }
        if self.wanted.drained {
            return Some((Kind::Open, format!("it is {}", row.state.as_str())));
        }
        let stale = |text: &str| Some((Kind::Stale, text.to_owned()));
        if row.state == OccurrenceState::Claimed && !self.job.exists {
            return stale("its job is gone, so nobody will plan it");
        }
        let newest = *self.premises.leases.values().max()?;
        let late = |at: DateTime<Utc>| (newest - at).num_seconds() > STALE_S;
        match &row.replica {
            Some(replica) => match self.premises.leases.get(replica) {
                None => stale("it is held by a replica that has no lease"),
                Some(until) if late(*until) => {
                    stale("it is held by a replica whose lease ended long ago")
                }
                Some(_) => None,
            },
            None if row.queue.as_deref() == Some("waiting") => None,
            None if late(row.due_at) => stale("it is free, due long ago, and nobody adopts it"),
            None => None,
        }
    }

    /// Holds what came to the target against the attempts of a row.
    fn received(&self, row: &RowEvidence, came: &[Receipt], report: &mut Report) {
        let mut before: Option<u32> = None;
        for receipt in came {
            let number = receipt.attempt;
            if !row::may_have_left(row, number) {
                let text = format!("attempt {number} came, which the row has not sent");
                report.offend(self.about(Kind::ReceivedUnsent, row, text));
            } else if before == Some(number) {
                let text = format!("attempt {number} came twice");
                report.offend(self.about(Kind::ReceivedAgain, row, text));
            } else if let Some(open) = before.filter(|n| !row::is_recorded(row, *n)) {
                if self.sent_twice_if_need_be {
                    report.duplicates_allowed += 1;
                } else {
                    let text = format!("attempt {number} came, and so had attempt {open}");
                    report.offend(self.about(Kind::SentAgain, row, text));
                }
            }
            if receipt.at + self.wanted.tolerance < row.occurrence.fire_at {
                let text = format!("attempt {number} came at {}", shown(receipt.at));
                report.offend(self.about(Kind::ReceivedEarly, row, text));
            }
            before = Some(number);
        }
        let answered = row.state == OccurrenceState::Succeeded;
        if answered && !came.iter().any(|receipt| receipt.attempt == row.attempt) {
            let text = format!("attempt {} succeeded and never came", row.attempt);
            report.offend(self.about(Kind::NotReceived, row, text));
        }
    }

    fn about(&self, kind: Kind, row: &RowEvidence, text: String) -> Offence {
        Offence {
            kind,
            job_id: self.job.job_id.clone(),
            fire_at: Some(row.occurrence.fire_at),
            row_id: Some(row.row_id),
            text,
        }
    }
}

/// Whether a version has that fire time, planned or not.
fn has(version: &JobVersion, at: DateTime<Utc>) -> bool {
    version.first.is_some_and(|first| first <= at)
        && (version.first == Some(at)
            || version.schedule.next_at_or_after(at).map(whole_ms) == Some(at))
}
