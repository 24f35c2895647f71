//! `schedule-server import` of JSON Lines.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Result, bail};

use crate::api::problem::Problem;
use crate::api::transfer::{self, Imported, Options};
use crate::config::Config;
use crate::import::Wanted;

/// Imports the JSON Lines of a file.
///
/// # Errors
/// When it cannot be read, with the faults of its lines, when the database
/// cannot be used, and when some of the jobs could not be put.
pub async fn run(config: &Config, wanted: &Wanted) -> Result<()> {
    let options = Options {
        dry_run: wanted.dry_run,
        existing: wanted.existing,
    };
    json_lines(config, &wanted.path, options).await
}

async fn json_lines(config: &Config, path: &Path, options: Options) -> Result<()> {
    let (store, jobs) = super::open(config).await?;
    let open = || File::open(path).map(BufReader::new);
    let imported = transfer::import(&jobs, open, options).await;
    store.close().await;
    match imported {
        Ok(done) => report(options, &done),
        Err(problem) => bail!("{}", told(&problem)),
    }
}

fn report(options: Options, done: &Imported) -> Result<()> {
    let begin = if options.dry_run { "would be " } else { "" };
    println!(
        "{begin}created: {}, replaced: {}, unchanged: {}, kept: {}",
        done.created, done.replaced, done.unchanged, done.kept
    );
    for failure in &done.failures {
        let (line, id) = (failure.line, failure.job_id.as_str());
        eprintln!("line {line}: job {id:?}: {}", failure.reason);
    }
    match done.failed {
        0 => Ok(()),
        failed => bail!("jobs that could not be put: {failed}"),
    }
}

/// A problem for people, with its faults line by line.
fn told(problem: &Problem) -> String {
    let mut text = problem.detail();
    if let Problem::Unavailable(cause) = problem {
        text.clone_from(cause);
    }
    for fault in problem.faults() {
        let line = fault.line.unwrap_or(0);
        let given = match &fault.value {
            serde_json::Value::Null => String::new(),
            value => format!(" (given: {value})"),
        };
        text += &format!("\n  line {line}: {}: {}{given}", fault.field, fault.rule);
    }
    text
}
