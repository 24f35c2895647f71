//! The answers of the inherited endpoints: the envelope and what lies in it.

use axum::Json;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Timelike, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::trigger::Trigger;
use crate::service::JobView;

/// What every inherited endpoint answers with, also when it refuses.
#[derive(Debug, Serialize, ToSchema)]
pub struct Envelope<T> {
    /// Whether the request did what it asked for.
    pub success: bool,
    /// Why not; empty texts on success.
    pub error: EnvelopeError,
    /// What was asked for; `{}` when there is nothing to tell.
    pub data: T,
}

/// Why a request was refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnvelopeError {
    /// A number as text: 10010 to 10013 unknown id, 30001 no interval given.
    #[schema(example = "")]
    pub code: &'static str,
    /// The same for people.
    #[schema(example = "")]
    pub message: &'static str,
}

/// Nothing: `{}`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Empty {}

/// The id of the job that was added.
#[derive(Debug, Serialize, ToSchema)]
pub struct Added {
    /// The id sent, or the one made up.
    #[schema(example = "cron_job_333")]
    pub job_id: String,
}

/// The jobs found, and how many.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskList {
    /// By next run, ties in the order of adding, those without one last.
    pub task_list: Vec<JobObject>,
    /// How many.
    #[schema(example = 1)]
    pub total: usize,
}

/// A job.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobObject {
    /// Its name.
    #[schema(example = "cron_job_333")]
    pub job_id: String,
    /// Always `requests_url`.
    #[schema(example = "requests_url")]
    pub name: &'static str,
    /// `cron`, `date` or `interval`.
    #[serde(rename = "type")]
    #[schema(example = "cron")]
    pub kind: &'static str,
    /// When it fires.
    pub data: TriggerData,
    /// The address that gets a GET request.
    #[schema(example = "http://127.0.0.1:8000/healthz?id=333")]
    pub request_url: String,
    /// The next run (UTC); null for a job that is paused or never fires.
    #[schema(required = true, example = "2099-12-31T23:59:59+00:00")]
    pub next_run_time: Option<String>,
    /// `running` or `paused`.
    #[schema(example = "running")]
    pub status: &'static str,
}

/// The parts of a trigger, by type of job.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum TriggerData {
    Cron(CronData),
    Date(DateData),
    Interval(IntervalData),
}

/// In canonical form; `year` and `week` are always `*`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CronData {
    /// Always `*`.
    year: String,
    /// 1 to 12 or jan to dec.
    month: String,
    /// 1 to 31, `last`, or a position and a weekday.
    day: String,
    /// Always `*`.
    week: String,
    /// 0 (Monday) to 6 or mon to sun.
    day_of_week: String,
    /// 0 to 23.
    hour: String,
    /// 0 to 59.
    minute: String,
    /// 0 to 59.
    second: String,
}

/// In UTC.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DateData {
    /// 1 to 9999.
    year: i64,
    /// 1 to 12.
    month: i64,
    /// 1 to 31.
    day: i64,
    /// 0 to 23.
    hour: i64,
    /// 0 to 59.
    minute: i64,
    /// 0 to 59.
    second: i64,
}

/// The distance between two runs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IntervalData {
    /// 0 or more; may exceed 23.
    hour: i64,
    /// 0 to 59.
    minute: i64,
    /// 0 to 59.
    second: i64,
}

impl<T> Envelope<T> {
    /// The request did what it asked for.
    pub fn success(data: T) -> Json<Self> {
        let none = EnvelopeError {
            code: "",
            message: "",
        };
        Json(Self {
            success: true,
            error: none,
            data,
        })
    }
}

impl Envelope<Empty> {
    /// The request was refused.
    pub fn refusal(code: &'static str, message: &'static str) -> Response {
        Json(Self {
            success: false,
            error: EnvelopeError { code, message },
            data: Empty {},
        })
        .into_response()
    }
}

impl From<Vec<JobView>> for TaskList {
    fn from(jobs: Vec<JobView>) -> Self {
        Self {
            total: jobs.len(),
            task_list: jobs.into_iter().map(JobObject::from).collect(),
        }
    }
}

impl From<JobView> for JobObject {
    fn from(JobView { job, next_run_at }: JobView) -> Self {
        Self {
            job_id: job.id.to_string(),
            name: "requests_url",
            kind: job.schedule.trigger().kind().as_str(),
            data: TriggerData::from(job.schedule.trigger()),
            request_url: job.request.url.clone(),
            next_run_time: next_run_at.map(isoformat),
            status: job.state.as_str(),
        }
    }
}

impl From<&Trigger> for TriggerData {
    fn from(trigger: &Trigger) -> Self {
        match trigger {
            Trigger::Cron(cron) => {
                let fields = cron.canonical().clone();
                Self::Cron(CronData {
                    year: fields.year,
                    month: fields.month,
                    day: fields.day,
                    week: fields.week,
                    day_of_week: fields.day_of_week,
                    hour: fields.hour,
                    minute: fields.minute,
                    second: fields.second,
                })
            }
            Trigger::Date(date) => {
                let parts = date.parts();
                Self::Date(DateData {
                    year: parts.year,
                    month: parts.month,
                    day: parts.day,
                    hour: parts.hour,
                    minute: parts.minute,
                    second: parts.second,
                })
            }
            Trigger::Interval(interval) => {
                let parts = interval.parts();
                Self::Interval(IntervalData {
                    hour: parts.hour,
                    minute: parts.minute,
                    second: parts.second,
                })
            }
        }
    }
}

/// Python's `datetime.isoformat()`: six digits of a second, or none at all.
fn isoformat(at: DateTime<Utc>) -> String {
    let form = if at.nanosecond() / 1000 == 0 {
        "%Y-%m-%dT%H:%M:%S+00:00"
    } else {
        "%Y-%m-%dT%H:%M:%S%.6f+00:00"
    };
    at.format(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_look_as_python_writes_them() {
        let cases = [
            ("2099-12-31T23:59:59Z", "2099-12-31T23:59:59+00:00"),
            (
                "2026-11-22T15:49:02.134Z",
                "2026-11-22T15:49:02.134000+00:00",
            ),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:00"),
        ];
        for (instant, text) in cases {
            assert_eq!(isoformat(instant.parse().unwrap()), text);
        }
    }
}
