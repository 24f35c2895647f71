//! The run a path names.

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde_json::Value;
use utoipa::IntoParams;

use crate::api::v1::problem::{Fault, Problem};

/// What is done to a run.
const RERUN: &str = "rerun";

/// The run of a path, as the document describes it.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only its description is used")]
pub struct RunIdParam {
    /// The id of the run, as lists and `:run` tell it.
    #[param(example = 1, minimum = 1)]
    run_id: i64,
}

/// The run of `/runs/{run_id}`.
pub struct RunPath(pub i64);

/// The run of `/runs/{run_id}:rerun`.
pub struct RerunPath(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for RunPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let segment = segment(parts, state).await?;
        match acted_on(&segment) {
            Some(_) => Err(Problem::MethodNotAllowed("POST")),
            None => run_id(&segment).map(Self),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RerunPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let segment = segment(parts, state).await?;
        match (acted_on(&segment), segment.contains(':')) {
            (Some(run), _) => run_id(run).map(Self),
            (None, true) => Err(Problem::NoSuchPath),
            (None, false) => Err(Problem::MethodNotAllowed("GET, HEAD")),
        }
    }
}

/// Whether a path is that of firing again.
pub fn is_rerun(path: &str) -> bool {
    let segment = path.strip_prefix("/api/v1/runs/");
    segment.is_some_and(|segment| acted_on(segment).is_some())
}

/// The run of a segment that ends in the action.
fn acted_on(segment: &str) -> Option<&str> {
    segment.strip_suffix(RERUN)?.strip_suffix(':')
}

fn run_id(text: &str) -> Result<i64, Problem> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let read = text.parse().ok().filter(|_| digits);
    read.ok_or_else(|| {
        let rule = "the id of a run is a whole number from 1 to 9223372036854775807";
        Problem::Invalid(vec![Fault::new("run_id", rule, Value::from(text))])
    })
}

async fn segment<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<String, Problem> {
    let path: Result<Path<String>, PathRejection> = Path::from_request_parts(parts, state).await;
    path.map(|Path(segment)| segment).map_err(|_| {
        let rule = "the path must be UTF-8, with special characters percent-encoded";
        Problem::Malformed(Fault::new("run_id", rule, Value::Null))
    })
}
