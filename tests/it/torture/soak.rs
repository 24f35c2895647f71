//! A long run of mixed load with faults: memory, file descriptors, threads, tasks and
//! the write-ahead log must not grow. The first replica lives from the beginning to
//! the end; it is the one that is measured.

use std::time::{Duration, Instant};

use reqwest::Method;
use tokio_util::sync::CancellationToken;

use super::client::{Caller, change_jobs};
use super::diary::Diary;
use super::faults;
use super::fleet::Fleet;
use super::jobs;
use super::kind::Kind;
use super::rng::Rng;
use super::run::settle;
use super::world::World;

/// What is measured, as it stands in the table. In bytes, or a number.
const MEASURES: [&str; 5] = ["rss", "fds", "threads", "queued", "wal"];
/// How much more of each may be there in the last third than in the second one, as a
/// share in percent and as such: what caches and bursts make of it.
const MORE: [(u64, u64); 5] = [(15, 8 << 20), (20, 40), (0, 4), (0, 200), (50, 8 << 20)];

type Sample = [u64; MEASURES.len()];

/// Runs for so long; prints a line each minute.
pub async fn soak(minutes: u64, seed: u64) {
    let diary = Diary::new();
    let mut rng = Rng::new(seed);
    let mut world = World::new(Kind::Soak, diary.clone()).await;
    let mut fleet = Fleet::start(Kind::Soak, &world, 3, &mut rng).await;
    fleet.spare_first();
    let caller = Caller::new(fleet.urls.clone());
    let target = world.target.clone();
    let lines = jobs::steady(&mut rng, &target, 40, 0, 0, 1);
    caller
        .must(&mut rng, Method::POST, "/api/v1/import", Some(lines))
        .await;
    let stop = CancellationToken::new();
    let clients = (0..2).map(|name| {
        let caller = Caller::new(fleet.urls.clone());
        tokio::spawn(change_jobs(
            name,
            rng.fork(),
            caller,
            target.clone(),
            stop.clone(),
        ))
    });
    let clients: Vec<_> = clients.collect();
    println!("minute | {} | faults | received", MEASURES.join(" | "));
    let started = Instant::now();
    let mut samples = Vec::new();
    for minute in 1..=minutes {
        while started.elapsed() < Duration::from_secs(minute * 60) {
            let length = Duration::from_secs(10);
            faults::inject(Kind::Soak, &mut rng, &mut fleet, &mut world, length).await;
            world.heal();
            fleet.mend().await;
        }
        let sample = measure(&caller, &fleet, &world).await;
        let made: u64 = diary.faults().values().sum();
        let shown = sample.map(|n| n.to_string()).join(" | ");
        println!(
            "{minute} | {shown} | {made} | {}",
            target.take_arrivals().len()
        );
        samples.push(sample);
    }
    stop.cancel();
    for client in clients {
        client.await.expect("a client");
    }
    settle(&world, world.clock.now() - 1_000).await;
    println!("faults: {:?}", diary.faults());
    fleet.stop_all().await;
    assert_flat(&samples);
}

async fn measure(caller: &Caller, fleet: &Fleet, world: &World) -> Sample {
    let replica = &fleet.replicas[0];
    let proc = format!("/proc/{}", replica.id());
    let status = std::fs::read_to_string(format!("{proc}/status")).unwrap();
    let of = |name: &str| -> u64 {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap()
            .split_whitespace()
            .next()
            .unwrap()
            .parse()
            .unwrap()
    };
    let fds = std::fs::read_dir(format!("{proc}/fd")).unwrap().count();
    let metrics = caller
        .http
        .get(replica.at("/metrics"))
        .send()
        .await
        .unwrap();
    let metrics = metrics.text().await.unwrap();
    let queued = ["schedule_sends_waiting ", "schedule_sends_in_flight "].map(|name| {
        let line = metrics.lines().find_map(|line| line.strip_prefix(name));
        line.map_or(0.0, |n| n.trim().parse::<f64>().unwrap_or(0.0))
    });
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count"
    )]
    let queued = queued.iter().sum::<f64>() as u64;
    let wal = world.database().with_extension("db-wal");
    let wal = std::fs::metadata(wal).map_or(0, |file| file.len());
    [of("VmRSS:") * 1024, fds as u64, of("Threads:"), queued, wal]
}

/// The median of the last third is about that of the second one.
fn assert_flat(samples: &[Sample]) {
    let third = samples.len() / 3;
    let (middle, last) = (&samples[third..2 * third], &samples[2 * third..]);
    for (n, name) in MEASURES.iter().enumerate() {
        let (before, after) = (median(middle, n), median(last, n));
        let (share, more) = MORE[n];
        println!("{name}: {before}, in the end {after}");
        let most = before + before * share / 100 + more;
        assert!(after <= most, "{name} grows: {before}, then {after}");
    }
}

fn median(samples: &[Sample], n: usize) -> u64 {
    let mut of: Vec<u64> = samples.iter().map(|sample| sample[n]).collect();
    of.sort_unstable();
    of.get(of.len() / 2).copied().unwrap_or_default()
}
