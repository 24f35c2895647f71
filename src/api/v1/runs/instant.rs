//! Why did it (not) fire at T: `GET /api/v1/jobs/{job_id}/explain`.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{examples, view};
use crate::api::ApiState;
use crate::api::v1::params::JobIdParam;
use crate::api::v1::path::JobPath;
use crate::api::v1::problem::{Fault, Problem};
use crate::api::v1::refusals::ReadProblems;
use crate::api::v1::times::{Instant, shown};
use crate::api::v1::{self};

/// Explain an instant
///
/// Why did, did not, or will the job fire at this instant? From the record of the
/// fire time, or of the fire times it lies among; where there is none, from the
/// job as it is. Answers for a removed job too, as long as its history is there.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{job_id}/explain",
    operation_id = "explain_instant",
    tag = v1::RUNS_TAG,
    params(
        JobIdParam,
        ("at" = String, Query, format = DateTime, description = "The instant: RFC 3339, with its offset; cut to milliseconds.", example = json!("2030-01-01T01:00:00Z")),
    ),
    responses(
        (status = 200, description = "The answer.", body = ref("#/components/schemas/InstantExplanation"),
            example = json!(examples::instant())),
        ReadProblems,
    )
)]
pub async fn explain(
    State(state): State<ApiState>,
    JobPath(id): JobPath,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let at = read(query.as_deref().unwrap_or_default())?;
    let explained = state.runs.explain(id.as_str(), at).await;
    let explained =
        explained.map_err(|error| Problem::of_service(error, id.as_str(), &Value::Null))?;
    let body = json!({
        "job_id": id.as_str(),
        "at": shown(at),
        "verdict": explained.verdict.as_str(),
        "explanation": view::sentence(&explained.sentence),
        "run": explained.run.as_ref().map(view::run),
        "previous_fire_at": explained.previous_fire_at.map(shown),
        "next_fire_at": explained.next_fire_at.map(shown),
    });
    Ok(Json(body).into_response())
}

fn read(query: &str) -> Result<DateTime<Utc>, Problem> {
    let (mut at, mut faults) = (None, Vec::new());
    let mut given = false;
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let rule = match (name.as_ref(), given) {
            ("at", true) => "this parameter may be given once".to_owned(),
            ("at", false) => {
                given = true;
                match Instant::of_query(&value) {
                    Ok(Instant(read)) => {
                        at = Some(read);
                        continue;
                    }
                    Err(rule) => rule,
                }
            }
            _ => "unknown parameter; known: at".to_owned(),
        };
        faults.push(Fault::new(name.as_ref(), rule, Value::from(value.as_ref())));
    }
    if !given {
        let rule = "this parameter is required: the instant in question";
        faults.push(Fault::new("at", rule, Value::Null));
    }
    at.filter(|_| faults.is_empty())
        .ok_or(Problem::Invalid(faults))
}
