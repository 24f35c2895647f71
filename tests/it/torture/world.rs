//! What the servers stand on: Redis, the target, the disk, the wall clock.

use std::net::Ipv4Addr;
use std::path::PathBuf;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::diary::Diary;
use super::disk::Disk;
use super::kind::Kind;
use super::proxy::Proxy;
use super::target::{Mood, Target};
use crate::support::address;
use crate::support::redis::Redis;
use crate::support::wall_clock::WallClock;

pub struct World {
    pub diary: Diary,
    pub redis: Redis,
    pub proxy: Proxy,
    pub target: Target,
    pub disk: Disk,
    pub clock: WallClock,
    /// Where servers and target are: no other run's clients and requests come there.
    pub address: Ipv4Addr,
}

impl World {
    pub async fn new(kind: Kind, diary: Diary) -> Self {
        let redis = Redis::start().await;
        let address = address::own();
        let redis_address = redis.url().replace("redis://", "");
        let disk = Disk::new(kind.fills_disk());
        Self {
            diary,
            proxy: Proxy::start(redis_address).await,
            redis,
            target: Target::start(address).await,
            clock: WallClock::new(disk.path()),
            disk,
            address,
        }
    }

    pub fn database(&self) -> PathBuf {
        self.disk.path().join("schedule.db")
    }

    /// A connection of a program that is none of ours.
    pub async fn stranger(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.database());
        options.connect().await.unwrap()
    }

    /// Holds the write lock of the database until it is dropped or ended.
    pub async fn lock_database(&self) -> Option<SqliteConnection> {
        let mut stranger = self.stranger().await;
        match sqlx::query("BEGIN IMMEDIATE").execute(&mut stranger).await {
            Ok(_) => Some(stranger),
            Err(error) => {
                self.diary.note(format!("not locked: {error}"));
                stranger.close().await.unwrap();
                None
            }
        }
    }

    /// Ends every fault. The clock stays at the furthest instant it has shown: what
    /// was planned by then has its time.
    pub fn heal(&self) {
        self.target.set(Mood::Well);
        self.proxy.delay(0);
        self.disk.free();
        let furthest = self.clock.furthest();
        if self.clock.offset() != furthest {
            self.clock.step_to(furthest);
        }
        self.diary.note("healed");
    }
}
