//! Time zones by their IANA name.
//!
//! Knows names and nothing else: how a wall clock meets gaps and folds is the
//! business of the cron search. Invariant: a [`Zone`] names a zone of the
//! compiled-in time zone data, so it can be used without a further check.

use std::fmt;

use chrono_tz::{TZ_VARIANTS, Tz};
use serde::{Deserialize, Serialize};

/// How many zones an [`UnknownZone`] proposes at most.
const MAX_NEAR: usize = 3;

/// The version of the compiled-in data, for example `2025b`.
pub const DATABASE_VERSION: &str = chrono_tz::IANA_TZDB_VERSION;

/// A time zone of the IANA data, for example `Europe/Berlin`; UTC by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(Tz);

/// The name is not one of the IANA data; names the value and its neighbours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown time zone {given:?}{}; allowed: IANA names such as UTC or Europe/Berlin", proposal(.near))]
pub struct UnknownZone {
    /// The name as it was given.
    pub given: String,
    /// Up to three names that look alike, the nearest first.
    pub near: Vec<&'static str>,
}

impl Zone {
    /// Coordinated universal time, the default.
    pub const UTC: Self = Self(Tz::UTC);

    /// The zone of this name; upper and lower case matter, as in the IANA data.
    ///
    /// # Errors
    /// [`UnknownZone`] when there is no such name.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        name.parse().map(Self).map_err(|_| UnknownZone {
            given: name.to_owned(),
            near: near_names(name),
        })
    }

    /// The IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The zone for calendar arithmetic.
    #[must_use]
    pub fn tz(self) -> Tz {
        self.0
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::UTC
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl TryFrom<String> for Zone {
    type Error = UnknownZone;

    fn try_from(name: String) -> Result<Self, UnknownZone> {
        Self::parse(&name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

fn proposal(near: &[&str]) -> String {
    if near.is_empty() {
        String::new()
    } else {
        format!("; near: {}", near.join(", "))
    }
}

/// The zones whose name, or whose city, is few keystrokes away from `given`.
fn near_names(given: &str) -> Vec<&'static str> {
    let given = given.trim().to_ascii_lowercase().replace(' ', "_");
    let allowed = given.chars().count() / 3;
    if allowed == 0 || given.len() > 64 {
        return Vec::new();
    }
    let mut near: Vec<(usize, &'static str)> = TZ_VARIANTS
        .iter()
        .map(|tz| (keystrokes_apart(&given, tz.name()), tz.name()))
        .filter(|(distance, _)| *distance <= allowed.min(3))
        .collect();
    near.sort_unstable();
    near.into_iter()
        .take(MAX_NEAR)
        .map(|(_, name)| name)
        .collect()
}

fn keystrokes_apart(given: &str, name: &str) -> usize {
    let name = name.to_ascii_lowercase();
    let city = name.rsplit('/').next().unwrap_or(&name);
    edit_distance(given, &name).min(edit_distance(given, city))
}

/// The Levenshtein distance, in characters.
fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, wanted) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (column, found) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(wanted != *found);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_shown() {
        for name in ["UTC", "Europe/Berlin", "Pacific/Apia"] {
            let zone = Zone::parse(name).unwrap();
            assert_eq!((zone.name(), zone.to_string()), (name, name.to_owned()));
            let json = serde_json::to_string(&zone).unwrap();
            assert_eq!(json, format!("{name:?}"));
            assert_eq!(serde_json::from_str::<Zone>(&json).unwrap(), zone);
        }
        assert_eq!(Zone::default(), Zone::UTC);
    }

    #[test]
    fn unknown_names_are_refused_with_their_neighbours() {
        let cases = [
            (
                "Europe/Berln",
                "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; \
                 allowed: IANA names such as UTC or Europe/Berlin",
            ),
            (
                "europe/berlin",
                "unknown time zone \"europe/berlin\"; near: Europe/Berlin, Europe/Dublin; \
                 allowed: IANA names such as UTC or Europe/Berlin",
            ),
            (
                "",
                "unknown time zone \"\"; allowed: IANA names such as UTC or Europe/Berlin",
            ),
        ];
        for (given, message) in cases {
            assert_eq!(Zone::parse(given).unwrap_err().to_string(), message);
        }
        assert_eq!(
            Zone::parse("new york").unwrap_err().near,
            ["America/New_York"]
        );
        assert!(serde_json::from_str::<Zone>("\"Mars/Base\"").is_err());
    }
}
