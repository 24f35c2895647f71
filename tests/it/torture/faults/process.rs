//! Replicas that are killed, stand still, or are replaced in order.

use super::super::fleet::{Fleet, LEASE};
use super::super::rng::Rng;
use super::last;

/// `kill -9`, sometimes of several at once; new ones come sooner or later.
pub async fn kill(rng: &mut Rng, fleet: &mut Fleet) {
    let killed = if rng.chance(30) {
        fleet.exposed().len()
    } else {
        1
    };
    for _ in 0..killed {
        let place = fleet.any(rng);
        let mut replica = fleet.take(place);
        replica.kill().await;
        fleet.diary.fault("kill", replica.id().to_string());
    }
    last(rng.between(0, 600)).await;
    for _ in 0..killed {
        fleet.add(None).await;
    }
}

/// SIGSTOP for about a lease, mostly longer, then SIGCONT; sometimes death
/// instead.
pub async fn stop(rng: &mut Rng, fleet: &mut Fleet) {
    let place = fleet.any(rng);
    let lease_ms = u64::try_from(LEASE.as_millis()).unwrap();
    let ms = rng.between(lease_ms - 300, lease_ms + 1_500);
    let id = fleet.replicas[place].id();
    fleet.replicas[place].signal("STOP").await;
    fleet.diary.fault("stop", format!("{id} for {ms} ms"));
    last(ms).await;
    if rng.chance(20) {
        fleet.replicas[place].signal("CONT").await;
        last(rng.between(0, 100)).await;
        fleet.take(place).kill().await;
        fleet.diary.fault("kill", format!("{id} as it woke up"));
        return fleet.add(None).await;
    }
    fleet.replicas[place].signal("CONT").await;
}

/// Each replica is replaced: the new one first, or the old one away first.
pub async fn roll(rng: &mut Rng, fleet: &mut Fleet) {
    for _ in fleet.exposed() {
        let new_first = rng.chance(50);
        if new_first {
            fleet.add(None).await;
        }
        let replica = fleet.take(fleet.exposed().start);
        fleet.diary.fault("term", replica.id().to_string());
        fleet.terminate(replica).await;
        if !new_first {
            fleet.add(None).await;
        }
    }
}
