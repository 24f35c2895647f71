//! A steady load: jobs that fire each second, spread evenly over it.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{ServerProcess, TargetProcess};

/// How long after it was asked for a load begins.
const LEAD: TimeDelta = TimeDelta::seconds(4);

/// So many firings a second, for so many seconds.
#[derive(Clone, Copy)]
pub struct Load {
    pub rate: usize,
    pub seconds: usize,
}

impl Load {
    /// How often it fires in all.
    pub fn firings(self) -> usize {
        self.rate * self.seconds
    }

    /// The jobs of a load; their ids begin with `name`.
    pub fn jobs(self, name: &str, url: &str) -> Vec<(String, Value)> {
        let begin = Utc::now() + LEAD + TimeDelta::milliseconds(self.rate as i64 / 4);
        let job = |n: usize| {
            let offset_ms = n * 1_000 / self.rate;
            let start = begin + TimeDelta::milliseconds(offset_ms as i64);
            let end = start + TimeDelta::milliseconds(self.seconds as i64 * 1_000 - 500);
            let definition = json!({
                "trigger": {"type": "interval", "seconds": 1, "start": text(start), "end": text(end)},
                "request": {"url": url}
            });
            (format!("{name}-{n}"), definition)
        };
        (0..self.rate).map(job).collect()
    }

    /// Lets a server fire it; how late each request came, ascending, in microseconds.
    pub async fn fire(self, server: &ServerProcess, target: &TargetProcess) -> Vec<i64> {
        target.clear().await;
        server.import(self.jobs("steady", &target.url)).await;
        let patience = Duration::from_secs(self.seconds as u64 + 60);
        target.wait_for(self.firings(), patience).await;
        let arrivals = target.arrivals().await;
        let mut late: Vec<i64> = arrivals.iter().map(|a| a.late_us()).collect();
        late.sort_unstable();
        late
    }
}

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
