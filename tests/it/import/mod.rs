//! `schedule-server import` on job stores that the real library wrote
//! (`tests/data/apscheduler`).

mod command;
mod figures;
mod refusals;
mod server;

use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::replica::command;

/// A file of the fixtures.
fn fixture(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/apscheduler");
    PathBuf::from(folder).join(name)
}

/// What the library says of the jobs in `jobs.sqlite`.
fn expected() -> Vec<Value> {
    let text = std::fs::read_to_string(fixture("expected.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    document["jobs"].as_array().unwrap().clone()
}

fn database(dir: &TempDir) -> String {
    format!("sqlite://{}/s.db", dir.path().display())
}

/// What an import printed.
struct Done {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Done {
    /// The line of a job.
    fn line(&self, job_id: &str) -> &str {
        let of_job = |line: &&str| {
            let rest = line.get(46..).and_then(|rest| rest.strip_prefix(job_id));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("  ("))
        };
        let found = self.out.lines().find(of_job);
        found.unwrap_or_else(|| panic!("no line of {job_id}:\n{}", self.out))
    }

    fn sums(&self) -> &str {
        self.out.lines().last().unwrap_or_default()
    }
}

/// Imports into the database of this folder.
async fn import(dir: &TempDir, args: &[&str]) -> Done {
    let url = database(dir);
    let output = command(&[("DATABASE_URL", &url)])
        .arg("import")
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .await
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Done {
        code: output.status.code(),
        out: text(&output.stdout),
        err: text(&output.stderr),
    }
}
