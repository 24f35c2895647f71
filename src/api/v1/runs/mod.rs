//! The history: what became of each fire time, and why.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::params::JobIdParam;
use super::path::JobPath;
use super::problem::Problem;
use super::refusals::{ListProblems, ReadProblems, RunProblems};
use super::times::shown;
use crate::api::ApiState;
use crate::domain::job::JobId;
use crate::domain::occurrence::ManualRun;

mod examples;
mod instant;
mod path;
mod query;
mod rerun;
mod view;

pub use path::is_rerun;
use path::{RunIdParam, RunPath};
use query::{Asked, RunsParams};

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(rerun::document())
        .routes(routes!(list))
        .routes(routes!(list_of_job))
        .routes(routes!(show))
        .routes(routes!(instant::explain))
        .route("/api/v1/runs/{run_id}", post(rerun::act))
}

/// List runs
///
/// The history of all jobs, one page; go on with `cursor` until `next_cursor` is
/// null. Each page looks at a bounded number of rows, so with a filter it may be
/// short, even empty, and still not be the last one. What is rare (any state but
/// `succeeded`, `kind=manual`, a status outside 200-299) is found at once. A row
/// that stands for several fire times lies at the first of them. Runs that are
/// added between two pages make none of the older ones appear twice or get lost.
#[utoipa::path(
    get,
    path = "/api/v1/runs",
    operation_id = "list_runs",
    tag = super::RUNS_TAG,
    params(RunsParams),
    responses(
        (status = 200, description = "A page of runs.", body = ref("#/components/schemas/RunPage"),
            example = json!({"items": [examples::summary()], "next_cursor": null})),
        ListProblems,
    )
)]
async fn list(
    State(state): State<ApiState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    page(&state, None, query).await
}

/// List the runs of a job
///
/// As the history of all jobs. The history of a job stays when the job is
/// removed, so this answers for a removed one too; 404 means that there is
/// neither a job nor a run of that id.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{job_id}/runs",
    operation_id = "list_job_runs",
    tag = super::RUNS_TAG,
    params(JobIdParam, RunsParams),
    responses(
        (status = 200, description = "A page of runs.", body = ref("#/components/schemas/RunPage"),
            example = json!({"items": [examples::summary()], "next_cursor": null})),
        ReadProblems,
    )
)]
async fn list_of_job(
    State(state): State<ApiState>,
    JobPath(id): JobPath,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    page(&state, Some(id), query).await
}

async fn page(
    state: &ApiState,
    job_id: Option<JobId>,
    query: Option<String>,
) -> Result<Response, Problem> {
    let asked = Asked::read(query.as_deref().unwrap_or_default())?;
    let named = job_id.clone();
    let descending = asked.descending;
    let page = state.runs.page(asked.request(job_id)).await;
    let named = named.as_ref().map_or("", JobId::as_str);
    let page = page.map_err(|error| Problem::of_service(error, named, &Value::Null))?;
    let items: Vec<Value> = page.rows.iter().map(view::summary).collect();
    let next = page.next.map(|place| query::cursor(place, descending));
    Ok(Json(json!({"items": items, "next_cursor": next})).into_response())
}

/// Show a run
///
/// Everything that is on record of it: when it was due, claimed, sent and
/// settled, what the target answered, each attempt, and in one sentence why it
/// was or was not sent and what came of it.
#[utoipa::path(
    get,
    path = "/api/v1/runs/{run_id}",
    operation_id = "get_run",
    tag = super::RUNS_TAG,
    params(RunIdParam),
    responses(
        (status = 200, description = "The run.", body = ref("#/components/schemas/Run"),
            example = json!(examples::run())),
        RunProblems,
    )
)]
async fn show(State(state): State<ApiState>, RunPath(id): RunPath) -> Result<Response, Problem> {
    let found = state.runs.get(id).await;
    let found = found.map_err(|error| Problem::of_service(error, "", &Value::Null))?;
    let entry = found.ok_or(Problem::NoSuchRun(id))?;
    Ok(Json(view::run(&entry)).into_response())
}

/// The answer to whoever asked for a run: where to look what becomes of it.
pub fn accepted(run: &ManualRun) -> Response {
    let body = json!({
        "run_id": run.row_id,
        "job_id": run.occurrence.job_id.as_str(),
        "kind": run.occurrence.kind.as_str(),
        "fire_at": shown(run.occurrence.fire_at),
        "fire_id": run.occurrence.fire_id().to_string(),
    });
    let mut response = (StatusCode::ACCEPTED, Json(body)).into_response();
    let location = format!("{}/runs/{}", super::PREFIX, run.row_id);
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}
