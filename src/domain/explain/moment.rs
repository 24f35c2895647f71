//! Why a job did, or did not, fire at an instant: from its record, or, where
//! there is none, from the job as it is.

use chrono::{DateTime, Utc};

use super::{Words, explain, lengths, words};
use crate::domain::job::{Job, JobState};
use crate::domain::occurrence::LedgerEntry;

/// What is asked of an instant, and what is known.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The instant in question.
    pub at: DateTime<Utc>,
    /// Now.
    pub now: DateTime<Utc>,
    /// The job, if it is still there.
    pub job: Option<&'a Job>,
    /// What the ledger has for the instant.
    pub run: Option<&'a LedgerEntry>,
}

impl Asked<'_> {
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

    /// What the instant is to the job, where nothing is on record, and the
    /// sentence that answers in either case.
    #[must_use]
    pub fn answer(&self) -> (Option<Moment>, Words) {
        if let Some(entry) = self.recorded() {
            return (None, explain(entry));
        }
        let (moment, words) = match self.job {
            Some(job) if self.at > self.now => to_come(job, self.at),
            Some(job) => past(job, self.at),
            None => (
                Moment::JobGone,
                words(
                    "The job is gone, and its history has nothing for this instant.",
                    "任务已不存在，其历史中也没有这一时刻的记录。",
                ),
            ),
        };
        (Some(moment), words)
    }
}

/// What an instant is to a job that has nothing on record for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// A fire time that is to come, or about to be planned.
    ToCome,
    /// No fire time of the job.
    NoFireTime,
    /// A fire time at which the job does not fire: it is, or was, paused.
    Paused,
    /// From before the job was added.
    BeforeAdded,
    /// A fire time of the job as it is, from before it was last changed.
    BeforeChanged,
    /// A fire time that was never planned, or whose record is gone.
    NotPlanned,
    /// There is no such job any more.
    JobGone,
}

impl Moment {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::ToCome,
        Self::NoFireTime,
        Self::Paused,
        Self::BeforeAdded,
        Self::BeforeChanged,
        Self::NotPlanned,
        Self::JobGone,
    ];

    /// The word used on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ToCome => "to_come",
            Self::NoFireTime => "no_fire_time",
            Self::Paused => "paused",
            Self::BeforeAdded => "before_added",
            Self::BeforeChanged => "before_changed",
            Self::NotPlanned => "not_planned",
            Self::JobGone => "job_gone",
        }
    }
}

fn is_fire_time(job: &Job, at: DateTime<Utc>) -> bool {
    job.schedule.next_at_or_after(at) == Some(at)
}

fn to_come(job: &Job, at: DateTime<Utc>) -> (Moment, Words) {
    if !is_fire_time(job, at) {
        let sentence = words(
            "The job will not fire then: it is no fire time of its schedule.",
            "届时不会触发：这不是该任务计划中的触发时间。",
        );
        return (Moment::NoFireTime, sentence);
    }
    if job.state == JobState::Paused {
        let sentence = words(
            "The job is paused: it will not fire then unless it is resumed before.",
            "任务已暂停：除非在此之前恢复，否则届时不会触发。",
        );
        return (Moment::Paused, sentence);
    }
    match job.policies.pause_until {
        Some(until) if at < until => {
            let until = lengths::instant(until);
            let sentence = words(
                format!("The job will not fire then: it is paused until {until}."),
                format!("届时不会触发：任务暂停至 {until}。"),
            );
            (Moment::Paused, sentence)
        }
        _ => (
            Moment::ToCome,
            words(
                "To come: it is a fire time of the job.",
                "尚未到来：这是该任务的触发时间。",
            ),
        ),
    }
}

fn past(job: &Job, at: DateTime<Utc>) -> (Moment, Words) {
    let created = DateTime::from_timestamp_millis(job.revision.created_ms);
    if let Some(created) = created.filter(|created| at < *created) {
        let created = lengths::instant(created);
        let sentence = words(
            format!("The job was not there yet: it was added at {created}."),
            format!("当时还没有该任务：它添加于 {created}。"),
        );
        return (Moment::BeforeAdded, sentence);
    }
    let changed = Some(job.updated_at).filter(|changed| *changed > at);
    if !is_fire_time(job, at) {
        return (Moment::NoFireTime, no_fire_time(changed));
    }
    match (changed, job.state, job.next_fire_at) {
        (None, JobState::Paused, _) => (
            Moment::Paused,
            words(
                "Not fired: the job was paused.",
                "未触发：任务当时处于暂停状态。",
            ),
        ),
        (_, JobState::Running, Some(next)) if next <= at => (
            Moment::ToCome,
            words(
                "Its time has come: it is about to be planned.",
                "时间已到：即将安排发送。",
            ),
        ),
        (Some(changed), ..) => (Moment::BeforeChanged, before_changed(changed)),
        (None, ..) => (
            Moment::NotPlanned,
            words(
                "Nothing is on record of this fire time; it may have been removed from the history.",
                "没有这一触发时间的记录；它可能已从历史中清除。",
            ),
        ),
    }
}

fn no_fire_time(changed: Option<DateTime<Utc>>) -> Words {
    match changed.map(lengths::instant) {
        None => words(
            "Not fired: it is no fire time of the job's schedule.",
            "未触发：这不是该任务计划中的触发时间。",
        ),
        Some(changed) => words(
            format!(
                "Not fired: it is no fire time of the job's schedule as it is since {changed}."
            ),
            format!("未触发：按照 {changed} 起的任务定义，这不是触发时间。"),
        ),
    }
}

fn before_changed(changed: DateTime<Utc>) -> Words {
    let changed = lengths::instant(changed);
    words(
        format!(
            "Not planned: the job was paused or had another definition until {changed}, or the \
             record has been removed from the history."
        ),
        format!("未安排：任务在 {changed} 之前处于暂停或为其他定义，或该记录已从历史中清除。"),
    )
}
