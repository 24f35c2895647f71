//! At which seconds many jobs fire together.

use super::Horizon;
use super::walk::Walk;

/// An hour and a day, in seconds.
pub const HOUR_S: usize = 3_600;
pub const DAY_S: usize = 86_400;

/// How many seconds are told.
const TOLD: usize = 10;
/// What fires more often than this, in milliseconds, is no burst: it goes on all
/// the time.
const LEAST_MS: i64 = 60_000;

/// A second at which jobs fire together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Burst {
    /// The second, in unix seconds.
    pub at_s: i64,
    /// How many jobs.
    pub jobs: f64,
}

/// How many jobs fire in each second of the next day.
pub struct Together {
    from_s: i64,
    until_ms: i64,
    seconds: Vec<u64>,
}

impl Together {
    pub fn new(horizon: &Horizon) -> Self {
        let from_s = horizon.now_ms.div_euclid(1_000);
        let day = i64::try_from(DAY_S).unwrap_or(i64::MAX);
        Self {
            from_s,
            until_ms: horizon.end_ms().min((from_s + day) * 1_000),
            seconds: vec![0; DAY_S],
        }
    }

    pub fn add(&mut self, walk: &Walk) {
        walk.marks(self.until_ms, LEAST_MS, |at_ms| {
            let second = usize::try_from(at_ms.div_euclid(1_000) - self.from_s);
            if let Some(jobs) = second.ok().and_then(|n| self.seconds.get_mut(n)) {
                *jobs += walk.jobs;
            }
        });
    }

    /// The seconds with most jobs among the first so many, most first; one job
    /// alone is none.
    pub fn busiest(&self, seconds: usize) -> Vec<Burst> {
        let first = self.seconds.iter().take(seconds);
        let mut many: Vec<(u64, i64)> = first
            .zip(self.from_s..)
            .filter(|(jobs, _)| **jobs > 1)
            .map(|(jobs, at_s)| (*jobs, at_s))
            .collect();
        many.sort_unstable_by_key(|(jobs, at_s)| (std::cmp::Reverse(*jobs), *at_s));
        many.truncate(TOLD);
        let burst = |(jobs, at_s): (u64, i64)| Burst {
            at_s,
            jobs: jobs as f64,
        };
        many.into_iter().map(burst).collect()
    }
}
