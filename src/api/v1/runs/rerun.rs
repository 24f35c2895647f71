//! Fire again: `POST /api/v1/runs/{run_id}:rerun`.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;
use utoipa::OpenApi;

use super::accepted;
use super::path::{RerunPath, RunIdParam};
use crate::api::ApiState;
use crate::api::v1::actions::{Nothing, sent};
use crate::api::v1::definition::{self, JSON};
use crate::api::v1::problem::Problem;
use crate::api::v1::refusals::RerunProblems;
use crate::api::v1::{self};
use crate::service::Rerun;

/// The router cannot match `{run_id}:rerun`, so the document names that path and
/// the route of `{run_id}` serves it.
#[derive(OpenApi)]
#[openapi(paths(rerun))]
struct Documented;

/// The document of this operation.
pub fn document() -> utoipa::openapi::OpenApi {
    Documented::openapi()
}

/// The route.
pub async fn act(
    State(state): State<ApiState>,
    RerunPath(id): RerunPath,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let body = definition::receive(&headers, body, JSON).await?;
    rerun(&state, id, body).await
}

/// Fire a run again
///
/// Fires the job of the run now, as it is defined now, beside its schedule: a
/// new run of the kind `manual` with a fire id of its own, as by `:run`. The run
/// that is named stays as it is.
#[utoipa::path(
    post,
    path = "/api/v1/runs/{run_id}:rerun",
    operation_id = "rerun_run",
    tag = v1::RUNS_TAG,
    params(RunIdParam),
    responses(
        (status = 202, description = "The new run is on record and will be sent.",
            headers(("Location" = String, description = "The path of the new run.")),
            body = ref("#/components/schemas/ManualRun"), example = json!({"run_id": 42, "job_id": "daily-report",
            "kind": "manual", "fire_at": "2030-01-01T09:00:00.123Z",
            "fire_id": "5c9e5d64-2f2f-5c60-8f0c-5ad2a4a3a4c1"})),
        RerunProblems,
    )
)]
async fn rerun(state: &ApiState, id: i64, body: Option<Value>) -> Result<Response, Problem> {
    let Nothing {} = sent(body)?;
    let asked = state.runs.rerun(id).await;
    match asked.map_err(|error| Problem::of_service(error, "", &Value::Null))? {
        Rerun::Asked(run) => Ok(accepted(&run)),
        Rerun::NoSuchRun => Err(Problem::NoSuchRun(id)),
        Rerun::JobGone(job_id) => Err(Problem::JobGone(job_id.as_str().to_owned())),
    }
}
