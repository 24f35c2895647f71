//! The proof of a ledger: every fire time that was planned, worked out anew from the
//! versions of the jobs, has come to exactly one end; and what a target received is
//! what was sent.
//!
//! Reads one state of the store from end to end, in the order of jobs and fire times,
//! so that its memory does not grow with the ledger; only the target's log is held as
//! a whole. Uses the schedules of the domain and nothing by which the server plans.

mod job;
pub mod plan;
pub mod receipts;
pub mod report;
mod row;
#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};

use self::job::JobCheck;
pub use self::receipts::Receipts;
pub use self::report::{Kind, Offence, Report};
use crate::store::StoreError;
use crate::store::sqlite::Snapshot;

/// What is to be proven.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Only fire times from this one on.
    pub from: Option<DateTime<Utc>>,
    /// Only fire times up to this one.
    pub to: Option<DateTime<Utc>>,
    /// Nothing may be open; with `to`, nothing that is due up to it unplanned.
    pub drained: bool,
    /// How far instants may be off, for clocks that are not set alike.
    pub tolerance: TimeDelta,
}

/// Reads the database of `url` and looks for what speaks against the proof.
///
/// # Errors
/// When the database cannot be read.
pub async fn verify(
    url: &str,
    wanted: &Wanted,
    mut receipts: Option<Receipts>,
) -> Result<Report, StoreError> {
    let mut snapshot = Snapshot::open(url).await?;
    let premises = snapshot.premises().await?;
    let mut report = Report {
        from: wanted.from.max(premises.kept_from),
        to: wanted.to,
        received: receipts.as_ref().map(|receipts| receipts.len() as u64),
        ..Report::default()
    };
    let mut after = String::new();
    let mut cut_up_to = report.from;
    loop {
        let jobs = snapshot.jobs(&after).await?;
        let Some(last) = jobs.last() else {
            break;
        };
        let mut rows = Snapshot::rows(&after, &last.job_id);
        let mut row = snapshot.next_row(&mut rows).await?;
        for job in &jobs {
            report.jobs += 1;
            report.versions += job.versions.len() as u64;
            cut_up_to = cut_up_to.max(job.kept_from);
            let mut check = JobCheck::new(job, wanted, &premises);
            while let Some(found) = &row
                && found.occurrence.job_id.as_str() == job.job_id
            {
                check.row(found, receipts.as_mut(), &mut report);
                row = snapshot.next_row(&mut rows).await?;
            }
            check.finish(&mut report);
        }
        after.clone_from(&last.job_id);
    }
    snapshot.close().await?;
    if let Some(receipts) = &receipts {
        without_row(receipts, cut_up_to, &mut report);
    }
    Ok(report)
}

/// Tells of requests that no row is about, where all rows are kept.
fn without_row(receipts: &Receipts, kept_from: Option<DateTime<Utc>>, report: &mut Report) {
    for receipt in receipts.left() {
        if kept_from.is_some_and(|from| receipt.at < from) {
            continue;
        }
        report.offend(Offence {
            kind: Kind::ReceivedWithoutRow,
            job_id: String::new(),
            fire_at: None,
            row_id: None,
            text: format!(
                "fire id {}, attempt {}, came at {}",
                receipt.fire_id,
                receipt.attempt,
                report::shown(receipt.at)
            ),
        });
    }
}
