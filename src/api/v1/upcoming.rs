//! What a job will do next.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::params::JobIdParam;
use super::path::JobPath;
use super::problem::{Fault, Problem};
use super::refusals::ReadProblems;
use super::run_view::words_json;
use super::schedules::{FEW, fire_times, local, number, rule, warnings_json};
use super::times::shown;
use crate::api::ApiState;
use crate::domain::describe::{describe, zone_of};
use crate::domain::job::{Job, JobState};
use crate::service::Forecast;
use crate::store::OpenRun;

/// Look ahead on a job
///
/// The next occurrences of its schedule as the server will send them: those on
/// record and not sent yet, with the retries that are due, then those to be
/// planned. Pauses, the window, jitter and the policies are honoured. A paused job
/// has none; `if_resumed` says what would come.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{job_id}/upcoming",
    operation_id = "upcoming_of_job",
    tag = super::TAG,
    params(
        JobIdParam,
        ("n" = Option<u32>, Query, description = "How many at most; by default 10.",
            minimum = 1, maximum = 100, example = json!(10)),
    ),
    responses(
        (status = 200, description = "What it will do.", body = ref("#/components/schemas/Upcoming"), example = json!({
            "job_id": "daily-report", "paused": false,
            "fire_times": [{"fire_at": "2030-01-02T01:00:00.000Z", "local": "2030-01-02T09:00:00.000+08:00",
                "send_at": "2030-01-02T01:00:00.000Z", "state": "planned", "attempt": 1}],
            "more": true, "if_resumed": null,
            "text": {"en": "At 09:00, Monday to Friday, Asia/Shanghai", "zh": "周一至周五 09:00（Asia/Shanghai）"},
            "warnings": []})),
        ReadProblems,
    )
)]
pub async fn upcoming(
    State(state): State<ApiState>,
    JobPath(id): JobPath,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let n = asked(query.as_deref().unwrap_or_default())?;
    let forecast = state.jobs.forecast(id.as_str(), n).await;
    let forecast =
        forecast.map_err(|error| Problem::of_service(error, id.as_str(), &Value::Null))?;
    Ok(Json(forecast_json(&forecast)).into_response())
}

/// How many the query asks for.
fn asked(query: &str) -> Result<usize, Problem> {
    let (mut n, mut faults) = (None, Vec::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let rule = match name.as_ref() {
            "n" if n.is_some() => "this parameter may be given once".to_owned(),
            "n" => match value.parse().ok().and_then(number) {
                Some(given) => {
                    n = Some(given);
                    continue;
                }
                None => rule(),
            },
            _ => "unknown parameter; known: n".to_owned(),
        };
        faults.push(Fault::new(name.as_ref(), rule, Value::from(value.as_ref())));
    }
    match faults.is_empty() {
        true => Ok(n.unwrap_or(FEW)),
        false => Err(Problem::Invalid(faults)),
    }
}

fn forecast_json(forecast: &Forecast) -> Value {
    let job = &forecast.view.job;
    let open = forecast.open.iter().map(|run| open_json(job, run));
    let planned = forecast.upcoming.fires.iter().map(|at| {
        json!({
            "fire_at": shown(*at),
            "local": local(*at, zone_of(&job.schedule)),
            "send_at": shown(job.schedule.send_at(job.id.as_str(), *at)),
            "state": "planned",
            "attempt": 1,
        })
    });
    let if_resumed = forecast.if_resumed.as_ref();
    json!({
        "job_id": job.id.as_str(),
        "paused": job.state == JobState::Paused || if_resumed.is_some(),
        "fire_times": open.chain(planned).collect::<Vec<_>>(),
        "more": forecast.upcoming.next.is_some(),
        "if_resumed": if_resumed.map(|found| fire_times(&job.schedule, Some(&job.id), &found.fires)),
        "text": words_json(&describe(&job.schedule)),
        "warnings": warnings_json(&forecast.warnings, zone_of(&job.schedule)),
    })
}

fn open_json(job: &Job, run: &OpenRun) -> Value {
    let state = match (run.due_at, run.attempts) {
        (None, _) => "waiting",
        (Some(_), 0) => "claimed",
        (Some(_), _) => "retry",
    };
    json!({
        "fire_at": shown(run.fire_at),
        "local": local(run.fire_at, zone_of(&job.schedule)),
        "send_at": run.due_at.map(shown),
        "state": state,
        "attempt": run.attempts + 1,
    })
}
