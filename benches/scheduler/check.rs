//! The guard against a slower server: the processor time of a firing and of an add, in
//! units of what a bare request takes on the same machine in the same run. Ratios of
//! processor times hold on any machine, whatever else it does.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::burst::{self, burst};
use super::list::cpu_used_us;
use super::support::{ServerProcess, TargetProcess};

const JOBS: usize = 10_000;
const ROUNDS: usize = 3;
/// How much more than recorded it may be.
const ROOM: f64 = 1.2;

/// Measures, and compares with what is recorded; `record` keeps the new figures.
pub async fn run(record: bool) {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(round().await);
    }
    let best = |n: usize| rounds.iter().map(|r| r[n]).fold(f64::MAX, f64::min);
    let measured = [("firing", best(0)), ("add", best(1))];
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/recorded.json");
    if record {
        let figures = json!({"firing": measured[0].1, "add": measured[1].1});
        let text = serde_json::to_string_pretty(&figures).unwrap() + "\n";
        std::fs::write(&file, text).unwrap();
    }
    let recorded: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    println!("| processor time of | in bare requests | recorded |");
    println!("|---|---|---|");
    let mut slower = Vec::new();
    for (what, value) in measured {
        let before = recorded[what].as_f64().unwrap();
        println!("| {what} | {value:.2} | {before:.2} |");
        if value > before * ROOM {
            slower.push(what);
        }
    }
    assert!(
        slower.is_empty(),
        "more than {ROOM} times what is recorded: {slower:?}"
    );
}

/// What one firing and one add take, in bare requests.
async fn round() -> [f64; 2] {
    let target = TargetProcess::start().await;
    let before = cpu_used_us();
    burst::yardstick(&target).await;
    let bare_us = (cpu_used_us() - before) as f64 / burst::YARDSTICK as f64;
    let server = ServerProcess::start().await;
    let before = server.cpu_time();
    let far = chrono::Utc::now() + chrono::TimeDelta::days(365);
    server.add_dates(JOBS, &target.url, far).await;
    let add = each_us(server.cpu_time() - before);
    drop(server);
    let server = ServerProcess::start().await;
    let before = server.cpu_time();
    burst(&[&server], &target, JOBS, 1.0).await;
    // What is recorded of the last ones comes after them.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let both = each_us(server.cpu_time() - before);
    [(both - add) / bare_us, add / bare_us]
}

fn each_us(used: Duration) -> f64 {
    used.as_secs_f64() * 1e6 / JOBS as f64
}
