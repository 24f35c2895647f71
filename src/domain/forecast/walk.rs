//! The fire times of one schedule ahead.

use chrono::TimeDelta;

use super::{Horizon, instant};
use crate::domain::schedule::Schedule;
use crate::domain::trigger::Trigger;

/// What is known of the fire times of some jobs with one schedule.
pub struct Walk {
    schedule: Schedule,
    /// How many jobs fire at these instants.
    pub jobs: u64,
    times: Times,
}

/// Fire times in ascending order.
enum Times {
    /// `count` of them at equal distances, in microseconds: an interval may fire
    /// between two milliseconds.
    Grid {
        first_us: i64,
        every_us: i64,
        count: i64,
    },
    /// Found one by one, in milliseconds.
    Listed {
        found: Vec<i64>,
        /// Whether there are no more before the end of the horizon.
        done: bool,
        from_ms: i64,
    },
}

impl Walk {
    /// The fire times from `from_ms` on.
    pub fn new(schedule: Schedule, from_ms: i64, jobs: u64, horizon: &Horizon) -> Self {
        let mut walk = Self {
            times: Times::Listed {
                found: Vec::new(),
                done: from_ms >= horizon.end_ms(),
                from_ms,
            },
            schedule,
            jobs,
        };
        match walk.schedule.trigger() {
            Trigger::Interval(interval) => {
                let every_us = interval.every_s().saturating_mul(1_000_000);
                walk.times = walk.grid(every_us, from_ms, horizon);
            }
            Trigger::Date(_) => {
                walk.search(horizon, 2);
            }
            Trigger::Cron(_) => {}
        }
        walk
    }

    /// An interval counts any number of fire times at once.
    fn grid(&self, every_us: i64, from_ms: i64, horizon: &Horizon) -> Times {
        // The store keeps fire times in milliseconds, cut: one a fraction of a
        // millisecond after `from_ms - 1` lies before it.
        let first = instant(from_ms).and_then(|from| self.schedule.next_at_or_after(from));
        let last = instant(horizon.end_ms()).map(|end| end - TimeDelta::microseconds(1));
        let (first_us, count) = match (first, last) {
            (Some(first), Some(last)) => {
                let (count, _) = self.schedule.count_between(first, last, u64::MAX);
                (first.timestamp_micros(), i64::try_from(count).unwrap_or(0))
            }
            _ => (0, 0),
        };
        Times::Grid {
            first_us,
            every_us,
            count,
        }
    }

    /// Whether all fire times are known.
    pub fn is_done(&self) -> bool {
        match &self.times {
            Times::Grid { .. } => true,
            Times::Listed { done, .. } => *done,
        }
    }

    /// Looks for at most so many more fire times; how many searches it took.
    pub fn search(&mut self, horizon: &Horizon, most: usize) -> usize {
        let Times::Listed {
            found,
            done,
            from_ms,
        } = &mut self.times
        else {
            return 0;
        };
        for n in 0..most {
            let next = match found.last() {
                None => instant(*from_ms).and_then(|at| self.schedule.next_at_or_after(at)),
                Some(last) => instant(*last).and_then(|at| self.schedule.next_after(at)),
            };
            // A date answers with its instant even when that is past.
            let next = next.map(|at| at.timestamp_millis());
            let next = next.filter(|at| *at >= *from_ms && *at < horizon.end_ms());
            let Some(next) = next else {
                *done = true;
                return n + 1;
            };
            found.push(next);
        }
        most
    }

    /// Adds the firings of all its jobs to their buckets.
    pub fn count(&self, horizon: &Horizon, firings: &mut [f64]) {
        let jobs = self.jobs as f64;
        match &self.times {
            Times::Grid { .. } => {
                let mut before = 0;
                for (bucket, firings) in (1..).zip(firings.iter_mut()) {
                    let until = self.before(horizon.from_ms + horizon.bucket_ms * bucket);
                    *firings += jobs * (until - before) as f64;
                    before = until;
                }
            }
            Times::Listed { found, done, .. } => {
                for at in found {
                    let bucket = horizon.bucket(*at);
                    if let Some(firings) = bucket.and_then(|n| firings.get_mut(n)) {
                        *firings += jobs;
                    }
                }
                if !done {
                    self.go_on(horizon, found, firings);
                }
            }
        }
    }

    /// How many fire times of a grid lie before an instant.
    fn before(&self, at_ms: i64) -> i64 {
        match &self.times {
            Times::Grid {
                first_us,
                every_us,
                count,
            } => {
                let span = at_ms * 1_000 - first_us;
                let passed = span.div_euclid(*every_us) + i64::from(span.rem_euclid(*every_us) > 0);
                passed.clamp(0, *count)
            }
            Times::Listed { .. } => 0,
        }
    }

    /// Beyond the last one found: at the same rate, evenly.
    fn go_on(&self, horizon: &Horizon, found: &[i64], firings: &mut [f64]) {
        let (Some(first), Some(last)) = (found.first(), found.last()) else {
            return;
        };
        let steps = found.len() as f64 - 1.0;
        let rate = if first < last {
            steps / (last - first) as f64
        } else {
            0.0
        };
        let end = self
            .schedule
            .end()
            .map_or(i64::MAX, |end| end.timestamp_millis());
        for (bucket, firings) in (0..).zip(firings.iter_mut()) {
            let from = horizon.from_ms + horizon.bucket_ms * bucket;
            let span = end.min(from + horizon.bucket_ms) - from.max(*last);
            *firings += self.jobs as f64 * rate * span.max(0) as f64;
        }
    }

    /// Calls `mark` with each known fire time before an instant, in milliseconds,
    /// unless they are closer than `least_ms` on average or the sending is spread.
    pub fn marks(&self, until_ms: i64, least_ms: i64, mut mark: impl FnMut(i64)) {
        if self
            .schedule
            .jitter()
            .is_some_and(|jitter| jitter.max_ms() >= 1_000)
        {
            return;
        }
        match &self.times {
            Times::Grid {
                first_us, every_us, ..
            } => {
                if *every_us >= least_ms * 1_000 {
                    let count = self.before(until_ms);
                    (0..count).for_each(|n| mark((first_us + n * every_us).div_euclid(1_000)));
                }
            }
            Times::Listed { found, .. } => {
                let span = found.last().zip(found.first()).map_or(0, |(b, a)| b - a);
                let steps = i64::try_from(found.len()).unwrap_or(i64::MAX) - 1;
                if steps < 1 || span / steps >= least_ms {
                    let near = found.iter().take_while(|at| **at < until_ms);
                    near.for_each(|at| mark(*at));
                }
            }
        }
    }
}
