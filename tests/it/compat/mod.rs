//! Differential tests against recordings of the original service.
//!
//! The recordings lie in `tests/data/compat` (its README says how to read
//! them); `COMPAT_DIR` names another folder.

mod api;
mod triggers;

use std::path::PathBuf;

use serde_json::Value;

/// One line of a recording.
pub struct Line {
    /// Its name, for reports only: rules never depend on it.
    pub id: String,
    /// The whole line.
    pub json: Value,
}

/// All lines of one file of the recordings.
pub fn lines(file: &str) -> Vec<Line> {
    let path = folder().join(file);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    text.lines()
        .map(|line| {
            let json: Value = serde_json::from_str(line).expect("each line is JSON");
            let id = json["id"].as_str().expect("each line has an id").to_owned();
            Line { id, json }
        })
        .collect()
}

/// Relative to the crate, wherever the tests are started.
pub fn folder() -> PathBuf {
    let named = std::env::var_os("COMPAT_DIR").unwrap_or_else(|| "tests/data/compat".into());
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(named)
}

/// Fails with all failures at once, or tells how many lines were checked.
pub fn report(file: &str, lines: usize, failures: &[String]) {
    assert!(lines > 0, "{file} has no lines");
    assert!(
        failures.is_empty(),
        "{file}: {} failures in {lines} lines\n{}",
        failures.len(),
        failures.join("\n")
    );
    println!("{file}: {lines} lines checked");
}
