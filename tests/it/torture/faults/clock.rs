//! The wall clock, set by up to an hour either way, and drifting.

use super::super::rng::Rng;
use super::super::world::World;
use super::last;

const HOUR_MS: u64 = 3_600_000;

pub async fn inject(rng: &mut Rng, world: &World) {
    let diary = &world.diary;
    let clock = &world.clock;
    let far = i64::try_from(rng.between(1_500, HOUR_MS)).unwrap();
    match rng.below(4) {
        0 => {
            diary.fault("clock_forward", format!("{far} ms"));
            clock.step_to(clock.offset() + far);
            last(rng.between(200, 1_500)).await;
        }
        1 => {
            diary.fault("clock_back", format!("{far} ms"));
            clock.step_to(clock.offset() - far);
            last(rng.between(200, 2_500)).await;
        }
        2 => {
            let near = i64::try_from(rng.between(50, 3_000)).unwrap();
            diary.fault("clock_back", format!("{near} ms, then on again"));
            clock.step_to(clock.offset() - near);
            last(rng.between(200, 1_500)).await;
            clock.step_to(clock.offset() + near);
        }
        _ => {
            let by = if rng.chance(50) { 10 } else { -10 };
            diary.fault("clock_drift", format!("{by} ms every 50 ms"));
            for _ in 0..20 {
                clock.step_to(clock.offset() + by);
                last(50).await;
            }
        }
    }
}
