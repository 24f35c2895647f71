//! Sub-commands that work on the database itself, whether or not a server runs
//! on it: `export`, `import` and `verify`.

use std::sync::Arc;

use anyhow::Result;
use clap::{Arg, ArgAction, Command};

use crate::app;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::scheduler::Wake;
use crate::service::Jobs;
use crate::store::Store;
use crate::store::sqlite::SqliteStore;

pub mod export;
pub mod import;
pub mod verify;

/// The sub-command `export`.
#[must_use]
pub fn export_command() -> Command {
    Command::new("export")
        .about("Write all jobs of the database as JSON Lines")
        .arg(
            Arg::new("output")
                .long("output")
                .short('o')
                .value_name("FILE")
                .help("Where to; without it, to the standard output"),
        )
        .arg(
            Arg::new("secrets")
                .long("secrets")
                .action(ArgAction::SetTrue)
                .help("Write secrets in clear, for a move to another database"),
        )
}

/// The use cases over the database of the settings. A server that runs on it
/// finds what falls due at its next look, half a second later at most.
///
/// # Errors
/// When the database cannot be used.
async fn open(config: &Config) -> Result<(Arc<dyn Store>, Jobs)> {
    let store = SqliteStore::open(&config.database_url, config.database_readers).await?;
    let store: Arc<dyn Store> = Arc::new(store);
    let (wake, _) = Wake::channel();
    let clock = Arc::new(SystemClock::new());
    Ok((store.clone(), app::jobs(config, store, wake, clock)))
}
