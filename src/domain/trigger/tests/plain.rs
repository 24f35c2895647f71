//! A second, plain implementation of cron matching, to check the first against.
//!
//! It knows no bit sets and no search: it reads the canonical text of each
//! field anew and walks through time second by second, asking the zone data for
//! each wall clock.

use chrono::{DateTime, Datelike, Timelike, Utc};
use chrono_tz::Tz;

use super::{CronFields, CronTrigger};

const MONTHS: &str = "jan feb mar apr may jun jul aug sep oct nov dec";
const WEEKDAYS: &str = "mon tue wed thu fri sat sun";

fn plain_number(text: &str, names: &str, first: i64) -> i64 {
    let named = names.split(' ').position(|name| name == text);
    named.map_or_else(
        || text.parse().unwrap(),
        |index| first + i64::try_from(index).unwrap(),
    )
}

fn plain_item(item: &str, value: i64, (min, max): (i64, i64), names: &str) -> bool {
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, Some(step.parse::<i64>().unwrap())),
        None => (item, None),
    };
    let number = |text| plain_number(text, names, min);
    let (first, last) = match range.split_once('-') {
        Some((first, last)) => (number(first), number(last)),
        None if range == "*" => (min, max),
        None if step.is_some() => (number(range), max),
        None => (number(range), number(range)),
    };
    (first..=last).contains(&value) && (value - first) % step.unwrap_or(1) == 0
}

fn plain_field(text: &str, value: u32, range: (i64, i64), names: &str) -> bool {
    text.split(',')
        .any(|item| plain_item(item, value.into(), range, names))
}

fn plain_day(text: &str, wall: DateTime<Tz>) -> bool {
    let day = wall.day();
    let length = u32::from(wall.num_days_in_month());
    text.split(',').any(|item| match item.split_once(' ') {
        Some((position, weekday)) => {
            let today = plain_number(weekday, WEEKDAYS, 0);
            let is_weekday = i64::from(wall.weekday().num_days_from_monday()) == today;
            is_weekday
                && match position {
                    "last" => day + 7 > length,
                    _ => position.starts_with(&((day - 1) / 7 + 1).to_string()),
                }
        }
        None if item == "last" => day == length,
        None => plain_item(item, day.into(), (1, 31), ""),
    })
}

pub(in crate::domain) fn plainly_matches(fields: &CronFields, wall: DateTime<Tz>) -> bool {
    let weekday = wall.weekday().num_days_from_monday();
    plain_field(&fields.second, wall.second(), (0, 59), "")
        && plain_field(&fields.minute, wall.minute(), (0, 59), "")
        && plain_field(&fields.hour, wall.hour(), (0, 23), "")
        && plain_field(&fields.day_of_week, weekday, (0, 6), WEEKDAYS)
        && plain_field(&fields.month, wall.month(), (1, 12), MONTHS)
        && plain_day(&fields.day, wall)
        && plain_field(&fields.week, wall.iso_week().week(), (1, 53), "")
        && plain_field(&fields.year, wall.year().unsigned_abs(), (1970, 9999), "")
}

/// Every matching instant of `from..=to`, second by second.
pub(super) fn plain_fire_times(
    cron: &CronTrigger,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Vec<DateTime<Utc>> {
    let first_s = from.timestamp() + i64::from(from.timestamp_subsec_nanos() > 0);
    (first_s..=to.timestamp())
        .map(|unix_s| DateTime::from_timestamp(unix_s, 0).unwrap())
        .filter(|now| plainly_matches(cron.canonical(), now.with_timezone(&cron.zone().tz())))
        .collect()
}
