//! The fire times to come, as the engine will plan them.
//!
//! Invariant: each is one that [`misfire::plan`] would claim, asked just before
//! it is due; so what is told ahead is what fires, as long as nobody changes
//! the job and the server runs.

use chrono::{DateTime, TimeDelta, Utc};

use super::misfire;
use super::policy::Policies;
use super::schedule::Schedule;

/// How often what is overdue is planned before it is passed over: the engine
/// does the same in the first moment in which it runs again.
const MAX_OVERDUE_PLANS: u32 = 4;

/// Fire times to come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Upcoming {
    /// The next ones, ascending.
    pub fires: Vec<DateTime<Utc>>,
    /// The first one after these; `None`: there is none.
    pub next: Option<DateTime<Utc>>,
}

/// The next `n` fire times of a job whose next fire time is `due`. What is overdue
/// at `now` is planned by the policies, grace and all; what lies before the end of
/// a pause is passed over.
///
/// Takes at most `n` + 2 searches of the trigger, and for what is overdue as long
/// as a few plans of the engine, each of which is bounded.
#[must_use]
pub fn upcoming(
    schedule: &Schedule,
    policies: &Policies,
    due: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    n: usize,
) -> Upcoming {
    let mut found = Upcoming {
        fires: Vec::new(),
        next: due,
    };
    found.take_overdue(schedule, policies, now);
    if let Some(until) = policies.pause_until {
        // In one step what the engine skips one by one.
        found.next = found.next.and_then(|next| match next < until {
            true => schedule.next_at_or_after(until).filter(|at| *at >= until),
            false => Some(next),
        });
    }
    while let Some(due) = found.next
        && found.fires.len() < n
    {
        let plan = misfire::plan(schedule, policies, due, just_before(due));
        found.fires.extend(plan.fires);
        found.next = plan.next.filter(|next| *next > due);
    }
    if let Some(first_left) = found.fires.get(n).copied() {
        found.next = Some(first_left);
        found.fires.truncate(n);
    }
    found
}

impl Upcoming {
    /// What is due already is fired, or not, by the policies.
    fn take_overdue(&mut self, schedule: &Schedule, policies: &Policies, now: DateTime<Utc>) {
        for _ in 0..MAX_OVERDUE_PLANS {
            let Some(due) = self.next.filter(|due| *due <= now) else {
                return;
            };
            let plan = misfire::plan(schedule, policies, due, now);
            self.fires.extend(plan.fires);
            self.next = plan.next.filter(|next| *next > due);
        }
        if self.next.is_some_and(|due| due <= now) {
            self.next = schedule.next_after(now);
        }
    }
}

/// The engine claims ahead of time.
fn just_before(due: DateTime<Utc>) -> DateTime<Utc> {
    due.checked_sub_signed(TimeDelta::milliseconds(1))
        .unwrap_or(due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::CatchUp;
    use crate::domain::trigger::cron::years_searched;
    use crate::domain::trigger::{CronFields, CronTrigger, DateTrigger, IntervalTrigger, Trigger};
    use crate::domain::warnings::warnings;
    use crate::domain::zone::Zone;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// A search looks through at most 64 kinds of years, once more for each change
    /// of the clocks that swallows a match; the zone data ends in 2099.
    #[test]
    fn the_work_of_a_preview_is_bounded() {
        const N: u64 = 100;
        const KINDS: u64 = 65;
        const CHANGES: u64 = 2 * 130;
        let corpus = include_str!("../../tests/data/fuzz/fields.txt");
        let zone = Zone::parse("Europe/London").unwrap();
        let mut all: Vec<CronFields> = Vec::new();
        for text in corpus.lines() {
            let of = |set: fn(&mut CronFields) -> &mut String| {
                let mut fields = CronFields::default();
                text.clone_into(set(&mut fields));
                fields
            };
            all.extend([
                of(|f| &mut f.year),
                of(|f| &mut f.month),
                of(|f| &mut f.day),
            ]);
            all.extend([
                of(|f| &mut f.week),
                of(|f| &mut f.day_of_week),
                of(|f| &mut f.hour),
            ]);
        }
        for (month, day, week, weekday, hour) in [
            ("2", "29", "*", "mon", "*"),
            ("2", "30", "*", "*", "*"),
            ("1", "1", "53", "*", "1"),
            ("12", "31", "1", "sun", "1"),
            ("3", "last sun", "*", "*", "1"),
            ("10", "last sun", "*", "*", "1"),
            ("1", "1", "30", "*", "*"),
        ] {
            let [month, day, week, day_of_week, hour] =
                [month, day, week, weekday, hour].map(str::to_owned);
            all.push(CronFields {
                month,
                day,
                week,
                day_of_week,
                hour,
                minute: "30".into(),
                ..CronFields::default()
            });
        }
        let mut tried = 0;
        for fields in all {
            let Ok(cron) = CronTrigger::new(&fields, zone) else {
                continue;
            };
            let schedule = Schedule::from(Trigger::Cron(cron));
            let policies = Policies::default();
            let before = years_searched();
            let now = at("2031-01-01T00:00:00Z");
            let found = upcoming(&schedule, &policies, schedule.first_fire_at(now), now, 100);
            let _ = warnings(&schedule, &policies, now, &found);
            let work = years_searched() - before;
            assert!(work <= (N + 10 + CHANGES) * KINDS, "{work}: {fields:?}");
            tried += 1;
        }
        assert!(tried > 50, "{tried}");
    }

    fn minutely(added: &str, end: Option<&str>) -> Schedule {
        let trigger = IntervalTrigger::new(None, Some(1), None, at(added)).unwrap();
        Schedule::new(Trigger::Interval(trigger), None, end.map(at), None).unwrap()
    }

    fn fires(found: &Upcoming) -> Vec<String> {
        let shown = |at: &DateTime<Utc>| at.format("%H:%M").to_string();
        found.fires.iter().map(shown).collect()
    }

    #[test]
    fn a_window_and_a_pause_are_honoured() {
        let now = at("2030-01-01T00:00:00Z");
        let first = Some(at("2030-01-01T00:01:00Z"));
        let plain = Policies::default();
        let ends = minutely("2030-01-01T00:00:00Z", Some("2030-01-01T00:03:30Z"));
        let found = upcoming(&ends, &plain, first, now, 10);
        assert_eq!(fires(&found), ["00:01", "00:02", "00:03"]);
        assert_eq!(found.next, None);
        let found = upcoming(&ends, &plain, first, now, 2);
        assert_eq!(found.next, Some(at("2030-01-01T00:03:00Z")));
        let paused = Policies {
            pause_until: Some(at("2030-01-01T00:02:30Z")),
            ..Policies::default()
        };
        assert_eq!(fires(&upcoming(&ends, &paused, first, now, 10)), ["00:03"]);
        let date = DateTrigger::at_instant(at("2030-01-01T00:02:00Z")).unwrap();
        let date = Schedule::from(Trigger::Date(date));
        let due = date.first_fire_at(now);
        assert!(upcoming(&date, &paused, due, now, 10).fires.is_empty());
    }

    #[test]
    fn what_is_overdue_follows_the_policies() {
        let now = at("2030-01-01T00:05:30Z");
        let first = Some(at("2030-01-01T00:01:00Z"));
        let schedule = minutely("2030-01-01T00:00:00Z", None);
        for (catch_up, wanted) in [
            (CatchUp::None, ["00:06", "00:07", "00:08"]),
            (CatchUp::Latest, ["00:05", "00:06", "00:07"]),
            (CatchUp::All(2), ["00:04", "00:05", "00:06"]),
            (CatchUp::All(100), ["00:01", "00:02", "00:03"]),
        ] {
            let policies = Policies {
                catch_up,
                ..Policies::default()
            };
            let found = upcoming(&schedule, &policies, first, now, 3);
            assert_eq!(fires(&found), wanted, "{catch_up:?}");
            assert!(found.next.is_some());
        }
        let date = DateTrigger::at_instant(at("2030-01-01T00:04:00Z")).unwrap();
        let date = Schedule::from(Trigger::Date(date));
        let due = date.first_fire_at(now);
        let found = upcoming(&date, &Policies::default(), due, now, 3);
        assert_eq!(found, Upcoming::default(), "later than its grace");
    }
}
