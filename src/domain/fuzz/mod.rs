//! Fuzzing of everything that reads what a client wrote: no input makes it
//! panic, run away, or answer with words that do not name what was given.
//!
//! Each check is asked of a kept corpus (`tests/data/fuzz`, one input per line)
//! and of generated inputs. What proptest finds it appends, as a seed, to the
//! `.seeds` file of that folder; the seeds run first from then on. Put the input
//! itself into the corpus as well: a seed is lost when its strategy changes.
//! `PROPTEST_CASES` raises the number of cases, `make fuzz` does so for all.

mod cron;
mod inputs;
mod json;
mod parts;

use std::fmt::Debug;
use std::time::Duration;

use chrono::{DateTime, Utc};
use proptest::test_runner::{FileFailurePersistence, TestCaseError};

use crate::clock::processor_time;

type Verdict = Result<(), TestCaseError>;

/// The text of one corpus file.
macro_rules! corpus {
    ($name:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/data/fuzz/",
            $name,
            ".txt"
        ))
    };
}
use corpus;

/// The configuration of the fuzz tests whose seeds are kept in this file; cheap
/// ones run several times as many cases.
macro_rules! kept_in {
    ($name:literal, $times:literal) => {
        ProptestConfig {
            cases: ProptestConfig::default().cases * $times,
            failure_persistence: $crate::domain::fuzz::seeds(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/data/fuzz/",
                $name,
                ".seeds"
            )),
            ..ProptestConfig::default()
        }
    };
}
use kept_in;

/// Failures are kept in this file.
fn seeds(path: &'static str) -> Option<Box<dyn proptest::test_runner::FailurePersistence>> {
    Some(Box::new(FileFailurePersistence::Direct(path)))
}

/// The inputs of a corpus: lines, without comments (`# `) and empty ones. A line
/// in double quotes is a JSON string, for what a line cannot hold.
fn lines(corpus: &str) -> impl Iterator<Item = String> + '_ {
    corpus
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(|line| {
            let quoted = line.len() > 1 && line.starts_with('"') && line.ends_with('"');
            match quoted {
                true => serde_json::from_str(line).unwrap(),
                false => line.to_owned(),
            }
        })
}

/// Asks the check of each line; the panic names the line.
fn replay(corpus: &str, check: impl Fn(&str) -> Verdict) {
    let mut count = 0;
    for line in lines(corpus) {
        if let Err(fault) = check(&line) {
            panic!("{line:?}: {fault}");
        }
        count += 1;
    }
    assert!(count > 20, "the corpus has only {count} lines");
}

/// Runs it; it must cost this thread little, even in a debug build. What others
/// do on the machine meanwhile does not count.
fn quickly<T>(about: &impl Debug, work: impl FnOnce() -> T) -> Result<T, TestCaseError> {
    let began = processor_time();
    let made = work();
    let took = processor_time() - began;
    if took > Duration::from_secs(2) {
        return Err(TestCaseError::fail(format!("took {took:?}: {about:?}")));
    }
    Ok(made)
}

/// Instants that are hard in some zone, or at an end of time.
fn hard_instants() -> Vec<DateTime<Utc>> {
    let texts = [
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999999999Z",
        "2000-02-28T23:59:59Z",
        "2024-03-31T00:59:59.5Z",
        "2024-10-27T00:30:00Z",
        "2024-11-03T05:59:59Z",
        "2099-12-31T23:59:59Z",
        "9999-12-31T23:59:59.999999Z",
    ];
    let mut all: Vec<_> = texts.iter().map(|text| text.parse().unwrap()).collect();
    all.extend([DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC]);
    all
}
