//! Parameters as the document describes them; `path` and `precondition` read
//! them.

#![expect(dead_code, reason = "only their description is used")]

use utoipa::IntoParams;

/// The job of a path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub struct JobIdParam {
    /// The name of the job: any text of 1 to 16384 bytes, percent-encoded.
    #[param(example = "daily-report", min_length = 1)]
    job_id: String,
}

/// The run of a path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RunIdParam {
    /// The ledger row.
    #[param(example = 1, minimum = 1)]
    run_id: i64,
}

/// Which runs are listed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RunsParams {
    /// Runs on the page at most; by default 50.
    #[param(example = 50, minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before, with the same filters.
    #[param(example = "MTg5MzQ1NjAwMDAwMC40Mg")]
    cursor: Option<String>,
    /// One or more states, with commas: claimed, firing, succeeded, failed,
    /// unknown, skipped, missed, coalesced.
    #[param(
        example = "failed,missed",
        pattern = "^(claimed|firing|succeeded|failed|unknown|skipped|missed|coalesced)(,(claimed|firing|succeeded|failed|unknown|skipped|missed|coalesced))*$"
    )]
    state: Option<String>,
    /// One or more reasons, with commas, such as `timeout,connect`.
    #[param(
        example = "timeout",
        pattern = "^(status|timeout|connect|broken|success_rule|too_many_redirects|invalid_url|send_limit|lease_lost|lock_unavailable|lock_held|replica_died|shutdown|internal|cancelled|overlap|queue_full|pause_until|ended|paused|removed|changed|grace|no_catch_up)(,(status|timeout|connect|broken|success_rule|too_many_redirects|invalid_url|send_limit|lease_lost|lock_unavailable|lock_held|replica_died|shutdown|internal|cancelled|overlap|queue_full|pause_until|ended|paused|removed|changed|grace|no_catch_up))*$"
    )]
    reason: Option<String>,
    /// `scheduled` or `manual`.
    #[param(example = "scheduled", pattern = "^(scheduled|manual)$")]
    kind: Option<String>,
    /// The target's status code, or a range of them.
    #[param(example = "500-599", pattern = "^[1-5][0-9]{2}(-[1-5][0-9]{2})?$")]
    status: Option<String>,
    /// Fire times from this instant on.
    #[param(example = "2020-01-01T00:00:00Z", format = DateTime)]
    from: Option<String>,
    /// Fire times before this instant.
    #[param(example = "2090-01-01T00:00:00Z", format = DateTime)]
    to: Option<String>,
}

/// What is expected of the job.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct ConditionHeaders {
    /// Only if the job has one of these `ETag`s, or, with `*`, if there is one.
    #[param(rename = "If-Match", example = "*")]
    if_match: Option<String>,
    /// Only if the job has none of these `ETag`s, or, with `*`, if there is none.
    #[param(rename = "If-None-Match", example = "\"0-0\"")]
    if_none_match: Option<String>,
}
