//! `schedule-server export`.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;

use anyhow::{Context, Result};
use clap::ArgMatches;

use crate::api::lines;
use crate::config::Config;
use crate::service::Jobs;
use crate::store::JobFilter;
use crate::store::sqlite;

/// Writes all jobs.
///
/// # Errors
/// When the database cannot be read or the file not be written; what is written
/// then is not complete.
pub async fn run(config: &Config, matches: &ArgMatches) -> Result<()> {
    if !sqlite::exists(&config.database_url)? {
        anyhow::bail!(
            "DATABASE_URL: {}: there is no such database",
            config.database_url
        );
    }
    let secrets = matches.get_flag("secrets");
    let output = matches.get_one::<String>("output");
    let mut out = BufWriter::new(open(output)?);
    if secrets {
        eprintln!("schedule-server: secrets are written in clear: keep the file safe");
    }
    let (store, jobs) = super::open(config).await?;
    let written = write(&jobs, secrets, &mut out).await;
    store.close().await;
    let count = written.context("the export is not complete")?;
    eprintln!("schedule-server: jobs exported: {count}");
    Ok(())
}

/// A file that nobody else may read, since even masked definitions tell much.
fn open(output: Option<&String>) -> Result<Box<dyn Write + Send>> {
    let Some(path) = output else {
        return Ok(Box::new(std::io::stdout()));
    };
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let file = options.open(path);
    Ok(Box::new(
        file.with_context(|| format!("{path} cannot be written"))?,
    ))
}

async fn write(jobs: &Jobs, secrets: bool, out: &mut (impl Write + Send)) -> Result<u64> {
    let mut export = jobs.export(JobFilter::default());
    out.write_all(lines::header(export.began_at()).as_bytes())?;
    let mut count = 0;
    while let Some(found) = export.next().await? {
        for job in found {
            out.write_all(lines::line(&job, secrets).as_bytes())?;
            count += 1;
        }
    }
    out.flush()?;
    Ok(count)
}
