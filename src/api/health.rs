//! The probes: is the process alive, is it of use.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;
use crate::health::PartHealth;

/// The tag of these endpoints in the document.
pub const TAG: &str = "health";

/// The two routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(healthz))
        .routes(routes!(readyz))
}

/// That the process answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alive {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether this server does its work.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ready {
    /// Every required part works.
    ready: bool,
    /// The parts it stands on.
    parts: Vec<ReadyPart>,
}

/// One part, as last seen.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadyPart {
    /// Which.
    #[schema(example = "store")]
    part: &'static str,
    /// Whether it works.
    ok: bool,
    /// Whether the server is of no use without it.
    required: bool,
    /// When it came into this state (UTC).
    #[schema(example = "2026-11-22T15:48:00.123Z")]
    since: String,
    /// What is the matter, or what is in use.
    #[schema(example = "answers")]
    detail: String,
}

/// Is the process alive?
///
/// Answers as long as the process can answer at all. Restart it when not.
#[utoipa::path(
    get,
    path = "/healthz",
    operation_id = "healthz",
    tag = TAG,
    responses((status = 200, description = "It is alive.", body = Alive, example = json!({"status": "ok"})))
)]
async fn healthz() -> Json<Alive> {
    Json(Alive { status: "ok" })
}

/// Is the server ready?
///
/// Tells each part, its state and since when. Send a server that is not ready
/// no requests; it recovers by itself.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "readyz",
    tag = TAG,
    responses(
        (status = 200, description = "Every required part works.", body = Ready, example = json!({
            "ready": true, "parts": [{"part": "store", "ok": true, "required": true,
            "since": "2026-11-22T15:48:00.123Z", "detail": "answers"}]})),
        (status = 503, description = "A required part does not work, or the server is starting or stopping.",
            body = Ready, example = json!({
            "ready": false, "parts": [{"part": "store", "ok": false, "required": true,
            "since": "2026-11-22T15:48:00.123Z", "detail": "disk full"}]})),
    )
)]
async fn readyz(State(state): State<ApiState>) -> (StatusCode, Json<Ready>) {
    let (ready, parts) = state.health.snapshot();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let parts = parts.into_iter().map(ReadyPart::from).collect();
    (status, Json(Ready { ready, parts }))
}

impl From<PartHealth> for ReadyPart {
    fn from(health: PartHealth) -> Self {
        Self {
            part: health.part.as_str(),
            ok: health.ok,
            required: health.required,
            since: health
                .since
                .to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            detail: health.detail,
        }
    }
}
