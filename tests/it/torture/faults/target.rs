//! The target, down, hanging, resetting, late.

use super::super::rng::Rng;
use super::super::target::Mood;
use super::super::world::World;
use super::last;

pub async fn inject(rng: &mut Rng, world: &World) {
    let moods = [
        (Mood::Down, "target_down"),
        (Mood::Hangs, "target_hangs"),
        (Mood::Resets, "target_resets"),
        (Mood::Late, "target_late"),
    ];
    let (mood, name) = *rng.pick(&moods);
    let ms = rng.between(100, 1_800);
    world.diary.fault(name, format!("for {ms} ms"));
    world.target.set(mood);
    last(ms).await;
    world.target.set(Mood::Well);
}
