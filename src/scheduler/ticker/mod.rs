//! tokio-cron-scheduler as our clockwork; only the files of this folder name it.
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

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::RwLock;
use tokio_cron_scheduler::{
    JobScheduler, JobSchedulerError, JobToRunAsync, SimpleNotificationCode, SimpleNotificationStore,
};

use super::duties::Duties;
use crate::clock::StepWatch;
use crate::health::Part;
use activity::{Activity, Running, Ticks, lock};
use listing::{Code, Listing};

mod activity;
mod listing;

/// How old the last listing may grow before the engine counts as standing
/// still: four ticks.
const MAX_AGE: Duration = Duration::from_secs(2);
/// How often the age is looked at.
const WATCH: Duration = Duration::from_millis(500);
/// Room in the crate's channels: far more than a tick's activations.
const CHANNEL: usize = 1024;

/// Runs an engine until it is stopped; replaces one that stands still.
pub async fn supervise(engine: Duties) {
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
async fn watch(engine: &Duties, ticks: &Mutex<Ticks>) {
    let mut steps = StepWatch::start(&*engine.clock);
    loop {
        tokio::select! {
            biased;
            () = engine.stop.cancelled() => return,
            () = tokio::time::sleep(WATCH) => {}
        }
        if let Some(step) = steps.look(&*engine.clock) {
            // Forward is handled as a downtime, by the misfire rules; back
            // fires nothing twice, since the ledger has it. The duties go on.
            lock(ticks).clock_was_set(&*engine.clock);
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
    engine: &Duties,
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
fn activation(engine: Duties, ticks: Arc<Mutex<Ticks>>) -> Box<JobToRunAsync> {
    Box::new(move |id, _| {
        let engine = engine.clone();
        let ticks = ticks.clone();
        Box::pin(async move {
            match Activity::of(id) {
                Some(Activity::Second(second)) => engine.plan(second).await,
                Some(Activity::Duty(duty)) => {
                    // A duty that takes longer than its period is not doubled.
                    if let Some(_running) = Running::enter(&ticks, duty) {
                        duty.run(&engine).await;
                    }
                }
                None => {}
            }
        })
    })
}
