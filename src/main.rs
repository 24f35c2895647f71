//! The command line: sub-commands and exit codes, no logic.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Command;
use schedule_server::app;
use schedule_server::cli;
use schedule_server::clock::SystemClock;
use schedule_server::config::{self, Config};
use schedule_server::healthcheck;
use schedule_server::store::sqlite;
use schedule_server::telemetry;
use tokio::signal::unix::{SignalKind, signal};

fn command() -> Command {
    let command = Command::new("schedule-server")
        .about("Fires HTTP requests on time, once, however many replicas run")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand(Command::new("serve").about("Serve the API and fire jobs (the default)"))
        .subcommand(Command::new("migrate").about("Bring the database up to date, then exit"))
        .subcommand(cli::export_command())
        .subcommand(cli::import_command())
        .subcommand(Command::new("config").about("Check and print the settings, then exit"))
        .subcommand(
            Command::new("healthcheck").about("Exit with 0 when the server on BIND is alive"),
        );
    config::declare(command)
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("schedule-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let matches = command().get_matches();
    let (name, matches) = match matches.subcommand() {
        Some((name, inner)) => (name, inner),
        None => ("serve", &matches),
    };
    let config = Config::read(matches)?;
    match name {
        "migrate" => Ok(sqlite::migrate_only(&config.database_url).await?),
        "export" => cli::export::run(&config, matches).await,
        "import" => cli::import::run(&config, matches).await,
        "config" => {
            print(&config);
            Ok(())
        }
        "healthcheck" => Ok(healthcheck::check(config.bind).await?),
        _ => serve(&config).await,
    }
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
