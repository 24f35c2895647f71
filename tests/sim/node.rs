//! A replica as the world sees it: running, frozen or dead, with a clock of its own.
//! Whatever a replica does to the world goes through [`Node::pass`]: so one that is
//! dead does nothing ever again, and one that is frozen goes on where it stood.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use schedule_server::clock::Clock;
use tokio::sync::Notify;

use super::world::{World, noon};

/// The longest single sleep, as in the server.
const LONGEST_SLEEP: TimeDelta = TimeDelta::milliseconds(500);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Running,
    Frozen,
    Dead,
}

/// One life of a replica.
pub struct Node {
    pub name: String,
    pub slot: usize,
    pub world: Arc<World>,
    pub wall: Arc<Wall>,
    phase: Mutex<Phase>,
    /// Of each change of it. Wakes those who wait in their order, as the same run has
    /// it each time: a `watch` does not.
    turned: Notify,
    /// Whether the fire lock cannot be reached until this true time.
    pub cut_off_until_ms: Mutex<u64>,
}

impl Node {
    pub fn new(name: String, slot: usize, world: Arc<World>, wall: Arc<Wall>) -> Arc<Self> {
        Arc::new(Self {
            name,
            slot,
            world,
            wall,
            phase: Mutex::new(Phase::Running),
            turned: Notify::new(),
            cut_off_until_ms: Mutex::default(),
        })
    }

    pub fn phase(&self) -> Phase {
        *self.phase.lock().unwrap()
    }

    /// Goes on at once, at the thaw, or never.
    pub async fn pass(&self) {
        while self.phase() != Phase::Running {
            self.turned.notified().await;
        }
    }

    /// Turns to another phase; the one before.
    fn turn(&self, phase: Phase) -> Phase {
        let before = std::mem::replace(&mut *self.phase.lock().unwrap(), phase);
        self.turned.notify_waiters();
        before
    }

    pub fn freeze(&self) {
        if self.phase() == Phase::Running {
            self.turn(Phase::Frozen);
            self.world.trace(|| format!("{} freezes", self.name));
        }
    }

    pub fn thaw(&self) {
        if self.phase() == Phase::Frozen {
            self.turn(Phase::Running);
            self.world.trace(|| format!("{} thaws", self.name));
        }
    }

    /// Ends this life without telling: whoever began it begins another one.
    pub fn retire(&self) {
        self.turn(Phase::Dead);
    }

    /// Ends this life; the run begins another one under a new name.
    pub fn kill(&self) {
        if self.turn(Phase::Dead) != Phase::Dead {
            self.world.trace(|| format!("{} dies", self.name));
            // The run has ended when nobody listens.
            let _ = self.world.deaths.send(self.slot);
        }
    }
}

/// The wall clock of a place where replicas run: it may be set, and drift.
#[derive(Debug)]
pub struct Wall {
    started: tokio::time::Instant,
    state: Mutex<WallState>,
}

#[derive(Debug, Clone)]
struct WallState {
    /// What it showed at this true time, from which it is reckoned.
    shown: DateTime<Utc>,
    since: Duration,
    drift_ppm: i64,
    /// What it showed before it was set back, and when that was.
    set_back: Vec<(Duration, DateTime<Utc>)>,
}

impl Wall {
    pub fn new(started: tokio::time::Instant) -> Arc<Self> {
        let state = WallState {
            shown: noon(),
            since: Duration::ZERO,
            drift_ppm: 0,
            set_back: Vec::new(),
        };
        Arc::new(Self {
            started,
            state: Mutex::new(state),
        })
    }

    pub fn now(&self) -> DateTime<Utc> {
        let state = self.state.lock().unwrap();
        state.at(self.started.elapsed())
    }

    /// Sets the clock, and how it drifts from now on.
    pub fn set(&self, at: DateTime<Utc>, drift_ppm: i64) {
        let passed = self.started.elapsed();
        let mut state = self.state.lock().unwrap();
        let before = state.at(passed);
        if at < before {
            state.set_back.push((passed, before));
        }
        state.shown = at;
        state.since = passed;
        state.drift_ppm = drift_ppm;
    }

    /// The latest instant it has shown since a true time.
    pub fn latest_since(&self, since_ms: u64) -> DateTime<Utc> {
        let state = self.state.lock().unwrap();
        let since = Duration::from_millis(since_ms);
        let now = state.at(self.started.elapsed());
        let before = state.set_back.iter().filter(|(at, _)| *at >= since);
        before.map(|(_, shown)| *shown).fold(now, DateTime::max)
    }
}

impl WallState {
    fn at(&self, passed: Duration) -> DateTime<Utc> {
        let passed = (passed - self.since).as_micros() as i64;
        let drifted = passed
            + passed / 1_000_000 * self.drift_ppm
            + passed % 1_000_000 * self.drift_ppm / 1_000_000;
        self.shown + TimeDelta::microseconds(drifted)
    }
}

/// The clock that one replica sees.
#[derive(Clone)]
pub struct NodeClock(pub Arc<Node>);

impl fmt::Debug for NodeClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NodeClock").field(&self.0.name).finish()
    }
}

impl Clock for NodeClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.wall.now()
    }

    fn monotonic(&self) -> Duration {
        self.0.wall.started.elapsed()
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> BoxFuture<'static, ()> {
        let node = self.0.clone();
        Box::pin(async move {
            loop {
                node.pass().await;
                let left = at - node.wall.now();
                if left <= TimeDelta::zero() {
                    return;
                }
                let left = left.min(LONGEST_SLEEP).to_std().unwrap_or_default();
                tokio::time::sleep(left).await;
            }
        })
    }
}
