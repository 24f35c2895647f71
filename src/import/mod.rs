//! `schedule-server import`: jobs of another program become jobs of this server.
//!
//! A [`Source`] says what a file is and gives its jobs one after the other; here
//! each is handed to the service, which puts it as any client's. `report` prints
//! what became of each. Knows no SQL of the store.
//!
//! Invariant: each job of the source has its line in the report.

pub mod apscheduler;
#[cfg(test)]
mod fuzz;
pub mod pickle;
mod report;
mod source;

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};
use futures_util::StreamExt;

pub use self::report::Tally;
pub use self::source::{Source, SourceError};

use self::apscheduler::{Carried, JobStore, Refused, carry_over};
use self::report::{Line, Report};
use crate::service::{Existing, Jobs, TakenOver};

/// How many jobs are put at once; their commits are one.
const BATCH: usize = 200;

/// What an import is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The file to read.
    pub path: PathBuf,
    /// Tell what would be done, and write nothing.
    pub dry_run: bool,
    /// What becomes of a job whose id is taken.
    pub existing: Existing,
    /// Functions (`module:name`) besides the Python service's own that only send
    /// a GET request to their argument.
    pub functions: Vec<String>,
}

/// The sub-command.
#[must_use]
pub fn command() -> Command {
    Command::new("import")
        .about("Put the jobs of an export (JSON Lines), or of the Python service's jobs.sqlite")
        .after_help(
            "Of an export all jobs are imported or, if a line is faulty, none. Exit code: 0 when \
             every job was imported or kept, 2 when some of a jobs.sqlite were refused (each \
             with its reason), 1 when the import could not be done.",
        )
        .arg(
            Arg::new("path")
                .value_name("PATH")
                .required(true)
                .value_parser(clap::value_parser!(PathBuf))
                .help("The file to read; nothing is written to it"),
        )
        .arg(
            Arg::new("dry-run")
                .long("dry-run")
                .action(ArgAction::SetTrue)
                .help("Show what would be done, and write no job"),
        )
        .arg(
            Arg::new("existing")
                .long("existing")
                .value_parser(PossibleValuesParser::new(["replace", "keep", "refuse"]))
                .default_value("refuse")
                .help("What becomes of a job whose id is taken"),
        )
        .arg(
            Arg::new("function")
                .long("function")
                .value_name("MODULE:NAME")
                .action(ArgAction::Append)
                .help(
                    "A function that only sends a GET request to its argument, \
                     besides requests_url; may be given several times",
                ),
        )
}

impl Wanted {
    /// What the command line of [`command`] asks for.
    #[must_use]
    pub fn read(matches: &ArgMatches) -> Self {
        let existing = matches.get_one::<String>("existing").map(String::as_str);
        let functions = matches.get_many::<String>("function").unwrap_or_default();
        Self {
            path: matches
                .get_one::<PathBuf>("path")
                .cloned()
                .unwrap_or_default(),
            dry_run: matches.get_flag("dry-run"),
            existing: match existing {
                Some("replace") => Existing::Replace,
                Some("keep") => Existing::Keep,
                _ => Existing::Refuse,
            },
            functions: functions.cloned().collect(),
        }
    }
}

/// Imports; `jobs` is where to, `None` when there is no database yet and none
/// shall be made. The report goes to `out`.
///
/// # Errors
/// When the source cannot be read, the store is away or `out` cannot be written.
/// What was put before stays.
pub async fn run(
    wanted: &Wanted,
    source: &JobStore,
    jobs: Option<&Jobs>,
    now: chrono::DateTime<chrono::Utc>,
    out: &mut (dyn Write + Send),
) -> Result<Tally> {
    let mut report = Report::begin(out, wanted.dry_run)?;
    let mut batches = Box::pin(source.rows().chunks(BATCH));
    while let Some(rows) = batches.next().await {
        let mut read: Vec<(String, Result<Carried, Refused>)> = Vec::new();
        for row in rows {
            let row = row?;
            let carried = carry_over(&row, &wanted.functions, now);
            read.push((row.id, carried));
        }
        for line in put(wanted, jobs, read).await? {
            report.line(&line)?;
        }
    }
    Ok(report.end()?)
}

/// Puts what can be carried over; a line for each.
async fn put(
    wanted: &Wanted,
    jobs: Option<&Jobs>,
    read: Vec<(String, Result<Carried, Refused>)>,
) -> Result<Vec<Line>> {
    let good = read.iter().filter_map(|(_, carried)| carried.as_ref().ok());
    let drafts: Vec<_> = good.map(|carried| carried.draft.clone()).collect();
    let taken = match jobs {
        None => vec![TakenOver::Added; drafts.len()],
        Some(jobs) if wanted.dry_run => jobs.foretell(&drafts, wanted.existing).await?,
        Some(jobs) => jobs.take_over(drafts, wanted.existing).await?,
    };
    let mut taken = taken.into_iter();
    let line = |(id, carried): (String, Result<Carried, Refused>)| match carried {
        Ok(carried) => Line::of(carried, taken.next().unwrap_or(TakenOver::Exists)),
        Err(Refused(why)) => Line::refused(id, why),
    };
    Ok(read.into_iter().map(line).collect())
}
