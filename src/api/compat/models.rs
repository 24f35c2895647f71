//! The bodies of the inherited add endpoints.

use utoipa::ToSchema;

use super::body::Model;
use super::fields::Fields;
use crate::domain::trigger::CronFields;
use crate::service::{NewJob, TriggerSpec};

/// A job that fires once, at a moment given in UTC.
#[derive(Debug, ToSchema)]
pub struct DateJob {
    /// The name of the job, at most 16 KiB; empty: the server makes one up.
    #[schema(example = "date_job_111")]
    pub job_id: String,
    /// The address that gets a GET request. Not checked.
    #[schema(example = "http://127.0.0.1:8000/healthz?id=111")]
    pub url: String,
    /// The year, 1 to 9999.
    #[schema(value_type = i64, minimum = 1, maximum = 9999, example = 2099)]
    pub year: i128,
    /// The month, 1 to 12.
    #[schema(value_type = i64, minimum = 1, maximum = 12, example = 12)]
    pub month: i128,
    /// The day, 1 to the length of the month.
    #[schema(value_type = i64, minimum = 1, maximum = 31, example = 31)]
    pub day: i128,
    /// The hour, 0 to 23.
    #[schema(value_type = i64, minimum = 0, maximum = 23, example = 23)]
    pub hour: i128,
    /// The minute, 0 to 59.
    #[schema(value_type = i64, minimum = 0, maximum = 59, example = 59)]
    pub minute: i128,
    /// The second, 0 to 59.
    #[schema(value_type = i64, minimum = 0, maximum = 59, example = 59)]
    pub second: i128,
}

/// A job that fires again and again at equal distances. At least one part is
/// needed; a part left out counts as 0, a total of 0 as one second.
#[derive(Debug, ToSchema)]
pub struct IntervalJob {
    /// The name of the job, at most 16 KiB; empty: the server makes one up.
    #[schema(example = "interval_job_222")]
    pub job_id: String,
    /// The address that gets a GET request. Not checked.
    #[schema(example = "http://127.0.0.1:8000/healthz?id=222")]
    pub url: String,
    /// Hours; may exceed 23.
    #[schema(value_type = i64, required = false, example = 0)]
    pub hours: Option<i128>,
    /// Minutes; may exceed 59.
    #[schema(value_type = i64, required = false, example = 0)]
    pub minutes: Option<i128>,
    /// Seconds; may exceed 59.
    #[schema(value_type = i64, required = false, example = 10)]
    pub seconds: Option<i128>,
}

/// A job that fires whenever the clock (UTC) matches all fields.
#[derive(Debug, ToSchema)]
pub struct CronJob {
    /// The name of the job, at most 16 KiB; empty: the server makes one up.
    #[schema(example = "cron_job_333")]
    pub job_id: String,
    /// The address that gets a GET request. Not checked.
    #[schema(example = "http://127.0.0.1:8000/healthz?id=333")]
    pub url: String,
    /// 0 to 59: `*/n`, `a`, `a-b`, `a-b/n`, `a/n`, and lists of these. A lone
    /// `*` means 0; write `*/1` for every second.
    #[schema(required = false, default = "0", example = "0")]
    pub second: String,
    /// 0 to 59.
    #[schema(required = false, default = "*", example = "*/3")]
    pub minute: String,
    /// 0 to 23.
    #[schema(required = false, default = "*", example = "*")]
    pub hour: String,
    /// 1 to 31, `last`, or a position and a weekday such as `2nd tue`.
    #[schema(required = false, default = "*", example = "*")]
    pub day: String,
    /// 1 to 12 or jan to dec.
    #[schema(required = false, default = "*", example = "*")]
    pub month: String,
    /// 0 (Monday) to 6 (Sunday) or mon to sun. Must match as well as `day`.
    #[schema(required = false, default = "*", example = "*")]
    pub day_of_week: String,
}

impl Model for DateJob {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            job_id: fields.text("job_id"),
            url: fields.text("url"),
            year: fields.int("year"),
            month: fields.int("month"),
            day: fields.int("day"),
            hour: fields.int("hour"),
            minute: fields.int("minute"),
            second: fields.int("second"),
        }
    }
}

impl Model for IntervalJob {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            job_id: fields.text("job_id"),
            url: fields.text("url"),
            hours: fields.optional_int("hours"),
            minutes: fields.optional_int("minutes"),
            seconds: fields.optional_int("seconds"),
        }
    }
}

impl Model for CronJob {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            job_id: fields.text("job_id"),
            url: fields.text("url"),
            second: fields.text_or("second", "0"),
            minute: fields.text_or("minute", "*"),
            hour: fields.text_or("hour", "*"),
            day: fields.text_or("day", "*"),
            month: fields.text_or("month", "*"),
            day_of_week: fields.text_or("day_of_week", "*"),
        }
    }
}

impl DateJob {
    /// The job to add.
    pub fn new_job(&self) -> NewJob {
        NewJob {
            job_id: self.job_id.clone(),
            url: self.url.clone(),
            trigger: TriggerSpec::Date {
                year: saturate(self.year),
                month: saturate(self.month),
                day: saturate(self.day),
                hour: saturate(self.hour),
                minute: saturate(self.minute),
                second: saturate(self.second),
            },
        }
    }
}

impl IntervalJob {
    /// Whether any part was sent.
    pub fn has_parts(&self) -> bool {
        self.hours.is_some() || self.minutes.is_some() || self.seconds.is_some()
    }

    /// The job to add.
    pub fn new_job(&self) -> NewJob {
        NewJob {
            job_id: self.job_id.clone(),
            url: self.url.clone(),
            trigger: TriggerSpec::Interval {
                hours: self.hours,
                minutes: self.minutes,
                seconds: self.seconds,
            },
        }
    }
}

impl CronJob {
    /// The job to add.
    pub fn new_job(&self) -> NewJob {
        NewJob {
            job_id: self.job_id.clone(),
            url: self.url.clone(),
            trigger: TriggerSpec::Cron(CronFields {
                second: self.second.clone(),
                minute: self.minute.clone(),
                hour: self.hour.clone(),
                day: self.day.clone(),
                month: self.month.clone(),
                day_of_week: self.day_of_week.clone(),
                ..CronFields::default()
            }),
        }
    }
}

/// The nearest 64-bit number: what lies beyond is out of any range either way.
fn saturate(number: i128) -> i64 {
    let beyond = if number < 0 { i64::MIN } else { i64::MAX };
    i64::try_from(number).unwrap_or(beyond)
}
