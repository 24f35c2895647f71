//! Our store behind the crate's storage traits.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::RwLock;
use tokio_cron_scheduler::job::job_data::{
    CronJob, JobAndNextTick, JobStoredData, JobType, NonCronJob, job_stored_data::Job as Kind,
};
use tokio_cron_scheduler::job::to_code::{JobCode, PinnedGetFuture, ToCode};
use tokio_cron_scheduler::store::{DataStore, InitStore, MetaDataStorage};
use tokio_cron_scheduler::{Context, JobSchedulerError, JobToRunAsync};
use uuid::Uuid;

use super::activity::{Activity, Duty, Ticks, lock, unix};
use crate::clock::Stopwatch;
use crate::scheduler::duties::Duties;
use crate::scheduler::planner::LEAD;

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, JobSchedulerError>> + Send>>;

/// Our store behind the crate's storage traits.
pub struct Listing {
    pub engine: Duties,
    pub ticks: Arc<Mutex<Ticks>>,
}

impl MetaDataStorage for Listing {
    fn list_next_ticks(&mut self) -> Answer<Vec<JobAndNextTick>> {
        let engine = self.engine.clone();
        let ticks = self.ticks.clone();
        Box::pin(async move {
            if engine.is_stopped() || lock(&ticks).retired {
                return Ok(Vec::new());
            }
            let mut listed = due_seconds(&engine).await;
            let mut ticks = lock(&ticks);
            ticks.listed = Stopwatch::start();
            engine.metrics.ticked();
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

/// The seconds to plan, as the crate wants them.
async fn due_seconds(engine: &Duties) -> Vec<JobAndNextTick> {
    let now = engine.clock.now();
    let seconds = engine.due_seconds(now).await;
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
pub struct Code {
    pub run: Arc<RwLock<Box<JobToRunAsync>>>,
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
