//! The simulated store is held against the real one: the same random requests, the
//! same answers and the same ledger. Else a simulation proves nothing of the server.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use schedule_server::domain::job::{Job, JobId};
use schedule_server::domain::occurrence::{Claim, LedgerEntry, OccurrenceState, Reason};
use schedule_server::domain::run::{Outcome, RunRecord};
use schedule_server::store::sqlite::SqliteStore;
use schedule_server::store::{Change, ClaimRequest, Expected, JobRow, Store};

use super::definition::Definition;
use super::rng::Rng;
use super::tables::Tables;
use super::world::{noon, shown};

const REPLICAS: [&str; 2] = ["a", "b"];
const LEASE: Duration = Duration::from_secs(3);

/// Both stores, and what replicas hold of them.
struct Pair {
    real: SqliteStore,
    simulated: Tables,
    rng: Rng,
    now: DateTime<Utc>,
    jobs: Vec<JobId>,
    /// What was claimed, whether it still stands or not.
    claims: Vec<Claim>,
    /// What was moved to `firing`.
    firing: Vec<Claim>,
    drafts: u64,
}

/// Runs so many random requests against both stores.
pub async fn conform(seed: u64, requests: usize) {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/schedule.db", dir.path().display());
    let jobs = ["j0", "j1+", "j2"].map(|id| JobId::new(id).unwrap());
    let mut pair = Pair {
        real: SqliteStore::open(&url, 1).await.unwrap(),
        simulated: Tables::default(),
        rng: Rng::new(seed),
        now: noon(),
        jobs: jobs.into(),
        claims: Vec::new(),
        firing: Vec::new(),
        drafts: 0,
    };
    for _ in 0..requests {
        let done = pair.request().await;
        pair.compare(seed, &done).await;
    }
    pair.real.close().await;
}

impl Pair {
    /// One request of both; what it was.
    async fn request(&mut self) -> String {
        let passed = match self.rng.below(40) {
            0 => self.rng.between(-100_000, 100_000),
            _ => self.rng.between(0, 1_200),
        };
        self.now += TimeDelta::milliseconds(passed);
        let now = self.now;
        let id = self.rng.pick(&self.jobs).clone();
        let replica = *self.rng.pick(&REPLICAS);
        match self.rng.below(24) {
            0..2 => {
                let definition = Definition::draw(&mut self.rng, &id, now);
                self.drafts += 1;
                let draft = definition.draft(&id, now, self.drafts.to_string());
                let put = self
                    .real
                    .put_job(draft.clone(), Expected::Anything, now)
                    .await;
                assert_eq!(put.unwrap().unwrap(), self.simulated.put(draft, now));
                format!("put {id}: {definition:?}")
            }
            2 => {
                let real = self.real.pause_job(&id, Expected::Anything, now).await;
                same_job(real.unwrap(), self.simulated.pause(&id, now));
                format!("pause {id}")
            }
            3..5 => {
                let real = self.real.resume_job(&id, Expected::Anything, now).await;
                same_job(real.unwrap(), self.simulated.resume(&id, now));
                format!("resume {id}")
            }
            5 => {
                let real = self.real.remove_job(&id, Expected::Anything, now).await;
                let removed = self.simulated.remove(&id, now);
                assert_eq!(real.unwrap() == Change::Done(()), removed);
                format!("remove {id}")
            }
            6 => {
                let real = self.real.run_now(&id, now).await.unwrap();
                let simulated = self.simulated.run_now(&id, now);
                let occurrence = |run: Option<_>| {
                    run.map(|run: schedule_server::domain::occurrence::ManualRun| run.occurrence)
                };
                assert_eq!(occurrence(real), occurrence(simulated));
                format!("run {id}")
            }
            7 => {
                let until = now + TimeDelta::seconds(3);
                let real = self.real.due_seconds(now, until).await.unwrap();
                assert_eq!(real, self.simulated.due_seconds(now, until));
                "due_seconds".into()
            }
            8..13 => self.claim(replica).await,
            13..16 => self.start_firing().await,
            16..20 => self.record().await,
            20 => {
                let claims = self.some_claims();
                self.real.give_back(claims.clone(), now).await.unwrap();
                self.simulated.give_back(&self.simulated_of(&claims), now);
                format!("give back {}", names(&claims))
            }
            21..23 => {
                self.real.renew_lease(replica, now, LEASE).await.unwrap();
                self.simulated.renew_lease(replica, now, LEASE);
                format!("renew {replica}")
            }
            _ => match self.rng.permille(700) {
                true => {
                    let real = self.real.settle_dead(now).await.unwrap();
                    assert_eq!(real, self.simulated.settle_dead(now));
                    "settle the dead".into()
                }
                false => {
                    let real = self.real.release_lease(replica, now).await.unwrap();
                    let simulated = self.simulated.settle(replica, Reason::Shutdown, now);
                    assert_eq!(real, simulated);
                    format!("release {replica}")
                }
            },
        }
    }

    async fn claim(&mut self, replica: &str) -> String {
        let request = ClaimRequest {
            replica: replica.into(),
            until: self.now + TimeDelta::milliseconds(self.rng.between(0, 3_000)),
            limit: 500,
            now: self.now,
        };
        self.real
            .renew_lease(replica, self.now, LEASE)
            .await
            .unwrap();
        self.simulated.renew_lease(replica, self.now, LEASE);
        let real = self.real.claim(request.clone()).await.unwrap();
        let simulated = self.simulated.claim(&request);
        assert_eq!(
            (real.more, real.adopted),
            (simulated.more, simulated.adopted)
        );
        let by_occurrence = |claims: &[Claim]| {
            let pairs = claims.iter().map(|claim| {
                let like = Claim {
                    row_id: 0,
                    fence: 0,
                    ..claim.clone()
                };
                (shown(&claim.occurrence), like)
            });
            pairs.collect::<BTreeMap<_, _>>()
        };
        assert_eq!(
            by_occurrence(&real.claims),
            by_occurrence(&simulated.claims)
        );
        let done = format!("{replica} claims {}", names(&real.claims));
        self.claims.extend(real.claims);
        done
    }

    async fn start_firing(&mut self) -> String {
        let claims = self.some_claims();
        let like = self.simulated_of(&claims);
        let real = self.real.start_firing(claims.clone(), self.now).await;
        let real = real.unwrap();
        let simulated = self.simulated.start_firing(&like, self.now);
        let attempts = |claims: &[Claim]| {
            let pairs = claims.iter();
            let pairs = pairs.map(|claim| (shown(&claim.occurrence), claim.attempt));
            pairs.collect::<Vec<_>>()
        };
        assert_eq!(attempts(&real), attempts(&simulated));
        let done = format!("fire {} of {}", names(&real), names(&claims));
        self.firing.extend(real);
        done
    }

    async fn record(&mut self) -> String {
        let mut records = Vec::new();
        let mut told = Vec::new();
        while records.len() < 3 && !self.firing.is_empty() && self.rng.permille(700) {
            let place = self.rng.below(self.firing.len() as u64) as usize;
            let claim = match self.rng.permille(850) {
                true => self.firing.swap_remove(place),
                false => self.firing[place].clone(),
            };
            let like = |r: &RunRecord| r.claim.row_id == claim.row_id;
            if !records.iter().any(like) {
                let record = self.end_of(claim);
                told.push(format!(
                    "{} {:?}",
                    shown(&record.claim.occurrence),
                    record.outcome.reason
                ));
                records.push(record);
            }
        }
        let like = records.iter().map(|record| RunRecord {
            claim: self
                .simulated_of(std::slice::from_ref(&record.claim))
                .remove(0),
            ..record.clone()
        });
        let like: Vec<_> = like.collect();
        for record in &records {
            let claim = &record.claim;
            let real = self.real.is_given_up(claim).await.unwrap();
            let simulated = self.simulated_of(std::slice::from_ref(claim)).remove(0);
            assert_eq!(real, self.simulated.is_given_up(&simulated));
        }
        let mut real = self.real.record(records.into()).await.unwrap();
        real.paused.sort_by(|a, b| a.id.cmp(&b.id));
        assert_eq!(real, self.simulated.record(&like));
        format!("record {}", told.join(", "))
    }

    fn end_of(&mut self, claim: Claim) -> RunRecord {
        let outcome = match self.rng.below(4) {
            0 => Outcome::failed(Reason::Timeout, "late"),
            1 => Outcome::failed(Reason::LockHeld, "held"),
            _ => Outcome {
                status: Some(200),
                ..Outcome::default()
            },
        };
        let retried = outcome.reason == Some(Reason::Timeout) && self.rng.permille(500);
        RunRecord {
            claim,
            sent_at: Some(self.now - TimeDelta::milliseconds(5)),
            duration_ms: Some(5),
            ended_at: self.now,
            outcome,
            retry_at: retried.then(|| self.now + TimeDelta::seconds(1)),
        }
    }

    fn some_claims(&mut self) -> Vec<Claim> {
        let mut some = Vec::new();
        while some.len() < 4 && !self.claims.is_empty() && self.rng.permille(700) {
            let place = self.rng.below(self.claims.len() as u64) as usize;
            let claim = self.claims[place].clone();
            if self.rng.permille(300) {
                self.claims.swap_remove(place);
            }
            if !some
                .iter()
                .any(|other: &Claim| other.row_id == claim.row_id)
            {
                some.push(claim);
            }
        }
        some
    }

    /// The claims as the simulated store numbers them: both count fences alike, and
    /// rows in the order of their making.
    fn simulated_of(&self, claims: &[Claim]) -> Vec<Claim> {
        let of = |claim: &Claim| {
            let row = self.simulated.row_of(&claim.occurrence);
            Claim {
                row_id: row.map_or(0, |row| row.entry.row_id),
                ..claim.clone()
            }
        };
        claims.iter().map(of).collect()
    }

    async fn compare(&self, seed: u64, done: &str) {
        for id in &self.jobs {
            let job = self.real.job(id).await.unwrap().map(|row| row.job);
            let rec = self.simulated.jobs.get(id).filter(|rec| !rec.ended);
            let simulated = rec.map(|rec| rec.job.clone());
            assert_eq!(job, simulated, "seed {seed}: {id} after {done}");
            let real = self.real.ledger(id, 10_000).await.unwrap();
            let real: BTreeMap<_, _> = real.into_iter().map(ledger_row).collect();
            let rows = self.simulated.rows.values();
            let rows = rows.filter(|row| row.entry.occurrence.job_id == *id);
            let rows = rows.map(|row| {
                let mut entry = row.entry.clone();
                entry.queued = row.queue == Some(super::tables::Queue::Waiting);
                ledger_row(entry)
            });
            let simulated: BTreeMap<_, _> = rows.collect();
            for (name, entry) in &real {
                let other = simulated.get(name);
                assert_eq!(Some(entry), other, "seed {seed}: {name} after {done}");
            }
            assert_eq!(
                real.len(),
                simulated.len(),
                "seed {seed}: {id} after {done}"
            );
        }
    }
}

/// A row by its occurrence, without what reading leaves out or words differently.
fn ledger_row(mut entry: LedgerEntry) -> (String, LedgerEntry) {
    entry.row_id = 0;
    entry.error = None;
    if entry.attempt < 2 {
        entry.past_attempts.clear();
    }
    let died = matches!(entry.reason, Some(Reason::ReplicaDied | Reason::Shutdown));
    let of_the_one_before = entry.state == OccurrenceState::Firing || died;
    if of_the_one_before {
        entry.reason = entry.reason.filter(|_| entry.state.is_final());
        entry.sent_at = None;
        entry.lateness_ms = None;
        entry.duration_ms = None;
        entry.status = None;
    }
    (shown(&entry.occurrence), entry)
}

fn same_job(real: Change<JobRow>, simulated: Option<Job>) {
    let real = match real {
        Change::Done(row) => Some(row.job),
        Change::NoSuchJob | Change::Lost => None,
    };
    assert_eq!(real, simulated);
}

fn names(claims: &[Claim]) -> String {
    let names = claims.iter().map(|claim| shown(&claim.occurrence));
    names.collect::<Vec<_>>().join(" ")
}
