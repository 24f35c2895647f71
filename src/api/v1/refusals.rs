//! The refusals of each kind of operation, for the document.

use utoipa::IntoResponses;

use super::examples::problem;
use super::problem::Document;

/// The refusals of the list.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only its document is used")]
pub enum ListProblems {
    /// The input breaks rules; every fault is told. Nothing was changed.
    #[response(status = 422, content_type = "application/problem+json", example = json!(problem(422, "invalid")))]
    Invalid(Document),
    /// The store is away; nothing was changed. Try again.
    #[response(status = 503, content_type = "application/problem+json", example = json!(problem(503, "unavailable")))]
    Unavailable(Document),
}

/// The refusals of a request about one job, without a body.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only its document is used")]
pub enum ReadProblems {
    /// The request cannot be read.
    #[response(status = 400, content_type = "application/problem+json", example = json!(problem(400, "malformed")))]
    Malformed(Document),
    /// There is no such job.
    #[response(status = 404, content_type = "application/problem+json", example = json!(problem(404, "no-such-job")))]
    NoSuchJob(Document),
    /// The input breaks rules; every fault is told. Nothing was changed.
    #[response(status = 422, content_type = "application/problem+json", example = json!(problem(422, "invalid")))]
    Invalid(Document),
    /// The store is away; nothing was changed. Try again.
    #[response(status = 503, content_type = "application/problem+json", example = json!(problem(503, "unavailable")))]
    Unavailable(Document),
}

/// The refusals of a put.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only its document is used")]
pub enum WriteProblems {
    /// The request cannot be read.
    #[response(status = 400, content_type = "application/problem+json", example = json!(problem(400, "malformed")))]
    Malformed(Document),
    /// The body did not arrive in time.
    #[response(status = 408, content_type = "application/problem+json", example = json!(problem(408, "body-too-slow")))]
    BodyTooSlow(Document),
    /// The job is not as expected.
    #[response(status = 412, content_type = "application/problem+json", example = json!(problem(412, "precondition-failed")))]
    PreconditionFailed(Document),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json", example = json!(problem(413, "body-too-large")))]
    BodyTooLarge(Document),
    /// The body is of another media type.
    #[response(status = 415, content_type = "application/problem+json", example = json!(problem(415, "media-type")))]
    MediaType(Document),
    /// The input breaks rules; every fault is told. Nothing was changed.
    #[response(status = 422, content_type = "application/problem+json", example = json!(problem(422, "invalid")))]
    Invalid(Document),
    /// The store is away; nothing was changed. Try again.
    #[response(status = 503, content_type = "application/problem+json", example = json!(problem(503, "unavailable")))]
    Unavailable(Document),
}

/// The refusals of a change of a job that must exist.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only its document is used")]
pub enum ChangeProblems {
    /// The request cannot be read.
    #[response(status = 400, content_type = "application/problem+json", example = json!(problem(400, "malformed")))]
    Malformed(Document),
    /// There is no such job.
    #[response(status = 404, content_type = "application/problem+json", example = json!(problem(404, "no-such-job")))]
    NoSuchJob(Document),
    /// The body did not arrive in time.
    #[response(status = 408, content_type = "application/problem+json", example = json!(problem(408, "body-too-slow")))]
    BodyTooSlow(Document),
    /// The job is not as expected.
    #[response(status = 412, content_type = "application/problem+json", example = json!(problem(412, "precondition-failed")))]
    PreconditionFailed(Document),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json", example = json!(problem(413, "body-too-large")))]
    BodyTooLarge(Document),
    /// The body is of another media type.
    #[response(status = 415, content_type = "application/problem+json", example = json!(problem(415, "media-type")))]
    MediaType(Document),
    /// The input breaks rules; every fault is told. Nothing was changed.
    #[response(status = 422, content_type = "application/problem+json", example = json!(problem(422, "invalid")))]
    Invalid(Document),
    /// The store is away; nothing was changed. Try again.
    #[response(status = 503, content_type = "application/problem+json", example = json!(problem(503, "unavailable")))]
    Unavailable(Document),
}

/// The refusals of an action that expects nothing.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only its document is used")]
pub enum ActionProblems {
    /// The request cannot be read.
    #[response(status = 400, content_type = "application/problem+json", example = json!(problem(400, "malformed")))]
    Malformed(Document),
    /// There is no such job.
    #[response(status = 404, content_type = "application/problem+json", example = json!(problem(404, "no-such-job")))]
    NoSuchJob(Document),
    /// The body did not arrive in time.
    #[response(status = 408, content_type = "application/problem+json", example = json!(problem(408, "body-too-slow")))]
    BodyTooSlow(Document),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json", example = json!(problem(413, "body-too-large")))]
    BodyTooLarge(Document),
    /// The body is of another media type.
    #[response(status = 415, content_type = "application/problem+json", example = json!(problem(415, "media-type")))]
    MediaType(Document),
    /// The input breaks rules; every fault is told. Nothing was changed.
    #[response(status = 422, content_type = "application/problem+json", example = json!(problem(422, "invalid")))]
    Invalid(Document),
    /// The store is away; nothing was changed. Try again.
    #[response(status = 503, content_type = "application/problem+json", example = json!(problem(503, "unavailable")))]
    Unavailable(Document),
}

/// The refusals of a copy.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only its document is used")]
pub enum CopyProblems {
    /// The request cannot be read.
    #[response(status = 400, content_type = "application/problem+json", example = json!(problem(400, "malformed")))]
    Malformed(Document),
    /// There is no such job.
    #[response(status = 404, content_type = "application/problem+json", example = json!(problem(404, "no-such-job")))]
    NoSuchJob(Document),
    /// The body did not arrive in time.
    #[response(status = 408, content_type = "application/problem+json", example = json!(problem(408, "body-too-slow")))]
    BodyTooSlow(Document),
    /// There is a job of that id already.
    #[response(status = 409, content_type = "application/problem+json", example = json!(problem(409, "exists")))]
    Exists(Document),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json", example = json!(problem(413, "body-too-large")))]
    BodyTooLarge(Document),
    /// The body is of another media type.
    #[response(status = 415, content_type = "application/problem+json", example = json!(problem(415, "media-type")))]
    MediaType(Document),
    /// The input breaks rules; every fault is told. Nothing was changed.
    #[response(status = 422, content_type = "application/problem+json", example = json!(problem(422, "invalid")))]
    Invalid(Document),
    /// The store is away; nothing was changed. Try again.
    #[response(status = 503, content_type = "application/problem+json", example = json!(problem(503, "unavailable")))]
    Unavailable(Document),
}

/// The refusals of a removal.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only its document is used")]
pub enum RemoveProblems {
    /// The request cannot be read.
    #[response(status = 400, content_type = "application/problem+json", example = json!(problem(400, "malformed")))]
    Malformed(Document),
    /// There is no such job.
    #[response(status = 404, content_type = "application/problem+json", example = json!(problem(404, "no-such-job")))]
    NoSuchJob(Document),
    /// The job is not as expected.
    #[response(status = 412, content_type = "application/problem+json", example = json!(problem(412, "precondition-failed")))]
    PreconditionFailed(Document),
    /// The input breaks rules; every fault is told. Nothing was changed.
    #[response(status = 422, content_type = "application/problem+json", example = json!(problem(422, "invalid")))]
    Invalid(Document),
    /// The store is away; nothing was changed. Try again.
    #[response(status = 503, content_type = "application/problem+json", example = json!(problem(503, "unavailable")))]
    Unavailable(Document),
}
