//! The lives of replicas: the real scheduler on simulated parts, driven by a clockwork
//! in the place of the ticker.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use schedule_server::clock::Clock;
use schedule_server::health::Health;
use schedule_server::scheduler::{
    Duties, Keep, OnLockUnavailable, Parts, Scheduler, SchedulerSettings, Wake,
};
use schedule_server::sender::Limits;
use schedule_server::telemetry::metrics::Metrics;
use schedule_server::telemetry::traces::Tracer;

use super::lock::SimLock;
use super::node::{Node, NodeClock, Phase, Wall};
use super::rng::Rng;
use super::sender::SimSender;
use super::store::SimStore;
use super::world::World;

/// How often the clockwork ticks, as the ticker does.
const TICK: Duration = Duration::from_millis(500);

/// What all replicas of a run keep to.
#[derive(Debug, Clone)]
pub struct Settings {
    pub claim_batch: u32,
    pub send_wait: Duration,
    pub limits: (usize, usize),
    pub on_lock_unavailable: OnLockUnavailable,
    pub with_lock: bool,
}

impl Settings {
    pub fn draw(rng: &mut Rng) -> Self {
        Self {
            claim_batch: *rng.pick(&[1, 2, 5, 500]),
            send_wait: Duration::from_millis(*rng.pick(&[500, 3_000, 30_000])),
            limits: *rng.pick(&[(1, 1), (3, 2), (100, 50)]),
            on_lock_unavailable: *rng.pick(&[
                OnLockUnavailable::Fire,
                OnLockUnavailable::Fire,
                OnLockUnavailable::Hold,
            ]),
            with_lock: rng.permille(600),
        }
    }
}

/// A place where one replica at a time lives.
pub struct Slot {
    pub wall: Arc<Wall>,
    lives: u32,
    pub node: Option<Arc<Node>>,
    pub scheduler: Option<Scheduler>,
    pub wake: Option<Wake>,
}

/// The replicas of one run.
pub struct Fleet {
    pub world: Arc<World>,
    settings: Settings,
    metrics: Metrics,
    slots: Mutex<Vec<Slot>>,
    /// Whether the dead come back.
    pub closing: Mutex<bool>,
}

impl Fleet {
    pub fn new(
        world: Arc<World>,
        settings: Settings,
        metrics: Metrics,
        walls: Vec<Arc<Wall>>,
    ) -> Arc<Self> {
        let slot = |wall| Slot {
            wall,
            lives: 0,
            node: None,
            scheduler: None,
            wake: None,
        };
        Arc::new(Self {
            world,
            settings,
            metrics,
            slots: Mutex::new(walls.into_iter().map(slot).collect()),
            closing: Mutex::new(false),
        })
    }

    pub fn slots(&self) -> MutexGuard<'_, Vec<Slot>> {
        self.slots.lock().unwrap()
    }

    /// A replica that takes requests of clients.
    pub fn serving(&self, rng: &mut Rng) -> Option<(Arc<Node>, Wake)> {
        let slots = self.slots();
        let up = slots.iter().filter_map(|slot| {
            let node = slot.node.clone()?;
            let wake = slot.wake.clone()?;
            (node.phase() != Phase::Dead).then_some((node, wake))
        });
        let up: Vec<_> = up.collect();
        (!up.is_empty()).then(|| rng.pick(&up).clone())
    }

    /// Begins a new life in a slot; tries until the store lets it.
    pub async fn start(self: Arc<Self>, place: usize) {
        loop {
            let node = self.new_node(place);
            self.world.trace(|| format!("{} starts", node.name));
            let (wake, heard) = Wake::channel();
            let parts = self.parts(&node);
            let settings = self.settings_of(&node);
            let wakes = (wake.clone(), heard);
            let started = Scheduler::start_without_clockwork(parts, settings, wakes).await;
            node.pass().await;
            match started {
                Ok((scheduler, duties)) => {
                    let slot = &mut self.slots()[place];
                    slot.scheduler = Some(scheduler);
                    slot.wake = Some(wake);
                    tokio::spawn(clockwork(duties, node));
                    return;
                }
                Err(_) => {
                    self.world.trace(|| format!("{} did not start", node.name));
                    node.retire();
                    tokio::time::sleep(TICK).await;
                }
            }
        }
    }

    fn new_node(&self, place: usize) -> Arc<Node> {
        let slot = &mut self.slots()[place];
        slot.lives += 1;
        let name = format!("r{place}.{}", slot.lives);
        let node = Node::new(name, place, self.world.clone(), slot.wall.clone());
        slot.node = Some(node.clone());
        slot.scheduler = None;
        slot.wake = None;
        node
    }

    fn parts(&self, node: &Arc<Node>) -> Parts {
        let clock: Arc<dyn Clock> = Arc::new(NodeClock(node.clone()));
        let (total, per_host) = self.settings.limits;
        Parts {
            store: Arc::new(SimStore { node: node.clone() }),
            lock: match self.settings.with_lock {
                true => Arc::new(SimLock { node: node.clone() }),
                false => Arc::new(schedule_server::lock::StoreLock),
            },
            sender: Arc::new(SimSender { node: node.clone() }),
            limits: Limits::new(total, per_host),
            health: Health::new(clock.clone()),
            clock,
            metrics: self.metrics.clone(),
            tracer: Tracer::off(),
        }
    }

    fn settings_of(&self, node: &Node) -> SchedulerSettings {
        SchedulerSettings {
            replica: node.name.clone(),
            lease: Duration::from_secs(3),
            claim_batch: self.settings.claim_batch,
            send_wait: self.settings.send_wait,
            keep: Keep { age: None, runs: 0 },
            on_lock_unavailable: self.settings.on_lock_unavailable,
        }
    }

    /// Stops the replica of a slot in order, and ends its process.
    pub async fn stop(&self, place: usize, drain: Duration) {
        let (node, scheduler) = {
            let slot = &mut self.slots()[place];
            slot.wake = None;
            (slot.node.clone(), slot.scheduler.take())
        };
        if let (Some(node), Some(scheduler)) = (node, scheduler) {
            self.world.trace(|| format!("{} stops", node.name));
            scheduler.stop(drain).await;
            node.pass().await;
            self.world.trace(|| format!("{} has stopped", node.name));
            node.kill();
        }
    }
}

/// Drives the duties as the ticker does: it lists each half second, plans what is at
/// most two seconds away, and calls the coarse duties each second, none twice at once.
async fn clockwork(duties: Duties, node: Arc<Node>) {
    let running: [Arc<tokio::sync::Mutex<()>>; 3] = Default::default();
    let mut second = 0;
    loop {
        tokio::time::sleep(TICK).await;
        node.pass().await;
        if duties.is_stopped() {
            return;
        }
        let now = node.wall.now();
        for due in duties.due_seconds(now).await {
            if due - 2 <= now.timestamp() {
                let duties = duties.clone();
                tokio::spawn(async move { duties.plan(due).await });
            }
        }
        if now.timestamp() == second {
            continue;
        }
        second = now.timestamp();
        for (which, running) in running.iter().enumerate() {
            let (duties, running) = (duties.clone(), running.clone());
            tokio::spawn(async move {
                let Ok(_running) = running.try_lock() else {
                    return;
                };
                match which {
                    0 => duties.renew_lease().await,
                    1 => duties.settle_dead().await,
                    _ => duties.check_lock().await,
                }
            });
        }
    }
}
