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
    let meant = offences
        .iter()
        .filter(|offence| !(world.clock.went_back() && is_planned_anew(offence)));
    meant.map(Value::to_string).collect()
}

/// A job that is put or resumed after the clock was set back is planned anew, for
/// instants of which there are rows already, some of which stand for many fire times.
/// What is on record of them then overlaps, or lacks some; each is sent once at most
/// all the same, which the other checks see to.
fn is_planned_anew(offence: &Value) -> bool {
    let of = |name: &str| offence[name].as_str().unwrap_or_default();
    of("job_id").starts_with("client-")
        && matches!(of("kind"), "doubled" | "wrong_count" | "missing")
}
