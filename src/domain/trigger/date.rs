//! The `date` trigger: one instant.
//!
//! Knows the calendar, not the present: an instant in the past is as good as
//! any. Invariant: the parts are a date and time that exist, in UTC.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use serde::{Deserialize, Serialize};

use super::{FieldFault, in_one_line};

/// Fires once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "DateParts", into = "DateParts")]
pub struct DateTrigger {
    parts: DateParts,
    at: DateTime<Utc>,
}

/// A date and time of day in UTC, part by part, as given and as shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateParts {
    /// 1 to 9999.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to the length of the month.
    pub day: i64,
    /// 0 to 23.
    pub hour: i64,
    /// 0 to 59.
    pub minute: i64,
    /// 0 to 59; there are no leap seconds.
    pub second: i64,
    /// 0 to 999; always 0 for jobs of the inherited API.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub millisecond: i64,
}

fn is_zero(part: &i64) -> bool {
    *part == 0
}

impl DateTrigger {
    /// The instant of these parts, in UTC.
    ///
    /// # Errors
    /// One fault for each part out of its range, all at once. Of a date that
    /// the calendar lacks (30 February) `day` is told to be at fault.
    pub fn new(
        year: i64,
        month: i64,
        day: i64,
        hour: i64,
        minute: i64,
        second: i64,
    ) -> Result<Self, Vec<FieldFault>> {
        Self::from_parts(DateParts {
            year,
            month,
            day,
            hour,
            minute,
            second,
            millisecond: 0,
        })
    }

    /// The trigger of this instant, cut to milliseconds.
    ///
    /// # Errors
    /// A fault of `at` when its year is not 1 to 9999.
    pub fn at_instant(at: DateTime<Utc>) -> Result<Self, Vec<FieldFault>> {
        let parts = DateParts {
            year: at.year().into(),
            month: at.month().into(),
            day: at.day().into(),
            hour: at.hour().into(),
            minute: at.minute().into(),
            second: at.second().into(),
            millisecond: at.timestamp_subsec_millis().min(999).into(),
        };
        Self::from_parts(parts).map_err(|_| {
            let value = at.to_rfc3339();
            vec![FieldFault {
                field: "at",
                message: format!("{value} is out of range; allowed: the years 1 to 9999"),
                value,
            }]
        })
    }

    fn from_parts(parts: DateParts) -> Result<Self, Vec<FieldFault>> {
        match instant(parts) {
            Some(at) => Ok(Self { parts, at }),
            None => Err(faults(parts)),
        }
    }

    /// The parts it was built from.
    #[must_use]
    pub fn parts(&self) -> DateParts {
        self.parts
    }

    /// The instant it fires at.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl TryFrom<DateParts> for DateTrigger {
    type Error = String;

    fn try_from(parts: DateParts) -> Result<Self, String> {
        Self::from_parts(parts).map_err(|faults| in_one_line(&faults))
    }
}

impl From<DateTrigger> for DateParts {
    fn from(trigger: DateTrigger) -> Self {
        trigger.parts
    }
}

/// `None` when any part is out of range; [`faults`] then says which.
fn instant(parts: DateParts) -> Option<DateTime<Utc>> {
    let small = |part: i64| u32::try_from(part).ok();
    let year = i32::try_from(parts.year)
        .ok()
        .filter(|year| (1..=9999).contains(year))?;
    NaiveDate::from_ymd_opt(year, small(parts.month)?, small(parts.day)?)?
        .and_hms_milli_opt(
            small(parts.hour)?,
            small(parts.minute)?,
            small(parts.second)?,
            small(parts.millisecond)?,
        )
        .map(|at| at.and_utc())
}

fn faults(parts: DateParts) -> Vec<FieldFault> {
    let month_length = days_in_month(parts.year, parts.month);
    let ranges = [
        ("year", parts.year, 1, 9999),
        ("month", parts.month, 1, 12),
        ("day", parts.day, 1, month_length.unwrap_or(31)),
        ("hour", parts.hour, 0, 23),
        ("minute", parts.minute, 0, 59),
        ("second", parts.second, 0, 59),
        ("millisecond", parts.millisecond, 0, 999),
    ];
    ranges
        .into_iter()
        .filter(|(_, value, min, max)| value < min || value > max)
        .map(|(field, value, min, max)| FieldFault {
            field,
            value: value.to_string(),
            message: match month_length {
                Some(days) if field == "day" => format!(
                    "day {value} is out of range: {:04}-{:02} has {days} days; allowed: 1 to {days}",
                    parts.year, parts.month
                ),
                _ => format!("{field} {value} is out of range; allowed: {min} to {max}"),
            },
        })
        .collect()
}

/// `None` when year or month are themselves out of range.
fn days_in_month(year: i64, month: i64) -> Option<i64> {
    let year = i32::try_from(year)
        .ok()
        .filter(|year| (1..=9999).contains(year))?;
    let first = NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, 1)?;
    Some(i64::from(first.num_days_in_month()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_kept_and_mean_utc() {
        let trigger = DateTrigger::new(2022, 11, 18, 7, 0, 5).unwrap();
        assert_eq!(trigger.at().to_rfc3339(), "2022-11-18T07:00:05+00:00");
        assert_eq!(trigger.parts().month, 11);
        for (year, month, day) in [(1, 1, 1), (9999, 12, 31), (2024, 2, 29), (2000, 2, 29)] {
            assert!(DateTrigger::new(year, month, day, 23, 59, 59).is_ok());
        }
    }

    #[test]
    fn an_instant_keeps_its_milliseconds() {
        for text in [
            "2030-02-03T04:05:06.007Z",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999Z",
        ] {
            let at: DateTime<Utc> = text.parse().unwrap();
            let trigger = DateTrigger::at_instant(at).unwrap();
            assert_eq!(trigger.at(), at);
            let json = serde_json::to_string(&trigger).unwrap();
            assert_eq!(serde_json::from_str::<DateTrigger>(&json).unwrap(), trigger);
        }
        let finer = "2030-02-03T04:05:06.0079Z".parse().unwrap();
        let cut = DateTrigger::at_instant(finer).unwrap().at();
        assert_eq!(cut.timestamp_subsec_micros(), 7_000);
        let refused = DateTrigger::at_instant("0000-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(refused.unwrap_err()[0].field, "at");
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let faults = DateTrigger::new(0, 13, 32, 24, 60, -1).unwrap_err();
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            lines,
            [
                "year: year 0 is out of range; allowed: 1 to 9999",
                "month: month 13 is out of range; allowed: 1 to 12",
                "day: day 32 is out of range; allowed: 1 to 31",
                "hour: hour 24 is out of range; allowed: 0 to 23",
                "minute: minute 60 is out of range; allowed: 0 to 59",
                "second: second -1 is out of range; allowed: 0 to 59",
            ]
        );
        assert!(DateTrigger::new(i64::MAX, i64::MIN, i64::MAX, 0, 0, 0).is_err());
    }

    #[test]
    fn a_day_the_month_lacks_tells_how_many_it_has() {
        let cases = [
            (2023, 2, 29, 28),
            (2024, 2, 30, 29),
            (1900, 2, 29, 28),
            (2023, 4, 31, 30),
            (2023, 1, 0, 31),
        ];
        for (year, month, day, length) in cases {
            let faults = DateTrigger::new(year, month, day, 0, 0, 0).unwrap_err();
            assert_eq!(
                faults,
                [FieldFault {
                    field: "day",
                    value: day.to_string(),
                    message: format!(
                        "day {day} is out of range: {year}-{month:02} has {length} days; \
                         allowed: 1 to {length}"
                    ),
                }]
            );
        }
    }
}
