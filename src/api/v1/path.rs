//! The job a path names, and what is to be done with it.

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde_json::Value;

use super::problem::{Fault, Problem};
use crate::domain::job::JobId;

/// The job of `/jobs/{job_id}`.
pub struct JobPath(pub JobId);

/// The job and the word of `/jobs/{job_id}:{action}`: the router matches whole
/// segments, so they are taken apart here, at the last colon.
pub struct ActionPath {
    /// Whose.
    pub job_id: JobId,
    /// What to do; empty when there is no colon.
    pub action: String,
}

/// The run of `/runs/{run_id}`.
pub struct RunPath(pub i64);

/// The run and the word of `/runs/{run_id}:{action}`.
pub struct RunActionPath {
    /// Which.
    pub run_id: i64,
    /// What to do.
    pub action: String,
}

impl<S: Send + Sync> FromRequestParts<S> for JobPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        job_id(segment(parts, state).await?).map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ActionPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let segment = segment(parts, state).await?;
        let Some((id, action)) = segment.rsplit_once(':') else {
            return Err(Problem::MethodNotAllowed(allowed(&segment)));
        };
        Ok(Self {
            job_id: job_id(id.to_owned())?,
            action: action.to_owned(),
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RunPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        run_id(&segment(parts, state).await?).map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RunActionPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let segment = segment(parts, state).await?;
        let Some((id, action)) = segment.rsplit_once(':') else {
            return Err(Problem::MethodNotAllowed("GET, HEAD"));
        };
        Ok(Self {
            run_id: run_id(id)?,
            action: action.to_owned(),
        })
    }
}

/// What is done to a job by `:{action}`.
pub const ACTIONS: [&str; 4] = ["pause", "resume", "run", "copy"];

/// The methods of the last segment of a path: those of a job, or of an action.
pub fn allowed(segment: &str) -> &'static str {
    let action = segment.rsplit_once(':').map(|(_, action)| action);
    match action.is_some_and(|action| ACTIONS.contains(&action)) {
        true => "POST",
        false => "GET, HEAD, PUT, PATCH, DELETE",
    }
}

async fn segment<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<String, Problem> {
    let path: Result<Path<String>, PathRejection> = Path::from_request_parts(parts, state).await;
    path.map(|Path(segment)| segment).map_err(|_| {
        let rule = "the path must be UTF-8, with special characters percent-encoded";
        Problem::Malformed(Fault::new("job_id", rule, Value::Null))
    })
}

fn run_id(text: &str) -> Result<i64, Problem> {
    let id = text.parse().ok().filter(|id| *id > 0);
    id.ok_or_else(|| {
        let rule = "a run id is a whole number from 1 on";
        Problem::Invalid(vec![Fault::new("run_id", rule, Value::from(text))])
    })
}

/// Checks an id.
pub fn job_id(text: String) -> Result<JobId, Problem> {
    JobId::new(text.as_str()).map_err(|error| {
        let fault = Fault::new("job_id", error.to_string(), Value::from(text));
        Problem::Invalid(vec![fault])
    })
}
