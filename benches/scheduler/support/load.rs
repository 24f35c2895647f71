//! A steady load: jobs that fire each second, spread evenly over it.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{ServerProcess, TargetProcess};

/// How long after it was asked for a load begins.
const LEAD: TimeDelta = TimeDelta::seconds(4);

/// How long after its end all of it has come, or comes no more.
const AFTER: TimeDelta = TimeDelta::seconds(3);

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

    /// When it begins, asked for now.
    pub fn begin(self) -> DateTime<Utc> {
        Utc::now() + LEAD + TimeDelta::milliseconds(self.rate as i64 / 4)
    }

    /// The jobs of a load; their ids begin with `name`. They go on after it: that jobs
    /// end is not what is measured.
    pub fn jobs(self, name: &str, url: &str, begin: DateTime<Utc>) -> Vec<(String, Value)> {
        let job = |n: usize| {
            let offset_ms = n * 1_000 / self.rate;
            let start = begin + TimeDelta::milliseconds(offset_ms as i64);
            let definition = json!({
                "trigger": {"type": "interval", "seconds": 1, "start": text(start)},
                "request": {"url": url}
            });
            (format!("{name}-{n}"), definition)
        };
        (0..self.rate).map(job).collect()
    }

    /// Lets a server fire it; how late each request came, ascending, in microseconds.
    pub async fn fire(self, server: &ServerProcess, target: &TargetProcess) -> Vec<i64> {
        target.clear().await;
        let begin = self.begin();
        server.import(self.jobs("steady", &target.url, begin)).await;
        let end = begin + TimeDelta::seconds(self.seconds as i64);
        let left = (end + AFTER - Utc::now()).to_std().unwrap_or_default();
        tokio::time::sleep(left).await;
        let arrivals = target.arrivals().await;
        let due = begin.timestamp_micros()..end.timestamp_micros();
        let of_it = arrivals.iter().filter(|a| due.contains(&a.fire_at_us));
        let mut late: Vec<i64> = of_it.map(|a| a.late_us()).collect();
        late.sort_unstable();
        late
    }
}

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
