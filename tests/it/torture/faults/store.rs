//! The database, locked by another program, on a full disk, on a read-only one.

use sqlx::Connection;

use super::super::fleet::Fleet;
use super::super::rng::Rng;
use super::super::world::World;
use super::last;

pub async fn inject(rng: &mut Rng, world: &World) {
    let ms = rng.between(100, 2_500);
    if world.disk.is_small() && rng.chance(50) {
        world.diary.fault("disk_full", format!("for {ms} ms"));
        world.disk.fill();
        last(ms).await;
        return world.disk.free();
    }
    if let Some(holder) = world.lock_database().await {
        world.diary.fault("locked", format!("for {ms} ms"));
        last(ms).await;
        // The file may be what fails at this moment.
        let _ = holder.close().await;
    }
}

/// All replicas stop, the disk becomes read-only, none starts; then it is writable
/// again.
pub async fn read_only(fleet: &mut Fleet, world: &World) {
    let replicas = fleet.replicas.len();
    while !fleet.replicas.is_empty() {
        fleet.take(0).kill().await;
    }
    if world.disk.set_writable(false) {
        world.diary.fault("read_only", "");
        let refused = fleet.refused_start().await;
        assert!(refused.is_err(), "a server started on a read-only disk");
        assert!(world.disk.set_writable(true));
    }
    for _ in 0..replicas {
        fleet.add(None).await;
    }
}
