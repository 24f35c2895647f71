//! The fire time before an instant. Triggers only know the next one, so it is
//! found by halving: about fifty of their searches.

use chrono::{DateTime, TimeDelta, Utc};

use super::Schedule;

/// How far back is looked, in steps that grow: to a second, to four, ... to
/// 136 years.
const STEPS: u32 = 17;

impl Schedule {
    /// The last fire time strictly before `t` and not before `not_before`.
    #[must_use]
    pub fn last_before(
        &self,
        t: DateTime<Utc>,
        not_before: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let fires = |from| {
            self.next_at_or_after(from)
                .filter(|at| *at < t && *at >= from)
        };
        let (mut none_from, mut found) = (t, None);
        for step in 0..STEPS {
            let back = TimeDelta::seconds(1_i64 << (2 * step));
            let from = t
                .checked_sub_signed(back)
                .map_or(not_before, |at| at.max(not_before));
            found = fires(from);
            if found.is_some() || from == not_before {
                break;
            }
            none_from = from;
        }
        // Between what was found and where there is none any more.
        let mut last = found?;
        while none_from - last > TimeDelta::milliseconds(1) {
            let middle = last + (none_from - last) / 2;
            match fires(middle) {
                Some(later) => last = later,
                None => none_from = middle,
            }
        }
        Some(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::trigger::{CronFields, CronTrigger, DateTrigger, IntervalTrigger, Trigger};
    use crate::domain::zone::Zone;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn it_is_the_fire_time_whose_next_is_not_before() {
        let added = at("2030-01-01T00:00:00.250Z");
        let cron = |hour: &str, minute: &str| {
            let fields = CronFields {
                hour: hour.into(),
                minute: minute.into(),
                second: "0".into(),
                ..CronFields::default()
            };
            Trigger::Cron(CronTrigger::new(&fields, Zone::default()).unwrap())
        };
        let leap = CronFields {
            month: "2".into(),
            day: "29".into(),
            hour: "0".into(),
            minute: "0".into(),
            second: "0".into(),
            ..CronFields::default()
        };
        let every = IntervalTrigger::new(None, None, Some(7), added).unwrap();
        for (trigger, t, expected) in [
            (
                cron("9", "0"),
                "2030-05-05T09:00:00Z",
                Some("2030-05-04T09:00:00Z"),
            ),
            (
                cron("9", "0"),
                "2030-05-05T09:00:00.001Z",
                Some("2030-05-05T09:00:00Z"),
            ),
            (
                cron("9", "*"),
                "2030-05-05T08:00:00Z",
                Some("2030-05-04T09:59:00Z"),
            ),
            (cron("9", "0"), "2030-01-01T08:00:00Z", None),
            (
                Trigger::Cron(CronTrigger::new(&leap, Zone::default()).unwrap()),
                "2039-01-01T00:00:00Z",
                Some("2036-02-29T00:00:00Z"),
            ),
            (
                Trigger::Interval(every),
                "2030-01-01T00:01:00Z",
                Some("2030-01-01T00:00:56.250Z"),
            ),
            (
                Trigger::Date(DateTrigger::new(2030, 2, 2, 0, 0, 0).unwrap()),
                "2031-01-01T00:00:00Z",
                Some("2030-02-02T00:00:00Z"),
            ),
            (
                Trigger::Date(DateTrigger::new(2030, 2, 2, 0, 0, 0).unwrap()),
                "2030-02-02T00:00:00Z",
                None,
            ),
        ] {
            let schedule = Schedule::from(trigger);
            let found = schedule.last_before(at(t), added);
            assert_eq!(found, expected.map(at), "{schedule:?} {t}");
        }
    }
}
