//! Builds the parts from the settings, starts and stops them in order. The
//! only file that knows all of them.

use std::future::Future;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::api::{self, ApiState};
use crate::bell::Bell;
use crate::bell::redis::RedisBell;
use crate::clock::{Clock, now_ms};
use crate::config::Config;
use crate::health::{Health, Part};
use crate::import::apscheduler::JobStore;
use crate::import::{self, Tally, Wanted};
use crate::lock::redis::RedisLock;
use crate::lock::{FireLock, RedisLockSettings, StoreLock};
use crate::scheduler::{Keep, OnLockUnavailable, Parts, Scheduler, SchedulerSettings, Wake};
use crate::sender::{HttpSender, Limits, SenderSettings};
use crate::service::system::{Identity, ShownSetting};
use crate::service::{EventParts, Events, Exposition, Jobs, Runs, Stats, System};
use crate::store::Store;
use crate::store::sqlite::{self, SqliteStore};
use crate::telemetry::metrics::{LockKind, Metrics};
use crate::telemetry::traces::{TraceSettings, Tracer};

/// How long open connections may take to end their requests at the stop.
const HTTP_CLOSE: Duration = Duration::from_secs(2);
/// How often the metrics are summed up.
const UPKEEP: Duration = Duration::from_secs(5);

/// A running server.
pub struct Server {
    /// Where it listens.
    pub local_addr: SocketAddr,
    /// The store it runs on.
    pub store: Arc<dyn Store>,
    /// The use cases its routes stand on.
    pub jobs: Jobs,
    events: Events,
    health: Health,
    scheduler: Scheduler,
    tracer: Tracer,
    close_http: CancellationToken,
    http: JoinHandle<std::io::Result<()>>,
    drain_timeout: Duration,
}

impl Server {
    /// Starts every part and listens.
    ///
    /// # Errors
    /// When the database cannot be used, the address is taken, or a part
    /// cannot be set up; the text says which and why.
    pub async fn start(config: &Config, clock: Arc<dyn Clock>) -> Result<Self> {
        let listener = TcpListener::bind(config.bind)
            .await
            .with_context(|| format!("BIND: cannot listen on {}", config.bind))?;
        let local_addr = listener.local_addr()?;
        let health = Health::new(clock.clone());
        health.report(Part::Server, Err("starting"));
        let metrics = Metrics::new(lock_kind(config))?;
        let (url, readers) = (&config.database_url, config.database_readers);
        let opened = SqliteStore::open_by(url, readers, clock.clone(), metrics.writes());
        let store: Arc<dyn Store> = Arc::new(opened.await?);
        let replica = Uuid::now_v7().to_string();
        tracing::info!(replica.id = replica, "this replica");
        let tracer = tracer(config, &replica, &metrics)?;
        let parts = Parts {
            store: store.clone(),
            lock: fire_lock(config, &replica)?,
            sender: Arc::new(HttpSender::new(&sender_settings(config))?),
            limits: Limits::new(config.send_concurrency, config.send_concurrency_per_host),
            clock: clock.clone(),
            health: health.clone(),
            metrics: metrics.clone(),
            tracer: tracer.clone(),
        };
        let (wake, heard) = Wake::channel();
        let identity = identity(config, &replica);
        let settings = scheduler_settings(config, replica);
        let scheduler = Scheduler::start(parts, settings, (wake.clone(), heard)).await?;
        let jobs = jobs(config, store.clone(), wake, clock.clone());
        let events = events(config, store.clone(), clock.clone())?;
        let system = System::new(store.clone(), clock.clone(), health.clone(), identity);
        let exposition = Exposition::new(
            metrics.clone(),
            store.clone(),
            health.clone(),
            clock.clone(),
        );
        let state = ApiState {
            jobs: jobs.clone(),
            import_max_bytes: config.import_max_bytes,
            echo: config.echo,
            events: events.clone(),
            runs: Runs::new(jobs.clone()),
            health: health.clone(),
            exposition: exposition.with_scheduler(scheduler.view()),
            stats: Stats::new(store.clone(), clock),
            system,
        };
        let close_http = CancellationToken::new();
        tokio::spawn(
            close_http
                .clone()
                .run_until_cancelled_owned(upkeep(metrics)),
        );
        let closing = close_http.clone().cancelled_owned();
        let serve = axum::serve(listener, api::router(state)).with_graceful_shutdown(closing);
        let http = tokio::spawn(serve.into_future());
        health.report(Part::Server, Ok("serving"));
        tracing::info!("serving on http://{local_addr}; API at /docs");
        Ok(Self {
            local_addr,
            store,
            jobs,
            events,
            health,
            scheduler,
            tracer,
            close_http,
            http,
            drain_timeout: config.drain_timeout,
        })
    }

    /// Stops in order: not ready; streams of events end; the scheduler drains; the last spans
    /// are exported; HTTP closes; the store closes. Takes little longer than the drain timeout.
    pub async fn stop(self) {
        self.health.report(Part::Server, Err("draining"));
        self.events.stop();
        self.scheduler.stop(self.drain_timeout).await;
        self.tracer.finish().await;
        self.close_http.cancel();
        let mut http = self.http;
        if tokio::time::timeout(HTTP_CLOSE, &mut http).await.is_err() {
            http.abort();
        }
        self.store.close().await;
    }
}

/// Sums up what histograms have taken, again and again: each value takes memory
/// until then, and nobody may ever ask for the metrics.
async fn upkeep(metrics: Metrics) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        metrics.upkeep();
    }
}

/// Serves until `stop` ends, then drains.
///
/// # Errors
/// As [`Server::start`].
pub async fn serve(
    config: &Config,
    clock: Arc<dyn Clock>,
    stop: impl Future<Output = ()>,
) -> Result<()> {
    for setting in &config.shown {
        tracing::info!(
            name = setting.name,
            value = setting.value,
            origin = setting.origin,
            "setting"
        );
    }
    allow_files(config.send_concurrency);
    let server = Server::start(config, clock).await?;
    stop.await;
    tracing::info!("stopping");
    server.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// Lets this process open as many files as the system allows it: each request under
/// way is one.
fn allow_files(requests: usize) {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(files) if files < requests as u64 => tracing::warn!(
            files,
            requests,
            "fewer files may be open than SEND_CONCURRENCY allows requests; raise the limit (ulimit -n, LimitNOFILE)"
        ),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the limit of open files stays as it was"),
    }
}

/// Imports jobs into the database of the settings; the report goes to `out`. A dry
/// run makes no database where there is none.
///
/// # Errors
/// When the source or the database cannot be used; the text says which and why.
pub async fn import(
    config: &Config,
    wanted: &Wanted,
    source: &JobStore,
    clock: Arc<dyn Clock>,
    out: &mut (dyn Write + Send),
) -> Result<Tally> {
    let now = now_ms(&*clock);
    if wanted.dry_run && !sqlite::exists(&config.database_url)? {
        return import::run(wanted, source, None, now, out).await;
    }
    let opened = SqliteStore::open(&config.database_url, config.database_readers);
    let store: Arc<dyn Store> = Arc::new(opened.await?);
    // A running server finds the jobs by itself.
    let (wake, _unheard) = Wake::channel();
    let jobs = jobs(config, store.clone(), wake, clock);
    let done = import::run(wanted, source, Some(&jobs), now, out).await;
    store.close().await;
    done
}

/// The use cases of jobs. Among stores that share a Redis a request must not
/// outlast its fire lock.
pub fn jobs(config: &Config, store: Arc<dyn Store>, wake: Wake, clock: Arc<dyn Clock>) -> Jobs {
    let jobs = Jobs::new(store, wake, clock);
    match config.redis_url {
        Some(_) => jobs.with_max_timeout(config.lock_ttl),
        None => jobs,
    }
}

fn tracer(config: &Config, replica: &str, metrics: &Metrics) -> Result<Tracer> {
    let Some(endpoint) = &config.otlp_endpoint else {
        return Ok(Tracer::off());
    };
    let settings = TraceSettings {
        endpoint: endpoint.reveal().to_owned(),
        headers: config.otlp_headers.reveal().to_vec(),
        replica: replica.to_owned(),
    };
    Ok(Tracer::start(settings, metrics.clone())?)
}

fn lock_kind(config: &Config) -> LockKind {
    match config.redis_url {
        Some(_) => LockKind::Redis,
        None => LockKind::Store,
    }
}

/// What this server tells of itself: no secrets.
fn identity(config: &Config, replica: &str) -> Identity {
    let shown = config.shown.iter();
    let settings = shown.map(|setting| ShownSetting {
        name: setting.name,
        value: setting.value.clone(),
        origin: setting.origin,
        default: setting.default,
        help: setting.help,
    });
    Identity {
        replica: replica.to_owned(),
        settings: settings.collect(),
        redis: config.redis_url.is_some(),
        without_lock: if config.lock_hold { "hold" } else { "fire" },
    }
}

fn fire_lock(config: &Config, replica: &str) -> Result<Arc<dyn FireLock>> {
    let lock: Arc<dyn FireLock> = match &config.redis_url {
        None => Arc::new(StoreLock),
        Some(url) => {
            let settings = RedisLockSettings {
                url: url.reveal().to_owned(),
                prefix: config.lock_prefix.clone(),
                ttl: config.lock_ttl,
                timeout: config.lock_timeout,
            };
            let lock = RedisLock::new(settings, replica.to_owned());
            Arc::new(lock.context("REDIS_URL")?)
        }
    };
    tracing::info!("fire lock: {}", lock.describe());
    Ok(lock)
}

/// What happens, live.
fn events(config: &Config, store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Result<Events> {
    let parts = EventParts {
        store,
        bell: bell(config)?,
        clock,
        render: api::event,
    };
    Ok(Events::start(parts, config.events_clients))
}

/// How other replicas are told of changes, beside the store that they share.
fn bell(config: &Config) -> Result<Option<Arc<dyn Bell>>> {
    let Some(url) = &config.redis_url else {
        return Ok(None);
    };
    let bell = RedisBell::new(url.reveal(), &config.lock_prefix, config.lock_timeout);
    Ok(Some(Arc::new(bell.context("REDIS_URL")?)))
}

fn sender_settings(config: &Config) -> SenderSettings {
    SenderSettings {
        deadline: config.send_timeout,
        connect_timeout: config.send_connect_timeout,
        idle_per_host: config.send_concurrency_per_host,
    }
}

fn scheduler_settings(config: &Config, replica: String) -> SchedulerSettings {
    SchedulerSettings {
        replica,
        lease: config.lease,
        claim_batch: config.claim_batch,
        send_wait: config.send_wait,
        keep: Keep {
            age: Some(config.retention_age).filter(|age| !age.is_zero()),
            runs: config.retention_runs,
        },
        on_lock_unavailable: if config.lock_hold {
            OnLockUnavailable::Hold
        } else {
            OnLockUnavailable::Fire
        },
    }
}
