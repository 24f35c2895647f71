//! The parameters of a query, read strictly: every fault is told, nothing that
//! is not known is ignored.

use serde_json::Value;

use super::problem::Fault;

/// Reads a query parameter by parameter; `take` says what is wrong with one.
pub fn read(query: &str, mut take: impl FnMut(&str, &str) -> Result<(), String>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut seen = Vec::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let done = match seen.contains(&name) {
            true => Err("this parameter may be given once".to_owned()),
            false => take(&name, &value),
        };
        if let Err(rule) = done {
            faults.push(Fault::new(name.as_ref(), rule, Value::from(value.as_ref())));
        }
        seen.push(name);
    }
    faults
}

/// How many rows a page has at most.
///
/// # Errors
/// With the rule it breaks.
pub fn limit(value: &str, most: u32) -> Result<u32, String> {
    let limit = value.parse().ok().filter(|n| (1..=most).contains(n));
    limit.ok_or_else(|| format!("must be a whole number from 1 to {most}"))
}

/// What a word means.
///
/// # Errors
/// With the rule it breaks.
pub fn word<T: Copy, const N: usize>(value: &str, words: [(&str, T); N]) -> Result<T, String> {
    let found = words.iter().find(|(word, _)| *word == value);
    found.map(|(_, meaning)| *meaning).ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        format!("must be one of {}", known.join(", "))
    })
}

/// The refusal of a parameter that is not known.
pub fn unknown(known: &str) -> Result<(), String> {
    Err(format!("unknown parameter; known: {known}"))
}
