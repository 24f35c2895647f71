//! The server itself: what it is and how its parts do. Tells no secrets.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::examples;
use super::problem::Problem;
use super::query;
use super::refusals::ListProblems;
use super::stats::jobs_json;
use super::times::shown;
use crate::api::ApiState;
use crate::api::extract::{MAX_BODY_BYTES, MAX_BODY_WAIT};
use crate::domain::job::{MAX_DESCRIPTION_BYTES, MAX_JOB_ID_BYTES, MAX_TAG_BYTES, MAX_TAGS};
use crate::domain::zone;
use crate::health::{Part, PartHealth};
use crate::service::stats::{MAX_BUCKETS, MAX_HOURS};
use crate::service::system::{Identity, ShownSetting, SystemView};
use crate::store::{MAX_PAGE, ReplicaLease, StoreFacts};

/// The commit this was built from, if whoever built it said so in the
/// environment.
const COMMIT: Option<&str> = option_env!("SCHEDULE_SERVER_COMMIT");

/// The server
///
/// Which version this server is, what it runs with, how its parts do, and which
/// replicas share its store. Passwords are starred out.
#[utoipa::path(
    get,
    path = "/api/v1/system",
    operation_id = "system",
    tag = super::TAG,
    responses(
        (status = 200, description = "The server.", body = ref("#/components/schemas/System"), example = json!(examples::system())),
        ListProblems,
    )
)]
pub async fn show(
    State(state): State<ApiState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let faults = query::read(&query, |_, _| {
        Err("unknown parameter; there are none".to_owned())
    });
    if !faults.is_empty() {
        return Err(Problem::Invalid(faults));
    }
    let view = state.system.look().await;
    let view = view.map_err(|error| Problem::of_service(error, "", &Value::Null))?;
    Ok(Json(system_json(state.system.identity(), &view)).into_response())
}

fn system_json(identity: &Identity, view: &SystemView) -> Value {
    let replicas = view.store.replicas.iter();
    let replicas = replicas.map(|lease| replica_json(lease, identity, view));
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "commit": COMMIT,
        "now": shown(view.now),
        "started_at": shown(view.started_at),
        "uptime_s": view.uptime.as_secs(),
        "time_zones": zone::DATABASE_VERSION,
        "replica": identity.replica,
        "replicas": replicas.collect::<Vec<_>>(),
        "store": store_json(&view.store),
        "lock": lock_json(identity, &view.parts),
        "parts": view.parts.iter().map(part_json).collect::<Vec<_>>(),
        "jobs": jobs_json(&view.jobs),
        "settings": identity.settings.iter().map(setting_json).collect::<Vec<_>>(),
        "limits": limits_json(),
    })
}

fn replica_json(lease: &ReplicaLease, identity: &Identity, view: &SystemView) -> Value {
    json!({
        "replica": lease.replica,
        "lease_until": shown(lease.lease_until),
        "alive": lease.lease_until >= view.now,
        "self": lease.replica == identity.replica,
    })
}

fn store_json(store: &StoreFacts) -> Value {
    json!({
        "kind": store.kind,
        "bytes": store.bytes,
        "wal_bytes": store.wal_bytes,
        "schema_version": store.schema_version,
        "queued_writes": store.queued_writes,
    })
}

/// The fire lock, as it was seen last.
fn lock_json(identity: &Identity, parts: &[PartHealth]) -> Value {
    let seen = parts.iter().find(|part| part.part == Part::Lock);
    json!({
        "kind": if identity.redis { "redis" } else { "store" },
        "on_unavailable": identity.without_lock,
        "ok": seen.map(|part| part.ok),
        "since": seen.map(|part| shown(part.since)),
    })
}

fn part_json(part: &PartHealth) -> Value {
    json!({
        "part": part.part.as_str(),
        "ok": part.ok,
        "required": part.required,
        "since": shown(part.since),
        "detail": part.detail,
    })
}

fn setting_json(setting: &ShownSetting) -> Value {
    json!({
        "name": setting.name,
        "value": setting.value,
        "origin": setting.origin,
        "default": setting.default,
        "help": setting.help,
    })
}

fn limits_json() -> Value {
    json!({
        "page_jobs": MAX_PAGE,
        "body_bytes": MAX_BODY_BYTES,
        "body_wait_s": MAX_BODY_WAIT.as_secs(),
        "job_id_bytes": MAX_JOB_ID_BYTES,
        "description_bytes": MAX_DESCRIPTION_BYTES,
        "tags": MAX_TAGS,
        "tag_bytes": MAX_TAG_BYTES,
        "stats_hours": MAX_HOURS,
        "stats_buckets": MAX_BUCKETS,
    })
}
