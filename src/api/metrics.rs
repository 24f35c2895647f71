//! `/metrics`, and the counting of the requests to this server.

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{ApiState, health};
use crate::clock::Stopwatch;
use crate::telemetry::metrics::Metrics;

/// Prometheus' text format.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
/// Stands for a route that is none of ours, and for a method likewise.
const OTHER: &str = "other";

/// The route.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(metrics))
}

/// Metrics of this process
///
/// In Prometheus' text format. Each replica tells its own; docs/OPERATIONS.md
/// says what they mean.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "metrics",
    tag = health::TAG,
    responses((status = 200, description = "The metrics.", body = String,
        content_type = "text/plain", example = json!(
            "# HELP schedule_retries_total Failed attempts that will be made again.\n\
             # TYPE schedule_retries_total counter\nschedule_retries_total 2\n")))
)]
async fn metrics(State(state): State<ApiState>) -> Response {
    ([(CONTENT_TYPE, TEXT)], state.exposition.text().await).into_response()
}

/// Tells the layers before the routes which route was taken.
pub async fn tell_route(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut answer = next.run(request).await;
    if let Some(route) = route {
        answer.extensions_mut().insert(route);
    }
    answer
}

/// Counts each request, whatever became of it.
pub async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let begun = Stopwatch::start();
    let method = name(request.method());
    let answer = next.run(request).await;
    let route = answer.extensions().get::<MatchedPath>();
    let route = route.map_or(OTHER, MatchedPath::as_str);
    metrics.answered(route, method, answer.status().as_u16(), begun.elapsed());
    answer
}

/// A client can make up methods; they must not make up series.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => OTHER,
    }
}
