//! What an import prints: a line for each job, then the sums.

use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, Utc};

use super::apscheduler::Carried;
use crate::domain::job::JobState;
use crate::service::TakenOver;

/// How many jobs came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Added, or in the place of another one.
    pub imported: u64,
    /// Left as they were in the store.
    pub kept: u64,
    /// Not imported, each with its reason.
    pub refused: u64,
}

/// What became of one job.
pub struct Line {
    result: &'static str,
    kind: &'static str,
    next: String,
    id: String,
    /// Reason or remarks.
    about: String,
}

impl Line {
    /// A job that could be read.
    pub fn of(carried: Carried, taken: TakenOver) -> Self {
        let Carried { draft, remarks } = carried;
        let (result, about) = match taken {
            TakenOver::Added => ("imported", remarks.join("; ")),
            TakenOver::Replaced => ("replaced", remarks.join("; ")),
            TakenOver::Kept => (
                "kept",
                "a job of that id exists and stays as it is".to_owned(),
            ),
            TakenOver::Exists => (
                "refused",
                "a job of that id exists; see --existing".to_owned(),
            ),
            TakenOver::Refused(why) => ("refused", why),
        };
        let next = match draft.state {
            JobState::Paused => "paused".to_owned(),
            JobState::Running => draft.next_fire_at.map_or_else(|| "never".to_owned(), shown),
        };
        Self {
            result,
            kind: draft.schedule.kind().as_str(),
            next,
            id: draft.id.to_string(),
            about,
        }
    }

    /// A job that could not.
    pub fn refused(id: String, why: String) -> Self {
        Self {
            result: "refused",
            kind: "-",
            next: "-".to_owned(),
            id,
            about: why,
        }
    }
}

/// A report being printed.
pub struct Report<'a> {
    out: &'a mut (dyn Write + Send),
    dry_run: bool,
    tally: Tally,
}

impl<'a> Report<'a> {
    /// Prints the head.
    pub fn begin(out: &'a mut (dyn Write + Send), dry_run: bool) -> io::Result<Self> {
        let columns = ["RESULT", "TYPE", "NEXT RUN", "JOB"];
        let [result, kind, next, id] = columns;
        writeln!(out, "{result:<8}  {kind:<8}  {next:<24}  {id}")?;
        Ok(Self {
            out,
            dry_run,
            tally: Tally::default(),
        })
    }

    /// Prints and counts a job.
    pub fn line(&mut self, line: &Line) -> io::Result<()> {
        match line.result {
            "refused" => self.tally.refused += 1,
            "kept" => self.tally.kept += 1,
            _ => self.tally.imported += 1,
        }
        // No text of a job may steer the terminal.
        let [id, about] = [&line.id, &line.about].map(|text| printable(text));
        let about = match about.is_empty() {
            true => about,
            false => format!("  ({about})"),
        };
        let Line {
            result, kind, next, ..
        } = line;
        writeln!(self.out, "{result:<8}  {kind:<8}  {next:<24}  {id}{about}")
    }

    /// Prints the sums.
    pub fn end(self) -> io::Result<Tally> {
        let Tally {
            imported,
            kept,
            refused,
        } = self.tally;
        let dry = match self.dry_run {
            true => " (dry run: nothing was written)",
            false => "",
        };
        writeln!(
            self.out,
            "\n{imported} imported, {kept} kept, {refused} refused{dry}"
        )?;
        self.out.flush()?;
        Ok(self.tally)
    }
}

fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

fn shown(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
