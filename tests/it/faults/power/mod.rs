//! The power is lost: what was written and not yet synced is gone, or there in
//! part. The server runs on a disk that keeps account of it
//! (`tests/power/power.c`), is killed under load, and a new one starts on what is
//! left, at the kill and at any earlier point.
//!
//! `POWER_SEEDS` says how many seeds are tried, `POWER_SEED` names the first. A
//! seed repeats the choices; the server takes its own time, so a run is not the
//! same to the byte.

mod check;
mod disk;
mod load;
mod rng;

use std::path::Path;
use std::sync::Arc;

use check::{Past, goes_on};
use disk::{Log, Loss, Stake};
use futures_util::FutureExt;
use rng::Rng;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::support::replica::Replica;
use crate::support::target::Target;

/// How many servers run at the same time; they wait most of the time.
const AT_ONCE: usize = 8;

#[derive(Default)]
struct Totals {
    losses: usize,
    at_stake: Stake,
    in_checkpoint: usize,
    seen: check::Seen,
}

impl Totals {
    fn add(&mut self, stake: Stake, seen: check::Seen) {
        self.losses += 1;
        self.at_stake.database += stake.database;
        self.at_stake.wal += stake.wal;
        self.at_stake.folders += stake.folders;
        self.at_stake.survived += stake.survived;
        self.in_checkpoint += usize::from(stake.database > 0);
        self.join(seen);
    }

    fn join(&mut self, seen: check::Seen) {
        self.seen.answered += seen.answered;
        self.seen.before += seen.before;
        self.seen.after += seen.after;
        for (state, count) in seen.states {
            *self.seen.states.entry(state).or_default() += count;
        }
    }

    fn merge(&mut self, other: Self) {
        let (losses, in_checkpoint) = (self.losses, self.in_checkpoint);
        self.add(other.at_stake, other.seen);
        self.losses = losses + other.losses;
        self.in_checkpoint = in_checkpoint + other.in_checkpoint;
    }
}

fn number(variable: &str, default: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|e| panic!("{variable}: {e}")),
        Err(_) => default,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_outlives_a_loss_of_power() {
    let (first, seeds) = (number("POWER_SEED", 1), number("POWER_SEEDS", 3));
    let tools = tempfile::tempdir().unwrap();
    let library: Arc<Path> = disk::library(tools.path()).into();
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut runs = JoinSet::new();
    for seed in first..first + seeds {
        let (library, room) = (library.clone(), room.clone());
        runs.spawn(async move {
            let _place = room.acquire().await.unwrap();
            let run = std::panic::AssertUnwindSafe(run(seed, &library));
            run.catch_unwind().await.map_err(|_| seed)
        });
    }
    let mut totals = Totals::default();
    let mut failed = Vec::new();
    while let Some(run) = runs.join_next().await {
        match run.unwrap() {
            Ok(run) => totals.merge(run),
            Err(seed) => failed.push(seed),
        }
    }
    let Totals {
        losses,
        at_stake,
        in_checkpoint,
        seen,
    } = totals;
    println!("{losses} losses of power, {in_checkpoint} of them within a checkpoint");
    println!("not durable at the loss: {at_stake:?}");
    println!(
        "jobs answered for: {}; requests before the loss {}, after it {}; fire times: {:?}",
        seen.answered, seen.before, seen.after, seen.states
    );
    assert!(failed.is_empty(), "failed with POWER_SEED: {failed:?}");
    assert!(at_stake.wal > 0 && seen.before > 0 && seen.after > 0);
}

/// One server until its death, and a loss of the kind whose turn it is.
async fn run(seed: u64, library: &Path) -> Totals {
    let mut rng = Rng::new(seed);
    let target = Target::start().await;
    let dir = tempfile::tempdir().unwrap();
    let (root, log) = (dir.path().join("disk"), dir.path().join("log"));
    std::fs::create_dir(&root).unwrap();
    let database = format!("sqlite://{}", root.join("data/schedule.db").display());
    let server = Replica::start(&[
        ("DATABASE_URL", &*database),
        ("LEASE", "2s"),
        ("LD_PRELOAD", library.to_str().unwrap()),
        ("POWER_ROOT", root.to_str().unwrap()),
        ("POWER_LOG", log.to_str().unwrap()),
    ])
    .await;
    let deeds = load::drive_and_kill(server, &target, &mut rng).await;
    let answers = deeds.values().flatten().filter_map(|d| d.answered_ns);
    let first_answer = answers.min().expect("something was answered");
    let log = Log::read(&log);
    let after = point_of_loss(&log, log.before(first_answer), seed, &mut rng);
    let loss = match seed % 3 {
        0 => Loss::Everything,
        1 => Loss::Some,
        _ => Loss::Torn,
    };
    let lost_at = log.lost_at(after);
    let survivors = log.survivors(&root, after, loss, &mut rng);
    let left = dir.path().join("left");
    survivors.write_to(&left);
    let mut arrivals = target.arrivals();
    arrivals.retain(|a| a.at.timestamp_nanos_opt().unwrap() < lost_at);
    let past = Past {
        deeds: &deeds,
        arrivals,
        lost_at,
    };
    let stake = survivors.stake;
    let all = log.len();
    println!("seed {seed}: {loss:?} lost after {after} of {all} operations, {stake:?}");
    let seen = goes_on(&left.join("data/schedule.db"), &past, &target).await;
    let mut totals = Totals::default();
    totals.add(stake, seen);
    totals
}

/// After how many operations the power is lost: at the kill, within a checkpoint,
/// within a commit, or anywhere.
fn point_of_loss(log: &Log, earliest: usize, seed: u64, rng: &mut Rng) -> usize {
    let of = |n: u64| usize::try_from(n).unwrap();
    let within = match seed % 4 {
        0 => return log.len(),
        1 => log.writes(earliest, "db"),
        2 => log.writes(earliest, "db-wal"),
        _ => Vec::new(),
    };
    match within.len() as u64 {
        0 => of(rng.between(earliest as u64, log.len() as u64)),
        n => within[of(rng.below(n))] + 1,
    }
}
