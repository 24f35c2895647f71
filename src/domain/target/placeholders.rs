//! `{{name}}` in what is sent: the job, the fire time, the attempt.
//!
//! A text between double braces is a placeholder when it is a single word;
//! anything else (`{{1,2},{3}}`, `{{` alone) stays as it is.

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The names, as they are written between the braces.
pub const NAMES: [&str; 5] = ["job_id", "fire_at", "fire_at_ms", "fire_id", "attempt"];

/// What the placeholders of one attempt stand for.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a> {
    /// The job.
    pub job_id: &'a str,
    /// The planned instant.
    pub fire_at: DateTime<Utc>,
    /// The same for every attempt at one occurrence.
    pub fire_id: Uuid,
    /// Counts from 1.
    pub attempt: u32,
}

impl Values<'_> {
    /// The planned instant as text: RFC 3339 in UTC with milliseconds.
    #[must_use]
    pub fn fire_at_text(&self) -> String {
        self.fire_at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
    }

    fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        Some(match name {
            "job_id" => Cow::Borrowed(self.job_id),
            "fire_at" => Cow::Owned(self.fire_at_text()),
            "fire_at_ms" => Cow::Owned(self.fire_at.timestamp_millis().to_string()),
            "fire_id" => Cow::Owned(self.fire_id.to_string()),
            "attempt" => Cow::Owned(self.attempt.to_string()),
            _ => return None,
        })
    }
}

/// How a value is written where it is put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// As it is.
    Raw,
    /// Into a URL: all but the unreserved characters percent-encoded.
    Url,
    /// Into a header: see [`header_text`].
    Header,
}

/// `text` with every placeholder filled in; borrowed when it has none.
pub(super) fn fill<'t>(text: &'t str, values: &Values<'_>, encoding: Encoding) -> Cow<'t, str> {
    let mut out = String::new();
    let mut done = 0;
    for found in find(text) {
        let Some(value) = values.get(found.name) else {
            continue;
        };
        out.push_str(&text[done..found.start]);
        match encoding {
            Encoding::Raw => out.push_str(&value),
            Encoding::Url => push_url(&mut out, &value),
            Encoding::Header => out.push_str(&header_text(&value)),
        }
        done = found.end;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// What is wrong with the placeholders of `text`, in words.
pub(super) fn faults(text: &str) -> Vec<String> {
    let unknown = find(text).filter(|found| !NAMES.contains(&found.name));
    unknown.map(|found| unknown_name(found.name)).collect()
}

/// Whether `text` has a placeholder, known or not.
pub(super) fn any(text: &str) -> bool {
    find(text).next().is_some()
}

fn unknown_name(name: &str) -> String {
    let near = NAMES.iter().map(|known| (distance(name, known), known));
    match near.min().filter(|(distance, _)| *distance <= 3) {
        Some((_, known)) => {
            format!("{{{{{name}}}}} is no placeholder; did you mean {{{{{known}}}}}?")
        }
        None => format!(
            "{{{{{name}}}}} is no placeholder; there are {}",
            NAMES.map(|n| format!("{{{{{n}}}}}")).join(", ")
        ),
    }
}

struct Found<'t> {
    start: usize,
    end: usize,
    name: &'t str,
}

fn find(text: &str) -> impl Iterator<Item = Found<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let open = from + text[from..].find("{{")?;
            let close = open + text[open..].find("}}")?;
            let name = text[open + 2..close].trim();
            if is_word(name) {
                from = close + 2;
                return Some(Found {
                    start: open,
                    end: from,
                    name,
                });
            }
            // One brace on: `{{{name}}}` holds a placeholder.
            from = open + 1;
        }
    })
}

fn is_word(text: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    !text.is_empty() && text.len() <= 64 && text.chars().all(word)
}

/// `text` percent-encoded for any place in the path or query of a URL.
pub(super) fn push_url(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => push_percent(out, byte),
        }
    }
}

/// `text` as a header can carry it: anything but visible ASCII, and `%`, is
/// percent-encoded.
#[must_use]
pub fn header_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'!'..=b'~' if byte != b'%' => out.push(char::from(byte)),
            _ => push_percent(&mut out, byte),
        }
    }
    out
}

fn push_percent(out: &mut String, byte: u8) {
    // Writing to a String cannot fail.
    let _ = write!(out, "%{byte:02X}");
}

/// How many single-character changes lie between two words (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values<'static> {
        Values {
            job_id: "任务 a/b%",
            fire_at: DateTime::from_timestamp_millis(1_700_000_000_007).unwrap(),
            fire_id: Uuid::from_u128(7),
            attempt: 2,
        }
    }

    #[test]
    fn every_name_has_its_value() {
        for (text, filled) in [
            ("{{job_id}}", "任务 a/b%"),
            ("{{fire_at}}", "2023-11-14T22:13:20.007Z"),
            ("{{fire_at_ms}}", "1700000000007"),
            ("{{fire_id}}", "00000000-0000-0000-0000-000000000007"),
            ("a{{attempt}}b{{ attempt }}c", "a2b2c"),
            ("{{{attempt}}}", "{2}"),
            ("{{1,2},{3}} {{ {{attempt}}", "{{1,2},{3}} {{ 2"),
            ("{{unknown}} {{attempt}}", "{{unknown}} 2"),
            ("none", "none"),
        ] {
            assert_eq!(fill(text, &values(), Encoding::Raw), filled, "{text}");
        }
        for name in NAMES {
            assert!(values().get(name).is_some(), "{name}");
        }
    }

    #[test]
    fn each_place_has_its_encoding() {
        let fill = |encoding| fill("é{{job_id}}", &values(), encoding).into_owned();
        assert_eq!(fill(Encoding::Url), "é%E4%BB%BB%E5%8A%A1%20a%2Fb%25");
        assert_eq!(fill(Encoding::Header), "é%E4%BB%BB%E5%8A%A1%20a/b%25");
    }

    #[test]
    fn nothing_is_copied_without_a_placeholder() {
        for text in ["plain", "{{", "{{unknown}}", "}} {{"] {
            let filled = fill(text, &values(), Encoding::Raw);
            assert!(matches!(filled, Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn unknown_names_are_told_with_the_nearest() {
        assert_eq!(faults("{{job_id}} {{"), Vec::<String>::new());
        assert_eq!(
            faults("{{jobid}} {{fire-at}}"),
            [
                "{{jobid}} is no placeholder; did you mean {{job_id}}?",
                "{{fire-at}} is no placeholder; did you mean {{fire_at}}?",
            ]
        );
        assert_eq!(
            faults("{{customer.name}}"),
            [
                "{{customer.name}} is no placeholder; there are {{job_id}}, {{fire_at}}, \
              {{fire_at_ms}}, {{fire_id}}, {{attempt}}"
            ]
        );
    }

    #[test]
    fn any_job_id_fits_into_a_header() {
        assert_eq!(header_text("job-1_a"), "job-1_a");
        assert_eq!(header_text("a b%任\n"), "a%20b%25%E4%BB%BB%0A");
    }
}
