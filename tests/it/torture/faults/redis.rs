//! Redis, killed, empty, paused, stopped, full, slow.

use super::super::rng::Rng;
use super::super::world::World;
use super::last;

pub async fn inject(rng: &mut Rng, world: &mut World) {
    let ms = rng.between(100, 1_500);
    let diary = world.diary.clone();
    match rng.below(6) {
        0 => {
            diary.fault("redis_killed", format!("for {ms} ms, then empty"));
            world.redis.kill().await;
            last(ms).await;
            world.redis.restart().await;
        }
        1 => {
            diary.fault("redis_flushed", "");
            world.redis.command::<()>(&["FLUSHALL"]).await;
        }
        2 => {
            diary.fault("redis_paused", format!("CLIENT PAUSE {ms}"));
            let pause = ["CLIENT", "PAUSE", &ms.to_string(), "ALL"];
            world.redis.command::<()>(&pause).await;
            last(ms).await;
        }
        3 => {
            diary.fault("redis_stopped", format!("SIGSTOP for {ms} ms"));
            world.redis.signal("STOP").await;
            last(ms).await;
            world.redis.signal("CONT").await;
        }
        4 => {
            diary.fault("redis_full", format!("for {ms} ms"));
            set(world, "maxmemory-policy", "noeviction").await;
            set(world, "maxmemory", "1").await;
            last(ms).await;
            set(world, "maxmemory", "0").await;
        }
        _ => {
            let delay = rng.between(20, 400);
            diary.fault("redis_slow", format!("{delay} ms for {ms} ms"));
            world.proxy.delay(delay);
            last(ms).await;
            world.proxy.delay(0);
        }
    }
}

async fn set(world: &World, name: &str, value: &str) {
    world
        .redis
        .command::<()>(&["CONFIG", "SET", name, value])
        .await;
}
