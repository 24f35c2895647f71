//! The format of exports and imports: JSON Lines. The first line says who wrote
//! it, each other line is one job.
//!
//! Invariant: what is written reads as the same job, secrets excepted where they
//! are masked.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use chrono::{DateTime, Utc};

use super::definition;
use super::problem::{Fault, Problem};
use super::read::read;
use super::times::{Instant, shown};
use crate::domain::job::{Job, JobId, JobState};
use crate::domain::trigger::Trigger;
use crate::service::{Definition, Entry, Jobs, ServiceError};

/// The format that is written and read.
pub const FORMAT: u64 = 1;
/// The longest line, in bytes.
pub const MAX_LINE_BYTES: usize = crate::api::extract::MAX_BODY_BYTES;

/// The first line.
#[must_use]
pub fn header(exported_at: DateTime<Utc>) -> String {
    let header = json!({
        "schedule_server": env!("CARGO_PKG_VERSION"),
        "format": FORMAT,
        "exported_at": shown(exported_at),
    });
    format!("{header}\n")
}

/// The line of a job. `secrets`: in clear, for a file that stays in safe hands.
#[must_use]
pub fn line(job: &Job, secrets: bool) -> String {
    let mut definition = definition::definition_json(job);
    if secrets {
        definition.insert("request".into(), job.request.for_store());
    }
    let mut out = Map::new();
    out.insert("job_id".into(), json!(job.id.as_str()));
    out.insert("state".into(), json!(job.state.as_str()));
    out.insert("definition".into(), Value::Object(definition));
    if let Trigger::Interval(interval) = job.schedule.trigger() {
        out.insert("phase".into(), json!(shown(interval.first_at())));
    }
    if job.request.literal {
        out.insert("inherited".into(), json!(true));
    }
    let created_at = DateTime::from_timestamp_millis(job.revision.created_ms);
    out.insert("created_at".into(), json!(created_at.map(shown)));
    format!("{}\n", Value::Object(out))
}

/// A line of a job, as it is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    job_id: String,
    definition: Value,
    #[serde(default)]
    state: Option<SentState>,
    #[serde(default)]
    phase: Option<Instant>,
    #[serde(default)]
    inherited: bool,
    #[serde(default, rename = "created_at")]
    _created_at: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum SentState {
    Running,
    Paused,
}

/// The first line, as it is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SentHeader {
    #[serde(rename = "schedule_server")]
    _schedule_server: String,
    format: u64,
    #[serde(default, rename = "exported_at")]
    _exported_at: Option<Instant>,
}

/// Reads a line; `None`: it is blank, or a header.
///
/// # Errors
/// With every fault of the line itself; its definition is judged by [`define`].
pub fn parse(line: &[u8]) -> Result<Option<Entry<Value>>, Vec<Fault>> {
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    if line.len() > MAX_LINE_BYTES {
        let rule = format!("a line has at most {MAX_LINE_BYTES} bytes");
        return Err(vec![Fault::new("", rule, Value::Null)]);
    }
    let value: Value = serde_json::from_slice(line).map_err(|error| {
        let rule = format!("this line is no JSON: {error}");
        vec![Fault::new("", rule, Value::Null)]
    })?;
    let mut faults = Vec::new();
    let entry = match value.get("schedule_server") {
        Some(_) => {
            check_header(value, &mut faults);
            None
        }
        None => read::<Sent>(value, "", &mut faults).and_then(|sent| entry(sent, &mut faults)),
    };
    match faults.is_empty() {
        true => Ok(entry),
        false => Err(faults),
    }
}

fn check_header(value: Value, faults: &mut Vec<Fault>) {
    let header = read::<SentHeader>(value, "", faults);
    if let Some(header) = header.filter(|header| header.format != FORMAT) {
        let rule = format!("this server reads format {FORMAT}");
        faults.push(Fault::new("format", rule, Value::from(header.format)));
    }
}

fn entry(sent: Sent, faults: &mut Vec<Fault>) -> Option<Entry<Value>> {
    let id = JobId::new(sent.job_id.as_str())
        .map_err(|wrong| {
            let given = Value::from(sent.job_id);
            faults.push(Fault::new("job_id", wrong.to_string(), given));
        })
        .ok()?;
    Some(Entry {
        id,
        state: sent.state.map(|state| match state {
            SentState::Running => JobState::Running,
            SentState::Paused => JobState::Paused,
        }),
        phase: sent.phase.map(|at| at.0),
        inherited: sent.inherited,
        definition: sent.definition,
    })
}

/// What is wrong with an entry, field by field.
pub struct Refused(pub Vec<Fault>);

/// Not of the entry: the store is away, or the like.
const MACHINE: &str = "it could not be written; try again";

impl From<ServiceError> for Refused {
    fn from(error: ServiceError) -> Self {
        Self(match error {
            ServiceError::Invalid(faults) => {
                let told = faults.iter().map(|f| Fault::of_domain(f, &Value::Null));
                told.map(in_definition).collect()
            }
            ServiceError::Exists => vec![Fault::new("job_id", EXISTS, Value::Null)],
            _ => vec![Fault::new("", MACHINE, Value::Null)],
        })
    }
}

const EXISTS: &str = "there is another job of this id: say existing=replace to replace it by this \
                      one, or existing=keep to leave it as it is";

/// Reads the definition of an entry, by what reads that of a put.
///
/// # Errors
/// With every fault.
pub fn define(
    entry: &Entry<Value>,
    current: Option<&Job>,
    jobs: &Jobs,
) -> Result<Definition, Refused> {
    let whole = definition::keeping_pause(entry.definition.clone(), current);
    definition::define(whole, &entry.id, current, jobs).map_err(|problem| match problem {
        Problem::Invalid(faults) => Refused(faults.into_iter().map(in_definition).collect()),
        _ => Refused(vec![Fault::new("definition", MACHINE, Value::Null)]),
    })
}

/// A fault by its place in the line.
fn in_definition(fault: Fault) -> Fault {
    let field = match fault.field.as_str() {
        "" => "definition".to_owned(),
        "inherited" => "inherited".to_owned(),
        field => format!("definition.{field}"),
    };
    Fault { field, ..fault }
}
