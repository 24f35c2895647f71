//! What is done to a job: `POST /api/v1/jobs/{job_id}:{action}`.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;
use serde_json::Value;
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::definition::{self, JSON};
use super::examples;
use super::jobs::answer;
use super::params::{ConditionHeaders, JobIdParam};
use super::path::{ActionPath, job_id};
use super::precondition::Conditions;
use super::problem::Problem;
use super::refusals::{ActionProblems, ChangeProblems, CopyProblems};
use super::run_examples;
use super::runs::accepted;
use super::times::Instant;
use crate::api::ApiState;
use crate::domain::job::{JobId, JobState};
use crate::service::{Precondition, ServiceError};

/// The router cannot match `{job_id}:pause`, so the document names the four
/// paths and one route serves them.
#[derive(OpenApi)]
#[openapi(paths(pause, resume, run, copy), components(schemas(SentPause)))]
struct Documented;

/// The one route of all actions.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(Documented::openapi()).route("/api/v1/jobs/{job_id}", post(act))
}

async fn act(
    State(state): State<ApiState>,
    ActionPath { job_id, action }: ActionPath,
    Conditions(conditions): Conditions,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let body = definition::receive(&headers, body, JSON).await?;
    match action.as_str() {
        "pause" => pause(&state, &job_id, &conditions, body).await,
        "resume" => resume(&state, &job_id, &conditions, body).await,
        "run" => run(&state, &job_id, body).await,
        "copy" => copy(&state, &job_id, body).await,
        _ => Err(Problem::NoSuchPath),
    }
}

/// For how long a job is paused.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Pause)]
struct SentPause {
    /// When it goes on by itself; null: when it is resumed.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Instant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SentCopy {
    job_id: String,
    #[serde(default = "yes")]
    paused: bool,
}

fn yes() -> bool {
    true
}

/// Pause a job
///
/// It does not fire until it is resumed, or, with `until`, before that instant.
/// What is claimed and not yet sent is skipped as `paused`. With `until` the job
/// goes on by itself, and each fire time before it is on record as skipped
/// (`pause_until`). Pausing a paused job is no fault.
#[utoipa::path(
    post,
    path = "/api/v1/jobs/{job_id}:pause",
    operation_id = "pause_job",
    tag = super::TAG,
    params(JobIdParam, ConditionHeaders),
    request_body(content = Option<SentPause>, examples(
        ("open" = (summary = "Until it is resumed", value = json!({}))),
        ("until" = (summary = "Until an instant", value = json!({"until": "2099-01-01T00:00:00Z"}))),
    )),
    responses(
        (status = 200, description = "The job as it is now.", headers(("ETag" = String, description = "The revision of the definition.")),
            body = ref("#/components/schemas/Job"),
            example = json!(examples::job())),
        ChangeProblems,
    )
)]
async fn pause(
    state: &ApiState,
    id: &JobId,
    conditions: &Precondition,
    body: Option<Value>,
) -> Result<Response, Problem> {
    let sent: SentPause = definition::sent(body)?;
    let paused = match sent.until {
        None => state.jobs.pause(id.as_str(), conditions).await,
        Some(until) => {
            let until = until.0;
            state.jobs.pause_until(id.as_str(), until, conditions).await
        }
    };
    let job = paused.map_err(|error| of(error, id))?;
    Ok(answer(state, StatusCode::OK, job).await)
}

/// Resume a job
///
/// It fires again from its next fire time on; an interval keeps its phase. An
/// end of a pause (`pause_until`) is forgotten, and failures are counted anew.
/// Resuming a running job is no fault.
#[utoipa::path(
    post,
    path = "/api/v1/jobs/{job_id}:resume",
    operation_id = "resume_job",
    tag = super::TAG,
    params(JobIdParam, ConditionHeaders),
    responses(
        (status = 200, description = "The job as it is now.", headers(("ETag" = String, description = "The revision of the definition.")),
            body = ref("#/components/schemas/Job"),
            example = json!(examples::job())),
        ChangeProblems,
    )
)]
async fn resume(
    state: &ApiState,
    id: &JobId,
    conditions: &Precondition,
    body: Option<Value>,
) -> Result<Response, Problem> {
    definition::nothing(body)?;
    let resumed = state.jobs.resume(id.as_str(), conditions).await;
    let job = resumed.map_err(|error| of(error, id))?;
    Ok(answer(state, StatusCode::OK, job).await)
}

/// Fire a job now
///
/// Adds an occurrence of its own kind, `manual`, which is sent at once by one of
/// the replicas, also when the job is paused. The schedule is not touched: its
/// next fire time stays, and the two kinds do not wait for each other.
#[utoipa::path(
    post,
    path = "/api/v1/jobs/{job_id}:run",
    operation_id = "run_job",
    tag = super::TAG,
    params(JobIdParam),
    responses(
        (status = 202, description = "The occurrence is on record and will be sent.",
            headers(("Location" = String, description = "The path of the run.")),
            body = ref("#/components/schemas/ManualRun"), example = json!(run_examples::manual())),
        ActionProblems,
    )
)]
async fn run(state: &ApiState, id: &JobId, body: Option<Value>) -> Result<Response, Problem> {
    definition::nothing(body)?;
    let run = state.jobs.run_now(id.as_str()).await;
    let run = run.map_err(|error| of(error, id))?;
    Ok(accepted(&run))
}

/// Copy a job
///
/// Adds a job with the same definition, secrets included, under another id. It
/// is paused, so that nothing is sent twice before it has been changed, unless
/// `paused` is false.
#[utoipa::path(
    post,
    path = "/api/v1/jobs/{job_id}:copy",
    operation_id = "copy_job",
    tag = super::TAG,
    params(JobIdParam),
    request_body(content = ref("#/components/schemas/Copy"), examples(
        ("copy" = (summary = "A paused copy", value = json!({"job_id": "daily-report-copy"}))),
    )),
    responses(
        (status = 201, description = "The copy.", headers(("ETag" = String, description = "The revision of the definition."),
                ("Location" = String, description = "The path of the copy.")),
            body = ref("#/components/schemas/Job"), example = json!(examples::job())),
        CopyProblems,
    )
)]
async fn copy(state: &ApiState, id: &JobId, body: Option<Value>) -> Result<Response, Problem> {
    let sent: SentCopy = definition::sent(body)?;
    let to = job_id(sent.job_id)?;
    let wanted = match sent.paused {
        true => JobState::Paused,
        false => JobState::Running,
    };
    let copied = state.jobs.copy(id.as_str(), &to, wanted).await;
    let job = copied.map_err(|error| match error {
        ServiceError::Exists => of(error, &to),
        error => of(error, id),
    })?;
    let mut response = answer(state, StatusCode::CREATED, job).await;
    let location = format!("{}/jobs/{}", super::PREFIX, encoded(to.as_str()));
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

fn of(error: ServiceError, id: &JobId) -> Problem {
    Problem::of_service(error, id.as_str(), &Value::Null)
}

/// A text as one segment of a path.
fn encoded(text: &str) -> String {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes()
        .map(|b| match unreserved(b) {
            true => char::from(b).to_string(),
            false => format!("%{b:02X}"),
        })
        .collect()
}
