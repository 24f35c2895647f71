//! Clients that add, replace, pause, resume and remove jobs until the server
//! dies, and remember what they were answered, and when.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::rng::Rng;
use crate::support::fleet::date_job;
use crate::support::replica::Replica;
use crate::support::target::Target;

const CLIENTS: usize = 4;
/// Jobs of each client, by kind.
const STEADY: u64 = 4;
const CHANGING: u64 = 8;
const DATES: u64 = 40;

/// How a job is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Fires each second, and calls a path that ends in this number.
    Running(u64),
    Paused(u64),
    Removed,
    /// Fires once, then ends by itself.
    Once,
}

/// A change that a client asked for.
#[derive(Debug, Clone)]
pub struct Deed {
    pub asked_ns: i64,
    /// When the answer was there, if it came.
    pub answered_ns: Option<i64>,
    pub wanted: Wanted,
}

/// What was asked of each job, in order.
pub type Deeds = BTreeMap<String, Vec<Deed>>;

pub fn now_ns() -> i64 {
    Utc::now().timestamp_nanos_opt().unwrap()
}

/// Drives the server until it has answered so many changes and a while longer,
/// then kills it.
pub async fn drive_and_kill(mut server: Replica, target: &Target, rng: &mut Rng) -> Deeds {
    let deeds: Arc<Mutex<Deeds>> = Arc::default();
    let answers = Arc::new(watch::Sender::new(0_usize));
    let mut clients = tokio::task::JoinSet::new();
    for n in 0..CLIENTS {
        let client = Client {
            name: format!("c{n}"),
            server: server.url.clone(),
            target: target.at("/ok"),
            http: crate::support::client(),
            rng: rng.fork(),
            deeds: deeds.clone(),
            answers: answers.clone(),
        };
        clients.spawn(client.run());
    }
    let enough = usize::try_from(rng.between(60, 250)).unwrap();
    let mut seen = answers.subscribe();
    seen.wait_for(|n| *n >= enough).await.unwrap();
    // The fault's own instant: any, also between two answers.
    tokio::time::sleep(Duration::from_micros(rng.below(2_500_000))).await;
    server.kill().await;
    clients.join_all().await;
    std::mem::take(&mut deeds.lock().unwrap())
}

struct Client {
    name: String,
    server: String,
    target: String,
    http: reqwest::Client,
    rng: Rng,
    deeds: Arc<Mutex<Deeds>>,
    answers: Arc<watch::Sender<usize>>,
}

impl Client {
    async fn run(mut self) {
        for n in 0..STEADY {
            let id = format!("{}-steady-{n}", self.name);
            if !self.add_interval(&id, 0).await {
                return;
            }
        }
        for version in 1.. {
            let goes_on = match self.rng.below(10) {
                0..4 => {
                    let id = format!("{}-date-{}", self.name, self.rng.below(DATES));
                    self.add_date(&id).await
                }
                _ => {
                    let id = format!("{}-job-{}", self.name, self.rng.below(CHANGING));
                    self.change(&id, version).await
                }
            };
            if !goes_on {
                return;
            }
        }
    }

    /// One change that the state of the job allows.
    async fn change(&mut self, id: &str, version: u64) -> bool {
        let now = {
            let deeds = self.deeds.lock().unwrap();
            let last = deeds.get(id).and_then(|deeds| deeds.last());
            last.map(|deed| deed.wanted.clone())
        };
        match (now, self.rng.below(4)) {
            (Some(Wanted::Running(n)), 0) => {
                let url = format!("/scheduler/pause_job?job_id={id}");
                let request = self.http.put(self.at(&url));
                self.ask(id, Wanted::Paused(n), request).await
            }
            (Some(Wanted::Paused(n)), 0 | 1) => {
                let url = format!("/scheduler/resume_job?job_id={id}");
                let request = self.http.put(self.at(&url));
                self.ask(id, Wanted::Running(n), request).await
            }
            (Some(Wanted::Running(_) | Wanted::Paused(_)), 2) => {
                let url = format!("/scheduler/remove_job?job_id={id}");
                let request = self.http.delete(self.at(&url));
                self.ask(id, Wanted::Removed, request).await
            }
            _ => self.add_interval(id, version).await,
        }
    }

    async fn add_interval(&mut self, id: &str, version: u64) -> bool {
        let job = json!({"job_id": id, "url": format!("{}/{version}", self.target), "seconds": 1});
        let request = self.http.post(self.at("/scheduler/interval/add_job"));
        self.ask(id, Wanted::Running(version), request.json(&job))
            .await
    }

    /// Adds a job that fires once, soon. An id is used once.
    async fn add_date(&mut self, id: &str) -> bool {
        if self.deeds.lock().unwrap().contains_key(id) {
            return true;
        }
        let in_ms = i64::try_from(self.rng.below(3_000)).unwrap();
        let at: DateTime<Utc> = Utc::now() + TimeDelta::milliseconds(in_ms);
        let request = self.http.post(self.at("/scheduler/date/add_job"));
        let request = request.json(&date_job(id, &self.target, at));
        self.ask(id, Wanted::Once, request).await
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.server)
    }

    /// Asks, and remembers; `false`: the server has died.
    async fn ask(&self, id: &str, wanted: Wanted, request: reqwest::RequestBuilder) -> bool {
        let deed = Deed {
            asked_ns: now_ns(),
            answered_ns: None,
            wanted,
        };
        let of_job = |deeds: &mut Deeds, deed| deeds.entry(id.to_owned()).or_default().push(deed);
        of_job(&mut self.deeds.lock().unwrap(), deed);
        let Ok(answer) = request.send().await else {
            return false;
        };
        let Ok(answer) = answer.json::<Value>().await else {
            return false;
        };
        let now = now_ns();
        assert_eq!(answer["success"], json!(true), "{id}: {answer}");
        let mut deeds = self.deeds.lock().unwrap();
        let deed = deeds.get_mut(id).and_then(|deeds| deeds.last_mut());
        deed.expect("it was asked").answered_ns = Some(now);
        self.answers.send_modify(|n| *n += 1);
        true
    }
}
