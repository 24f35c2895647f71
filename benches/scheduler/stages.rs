//! Where the processor time of a firing goes: that of a burst, by the stages that it
//! goes through one after the other.

use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::support::{ServerProcess, TargetProcess, Used, redis};

const JOBS: usize = 10_000;
/// How long before the instant nothing of it has begun, and claims are made.
const BEGIN: TimeDelta = TimeDelta::milliseconds(4_500);
/// How long before the instant all claims are made, and none is revalidated.
const CLAIMED: TimeDelta = TimeDelta::milliseconds(950);
/// How long after the instant all is recorded.
const RECORDED: TimeDelta = TimeDelta::milliseconds(2_500);

/// Prints the microseconds of each stage, with the store's lock and with Redis.
pub async fn run() {
    println!("| stage of a firing | lock | engine µs | database µs |");
    println!("|---|---|---|---|");
    let redis = redis().await;
    for (lock, settings) in [
        ("store", Vec::new()),
        ("Redis", vec![("REDIS_URL", redis.url.as_str())]),
    ] {
        let target = TargetProcess::start().await;
        let server = ServerProcess::start_with(&settings).await;
        let at = (Utc::now() + TimeDelta::seconds(10)).trunc_subsecs(0);
        server.add_dates(JOBS, &target.url, at).await;
        assert!(Utc::now() < at - BEGIN, "adding took too long");
        let mut before = used_at(&server, at - BEGIN).await;
        let mut tell = |stage: &str, now: Used| {
            let each = |us: i64| us as f64 / JOBS as f64;
            let (engine, database) = (
                now.engine_us - before.engine_us,
                now.database_us - before.database_us,
            );
            println!(
                "| {stage} | {lock} | {:.1} | {:.1} |",
                each(engine),
                each(database)
            );
            before = now;
        };
        tell("plan and claim", used_at(&server, at - CLAIMED).await);
        tell("revalidate, lock, make ready", used_at(&server, at).await);
        target.wait_for(JOBS, Duration::from_secs(60)).await;
        tell("send, and record meanwhile", server.used());
        tell("record the rest", used_at(&server, at + RECORDED).await);
    }
}

async fn used_at(server: &ServerProcess, at: DateTime<Utc>) -> Used {
    tokio::time::sleep((at - Utc::now()).to_std().unwrap_or_default()).await;
    server.used()
}
