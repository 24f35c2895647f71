//! What a trigger does, told before anybody stores it.

use axum::Json;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::definition::{self, JSON};
use super::path::job_id;
use super::problem::{Fault, Problem};
use super::query;
use super::read::read;
use super::refusals::PreviewProblems;
use super::run_view::words_json;
use super::times::{Instant, shown};
use super::trigger::{read_trigger, trigger_json};
use crate::api::ApiState;
use crate::domain::describe::{describe, zone_of};
use crate::domain::job::JobId;
use crate::domain::schedule::Schedule;
use crate::domain::trigger::Trigger;
use crate::domain::warnings::Warning;
use crate::domain::zone::Zone;
use crate::service::PreviewRequest;

/// How many fire times are told when nothing is said, and at most.
pub const FEW: usize = 10;
/// See [`FEW`].
pub const MOST: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    #[serde(default)]
    trigger: Option<Value>,
    #[serde(default)]
    n: Option<i64>,
    #[serde(default)]
    from: Option<Instant>,
    #[serde(default)]
    job_id: Option<String>,
    #[serde(default)]
    policies: Option<Value>,
}

/// Preview a trigger
///
/// The next fire times of a trigger, in words and with what is easily overlooked
/// of it. Nothing is stored. It is read and planned by the same code as a job: what
/// it says is what fires. A trigger that a put would refuse as wrong is refused
/// here in the same way, or, with `faults=tell`, answered with its faults; one that
/// never fires is answered with a warning.
#[utoipa::path(
    post,
    path = "/api/v1/schedules:preview",
    operation_id = "preview_schedule",
    tag = super::TAG,
    params(
        ("faults" = Option<String>, Query, description = "What becomes of a trigger that breaks rules: `refuse` it with a 422 (the default), or `tell` its faults in the answer, for a form that is still being filled in.",
            pattern = "^(refuse|tell)$", example = json!("refuse")),
    ),
    request_body(content = ref("#/components/schemas/PreviewRequest"), examples(
        ("interval" = (summary = "Every five minutes, with jitter", value = json!({
            "trigger": {"type": "interval", "minutes": 5, "jitter_ms": 2_000},
            "job_id": "poll", "n": 2}))),
        ("cron" = (summary = "Half past two in Berlin, over the end of summer time", value = json!({
            "trigger": {"type": "cron", "cron": "30 2 * * *", "timezone": "Europe/Berlin"},
            "from": "2031-10-25T12:00:00Z", "n": 3}))),
    )),
    responses(
        (status = 200, description = "What it does, or with `faults=tell` what is wrong with it.", body = ref("#/components/schemas/Preview"), example = json!({
            "normalised": {"type": "cron", "year": "*", "month": "*", "day": "*", "week": "*",
                "day_of_week": "*", "hour": "2", "minute": "30", "second": "0", "timezone": "Europe/Berlin"},
            "cron": "30 2 * * *",
            "fire_times": [
                {"fire_at": "2031-10-26T00:30:00.000Z", "local": "2031-10-26T02:30:00.000+02:00"},
                {"fire_at": "2031-10-26T01:30:00.000Z", "local": "2031-10-26T02:30:00.000+01:00"},
                {"fire_at": "2031-10-27T01:30:00.000Z", "local": "2031-10-27T02:30:00.000+01:00"}],
            "more": true,
            "text": {"en": "At 02:30 every day, Europe/Berlin", "zh": "每天 02:30（Europe/Berlin）"},
            "warnings": [{"code": "twice_in_fold", "text": {
                "en": "On 2031-10-26 02:30 comes twice in Europe/Berlin, since the clocks go back: it fires both times. With dst.fold \"first\" or \"second\" it fires once.",
                "zh": "2031-10-26 Europe/Berlin 的时钟拨慢，02:30 出现两次：两次都触发。若 dst.fold 为 \"first\" 或 \"second\"，则只触发一次。"}}]})),
        PreviewProblems,
    )
)]
pub async fn preview(
    State(state): State<ApiState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let on_faults = on_faults(query.as_deref().unwrap_or_default())?;
    let body = definition::receive(&headers, body, JSON).await?;
    let body = body.ok_or_else(|| {
        let rule =
            "a body is required, such as {\"trigger\": {\"type\": \"interval\", \"minutes\": 5}}";
        Problem::Malformed(Box::new(Fault::new("", rule, Value::Null)))
    })?;
    let answer = match (foretold(&state, &body).await, on_faults) {
        (answer, OnFaults::Refuse) => answer?,
        (Err(Problem::Invalid(faults)), OnFaults::Tell) => nothing_foretold(&faults),
        (answer, OnFaults::Tell) => {
            let mut answer = answer?;
            answer["faults"] = json!([]);
            answer
        }
    };
    Ok(Json(answer).into_response())
}

/// The answer about a trigger that breaks rules.
fn nothing_foretold(faults: &[Fault]) -> Value {
    json!({
        "normalised": null,
        "cron": null,
        "fire_times": [],
        "more": false,
        "text": null,
        "warnings": [],
        "faults": faults,
    })
}

/// What becomes of a trigger that breaks rules.
#[derive(Clone, Copy)]
enum OnFaults {
    /// It is refused.
    Refuse,
    /// The faults are the answer.
    Tell,
}

fn on_faults(text: &str) -> Result<OnFaults, Problem> {
    let mut asked = OnFaults::Refuse;
    let words = [("refuse", OnFaults::Refuse), ("tell", OnFaults::Tell)];
    let faults = query::read(text, |name, value| match name {
        "faults" => {
            asked = query::word(value, words)?;
            Ok(())
        }
        _ => query::unknown("faults"),
    });
    match faults.is_empty() {
        true => Ok(asked),
        false => Err(Problem::Invalid(faults)),
    }
}

/// What the trigger of a body does.
async fn foretold(state: &ApiState, body: &Value) -> Result<Value, Problem> {
    let mut faults = Vec::new();
    let request = request(body.clone(), &mut faults);
    let Some(request) = request else {
        return Err(Problem::Invalid(faults));
    };
    let id = request.job_id.clone();
    let previewed = state.jobs.preview(request).await;
    // What can be read is judged, so that every fault is told.
    let previewed = match (previewed, faults.is_empty()) {
        (Ok(previewed), true) => previewed,
        (Ok(_), false) => return Err(Problem::Invalid(faults)),
        (Err(error), _) => {
            return Err(match Problem::of_service(error, "", body) {
                Problem::Invalid(more) => {
                    faults.extend(more);
                    Problem::Invalid(faults)
                }
                other => other,
            });
        }
    };
    let schedule = &previewed.schedule;
    let line = match schedule.trigger() {
        Trigger::Cron(cron) => cron.line(),
        Trigger::Date(_) | Trigger::Interval(_) => None,
    };
    let fires = &previewed.upcoming.fires;
    Ok(json!({
        "normalised": trigger_json(schedule),
        "cron": line,
        "fire_times": fire_times(schedule, id.as_ref(), fires),
        "more": previewed.upcoming.next.is_some(),
        "text": words_json(&describe(schedule)),
        "warnings": warnings_json(&previewed.warnings, zone_of(schedule)),
    }))
}

/// What is asked; `None`: the body is none that could be.
fn request(body: Value, faults: &mut Vec<Fault>) -> Option<PreviewRequest> {
    let sent: Sent = read(body, "", faults)?;
    let schedule = definition::required("trigger", sent.trigger, faults)
        .and_then(|value| read_trigger(value, faults));
    let n = sent.n.map_or(Some(FEW), number);
    if let (None, Some(given)) = (n, sent.n) {
        faults.push(Fault::new("n", rule(), Value::from(given)));
    }
    let id = sent.job_id.and_then(|text| match job_id(text) {
        Ok(id) => Some(id),
        Err(Problem::Invalid(more)) => {
            faults.extend(more);
            None
        }
        Err(_) => None,
    });
    let policies = definition::read_policies(sent.policies, None, faults);
    Some(PreviewRequest {
        schedule,
        policies,
        job_id: id,
        from: sent.from.map(|at| at.0),
        n: n.unwrap_or(1),
    })
}

/// A number of fire times, if it is one that may be asked for.
pub fn number(n: i64) -> Option<usize> {
    usize::try_from(n).ok().filter(|n| (1..=MOST).contains(n))
}

/// What is said to other numbers.
pub fn rule() -> String {
    format!("must be a whole number from 1 to {MOST}")
}

/// Fire times as they are shown, by the wall clock of the schedule too.
pub fn fire_times(schedule: &Schedule, id: Option<&JobId>, fires: &[DateTime<Utc>]) -> Vec<Value> {
    let zone = zone_of(schedule);
    let one = |at: &DateTime<Utc>| {
        let mut out = Map::new();
        out.insert("fire_at".into(), json!(shown(*at)));
        out.insert("local".into(), json!(local(*at, zone)));
        if let Some(id) = id.filter(|_| schedule.jitter().is_some()) {
            let send_at = schedule.send_at(id.as_str(), *at);
            out.insert("send_at".into(), json!(shown(send_at)));
        }
        Value::Object(out)
    };
    fires.iter().map(one).collect()
}

/// An instant by a wall clock; RFC 3339 ends with the year 9999.
pub fn local(at: DateTime<Utc>, zone: Zone) -> String {
    let local = at.with_timezone(&zone.tz());
    match local.year() {
        1..=9999 => local.to_rfc3339_opts(SecondsFormat::Millis, false),
        _ => shown(at),
    }
}

/// Warnings as they are shown.
pub fn warnings_json(warnings: &[Warning], zone: Zone) -> Vec<Value> {
    let one = |warning: &Warning| {
        let text = words_json(&warning.text(zone));
        json!({"code": warning.code(), "text": text})
    };
    warnings.iter().map(one).collect()
}
