//! How many firings lie ahead, by bucket of time, and at which seconds most jobs
//! fire together. By the schedules alone: what will be skipped or retried is not
//! known yet.
//!
//! The work is bounded whatever the jobs: those with the same schedule are looked
//! at once, intervals are reckoned, the fire times of crons are walked along up to
//! a budget; what lies beyond it is taken to go on at the rate seen so far, and
//! the forecast is no longer exact.

mod busiest;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::HashMap;

use chrono::{DateTime, Utc};

pub use self::busiest::Burst;
use self::busiest::Together;
use self::walk::Walk;
use super::schedule::Schedule;

/// How many searches for the next fire time of a cron one forecast makes.
pub const CRON_SEARCHES: usize = 20_000;

/// A job that may fire, as far as a forecast needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpcomingJob {
    /// Its [`Schedule`], as JSON.
    pub schedule: String,
    /// Its next fire time, in unix milliseconds.
    pub next_ms: i64,
    /// It does not fire before this instant.
    pub pause_until_ms: Option<i64>,
}

/// The time ahead: instants in unix milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// Fire times after this one count.
    pub now_ms: i64,
    /// Where the first bucket begins.
    pub from_ms: i64,
    /// The length of a bucket.
    pub bucket_ms: i64,
    /// How many there are.
    pub buckets: usize,
}

impl UpcomingJob {
    /// Its first fire time in a span, in unix milliseconds: from `from_ms` on,
    /// before `to_ms`.
    ///
    /// # Errors
    /// When the schedule cannot be read.
    pub fn first_within(
        &self,
        from_ms: i64,
        to_ms: i64,
    ) -> Result<Option<(i64, Schedule)>, serde_json::Error> {
        let from_ms = from_ms
            .max(self.next_ms)
            .max(self.pause_until_ms.unwrap_or(i64::MIN));
        if from_ms >= to_ms {
            return Ok(None);
        }
        let schedule: Schedule = serde_json::from_str(&self.schedule)?;
        // Fire times are stored in milliseconds, cut; a date answers with its
        // instant even when that is past.
        let first = instant(from_ms).and_then(|from| schedule.next_at_or_after(from));
        let first = first.map(|at| at.timestamp_millis());
        let within = first.filter(|at| (from_ms..to_ms).contains(at));
        Ok(within.map(|at| (at, schedule)))
    }
}

impl Horizon {
    /// Where the last bucket ends.
    #[must_use]
    pub fn end_ms(&self) -> i64 {
        let buckets = i64::try_from(self.buckets).unwrap_or(i64::MAX);
        self.from_ms + self.bucket_ms.saturating_mul(buckets)
    }

    fn bucket(&self, at_ms: i64) -> Option<usize> {
        usize::try_from((at_ms - self.from_ms) / self.bucket_ms).ok()
    }
}

/// What lies ahead of these jobs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Forecast {
    /// Firings in each bucket.
    pub firings: Vec<f64>,
    /// Whether every fire time was counted.
    pub exact: bool,
    /// The seconds of the next hour at which most jobs fire together, most first.
    pub busiest_hour: Vec<Burst>,
    /// Those of the next 24 hours.
    pub busiest_day: Vec<Burst>,
}

impl Forecast {
    /// Makes of the forecast for a sample one for all, which are so many times
    /// as many jobs. It is exact no longer.
    pub fn scale(&mut self, by: f64) {
        let firings = self.firings.iter_mut();
        let bursts = self.busiest_hour.iter_mut().chain(&mut self.busiest_day);
        let jobs = bursts.map(|burst| &mut burst.jobs);
        firings.chain(jobs).for_each(|number| *number *= by);
        self.exact = false;
    }
}

/// Forecasts with at most so many searches in crons.
///
/// # Errors
/// When a schedule cannot be read.
pub fn forecast(
    jobs: &[UpcomingJob],
    horizon: &Horizon,
    searches: usize,
) -> Result<Forecast, serde_json::Error> {
    let mut walks = walks(jobs, horizon)?;
    walk_on(&mut walks, horizon, searches);
    let mut firings = vec![0.0; horizon.buckets];
    let mut together = Together::new(horizon);
    for walk in &walks {
        walk.count(horizon, &mut firings);
        together.add(walk);
    }
    Ok(Forecast {
        firings,
        exact: walks.iter().all(Walk::is_done),
        busiest_hour: together.busiest(busiest::HOUR_S),
        busiest_day: together.busiest(busiest::DAY_S),
    })
}

/// One walk for all jobs that fire at the same instants from now on.
fn walks(jobs: &[UpcomingJob], horizon: &Horizon) -> Result<Vec<Walk>, serde_json::Error> {
    let mut alike: HashMap<(&str, i64), u64> = HashMap::with_capacity(jobs.len());
    for job in jobs {
        let first = job.next_ms.max(job.pause_until_ms.unwrap_or(i64::MIN));
        // What is overdue is not ahead.
        let from = first.max(horizon.now_ms + 1);
        *alike.entry((&job.schedule, from)).or_default() += 1;
    }
    let mut alike: Vec<_> = alike.into_iter().collect();
    // So that the same jobs have the same forecast.
    alike.sort_unstable();
    let walk = |((json, from_ms), jobs): ((&str, i64), u64)| {
        let schedule: Schedule = serde_json::from_str(json)?;
        Ok(Walk::new(schedule, from_ms, jobs, horizon))
    };
    alike.into_iter().map(walk).collect()
}

/// Walks along those that have to be searched, each as far as its share goes;
/// what one does not need is left to the others.
fn walk_on(walks: &mut [Walk], horizon: &Horizon, searches: usize) {
    let mut left = searches;
    loop {
        let open = walks.iter().filter(|walk| !walk.is_done()).count();
        if open == 0 || left < open {
            return;
        }
        let share = left / open;
        for walk in walks.iter_mut().filter(|walk| !walk.is_done()) {
            left -= walk.search(horizon, share);
        }
    }
}

fn instant(ms: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(ms)
}
