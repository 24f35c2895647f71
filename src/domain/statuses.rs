//! Sets of HTTP statuses, as success rules and retries name them.
//!
//! As JSON `[204, "200-299"]`; written back in the shortest form.

use std::ops::RangeInclusive;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

/// Statuses by range.
pub type Statuses = Vec<RangeInclusive<u16>>;

/// Whether one of the ranges holds the status.
#[must_use]
pub fn contain(statuses: &Statuses, status: u16) -> bool {
    statuses.iter().any(|range| range.contains(&status))
}

/// The ranges that are none, as text, each with the rule.
#[must_use]
pub fn faults(statuses: &Statuses) -> Vec<(String, String)> {
    let wrong = |range: &&RangeInclusive<u16>| {
        *range.start() < 100 || *range.end() > 599 || range.start() > range.end()
    };
    let told = |range: &RangeInclusive<u16>| {
        let text = format!("{}-{}", range.start(), range.end());
        let rule =
            format!("statuses lie in 100..=599, from the lower to the higher; {text} does not");
        (text, rule)
    };
    statuses.iter().filter(wrong).map(told).collect()
}

/// The JSON that reads back as these.
#[must_use]
pub fn to_json(statuses: &Statuses) -> Value {
    let one = |range: &RangeInclusive<u16>| match (range.start(), range.end()) {
        (from, to) if from == to => json!(from),
        (from, to) => json!(format!("{from}-{to}")),
    };
    statuses.iter().map(one).collect()
}

/// For `serde(with)`.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(statuses: &Statuses, serializer: S) -> Result<S::Ok, S::Error> {
    to_json(statuses).serialize(serializer)
}

/// For `serde(with)`.
///
/// # Errors
/// When an item is neither a status nor a range; the text quotes it.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Statuses, D::Error> {
    let given: Vec<Value> = Vec::deserialize(deserializer)?;
    let one = |value: Value| {
        let read = match &value {
            Value::Number(number) => number
                .as_u64()
                .and_then(|n| u16::try_from(n).ok())
                .map(|n| n..=n),
            Value::String(text) => range(text),
            _ => None,
        };
        read.ok_or_else(|| {
            D::Error::custom(format!(
                "statuses: {value} is neither a status such as 204 nor a range such as \"200-299\""
            ))
        })
    };
    given.into_iter().map(one).collect()
}

fn range(text: &str) -> Option<RangeInclusive<u16>> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| text.parse().ok().filter(|_| text.len() == 3);
    Some(number(from)?..=number(to)?)
}
