//! The `interval` trigger: the grid first + k · interval.
//!
//! Knows neither pauses nor downtime: the phase is fixed when the trigger is
//! built. Invariant: the distance is at least one second and the first fire
//! time is not after [`LAST_INSTANT`].

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};

use super::{FieldFault, LAST_INSTANT, in_one_line};

const US_PER_S: i128 = 1_000_000;

/// Fires at equal distances, measured in UTC, so no zone disturbs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Grid", into = "Grid")]
pub struct IntervalTrigger {
    first_at: DateTime<Utc>,
    every_s: i64,
}

/// The distance as it is given, part by part; a missing part counts as 0.
///
/// Weeks and days are 7 · 24 and 24 hours of real time, whatever a zone does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IntervalSpec {
    /// 604800 seconds each.
    pub weeks: Option<i128>,
    /// 86400 seconds each.
    pub days: Option<i128>,
    /// 3600 seconds each; may exceed 23.
    pub hours: Option<i128>,
    /// 60 seconds each; may exceed 59.
    pub minutes: Option<i128>,
    /// May exceed 59.
    pub seconds: Option<i128>,
}

/// The distance in hours, minutes and seconds, for display.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntervalParts {
    /// 0 or more; above 23 from one day on.
    pub hour: i64,
    /// 0 to 59.
    pub minute: i64,
    /// 0 to 59.
    pub second: i64,
}

/// The stored form: first fire time in microseconds since 1970, distance in seconds.
#[derive(Serialize, Deserialize)]
struct Grid {
    first_us: i64,
    every_s: i64,
}

impl IntervalTrigger {
    /// The grid that starts one interval after `added_at`.
    ///
    /// Source: the original service, save that it accepted negative totals.
    ///
    /// # Errors
    /// As [`of_parts`](Self::of_parts).
    pub fn new(
        hours: Option<i128>,
        minutes: Option<i128>,
        seconds: Option<i128>,
        added_at: DateTime<Utc>,
    ) -> Result<Self, Vec<FieldFault>> {
        let spec = IntervalSpec {
            hours,
            minutes,
            seconds,
            ..IntervalSpec::default()
        };
        Self::of_parts(spec, added_at, None)
    }

    /// The grid of this distance: from `start` on, or else from one interval
    /// after `added_at` on.
    ///
    /// A missing part counts as 0; a total of 0 becomes one second. Parts may
    /// exceed 59 and may be negative as long as the total is not. A fraction of
    /// a second of `added_at` is kept, cut to microseconds. `start` is cut to
    /// milliseconds, in which fire times are stored; when it is past, the first
    /// fire time is the first point of its grid at or after `added_at`.
    ///
    /// # Errors
    /// A fault when the total is negative (told of the first negative part), when
    /// the first fire time, or with a `start` the distance from `added_at`, would
    /// reach beyond year 9999 (told of the part that adds most), or when `start`
    /// itself lies there.
    pub fn of_parts(
        spec: IntervalSpec,
        added_at: DateTime<Utc>,
        start: Option<DateTime<Utc>>,
    ) -> Result<Self, Vec<FieldFault>> {
        let parts = spec.parts();
        let total_s = parts.iter().try_fold(0_i128, |sum, (_, value, unit_s)| {
            sum.checked_add(value.checked_mul(*unit_s)?)
        });
        // A sum beyond all counting is refused in any case; its sign chooses the words.
        let about_s = parts.iter().fold(0_i128, |sum, (_, value, unit_s)| {
            sum.saturating_add(value.saturating_mul(*unit_s))
        });
        if total_s.unwrap_or(about_s) < 0 {
            return Err(negative(spec, about_s));
        }
        if let Some(start) = start.filter(|start| *start > LAST_INSTANT) {
            return Err(vec![start_too_late(start)]);
        }
        total_s
            .and_then(|total_s| Self::after_adding(added_at, total_s.max(1)))
            .and_then(|unanchored| match start {
                Some(start) => unanchored.anchored(start.trunc_subsecs(3), added_at),
                None => Some(unanchored),
            })
            .ok_or_else(|| too_far(&parts, added_at, start))
    }

    /// `None` when the first fire time would lie after [`LAST_INSTANT`].
    fn after_adding(added_at: DateTime<Utc>, every_s: i128) -> Option<Self> {
        let first_us = every_s
            .checked_mul(US_PER_S)?
            .checked_add(added_at.timestamp_micros().into())?;
        Some(Self {
            first_at: instant(first_us)?,
            every_s: i64::try_from(every_s).ok()?,
        })
    }

    /// The same distance on the grid of `start`, from `added_at` on.
    fn anchored(self, start: DateTime<Utc>, added_at: DateTime<Utc>) -> Option<Self> {
        let from_start = Self {
            first_at: start,
            ..self
        };
        let first_at = from_start.next_at_or_after(added_at)?;
        Some(Self { first_at, ..self })
    }

    /// The first fire time.
    #[must_use]
    pub fn first_at(&self) -> DateTime<Utc> {
        self.first_at
    }

    /// The distance between fire times in seconds, at least 1.
    #[must_use]
    pub fn every_s(&self) -> i64 {
        self.every_s
    }

    /// The distance in whole hours, minutes and seconds.
    #[must_use]
    pub fn parts(&self) -> IntervalParts {
        IntervalParts {
            hour: self.every_s / 3600,
            minute: self.every_s / 60 % 60,
            second: self.every_s % 60,
        }
    }

    /// The first fire time strictly after `t`.
    #[must_use]
    pub fn next_after(&self, t: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.on_grid(micros_floor(t) + 1)
    }

    /// The first fire time at or after `t`; the phase is kept.
    #[must_use]
    pub fn next_at_or_after(&self, t: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let fraction_of_us = !t.timestamp_subsec_nanos().is_multiple_of(1000);
        self.on_grid(micros_floor(t) + i128::from(fraction_of_us))
    }

    /// See [`Trigger::count_between`](super::Trigger::count_between).
    pub(super) fn count_between(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        cap: u64,
    ) -> (u64, DateTime<Utc>) {
        let to = micros_floor(to.min(LAST_INSTANT));
        let steps = (to - micros_floor(from)).max(0) / self.every_us();
        let counted = (steps + 1).min(cap.into());
        let last = instant(micros_floor(from) + (counted - 1) * self.every_us());
        (u64::try_from(counted).unwrap_or(cap), last.unwrap_or(from))
    }

    /// The first point of the grid at or after `from_us`.
    fn on_grid(&self, from_us: i128) -> Option<DateTime<Utc>> {
        let first_us = micros_floor(self.first_at);
        let behind_us = (from_us - first_us).max(0);
        let steps = (behind_us + self.every_us() - 1) / self.every_us();
        instant(first_us + steps * self.every_us())
    }

    fn every_us(&self) -> i128 {
        i128::from(self.every_s) * US_PER_S
    }
}

impl TryFrom<Grid> for IntervalTrigger {
    type Error = String;

    fn try_from(grid: Grid) -> Result<Self, String> {
        let fault = |field, value: i64, message: &str| {
            in_one_line(&[FieldFault {
                field,
                value: value.to_string(),
                message: message.to_owned(),
            }])
        };
        if grid.every_s < 1 {
            return Err(fault("every_s", grid.every_s, "must be at least 1"));
        }
        let first_at = instant(grid.first_us.into())
            .ok_or_else(|| fault("first_us", grid.first_us, "must not be after year 9999"))?;
        Ok(Self {
            first_at,
            every_s: grid.every_s,
        })
    }
}

impl From<IntervalTrigger> for Grid {
    fn from(trigger: IntervalTrigger) -> Self {
        Self {
            first_us: trigger.first_at.timestamp_micros(),
            every_s: trigger.every_s,
        }
    }
}

fn micros_floor(t: DateTime<Utc>) -> i128 {
    t.timestamp_micros().into()
}

/// The instant, unless it lies after [`LAST_INSTANT`] or is none at all.
fn instant(unix_us: i128) -> Option<DateTime<Utc>> {
    let at = DateTime::from_timestamp_micros(i64::try_from(unix_us).ok()?)?;
    Some(at).filter(|at| *at <= LAST_INSTANT)
}

/// The name of a part, its value, its unit in seconds.
type Part = (&'static str, i128, i128);

impl IntervalSpec {
    fn parts(&self) -> [Part; 5] {
        [
            ("weeks", self.weeks.unwrap_or(0), 604_800),
            ("days", self.days.unwrap_or(0), 86_400),
            ("hours", self.hours.unwrap_or(0), 3600),
            ("minutes", self.minutes.unwrap_or(0), 60),
            ("seconds", self.seconds.unwrap_or(0), 1),
        ]
    }
}

fn negative(spec: IntervalSpec, total_s: i128) -> Vec<FieldFault> {
    let parts = spec.parts();
    // The inherited endpoint knows no weeks and days; nor do its words.
    let names = match (spec.weeks, spec.days) {
        (None, None) => "hours, minutes and seconds",
        _ => "weeks, days, hours, minutes and seconds",
    };
    let told = parts.iter().find(|(_, value, _)| *value < 0);
    told.into_iter()
        .map(|(field, value, _)| FieldFault {
            field,
            value: value.to_string(),
            message: format!(
                "the interval must not be negative; {names} \
                 together are {total_s} seconds; allowed: 0 (taken as 1) or more"
            ),
        })
        .collect()
}

fn start_too_late(start: DateTime<Utc>) -> FieldFault {
    FieldFault {
        field: "start",
        value: start.to_rfc3339(),
        message: "the start lies after year 9999; allowed: up to 9999-12-31T23:59:59.999Z"
            .to_owned(),
    }
}

fn too_far(
    parts: &[Part],
    added_at: DateTime<Utc>,
    start: Option<DateTime<Utc>>,
) -> Vec<FieldFault> {
    let told = parts
        .iter()
        .max_by_key(|(_, value, unit_s)| value.saturating_mul(*unit_s));
    let longest_s = (LAST_INSTANT - added_at).num_seconds().max(0);
    let what = match start {
        Some(_) => "it would reach beyond year 9999",
        None => "its first fire time would lie after year 9999",
    };
    told.into_iter()
        .map(|(field, value, _)| FieldFault {
            field,
            value: value.to_string(),
            message: format!(
                "the interval is too long: {what}; \
                 allowed: at most {longest_s} seconds in total"
            ),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_fire_is_one_interval_after_the_adding() {
        let added_at = at("2024-01-30T22:58:30.25Z");
        let every = IntervalTrigger::new(Some(1), None, Some(-10), added_at).unwrap();
        assert_eq!(every.first_at(), at("2024-01-30T23:58:20.25Z"));
        assert_eq!(every.every_s(), 3590);
        let shown = IntervalParts {
            hour: 0,
            minute: 59,
            second: 50,
        };
        assert_eq!(every.parts(), shown);
        let zero = IntervalTrigger::new(Some(0), None, None, added_at).unwrap();
        assert_eq!(zero.every_s(), 1);
    }

    #[test]
    fn the_phase_is_kept_whatever_the_moment() {
        let every =
            IntervalTrigger::new(None, None, Some(10), at("2024-01-01T00:00:00.5Z")).unwrap();
        let cases = [
            ("1999-01-01T00:00:00Z", "2024-01-01T00:00:10.5Z"),
            ("2024-01-01T00:00:10.5Z", "2024-01-01T00:00:10.5Z"),
            ("2024-01-01T00:00:10.500000001Z", "2024-01-01T00:00:20.5Z"),
            ("2024-01-01T00:00:19Z", "2024-01-01T00:00:20.5Z"),
        ];
        for (t, next) in cases {
            assert_eq!(every.next_at_or_after(at(t)), Some(at(next)), "{t}");
        }
        let after = every.next_after(at("2024-01-01T00:00:10.5Z"));
        assert_eq!(after, Some(at("2024-01-01T00:00:20.5Z")));
    }

    #[test]
    fn negative_and_endless_totals_are_refused_on_the_part_at_fault() {
        let now = at("2024-01-01T00:00:00Z");
        let told = |hours, minutes, seconds| {
            let faults = IntervalTrigger::new(hours, minutes, seconds, now).unwrap_err();
            assert_eq!(faults.len(), 1);
            (faults[0].field, faults[0].to_string())
        };
        let (field, words) = told(Some(1), Some(-61), None);
        assert_eq!(field, "minutes");
        assert_eq!(
            words,
            "minutes: the interval must not be negative; hours, minutes and seconds \
             together are -60 seconds; allowed: 0 (taken as 1) or more"
        );
        let (field, words) = told(Some(1), None, Some(300_000_000_000));
        assert_eq!(field, "seconds");
        assert_eq!(
            words,
            "seconds: the interval is too long: its first fire time would lie after \
             year 9999; allowed: at most 251698233599 seconds in total"
        );
        for extreme in [i128::MAX, i128::MIN] {
            told(Some(extreme), None, None);
            told(None, Some(extreme), Some(extreme));
            told(Some(i128::MAX), Some(extreme), Some(61));
        }
        assert!(IntervalTrigger::new(None, None, Some(251_698_233_599), now).is_ok());
        assert!(IntervalTrigger::new(None, None, Some(251_698_233_600), now).is_err());
    }

    #[test]
    fn weeks_and_days_add_up_with_the_other_parts() {
        let spec = IntervalSpec {
            weeks: Some(2),
            days: Some(-1),
            hours: Some(1),
            minutes: Some(0),
            seconds: Some(5),
        };
        let added_at = at("2024-01-01T00:00:00.25Z");
        let every = IntervalTrigger::of_parts(spec, added_at, None).unwrap();
        assert_eq!(every.every_s(), 13 * 86_400 + 3605);
        assert_eq!(every.first_at(), at("2024-01-14T01:00:05.25Z"));
        assert_eq!(every.parts().hour, 13 * 24 + 1);
        let nothing = IntervalTrigger::of_parts(IntervalSpec::default(), added_at, None).unwrap();
        assert_eq!(nothing.every_s(), 1);
    }

    #[test]
    fn a_start_anchors_the_grid() {
        let days = |days| IntervalSpec {
            days: Some(days),
            ..IntervalSpec::default()
        };
        let added = "2024-03-10T12:00:00Z";
        // days, start, first fire time
        let cases = [
            (7, "2024-03-20T09:30:00Z", "2024-03-20T09:30:00Z"),
            (7, "2024-03-10T12:00:00Z", "2024-03-10T12:00:00Z"),
            (7, "2024-03-10T11:59:59.999Z", "2024-03-17T11:59:59.999Z"),
            (7, "2024-03-03T12:00:00Z", "2024-03-10T12:00:00Z"),
            (1, "1970-01-01T08:15:00Z", "2024-03-11T08:15:00Z"),
            (
                1,
                "2024-03-11T08:15:00.123456789Z",
                "2024-03-11T08:15:00.123Z",
            ),
            (7, "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ];
        for (count, start, first) in cases {
            let every = IntervalTrigger::of_parts(days(count), at(added), Some(at(start))).unwrap();
            assert_eq!(every.first_at(), at(first), "{count} from {start}");
            assert_eq!(i128::from(every.every_s()), count * 86_400);
        }
    }

    #[test]
    fn faults_name_weeks_days_and_start() {
        let now = at("2024-01-01T00:00:00Z");
        let told = |spec, start: Option<&str>| {
            let faults = IntervalTrigger::of_parts(spec, now, start.map(at)).unwrap_err();
            assert_eq!(faults.len(), 1);
            faults[0].to_string()
        };
        let weeks = |weeks, days| IntervalSpec {
            weeks: Some(weeks),
            days: Some(days),
            ..IntervalSpec::default()
        };
        assert_eq!(
            told(weeks(1, -8), None),
            "days: the interval must not be negative; weeks, days, hours, minutes and seconds \
             together are -86400 seconds; allowed: 0 (taken as 1) or more"
        );
        assert_eq!(
            told(weeks(1_000_000, 1), None),
            "weeks: the interval is too long: its first fire time would lie after year 9999; \
             allowed: at most 251698233599 seconds in total"
        );
        // With a start as well, be it past or to come.
        for start in ["1970-01-01T00:00:00Z", "2025-01-01T00:00:00Z"] {
            assert_eq!(
                told(weeks(1_000_000, 1), Some(start)),
                "weeks: the interval is too long: it would reach beyond year 9999; \
                 allowed: at most 251698233599 seconds in total"
            );
        }
        assert_eq!(
            told(weeks(1, 0), Some("+10000-01-01T00:00:00Z")),
            "start: the start lies after year 9999; allowed: up to 9999-12-31T23:59:59.999Z"
        );
        for extreme in [i128::MAX, i128::MIN] {
            told(weeks(extreme, 0), None);
            told(weeks(extreme, extreme), Some("2025-01-01T00:00:00Z"));
        }
    }
}
