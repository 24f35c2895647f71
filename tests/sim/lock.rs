//! The simulated fire lock, as one replica reaches it: one that many replicas share,
//! and that may be away, slow, flushed, or answer when nobody waits any more.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use schedule_server::domain::occurrence::Claim;
use schedule_server::lock::{FireLock, LockOutcome, Unavailable};

use super::node::Node;
use super::world::State;

/// How long one round trip may take.
const DEADLINE_MS: u64 = 500;

pub struct SimLock {
    pub node: Arc<Node>,
}

/// What happens to one request.
#[derive(Default)]
struct Fate {
    reaches: bool,
    answers: bool,
    takes_ms: u64,
}

impl SimLock {
    fn fate(&self) -> Fate {
        let world = &self.node.world;
        let now_ms = world.now_ms();
        let cut_off = *self.node.cut_off_until_ms.lock().unwrap() > now_ms;
        let mut faults = Vec::new();
        let fate = {
            let mut state = world.state();
            let away = state.lock_away_until_ms > now_ms || cut_off;
            let State { chance, rates, .. } = &mut *state;
            let mut fate = Fate {
                reaches: !away,
                answers: !away,
                takes_ms: chance.below(3),
            };
            if chance.permille(rates.lock_fails) {
                fate.reaches = false;
                fate.answers = false;
                faults.push("lock refuses");
            }
            if chance.permille(rates.lock_answer_lost) {
                fate.answers = false;
                fate.takes_ms = DEADLINE_MS;
                faults.push("lock's answer comes too late");
            }
            if chance.permille(rates.lock_slow) {
                fate.takes_ms += chance.below(DEADLINE_MS);
                faults.push("lock slow");
            }
            fate
        };
        faults.into_iter().for_each(|kind| world.fault(kind));
        fate
    }

    async fn round_trip<T>(&self, work: impl FnOnce(&mut State) -> T) -> Result<T, Unavailable> {
        self.node.pass().await;
        let fate = self.fate();
        let there = fate.takes_ms / 2;
        tokio::time::sleep(Duration::from_millis(there)).await;
        let done = match fate.reaches {
            true => Some(work(&mut self.node.world.state())),
            false => None,
        };
        tokio::time::sleep(Duration::from_millis(fate.takes_ms - there)).await;
        self.node.pass().await;
        let done = done.filter(|_| fate.answers);
        done.ok_or_else(|| Unavailable("simulated: the lock cannot be reached".into()))
    }
}

#[async_trait]
impl FireLock for SimLock {
    async fn acquire(&self, claims: &[Claim]) -> Result<Vec<LockOutcome>, Unavailable> {
        let wanted = claims.iter().map(|claim| {
            let holder = format!("{}:{}", self.node.name, claim.fence);
            (key(claim), holder)
        });
        let wanted: Vec<_> = wanted.collect();
        self.round_trip(|state| {
            let take = |(key, holder): (String, String)| {
                let held = state.locks.entry(key).or_insert_with(|| holder.clone());
                match *held == holder {
                    true => LockOutcome::Acquired,
                    false => LockOutcome::HeldElsewhere,
                }
            };
            wanted.into_iter().map(take).collect()
        })
        .await
    }

    async fn release(&self, claims: &[Claim]) -> Result<(), Unavailable> {
        let taken = claims.iter().map(|claim| {
            let holder = format!("{}:{}", self.node.name, claim.fence);
            (key(claim), holder)
        });
        let taken: Vec<_> = taken.collect();
        self.round_trip(|state| {
            for (key, holder) in taken {
                if state.locks.get(&key) == Some(&holder) {
                    state.locks.remove(&key);
                }
            }
        })
        .await
    }

    async fn ping(&self) -> Result<(), Unavailable> {
        self.round_trip(|_| ()).await
    }

    fn describe(&self) -> String {
        "simulated".into()
    }
}

/// As in Redis: each attempt has a key of its own.
fn key(claim: &Claim) -> String {
    format!("{}:{}", claim.occurrence.fire_id(), claim.attempt.max(1))
}
