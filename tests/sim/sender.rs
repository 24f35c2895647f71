//! The simulated way to the targets, and what these received. A target acts on all
//! that it gets and dedupes nothing.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use schedule_server::domain::occurrence::{OccurrenceKind, Reason};
use schedule_server::domain::run::Outcome;
use schedule_server::sender::http::{ATTEMPT, FIRE_ID};
use schedule_server::sender::{Call, Sender};
use uuid::Uuid;

use super::node::Node;
use super::world::{Receipt, State, What, shown};

/// How long an answer is waited for.
const DEADLINE_MS: u64 = 5_000;

pub struct SimSender {
    pub node: Arc<Node>,
}

/// What happens to one request.
struct Fate {
    /// How long it takes to the target, and the answer back.
    there_ms: u64,
    back_ms: u64,
    /// Whether the target acts on it.
    acts: bool,
    kills: bool,
    outcome: Outcome,
}

impl SimSender {
    fn fate(&self) -> Fate {
        let world = &self.node.world;
        let mut fault = None;
        let fate = {
            let mut state = world.state();
            let State { chance, rates, .. } = &mut *state;
            let mut fate = Fate {
                there_ms: chance.below(4),
                back_ms: chance.below(40),
                acts: true,
                kills: false,
                outcome: Outcome {
                    status: Some(200),
                    ..Outcome::default()
                },
            };
            let acts = chance.permille(500);
            if chance.permille(rates.target_slow) {
                fate.back_ms += chance.below(3_000);
                fault = Some("target slow");
            }
            if chance.permille(rates.target_fails) {
                fate.acts = acts;
                (fault, fate.outcome) = match acts {
                    true => (Some("target answers 503"), status(503)),
                    false => (
                        Some("target refuses the connection"),
                        Outcome::failed(Reason::Connect, "simulated: refused"),
                    ),
                };
            } else if chance.permille(rates.connection_breaks) {
                fate.acts = acts;
                fate.outcome = Outcome::failed(Reason::Broken, "simulated: reset");
                fault = Some(match acts {
                    true => "connection reset after the target acted",
                    false => "connection reset before the target acted",
                });
            } else if chance.permille(rates.target_hangs) {
                fate.acts = false;
                fate.back_ms = DEADLINE_MS;
                fate.outcome = Outcome::failed(Reason::Timeout, "simulated: no answer");
                fault = Some("target hangs beyond the deadline");
            } else if chance.permille(rates.answer_lost) {
                fate.back_ms = DEADLINE_MS;
                fate.outcome = Outcome::failed(Reason::Timeout, "simulated: answer lost");
                fault = Some("target's answer lost");
            }
            if chance.permille(rates.send_kills) {
                fate.kills = true;
                fate.acts &= acts;
                fault = Some("killed around a send");
            }
            fate
        };
        fault.into_iter().for_each(|kind| world.fault(kind));
        fate
    }

    /// The target acts on the request.
    fn receive(&self, fire_id: Uuid, attempt: u32, succeeded: bool) {
        let world = &self.node.world;
        let mut broken = Vec::new();
        let name = {
            let mut state = world.state();
            let occurrence = state.occurrences.get(&fire_id).cloned();
            let key = (fire_id, attempt, self.node.name.clone());
            let started = state.started.get(&key).cloned();
            let (Some(occurrence), Some(started)) = (occurrence, started) else {
                drop(state);
                let what = format!("{fire_id} was sent without a claim that fires");
                return world.broken(what);
            };
            let name = shown(&occurrence);
            let early = started.due_at - self.node.wall.latest_since(started.asked_ms);
            if early > chrono::TimeDelta::zero() {
                broken.push(format!("{name} was sent {early} early"));
            }
            let changes = state.changes.get(&occurrence.job_id);
            let forbids = changes.into_iter().flatten().find(|change| {
                let about = match change.what {
                    What::Put | What::Remove => true,
                    What::Pause => occurrence.kind == OccurrenceKind::Scheduled,
                    What::Resume | What::PausedItself => false,
                };
                let answered = change.answered_ms.is_some_and(|at| at < started.asked_ms);
                about && answered && change.commit > started.claimed_commit
            });
            if let Some(change) = forbids {
                let what = change.what;
                broken.push(format!("{name} was sent after {what:?} was answered"));
            }
            let receipts = state.receipts.entry(fire_id).or_default();
            if receipts.iter().any(|receipt| receipt.attempt == attempt) {
                broken.push(format!("attempt {attempt} at {name} was sent twice"));
            }
            receipts.push(Receipt { attempt, succeeded });
            name
        };
        world.trace(|| format!("target: {name} attempt {attempt} by {}", self.node.name));
        broken.into_iter().for_each(|what| world.broken(what));
    }
}

#[async_trait]
impl Sender for SimSender {
    async fn send(&self, call: Call) -> Outcome {
        let number = call.header(ATTEMPT).and_then(|text| text.parse().ok());
        let fire_id = call.header(FIRE_ID).and_then(|text| text.parse().ok());
        let (Some(attempt), Some(fire_id)) = (number, fire_id) else {
            self.node.world.broken("a request without its id".into());
            return Outcome::failed(Reason::Internal, "simulated: no id");
        };
        self.node.pass().await;
        let fate = self.fate();
        tokio::time::sleep(Duration::from_millis(fate.there_ms)).await;
        self.node.pass().await;
        if fate.acts {
            self.receive(fire_id, attempt, fate.outcome.reason.is_none());
        }
        if fate.kills {
            self.node.kill();
        }
        tokio::time::sleep(Duration::from_millis(fate.back_ms)).await;
        self.node.pass().await;
        fate.outcome
    }
}

fn status(code: u16) -> Outcome {
    Outcome {
        status: Some(code),
        ..Outcome::failed(Reason::Status, "simulated: status")
    }
}
