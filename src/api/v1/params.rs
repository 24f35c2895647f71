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
