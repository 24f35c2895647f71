//! The three endpoints that add a job.

use axum::Json;
use axum::extract::State;
use utoipa::{IntoResponses, ToSchema};

use super::answers::{Added, Empty, Envelope};
use super::body::Sent;
use super::models::{CronJob, DateJob, IntervalJob};
use crate::api::ApiState;
use crate::api::error::{Detail, Faults, Operation, Refusal};
use crate::service::NewJob;

/// Add a date job
///
/// Adds a job that sends one GET request to `url` at a moment given in UTC, or
/// replaces the job of that id, of whatever type, and un-pauses it. A moment
/// at most 60 s in the past fires at once; an earlier one is accepted and
/// recorded as missed.
#[utoipa::path(
    post,
    path = "/scheduler/date/add_job",
    operation_id = "scheduler_date_add_job_scheduler_date_add_job_post",
    tag = super::TAG,
    request_body(content = DateJob, examples(
        ("once" = (summary = "Once, on the last day of 2099", value = json!({
            "job_id": "date_job_111", "url": "http://127.0.0.1:8000/healthz?id=111",
            "year": 2099, "month": 12, "day": 31, "hour": 23, "minute": 59, "second": 59}))),
    )),
    responses(
        (status = 200, description = "The job is stored.", body = Envelope<Added>, example = json!({
            "success": true, "error": {"code": "", "message": ""},
            "data": {"job_id": "date_job_111"}})),
        (status = 422, description = "The body breaks a rule; every fault is told. A job of that id stays as it is.",
            body = Faults, examples(
            ("range" = (summary = "No such day", value = json!({"detail": [{
                "type": "value_error", "loc": ["body", "day"],
                "msg": "day 30 is out of range: 2099-02 has 28 days; allowed: 1 to 28",
                "input": 30}]}))),
            ("missing" = (summary = "A field is missing", value = json!({"detail": [{
                "type": "missing", "loc": ["body", "second"], "msg": "Field required",
                "input": {"job_id": "date_job_111"}}]}))))),
        AddRefusals,
    )
)]
pub async fn add_date(
    State(state): State<ApiState>,
    sent: Sent<DateJob>,
) -> Result<Json<Envelope<Added>>, Refusal> {
    add(&state, &sent, sent.model.new_job()).await
}

/// Add an interval job
///
/// Adds a job that sends a GET request to `url` again and again, first one
/// interval from now, or replaces the job of that id, of whatever type, and
/// un-pauses it.
#[utoipa::path(
    post,
    path = "/scheduler/interval/add_job",
    operation_id = "scheduler_interval_add_job_scheduler_interval_add_job_post",
    tag = super::TAG,
    request_body(content = IntervalJob, examples(
        ("seconds" = (summary = "Every ten seconds", value = json!({
            "job_id": "interval_job_222", "url": "http://127.0.0.1:8000/healthz?id=222",
            "hours": 0, "minutes": 0, "seconds": 10}))),
        ("day" = (summary = "Once a day; parts left out count as 0", value = json!({
            "job_id": "interval_job_222", "url": "http://127.0.0.1:8000/healthz?id=222",
            "hours": 24}))),
    )),
    responses(
        (status = 200, description = "The job is stored; or, with `success` false, no part of the interval was given.",
            body = AddedOrNot, examples(
            ("added" = (summary = "Stored", value = json!({
                "success": true, "error": {"code": "", "message": ""},
                "data": {"job_id": "interval_job_222"}}))),
            ("no_interval" = (summary = "No interval given", value = json!({
                "success": false,
                "error": {"code": "30001", "message": "Please set the interval."}, "data": {}}))))),
        (status = 422, description = "The body breaks a rule; every fault is told. A job of that id stays as it is.",
            body = Faults, examples(
            ("range" = (summary = "Negative", value = json!({"detail": [{
                "type": "value_error", "loc": ["body", "seconds"],
                "msg": "the interval must not be negative; hours, minutes and seconds together are -5 seconds; allowed: 0 (taken as 1) or more",
                "input": -5}]}))),
            ("missing" = (summary = "A field is missing", value = json!({"detail": [{
                "type": "missing", "loc": ["body", "url"], "msg": "Field required",
                "input": {"job_id": "interval_job_222", "seconds": 10}}]}))))),
        AddRefusals,
    )
)]
pub async fn add_interval(
    State(state): State<ApiState>,
    sent: Sent<IntervalJob>,
) -> Result<Json<Envelope<Added>>, Refusal> {
    if !sent.model.has_parts() {
        return Err(Refusal::NoInterval);
    }
    add(&state, &sent, sent.model.new_job()).await
}

/// Add a cron job
///
/// Adds a job that sends a GET request to `url` whenever the clock (UTC)
/// matches all fields, or replaces the job of that id, of whatever type, and
/// un-pauses it. Weekdays count from 0 = Monday; `day` and `day_of_week` must
/// both match.
#[utoipa::path(
    post,
    path = "/scheduler/cron/add_job",
    operation_id = "scheduler_cron_add_job_scheduler_cron_add_job_post",
    tag = super::TAG,
    request_body(content = CronJob, examples(
        ("minutes" = (summary = "Every three minutes", value = json!({
            "job_id": "cron_job_333", "url": "http://127.0.0.1:8000/healthz?id=333",
            "second": "0", "minute": "*/3", "hour": "*",
            "day": "*", "month": "*", "day_of_week": "*"}))),
        ("workdays" = (summary = "At 9:30 on workdays; fields left out have defaults", value = json!({
            "job_id": "cron_job_334", "url": "http://127.0.0.1:8000/healthz?id=334",
            "minute": "30", "hour": "9", "day_of_week": "mon-fri"}))),
    )),
    responses(
        (status = 200, description = "The job is stored.", body = Envelope<Added>, example = json!({
            "success": true, "error": {"code": "", "message": ""},
            "data": {"job_id": "cron_job_333"}})),
        (status = 422, description = "The body breaks a rule; every fault is told. A job of that id stays as it is.",
            body = Faults, examples(
            ("expression" = (summary = "No such minute", value = json!({"detail": [{
                "type": "value_error", "loc": ["body", "minute"],
                "msg": "Error validating expression '60': the last value (60) is higher than the maximum value (59); allowed: *, */n, a, a-b, a/n, a-b/n, lists with commas; numbers 0-59",
                "input": "60"}]}))),
            ("json" = (summary = "Broken JSON", value = json!({"detail": [{
                "type": "json_invalid", "loc": ["body", 23], "msg": "JSON decode error",
                "input": {}, "ctx": {"error": "Expecting value"}}]}))))),
        AddRefusals,
    )
)]
pub async fn add_cron(
    State(state): State<ApiState>,
    sent: Sent<CronJob>,
) -> Result<Json<Envelope<Added>>, Refusal> {
    add(&state, &sent, sent.model.new_job()).await
}

async fn add<T>(
    state: &ApiState,
    sent: &Sent<T>,
    new: NewJob,
) -> Result<Json<Envelope<Added>>, Refusal> {
    let added = state.jobs.add(new).await;
    let id = added.map_err(|e| Refusal::of_service(e, Operation::Add, |field| sent.echo(field)))?;
    Ok(Envelope::success(Added {
        job_id: id.to_string(),
    }))
}

/// What an interval job is answered with: its id, or nothing in a refusal.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its document is used")]
enum AddedOrNot {
    Added(Envelope<Added>),
    Not(Envelope<Empty>),
}

/// What every add endpoint may answer besides.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only its document is used")]
enum AddRefusals {
    /// The body is not UTF-8, is nested too deeply, or broke off.
    #[response(status = 400, example = json!({"detail": "There was an error parsing the body"}))]
    Unreadable(Detail),
    /// The body did not arrive in time.
    #[response(status = 408, example = json!({"detail": "The body did not arrive within 30 s"}))]
    TooSlow(Detail),
    /// The body is too large.
    #[response(status = 413, example = json!({"detail": "The body has more than the 1048576 bytes allowed"}))]
    TooLarge(Detail),
    /// The store is away; nothing was changed. Try again.
    #[response(status = 503, example = json!({"detail": "The service cannot do this at the moment, try again later (request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11)"}))]
    Unavailable(Detail),
}
