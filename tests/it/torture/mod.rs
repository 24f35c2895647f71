//! Faults with real processes: replicas are killed, stopped and replaced, Redis, the
//! store, the target and the clock fail, while jobs fire and are changed. Then the
//! ledger, the answers to clients and what the target received must agree.
//!
//! `cargo test` makes one run of each kind. More of them by environment variables:
//! `TORTURE_KIND` (one kind), `TORTURE_RUNS`, `TORTURE_SEED` (the first seed),
//! `TORTURE_SECONDS` (of faults in each run), `TORTURE_JOBS` (that fire each second),
//! `TORTURE_AT_ONCE` (runs), `TORTURE_REPORT` (a file for a line of JSON each).
//! A seed repeats what is done and when; what comes of it also hangs on the machine.

use std::str::FromStr;
use std::sync::LazyLock;

use futures_util::StreamExt;
use tokio::sync::Semaphore;

use kind::Kind;
use run::Size;

use crate::support::wall_clock::WallClock;

mod check;
mod client;
mod diary;
mod disk;
mod faults;
mod fleet;
mod jobs;
mod kind;
mod proxy;
mod report;
mod rng;
mod run;
mod soak;
mod target;

mod world;

/// How many runs go on at once, of all kinds together.
static AT_ONCE: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(setting("TORTURE_AT_ONCE", 2)));

fn setting<T: FromStr>(name: &str, default: T) -> T {
    let given = std::env::var(name).ok();
    let read = |text: String| text.parse().ok().unwrap_or_else(|| panic!("{name}={text}"));
    given.map_or(default, read)
}

async fn torture(kind: Kind) {
    let only = setting("TORTURE_KIND", kind.name().to_owned());
    if only != kind.name() {
        return;
    }
    if kind.moves_clock() && WallClock::library().is_none() {
        println!(
            "{}: libfaketime is not installed; the clock stays",
            kind.name()
        );
    }
    let size = Size {
        seconds: setting("TORTURE_SECONDS", 4),
        recurring: setting("TORTURE_JOBS", 40),
        clients: 2,
    };
    let first: u64 = setting("TORTURE_SEED", 1);
    let runs = setting("TORTURE_RUNS", 1);
    let one = |seed| async move {
        let _turn = AT_ONCE.acquire().await.unwrap();
        let (line, proven) = run::run(kind, seed, size).await;
        line.write();
        proven.inspect_err(|told| eprintln!("{told}")).is_ok()
    };
    let all = futures_util::stream::iter(first..first + runs).map(one);
    let all: Vec<bool> = all.buffer_unordered(64).collect().await;
    let wrong = all.iter().filter(|proven| !**proven).count();
    assert_eq!(
        wrong,
        0,
        "of {} runs; what was wrong is told above",
        all.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_replicas() {
    torture(Kind::Kill).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_fail_at_each_step() {
    torture(Kind::FailPoints).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_stand_still() {
    torture(Kind::Stop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rolling_restarts() {
    torture(Kind::Rolling).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_in_trouble() {
    torture(Kind::Redis).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_in_trouble() {
    torture(Kind::Store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_in_trouble() {
    torture(Kind::Target).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_clock_in_trouble() {
    torture(Kind::Clock).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_faults_at_once() {
    torture(Kind::Mixed).await;
}

/// `make soak`: `SOAK_MINUTES` of mixed load with faults.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes half an hour"]
async fn soak() {
    soak::soak(setting("SOAK_MINUTES", 30), setting("TORTURE_SEED", 1)).await;
}

/// Prints the table of `TORTURE_REPORT`; `make torture` asks for it at its end.
#[test]
#[ignore = "it prints what other runs have reported"]
fn table() {
    let path = std::env::var("TORTURE_REPORT").expect("TORTURE_REPORT names the report");
    println!("{}", report::table(&std::fs::read_to_string(path).unwrap()));
}
