//! The jobs that should exist after the requests sent so far, and how they
//! should be shown. This is the memory behind the rules of
//! tests/data/defects.md; it knows nothing of HTTP.

use chrono::{DateTime, TimeDelta, Utc};
use schedule_server::domain::trigger::{CronFields, CronTrigger, DateTrigger};
use schedule_server::domain::zone::Zone;
use serde_json::{Map, Value, json};

/// Stands for a next run that depends on the clock.
pub const SOME_TIME: &str = "<some time>";

/// The longest interval, about: from now to the year 9999.
const MAX_INTERVAL_S: i128 = 251_000_000_000;

#[derive(Default)]
pub struct World {
    pub jobs: Vec<Job>,
    /// Ids made up by the Python service, and those made up here.
    pub renamed: Vec<(String, String)>,
    /// Why the Python service's jobs may differ from these.
    pub diverged: Option<&'static str>,
    added: u32,
}

pub struct Job {
    pub id: String,
    url: String,
    trigger: Trigger,
    paused: bool,
    place: u32,
    added_from: DateTime<Utc>,
    added_to: DateTime<Utc>,
}

pub enum Trigger {
    Date(Box<DateTrigger>),
    Interval { every_s: i64 },
    Cron(Box<CronTrigger>),
}

/// The kinds of jobs, by the route that adds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Date,
    Interval,
    Cron,
}

impl World {
    /// Adds or replaces a job accepted between these instants.
    pub fn add(
        &mut self,
        id: String,
        kind: Kind,
        body: &Map<String, Value>,
        (added_from, added_to): (DateTime<Utc>, DateTime<Utc>),
    ) {
        let Some(trigger) = Trigger::read(kind, body) else {
            return;
        };
        self.added += 1;
        let old = self.jobs.iter().position(|job| job.id == id);
        let old = old.map(|at| self.jobs.remove(at));
        // A cron job added again goes to the end of the ties.
        let place = old.filter(|_| kind != Kind::Cron).map(|old| old.place);
        self.jobs.push(Job {
            id,
            url: body["url"].as_str().unwrap_or_default().to_owned(),
            trigger,
            paused: false,
            place: place.unwrap_or(self.added),
            added_from,
            added_to,
        });
    }

    pub fn find(&mut self, id: &str) -> Option<&mut Job> {
        self.jobs.iter_mut().find(|job| job.id == id)
    }

    pub fn remove(&mut self, id: &str) {
        self.jobs.retain(|job| job.id != id);
    }

    /// The recorded answer with the ids made up here.
    pub fn rename(&self, recorded: &Value) -> Value {
        let text = self
            .renamed
            .iter()
            .fold(recorded.to_string(), |text, (old, new)| {
                text.replace(old, new)
            });
        serde_json::from_str(&text).unwrap()
    }
}

impl Job {
    pub fn set_paused(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// Whether it never fires at all.
    pub fn never_fires(&self) -> bool {
        matches!(&self.trigger, Trigger::Cron(cron) if cron.next_at_or_after(self.added_from).is_none())
    }

    /// Whether it is due or past, and so may be gone at any moment.
    pub fn may_be_gone(&self) -> bool {
        let soon = Utc::now() + TimeDelta::seconds(60);
        matches!(&self.trigger, Trigger::Date(date) if date.at() < soon && !self.paused)
    }

    /// Ties are listed in this order.
    pub fn place(&self) -> u32 {
        self.place
    }

    /// The job as the API should show it.
    pub fn shown(&self) -> Value {
        let (kind, data) = match &self.trigger {
            Trigger::Date(date) => ("date", json!(date.parts())),
            Trigger::Interval { every_s } => {
                let (hour, rest) = (every_s / 3600, every_s % 3600);
                let data = json!({"hour": hour, "minute": rest / 60, "second": rest % 60});
                ("interval", data)
            }
            Trigger::Cron(cron) => ("cron", json!(cron.canonical())),
        };
        json!({
            "job_id": self.id,
            "name": "requests_url",
            "type": kind,
            "data": data,
            "request_url": self.url,
            "next_run_time": self.next_run(),
            "status": if self.paused { "paused" } else { "running" },
        })
    }

    fn next_run(&self) -> Value {
        match &self.trigger {
            _ if self.paused || self.never_fires() => Value::Null,
            Trigger::Date(date) => json!(date.at().format("%Y-%m-%dT%H:%M:%S+00:00").to_string()),
            Trigger::Interval { .. } | Trigger::Cron(_) => json!(SOME_TIME),
        }
    }

    /// Whether `text` can be its next run now.
    pub fn can_run_next_at(&self, text: &str) -> bool {
        let Some(at) = python_time(text) else {
            return false;
        };
        let now = Utc::now();
        match &self.trigger {
            Trigger::Date(date) => at == date.at(),
            Trigger::Cron(cron) => {
                cron.next_at_or_after(at) == Some(at)
                    && at >= self.added_from - TimeDelta::seconds(1)
                    && cron.next_at_or_after(now).is_none_or(|next| at <= next)
            }
            Trigger::Interval { every_s } => {
                let phase = (at - self.added_from).num_milliseconds() + 1;
                let slack = (self.added_to - self.added_from).num_milliseconds() + 2;
                phase >= every_s * 1000
                    && phase % (every_s * 1000) <= slack
                    && at <= now + TimeDelta::seconds(*every_s)
            }
        }
    }
}

impl Trigger {
    fn read(kind: Kind, body: &Map<String, Value>) -> Option<Self> {
        let part = |name: &str| i64::try_from(integer(body.get(name)?)?).ok();
        Some(match kind {
            Kind::Date => {
                let date = DateTrigger::new(
                    part("year")?,
                    part("month")?,
                    part("day")?,
                    part("hour")?,
                    part("minute")?,
                    part("second")?,
                );
                Self::Date(Box::new(date.ok()?))
            }
            Kind::Interval => Self::Interval {
                every_s: i64::try_from(interval_s(body).max(1)).ok()?,
            },
            Kind::Cron => {
                let fields = cron_fields(body);
                Self::Cron(Box::new(
                    CronTrigger::inherited(&fields, Zone::default()).ok()?,
                ))
            }
        })
    }
}

fn cron_fields(body: &Map<String, Value>) -> CronFields {
    let mut fields = CronFields::default();
    for (name, field) in [
        ("month", &mut fields.month),
        ("day", &mut fields.day),
        ("day_of_week", &mut fields.day_of_week),
        ("hour", &mut fields.hour),
        ("minute", &mut fields.minute),
        ("second", &mut fields.second),
    ] {
        if let Some(text) = body.get(name).and_then(Value::as_str) {
            text.clone_into(field);
        }
    }
    fields
}

/// Hours, minutes and seconds together; missing ones count as 0.
fn interval_s(body: &Map<String, Value>) -> i128 {
    let parts = [("hours", 3600), ("minutes", 60), ("seconds", 1)];
    let seconds = parts.map(|(name, unit_s)| {
        let part = body.get(name).and_then(integer).unwrap_or(0);
        part.saturating_mul(unit_s)
    });
    seconds.into_iter().fold(0, i128::saturating_add)
}

/// Whether an interval can be stored.
pub fn is_sound_interval(body: &Map<String, Value>) -> bool {
    (0..=MAX_INTERVAL_S).contains(&interval_s(body))
}

/// An integer as the models take it: whole floats, numeric text, booleans.
#[expect(clippy::cast_possible_truncation, reason = "saturates, as wanted")]
fn integer(value: &Value) -> Option<i128> {
    match value {
        Value::Bool(truth) => Some((*truth).into()),
        Value::Number(number) => {
            let exact = number.as_i128();
            exact.or_else(|| number.as_f64().map(|float| float as i128))
        }
        Value::String(text) => {
            let text = text.trim().replace('_', "");
            let text = text
                .split_once('.')
                .map_or(text.as_str(), |(whole, _)| whole);
            text.parse().ok()
        }
        _ => None,
    }
}

/// Whether a cron field has text after a name, a position or `last`, which the
/// Python service dropped.
pub fn has_dropped_text(body: &Map<String, Value>) -> bool {
    let fields = ["month", "day", "day_of_week"];
    fields.iter().any(|name| {
        let text = body.get(*name).and_then(Value::as_str).unwrap_or_default();
        text.split(',')
            .any(|item| drops_text(&item.trim().to_ascii_lowercase()))
    })
}

fn drops_text(item: &str) -> bool {
    let is_name = |word: &str| word.len() == 3 && word.bytes().all(|b| b.is_ascii_lowercase());
    let mut words = item.split_ascii_whitespace();
    let position = words.next().unwrap_or_default();
    if ["1st", "2nd", "3rd", "4th", "5th", "last"].contains(&position) {
        let day = words.next();
        return day.is_some_and(|day| !is_name(day)) || words.next().is_some();
    }
    let starts_with_word = item.starts_with(|c: char| c.is_ascii_lowercase());
    let (first, last) = item.split_once('-').unwrap_or((item, "any"));
    starts_with_word && !(is_name(first) && is_name(last))
}

/// Python's isoformat of a UTC time.
pub fn python_time(text: &str) -> Option<DateTime<Utc>> {
    let at = DateTime::parse_from_rfc3339(text).ok()?;
    let fraction_is_due = text.len() == 25 || (text.len() == 32 && !text.contains(".000000"));
    (text.ends_with("+00:00") && fraction_is_due).then(|| at.to_utc())
}

#[test]
fn dropped_text_is_seen() {
    for item in [
        "fri-sun/2",
        "mon#1",
        "mon-2",
        "last-1",
        "1st mon-fri",
        "last x",
        "monday",
    ] {
        assert!(drops_text(item), "{item}");
    }
    for item in [
        "fri-sun", "mon", "last", "1st mon", "last fri", "1", "*/2", "1-5/2", "jan",
    ] {
        assert!(!drops_text(item), "{item}");
    }
}
