//! An import from beginning to end: all lines are judged, then all are put. Reads
//! its source twice and holds one batch of lines at a time.

use std::collections::HashMap;
use std::io::{BufRead, Read};

use serde_json::Value;
use uuid::Uuid;

use super::lines::{self, MAX_LINE_BYTES, Refused};
use super::problem::{Fault, Problem};
use crate::domain::job::JobId;
use crate::service::import::IMPORT_BATCH;
use crate::service::{Entry, Existing, Jobs, ServiceError, Verdict};

/// How many faults are told.
pub const MOST_FAULTS: usize = 100;
/// How many failures are named.
const MOST_FAILURES: usize = 100;

/// How an import is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Only tell what would be done.
    pub dry_run: bool,
    /// What becomes of jobs that are there.
    pub existing: Existing,
}

/// What an import came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// New jobs.
    pub created: u64,
    /// Jobs with another definition or state than before.
    pub replaced: u64,
    /// Jobs that were so already.
    pub unchanged: u64,
    /// Jobs that stay as they are.
    pub kept: u64,
    /// Lines that were judged well and could not be put.
    pub failed: u64,
    /// The first of these.
    pub failures: Vec<Failure>,
}

/// A line that could not be put, since something changed after the judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its number, from 1.
    pub line: u64,
    /// Whose.
    pub job_id: JobId,
    /// Why.
    pub reason: String,
}

impl Imported {
    /// How many lines have a job.
    #[must_use]
    pub fn jobs(&self) -> u64 {
        self.created + self.replaced + self.unchanged + self.kept + self.failed
    }

    fn broke_off(&mut self, batch: &Batch, error: &ServiceError) {
        for (line, entry) in batch.lines.iter().zip(&batch.entries) {
            self.note(*line, &entry.id, Err(error.clone().into()));
        }
    }

    fn note(&mut self, line: u64, job_id: &JobId, end: Result<Verdict, Refused>) {
        match end {
            Ok(Verdict::Created) => self.created += 1,
            Ok(Verdict::Replaced) => self.replaced += 1,
            Ok(Verdict::Unchanged) => self.unchanged += 1,
            Ok(Verdict::Kept) => self.kept += 1,
            Err(Refused(faults)) => {
                self.failed += 1;
                if self.failures.len() < MOST_FAILURES {
                    let reasons = faults.iter().map(|f| format!("{}: {}", f.field, f.rule));
                    self.failures.push(Failure {
                        line,
                        job_id: job_id.clone(),
                        reason: reasons.collect::<Vec<_>>().join("; "),
                    });
                }
            }
        }
    }
}

/// Imports what `open` gives, which has to give the same twice.
///
/// # Errors
/// [`Problem::Lines`] with the faults of all lines; nothing was imported then.
/// [`Problem::Unavailable`] when the store, or the source, is away.
pub async fn import<R: BufRead>(
    jobs: &Jobs,
    open: impl Fn() -> std::io::Result<R>,
    options: Options,
) -> Result<Imported, Problem> {
    let judged = judge(jobs, &mut Lines::of(open().map_err(unreadable)?), options).await?;
    if options.dry_run {
        return Ok(judged);
    }
    put(jobs, &mut Lines::of(open().map_err(unreadable)?), options).await
}

/// What would become of the lines.
async fn judge<R: BufRead>(
    jobs: &Jobs,
    lines: &mut Lines<R>,
    options: Options,
) -> Result<Imported, Problem> {
    let (mut done, mut faults) = (Imported::default(), Faults::default());
    let mut seen = HashMap::new();
    while let Some(batch) = lines.batch(|line, wrong| faults.add(line, wrong))? {
        let define = |entry: &Entry<Value>, job: Option<&_>| lines::define(entry, job, jobs);
        let verdicts = jobs.judge_entries(&batch.entries, options.existing, define);
        let verdicts = verdicts.await.map_err(away)?;
        for ((line, entry), verdict) in batch.lines.iter().zip(&batch.entries).zip(verdicts) {
            let first = *seen.entry(fingerprint(&entry.id)).or_insert(*line);
            match verdict {
                Err(Refused(wrong)) => faults.add(*line, wrong),
                Ok(_) if first != *line => {}
                Ok(verdict) => done.note(*line, &entry.id, Ok(verdict)),
            }
            if first != *line {
                let rule = format!("line {first} has a job of this id already");
                let given = Value::from(entry.id.as_str());
                faults.add(*line, vec![Fault::new("job_id", rule, given)]);
            }
        }
    }
    faults.none_or(done)
}

async fn put<R: BufRead>(
    jobs: &Jobs,
    lines: &mut Lines<R>,
    options: Options,
) -> Result<Imported, Problem> {
    let mut done = Imported::default();
    while let Some(batch) = lines.batch(|_, _| {})? {
        let define = |entry: &Entry<Value>, job: Option<&_>| lines::define(entry, job, jobs);
        let ends = jobs.put_entries(&batch.entries, options.existing, define);
        match ends.await {
            Ok(ends) => {
                for ((line, entry), end) in batch.lines.iter().zip(&batch.entries).zip(ends) {
                    done.note(*line, &entry.id, end);
                }
            }
            // What is put already is told as such, and the rest is not tried: the store
            // is away.
            Err(error) if done.jobs() > 0 => {
                tracing::warn!(%error, "an import has broken off");
                done.broke_off(&batch, &error);
                while let Some(batch) = lines.batch(|_, _| {})? {
                    done.broke_off(&batch, &error);
                }
            }
            Err(error) => return Err(away(error)),
        }
    }
    Ok(done)
}

/// An id in 16 bytes, so that a file of any length can be looked through for
/// doubles.
fn fingerprint(id: &JobId) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, id.as_str().as_bytes())
}

fn away(error: ServiceError) -> Problem {
    Problem::of_service(error, "", &Value::Null)
}

fn unreadable(error: std::io::Error) -> Problem {
    Problem::Unavailable(format!("the lines cannot be read: {error}"))
}

/// The faults of all lines; counts them all and keeps the first.
#[derive(Default)]
struct Faults {
    told: Vec<Fault>,
    count: u64,
    lines: u64,
    last_line: u64,
}

impl Faults {
    fn add(&mut self, line: u64, wrong: Vec<Fault>) {
        if line != self.last_line {
            self.lines += 1;
            self.last_line = line;
        }
        self.count += wrong.len() as u64;
        let free = MOST_FAULTS - self.told.len();
        let told = wrong.into_iter().take(free);
        self.told.extend(told.map(|fault| fault.on_line(line)));
    }

    fn none_or(mut self, done: Imported) -> Result<Imported, Problem> {
        if self.count == 0 {
            return Ok(done);
        }
        // Lines that could not be read were met before the judgement of others.
        self.told.sort_by_key(|fault| fault.line);
        Err(Problem::Lines {
            faults: self.told,
            count: self.count,
            lines: self.lines,
        })
    }
}

/// Lines and the jobs in them.
struct Batch {
    lines: Vec<u64>,
    entries: Vec<Entry<Value>>,
}

/// A source, line by line.
struct Lines<R> {
    source: R,
    /// The number of the last line read.
    number: u64,
    line: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    fn of(source: R) -> Self {
        Self {
            source,
            number: 0,
            line: Vec::new(),
        }
    }

    /// The next jobs, of few lines where these are long: what is parsed takes many times
    /// their bytes. `None`: there are no more. `refuse` is told of lines that have none.
    fn batch(&mut self, mut refuse: impl FnMut(u64, Vec<Fault>)) -> Result<Option<Batch>, Problem> {
        let mut batch = Batch {
            lines: Vec::with_capacity(IMPORT_BATCH),
            entries: Vec::with_capacity(IMPORT_BATCH),
        };
        let mut bytes = 0;
        while batch.entries.len() < IMPORT_BATCH
            && bytes < MAX_LINE_BYTES
            && self.advance().map_err(unreadable)?
        {
            bytes += self.line.len();
            match lines::parse(&self.line) {
                Ok(None) => {}
                Ok(Some(entry)) => {
                    batch.lines.push(self.number);
                    batch.entries.push(entry);
                }
                Err(wrong) => refuse(self.number, wrong),
            }
        }
        Ok(Some(batch).filter(|batch| bytes > 0 || !batch.entries.is_empty()))
    }

    /// Reads the next line, of a line too long no more than is needed to see
    /// that; false: there is none.
    fn advance(&mut self) -> std::io::Result<bool> {
        self.line.clear();
        let most = MAX_LINE_BYTES as u64 + 2;
        let source = &mut self.source;
        if source.take(most).read_until(b'\n', &mut self.line)? == 0 {
            return Ok(false);
        }
        self.number += 1;
        if self.line.len() as u64 == most && self.line.last() != Some(&b'\n') {
            source.skip_until(b'\n')?;
        }
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
        }
        Ok(true)
    }
}
