//! The server's own proof: `schedule-server verify`, with the target's log.

use serde_json::{Value, json};

use super::world::World;
use crate::support::replica::command;

/// What it says against what a run has left. The target has the machine's clock, and
/// the servers may have one that is moved.
pub async fn offences(world: &World) -> Vec<String> {
    let log = world.disk.path().join("target.jsonl");
    let lines = world.target.arrivals().into_iter().map(|a| {
        let line = json!({"fire_id": a.fire_id, "attempt": a.attempt, "at_ms": a.at_ms});
        format!("{line}\n")
    });
    std::fs::write(&log, lines.collect::<String>()).unwrap();
    let tolerance = world.clock.spread().to_string();
    let url = format!("sqlite://{}", world.database().display());
    let log = log.display().to_string();
    let mut verify = command(&[]);
    verify.args(["verify", "--database-url", &url, "--json", "--drained"]);
    verify.args(["--target-log", &log, "--clock-tolerance-ms", &tolerance]);
    let said = verify
        .stdout(std::process::Stdio::piped())
        .output()
        .await
        .unwrap();
    let proof: Value = serde_json::from_slice(&said.stdout).unwrap_or_else(|error| {
        panic!("verify ended with {}: {error}", said.status);
    });
    let offences = proof["offences"].as_array().unwrap();
    assert_eq!(proof["proven"] == json!(true), offences.is_empty());
    offences.iter().map(Value::to_string).collect()
}
