//! The server processes of a run.

use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::diary::Diary;
use super::kind::Kind;
use super::rng::Rng;
use super::world::World;
use crate::support::replica::Replica;

/// How long what must happen may take.
pub const PATIENCE: Duration = Duration::from_secs(90);
/// How long a server may take to start.
const START: Duration = Duration::from_secs(8);
/// The default. A shorter one is lost for no fault where debug builds share a
/// machine with much else.
pub const LEASE: Duration = Duration::from_secs(3);

pub struct Fleet {
    pub replicas: Vec<Replica>,
    /// Where they serve, for those who change jobs meanwhile.
    pub urls: Arc<Mutex<Vec<String>>>,
    pub diary: Diary,
    settings: Vec<(&'static str, String)>,
    /// How many of the first ones no fault of processes meets.
    spared: usize,
}

impl Fleet {
    /// Starts so many replicas.
    pub async fn start(kind: Kind, world: &World, replicas: u64, rng: &mut Rng) -> Self {
        let hold = matches!(kind, Kind::Redis | Kind::Mixed | Kind::Soak) && rng.chance(50);
        let mut settings = vec![
            (
                "DATABASE_URL",
                format!("sqlite://{}", world.database().display()),
            ),
            ("BIND", format!("{}:0", world.address)),
            ("REDIS_URL", format!("redis://{}", world.proxy.address)),
            (
                "LOCK_ON_UNAVAILABLE",
                if hold { "hold" } else { "fire" }.to_owned(),
            ),
            ("LOCK_TIMEOUT", "200ms".to_owned()),
            ("LEASE", format!("{}s", LEASE.as_secs())),
            ("DRAIN_TIMEOUT", "5s".to_owned()),
            ("DATABASE_READERS", "2".to_owned()),
            (
                "LOG_LEVEL",
                "warn,schedule_server::app=info,schedule_server::scheduler::dispatcher=error"
                    .to_owned(),
            ),
        ];
        if kind.moves_clock() {
            settings.extend(world.clock.settings());
        }
        world
            .diary
            .note(format!("{replicas} replicas, without Redis: hold={hold}"));
        let mut fleet = Self {
            replicas: Vec::new(),
            urls: Arc::default(),
            diary: world.diary.clone(),
            settings,
            spared: 0,
        };
        for _ in 0..replicas {
            fleet.add(None).await;
        }
        fleet
    }

    /// Starts one more; `fail_point` is told to it, unless it does not let it start.
    pub async fn add(&mut self, mut fail_point: Option<String>) {
        let until = Instant::now() + PATIENCE;
        let replica = loop {
            match self.try_start(fail_point.take()).await {
                Ok(replica) => break replica,
                // The fault of the moment can be that none can start.
                Err(log) => {
                    let last = log.lines().last().unwrap_or_default();
                    self.diary.note(format!("a server did not start: {last}"));
                    assert!(Instant::now() < until, "no server starts: {last}");
                    self.wake().await;
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        };
        self.diary.note(format!("started {}", replica.id()));
        self.replicas.push(replica);
        self.tell_urls();
    }

    /// One that may stand still at a fail point is not waited for long.
    async fn try_start(&self, fail_point: Option<String>) -> Result<Replica, String> {
        let settings = self.settings.iter().map(|(k, v)| (*k, v.as_str()));
        let point = fail_point
            .iter()
            .map(|p| ("SCHEDULE_SERVER_FAIL_POINT", p.as_str()));
        let settings: Vec<(&str, &str)> = settings.chain(point).collect();
        let started = timeout(START, Replica::try_start(&settings)).await;
        started.unwrap_or_else(|_| Err(format!("not within {START:?}, {fail_point:?}")))
    }

    /// The last that each of them said.
    pub fn said(&self) -> String {
        let said = self.replicas.iter().map(|replica| {
            let log = replica.log();
            let lines: Vec<&str> = log
                .lines()
                .filter(|l| !l.contains(": setting name="))
                .collect();
            let last = lines[lines.len().saturating_sub(20)..].join("\n");
            format!("replica {}:\n{last}", replica.id())
        });
        said.collect::<Vec<_>>().join("\n")
    }

    /// SIGCONT to those that may stand still.
    pub async fn wake(&mut self) {
        for replica in &mut self.replicas {
            if !replica.has_ended() {
                replica.signal("CONT").await;
            }
        }
    }

    /// Tries to start one, and answers with its log when it ends at once.
    pub async fn refused_start(&self) -> Result<(), String> {
        self.try_start(None).await.map(|_| ())
    }

    /// Takes one out, by its place.
    pub fn take(&mut self, place: usize) -> Replica {
        let replica = self.replicas.remove(place);
        self.tell_urls();
        replica
    }

    /// The first one lives on, whatever is done to the others.
    pub fn spare_first(&mut self) {
        self.spared = 1;
    }

    /// The places of those that faults may meet.
    pub fn exposed(&self) -> Range<usize> {
        self.spared..self.replicas.len()
    }

    /// One that faults may meet.
    pub fn any(&self, rng: &mut Rng) -> usize {
        let exposed = self.exposed();
        exposed.start + usize::try_from(rng.below(exposed.len() as u64)).unwrap()
    }

    /// SIGTERM; fails the run when it does not stop in order.
    pub async fn terminate(&self, mut replica: Replica) {
        let id = replica.id();
        let ended = timeout(PATIENCE, replica.terminate()).await;
        let Ok(status) = ended else {
            panic!("{id} did not stop within {PATIENCE:?}:\n{}", replica.log());
        };
        assert_eq!(status.code(), Some(0), "{id}:\n{}", replica.log());
        self.diary.note(format!("stopped {id}"));
    }

    /// Replaces those that have died, and wakes those that stand still.
    pub async fn mend(&mut self) {
        for place in (0..self.replicas.len()).rev() {
            if self.replicas[place].has_ended() {
                self.take(place);
                self.add(None).await;
            } else {
                self.replicas[place].signal("CONT").await;
            }
        }
        if self.replicas.is_empty() {
            self.add(None).await;
        }
    }

    pub async fn stop_all(&mut self) {
        while let Some(replica) = self.replicas.pop() {
            self.tell_urls();
            self.terminate(replica).await;
        }
    }

    fn tell_urls(&self) {
        let urls = self.replicas.iter().map(|r| r.url.clone()).collect();
        *self.urls.lock().unwrap() = urls;
    }
}
