//! `schedule-server import`.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::ArgMatches;

use crate::api::problem::Problem;
use crate::api::transfer::{self, Imported, Options};
use crate::config::Config;
use crate::service::Existing;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// One job a line, as `export` writes them.
    JsonLines,
    /// A SQLite file.
    Sqlite,
}

/// How each SQLite file begins.
/// Source: <https://www.sqlite.org/fileformat.html>, 1.3.
const SQLITE_MAGIC: &[u8; 16] = b"SQLite format 3\0";

impl Source {
    /// What the file is, by its first bytes.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn detect(path: &Path) -> std::io::Result<Self> {
        let mut begin = Vec::new();
        let magic = SQLITE_MAGIC.len() as u64;
        File::open(path)?.take(magic).read_to_end(&mut begin)?;
        Ok(match begin == SQLITE_MAGIC {
            true => Self::Sqlite,
            false => Self::JsonLines,
        })
    }
}

/// Imports a file.
///
/// # Errors
/// When it cannot be read, with the faults of its lines, when the database
/// cannot be used, and when some of the jobs could not be put.
pub async fn run(config: &Config, matches: &ArgMatches) -> Result<()> {
    let file = matches.get_one::<String>("file");
    let path = Path::new(file.map_or("", String::as_str));
    let options = options(matches);
    let source = Source::detect(path);
    match source.with_context(|| format!("{} cannot be read", path.display()))? {
        Source::JsonLines => json_lines(config, path, options).await,
        Source::Sqlite => bail!(
            "{} is a SQLite file; give JSON Lines, as export writes them",
            path.display()
        ),
    }
}

fn options(matches: &ArgMatches) -> Options {
    let existing = matches.get_one::<String>("existing").map(String::as_str);
    Options {
        dry_run: matches.get_flag("dry-run"),
        existing: match existing {
            Some("keep") => Existing::Keep,
            Some("replace") => Existing::Replace,
            _ => Existing::Refuse,
        },
    }
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
