//! Which jobs fire within a span of time to come.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::problem::{Fault, Problem};
use super::query;
use super::refusals::ListProblems;
use super::times::{Instant, shown};
use super::trigger::trigger_json;
use crate::api::ApiState;
use crate::service::{Firing, Firings, FiringsRequest};
use crate::store::{MAX_PAGE, Position, SortKey};

/// How many jobs a page has when nothing is said.
const LIMIT: usize = 50;

/// List what fires when
///
/// The jobs that have a fire time within a span to come, by their schedules alone,
/// each with the first such fire time. One page; go on with `cursor` until
/// `next_cursor` is null. Each page looks at a bounded number of jobs, so it may be
/// short, even empty, and still not be the last one.
#[utoipa::path(
    get,
    path = "/api/v1/firings",
    operation_id = "list_firings",
    tag = super::TAG,
    params(
        ("from" = Option<String>, Query, description = "The first instant that counts, RFC 3339; by default now.", example = json!("2030-01-01T00:00:00Z")),
        ("to" = String, Query, description = "The first instant that does not count, RFC 3339.", example = json!("2030-01-01T00:15:00Z")),
        ("limit" = Option<u32>, Query, description = "Jobs on the page at most; by default 50.", minimum = 1, maximum = 200, example = json!(50)),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before, with the same span.", example = json!("MTg5MzQ1NjAwMDAwMC43")),
    ),
    responses(
        (status = 200, description = "A page of jobs.", body = ref("#/components/schemas/FiringPage"), example = json!({
            "items": [{"job_id": "daily-report", "fire_at": "2030-01-01T00:00:00.000Z",
                "trigger": {"type": "interval", "minutes": 5, "jitter_ms": 2_000}}],
            "next_cursor": null})),
        ListProblems,
    )
)]
pub async fn list(
    State(state): State<ApiState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let request = read(query.as_deref().unwrap_or_default(), state.jobs.now())?;
    let page = state.jobs.firings(request).await;
    let Firings { jobs, next } =
        page.map_err(|error| Problem::of_service(error, "", &Value::Null))?;
    let body = json!({
        "items": jobs.iter().map(item).collect::<Vec<_>>(),
        "next_cursor": next.and_then(|place| cursor(&place)),
    });
    Ok(Json(body).into_response())
}

fn item(firing: &Firing) -> Value {
    let at = DateTime::from_timestamp_millis(firing.fire_ms);
    json!({
        "job_id": firing.job_id,
        "fire_at": at.map(shown),
        "trigger": trigger_json(&firing.schedule),
    })
}

/// What a query asks for.
fn read(text: &str, now: DateTime<Utc>) -> Result<FiringsRequest, Problem> {
    let (mut from, mut to, mut after, mut limit) = (now, None, None, LIMIT);
    let mut faults = query::read(text, |name, value| {
        match name {
            "from" => from = Instant::of_query(value)?.0,
            "to" => to = Some(Instant::of_query(value)?.0),
            "limit" => limit = query::limit(value, MAX_PAGE)? as usize,
            "cursor" => after = Some(place(value)?),
            _ => return query::unknown("from, to, limit, cursor"),
        }
        Ok(())
    });
    let named = faults.iter().any(|fault| fault.field == "to");
    match to {
        Some(to) if to > from => {}
        None if named => {}
        None => faults.push(Fault::new("to", "is required", Value::Null)),
        Some(_) => {
            let rule = "must be later than `from`: it is the first instant that does not count";
            faults.push(Fault::new("to", rule, Value::Null));
        }
    }
    match to {
        Some(to) if faults.is_empty() => Ok(FiringsRequest {
            from,
            to,
            after,
            limit,
        }),
        _ => Err(Problem::Invalid(faults)),
    }
}

/// A place as clients carry it: opaque to them.
fn cursor(place: &Position) -> Option<String> {
    match place.key {
        SortKey::Instant(ms) => Some(URL_SAFE_NO_PAD.encode(format!("{ms}.{}", place.seq))),
        _ => None,
    }
}

fn place(text: &str) -> Result<Position, String> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let read = text.as_deref().and_then(|text| {
        let (ms, seq) = text.split_once('.')?;
        Some(Position {
            key: SortKey::Instant(ms.parse().ok()?),
            seq: seq.parse().ok()?,
        })
    });
    read.ok_or_else(|| "this is no cursor of this server: begin anew without it".to_owned())
}
