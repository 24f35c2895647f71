//! What an id of the crate stands for, and what is remembered between ticks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::clock::{Clock, Stopwatch};
use crate::scheduler::duties::Duties;

/// A coarse duty, driven by a cron job of the crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Duty {
    RenewLease,
    SettleDead,
    CheckLock,
    Cut,
}

impl Duty {
    pub const ALL: [Self; 4] = [
        Self::RenewLease,
        Self::SettleDead,
        Self::CheckLock,
        Self::Cut,
    ];

    /// When it is due, in the crate's own cron syntax: each second.
    pub const SCHEDULE: &str = "* * * * * *";

    pub async fn run(self, engine: &Duties) {
        match self {
            Self::RenewLease => engine.renew_lease().await,
            Self::SettleDead => engine.settle_dead().await,
            Self::CheckLock => engine.check_lock().await,
            Self::Cut => engine.cut().await,
        }
    }
}

/// What an id of the crate stands for. The upper half of the id says which
/// kind, the lower half which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// A due second (unix).
    Second(i64),
    Duty(Duty),
}

impl Activity {
    pub const SECOND: u64 = 0x7363_6865_6475_6c65;
    pub const DUTY: u64 = 0x6475_7479_0000_0000;

    pub fn id(self) -> Uuid {
        match self {
            Self::Second(second) => Uuid::from_u64_pair(Self::SECOND, second.cast_unsigned()),
            Self::Duty(duty) => Uuid::from_u64_pair(Self::DUTY, duty as u64),
        }
    }

    pub fn of(id: Uuid) -> Option<Self> {
        match id.as_u64_pair() {
            (Self::SECOND, second) => Some(Self::Second(second.cast_signed())),
            (Self::DUTY, which) => Duty::ALL
                .into_iter()
                .find(|duty| *duty as u64 == which)
                .map(Self::Duty),
            _ => None,
        }
    }

    /// The id in the crate's own form.
    pub fn crate_id(self) -> tokio_cron_scheduler::job::job_data::Uuid {
        self.id().into()
    }
}

/// What the engine remembers between ticks.
pub struct Ticks {
    pub listed: Stopwatch,
    /// A retired engine lists nothing: a fresh one has taken over.
    pub retired: bool,
    pub duties: HashMap<Duty, DutyTicks>,
}

#[derive(Debug, Clone, Copy, Default)]
pub struct DutyTicks {
    pub next: u64,
    pub last: Option<u64>,
    pub running: bool,
}

impl Ticks {
    pub fn new(clock: &dyn Clock) -> Self {
        let next = unix(clock.system_now());
        let fresh = |duty| {
            let ticks = DutyTicks {
                next,
                ..DutyTicks::default()
            };
            (duty, ticks)
        };
        Self {
            listed: Stopwatch::start(),
            retired: false,
            duties: Duty::ALL.into_iter().map(fresh).collect(),
        }
    }
}

impl Ticks {
    /// The wall clock was set: every duty is due now, and not when the clock comes
    /// to an instant that it has shown already.
    pub fn clock_was_set(&mut self, clock: &dyn Clock) {
        let now = unix(clock.system_now());
        self.duties.values_mut().for_each(|duty| duty.next = now);
    }
}

/// A duty under way; ends when it is dropped, also by a panic.
pub struct Running {
    ticks: Arc<Mutex<Ticks>>,
    duty: Duty,
}

impl Running {
    pub fn enter(ticks: &Arc<Mutex<Ticks>>, duty: Duty) -> Option<Self> {
        let mut guard = lock(ticks);
        let state = guard.duties.entry(duty).or_default();
        let free = !std::mem::replace(&mut state.running, true);
        free.then(|| Self {
            ticks: ticks.clone(),
            duty,
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        lock(&self.ticks)
            .duties
            .entry(self.duty)
            .or_default()
            .running = false;
    }
}

pub fn lock(ticks: &Mutex<Ticks>) -> MutexGuard<'_, Ticks> {
    // Plain values: whole even when a holder of the guard panicked.
    ticks.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn unix(at: DateTime<Utc>) -> u64 {
    u64::try_from(at.timestamp()).unwrap_or_default()
}
