//! The only place that asks the system for the time. Rules and tests that
//! depend on time take a [`Clock`]; [`ManualClock`] moves only when told.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use tokio::sync::watch;

/// The longest single sleep, so that a step of the wall clock is noticed.
const LONGEST_SLEEP: Duration = Duration::from_millis(500);

/// A source of wall-clock and monotonic time.
pub trait Clock: Send + Sync + Debug {
    /// The wall clock: UTC, as exact as the system has it.
    fn now(&self) -> DateTime<Utc>;

    /// Time since the clock was made; never steps, whatever the wall clock
    /// does.
    fn monotonic(&self) -> Duration;

    /// Ends at the first moment at which [`Clock::now`] has reached `at`,
    /// never before it.
    fn sleep_until(&self, at: DateTime<Utc>) -> BoxFuture<'static, ()>;

    /// The wall clock of the system, which differs from [`Clock::now`] only
    /// for a clock made for tests. For parts that compare with the system
    /// time by themselves (tokio-cron-scheduler's ticker).
    fn system_now(&self) -> DateTime<Utc> {
        self.now()
    }
}

/// The system's clocks.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// A clock whose monotonic time starts now.
    #[must_use]
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            while let Ok(left) = (at - Utc::now()).to_std() {
                if left.is_zero() {
                    break;
                }
                tokio::time::sleep(left.min(LONGEST_SLEEP)).await;
            }
        })
    }
}

/// A clock for tests: it stands still until it is moved.
#[derive(Debug, Clone)]
pub struct ManualClock {
    start: DateTime<Utc>,
    now: Arc<watch::Sender<DateTime<Utc>>>,
}

impl ManualClock {
    /// A clock that stands at `start`.
    #[must_use]
    pub fn new(start: DateTime<Utc>) -> Self {
        Self {
            start,
            now: Arc::new(watch::Sender::new(start)),
        }
    }

    /// Moves the clock forward (or, for a negative `by`, back) and wakes the
    /// sleepers whose time has come.
    pub fn advance(&self, by: TimeDelta) {
        self.now.send_modify(|now| *now += by);
    }

    /// Moves the clock to `at`.
    pub fn set(&self, at: DateTime<Utc>) {
        self.now.send_replace(at);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.borrow()
    }

    fn monotonic(&self) -> Duration {
        (self.now() - self.start).to_std().unwrap_or_default()
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> BoxFuture<'static, ()> {
        let mut now = self.now.subscribe();
        Box::pin(async move {
            // Ends with an error only when the clock is gone; then nobody
            // will ever move it again.
            if now.wait_for(|now| *now >= at).await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    }

    fn system_now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// Real time since an event, whatever clock is injected: for watching parts
/// that live by the system's time.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long ago it was started.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    /// How long after `earlier` it was started.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_duration_since(earlier.0)
    }
}

/// Notices when the wall clock is set: it is compared with the monotonic one.
#[derive(Debug, Clone, Copy)]
pub struct StepWatch {
    wall: DateTime<Utc>,
    monotonic: Duration,
}

impl StepWatch {
    /// A difference that is drift and delay, no step.
    const TOLERANCE: TimeDelta = TimeDelta::seconds(1);

    /// Watches from now on.
    #[must_use]
    pub fn start(clock: &dyn Clock) -> Self {
        Self {
            wall: clock.now(),
            monotonic: clock.monotonic(),
        }
    }

    /// By how much the wall clock was set since the last look, if it was:
    /// positive for a step forward.
    pub fn look(&mut self, clock: &dyn Clock) -> Option<TimeDelta> {
        let before = std::mem::replace(self, Self::start(clock));
        let passed = self.monotonic.saturating_sub(before.monotonic);
        let passed = TimeDelta::from_std(passed).ok()?;
        let step = self.wall - before.wall - passed;
        (step.abs() > Self::TOLERANCE).then_some(step)
    }
}

/// The wall clock in the resolution of stored instants: whole milliseconds.
#[must_use]
pub fn now_ms(clock: &dyn Clock) -> DateTime<Utc> {
    clock.now().trunc_subsecs(3)
}

/// What this thread has had of a processor (proc_pid_schedstat(5): nanoseconds).
#[cfg(test)]
pub(crate) fn processor_time() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let ns = told.split_whitespace().next().unwrap().parse().unwrap();
    Duration::from_nanos(ns)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wall clock that can be set apart from the monotonic one.
    #[derive(Debug)]
    struct Settable {
        wall: ManualClock,
        real: ManualClock,
    }

    impl Clock for Settable {
        fn now(&self) -> DateTime<Utc> {
            self.wall.now()
        }
        fn monotonic(&self) -> Duration {
            self.real.monotonic()
        }
        fn sleep_until(&self, at: DateTime<Utc>) -> BoxFuture<'static, ()> {
            self.wall.sleep_until(at)
        }
    }

    #[test]
    fn only_a_step_of_the_wall_clock_is_told() {
        let start = DateTime::from_timestamp(1_000_000, 0).unwrap();
        let clock = Settable {
            wall: ManualClock::new(start),
            real: ManualClock::new(start),
        };
        let pass = |wall, real| {
            clock.wall.advance(TimeDelta::seconds(wall));
            clock.real.advance(TimeDelta::seconds(real));
        };
        let mut watch = StepWatch::start(&clock);
        pass(3_600, 3_600);
        assert_eq!(watch.look(&clock), None, "time passed, however much");
        pass(3_601, 1);
        assert_eq!(watch.look(&clock), Some(TimeDelta::seconds(3_600)));
        pass(-9, 1);
        assert_eq!(watch.look(&clock), Some(TimeDelta::seconds(-10)));
        pass(2, 1);
        assert_eq!(watch.look(&clock), None, "drift");
    }
}
