//! Jobs from JSON Lines: `POST /api/v1/import`.

use std::io::Cursor;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::problem::{Fault, Problem};
use super::refusals::ImportProblems;
use super::{examples, query, transfer};
use crate::api::ApiState;
use crate::service::Existing;
use transfer::{Imported, Options};

/// How long the next part of a body may take to arrive.
const MAX_PART_WAIT: Duration = Duration::from_secs(30);
/// How long a body may take to arrive.
const MAX_WAIT: Duration = Duration::from_secs(600);
/// So many bytes of a body too large are read and thrown away, because most
/// clients read no answer before they have sent everything.
const MAX_DISCARDED_BYTES: usize = 16 * 1024 * 1024;
/// How many imports are held in memory at once; others wait.
const AT_ONCE: usize = 2;

static IMPORTS: Semaphore = Semaphore::const_new(AT_ONCE);

/// The media types that are read.
const ALLOWED: [&str; 4] = [
    super::export::JSON_LINES,
    "application/x-ndjson",
    "application/x-jsonlines",
    "application/json-lines",
];

/// Import jobs
///
/// Takes what the export gives: one job a line, `{"job_id", "definition", "state"}`;
/// a header, blank lines and `created_at` may be there and are not looked at. Each
/// definition is judged as a put judges it. If any line is faulty, nothing is
/// imported and the faults of all lines are told. Then all lines are put in batches.
/// A job that is there already and as described is unchanged; else `existing`
/// decides. A `{"secret": true}` keeps the secret of the job that is there. The
/// bound of the whole body is a setting (`IMPORT_MAX_MIB`); `schedule-server import`
/// has none.
#[utoipa::path(
    post,
    path = "/api/v1/import",
    operation_id = "import_jobs",
    tag = super::TAG,
    params(
        ("dry_run" = Option<bool>, Query, description = "`true`: only tell what would be done.", example = json!(false)),
        ("existing" = Option<String>, Query, description = "What becomes of another job of the same id: `refuse` the import (the default), `keep` that job, or `replace` it.",
            pattern = "^(refuse|keep|replace)$", example = json!("replace")),
    ),
    request_body(content = ref("#/components/schemas/JsonLines"), content_type = "application/jsonl", examples(
        ("lines" = (summary = "A header and a job", value = json!(examples::lines()))),
    )),
    responses(
        (status = 200, description = "What became of the lines.", body = ref("#/components/schemas/ImportResult"),
            example = json!(examples::import())),
        ImportProblems,
    )
)]
pub async fn import(
    State(state): State<ApiState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let options = options(query.as_deref().unwrap_or_default())?;
    check_type(&headers)?;
    let _turn = IMPORTS.acquire().await;
    let body = receive(body, state.import_max_bytes).await?;
    if body.is_empty() {
        let rule = "a body is required: JSON Lines";
        return Err(Problem::Invalid(vec![Fault::new("", rule, Value::Null)]));
    }
    let open = || Ok(Cursor::new(body.clone()));
    let done = transfer::import(&state.jobs, open, options).await?;
    Ok(Json(result(options.dry_run, &done)).into_response())
}

fn options(query: &str) -> Result<Options, Problem> {
    let mut options = Options::default();
    let faults = query::read(query, |name, value| {
        match name {
            "dry_run" => options.dry_run = query::flag(value)?,
            "existing" => options.existing = query::word(value, EXISTING)?,
            _ => return Err("unknown parameter; known: dry_run, existing".to_owned()),
        }
        Ok(())
    });
    match faults.is_empty() {
        true => Ok(options),
        false => Err(Problem::Invalid(faults)),
    }
}

/// What may be said of jobs that are there.
pub const EXISTING: [(&str, Existing); 3] = [
    ("refuse", Existing::Refuse),
    ("keep", Existing::Keep),
    ("replace", Existing::Replace),
];

fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(given) = headers.get(header::CONTENT_TYPE) else {
        return Ok(());
    };
    let given = given.to_str().unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    let known = ALLOWED.iter().any(|a| essence.eq_ignore_ascii_case(a));
    known
        .then_some(())
        .ok_or(Problem::MediaType(super::export::JSON_LINES))
}

/// The whole body, within its bounds.
async fn receive(body: Body, max_bytes: usize) -> Result<Bytes, Problem> {
    let read = tokio::time::timeout(MAX_WAIT, collect(body, max_bytes)).await;
    read.unwrap_or(Err(Problem::BodyTooSlow))
}

async fn collect(body: Body, max_bytes: usize) -> Result<Bytes, Problem> {
    let mut parts = body.into_data_stream();
    let (mut read, mut seen_bytes) = (Vec::new(), 0);
    loop {
        let part = tokio::time::timeout(MAX_PART_WAIT, parts.next()).await;
        let Some(part) = part.map_err(|_| Problem::BodyTooSlow)? else {
            break;
        };
        let broke_off = |_| Problem::malformed(Fault::new("", "the body broke off", Value::Null));
        let part = part.map_err(broke_off)?;
        seen_bytes += part.len();
        if seen_bytes <= max_bytes {
            read.extend_from_slice(&part);
        } else {
            read = Vec::new();
            if seen_bytes > max_bytes + MAX_DISCARDED_BYTES {
                break;
            }
        }
    }
    match seen_bytes > max_bytes {
        true => Err(Problem::BodyTooLarge(max_bytes)),
        false => Ok(read.into()),
    }
}

fn result(dry_run: bool, done: &Imported) -> Value {
    let failures = done.failures.iter();
    let failures: Vec<Value> = failures
        .map(|f| json!({"line": f.line, "job_id": f.job_id.as_str(), "reason": f.reason}))
        .collect();
    json!({
        "dry_run": dry_run,
        "jobs": done.jobs(),
        "created": done.created,
        "replaced": done.replaced,
        "unchanged": done.unchanged,
        "kept": done.kept,
        "failed": {"count": done.failed, "jobs": failures},
    })
}
