//! One row of the job store as a job of this server.

use chrono::{DateTime, Utc};

use super::file::Row;
use super::read::{Node, Read};
use super::times;
use super::trigger::{self, Planned};
use crate::domain::job::{JobDraft, JobId, JobState, Notes};
use crate::domain::policy::{
    CatchUp, Grace, MAX_CATCH_UP, MAX_GRACE_MS, MAX_OVERLAP, Overlap, Policies,
};
use crate::domain::target::Request;
use crate::domain::trigger::TriggerKind;
use crate::import::pickle;

/// The function of the Python service that sends the GET request.
const SENDER: &str = "requests_url";
/// How far the two copies of the next run may differ: one is a float.
const SAME_US: i64 = 1_000;

/// A job that can be carried over.
#[derive(Debug, Clone, PartialEq)]
pub struct Carried {
    /// The job.
    pub draft: JobDraft,
    /// What is not quite as it was.
    pub remarks: Vec<String>,
}

/// Why a job cannot be carried over, in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// Reads a row. `functions` are further functions (`module:name`) that do
/// nothing but send a GET request to their only argument.
///
/// # Errors
/// [`Refused`] with the first reason found.
pub fn carry_over(row: &Row, functions: &[String], now: DateTime<Utc>) -> Result<Carried, Refused> {
    read(row, functions, now).map_err(Refused)
}

fn read(row: &Row, functions: &[String], now: DateTime<Utc>) -> Read<Carried> {
    let state = row.state.as_ref().map_err(Clone::clone)?;
    let pickle = pickle::load(state).map_err(|fault| fault.to_string())?;
    let keys = [
        "version",
        "id",
        "func",
        "trigger",
        "executor",
        "args",
        "kwargs",
        "name",
        "misfire_grace_time",
        "coalesce",
        "max_instances",
        "next_run_time",
    ];
    let [
        version,
        id,
        func,
        trigger,
        _executor,
        args,
        kwargs,
        name,
        grace,
        coalesce,
        instances,
        next,
    ] = Node::root(&pickle, "the job").entries(keys)?;
    if version.int()? != 1 {
        return Err(format!("the job has version {}; known: 1", version.int()?));
    }
    if id.text()? != row.id {
        return Err(format!("its state is that of the job {:?}", id.text()?));
    }
    let url = url(func.text()?, args, kwargs, functions)?;
    let next_run = next.optional(times::instant)?;
    check_column(row.next_run_time, next_run)?;
    let Planned {
        schedule,
        next_fire_at,
        remark,
    } = trigger::read(trigger, next_run)?;
    let mut remarks: Vec<String> = remark.into_iter().collect();
    let policies = Policies {
        misfire_grace: read_grace(grace, schedule.kind(), &mut remarks)?,
        catch_up: read_catch_up(coalesce.bool()?, schedule.kind(), &mut remarks),
        overlap: read_overlap(instances.int()?, &mut remarks)?,
        ..Policies::default()
    };
    let notes = read_notes(name.text()?, func.text()?);
    let faults = [notes.check(), policies.check()].concat();
    if let Some(fault) = faults.first() {
        return Err(fault.to_string());
    }
    // The library keeps a cron that never fires like a paused one.
    let paused = next_fire_at.is_none()
        && (schedule.kind() != TriggerKind::Cron
            || schedule.never_fires(now).is_none()
            || schedule.end().is_some());
    Ok(Carried {
        draft: JobDraft {
            id: JobId::new(row.id.as_str()).map_err(|error| error.to_string())?,
            notes,
            state: if paused {
                JobState::Paused
            } else {
                JobState::Running
            },
            schedule,
            request: Request::inherited(url),
            policies,
            next_fire_at,
        },
        remarks,
    })
}

/// The only argument of a function that is known to send a GET request to it.
fn url(func: &str, args: Node<'_>, kwargs: Node<'_>, functions: &[String]) -> Read<String> {
    let is_sender = func
        .rsplit_once(':')
        .is_some_and(|(_, name)| name == SENDER);
    if !is_sender && !functions.iter().any(|known| known == func) {
        return Err(format!(
            "it calls the function {:?}, not {SENDER}; if that one only sends a GET request \
             to its argument, name it with --function",
            pickle::shown(func)
        ));
    }
    let mut given = args.items()?;
    given.extend(kwargs.named_items()?.into_iter().map(|(_, value)| value));
    let [argument] = given[..] else {
        return Err(format!(
            "its function has {} arguments, not just a URL",
            given.len()
        ));
    };
    let url = argument.called("the URL").text()?;
    if !is_sender && !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(format!(
            "its argument is no http(s) URL: {:?}",
            pickle::shown(url)
        ));
    }
    Ok(url.to_owned())
}

/// The next run stands in the table, too; it decides there what is due.
fn check_column(column: Option<f64>, state: Option<DateTime<Utc>>) -> Read<()> {
    let agrees = match (column, state) {
        (None, None) => true,
        (Some(column), Some(state)) => {
            let behind_us = column * 1e6 - state.timestamp_micros() as f64;
            behind_us.abs() <= SAME_US as f64
        }
        _ => false,
    };
    if agrees {
        return Ok(());
    }
    let column = column.map_or("NULL".to_owned(), |column| column.to_string());
    let state = state.map_or("None".to_owned(), |at| at.to_rfc3339());
    Err(format!(
        "its next_run_time is {column} in the table and {state} in its state"
    ))
}

fn read_grace(node: Node<'_>, kind: TriggerKind, remarks: &mut Vec<String>) -> Read<Option<Grace>> {
    let grace = match node.optional(Node::int)? {
        None => Grace::Unlimited,
        Some(seconds) => {
            let ms = u64::try_from(seconds)
                .ok()
                .and_then(|s| s.checked_mul(1000));
            let ms = ms.ok_or_else(|| format!("its misfire_grace_time is {seconds} s"))?;
            if ms > MAX_GRACE_MS {
                remarks.push(format!(
                    "its misfire_grace_time of {seconds} s becomes unlimited"
                ));
                Grace::Unlimited
            } else {
                Grace::Ms(ms)
            }
        }
    };
    // What is as in a job of the inherited API is kept as there.
    let inherited = match kind {
        TriggerKind::Date | TriggerKind::Cron => Grace::Ms(60_000),
        TriggerKind::Interval => Grace::Unlimited,
    };
    Ok(Some(grace).filter(|grace| *grace != inherited))
}

fn read_catch_up(coalesce: bool, kind: TriggerKind, remarks: &mut Vec<String>) -> CatchUp {
    if coalesce || kind == TriggerKind::Date {
        return CatchUp::Latest;
    }
    remarks.push(format!(
        "coalesce=False becomes catch-up of the last {MAX_CATCH_UP}"
    ));
    CatchUp::All(MAX_CATCH_UP)
}

fn read_overlap(instances: i64, remarks: &mut Vec<String>) -> Read<Overlap> {
    match u32::try_from(instances) {
        Ok(1) => Ok(Overlap::Skip),
        Ok(n @ 2..=MAX_OVERLAP) => Ok(Overlap::Allow(n)),
        Ok(n) if n > MAX_OVERLAP => {
            remarks.push(format!("its max_instances of {n} becomes {MAX_OVERLAP}"));
            Ok(Overlap::Allow(MAX_OVERLAP))
        }
        _ => Err(format!("its max_instances is {instances}")),
    }
}

/// A name of its own is kept as description; by default it is the function's.
fn read_notes(name: &str, func: &str) -> Notes {
    let function = func.rsplit([':', '.']).next().unwrap_or(func);
    if name == function {
        return Notes::default();
    }
    Notes::new(name.to_owned(), Vec::new())
}
