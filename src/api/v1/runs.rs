//! The history of runs: lists, one run, why an instant, fire again.

use axum::Json;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::definition::{self, JSON};
use super::params::{JobIdParam, RunIdParam, RunsParams};
use super::path::{JobPath, RunActionPath, RunPath};
use super::problem::{Fault, Problem};
use super::query;
use super::refusals::{ListProblems, ReadProblems, RerunProblems, RunProblems};
use super::run_examples as examples;
use super::run_view::{detail_json, manual_json, run_json, words_json};
use super::runs_query::{cursor, runs_request};
use super::times::Instant;
use crate::api::ApiState;
use crate::domain::explain::explain;
use crate::domain::occurrence::ManualRun;
use crate::service::{Explained, RerunError, ServiceError};
use crate::store::RunsPage;

/// The tag of these endpoints in the document.
pub const TAG: &str = "runs";

/// The router cannot match `{run_id}:rerun`, so the document names it and one
/// route serves it.
#[derive(OpenApi)]
#[openapi(paths(rerun))]
struct Documented;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(Documented::openapi())
        .routes(routes!(list))
        .routes(routes!(list_of_job))
        .routes(routes!(explain_instant))
        .routes(routes!(show))
        .route("/api/v1/runs/{run_id}", post(act))
}

/// List runs
///
/// The ledger of all jobs, the youngest fire time first: what was sent and what
/// came of it, and what was not sent, with the reason. Go on with `cursor` until
/// `next_cursor` is null. Each page looks at a bounded number of rows, so with a
/// filter it may be short, even empty, and still not be the last one. A row may
/// stand for several fire times in a row (`count`). Runs of jobs that were
/// removed stay until they are older than what is kept.
#[utoipa::path(
    get,
    path = "/api/v1/runs",
    operation_id = "list_runs",
    tag = TAG,
    params(RunsParams),
    responses(
        (status = 200, description = "A page of runs.", body = ref("#/components/schemas/RunPage"),
            example = json!({"items": [examples::run()], "next_cursor": null})),
        ListProblems,
    )
)]
async fn list(
    State(state): State<ApiState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let request = runs_request(query.as_deref().unwrap_or_default(), None)?;
    let page = state.runs.page(request).await;
    let page = page.map_err(|error| Problem::of_service(error, "", &Value::Null))?;
    Ok(page_json(&page))
}

/// List the runs of a job
///
/// As `GET /api/v1/runs`, of one job, which may have been removed.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{job_id}/runs",
    operation_id = "list_runs_of_job",
    tag = TAG,
    params(JobIdParam, RunsParams),
    responses(
        (status = 200, description = "A page of runs.", body = ref("#/components/schemas/RunPage"),
            example = json!({"items": [examples::run()], "next_cursor": null})),
        ReadProblems,
    )
)]
async fn list_of_job(
    State(state): State<ApiState>,
    JobPath(id): JobPath,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let request = runs_request(query.as_deref().unwrap_or_default(), Some(id.clone()))?;
    let page = state.runs.page(request).await;
    let page = page.map_err(|error| Problem::of_service(error, id.as_str(), &Value::Null))?;
    Ok(page_json(&page))
}

fn page_json(page: &RunsPage) -> Response {
    let items: Vec<Value> = page.rows.iter().map(|run| run_json(run).into()).collect();
    Json(json!({"items": items, "next_cursor": page.next.map(cursor)})).into_response()
}

/// Show a run
///
/// With all its attempts, where their time went, and the answer of the target as
/// far as the job keeps it.
#[utoipa::path(
    get,
    path = "/api/v1/runs/{run_id}",
    operation_id = "get_run",
    tag = TAG,
    params(RunIdParam),
    responses(
        (status = 200, description = "The run.", body = ref("#/components/schemas/RunDetail"),
            example = json!(examples::detail())),
        RunProblems,
    )
)]
async fn show(
    State(state): State<ApiState>,
    RunPath(run_id): RunPath,
) -> Result<Response, Problem> {
    let run = state.runs.get(run_id).await;
    let run = run.map_err(|error| of_run(error, run_id))?;
    Ok(Json(detail_json(&run)).into_response())
}

/// Why did a job (not) fire?
///
/// Answers for one instant: with the run that stands for it, or with why there is
/// none (`moment`: `to_come`, `paused`, `before_added`, `before_changed`,
/// `not_planned`, `no_fire_time`, `job_gone`), and with the runs beside it.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{job_id}/explain",
    operation_id = "explain_instant",
    tag = TAG,
    params(
        JobIdParam,
        ("at" = String, Query, description = "The instant, RFC 3339; milliseconds count.",
            format = DateTime, example = json!("2030-01-01T09:00:00Z")),
    ),
    responses(
        (status = 200, description = "What is known of it.", body = ref("#/components/schemas/Explained"),
            example = json!(examples::explained())),
        ReadProblems,
    )
)]
async fn explain_instant(
    State(state): State<ApiState>,
    JobPath(id): JobPath,
    RawQuery(text): RawQuery,
) -> Result<Response, Problem> {
    let mut at = None;
    let text = text.unwrap_or_default();
    let mut faults = query::read(&text, |name, value| match name {
        "at" => Instant::of_text(value).map(|instant| at = Some(instant.0)),
        _ => query::unknown("at"),
    });
    if at.is_none() && faults.is_empty() {
        let rule = "is required: an instant as in RFC 3339";
        faults.push(Fault::new("at", rule, Value::Null));
    }
    let (Some(at), true) = (at, faults.is_empty()) else {
        return Err(Problem::Invalid(faults));
    };
    let found = state.runs.explain(&id, at).await;
    let found = found.map_err(|error| Problem::of_service(error, id.as_str(), &Value::Null))?;
    Ok(Json(explained_json(&found)).into_response())
}

fn explained_json(found: &Explained) -> Value {
    let words = match (&found.run, found.moment) {
        (Some(run), _) => Some(explain(run)),
        (None, moment) => moment.map(|moment| moment.words()),
    };
    json!({
        "explanation": words.as_ref().map(words_json),
        "moment": found.moment.map(|moment| moment.as_str()),
        "run": found.run.as_ref().map(detail_json),
        "previous": found.previous.as_ref().map(run_json),
        "next": found.next.as_ref().map(run_json),
        "next_fire_at": found.next_fire_at.map(super::times::shown),
    })
}

async fn act(
    State(state): State<ApiState>,
    RunActionPath { run_id, action }: RunActionPath,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let body = definition::receive(&headers, body, JSON).await?;
    match action.as_str() {
        "rerun" => rerun(&state, run_id, body).await,
        _ => Err(Problem::NoSuchPath),
    }
}

/// Fire a run again
///
/// Fires its job now, as `POST /api/v1/jobs/{job_id}:run` does: with the job's
/// present definition, beside its schedule.
#[utoipa::path(
    post,
    path = "/api/v1/runs/{run_id}:rerun",
    operation_id = "rerun_run",
    tag = TAG,
    params(RunIdParam),
    responses(
        (status = 202, description = "The new run is on record and will be sent.",
            headers(("Location" = String, description = "The path of the new run.")),
            body = ref("#/components/schemas/ManualRun"), example = json!(examples::manual())),
        RerunProblems,
    )
)]
async fn rerun(state: &ApiState, run_id: i64, body: Option<Value>) -> Result<Response, Problem> {
    definition::nothing(body)?;
    let run = state
        .runs
        .rerun(run_id)
        .await
        .map_err(|error| match error {
            RerunError::NoSuchRun => Problem::NoSuchRun(run_id.to_string()),
            RerunError::JobGone(id) => Problem::JobGone(id.as_str().to_owned()),
            RerunError::Other(error) => Problem::of_service(error, "", &Value::Null),
        })?;
    Ok(accepted(&run))
}

/// The answer to who asked for a run.
pub fn accepted(run: &ManualRun) -> Response {
    let mut response = (StatusCode::ACCEPTED, Json(manual_json(run))).into_response();
    let location = format!("{}/runs/{}", super::PREFIX, run.row_id);
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

fn of_run(error: ServiceError, run_id: i64) -> Problem {
    match error {
        ServiceError::NotFound => Problem::NoSuchRun(run_id.to_string()),
        error => Problem::of_service(error, "", &Value::Null),
    }
}
