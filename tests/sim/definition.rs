//! The jobs of a run: drawn at random, and enumerated here by plain arithmetic, so
//! that the checks do not ask the code that they check.

use chrono::{DateTime, TimeDelta, Utc};
use schedule_server::domain::job::{JobDraft, JobId, JobState, Notes};
use schedule_server::domain::policy::{CatchUp, Delivery, Grace, Overlap, Policies};
use schedule_server::domain::retry::{Delay, Retry};
use schedule_server::domain::schedule::{Jitter, Schedule};
use schedule_server::domain::target::Request;
use schedule_server::domain::trigger::{
    CronFields, CronTrigger, DateTrigger, IntervalTrigger, Trigger,
};
use schedule_server::domain::zone::Zone;

use super::rng::Rng;

type At = DateTime<Utc>;

/// When a job fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Once(At),
    /// At equal distances, in seconds.
    Every {
        first: At,
        seconds: i64,
    },
    /// In each second of the minute that this number divides.
    EveryNth(i64),
    /// In this second of each minute.
    AtSecond(i64),
}

/// A job as a client defines it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    pub when: When,
    pub end: Option<At>,
    pub jitter_ms: i64,
    pub policies: Policies,
    pub host: u64,
}

/// Jobs of these ids ask for delivery at least once, whatever else is changed.
pub fn at_least_once(id: &JobId) -> bool {
    id.as_str().ends_with('+')
}

impl Definition {
    /// A definition for a job that is put at `now`.
    pub fn draw(rng: &mut Rng, id: &JobId, now: At) -> Self {
        let seconds = TimeDelta::seconds;
        let when = match rng.below(10) {
            0..3 => When::Once(now + TimeDelta::milliseconds(rng.between(-5_000, 25_000))),
            3..7 => {
                let distance = *rng.pick(&[1, 2, 3, 5, 7, 20]);
                When::Every {
                    first: now + seconds(distance),
                    seconds: distance,
                }
            }
            7..9 => When::EveryNth(*rng.pick(&[1, 2, 4, 5, 10, 30])),
            _ => When::AtSecond(rng.between(0, 59)),
        };
        let repeats = !matches!(when, When::Once(_));
        let end = (repeats && rng.permille(80)).then(|| now + seconds(rng.between(70, 200)));
        Self {
            when,
            end,
            jitter_ms: if rng.permille(150) { 2_000 } else { 0 },
            policies: policies(rng, id, now),
            host: rng.below(3),
        }
    }

    /// `name` tells this draft from all others.
    pub fn draft(&self, id: &JobId, now: At, name: String) -> JobDraft {
        let schedule = self.schedule(now);
        JobDraft {
            id: id.clone(),
            notes: Notes::new(name, Vec::new()),
            state: JobState::Running,
            next_fire_at: schedule.first_fire_at(now),
            schedule,
            request: Request::get(format!("http://host{}.test/", self.host)),
            policies: self.policies.clone(),
        }
    }

    fn schedule(&self, now: At) -> Schedule {
        let trigger = match self.when {
            When::Once(at) => Trigger::Date(DateTrigger::at_instant(at).unwrap()),
            When::Every { seconds, .. } => {
                let seconds = Some(i128::from(seconds));
                Trigger::Interval(IntervalTrigger::new(None, None, seconds, now).unwrap())
            }
            When::EveryNth(n) => cron(format!("*/{n}")),
            When::AtSecond(second) => cron(second.to_string()),
        };
        let jitter = Jitter::from_ms(self.jitter_ms).unwrap();
        Schedule::new(trigger, None, self.end, Some(jitter)).unwrap()
    }

    /// Whether its fire times come to an end.
    pub fn is_finite(&self) -> bool {
        self.end.is_some() || matches!(self.when, When::Once(_))
    }

    /// The fire times in `from..to`, ascending.
    pub fn fires(&self, from: At, to: At) -> Vec<At> {
        let to = self
            .end
            .map_or(to, |end| to.min(end + TimeDelta::milliseconds(1)));
        let mut fires = Vec::new();
        match self.when {
            When::Once(at) => fires.extend((from <= at && at < to).then_some(at)),
            When::Every { first, seconds } => {
                let mut at = first;
                while at < to {
                    if at >= from {
                        fires.push(at);
                    }
                    at += TimeDelta::seconds(seconds);
                }
            }
            When::EveryNth(n) => seconds_where(from, to, |s| s % n == 0, &mut fires),
            When::AtSecond(n) => seconds_where(from, to, |s| s == n, &mut fires),
        }
        fires
    }
}

fn seconds_where(from: At, to: At, wanted: impl Fn(i64) -> bool, fires: &mut Vec<At>) {
    let first = (from.timestamp_millis() + 999).div_euclid(1_000);
    let seconds = (first..).take_while(|s| s * 1_000 < to.timestamp_millis());
    let seconds = seconds.filter(|s| wanted(s.rem_euclid(60)));
    fires.extend(seconds.filter_map(|s| DateTime::from_timestamp(s, 0)));
}

fn cron(second: String) -> Trigger {
    let any = || "*".to_owned();
    let fields = CronFields {
        hour: any(),
        minute: any(),
        second,
        ..CronFields::default()
    };
    Trigger::Cron(CronTrigger::new(&fields, Zone::default()).unwrap())
}

fn policies(rng: &mut Rng, id: &JobId, now: At) -> Policies {
    let mut policies = Policies::default();
    if at_least_once(id) {
        policies.delivery = Delivery::AtLeastOnce;
    }
    if rng.permille(250) {
        let graces = [Grace::Unlimited, Grace::Ms(0), Grace::Ms(2_000)];
        policies.misfire_grace = Some(*rng.pick(&graces));
    }
    policies.catch_up = *rng.pick(&[
        CatchUp::Latest,
        CatchUp::Latest,
        CatchUp::None,
        CatchUp::All(1),
        CatchUp::All(4),
    ]);
    policies.overlap = *rng.pick(&[
        Overlap::Skip,
        Overlap::Skip,
        Overlap::Allow(3),
        Overlap::Queue(2),
        Overlap::CancelPrevious,
    ]);
    if rng.permille(350) {
        policies.retry = Some(Retry {
            attempts: rng.between(2, 4) as u32,
            delay: Delay::FixedMs(rng.below(2_000)),
            ..Retry::default()
        });
    }
    if rng.permille(80) {
        policies.pause_after_failures = Some(rng.between(1, 3) as u32);
    }
    if rng.permille(80) {
        policies.pause_until = Some(now + TimeDelta::seconds(rng.between(1, 30)));
    }
    policies.priority = rng.between(-1, 1) as i8;
    policies
}
