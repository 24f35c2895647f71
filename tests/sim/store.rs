//! The simulated store as one replica reaches it: late, not at all, or with the
//! answer lost. A request that was made is carried out even when nobody waits for
//! the answer any more, as a writer of its own does it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use schedule_server::domain::job::{Job, JobDraft, JobId, Revision};
use schedule_server::domain::occurrence::{Claim, LedgerEntry, ManualRun, Reason};
use schedule_server::domain::run::RunRecord;
use schedule_server::store::*;
use tokio::sync::{oneshot, watch};

use super::definition::Definition;
use super::node::Node;
use super::tables::Tables;
use super::world::{Change as JobChanged, Started, State, What, shown};

/// How long a writer waits for another process before it gives up.
const BUSY_MS: u64 = 5_000;

/// The store, as one replica reaches it.
pub struct SimStore {
    pub node: Arc<Node>,
}

/// What happens to one request.
#[derive(Debug, Default)]
struct Fate {
    before_ms: u64,
    after_ms: u64,
    fails: bool,
    answer_lost: bool,
    /// Whether it waits at the door of a frozen replica once more.
    waits: bool,
    kills_before: bool,
    kills_after: bool,
}

fn unavailable<T>(why: &str) -> Result<T, StoreError> {
    Err(StoreError::Unavailable(why.into()))
}

impl SimStore {
    fn fate(&self, writes: bool) -> Fate {
        let world = &self.node.world;
        let mut fate = Fate::default();
        let mut faults = Vec::new();
        {
            let mut state = world.state();
            let State { chance, rates, .. } = &mut *state;
            if chance.permille(400) {
                fate.before_ms = chance.below(4);
                fate.after_ms = chance.below(3);
            }
            fate.waits = chance.permille(500);
            if chance.permille(rates.store_slow) {
                fate.before_ms += chance.below(4_000);
                fate.after_ms += chance.below(1_500);
                faults.push("store slow");
            }
            if chance.permille(rates.store_fails) {
                fate.fails = true;
                faults.push("store fails before the commit");
            } else if writes && chance.permille(rates.store_answer_lost) {
                fate.answer_lost = true;
                faults.push("store's answer lost after the commit");
            }
            if writes && chance.permille(rates.store_kills) {
                match chance.permille(500) {
                    true => fate.kills_before = true,
                    false => fate.kills_after = true,
                }
                faults.push("killed around a commit");
            }
        }
        faults.into_iter().for_each(|kind| world.fault(kind));
        fate
    }

    /// One request: `work` is its transaction.
    async fn call<T: Send + 'static>(
        &self,
        op: &'static str,
        writes: bool,
        work: impl FnOnce(&mut State) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        self.node.pass().await;
        let fate = self.fate(writes);
        let (done, answer) = oneshot::channel();
        let node = self.node.clone();
        let request = async move {
            let outcome = carry_out(&node, op, writes, fate, work).await;
            // Nobody waits any more: it is carried out all the same.
            let _ = done.send(outcome);
        };
        tokio::spawn(request);
        match answer.await {
            Ok(outcome) => {
                self.node.pass().await;
                outcome
            }
            Err(_) => std::future::pending().await,
        }
    }
}

impl SimStore {
    /// As the trait's stores do it: claims that are committed and not heard of are
    /// given back.
    async fn give_back_unheard(self, claims: Vec<Claim>) {
        while self
            .give_back(claims.clone(), self.node.wall.now())
            .await
            .is_err()
        {
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }
}

async fn carry_out<T>(
    node: &Arc<Node>,
    op: &'static str,
    writes: bool,
    fate: Fate,
    work: impl FnOnce(&mut State) -> T,
) -> Result<T, StoreError> {
    let world = &node.world;
    if fate.before_ms > 0 {
        tokio::time::sleep(Duration::from_millis(fate.before_ms)).await;
    }
    if writes && !lock_ends(node).await {
        return unavailable("simulated: database is locked");
    }
    if fate.waits {
        node.pass().await;
    }
    if fate.kills_before {
        node.kill();
    }
    if fate.fails || fate.kills_before {
        world.trace(|| format!("{} {op}: fails", node.name));
        return unavailable("simulated: I/O error");
    }
    let value = {
        let mut state = world.state();
        state.commits += u64::from(writes);
        work(&mut state)
    };
    if writes {
        world.trace(|| format!("{} {op}: committed", node.name));
    }
    if fate.kills_after {
        node.kill();
    }
    if fate.after_ms > 0 {
        tokio::time::sleep(Duration::from_millis(fate.after_ms)).await;
    }
    match fate.answer_lost {
        true => unavailable("simulated: the answer was lost"),
        false => Ok(value),
    }
}

/// Waits until no other process locks the store; whether that came in time.
async fn lock_ends(node: &Node) -> bool {
    let world = &node.world;
    let give_up_ms = world.now_ms() + BUSY_MS;
    loop {
        let locked_until = world.state().store_locked_until_ms;
        let now_ms = world.now_ms();
        if locked_until <= now_ms {
            return true;
        }
        if now_ms >= give_up_ms {
            return false;
        }
        let left = locked_until.min(give_up_ms) - now_ms;
        tokio::time::sleep(Duration::from_millis(left)).await;
    }
}

/// Notes a change of a job as it is committed.
fn changed(
    state: &mut State,
    id: &JobId,
    what: What,
    now: DateTime<Utc>,
    before: Before,
    definition: Option<Definition>,
) {
    let next_after = next_of(&state.tables, id);
    let change = JobChanged {
        what,
        commit: state.commits,
        answered_ms: None,
        next_before: before.0,
        next_after,
        definition,
        now,
    };
    state.changes.entry(id.clone()).or_default().push(change);
}

struct Before(Option<DateTime<Utc>>);

fn next_of(tables: &Tables, id: &JobId) -> Option<DateTime<Utc>> {
    tables.jobs.get(id)?.job.next_fire_at
}

#[async_trait]
impl Store for SimStore {
    async fn put_job(
        &self,
        draft: JobDraft,
        _: Expected,
        now: DateTime<Utc>,
    ) -> Result<Option<Revision>, StoreError> {
        let put = move |state: &mut State| {
            let id = draft.id.clone();
            let before = Before(next_of(&state.tables, &id));
            let definition = state.drafts.get(&draft.notes.description).cloned();
            let revision = state.tables.put(draft, now);
            changed(state, &id, What::Put, now, before, definition);
            Some(revision)
        };
        self.call("put", true, put).await
    }

    async fn remove_job(
        &self,
        id: &JobId,
        _: Expected,
        now: DateTime<Utc>,
    ) -> Result<Change<()>, StoreError> {
        let id = id.clone();
        let remove = move |state: &mut State| {
            let before = Before(next_of(&state.tables, &id));
            let removed = state.tables.remove(&id, now);
            changed(state, &id, What::Remove, now, before, None);
            match removed {
                true => Change::Done(()),
                false => Change::NoSuchJob,
            }
        };
        self.call("remove", true, remove).await
    }

    async fn pause_job(
        &self,
        id: &JobId,
        _: Expected,
        now: DateTime<Utc>,
    ) -> Result<Change<JobRow>, StoreError> {
        let id = id.clone();
        let pause = move |state: &mut State| {
            let before = Before(next_of(&state.tables, &id));
            let paused = state.tables.pause(&id, now);
            if paused.is_some() {
                changed(state, &id, What::Pause, now, before, None);
            }
            row_of(paused)
        };
        self.call("pause", true, pause).await
    }

    async fn resume_job(
        &self,
        id: &JobId,
        _: Expected,
        now: DateTime<Utc>,
    ) -> Result<Change<JobRow>, StoreError> {
        let id = id.clone();
        let resume = move |state: &mut State| {
            let before = Before(next_of(&state.tables, &id));
            let resumed = state.tables.resume(&id, now);
            if resumed.is_some() {
                changed(state, &id, What::Resume, now, before, None);
            }
            row_of(resumed)
        };
        self.call("resume", true, resume).await
    }

    async fn run_now(
        &self,
        id: &JobId,
        now: DateTime<Utc>,
    ) -> Result<Option<ManualRun>, StoreError> {
        let id = id.clone();
        let run = move |state: &mut State| {
            let run = state.tables.run_now(&id, now)?;
            let fire_id = run.occurrence.fire_id();
            state.occurrences.insert(fire_id, run.occurrence.clone());
            Some(run)
        };
        self.call("run_now", true, run).await
    }

    async fn due_seconds(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<i64>, StoreError> {
        let list = move |state: &mut State| state.tables.due_seconds(now, until);
        self.call("due_seconds", false, list).await
    }

    async fn claim(&self, request: ClaimRequest) -> Result<Claimed, StoreError> {
        let world = self.node.world.clone();
        let made = Arc::new(Mutex::new(Vec::new()));
        let making = made.clone();
        let claim = move |state: &mut State| {
            let claimed = state.tables.claim(&request);
            making.lock().unwrap().clone_from(&claimed.claims);
            for claim in &claimed.claims {
                let occurrence = &claim.occurrence;
                state
                    .occurrences
                    .insert(occurrence.fire_id(), occurrence.clone());
                let commit = state.commits;
                state.claimed.insert((claim.row_id, claim.fence), commit);
            }
            claimed
        };
        let claimed = self.call("claim", true, claim).await;
        let unheard = std::mem::take(&mut *made.lock().unwrap());
        if claimed.is_err() && !unheard.is_empty() {
            let store = Self {
                node: self.node.clone(),
            };
            tokio::spawn(store.give_back_unheard(unheard));
        }
        let claimed = claimed?;
        if !claimed.claims.is_empty() {
            world.trace(|| {
                let names: Vec<_> = claimed
                    .claims
                    .iter()
                    .map(|c| shown(&c.occurrence))
                    .collect();
                format!("{} has claimed {}", self.node.name, names.join(", "))
            });
        }
        Ok(claimed)
    }

    async fn start_firing(
        &self,
        claims: Vec<Claim>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Claim>, StoreError> {
        self.node.pass().await;
        let asked_ms = self.node.world.now_ms();
        for claim in &claims {
            let ahead = claim.due_at - self.node.wall.latest_since(0);
            // The few that share an instant here add less than a millisecond.
            if ahead > chrono::TimeDelta::milliseconds(101) {
                let what = format!("{} revalidated {ahead} ahead", shown(&claim.occurrence));
                self.node.world.broken(what);
            }
        }
        let name = self.node.name.clone();
        let start = move |state: &mut State| {
            let firing = state.tables.start_firing(&claims, now);
            for claim in &firing {
                let key = (claim.row_id, claim.fence);
                let started = Started {
                    due_at: claim.due_at,
                    asked_ms,
                    claimed_commit: state.claimed.get(&key).copied().unwrap_or_default(),
                };
                let fire_id = claim.occurrence.fire_id();
                let key = (fire_id, claim.attempt, name.clone());
                state.started.insert(key, started);
            }
            firing
        };
        self.call("start_firing", true, start).await
    }

    async fn is_given_up(&self, claim: &Claim) -> Result<bool, StoreError> {
        let claim = claim.clone();
        let look = move |state: &mut State| state.tables.is_given_up(&claim);
        self.call("is_given_up", false, look).await
    }

    async fn record(&self, records: Arc<[RunRecord]>) -> Result<Recorded, StoreError> {
        let record = move |state: &mut State| {
            let ids = records.iter().map(|record| &record.claim.occurrence.job_id);
            let before: Vec<_> = ids.map(|id| next_of(&state.tables, id)).collect();
            let recorded = state.tables.record(&records);
            for job in &recorded.paused {
                let of_job = |record: &RunRecord| record.claim.occurrence.job_id == job.id;
                let place = records.iter().position(of_job).unwrap_or_default();
                let now = records[place].ended_at;
                let before = Before(before[place]);
                changed(state, &job.id, What::PausedItself, now, before, None);
            }
            recorded
        };
        self.call("record", true, record).await
    }

    async fn give_back(&self, claims: Vec<Claim>, now: DateTime<Utc>) -> Result<(), StoreError> {
        let back = move |state: &mut State| state.tables.give_back(&claims, now);
        self.call("give_back", true, back).await
    }

    async fn renew_lease(
        &self,
        replica: &str,
        now: DateTime<Utc>,
        length: Duration,
    ) -> Result<(), StoreError> {
        let replica = replica.to_owned();
        let renew = move |state: &mut State| state.tables.renew_lease(&replica, now, length);
        self.call("renew_lease", true, renew).await
    }

    async fn release_lease(
        &self,
        replica: &str,
        now: DateTime<Utc>,
    ) -> Result<Settled, StoreError> {
        let replica = replica.to_owned();
        let release = move |state: &mut State| state.tables.settle(&replica, Reason::Shutdown, now);
        self.call("release_lease", true, release).await
    }

    async fn settle_dead(&self, now: DateTime<Utc>) -> Result<Settled, StoreError> {
        let settle = move |state: &mut State| state.tables.settle_dead(now);
        self.call("settle_dead", true, settle).await
    }

    async fn change_jobs(
        &self,
        _: Vec<JobId>,
        _: JobAction,
        _: DateTime<Utc>,
    ) -> Result<BatchEnd, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn put_jobs(
        &self,
        _: Vec<(JobDraft, Expected)>,
        _: DateTime<Utc>,
    ) -> Result<Vec<Option<Revision>>, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn jobs_by_id(&self, _: Vec<JobId>) -> Result<Vec<Option<Job>>, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn walk_jobs(&self, _: WalkRequest) -> Result<Walked, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn job(&self, _: &JobId) -> Result<Option<JobRow>, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn listed(&self, _: &str) -> Result<Vec<i64>, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn jobs_at(&self, _: &[i64]) -> Result<Vec<JobRow>, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn page(&self, _: PageRequest) -> Result<JobPage, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn place_behind(&self, _: &PageRequest, _: u32) -> Result<Option<Position>, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn summary(&self, _: &JobId) -> Result<Option<JobSummary>, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn open_runs(
        &self,
        _: &JobId,
        _: u32,
    ) -> Result<Option<(JobRow, Vec<OpenRun>)>, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn ledger(&self, _: &JobId, _: u32) -> Result<Vec<LedgerEntry>, StoreError> {
        unavailable(NOT_ASKED)
    }

    fn committed(&self) -> watch::Receiver<i64> {
        watch::Sender::new(0).subscribe()
    }

    async fn newest_change(&self) -> Result<ChangeId, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn changes(&self, _: ChangeId, _: u32) -> Result<Option<Changes>, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn cut(&self, _: Cut) -> Result<CutSlice, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn runs(&self, _: RunsRequest) -> Result<RunsPage, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn run(&self, _: i64) -> Result<Option<LedgerEntry>, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn has_runs(&self, _: &JobId) -> Result<bool, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn around(&self, _: &JobId, _: DateTime<Utc>) -> Result<Around, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn job_counts(&self, _: DateTime<Utc>) -> Result<JobCounts, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn past(&self, _: PastRequest) -> Result<Past, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn sample(&self, _: DateTime<Utc>, _: u32) -> Result<Sample, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn due_before(
        &self,
        _: DateTime<Utc>,
        _: Option<Position>,
        _: u32,
    ) -> Result<Vec<DueJob>, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn cut_sums(&self, _: DateTime<Utc>) -> Result<bool, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn facts(&self) -> Result<StoreFacts, StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        unavailable(NOT_ASKED)
    }

    async fn close(&self) {}
}

const NOT_ASKED: &str = "the engine never asks this";

fn row_of(job: Option<Job>) -> Change<JobRow> {
    let row = |job| JobRow {
        job,
        claimed_fire_at: None,
    };
    job.map_or(Change::NoSuchJob, |job| Change::Done(row(job)))
}
