//! Random histories: jobs are put, paused, resumed, waited for, run and removed, on a
//! server that is stopped and started while time goes on. Whatever comes of it is
//! proven, by the ledger and by what the target received.
//!
//! `VERIFY_HISTORIES` (4) and `VERIFY_SEED` (1) make longer and other runs.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use reqwest::Method;
use schedule_server::app::Server;
use schedule_server::clock::{Clock, ManualClock};
use schedule_server::config::Config;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::story::{line, url, write_log};
use super::verify;
use crate::firing::foretold::{Dice, trigger};
use crate::support::api::Api;
use crate::support::stage::{instant, shown};
use crate::support::target::Target;

const JOBS: [&str; 5] = ["a", "b", "c", "d", "e"];
const STEPS: usize = 60;
/// They wait most of the time.
const AT_ONCE: usize = 8;

struct World {
    dir: TempDir,
    clock: ManualClock,
    target: Target,
    server: Option<(Server, Api)>,
    dice: Dice,
    told: Vec<String>,
}

impl World {
    async fn new(seed: u64) -> Self {
        let mut world = Self {
            dir: tempfile::tempdir().unwrap(),
            clock: ManualClock::new(instant("2031-10-25T22:00:00Z")),
            target: Target::start().await,
            server: None,
            dice: Dice(seed),
            told: Vec::new(),
        };
        world.start().await;
        world
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    async fn start(&mut self) {
        let database = format!("--database-url={}", url(&self.dir));
        let flags = [
            "--bind=127.0.0.1:0",
            &database,
            "--lease=60s",
            "--retention-age=0s",
        ];
        let config = Config::from_args(flags).unwrap();
        let server = Server::start(&config, Arc::new(self.clock.clone()))
            .await
            .unwrap();
        let api = Api::of(&format!("http://{}", server.local_addr));
        self.server = Some((server, api));
    }

    async fn stop(&mut self) {
        let Some((server, _)) = self.server.take() else {
            return;
        };
        // What is about to be sent waits for its instant.
        let passing = async {
            loop {
                self.clock.advance(TimeDelta::milliseconds(10));
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::select! {
            () = server.stop() => {}
            () = passing => {}
        }
    }

    async fn call(&mut self, method: Method, path: &str, body: Option<&Value>) {
        let (_, api) = self.server.as_ref().unwrap();
        let (status, _) = api.call(method.clone(), path, body).await;
        let expected = matches!(status, 200..300 | 404 | 422);
        assert!(expected, "{method} {path}: {status}");
        let body = body.map(Value::to_string).unwrap_or_default();
        self.told.push(format!(
            "{} {method} {path} {status} {body}",
            shown(self.now())
        ));
    }

    fn definition(&mut self) -> Value {
        let now = self.now();
        let dice = &mut self.dice;
        let path = dice.of(&["/ok", "/ok", "/status/500", "/flaky/2"]);
        let mut policies = json!({});
        if dice.one_in(2) {
            let all = json!({"all": 1 + dice.below(5)});
            policies["catch_up"] =
                [json!("none"), json!("latest"), all][dice.below(3) as usize].clone();
        }
        if dice.one_in(3) {
            policies["misfire_grace"] = json!({"ms": dice.below(3_600_000)});
        }
        if dice.one_in(4) {
            policies["pause_until"] = json!(shown(dice.within(now, 1_800)));
        }
        if dice.one_in(4) {
            policies["pause_after_failures"] = json!(2);
        }
        let overlaps = [
            json!("skip"),
            json!({"queue": 2}),
            json!({"allow": 3}),
            json!("cancel_previous"),
        ];
        policies["overlap"] = overlaps[dice.below(4) as usize].clone();
        let dense = json!({"type": "interval", "seconds": 1 + dice.below(60)});
        let mut whole = json!({
            "trigger": if dice.one_in(2) { dense } else { trigger(dice, now) },
            "request": {"url": self.target.at(path)},
            "policies": policies,
        });
        if self.dice.one_in(3) {
            whole["retry"] = json!({"attempts": 3, "delay": {"fixed_ms": 700}});
        }
        whole
    }

    async fn step(&mut self) {
        let id = self.dice.of(&JOBS).to_owned();
        match self.dice.below(16) {
            0..=2 => {
                let whole = self.definition();
                self.call(Method::PUT, &format!("/{id}"), Some(&whole))
                    .await;
            }
            3 => self.act(&id, "pause", json!({})).await,
            4 | 5 => self.act(&id, "resume", json!({})).await,
            6 => {
                let until = self.dice.within(self.clock.now(), 900);
                self.act(&id, "pause", json!({"until": shown(until)})).await;
            }
            7 => self.act(&id, "run", json!({})).await,
            8 => self.call(Method::DELETE, &format!("/{id}"), None).await,
            9 => {
                // What is due when it starts is met by changes before it is planned.
                self.stop().await;
                self.pass(7_200).await;
                self.start().await;
                self.told.push(format!("{} restart", shown(self.now())));
            }
            10 => self.pass(6_000).await,
            _ => self.pass(30).await,
        }
    }

    async fn act(&mut self, id: &str, action: &str, body: Value) {
        self.call(Method::POST, &format!("/{id}:{action}"), Some(&body))
            .await;
    }

    /// Lets up to so many seconds pass, at once or bit by bit. The clockwork lives by
    /// real time, so some of the bits are planned when they are due, and others late.
    async fn pass(&mut self, seconds: u64) {
        let ms = 1 + self.dice.below(seconds * 1_000) as i64;
        let bits = 1 + self.dice.below(6) as i64;
        for _ in 0..bits {
            self.clock.advance(TimeDelta::milliseconds(ms / bits));
            let pause = 5 + self.dice.below(600);
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        self.told.push(format!("{} now", shown(self.now())));
    }
}

fn env(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// Plays one history and proves it.
async fn play(seed: u64) {
    let mut world = World::new(seed).await;
    for id in JOBS {
        let whole = world.definition();
        let path = format!("/{id}");
        world.call(Method::PUT, &path, Some(&whole)).await;
    }
    for _ in 0..STEPS {
        world.step().await;
    }
    world.stop().await;
    let arrivals = world.target.arrivals();
    write_log(world.dir.path(), arrivals.iter().map(line).collect());
    let log = world.dir.path().join("log").display().to_string();
    let (code, report) = verify(&url(&world.dir), &["--target-log", &log]).await;
    let told = world.told.join("\n");
    assert_eq!(code, Some(0), "VERIFY_SEED={seed}\n{told}\n{report:#}");
    let [planned, rows, sent] = ["planned", "rows", "sent"].map(|name| &report[name]);
    println!("{seed}: {planned} fire times planned, {rows} rows, {sent} sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_is_proven() {
    let first = env("VERIFY_SEED", 1);
    let seeds: Vec<u64> = (first..first + env("VERIFY_HISTORIES", 4)).collect();
    for some in seeds.chunks(AT_ONCE) {
        join_all(some.iter().copied().map(play)).await;
    }
}
