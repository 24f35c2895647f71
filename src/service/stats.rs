//! What all jobs together came to, and what lies ahead of them. Costs the same
//! however many jobs and runs there are, and next to nothing when it is asked
//! for again.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::ServiceError;
use super::cache::Cache;
use crate::clock::{Clock, now_ms};
use crate::domain::forecast::{self, CRON_SEARCHES, Forecast, Horizon};
use crate::store::{Past, PastRequest, Sample, SampleOf, Store};

/// The longest time behind and ahead, in hours.
pub const MAX_HOURS: u32 = 168;
/// How many buckets a time may be divided into.
pub const MAX_BUCKETS: i64 = 400;

/// The forecast is made of all jobs up to this number, else of a sample of it.
const SAMPLED: u32 = 2_000;
/// How long what is behind and what is ahead may be told again.
const PAST_LASTS: Duration = Duration::from_secs(1);
const AHEAD_LASTS: Duration = Duration::from_secs(10);

/// The lengths of buckets: their words and seconds.
pub const BUCKETS: [(&str, i64); 6] = [
    ("1m", 60),
    ("5m", 300),
    ("15m", 900),
    ("1h", 3_600),
    ("6h", 21_600),
    ("1d", 86_400),
];

/// The time of which statistics are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatsQuery {
    /// Hours behind: 1 to [`MAX_HOURS`].
    pub behind_h: u32,
    /// Hours ahead, likewise.
    pub ahead_h: u32,
    /// The length of a bucket in seconds: one of [`BUCKETS`]. A time has at
    /// most [`MAX_BUCKETS`] of them.
    pub bucket_s: i64,
}

/// What is behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Behind {
    /// When it was looked at.
    pub as_of: DateTime<Utc>,
    /// Where each bucket begins: multiples of its length since 1970.
    pub buckets: Vec<DateTime<Utc>>,
    /// The counts.
    pub past: Past,
}

/// What is ahead.
#[derive(Debug, Clone, PartialEq)]
pub struct Ahead {
    /// When it was looked at.
    pub as_of: DateTime<Utc>,
    /// Where each bucket begins: multiples of its length since 1970.
    pub buckets: Vec<DateTime<Utc>>,
    /// What all jobs will do: of a sample scaled to all.
    pub forecast: Forecast,
    /// Of which sample; `None`: all jobs were looked at.
    pub sample: Option<SampleOf>,
}

/// The use cases of statistics.
#[derive(Clone)]
pub struct Stats {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    behind: Arc<Cache<(u32, i64), Behind>>,
    ahead: Arc<Cache<(u32, i64), Ahead>>,
}

impl Stats {
    /// The use cases over `store`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self {
            behind: Arc::new(Cache::new(clock.clone(), PAST_LASTS)),
            ahead: Arc::new(Cache::new(clock.clone(), AHEAD_LASTS)),
            store,
            clock,
        }
    }

    /// What has been, as of at most a second ago.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn behind(&self, query: &StatsQuery) -> Result<Arc<Behind>, ServiceError> {
        let (hours, bucket_s) = (query.behind_h, query.bucket_s);
        let made = self.behind.get((hours, bucket_s), async {
            let now = now_ms(&*self.clock);
            let from = floor(now - TimeDelta::hours(hours.into()), bucket_s);
            let request = PastRequest {
                now,
                from,
                bucket_s,
            };
            Ok(Behind {
                as_of: now,
                // The one of this very moment too, when it begins with it.
                buckets: buckets(from, now + TimeDelta::milliseconds(1), bucket_s),
                past: self.store.past(request).await?,
            })
        });
        made.await
    }

    /// What will be, as of at most ten seconds ago.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn ahead(&self, query: &StatsQuery) -> Result<Arc<Ahead>, ServiceError> {
        let key = (query.ahead_h, query.bucket_s);
        self.ahead.get(key, self.look_ahead(query)).await
    }

    async fn look_ahead(&self, query: &StatsQuery) -> Result<Ahead, ServiceError> {
        let now = now_ms(&*self.clock);
        let from = floor(now, query.bucket_s);
        let until = now + TimeDelta::hours(query.ahead_h.into());
        let buckets = buckets(from, until, query.bucket_s);
        let horizon = Horizon {
            now_ms: now.timestamp_millis(),
            from_ms: from.timestamp_millis(),
            bucket_ms: query.bucket_s * 1_000,
            buckets: buckets.len(),
        };
        let end = DateTime::from_timestamp_millis(horizon.end_ms()).unwrap_or(until);
        let Sample { jobs, of } = self.store.sample(end, SAMPLED).await?;
        // Up to some ten milliseconds of the processor: not among requests.
        let made =
            tokio::task::spawn_blocking(move || forecast::forecast(&jobs, &horizon, CRON_SEARCHES));
        let failed = |detail: String| ServiceError::Unavailable {
            what: "forecast",
            detail,
        };
        let forecast = made.await.map_err(|e| failed(e.to_string()))?;
        let mut forecast = forecast.map_err(|e| failed(e.to_string()))?;
        if let Some(of) = of {
            forecast.scale(of.total as f64 / of.sampled.max(1) as f64);
        }
        Ok(Ahead {
            as_of: now,
            buckets,
            forecast,
            sample: of,
        })
    }
}

/// Where the buckets from `from` on begin, up to the one that holds `until`, or
/// ends with it.
fn buckets(from: DateTime<Utc>, until: DateTime<Utc>, bucket_s: i64) -> Vec<DateTime<Utc>> {
    let bucket = TimeDelta::seconds(bucket_s);
    let starts = std::iter::successors(Some(from), |start| start.checked_add_signed(bucket));
    starts
        .take_while(|start| *start < until || *start == from)
        .collect()
}

/// The last multiple of a bucket since 1970.
fn floor(at: DateTime<Utc>, bucket_s: i64) -> DateTime<Utc> {
    let second = at.timestamp() - at.timestamp().rem_euclid(bucket_s);
    DateTime::from_timestamp(second, 0).unwrap_or(at)
}
