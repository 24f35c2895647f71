//! Properties and tables of all triggers.

mod cases;
mod dst;
mod lines;
pub(in crate::domain) mod plain;
pub(in crate::domain) mod properties;
mod zones;

use chrono::{DateTime, Utc};

use super::*;
use crate::domain::zone::Zone;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Fields written like a crontab: second minute hour day month weekday.
fn fields(text: &str) -> CronFields {
    let parts: Vec<String> = text
        .split_whitespace()
        .map(|part| part.replace('_', " "))
        .collect();
    let [second, minute, hour, day, month, day_of_week] = parts.try_into().unwrap();
    CronFields {
        second,
        minute,
        hour,
        day,
        month,
        day_of_week,
        ..CronFields::default()
    }
}

fn cron_in(text: &str, zone: &str) -> CronTrigger {
    CronTrigger::new(&fields(text), Zone::parse(zone).unwrap()).unwrap()
}

fn fire_times(cron: &CronTrigger, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let first = cron.next_at_or_after(from);
    std::iter::successors(first, |last| cron.next_after(*last))
        .take_while(|fire_at| *fire_at <= to)
        .collect()
}
