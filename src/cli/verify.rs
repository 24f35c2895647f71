//! `schedule-server verify`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::config::Config;
use crate::verify::{Receipts, Report, Wanted, verify};

/// Something speaks against the proof.
const NOT_PROVEN: u8 = 1;
/// It could not be looked at.
const NOT_READ: u8 = 2;

/// The sub-command.
#[must_use]
pub fn command() -> Command {
    let instant = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name("INSTANT")
            .value_parser(|text: &str| {
                let at = DateTime::parse_from_rfc3339(text);
                at.map(|at| at.to_utc()).map_err(|error| error.to_string())
            })
            .help(help)
    };
    Command::new("verify")
        .about("Prove that each planned occurrence has exactly one final state")
        .arg(instant(
            "from",
            "Only fire times from this one on (RFC 3339); without it, all that is kept",
        ))
        .arg(instant(
            "to",
            "Only fire times up to this one; without it, up to what has been planned",
        ))
        .arg(
            Arg::new("drained")
                .long("drained")
                .action(ArgAction::SetTrue)
                .help("Nothing may be under way any more, or with --to be due and not planned"),
        )
        .arg(
            Arg::new("target-log")
                .long("target-log")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help(
                    "What the target received, an object a line: {\"fire_id\": …, \"attempt\": 1, \
                     \"at_ms\": unix milliseconds}",
                ),
        )
        .arg(
            Arg::new("clock-tolerance-ms")
                .long("clock-tolerance-ms")
                .value_name("MS")
                .value_parser(value_parser!(u32))
                .default_value("0")
                .help("How far the clocks of servers and target may be apart"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("Print one JSON object"),
        )
}

/// Looks, and prints what it came to.
pub async fn run(matches: &ArgMatches) -> ExitCode {
    match report(matches).await {
        Ok(report) => {
            match matches.get_flag("json") {
                true => println!("{}", report.to_json()),
                false => println!("{}", report.to_text()),
            }
            match report.is_proven() {
                true => ExitCode::SUCCESS,
                false => ExitCode::from(NOT_PROVEN),
            }
        }
        Err(error) => {
            eprintln!("schedule-server: {error:#}");
            ExitCode::from(NOT_READ)
        }
    }
}

async fn report(matches: &ArgMatches) -> Result<Report> {
    let config = Config::read(matches)?;
    let instant = |name| matches.get_one::<DateTime<Utc>>(name).copied();
    let tolerance_ms = matches.get_one::<u32>("clock-tolerance-ms").copied();
    let wanted = Wanted {
        from: instant("from"),
        to: instant("to"),
        drained: matches.get_flag("drained"),
        tolerance: TimeDelta::milliseconds(tolerance_ms.unwrap_or_default().into()),
    };
    let log = matches.get_one::<PathBuf>("target-log");
    let receipts = log.map(|path| Receipts::read(path)).transpose()?;
    Ok(verify(&config.database_url, &wanted, receipts).await?)
}
