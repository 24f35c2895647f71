//! The command line: sub-commands and exit codes, no logic.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::{ArgMatches, Command};
use mimalloc::MiMalloc;
use schedule_server::app;
use schedule_server::cli;
use schedule_server::clock::SystemClock;
use schedule_server::config::{self, Config};
use schedule_server::healthcheck;
use schedule_server::import::{self, Source};
use schedule_server::store::sqlite;
use schedule_server::telemetry;
use tokio::signal::unix::{SignalKind, signal};

/// Many threads give back what others have taken: requests go from the planner to their
/// senders and on to the recorder. The system's allocator holds a lock for that.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The exit code of an import that refused some jobs.
const SOME_REFUSED: u8 = 2;

fn command() -> Command {
    let command = Command::new("schedule-server")
        .about("Fires HTTP requests on time, once, however many replicas run")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand(Command::new("serve").about("Serve the API and fire jobs (the default)"))
        .subcommand(Command::new("migrate").about("Bring the database up to date, then exit"))
        .subcommand(cli::export_command())
        .subcommand(cli::verify::command())
        .subcommand(Command::new("config").about("Check and print the settings, then exit"))
        .subcommand(import::command())
        .subcommand(
            Command::new("healthcheck").about("Exit with 0 when the server on BIND is alive"),
        );
    config::declare(command)
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("schedule-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<ExitCode> {
    let matches = command().get_matches();
    let (name, matches) = match matches.subcommand() {
        Some((name, inner)) => (name, inner),
        None => ("serve", &matches),
    };
    if name == "verify" {
        return Ok(cli::verify::run(matches).await);
    }
    let config = Config::read(matches)?;
    match name {
        "migrate" => sqlite::migrate_only(&config.database_url).await?,
        "export" => cli::export::run(&config, matches).await?,
        "config" => print(&config),
        "healthcheck" => healthcheck::check(config.bind).await?,
        "import" => return import_jobs(&config, matches).await,
        _ => serve(&config).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn import_jobs(config: &Config, matches: &ArgMatches) -> Result<ExitCode> {
    let wanted = import::Wanted::read(matches);
    let source = match Source::detect(&wanted.path).await? {
        Source::JsonLines => {
            cli::import::run(config, &wanted).await?;
            return Ok(ExitCode::SUCCESS);
        }
        Source::ApScheduler(source) => source,
    };
    let clock = Arc::new(SystemClock::new());
    let tally = app::import(config, &wanted, &source, clock, &mut std::io::stdout()).await?;
    Ok(match tally.refused {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::from(SOME_REFUSED),
    })
}

async fn serve(config: &Config) -> Result<()> {
    telemetry::init(&config.log_level, config.log_json)?;
    let mut term = signal(SignalKind::terminate()).context("SIGTERM cannot be watched")?;
    let mut int = signal(SignalKind::interrupt()).context("SIGINT cannot be watched")?;
    let stop = async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    };
    app::serve(config, Arc::new(SystemClock::new()), stop).await
}

fn print(config: &Config) {
    for setting in &config.shown {
        println!("{}={} ({})", setting.name, setting.value, setting.origin);
    }
}
