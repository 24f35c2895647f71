//! Replicas that die, stand still, fail or wait at a named step (fail points of a
//! debug build).

use std::time::{Duration, Instant};

use super::super::fleet::{Fleet, LEASE};
use super::super::rng::Rng;
use super::last;

/// Every step that has a fail point.
const STEPS: [&str; 15] = [
    "before_claim_commit",
    "after_claim_commit",
    "before_revalidate_commit",
    "after_revalidate_commit",
    "after_lock",
    "before_send",
    "after_send",
    "before_record_commit",
    "after_record_commit",
    "before_renew_commit",
    "after_renew_commit",
    "before_give_back_commit",
    "after_give_back_commit",
    "before_settle_commit",
    "after_settle_commit",
];
const ACTIONS: [&str; 6] = ["kill", "kill", "kill", "stop", "error", "delay"];

/// Replaces replicas by such with fail points, and each that has come to its own by
/// another one. In the end all are killed.
pub async fn inject(rng: &mut Rng, fleet: &mut Fleet, until: Instant) {
    // One stays as it is: somebody has to settle what the others leave.
    for _ in 1..fleet.replicas.len() {
        fleet.take(0).kill().await;
    }
    let count = 1 + rng.below(3);
    for _ in 0..count {
        let point = point(rng);
        fleet.add(Some(point)).await;
    }
    let mut woken = Instant::now();
    while Instant::now() < until {
        last(20).await;
        for place in (1..fleet.replicas.len()).rev() {
            let hit = fleet.replicas[place].log().contains("fail point");
            if fleet.replicas[place].has_ended() || (hit && rng.chance(2)) {
                replace(rng, fleet, place).await;
            }
        }
        if woken.elapsed() > LEASE + Duration::from_millis(500) {
            fleet.wake().await;
            woken = Instant::now();
        }
    }
    fleet.wake().await;
    while fleet.replicas.len() > 1 {
        let mut replica = fleet.take(1);
        replica.kill().await;
        count_hits(fleet, &replica.log());
    }
    fleet.add(None).await;
}

fn point(rng: &mut Rng) -> String {
    let (step, action, hit) = (rng.pick(&STEPS), rng.pick(&ACTIONS), rng.between(1, 6));
    format!("{step}:{action}:{hit}")
}

async fn replace(rng: &mut Rng, fleet: &mut Fleet, place: usize) {
    let mut replica = fleet.take(place);
    replica.kill().await;
    count_hits(fleet, &replica.log());
    let point = point(rng);
    fleet.add(Some(point)).await;
}

fn count_hits(fleet: &Fleet, log: &str) {
    for line in log.lines().filter(|line| line.starts_with("fail point ")) {
        let name = match line.rsplit(' ').next() {
            Some("kill") => "point_kill",
            Some("stop") => "point_stop",
            Some("error") => "point_error",
            _ => "point_delay",
        };
        fleet.diary.fault(name, line);
    }
}
