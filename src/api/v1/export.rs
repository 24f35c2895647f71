//! All jobs as JSON Lines: `GET /api/v1/export`.

use std::collections::VecDeque;

use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::Value;

use super::problem::Problem;
use super::refusals::ListProblems;
use super::{examples, lines, query};
use crate::api::ApiState;
use crate::service::{Export, ServiceError};
use crate::store::JobFilter;

/// The media type of what is exported.
pub const JSON_LINES: &str = "application/jsonl";

/// Export jobs
///
/// All jobs that the filters let through as JSON Lines: first a line that says who
/// wrote it and in which format, then one line for each job in the order of adding,
/// with its definition as a put takes it. Secrets are shown as `{"secret": true}`. It
/// is read while it is sent, step by step: a job that is changed meanwhile stands in
/// it as it is before or after the change, one that is added meanwhile does not. An
/// answer that breaks off is not complete.
#[utoipa::path(
    get,
    path = "/api/v1/export",
    operation_id = "export_jobs",
    tag = super::TAG,
    params(
        ("state" = Option<String>, Query, description = "`running` or `paused`.", pattern = "^(running|paused)$", example = json!("running")),
        ("type" = Option<String>, Query, description = "`date`, `interval` or `cron`.", pattern = "^(date|interval|cron)$", example = json!("cron")),
        ("tag" = Option<String>, Query, description = "One of its tags, exactly.", example = json!("reports")),
        ("text" = Option<String>, Query, description = "Part of its id or URL; ASCII letters match in either case.", example = json!("report")),
        ("failing" = Option<bool>, Query, description = "`true`: only jobs whose last scheduled occurrence failed.", example = json!(false)),
    ),
    responses(
        (status = 200, description = "The jobs, one JSON object a line.", content_type = "application/jsonl",
            body = ref("#/components/schemas/JsonLines"), example = json!(examples::exported())),
        ListProblems,
    )
)]
pub async fn export(
    State(state): State<ApiState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let mut filter = JobFilter::default();
    let faults = query::read(query.as_deref().unwrap_or_default(), |name, value| {
        let known = "state, type, tag, text, failing";
        query::filter(&mut filter, name, value, known)
    });
    if !faults.is_empty() {
        return Err(Problem::Invalid(faults));
    }
    let mut export = state.jobs.export(filter);
    let first = chunk(&mut export).await;
    let first = first.map_err(|error| Problem::of_service(error, "", &Value::Null))?;
    let begun = lines::header(export.began_at());
    let ready = std::iter::once(Bytes::from(begun)).chain(first).collect();
    let body = Body::from_stream(stream::try_unfold((export, ready), next));
    Ok(([(header::CONTENT_TYPE, JSON_LINES)], body).into_response())
}

type Ready = VecDeque<Bytes>;

/// The next part of the body; `None`: that was all.
async fn next(
    (mut export, mut ready): (Export, Ready),
) -> Result<Option<(Bytes, (Export, Ready))>, ServiceError> {
    loop {
        if let Some(part) = ready.pop_front() {
            return Ok(Some((part, (export, ready))));
        }
        match chunk(&mut export).await {
            Ok(Some(part)) => ready.push_back(part),
            Ok(None) => return Ok(None),
            Err(error) => {
                tracing::warn!(%error, "an export breaks off");
                return Err(error);
            }
        }
    }
}

/// The lines of the next jobs.
async fn chunk(export: &mut Export) -> Result<Option<Bytes>, ServiceError> {
    while let Some(jobs) = export.next().await? {
        if !jobs.is_empty() {
            let lines: String = jobs.iter().map(|job| lines::line(job, false)).collect();
            return Ok(Some(lines.into()));
        }
    }
    Ok(None)
}
