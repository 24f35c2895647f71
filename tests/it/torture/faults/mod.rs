//! The faults, each of which begins, lasts and ends by itself. How long one lasts is
//! part of it: these are no waits for something to happen.

use std::time::{Duration, Instant};

use super::fleet::Fleet;
use super::kind::Kind;
use super::rng::Rng;
use super::world::World;

mod clock;
mod points;
mod process;
mod redis;
mod store;
mod target;

/// Makes faults of a kind until the time is over, at least one.
pub async fn inject(
    kind: Kind,
    rng: &mut Rng,
    fleet: &mut Fleet,
    world: &mut World,
    length: Duration,
) {
    let until = Instant::now() + length;
    match kind {
        Kind::Kill | Kind::Stop | Kind::Rolling | Kind::FailPoints => {
            of_process(kind, rng, fleet, until).await;
        }
        Kind::Store => of_store(rng, fleet, world, until).await,
        Kind::Redis | Kind::Target | Kind::Clock => of_world(&[kind], rng, world, until).await,
        Kind::Mixed | Kind::Soak => {
            let mut other = rng.fork();
            let world_kinds = [Kind::Redis, Kind::Target, Kind::Store, Kind::Clock];
            let world_kinds = match kind {
                Kind::Mixed => &world_kinds[..],
                _ => &world_kinds[..3],
            };
            tokio::join!(
                of_process(Kind::Mixed, rng, fleet, until),
                of_world(world_kinds, &mut other, world, until),
            );
        }
    }
}

async fn of_process(kind: Kind, rng: &mut Rng, fleet: &mut Fleet, until: Instant) {
    const ANY: [Kind; 3] = [Kind::Kill, Kind::Stop, Kind::Rolling];
    if kind == Kind::FailPoints {
        return points::inject(rng, fleet, until).await;
    }
    loop {
        breathe(rng).await;
        let now = if kind == Kind::Mixed {
            *rng.pick(&ANY)
        } else {
            kind
        };
        match now {
            Kind::Stop => process::stop(rng, fleet).await,
            Kind::Rolling => process::roll(rng, fleet).await,
            _ => process::kill(rng, fleet).await,
        }
        if Instant::now() > until {
            return;
        }
    }
}

async fn of_world(kinds: &[Kind], rng: &mut Rng, world: &mut World, until: Instant) {
    loop {
        breathe(rng).await;
        match rng.pick(kinds) {
            Kind::Redis => redis::inject(rng, world).await,
            Kind::Clock => clock::inject(rng, world).await,
            Kind::Store => store::inject(rng, world).await,
            _ => target::inject(rng, world).await,
        }
        if Instant::now() > until {
            return;
        }
    }
}

async fn of_store(rng: &mut Rng, fleet: &mut Fleet, world: &mut World, until: Instant) {
    loop {
        breathe(rng).await;
        if world.disk.is_small() && rng.chance(15) {
            store::read_only(fleet, world).await;
        } else {
            store::inject(rng, world).await;
        }
        if Instant::now() > until {
            return;
        }
    }
}

/// The time between two faults.
async fn breathe(rng: &mut Rng) {
    last(rng.between(20, 500)).await;
}

/// How long a fault lasts.
async fn last(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}
