//! The whole server on a clock that moves when told, its API, and a target.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use schedule_server::clock::{Clock, ManualClock};
use serde_json::{Value, json};

use super::api::{Api, is_final};
use super::app::App;
use super::target::{Arrival, Target};

pub struct Stage {
    pub app: App,
    pub api: Api,
    pub target: Target,
    pub clock: ManualClock,
    whiles: AtomicUsize,
}

impl Stage {
    /// At this instant.
    pub async fn at(start: &str) -> Self {
        Self::with(start, &[]).await
    }

    /// At an instant of no meaning.
    pub async fn any() -> Self {
        Self::at("2031-05-01T12:00:00Z").await
    }

    pub async fn with(start: &str, flags: &[&str]) -> Self {
        let clock = ManualClock::new(instant(start));
        // So that a step within a minute does not cost the replica its lease, and
        // one over months not its ledger, unless that is what is looked at.
        let mut flags = [flags, &["--lease=60s"]].concat();
        if !flags.iter().any(|flag| flag.starts_with("--retention-age")) {
            flags.push("--retention-age=0s");
        }
        let app = App::with_clock(&flags, Arc::new(clock.clone())).await;
        Self {
            api: Api::of(&app.at("")),
            target: Target::start().await,
            app,
            clock,
            whiles: AtomicUsize::new(0),
        }
    }

    /// Puts a job; without a trigger it never fires by itself, without a
    /// request it calls `/ok` of the target.
    pub async fn put(&self, id: &str, definition: Value) -> Value {
        let mut whole = json!({
            "trigger": {"type": "date", "at": "2099-01-01T00:00:00Z"},
            "request": {"url": self.target.at("/ok")},
        });
        for (name, part) in definition.as_object().unwrap() {
            whole[name] = part.clone();
        }
        self.api.put(id, &whole).await
    }

    /// Puts a job that sends this request: `url` is a path of the target.
    pub async fn put_request(&self, id: &str, mut request: Value) -> Value {
        let path = request["url"].as_str().unwrap_or("/ok").to_owned();
        request["url"] = json!(self.target.at(&path));
        self.put(id, json!({"request": request})).await
    }

    /// Moves the clock, and waits until all that is due of these jobs is done.
    pub async fn go(&self, to: &str, jobs: &[&str]) {
        self.clock.set(instant(to));
        for job in jobs {
            self.settled(job).await;
        }
    }

    pub fn advance_ms(&self, ms: i64) {
        self.clock.advance(TimeDelta::milliseconds(ms));
    }

    /// Waits until nothing of the job is due or under way.
    pub async fn settled(&self, id: &str) {
        let now = self.clock.now();
        let done = |job: Option<&Value>| {
            let Some(status) = job.map(|job| &job["status"]) else {
                return true;
            };
            let open = |row: &Value| at(&row["fire_at"]) <= Some(now) && !is_final(row);
            let waits = at(&status["next_fire_at"]).is_none_or(|next| next > now);
            waits && !status["recent"].as_array().unwrap().iter().any(open)
        };
        self.api.until(id, done).await;
    }

    /// Runs the job now, and waits for what comes of it. Two runs of one job
    /// have two instants.
    pub async fn ran(&self, id: &str) -> String {
        self.advance_ms(1);
        self.api.ran(id).await
    }

    /// Time enough to send another request from start to end.
    pub async fn a_while(&self) {
        let n = self.whiles.fetch_add(1, Ordering::Relaxed);
        let marker = format!("marker-{n}");
        self.put(&marker, json!({})).await;
        self.api.ran(&marker).await;
    }

    /// What came for a job.
    pub fn arrivals(&self, id: &str) -> Vec<Arrival> {
        let mut arrivals = self.target.arrivals();
        arrivals.retain(|arrival| arrival.job_id() == id);
        arrivals
    }

    /// The fire times of what came for a job.
    pub fn fired(&self, id: &str) -> Vec<String> {
        let arrivals = self.arrivals(id);
        arrivals.iter().map(|a| shown(a.fire_at())).collect()
    }

    /// Waits until so many requests of the job have come.
    pub async fn arrived(&self, id: &str, count: usize) {
        let others = || self.target.arrivals().len() - self.arrivals(id).len();
        while self.arrivals(id).len() < count {
            self.target.wait_for(others() + count).await;
        }
    }
}

pub fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// As the API shows it.
pub fn shown(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn at(shown: &Value) -> Option<DateTime<Utc>> {
    shown.as_str().map(instant)
}
