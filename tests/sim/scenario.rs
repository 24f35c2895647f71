//! What happens in a run from outside: faults, clients, clocks. Drawn from the seed
//! before the run begins; each run has a few kinds of faults, so that each kind is
//! also seen without the others.

use super::rng::Rng;
use super::world::Rates;

/// Something that happens.
#[derive(Debug, Clone, Copy)]
pub enum Event {
    /// A client asks a replica.
    Client,
    Kill(usize),
    /// A replica stands still for so long, in milliseconds.
    Freeze(usize, u64),
    /// A replica is stopped in order, with so long to drain.
    Stop(usize, u64),
    /// A wall clock is set, by so many milliseconds.
    Step(usize, i64),
    /// A wall clock runs wrong, by so many millionths.
    Drift(usize, i64),
    /// A replica cannot reach the fire lock for so long.
    Partition(usize, u64),
    /// Nobody reaches the fire lock for so long.
    LockAway(u64),
    /// The fire lock starts again, empty.
    Flush,
    /// Another process locks the store for so long.
    StoreLocked(u64),
}

/// The plan of a run.
#[derive(Debug, Clone)]
pub struct Scenario {
    pub replicas: usize,
    /// Whether all replicas share one wall clock.
    pub one_host: bool,
    pub jobs: u64,
    /// How long faults happen, in milliseconds.
    pub length_ms: u64,
    pub rates: Rates,
    /// By true time.
    pub events: Vec<(u64, Event)>,
}

impl Scenario {
    pub fn draw(rng: &mut Rng) -> Self {
        let replicas = rng.between(1, 4) as usize;
        let length_ms = rng.between(15_000, 40_000) as u64;
        let mut scenario = Self {
            replicas,
            one_host: rng.permille(500),
            jobs: rng.between(2, 5) as u64,
            length_ms,
            rates: rates(rng),
            events: Vec::new(),
        };
        for _ in 0..rng.between(2, 14) {
            scenario.add(rng, Event::Client);
        }
        scenario.add_faults(rng);
        scenario.events.sort_by_key(|(at_ms, _)| *at_ms);
        scenario
    }

    fn add(&mut self, rng: &mut Rng, event: Event) {
        self.events.push((rng.below(self.length_ms), event));
    }

    fn add_faults(&mut self, rng: &mut Rng) {
        let places = self.replicas as u64;
        let place = |rng: &mut Rng| rng.below(places) as usize;
        for kind in 0..9 {
            if !rng.permille(300) {
                continue;
            }
            for _ in 0..rng.between(1, 3) {
                let event = match kind {
                    0 => Event::Kill(place(rng)),
                    1 => Event::Freeze(place(rng), rng.between(50, 12_000) as u64),
                    2 => Event::Stop(place(rng), *rng.pick(&[0, 500, 6_000])),
                    3 => Event::Step(place(rng), step(rng)),
                    4 => Event::Drift(place(rng), rng.between(-50_000, 50_000)),
                    5 => Event::Partition(place(rng), rng.between(100, 15_000) as u64),
                    6 => Event::LockAway(rng.between(100, 15_000) as u64),
                    7 => Event::Flush,
                    _ => Event::StoreLocked(rng.between(100, 9_000) as u64),
                };
                self.add(rng, event);
            }
        }
    }
}

fn step(rng: &mut Rng) -> i64 {
    match rng.below(4) {
        0 => 3_600_000,
        1 => -3_600_000,
        _ => rng.between(-70_000, 70_000),
    }
}

fn rates(rng: &mut Rng) -> Rates {
    let mut sometimes = |most: i64| match rng.permille(350) {
        true => rng.between(1, most) as u64,
        false => 0,
    };
    Rates {
        store_fails: sometimes(60),
        store_answer_lost: sometimes(40),
        store_slow: sometimes(40),
        store_kills: sometimes(6),
        lock_fails: sometimes(200),
        lock_answer_lost: sometimes(200),
        lock_slow: sometimes(200),
        target_fails: sometimes(300),
        target_slow: sometimes(400),
        target_hangs: sometimes(100),
        connection_breaks: sometimes(200),
        answer_lost: sometimes(100),
        send_kills: sometimes(30),
    }
}
