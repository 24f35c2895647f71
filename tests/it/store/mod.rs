//! The conformance suite: what every store must promise. Runs on real files;
//! time is an argument, so nothing waits.

mod claims;
mod files;
mod history;
mod jobs;
mod leases;
mod manual;
mod open;
mod outcomes;
mod overlap;
mod pages;
mod pause_until;
mod policies;
mod puts;
mod retention;
mod stats;
mod under_way;
mod versions;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use schedule_server::domain::job::{JobDraft, JobId, JobState, Notes, Revision};
use schedule_server::domain::occurrence::{Claim, LedgerEntry, ManualRun, OccurrenceKind};
use schedule_server::domain::policy::Policies;
use schedule_server::domain::run::{Outcome, RunRecord};
use schedule_server::domain::target::Request;
use schedule_server::domain::trigger::{
    CronFields, CronTrigger, DateTrigger, IntervalTrigger, Trigger,
};
use schedule_server::domain::zone::Zone;
use schedule_server::store::sqlite::SqliteStore;
use schedule_server::store::{Change, ClaimRequest, Claimed, Expected, JobRow, Store};
use tempfile::TempDir;

use crate::support::sums::CheckedDir;

const LEASE: Duration = Duration::from_secs(3);

/// A store on a file of its own, with replica `a` alive.
struct Bench {
    store: SqliteStore,
    dir: CheckedDir,
}

fn noon() -> DateTime<Utc> {
    "2030-01-01T12:00:00Z".parse().unwrap()
}

fn after(seconds: f64) -> DateTime<Utc> {
    noon() + TimeDelta::milliseconds((seconds * 1000.0).round() as i64)
}

fn id(text: &str) -> JobId {
    JobId::new(text).unwrap()
}

fn date(second: i64) -> Trigger {
    Trigger::Date(DateTrigger::new(2030, 1, 1, 12, 0, second).unwrap())
}

fn every(seconds: i128) -> Trigger {
    Trigger::Interval(IntervalTrigger::new(None, None, Some(seconds), noon()).unwrap())
}

fn each_minute() -> Trigger {
    Trigger::Cron(CronTrigger::new(&CronFields::default(), Zone::default()).unwrap())
}

fn draft(job: &str, trigger: Trigger) -> JobDraft {
    JobDraft {
        id: id(job),
        notes: Notes::default(),
        state: JobState::Running,
        next_fire_at: trigger.first_fire_at(noon()),
        schedule: trigger.into(),
        policies: Policies::default(),
        request: Request::inherited(format!("http://target.example/{job}")),
    }
}

fn succeeded(claim: Claim) -> RunRecord {
    RunRecord {
        sent_at: Some(claim.occurrence.fire_at),
        duration_ms: Some(5),
        ended_at: claim.occurrence.fire_at,
        outcome: Outcome {
            status: Some(200),
            body: Some("ok".into()),
            ..Outcome::default()
        },
        claim,
        retry_at: None,
    }
}

/// State and reason of a row.
fn shown(row: &LedgerEntry) -> (&'static str, Option<&'static str>) {
    (row.state.as_str(), row.reason.map(|reason| reason.as_str()))
}

impl Bench {
    async fn new() -> Self {
        let dir = CheckedDir::of("schedule.db");
        let store = open(&dir).await;
        let bench = Self { store, dir };
        bench.renew("a", 0.0).await;
        bench
    }

    /// The same file, as another process would open it.
    async fn another(&self) -> SqliteStore {
        open(&self.dir).await
    }

    async fn renew(&self, replica: &str, now: f64) {
        let renewed = self.store.renew_lease(replica, after(now), LEASE).await;
        renewed.unwrap();
    }

    async fn put(&self, job: &str, trigger: Trigger) {
        self.put_draft(draft(job, trigger)).await;
    }

    async fn put_draft(&self, draft: JobDraft) -> Revision {
        let put = self.store.put_job(draft, Expected::Anything, noon());
        put.await.unwrap().unwrap()
    }

    async fn pause(&self, job: &str, now: f64) -> Change<JobRow> {
        let id = id(job);
        let paused = self.store.pause_job(&id, Expected::Anything, after(now));
        paused.await.unwrap()
    }

    async fn resume(&self, job: &str, now: f64) -> Change<JobRow> {
        let id = id(job);
        let resumed = self.store.resume_job(&id, Expected::Anything, after(now));
        resumed.await.unwrap()
    }

    async fn remove(&self, job: &str, now: f64) -> Change<()> {
        let id = id(job);
        let removed = self.store.remove_job(&id, Expected::Anything, after(now));
        removed.await.unwrap()
    }

    /// Asks for a run of a job that there is.
    async fn run_now(&self, job: &str, now: f64) -> ManualRun {
        let run = self.store.run_now(&id(job), after(now)).await.unwrap();
        run.unwrap()
    }

    /// Claims for `a` what falls due before `until` seconds after noon.
    async fn claim(&self, now: f64, until: f64) -> Claimed {
        self.claim_for("a", now, until).await
    }

    async fn claim_for(&self, replica: &str, now: f64, until: f64) -> Claimed {
        let request = request(replica, now, until);
        self.store.claim(request).await.unwrap()
    }

    async fn start_firing(&self, claims: &[Claim], now: f64) -> Vec<Claim> {
        let started = self.store.start_firing(claims.to_vec(), after(now)).await;
        started.unwrap()
    }

    async fn give_back(&self, claims: Vec<Claim>) {
        self.store.give_back(claims, noon()).await.unwrap();
    }

    /// Records that these succeeded.
    async fn succeed(&self, started: Vec<Claim>) {
        let records = started.into_iter().map(succeeded).collect::<Vec<_>>();
        self.store.record(records.into()).await.unwrap();
    }

    async fn ledger(&self, job: &str) -> Vec<LedgerEntry> {
        self.store.ledger(&id(job), 100).await.unwrap()
    }

    /// State and reason of the one row of a job.
    async fn row(&self, job: &str) -> (&'static str, Option<&'static str>) {
        let rows = self.ledger(job).await;
        assert_eq!(rows.len(), 1, "{rows:?}");
        shown(&rows[0])
    }

    /// State and reason of the row with the earliest fire time of a job.
    async fn first_row(&self, job: &str) -> (&'static str, Option<&'static str>) {
        let rows = self.ledger(job).await;
        shown(rows.last().unwrap())
    }

    /// How many jobs are kept, also those that clients do not see any more.
    async fn stored_jobs(&self) -> i64 {
        let mut file = self.connect().await;
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM jobs").fetch_one(&mut file);
        count.await.unwrap()
    }

    /// The file itself, past the store.
    async fn connect(&self) -> sqlx::SqliteConnection {
        let file = self.dir.path().join("schedule.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        sqlx::ConnectOptions::connect(&options).await.unwrap()
    }

    async fn exists(&self, job: &str) -> bool {
        self.store.job(&id(job)).await.unwrap().is_some()
    }
}

fn request(replica: &str, now: f64, until: f64) -> ClaimRequest {
    ClaimRequest {
        replica: replica.into(),
        until: after(until),
        limit: 100,
        now: after(now),
    }
}

async fn open(dir: &TempDir) -> SqliteStore {
    let url = format!("sqlite://{}/schedule.db", dir.path().display());
    SqliteStore::open(&url, 2).await.unwrap()
}
