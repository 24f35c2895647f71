//! One job: its planned fire times against its rows, both in the order of time.

use chrono::{DateTime, Utc};

use super::plan::{Due, Duty, Planned, Window};
use super::receipts::{Receipt, Receipts};
use super::report::{Kind, Offence, Report, shown};
use super::{Wanted, row};
use crate::domain::occurrence::{OccurrenceKind, OccurrenceState};
use crate::domain::policy::Delivery;
use crate::store::evidence::{JobEvidence, Premises, RowEvidence};

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
    /// The last fire time that a row of the schedule stands for, and that row.
    covered: Option<(DateTime<Utc>, i64)>,
    gap: Option<Gap>,
    /// Rows that wait for a run to end, and runs that go on, by kind.
    waiting: [Option<i64>; 2],
    going_on: [bool; 2],
    sent_twice_if_need_be: bool,
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
            covered: None,
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
            && let Some(due) = self.planned.next()
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

    /// Holds the planned fire times against one row of the schedule.
    fn cover(&mut self, row: &RowEvidence, report: &mut Report) {
        let (first, last) = (row.occurrence.fire_at, row.last_fire_at);
        while let Some(due) = self.planned.peek().filter(|due| due.at < first) {
            self.planned.next();
            self.miss(due, report);
        }
        self.tell_gap(report);
        let overlapped = self.covered.filter(|(covered, _)| *covered >= first);
        if let Some((_, other)) = overlapped {
            let text = format!("row {other} stands for this fire time, too");
            report.offend(self.about(Kind::Doubled, row, text));
        }
        let mut found: Vec<Due> = Vec::new();
        let mut count = 0_i64;
        while let Some(due) = self.planned.peek().filter(|due| due.at <= last) {
            self.planned.next();
            report.planned += 1;
            count += 1;
            found.truncate(1);
            found.push(due);
        }
        if overlapped.is_none() {
            self.compare(row, &found, count, report);
        }
        if self.covered.is_none_or(|(covered, _)| covered < last) {
            self.covered = Some((last, row.row_id));
        }
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
