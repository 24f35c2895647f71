//! Why there is no row of the ledger for an instant.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::domain::words::Words;

/// What an instant is to a job whose ledger has nothing for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A fire time that is still to come.
    ToCome,
    /// A fire time to come, at which the job will not fire: it is paused.
    PausedNow,
    /// A fire time of the present schedule, from before the job was added.
    BeforeAdded(DateTime<Utc>),
    /// A fire time of the present schedule, from before the job was last changed.
    BeforeChanged(DateTime<Utc>),
    /// A past fire time that was never planned, or whose row is gone.
    NotPlanned,
    /// None of the fire times of its schedule.
    NoFireTime,
    /// There is no job of that id any more.
    JobGone,
}

impl Moment {
    /// The word for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ToCome => "to_come",
            Self::PausedNow => "paused",
            Self::BeforeAdded(_) => "before_added",
            Self::BeforeChanged(_) => "before_changed",
            Self::NotPlanned => "not_planned",
            Self::NoFireTime => "no_fire_time",
            Self::JobGone => "job_gone",
        }
    }

    /// The sentence for people.
    #[must_use]
    pub fn words(self) -> Words {
        let (en, zh) = match self {
            Self::ToCome => (
                "It is a fire time of the job that is still to come.".to_owned(),
                "这是该任务尚未到来的触发时间。".to_owned(),
            ),
            Self::PausedNow => (
                "It would be a fire time of the job, but the job is paused.".to_owned(),
                "这本是该任务的触发时间，但任务已暂停。".to_owned(),
            ),
            Self::BeforeAdded(at) => (
                format!("The job was not there yet: it was added at {}.", shown(at)),
                format!("当时该任务还不存在：它添加于 {}。", shown(at)),
            ),
            Self::BeforeChanged(at) => (
                format!(
                    "The job fires then by its present definition, but that is of {}; by the one \
                     before, nothing was planned for this instant.",
                    shown(at)
                ),
                format!(
                    "按现在的定义这是触发时间，但该定义始于 {}；此前的定义在这一时刻没有安排触发。",
                    shown(at)
                ),
            ),
            Self::NotPlanned => (
                "Nothing was planned for it: the job was paused at that time, or its record is \
                 older than what is kept."
                    .to_owned(),
                "当时没有安排触发：任务处于暂停状态，或者该记录已超过保留期限。".to_owned(),
            ),
            Self::NoFireTime => (
                "It is no fire time of the job.".to_owned(),
                "这不是该任务的触发时间。".to_owned(),
            ),
            Self::JobGone => (
                "The job has been removed, and its record has nothing for this instant.".to_owned(),
                "该任务已被删除，其记录中没有这一时刻。".to_owned(),
            ),
        };
        Words { en, zh }
    }
}

fn shown(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
