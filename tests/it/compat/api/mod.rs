//! Replays the recorded conversations with the Python service against this
//! one, each against an empty server of its own.
//!
//! Every answer must be the recorded one, except where the Python service was
//! plainly wrong: then the rules of tests/data/defects.md say what is right
//! ([`model`] carries them out). No rule looks at the name of a line, so that
//! other recordings of the same form (`COMPAT_DIR`) can be replayed.

mod exchange;
mod expect;
mod model;
mod recording;

use std::collections::BTreeMap;

use self::model::World;
use self::recording::Line;
use crate::support::http::TestServer;

#[tokio::test]
async fn every_recorded_conversation_goes_as_it_did() {
    let lines = recording::read("api.jsonl");
    let count = lines.len();
    let mut sequences: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for line in lines {
        sequences
            .entry(line.sequence.clone())
            .or_default()
            .push(line);
    }
    let mut failures = Vec::new();
    for sequence in sequences.into_values() {
        failures.extend(replay(sequence).await);
    }
    super::report("api.jsonl", count, &failures);
}

async fn replay(mut lines: Vec<Line>) -> Vec<String> {
    lines.sort_by_key(|line| line.step);
    let server = TestServer::start().await;
    let mut world = World::default();
    let mut failures = Vec::new();
    for line in &lines {
        let mut compared = expect::compare(line, &mut world, &server).await;
        if let Some(reason) = compared.derived.take() {
            println!("{}: not as recorded: {reason}", line.name);
        }
        failures.extend(
            compared
                .faults
                .iter()
                .map(|fault| format!("{}: {fault}", line.name)),
        );
    }
    failures
}
