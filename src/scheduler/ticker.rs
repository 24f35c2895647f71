//! tokio-cron-scheduler as our clockwork; the only file naming it.
//!
//! The crate's job is not a user's job but a **due second**: its
//! [`MetaDataStorage`] is answered from our store's index, with one one-shot
//! per second in which something falls due. The crate's ticker decides, its
//! runner activates our one closure, and the closure plans that second. The
//! coarse duties are cron jobs of the crate. Nothing is kept in it: a second
//! that was not planned is listed again at the next tick, 500 ms later.
//!
//! Rules that keep it alive (docs/ARCHITECTURE.md says why): the closure is
//! only `Box::pin(future)`, since a panic before the future ends the runner;
//! listing never fails and only seeks; `get` always answers; `add` is never
//! called; the age of the last listing is watched, and an engine that stands
//! still is replaced by a fresh one.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::RwLock;
use tokio_cron_scheduler::job::job_data::{
    CronJob, JobAndNextTick, JobStoredData, JobType, NonCronJob, job_stored_data::Job as Kind,
};
use tokio_cron_scheduler::job::to_code::{JobCode, PinnedGetFuture, ToCode};
use tokio_cron_scheduler::store::{DataStore, InitStore, MetaDataStorage};
use tokio_cron_scheduler::{
    Context, JobScheduler, JobSchedulerError, JobToRunAsync, SimpleNotificationCode,
    SimpleNotificationStore,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::planner::{LEAD, Planner};
use super::recovery::Recovery;
use crate::clock::{Clock, StepWatch, Stopwatch};
use crate::health::{Health, Part};
use crate::store::Store;

/// How far ahead of now due seconds are listed.
const HORIZON: TimeDelta = TimeDelta::seconds(3);
/// How long one listing may take.
const LISTING_DEADLINE: Duration = Duration::from_secs(1);
/// How old the last listing may grow before the engine counts as standing
/// still: four ticks.
const MAX_AGE: Duration = Duration::from_secs(2);
/// How often the age is looked at.
const WATCH: Duration = Duration::from_millis(500);
/// Room in the crate's channels: far more than a tick's activations.
const CHANNEL: usize = 1024;

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, JobSchedulerError>> + Send>>;

/// What the clockwork drives.
#[derive(Clone)]
pub struct Engine {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub health: Health,
    pub planner: Arc<Planner>,
    pub recovery: Arc<Recovery>,
    pub stop: CancellationToken,
}

/// Runs an engine until it is stopped; replaces one that stands still.
pub async fn supervise(engine: Engine) {
    while !engine.stop.is_cancelled() {
        let ticks = Arc::new(Mutex::new(Ticks::new(&*engine.clock)));
        match start(&engine, ticks.clone()).await {
            Ok(mut crate_scheduler) => {
                watch(&engine, &ticks).await;
                // Lets one more tick through; by then the listing is empty.
                let _ = crate_scheduler.shutdown().await;
            }
            Err(error) => {
                engine
                    .health
                    .report(Part::Ticker, Err(&format!("did not start: {error}")));
                tokio::time::sleep(WATCH).await;
            }
        }
    }
}

/// Returns when the engine stands still or is stopped.
async fn watch(engine: &Engine, ticks: &Mutex<Ticks>) {
    let mut steps = StepWatch::start(&*engine.clock);
    loop {
        tokio::select! {
            () = engine.stop.cancelled() => return,
            () = tokio::time::sleep(WATCH) => {}
        }
        if let Some(step) = steps.look(&*engine.clock) {
            // Forward is handled as a downtime, by the misfire rules; back
            // fires nothing twice, since the ledger has it.
            let step_ms = step.num_milliseconds();
            tracing::warn!(step_ms, "the wall clock was set");
        }
        let age = lock(ticks).listed.elapsed();
        if age > MAX_AGE {
            let age_ms = age.as_millis();
            let what = format!("no tick for {age_ms} ms; a fresh engine takes over");
            engine.health.report(Part::Ticker, Err(&what));
            lock(ticks).retired = true;
            return;
        }
        engine.health.report(Part::Ticker, Ok("ticks"));
    }
}

async fn start(
    engine: &Engine,
    ticks: Arc<Mutex<Ticks>>,
) -> Result<JobScheduler, JobSchedulerError> {
    let code = Code {
        run: Arc::new(RwLock::new(activation(engine.clone(), ticks.clone()))),
    };
    let listing = Listing {
        engine: engine.clone(),
        ticks,
    };
    let scheduler = JobScheduler::new_with_storage_and_code(
        Box::new(listing),
        Box::<SimpleNotificationStore>::default(),
        Box::new(code),
        Box::<SimpleNotificationCode>::default(),
        CHANNEL,
    )
    .await?;
    scheduler.start().await?;
    Ok(scheduler)
}

/// The one closure the crate runs, for every second and every duty.
fn activation(engine: Engine, ticks: Arc<Mutex<Ticks>>) -> Box<JobToRunAsync> {
    Box::new(move |id, _| {
        let engine = engine.clone();
        let ticks = ticks.clone();
        Box::pin(async move {
            match Activity::of(id) {
                Some(Activity::Second(second)) => engine.planner.plan(second).await,
                Some(Activity::Duty(duty)) => {
                    // A duty that takes longer than its period is not doubled.
                    if let Some(_running) = Running::enter(&ticks, duty) {
                        duty.run(&engine.recovery).await;
                    }
                }
                None => {}
            }
        })
    })
}

/// A coarse duty, driven by a cron job of the crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Duty {
    RenewLease,
    SettleDead,
    CheckLock,
}

impl Duty {
    const ALL: [Self; 3] = [Self::RenewLease, Self::SettleDead, Self::CheckLock];

    /// When it is due, in the crate's own cron syntax: each second.
    const SCHEDULE: &str = "* * * * * *";

    async fn run(self, recovery: &Recovery) {
        match self {
            // Both report to the health board; the next second tries again.
            Self::RenewLease => drop(recovery.renew_lease().await),
            Self::SettleDead => drop(recovery.settle_dead().await),
            Self::CheckLock => recovery.check_lock().await,
        }
    }
}

/// What an id of the crate stands for. The upper half of the id says which
/// kind, the lower half which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Activity {
    /// A due second (unix).
    Second(i64),
    Duty(Duty),
}

impl Activity {
    const SECOND: u64 = 0x7363_6865_6475_6c65;
    const DUTY: u64 = 0x6475_7479_0000_0000;

    fn id(self) -> Uuid {
        match self {
            Self::Second(second) => Uuid::from_u64_pair(Self::SECOND, second.cast_unsigned()),
            Self::Duty(duty) => Uuid::from_u64_pair(Self::DUTY, duty as u64),
        }
    }

    fn of(id: Uuid) -> Option<Self> {
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
    fn crate_id(self) -> tokio_cron_scheduler::job::job_data::Uuid {
        self.id().into()
    }
}

/// What the engine remembers between ticks.
struct Ticks {
    listed: Stopwatch,
    /// A retired engine lists nothing: a fresh one has taken over.
    retired: bool,
    duties: HashMap<Duty, DutyTicks>,
}

#[derive(Debug, Clone, Copy, Default)]
struct DutyTicks {
    next: u64,
    last: Option<u64>,
    running: bool,
}

impl Ticks {
    fn new(clock: &dyn Clock) -> Self {
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

/// A duty under way; ends when it is dropped, also by a panic.
struct Running {
    ticks: Arc<Mutex<Ticks>>,
    duty: Duty,
}

impl Running {
    fn enter(ticks: &Arc<Mutex<Ticks>>, duty: Duty) -> Option<Self> {
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

fn lock(ticks: &Mutex<Ticks>) -> MutexGuard<'_, Ticks> {
    // Plain values: whole even when a holder of the guard panicked.
    ticks.lock().unwrap_or_else(PoisonError::into_inner)
}

fn unix(at: DateTime<Utc>) -> u64 {
    u64::try_from(at.timestamp()).unwrap_or_default()
}

/// Our store behind the crate's storage traits.
struct Listing {
    engine: Engine,
    ticks: Arc<Mutex<Ticks>>,
}

impl MetaDataStorage for Listing {
    fn list_next_ticks(&mut self) -> Answer<Vec<JobAndNextTick>> {
        let engine = self.engine.clone();
        let ticks = self.ticks.clone();
        Box::pin(async move {
            if engine.stop.is_cancelled() || lock(&ticks).retired {
                return Ok(Vec::new());
            }
            let mut listed = due_seconds(&engine).await;
            let mut ticks = lock(&ticks);
            ticks.listed = Stopwatch::start();
            listed.extend(ticks.duties.iter().map(|(duty, ticks)| JobAndNextTick {
                id: Some(Activity::Duty(*duty).crate_id()),
                job_type: JobType::Cron.into(),
                next_tick: ticks.next,
                last_tick: ticks.last,
            }));
            Ok(listed)
        })
    }

    fn set_next_and_last_tick(
        &mut self,
        id: Uuid,
        next_tick: Option<DateTime<Utc>>,
        last_tick: Option<DateTime<Utc>>,
    ) -> Answer<()> {
        if let Some(Activity::Duty(duty)) = Activity::of(id) {
            let mut ticks = lock(&self.ticks);
            let ticks = ticks.duties.entry(duty).or_default();
            // A duty never ends; without a next tick it is due again at once.
            ticks.next = next_tick.or(last_tick).map_or(ticks.next, unix);
            ticks.last = last_tick.map(unix);
        }
        Box::pin(std::future::ready(Ok(())))
    }

    fn time_till_next_job(&mut self) -> Answer<Option<Duration>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}

/// The seconds to plan. A store that does not answer in time has none; the
/// next tick asks again.
async fn due_seconds(engine: &Engine) -> Vec<JobAndNextTick> {
    let now = engine.clock.now();
    let asked = engine.store.due_seconds(now, now + HORIZON);
    let seconds = match tokio::time::timeout(LISTING_DEADLINE, asked).await {
        Ok(Ok(seconds)) => seconds,
        Ok(Err(error)) => {
            engine.health.report(Part::Store, Err(&error.to_string()));
            Vec::new()
        }
        Err(_) => {
            let what = "due seconds were not listed in time";
            engine.health.report(Part::Store, Err(what));
            Vec::new()
        }
    };
    // The crate compares with the system's time; ours may be another one.
    let shift = engine.clock.system_now() - now;
    let listed = |second: i64| JobAndNextTick {
        id: Some(Activity::Second(second).crate_id()),
        job_type: JobType::OneShot.into(),
        next_tick: activation_tick(second, shift),
        last_tick: None,
    };
    seconds.into_iter().map(listed).collect()
}

/// When the crate shall activate a second: our lead ahead of it. 0 would mean
/// "delete me" to the crate.
fn activation_tick(second: i64, shift: TimeDelta) -> u64 {
    let at = second - LEAD.num_seconds() + shift.num_seconds();
    u64::try_from(at).unwrap_or_default().max(1)
}

impl InitStore for Listing {
    fn init(&mut self) -> Answer<()> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn inited(&mut self) -> Answer<bool> {
        Box::pin(std::future::ready(Ok(true)))
    }
}

impl DataStore<JobStoredData> for Listing {
    /// The crate asks for what it has just activated. It always gets an
    /// answer, also for a second that was planned meanwhile.
    fn get(&mut self, id: Uuid) -> Answer<Option<JobStoredData>> {
        let (job_type, next_tick, last_tick, job) = match Activity::of(id) {
            Some(Activity::Duty(duty)) => {
                let ticks = lock(&self.ticks).duties.get(&duty).copied();
                let ticks = ticks.unwrap_or_default();
                let schedule = Duty::SCHEDULE.to_owned();
                let kind = Kind::CronJob(CronJob { schedule });
                (JobType::Cron, ticks.next, ticks.last, kind)
            }
            _ => {
                let kind = Kind::NonCronJob(NonCronJob {
                    repeating: false,
                    repeated_every: 0,
                });
                (JobType::OneShot, 1, None, kind)
            }
        };
        let data = JobStoredData {
            id: Some(id.into()),
            last_updated: None,
            last_tick,
            next_tick,
            job_type: job_type.into(),
            count: 0,
            extra: Vec::new(),
            ran: false,
            stopped: false,
            job: Some(job),
            time_offset_seconds: 0,
        };
        Box::pin(std::future::ready(Ok(Some(data))))
    }

    fn add_or_update(&mut self, _: JobStoredData) -> Answer<()> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn delete(&mut self, _: Uuid) -> Answer<()> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Hands the crate our one closure.
struct Code {
    run: Arc<RwLock<Box<JobToRunAsync>>>,
}

impl ToCode<Box<JobToRunAsync>> for Code {
    fn init(&mut self, _: &Context) -> Answer<()> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn get(&mut self, _: Uuid) -> PinnedGetFuture<Box<JobToRunAsync>> {
        Box::pin(std::future::ready(Ok(Some(self.run.clone()))))
    }
}

impl JobCode for Code {}
