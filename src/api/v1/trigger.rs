//! The trigger of a job as JSON.

use std::fmt;

use serde::de::{Error, IgnoredAny, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use super::problem::Fault;
use super::read::read;
use super::times::{Instant, shown};
use crate::domain::schedule::{Jitter, Schedule, ScheduleDraft, When};
use crate::domain::trigger::{CronFields, DstRule, Fold, Gap, IntervalSpec, Trigger};
use crate::domain::zone::Zone;

/// The eight cron fields, coarse to fine.
pub const FIELDS: [&str; 8] = [
    "year",
    "month",
    "day",
    "week",
    "day_of_week",
    "hour",
    "minute",
    "second",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SentDate {
    #[serde(rename = "type")]
    _type: IgnoredAny,
    at: Instant,
    #[serde(default)]
    jitter_ms: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SentInterval {
    #[serde(rename = "type")]
    _type: IgnoredAny,
    #[serde(default)]
    weeks: Option<u64>,
    #[serde(default)]
    days: Option<u64>,
    #[serde(default)]
    hours: Option<u64>,
    #[serde(default)]
    minutes: Option<u64>,
    #[serde(default)]
    seconds: Option<u64>,
    #[serde(default)]
    start: Option<Instant>,
    #[serde(default)]
    end: Option<Instant>,
    #[serde(default)]
    jitter_ms: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SentCron {
    #[serde(rename = "type")]
    _type: IgnoredAny,
    #[serde(default)]
    cron: Option<String>,
    #[serde(default)]
    year: Option<FieldText>,
    #[serde(default)]
    month: Option<FieldText>,
    #[serde(default)]
    day: Option<FieldText>,
    #[serde(default)]
    week: Option<FieldText>,
    #[serde(default)]
    day_of_week: Option<FieldText>,
    #[serde(default)]
    hour: Option<FieldText>,
    #[serde(default)]
    minute: Option<FieldText>,
    #[serde(default)]
    second: Option<FieldText>,
    #[serde(default)]
    timezone: Option<String>,
    #[serde(default)]
    dst: Option<SentDst>,
    #[serde(default)]
    start: Option<Instant>,
    #[serde(default)]
    end: Option<Instant>,
    #[serde(default)]
    jitter_ms: Option<i64>,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct SentDst {
    gap: Gap,
    fold: Fold,
}

/// A cron field: a text, or a number.
struct FieldText(String);

impl<'de> Deserialize<'de> for FieldText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Given)
    }
}

struct Given;

impl Visitor<'_> for Given {
    type Value = FieldText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text such as \"*/5\" or \"mon-fri\", or a whole number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<FieldText, E> {
        Ok(FieldText(text.to_owned()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<FieldText, E> {
        Ok(FieldText(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<FieldText, E> {
        Ok(FieldText(number.to_string()))
    }
}

/// Reads a trigger; `None`: `faults` has what is wrong.
pub fn read_trigger(value: Value, faults: &mut Vec<Fault>) -> Option<ScheduleDraft> {
    let kind = value.get("type").cloned();
    match kind.as_ref().and_then(Value::as_str) {
        Some("date") => read(value, "trigger", faults).map(|sent| date(&sent, faults)),
        Some("interval") => read(value, "trigger", faults).and_then(|sent| interval(sent, faults)),
        Some("cron") => read(value, "trigger", faults).and_then(|sent| cron(sent, faults)),
        _ if value.is_object() => {
            let rule = "a trigger is of type \"date\", \"interval\" or \"cron\"";
            faults.push(Fault::new("trigger.type", rule, kind.unwrap_or_default()));
            None
        }
        _ => {
            let rule = "a trigger is an object, such as {\"type\": \"interval\", \"minutes\": 5}";
            faults.push(Fault::new("trigger", rule, value));
            None
        }
    }
}

fn date(sent: &SentDate, faults: &mut Vec<Fault>) -> ScheduleDraft {
    ScheduleDraft {
        when: When::Date(sent.at.0),
        start: None,
        end: None,
        jitter: jitter(sent.jitter_ms, faults),
    }
}

fn jitter(ms: Option<i64>, faults: &mut Vec<Fault>) -> Option<Jitter> {
    let ms = ms?;
    Jitter::from_ms(ms)
        .map_err(|fault| {
            let fault = Fault::new("trigger.jitter_ms", fault.message, Value::from(ms));
            faults.push(fault);
        })
        .ok()
}

fn interval(sent: SentInterval, faults: &mut Vec<Fault>) -> Option<ScheduleDraft> {
    let parts = [
        sent.weeks,
        sent.days,
        sent.hours,
        sent.minutes,
        sent.seconds,
    ];
    if parts.iter().all(|part| part.unwrap_or(0) == 0) {
        if is_told(faults) {
            return None;
        }
        let rule = "an interval has weeks, days, hours, minutes or seconds, one second in all \
                    at least";
        faults.push(Fault::new("trigger", rule, Value::Null));
        return None;
    }
    let [weeks, days, hours, minutes, seconds] = parts.map(|part| part.map(i128::from));
    Some(ScheduleDraft {
        when: When::Interval(IntervalSpec {
            weeks,
            days,
            hours,
            minutes,
            seconds,
        }),
        start: sent.start.map(|at| at.0),
        end: sent.end.map(|at| at.0),
        jitter: jitter(sent.jitter_ms, faults),
    })
}

fn cron(sent: SentCron, faults: &mut Vec<Fault>) -> Option<ScheduleDraft> {
    let given = [
        sent.year,
        sent.month,
        sent.day,
        sent.week,
        sent.day_of_week,
        sent.hour,
        sent.minute,
        sent.second,
    ];
    let given = given.map(|field| field.map(|text| text.0));
    let fields = cron_fields(sent.cron, given, faults);
    let zone = zone(sent.timezone, faults);
    let jitter = jitter(sent.jitter_ms, faults);
    let SentDst { gap, fold } = sent.dst.unwrap_or_default();
    Some(ScheduleDraft {
        when: When::Cron {
            fields: fields?,
            zone: zone?,
            dst: DstRule { gap, fold },
        },
        start: sent.start.map(|at| at.0),
        end: sent.end.map(|at| at.0),
        jitter,
    })
}

fn cron_fields(
    line: Option<String>,
    given: [Option<String>; 8],
    faults: &mut Vec<Fault>,
) -> Option<CronFields> {
    match (line, given.iter().any(Option::is_some)) {
        (Some(line), false) => match CronFields::parse_line(&line) {
            Ok((fields, _)) => Some(fields),
            Err(wrong) => {
                let told = wrong.iter().map(|fault| {
                    Fault::new("trigger.cron", &fault.message, Value::from(line.clone()))
                });
                faults.extend(told);
                None
            }
        },
        (Some(line), true) => {
            let rule = "give either one line of cron text or single fields, not both";
            faults.push(Fault::new("trigger.cron", rule, Value::from(line)));
            None
        }
        (None, true) => Some(CronFields::of_given(given)),
        (None, false) if is_told(faults) => None,
        (None, false) => {
            let rule = format!(
                "a cron trigger has one line of cron text, such as \"0 9 * * 1-5\", or at least \
                 one of the fields {}",
                FIELDS.join(", ")
            );
            faults.push(Fault::new("trigger.cron", rule, Value::Null));
            None
        }
    }
}

/// Whether a part of the trigger was wrong: then what is left of it may lack
/// just that part.
fn is_told(faults: &[Fault]) -> bool {
    faults
        .iter()
        .any(|fault| fault.field.starts_with("trigger."))
}

fn zone(name: Option<String>, faults: &mut Vec<Fault>) -> Option<Zone> {
    let Some(name) = name else {
        return Some(Zone::UTC);
    };
    Zone::parse(&name)
        .map_err(|error| {
            let fault = Fault::new("trigger.timezone", error.to_string(), Value::from(name));
            faults.push(fault);
        })
        .ok()
}

/// The trigger of a schedule.
pub fn trigger_json(schedule: &Schedule) -> Value {
    let mut out = Map::new();
    out.insert("type".into(), json!(schedule.kind().as_str()));
    match schedule.trigger() {
        Trigger::Date(date) => {
            out.insert("at".into(), json!(shown(date.at())));
        }
        Trigger::Interval(interval) => out.extend(interval_parts(interval.every_s())),
        Trigger::Cron(cron) => {
            let fields = cron.canonical();
            let texts = [
                &fields.year,
                &fields.month,
                &fields.day,
                &fields.week,
                &fields.day_of_week,
                &fields.hour,
                &fields.minute,
                &fields.second,
            ];
            let named = FIELDS.iter().zip(texts);
            out.extend(named.map(|(name, text)| ((*name).to_owned(), json!(text))));
            out.insert("timezone".into(), json!(cron.zone().name()));
            if !cron.dst().is_default() {
                out.insert("dst".into(), json!(cron.dst()));
            }
        }
    }
    for (name, at) in [("start", schedule.start()), ("end", schedule.end())] {
        out.extend(at.map(|at| (name.to_owned(), json!(shown(at)))));
    }
    let jitter = schedule.jitter();
    out.extend(jitter.map(|jitter| ("jitter_ms".to_owned(), json!(jitter.max_ms()))));
    Value::Object(out)
}

/// The parts of a distance that are not 0, large ones first.
fn interval_parts(every_s: i64) -> Vec<(String, Value)> {
    let mut left = every_s;
    let units = [
        ("weeks", 604_800),
        ("days", 86_400),
        ("hours", 3_600),
        ("minutes", 60),
        ("seconds", 1),
    ];
    let mut parts = Vec::new();
    for (name, unit_s) in units {
        if left >= unit_s {
            parts.push((name.to_owned(), json!(left / unit_s)));
            left %= unit_s;
        }
    }
    parts
}
