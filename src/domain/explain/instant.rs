//! Why a job did, or did not, fire at an instant: from its record, or, where
//! there is none, from the job as it is.

use chrono::{DateTime, Utc};

use super::{Sentence, run, words};
use crate::domain::job::{Job, JobState};
use crate::domain::occurrence::LedgerEntry;

/// What is asked, and what is known.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    /// The instant in question.
    pub at: DateTime<Utc>,
    /// Now.
    pub now: DateTime<Utc>,
    /// The job, if it is still there.
    pub job: Option<&'a Job>,
    /// What the ledger has for the instant.
    pub run: Option<&'a LedgerEntry>,
}

impl At<'_> {
    /// What is on record of the instant. A row that stands for several fire times
    /// says nothing of what lies between them.
    #[must_use]
    pub fn recorded(&self) -> Option<&LedgerEntry> {
        let at = self.at;
        self.run.filter(|run| {
            let is_end = at == run.occurrence.fire_at || at == run.last_fire_at;
            let known = self
                .job
                .filter(|job| job.updated_at <= run.occurrence.fire_at);
            is_end || known.is_none_or(|job| is_fire_time(job, at))
        })
    }
}

/// How the matter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// There is a record; it tells.
    Recorded,
    /// The instant is to come, and the job will fire then.
    ToCome,
    /// Its time has come, and it is about to be planned.
    Due,
    /// It is no fire time of the job.
    NoFireTime,
    /// The job is, or was, paused.
    Paused,
    /// The job was added later.
    NotYetAdded,
    /// A fire time of the job as it is, of which nothing is on record.
    NotPlanned,
    /// The job is gone, and has no record for the instant.
    Gone,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 8] = [
        Self::Recorded,
        Self::ToCome,
        Self::Due,
        Self::NoFireTime,
        Self::Paused,
        Self::NotYetAdded,
        Self::NotPlanned,
        Self::Gone,
    ];

    /// The word used on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::ToCome => "to_come",
            Self::Due => "due",
            Self::NoFireTime => "no_fire_time",
            Self::Paused => "paused",
            Self::NotYetAdded => "not_yet_added",
            Self::NotPlanned => "not_planned",
            Self::Gone => "gone",
        }
    }
}

/// How the matter stands, and the sentence that says so.
#[must_use]
pub fn at(asked: &At<'_>) -> (Verdict, Sentence) {
    if let Some(entry) = asked.recorded() {
        return (Verdict::Recorded, run(entry));
    }
    match asked.job {
        Some(job) if asked.at > asked.now => to_come(job, asked.at),
        Some(job) => past(job, asked.at),
        None => (
            Verdict::Gone,
            Sentence::new(
                "The job is gone, and its history has nothing for this instant.",
                "任务已不存在，其历史中也没有这一时刻的记录。",
            ),
        ),
    }
}

fn is_fire_time(job: &Job, at: DateTime<Utc>) -> bool {
    job.schedule.next_at_or_after(at) == Some(at)
}

fn to_come(job: &Job, at: DateTime<Utc>) -> (Verdict, Sentence) {
    if !is_fire_time(job, at) {
        let sentence = Sentence::new(
            "The job will not fire then: it is no fire time of its schedule.",
            "届时不会触发：这不是该任务计划中的触发时间。",
        );
        return (Verdict::NoFireTime, sentence);
    }
    if job.state == JobState::Paused {
        let sentence = Sentence::new(
            "The job is paused: it will not fire then unless it is resumed before.",
            "任务已暂停：除非在此之前恢复，否则届时不会触发。",
        );
        return (Verdict::Paused, sentence);
    }
    match job.policies.pause_until {
        Some(until) if at < until => {
            let until = words::instant(until);
            let sentence = Sentence::new(
                format!("The job will not fire then: it is paused until {until}."),
                format!("届时不会触发：任务暂停至 {until}。"),
            );
            (Verdict::Paused, sentence)
        }
        _ => (
            Verdict::ToCome,
            Sentence::new(
                "To come: it is a fire time of the job.",
                "尚未到来：这是该任务的触发时间。",
            ),
        ),
    }
}

fn past(job: &Job, at: DateTime<Utc>) -> (Verdict, Sentence) {
    let created = DateTime::from_timestamp_millis(job.revision.created_ms);
    if let Some(created) = created.filter(|created| at < *created) {
        let created = words::instant(created);
        let sentence = Sentence::new(
            format!("The job was not there yet: it was added at {created}."),
            format!("当时还没有该任务：它添加于 {created}。"),
        );
        return (Verdict::NotYetAdded, sentence);
    }
    let changed = Some(job.updated_at).filter(|changed| *changed > at);
    if !is_fire_time(job, at) {
        return (Verdict::NoFireTime, no_fire_time(changed));
    }
    match (changed, job.state, job.next_fire_at) {
        (None, JobState::Paused, _) => (
            Verdict::Paused,
            Sentence::new(
                "Not fired: the job was paused.",
                "未触发：任务当时处于暂停状态。",
            ),
        ),
        (_, JobState::Running, Some(next)) if next <= at => (
            Verdict::Due,
            Sentence::new(
                "Its time has come: it is about to be planned.",
                "时间已到：即将安排发送。",
            ),
        ),
        _ => (Verdict::NotPlanned, not_planned(changed)),
    }
}

fn no_fire_time(changed: Option<DateTime<Utc>>) -> Sentence {
    match changed.map(words::instant) {
        None => Sentence::new(
            "Not fired: it is no fire time of the job's schedule.",
            "未触发：这不是该任务计划中的触发时间。",
        ),
        Some(changed) => Sentence::new(
            format!(
                "Not fired: it is no fire time of the job's schedule as it is since {changed}."
            ),
            format!("未触发：按照 {changed} 起的任务定义，这不是触发时间。"),
        ),
    }
}

fn not_planned(changed: Option<DateTime<Utc>>) -> Sentence {
    match changed.map(words::instant) {
        None => Sentence::new(
            "Nothing is on record of this fire time; it may have been removed from the history.",
            "没有这一触发时间的记录；它可能已从历史中清除。",
        ),
        Some(changed) => Sentence::new(
            format!(
                "Not planned: the job was paused or had another definition until {changed}, \
                 or the record has been removed from the history."
            ),
            format!("未安排：任务在 {changed} 之前处于暂停或为其他定义，或该记录已从历史中清除。"),
        ),
    }
}
