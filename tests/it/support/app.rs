//! The production server inside the test's process, on a port and a file of
//! its own, driven over HTTP.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Datelike, SubsecRound, TimeDelta, Timelike, Utc};
use reqwest::Client;
use schedule_server::app::Server;
use schedule_server::clock::{Clock, SystemClock};
use schedule_server::config::Config;
use schedule_server::domain::job::{JobDraft, JobId, JobState, Notes};
use schedule_server::domain::occurrence::LedgerEntry;
use schedule_server::domain::policy::Policies;
use schedule_server::domain::schedule::Schedule;
use schedule_server::domain::target::Request;
use schedule_server::domain::trigger::{DateTrigger, IntervalTrigger, Trigger};
use schedule_server::store::Expected;
use serde_json::{Value, json};

use super::fleet::date_job;
use super::sums::CheckedDir;

pub struct App {
    pub server: Server,
    pub client: Client,
    clock: Arc<dyn Clock>,
    pub dir: CheckedDir,
}

impl App {
    /// A server with these flags, on the system's clock.
    pub async fn start(flags: &[&str]) -> Self {
        Self::with_clock(flags, Arc::new(SystemClock::new())).await
    }

    pub async fn with_clock(flags: &[&str], clock: Arc<dyn Clock>) -> Self {
        let dir = CheckedDir::of("s.db");
        let database = format!("--database-url=sqlite://{}/s.db", dir.path().display());
        let own = ["--bind=127.0.0.1:0", &database];
        let config = Config::from_args(own.iter().chain(flags).copied()).unwrap();
        Self {
            server: Server::start(&config, clock.clone()).await.unwrap(),
            client: super::client(),
            clock,
            dir,
        }
    }

    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.local_addr)
    }

    /// The database itself, past the server.
    pub async fn connect(&self) -> sqlx::SqliteConnection {
        let file = self.dir.path().join("s.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        sqlx::ConnectOptions::connect(&options).await.unwrap()
    }

    /// Adds a job; `kind` is the route's.
    pub async fn add(&self, kind: &str, job: Value) {
        let url = self.at(&format!("/scheduler/{kind}/add_job"));
        let answer = self.client.post(url).json(&job).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["success"], json!(true), "{job}: {answer}");
    }

    /// Adds a date job that is due at once: its second has just begun.
    pub async fn fire_now(&self, job_id: &str, url: &str) {
        self.add("date", date_job(job_id, url, self.clock.now()))
            .await;
    }

    /// Adds a date job due in so many seconds.
    pub async fn fire_in(&self, job_id: &str, url: &str, seconds: i64) -> DateTime<Utc> {
        let at = self.clock.now() + TimeDelta::seconds(seconds);
        self.add("date", date_job(job_id, url, at)).await;
        at
    }

    /// Adds a date job that is due at once, with policies.
    pub async fn fire_with(&self, job_id: &str, url: &str, policies: Policies) {
        self.fire_request(job_id, Request::get(url), policies).await;
    }

    /// Likewise, with a request of its own.
    pub async fn fire_request(&self, job_id: &str, request: Request, policies: Policies) {
        let at = self.clock.now().trunc_subsecs(0);
        self.fire_at(job_id, request, policies, at).await;
    }

    /// Likewise, at a whole second.
    pub async fn fire_at(
        &self,
        job_id: &str,
        request: Request,
        policies: Policies,
        at: DateTime<Utc>,
    ) {
        let parts = [at.year().into(), at.month().into(), at.day().into()];
        let [hour, minute, second] = [at.hour(), at.minute(), at.second()].map(i64::from);
        let date = DateTrigger::new(parts[0], parts[1], parts[2], hour, minute, second);
        let schedule = Trigger::Date(date.unwrap()).into();
        self.put(job_id, schedule, request, policies, at).await;
    }

    /// Adds a job that is due each second from `first` on, with policies.
    pub async fn fire_each_second(
        &self,
        job_id: &str,
        url: &str,
        policies: Policies,
        first: DateTime<Utc>,
    ) {
        let first = first.trunc_subsecs(3);
        let added = first - TimeDelta::seconds(1);
        let interval = IntervalTrigger::new(None, None, Some(1), added).unwrap();
        let schedule = Trigger::Interval(interval).into();
        self.put(job_id, schedule, Request::get(url), policies, first)
            .await;
    }

    async fn put(
        &self,
        job_id: &str,
        schedule: Schedule,
        request: Request,
        policies: Policies,
        next_fire_at: DateTime<Utc>,
    ) {
        let draft = JobDraft {
            id: JobId::new(job_id).unwrap(),
            notes: Notes::default(),
            state: JobState::Running,
            schedule,
            request,
            policies,
            next_fire_at: Some(next_fire_at),
        };
        let now = self.clock.now();
        let put = self.server.store.put_job(draft, Expected::Anything, now);
        put.await.unwrap();
    }

    /// Waits until the ledger of a job is as asked; answers with it, oldest
    /// first.
    pub async fn ledger_when(
        &self,
        job_id: &str,
        asked: impl Fn(&[LedgerEntry]) -> bool,
    ) -> Vec<LedgerEntry> {
        let started = Instant::now();
        loop {
            let mut ledger = self.ledger(job_id).await;
            ledger.reverse();
            if asked(&ledger) {
                return ledger;
            }
            assert!(started.elapsed().as_secs() < 120, "{job_id}: {ledger:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The ledger of a job, newest first.
    pub async fn ledger(&self, job_id: &str) -> Vec<LedgerEntry> {
        let id = JobId::new(job_id).unwrap();
        self.server.store.ledger(&id, 1000).await.unwrap()
    }

    /// The newest row of a job, as soon as it is final.
    pub async fn final_entry(&self, job_id: &str) -> LedgerEntry {
        let started = Instant::now();
        loop {
            let newest = self.ledger(job_id).await.into_iter().next();
            match newest {
                Some(entry) if entry.state.is_final() => return entry,
                other => assert!(started.elapsed().as_secs() < 120, "{job_id}: {other:?}"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Likewise, its state and reason as words.
    pub async fn outcome(&self, job_id: &str) -> (&'static str, Option<&'static str>) {
        let entry = self.final_entry(job_id).await;
        (entry.state.as_str(), entry.reason.map(|r| r.as_str()))
    }
}
