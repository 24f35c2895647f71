//! One job as a resource: show, put, patch, remove.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::definition::{self, JSON, MERGE_PATCH};
use super::examples;
use super::params::{ConditionHeaders, JobIdParam};
use super::path::JobPath;
use super::precondition::Conditions;
use super::problem::{Fault, Problem};
use super::refusals::{ChangeProblems, ReadProblems, RemoveProblems, WriteProblems};
use super::view;
use crate::api::ApiState;
use crate::service::{JobView, ServiceError};

/// Show a job
///
/// The definition as its client made it, with defaults left out, and under
/// `status` how it fares. Secret values are shown as `{"secret": true}`. The
/// `ETag` names the revision of the definition; `status` changes without it.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{job_id}",
    operation_id = "get_job",
    tag = super::TAG,
    params(JobIdParam),
    responses(
        (status = 200, description = "The job.", headers(("ETag" = String, description = "The revision of the definition.")),
            body = ref("#/components/schemas/Job"), example = json!(examples::job())),
        ReadProblems,
    )
)]
pub async fn show(
    State(state): State<ApiState>,
    JobPath(id): JobPath,
) -> Result<Response, Problem> {
    let view = state.jobs.get(id.as_str()).await;
    let view = view.map_err(|error| Problem::of_service(error, id.as_str(), &Value::Null))?;
    Ok(answer(&state, StatusCode::OK, view).await)
}

/// Create or replace a job
///
/// Puts the whole definition. The same definition again changes nothing: the
/// phase of an interval, a pause and the `ETag` stay. A changed one replaces the
/// old one at once; what was claimed of it and not yet sent is skipped as
/// `changed`. A paused job stays paused. Send `If-None-Match: *` to create only,
/// `If-Match` with the `ETag` you have seen to replace only what you know.
/// Secrets sent as `{"secret": true}` stay as they are, as long as the host does.
#[utoipa::path(
    put,
    path = "/api/v1/jobs/{job_id}",
    operation_id = "put_job",
    tag = super::TAG,
    params(JobIdParam, ConditionHeaders),
    request_body(content = ref("#/components/schemas/JobDefinition"), examples(
        ("cron" = (summary = "Weekdays at nine in Shanghai, with retries", value = json!(examples::cron()))),
        ("interval" = (summary = "Every five minutes", value = json!(examples::interval()))),
        ("date" = (summary = "Once", value = json!(examples::date()))),
    )),
    responses(
        (status = 200, description = "The job is replaced, or was that already.",
            headers(("ETag" = String, description = "The revision of the definition.")),
            body = ref("#/components/schemas/Job"), example = json!(examples::job())),
        (status = 201, description = "The job is created.", headers(("ETag" = String, description = "The revision of the definition.")),
            body = ref("#/components/schemas/Job"),
            example = json!(examples::job())),
        WriteProblems,
    )
)]
pub async fn put(
    State(state): State<ApiState>,
    JobPath(id): JobPath,
    Conditions(conditions): Conditions,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let sent = definition::needed(definition::receive(&headers, body, JSON).await?)?;
    let put = state.jobs.put(&id, &conditions, |current| {
        let whole = definition::keeping_pause(sent.clone(), current);
        definition::define(whole, &id, current, &state.jobs).map_err(Refused::Problem)
    });
    let put = put
        .await
        .map_err(|refused| refused.into_problem(id.as_str(), &sent))?;
    let status = match put.created {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    Ok(answer(&state, status, put.job).await)
}

/// Change parts of a job
///
/// Merges the body into the definition (RFC 7396): what is null goes back to its
/// default, lists are replaced whole. A trigger of another `type` replaces the
/// old one, as does a line of `cron` text its fields.
#[utoipa::path(
    patch,
    path = "/api/v1/jobs/{job_id}",
    operation_id = "patch_job",
    tag = super::TAG,
    params(JobIdParam, ConditionHeaders),
    request_body(content(
        (ref("#/components/schemas/JobPatch") = "application/merge-patch+json", examples(
            ("zone" = (summary = "Another time zone and another deadline", value = json!(examples::patch()))))),
        (ref("#/components/schemas/JobPatch") = "application/json", examples(
            ("zone" = (summary = "Another time zone and another deadline", value = json!(examples::patch()))))),
    )),
    responses(
        (status = 200, description = "The job as it is now.", headers(("ETag" = String, description = "The revision of the definition.")),
            body = ref("#/components/schemas/Job"),
            example = json!(examples::job())),
        ChangeProblems,
    )
)]
pub async fn patch(
    State(state): State<ApiState>,
    JobPath(id): JobPath,
    Conditions(conditions): Conditions,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let sent = definition::needed(definition::receive(&headers, body, MERGE_PATCH).await?)?;
    if !sent.is_object() {
        let fault = Fault::new("", "a patch is an object", sent);
        return Err(Problem::Invalid(vec![fault]));
    }
    let put = state.jobs.put(&id, &conditions, |current| {
        let job = current.ok_or(ServiceError::NotFound)?;
        let whole = definition::patched(job, sent.clone());
        definition::define(whole, &id, current, &state.jobs).map_err(Refused::Problem)
    });
    let put = put
        .await
        .map_err(|refused: Refused| refused.into_problem(id.as_str(), &sent))?;
    Ok(answer(&state, StatusCode::OK, put.job).await)
}

/// Remove a job
///
/// What was claimed of it and not yet sent is skipped as `removed`; a request
/// under way goes on. Its history stays.
#[utoipa::path(
    delete,
    path = "/api/v1/jobs/{job_id}",
    operation_id = "delete_job",
    tag = super::TAG,
    params(JobIdParam, ConditionHeaders),
    responses(
        (status = 204, description = "It is gone."),
        RemoveProblems,
    )
)]
pub async fn remove(
    State(state): State<ApiState>,
    JobPath(id): JobPath,
    Conditions(conditions): Conditions,
) -> Result<Response, Problem> {
    let removed = state.jobs.remove(id.as_str(), &conditions).await;
    removed.map_err(|error| Problem::of_service(error, id.as_str(), &Value::Null))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A job as the body of an answer, with what came of it lately.
pub async fn answer(state: &ApiState, status: StatusCode, view: JobView) -> Response {
    // The change is made, whatever becomes of this look at the job.
    let summary = state.jobs.summary(&view.job.id).await.ok();
    let headers = view::headers(&view.job);
    let JobView { job, next_run_at } = &view;
    let body = view::JobJson::new(job, *next_run_at, summary.as_ref(), state.jobs.now());
    (status, headers, Json(body)).into_response()
}

/// What can stop a put: a fault of the body, or of the service.
enum Refused {
    Problem(Problem),
    Service(ServiceError),
}

impl From<ServiceError> for Refused {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}

impl Refused {
    fn into_problem(self, job_id: &str, sent: &Value) -> Problem {
        match self {
            Self::Problem(problem) => problem,
            Self::Service(error) => Problem::of_service(error, job_id, sent),
        }
    }
}
