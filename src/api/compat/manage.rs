//! The five endpoints that remove, pause, resume and show jobs.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use utoipa::IntoResponses;

use super::answers::{Empty, Envelope, JobObject, TaskList};
use super::list;
use crate::api::ApiState;
use crate::api::error::{Detail, Faults, Operation, Refusal};
use crate::api::extract::{JobIdFilter, JobIdParam};
use crate::service::{Precondition, ServiceError};

/// The inherited clients expect nothing.
const ANYTHING: Precondition = Precondition {
    one_of: None,
    none_of: None,
};

type Answer<T> = Result<Json<Envelope<T>>, Refusal>;

/// Remove a job
///
/// Removes a job; what it had pending is not sent any more. An unknown id is
/// answered with status 200 too: look at `success`.
#[utoipa::path(
    delete,
    path = "/scheduler/remove_job",
    operation_id = "scheduler_remove_job_scheduler_remove_job_delete",
    tag = super::TAG,
    params(("job_id" = String, Query, description = "The id of the job, whole.", example = "cron_job_333")),
    responses(
        (status = 200, description = "The job is removed; or, with `success` false, there is none of that id.",
            body = Envelope<Empty>, examples(
            ("removed" = (summary = "Removed", value = json!({
                "success": true, "error": {"code": "", "message": ""}, "data": {}}))),
            ("unknown" = (summary = "No such job", value = json!({
                "success": false, "error": {"code": "10010", "message": "删除Job ID不存在"}, "data": {}}))))),
        MissingId,
        Away,
    )
)]
pub async fn remove(State(state): State<ApiState>, JobIdParam(id): JobIdParam) -> Answer<Empty> {
    let removed = state.jobs.remove(&id, &ANYTHING).await;
    done(removed, Operation::Remove)
}

/// Pause a job
///
/// Pauses a job until it is resumed or added again. Pausing twice is no fault.
/// An unknown id is answered with status 200 too: look at `success`.
#[utoipa::path(
    put,
    path = "/scheduler/pause_job",
    operation_id = "scheduler_pause_job_scheduler_pause_job_put",
    tag = super::TAG,
    params(("job_id" = String, Query, description = "The id of the job, whole.", example = "cron_job_333")),
    responses(
        (status = 200, description = "The job is paused; or, with `success` false, there is none of that id.",
            body = Envelope<Empty>, examples(
            ("paused" = (summary = "Paused", value = json!({
                "success": true, "error": {"code": "", "message": ""}, "data": {}}))),
            ("unknown" = (summary = "No such job", value = json!({
                "success": false, "error": {"code": "10011", "message": "暂停Job ID不存在"}, "data": {}}))))),
        MissingId,
        Away,
    )
)]
pub async fn pause(State(state): State<ApiState>, JobIdParam(id): JobIdParam) -> Answer<Empty> {
    let paused = state.jobs.pause(&id, &ANYTHING).await;
    done(paused.map(drop), Operation::Pause)
}

/// Resume a job
///
/// Lets a paused job run again; an interval keeps its phase. Resuming a
/// running job is no fault. An unknown id is answered with status 200 too:
/// look at `success`.
#[utoipa::path(
    put,
    path = "/scheduler/resume_job",
    operation_id = "scheduler_resume_job_scheduler_resume_job_put",
    tag = super::TAG,
    params(("job_id" = String, Query, description = "The id of the job, whole.", example = "cron_job_333")),
    responses(
        (status = 200, description = "The job runs; or, with `success` false, there is none of that id.",
            body = Envelope<Empty>, examples(
            ("resumed" = (summary = "Runs again", value = json!({
                "success": true, "error": {"code": "", "message": ""}, "data": {}}))),
            ("unknown" = (summary = "No such job", value = json!({
                "success": false, "error": {"code": "10012", "message": "恢复Job ID不存在"}, "data": {}}))))),
        MissingId,
        Away,
    )
)]
pub async fn resume(State(state): State<ApiState>, JobIdParam(id): JobIdParam) -> Answer<Empty> {
    let resumed = state.jobs.resume(&id, &ANYTHING).await;
    done(resumed.map(drop), Operation::Resume)
}

/// List jobs
///
/// All jobs whose id contains `job_id`: case matters, there are no wildcards,
/// an empty text matches all. By next run, ties in the order of adding, those
/// without a next run last.
#[utoipa::path(
    get,
    path = "/scheduler/get_jobs",
    operation_id = "scheduler_resume_job_scheduler_get_jobs_get",
    tag = super::TAG,
    params(("job_id" = inline(Option<String>), Query, nullable = false, description = "A part of the ids.", example = "job")),
    responses(
        (status = 200, description = "The jobs found.", body = Envelope<TaskList>, example = json!({
            "success": true, "error": {"code": "", "message": ""},
            "data": {"task_list": [example_job()], "total": 1}})),
        Away,
    )
)]
pub async fn list(
    State(state): State<ApiState>,
    JobIdFilter(part): JobIdFilter,
) -> Result<Response, Refusal> {
    let away = |e| Refusal::of_service(e, Operation::Show, |_| None);
    let mut listing = state.jobs.list(&part).await.map_err(away)?;
    let first = listing.next().await.map_err(away)?;
    Ok(match listing.is_over() {
        true => Envelope::success(TaskList::from(first)).into_response(),
        false => list::streamed(first, listing),
    })
}

/// Show a job
///
/// The job of that id. The Python service crashed on an unknown id; here the
/// envelope comes with status 404.
#[utoipa::path(
    get,
    path = "/scheduler/get_job",
    operation_id = "scheduler_resume_job_scheduler_get_job_get",
    tag = super::TAG,
    params(("job_id" = String, Query, description = "The id of the job, whole.", example = "cron_job_333")),
    responses(
        (status = 200, description = "The job.", body = Envelope<JobObject>, example = json!({
            "success": true, "error": {"code": "", "message": ""}, "data": example_job()})),
        (status = 404, description = "There is no job of that id.", body = Envelope<Empty>, example = json!({
            "success": false, "error": {"code": "10013", "message": "查询Job ID不存在"}, "data": {}})),
        MissingId,
        Away,
    )
)]
pub async fn show(State(state): State<ApiState>, JobIdParam(id): JobIdParam) -> Answer<JobObject> {
    let found = state.jobs.get(&id).await;
    let found = found.map_err(|e| Refusal::of_service(e, Operation::Show, |_| None))?;
    Ok(Envelope::success(found.into()))
}

fn done(result: Result<(), ServiceError>, operation: Operation) -> Answer<Empty> {
    match result {
        Ok(()) => Ok(Envelope::success(Empty {})),
        Err(error) => Err(Refusal::of_service(error, operation, |_| None)),
    }
}

fn example_job() -> serde_json::Value {
    json!({
        "job_id": "cron_job_333", "name": "requests_url", "type": "cron",
        "data": {
            "year": "*", "month": "*", "day": "*", "week": "*",
            "day_of_week": "*", "hour": "*", "minute": "*/3", "second": "0"},
        "request_url": "http://127.0.0.1:8000/healthz?id=333",
        "next_run_time": "2026-11-22T15:48:00+00:00", "status": "running"
    })
}

/// The answer without `job_id`.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only its document is used")]
enum MissingId {
    /// The parameter is missing.
    #[response(status = 422, example = json!({"detail": [{
        "type": "missing", "loc": ["query", "job_id"], "msg": "Field required", "input": null}]}))]
    Missing(Faults),
}

/// The answer without a store.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only its document is used")]
enum Away {
    /// The store is away. Try again.
    #[response(status = 503, example = json!({"detail": "The service cannot do this at the moment, try again later (request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11)"}))]
    Unavailable(Detail),
}
