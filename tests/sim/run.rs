//! One run, from its seed to its verdict.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use schedule_server::clock::now_ms;
use schedule_server::domain::job::JobId;
use schedule_server::store::{Change, Expected, Store};
use schedule_server::telemetry::metrics::Metrics;
use tokio::sync::mpsc;

use super::check::{self, Findings};
use super::definition::Definition;
use super::node::{Node, NodeClock, Phase, Wall};
use super::replica::{Fleet, Settings};
use super::rng::Rng;
use super::scenario::{Event, Scenario};
use super::store::SimStore;
use super::world::{Rates, What, World};

/// How long everything may take to come to rest once no more faults happen.
const REST_MS: u64 = 30_000;
/// How long the last stop may take.
const LAST_STOP: Duration = Duration::from_secs(60);

/// What a run came to.
#[derive(Debug, Default)]
pub struct Verdict {
    pub violations: Vec<String>,
    pub faults: BTreeMap<&'static str, u64>,
    pub findings: Findings,
    pub trace: Vec<String>,
}

/// Runs a seed on a runtime of its own, in simulated time.
pub fn run(seed: u64, traced: bool, metrics: &Metrics) -> Verdict {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(run_seed(seed, traced, metrics.clone()))
}

async fn run_seed(seed: u64, traced: bool, metrics: Metrics) -> Verdict {
    let mut rng = Rng::new(seed);
    let scenario = Scenario::draw(&mut rng.fork());
    let settings = Settings::draw(&mut rng.fork());
    let (deaths, mut died) = mpsc::unbounded_channel();
    let world = World::new(rng.fork(), traced, deaths);
    world.trace(|| format!("{scenario:?}"));
    world.trace(|| format!("{settings:?}"));
    let shared = Wall::new(world.started);
    let wall = |_| match scenario.one_host {
        true => shared.clone(),
        false => Wall::new(world.started),
    };
    let walls: Vec<_> = (0..scenario.replicas).map(wall).collect();
    let fleet = Fleet::new(world.clone(), settings, metrics, walls.clone());
    for place in 0..scenario.replicas {
        tokio::spawn(fleet.clone().start(place));
    }
    let mut chance = rng.fork();
    let reviver = fleet.clone();
    tokio::spawn(async move {
        while let Some(place) = died.recv().await {
            if *reviver.closing.lock().unwrap() {
                continue;
            }
            let (fleet, after_ms) = (reviver.clone(), chance.below(8_000));
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(after_ms)).await;
                fleet.start(place).await;
            });
        }
    });
    let mut clients = Clients {
        fleet: fleet.clone(),
        rng: rng.fork(),
        jobs: scenario.jobs,
    };
    tokio::time::sleep(Duration::from_millis(20)).await;
    for n in 0..scenario.jobs {
        clients.send(id(n), 0);
    }
    world.state().rates = scenario.rates;
    for (at_ms, event) in &scenario.events {
        let at = world.started + Duration::from_millis(*at_ms);
        tokio::time::sleep_until(at).await;
        happen(&fleet, &walls, &mut clients, *event);
    }
    let end = world.started + Duration::from_millis(scenario.length_ms);
    tokio::time::sleep_until(end).await;
    heal(&fleet, &walls);
    tokio::time::sleep(Duration::from_millis(REST_MS)).await;
    check::at_rest(&world, walls[0].now());
    stop_all(&fleet).await;
    let findings = check::after_all(&world, walls[0].now());
    let trace = world.take_trace();
    let mut state = world.state();
    Verdict {
        violations: std::mem::take(&mut state.violations),
        faults: std::mem::take(&mut state.faults),
        findings,
        trace,
    }
}

fn happen(fleet: &Arc<Fleet>, walls: &[Arc<Wall>], clients: &mut Clients, event: Event) {
    let world = &fleet.world;
    let node = |place: usize| fleet.slots()[place].node.clone();
    let sleep = |ms| tokio::time::sleep(Duration::from_millis(ms));
    match event {
        Event::Client => clients.ask(),
        Event::Kill(place) => {
            if let Some(node) = node(place) {
                world.fault("replica killed");
                node.kill();
            }
        }
        Event::Freeze(place, ms) => {
            if let Some(node) = node(place) {
                world.fault(match ms > 3_000 {
                    true => "replica frozen for longer than its lease",
                    false => "replica frozen",
                });
                node.freeze();
                tokio::spawn(async move {
                    sleep(ms).await;
                    node.thaw();
                });
            }
        }
        Event::Stop(place, drain_ms) => {
            world.fault("replica stopped in order");
            let fleet = fleet.clone();
            tokio::spawn(async move { fleet.stop(place, Duration::from_millis(drain_ms)).await });
        }
        Event::Step(place, ms) => {
            world.fault(match (ms.abs() >= 3_600_000, ms > 0) {
                (true, true) => "clock set forward by 1 h",
                (true, false) => "clock set back by 1 h",
                (false, true) => "clock set forward by up to 70 s",
                (false, false) => "clock set back by up to 70 s",
            });
            let wall = &walls[place];
            wall.set(wall.now() + TimeDelta::milliseconds(ms), 0);
        }
        Event::Drift(place, ppm) => {
            world.fault("clock drifts");
            let wall = &walls[place];
            wall.set(wall.now(), ppm);
        }
        Event::Partition(place, ms) => {
            if let Some(node) = node(place) {
                world.fault("replica cut off from the lock");
                *node.cut_off_until_ms.lock().unwrap() = world.now_ms() + ms;
            }
        }
        Event::LockAway(ms) => {
            world.fault("lock away");
            world.state().lock_away_until_ms = world.now_ms() + ms;
        }
        Event::Flush => {
            world.fault("lock flushed");
            world.state().locks.clear();
        }
        Event::StoreLocked(ms) => {
            world.fault(match ms > 3_000 {
                true => "store locked for longer than a lease",
                false => "store locked",
            });
            world.state().store_locked_until_ms = world.now_ms() + ms;
        }
    }
}

/// Ends all faults. The clocks come right at the latest instant that any of them has
/// shown, as if so much time had passed: what was planned up to there is due.
fn heal(fleet: &Arc<Fleet>, walls: &[Arc<Wall>]) {
    let world = &fleet.world;
    world.trace(|| "no more faults".into());
    {
        let mut state = world.state();
        state.rates = Rates::default();
        state.lock_away_until_ms = 0;
        state.store_locked_until_ms = 0;
    }
    for slot in fleet.slots().iter() {
        if let Some(node) = &slot.node {
            *node.cut_off_until_ms.lock().unwrap() = 0;
            node.thaw();
        }
    }
    let latest = walls.iter().map(|wall| wall.latest_since(0)).max();
    for wall in walls {
        wall.set(latest.unwrap_or_else(|| wall.now()), 0);
    }
}

async fn stop_all(fleet: &Arc<Fleet>) {
    *fleet.closing.lock().unwrap() = true;
    let places = fleet.slots().len();
    let stops = (0..places).map(|place| fleet.stop(place, Duration::from_secs(10)));
    let stopped = futures_util::future::join_all(stops);
    if tokio::time::timeout(LAST_STOP, stopped).await.is_err() {
        fleet.world.broken("a stop does not end".into());
    }
}

/// The clients of a run.
struct Clients {
    fleet: Arc<Fleet>,
    rng: Rng,
    jobs: u64,
}

impl Clients {
    fn ask(&mut self) {
        let id = id(self.rng.below(self.jobs));
        let what = self.rng.below(10);
        self.send(id, what);
    }

    /// Sends a request to a replica, and does not wait for the answer.
    fn send(&mut self, id: JobId, what: u64) {
        let Some((node, wake)) = self.fleet.serving(&mut self.rng) else {
            return;
        };
        let mut rng = self.rng.fork();
        tokio::spawn(async move {
            node.pass().await;
            let now = now_ms(&NodeClock(node.clone()));
            let store = SimStore { node: node.clone() };
            let (what, next) = match what {
                0..3 => (Some(What::Put), put(&store, &mut rng, &id, now).await),
                3..5 => {
                    let paused = store.pause_job(&id, Expected::Anything, now).await;
                    (Some(What::Pause), paused.ok().map(|_| None))
                }
                5..7 => {
                    let resumed = store.resume_job(&id, Expected::Anything, now).await;
                    (Some(What::Resume), resumed.ok().map(next_of))
                }
                7 => {
                    let removed = store.remove_job(&id, Expected::Anything, now).await;
                    (Some(What::Remove), removed.ok().map(|_| None))
                }
                _ => {
                    let run = store.run_now(&id, now).await;
                    let due = |run: Option<_>| run.map(|_| now);
                    (None, run.ok().map(due))
                }
            };
            let Some(next) = next else {
                return;
            };
            if node.phase() == Phase::Running {
                wake.job_changed(next);
            }
            if let Some(what) = what {
                answered(&node, &id, what, now);
            }
        });
    }
}

fn id(n: u64) -> JobId {
    let mark = if n % 2 == 1 { "+" } else { "" };
    JobId::new(format!("j{n}{mark}")).unwrap()
}

async fn put(
    store: &SimStore,
    rng: &mut Rng,
    id: &JobId,
    now: DateTime<Utc>,
) -> Option<Option<DateTime<Utc>>> {
    let definition = Definition::draw(rng, id, now);
    let world = &store.node.world;
    world.trace(|| format!("{id} is to be {definition:?}"));
    let name = world.state().drafts.len().to_string();
    let draft = definition.draft(id, now, name.clone());
    let next = draft.next_fire_at;
    world.state().drafts.insert(name, definition);
    let put = store.put_job(draft, Expected::Anything, now).await;
    put.ok().map(|_| next)
}

fn next_of(resumed: Change<schedule_server::store::JobRow>) -> Option<DateTime<Utc>> {
    match resumed {
        Change::Done(row) => row.job.next_fire_at,
        Change::NoSuchJob | Change::Lost => None,
    }
}

/// Notes that a client knows of its change.
fn answered(node: &Arc<Node>, id: &JobId, what: What, now: DateTime<Utc>) {
    let world = &node.world;
    let at_ms = world.now_ms();
    world.trace(|| format!("{what:?} of {id} is answered by {}", node.name));
    let mut state = world.state();
    let changes = state.changes.get_mut(id);
    for change in changes.into_iter().flatten() {
        if change.what == what && change.now == now {
            change.answered_ms.get_or_insert(at_ms);
        }
    }
}
