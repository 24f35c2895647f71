//! Several server processes on one database and one Redis, a target, and the
//! comparison of what the ledger says with what the target received.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use chrono::{DateTime, SubsecRound, Utc};
use reqwest::Client;
use schedule_server::domain::job::{JobDraft, JobId, JobState, Notes};
use schedule_server::domain::occurrence::{OccurrenceId, OccurrenceKind, OccurrenceState};
use schedule_server::domain::policy::Policies;
use schedule_server::domain::target::Request;
use schedule_server::domain::trigger::{IntervalTrigger, Trigger};
use schedule_server::store::sqlite::SqliteStore;
use schedule_server::store::{Expected, Store};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row};

use super::redis::Redis;
use super::replica::Replica;
use super::sums::CheckedDir;
use super::target::Target;

pub struct Fleet {
    pub replicas: Vec<Replica>,
    pub redis: Option<Redis>,
    pub target: Target,
    client: Client,
    dir: CheckedDir,
    turn: usize,
}

/// One row of the ledger.
#[derive(Debug, Clone)]
pub struct Entry {
    pub job_id: String,
    pub kind: OccurrenceKind,
    pub fire_at: i64,
    pub last_fire_at: i64,
    pub count: i64,
    pub state: OccurrenceState,
    pub reason: Option<String>,
    pub replica: Option<String>,
    pub sent: bool,
}

impl Entry {
    pub fn fire_id(&self) -> String {
        let occurrence = OccurrenceId {
            job_id: JobId::from_stored(self.job_id.clone()),
            fire_at: DateTime::from_timestamp_millis(self.fire_at).unwrap(),
            kind: self.kind,
        };
        occurrence.fire_id().to_string()
    }
}

impl Fleet {
    pub async fn start(replicas: usize, with_redis: bool) -> Self {
        let mut fleet = Self {
            replicas: Vec::new(),
            redis: if with_redis {
                Some(Redis::start().await)
            } else {
                None
            },
            target: Target::start().await,
            client: super::client(),
            dir: CheckedDir::of("schedule.db"),
            turn: 0,
        };
        for _ in 0..replicas {
            fleet.start_replica().await;
        }
        fleet
    }

    pub async fn start_replica(&mut self) {
        let database = self.database_url();
        let redis = self.redis.as_ref().map(Redis::url).unwrap_or_default();
        let settings = [("DATABASE_URL", database.as_str()), ("REDIS_URL", &redis)];
        self.replicas.push(Replica::start(&settings).await);
    }

    pub fn database(&self) -> PathBuf {
        self.dir.path().join("schedule.db")
    }

    pub fn database_url(&self) -> String {
        format!("sqlite://{}", self.database().display())
    }

    /// The next replica in turn.
    fn any(&mut self) -> &Replica {
        self.turn += 1;
        &self.replicas[self.turn % self.replicas.len()]
    }

    /// Adds a job through any replica; `kind` is the route's.
    pub async fn add(&mut self, kind: &str, job: Value) {
        let url = self.any().at(&format!("/scheduler/{kind}/add_job"));
        let answer = self.client.post(url).json(&job).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["success"], json!(true), "{job}: {answer}");
    }

    /// `remove_job`, `pause_job` or `resume_job` through any replica.
    pub async fn change(&mut self, what: &str, job_id: &str) -> bool {
        let url = self.any().at(&format!("/scheduler/{what}?job_id={job_id}"));
        let request = match what {
            "remove_job" => self.client.delete(url),
            _ => self.client.put(url),
        };
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer["success"] == json!(true)
    }

    /// The list of jobs, from any replica.
    pub async fn jobs(&mut self) -> Vec<Value> {
        let url = self.any().at("/scheduler/get_jobs");
        let answer: Value = self
            .client
            .get(url)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        answer["data"]["task_list"].as_array().unwrap().clone()
    }

    /// Adds a job that is due each second from now on, with policies.
    pub async fn fire_each_second(&self, job_id: &str, url: &str, policies: Policies) {
        let now = Utc::now().trunc_subsecs(3);
        let interval = IntervalTrigger::new(None, None, Some(1), now).unwrap();
        let trigger = Trigger::Interval(interval);
        let draft = JobDraft {
            id: JobId::new(job_id).unwrap(),
            notes: Notes::default(),
            state: JobState::Running,
            next_fire_at: trigger.first_fire_at(now),
            schedule: trigger.into(),
            request: Request::get(url),
            policies,
        };
        let store = self.store().await;
        let put = store.put_job(draft, Expected::Anything, now);
        put.await.unwrap();
    }

    /// Removes a job, whichever replica holds what of it.
    pub async fn remove(&self, job_id: &str) {
        let id = JobId::new(job_id).unwrap();
        let store = self.store().await;
        let removed = store.remove_job(&id, Expected::Anything, Utc::now());
        removed.await.unwrap();
    }

    async fn store(&self) -> SqliteStore {
        SqliteStore::open(&self.database_url(), 1).await.unwrap()
    }

    /// Changes the database behind the servers' back.
    pub async fn execute(&self, sql: &'static str, value: &str) {
        let options = SqliteConnectOptions::new().filename(self.database());
        let mut conn = options.connect().await.unwrap();
        sqlx::query(sql)
            .bind(value)
            .execute(&mut conn)
            .await
            .unwrap();
    }

    /// The whole ledger.
    pub async fn ledger(&self) -> Vec<Entry> {
        ledger_of(&self.database()).await
    }

    /// Waits until every row of the ledger is final, and answers with it.
    pub async fn settled_ledger(&self) -> Vec<Entry> {
        let started = std::time::Instant::now();
        loop {
            let ledger = self.ledger().await;
            let open = ledger.iter().filter(|e| !e.state.is_final()).count();
            if open == 0 {
                return ledger;
            }
            assert!(started.elapsed().as_secs() < 120, "{open} rows stay open");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }

    /// Holds the ledger against what the target received: nothing came twice,
    /// all that came has a row that does not deny it, and all that the ledger
    /// calls sent did come.
    pub fn assert_agrees(&self, ledger: &[Entry]) {
        let received = self.target.by_fire_id();
        let doubled: Vec<_> = received.iter().filter(|(_, n)| **n > 1).collect();
        assert!(doubled.is_empty(), "came twice: {doubled:?}");
        let rows: HashMap<String, &Entry> = ledger.iter().map(|e| (e.fire_id(), e)).collect();
        for id in received.keys() {
            let row = rows
                .get(id)
                .unwrap_or_else(|| panic!("{id} came without a row"));
            let given_up = row.reason.as_deref() == Some("cancelled");
            let may_have_come = row.sent || given_up || row.state == OccurrenceState::Unknown;
            assert!(may_have_come, "came, but the ledger says {row:?}");
        }
        for (id, row) in &rows {
            if row.state == OccurrenceState::Succeeded {
                assert!(received.contains_key(id), "never came: {row:?}");
            }
        }
    }

    pub fn count_by_state(ledger: &[Entry]) -> BTreeMap<&'static str, i64> {
        let mut counts = BTreeMap::new();
        for entry in ledger {
            *counts.entry(entry.state.as_str()).or_default() += entry.count;
        }
        counts
    }
}

/// The whole ledger of a database.
pub async fn ledger_of(database: &Path) -> Vec<Entry> {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .read_only(true);
    let mut conn = options.connect().await.unwrap();
    let sql = "SELECT job_id, kind, fire_at, last_fire_at, count, state, reason, replica, \
               sent_at \
               FROM occurrences ORDER BY job_id, fire_at";
    let rows = sqlx::query(sql).fetch_all(&mut conn).await.unwrap();
    let entry = |row: &sqlx::sqlite::SqliteRow| Entry {
        job_id: row.get("job_id"),
        kind: OccurrenceKind::parse(row.get("kind")).unwrap(),
        fire_at: row.get("fire_at"),
        last_fire_at: row.get("last_fire_at"),
        count: row.get("count"),
        state: OccurrenceState::parse(row.get("state")).unwrap(),
        reason: row.get("reason"),
        replica: row.get("replica"),
        sent: row.get::<Option<i64>, _>("sent_at").is_some(),
    };
    rows.iter().map(entry).collect()
}

/// The instants at which a job of `period_ms` has fired or not by its schedule,
/// from its rows: fails when one between the first and the last has no row.
pub fn assert_no_gap(ledger: &[Entry], job_id: &str, period_ms: i64) {
    let scheduled = |e: &&Entry| e.job_id == job_id && e.kind == OccurrenceKind::Scheduled;
    let rows: Vec<&Entry> = ledger.iter().filter(scheduled).collect();
    for pair in rows.windows(2) {
        let expected = pair[0].last_fire_at + period_ms;
        assert_eq!(pair[1].fire_at, expected, "a gap in {job_id}: {pair:?}");
    }
    for row in rows {
        let span = (row.last_fire_at - row.fire_at) / period_ms + 1;
        assert_eq!(row.count, span, "{row:?}");
    }
}

/// A date job's body.
pub fn date_job(job_id: &str, url: &str, at: DateTime<Utc>) -> Value {
    use chrono::{Datelike, Timelike};
    json!({
        "job_id": job_id, "url": url,
        "year": at.year(), "month": at.month(), "day": at.day(),
        "hour": at.hour(), "minute": at.minute(), "second": at.second(),
    })
}
