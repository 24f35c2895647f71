//! Instants as `/api/v1` reads and shows them: RFC 3339, milliseconds.

use std::fmt;

use chrono::{DateTime, Datelike, SecondsFormat, SubsecRound, Timelike, Utc};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// An instant as a client sends it, cut to milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant(pub DateTime<Utc>);

const RULE: &str = "an instant as in RFC 3339, with its offset, in the years 1 to 9999; \
     for example \"2030-01-01T09:00:00+08:00\" or \"2030-01-01T01:00:00Z\"";

impl Instant {
    /// The instant of a text.
    ///
    /// # Errors
    /// With the rule it breaks.
    pub fn of_text(text: &str) -> Result<Self, String> {
        Self::parse(text).ok_or_else(|| format!("must be {RULE}"))
    }

    fn parse(text: &str) -> Option<Self> {
        let at = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
        // A leap second has no place in unix time.
        let exists = at.nanosecond() < 1_000_000_000 && (1..=9999).contains(&at.year());
        exists.then(|| Self(at.trunc_subsecs(3)))
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text)
    }
}

struct Text;

impl Visitor<'_> for Text {
    type Value = Instant;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(RULE)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Instant, E> {
        Instant::parse(text).ok_or_else(|| E::custom(format!("{text:?} is not {RULE}")))
    }
}

/// An instant as it is shown.
pub fn shown(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_an_offset_and_exist() {
        for (text, read) in [
            (
                "2030-01-01T09:00:00+08:00",
                Some("2030-01-01T01:00:00.000Z"),
            ),
            (
                "2030-01-01T01:00:00.1239Z",
                Some("2030-01-01T01:00:00.123Z"),
            ),
            ("0001-01-01T00:00:00Z", Some("0001-01-01T00:00:00.000Z")),
            ("0001-01-01T00:00:00+01:00", None),
            ("9999-12-31T23:59:59-01:00", None),
            ("2030-01-01T01:00:00", None),
            ("2030-02-30T01:00:00Z", None),
            ("2016-12-31T23:59:60Z", None),
            ("2030-01-01", None),
            ("", None),
        ] {
            let found = Instant::parse(text).map(|at| shown(at.0));
            assert_eq!(found.as_deref(), read, "{text}");
        }
    }
}
