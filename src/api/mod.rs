//! The HTTP layer: api → service. Knows no store, no scheduler, no Redis.
//!
//! Here are the route list and the layers. Invariant: every answer passes
//! through `cors`, so that a browser can read refusals too.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::header::{HOST, LOCATION};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::{Router, body::Body};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{
    MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer,
};
use tower_http::trace::TraceLayer;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

mod compat;
mod cors;
mod docs;
mod error;
mod extract;
mod health;
mod state;
mod ui;
mod v1;

pub use state::ApiState;
pub use v1::events::event;

/// The whole HTTP interface over the services of `state`.
pub fn router(state: ApiState) -> Router {
    let (documented, document) = OpenApiRouter::with_openapi(docs::frame())
        .merge(v1::routes())
        .merge(compat::routes())
        .merge(health::routes())
        .split_for_parts();
    let mut paths: BTreeSet<String> = document.paths.paths.keys().cloned().collect();
    paths.extend(docs::PATHS.map(str::to_owned));
    let paths = Arc::new(paths);
    let routes = documented
        .with_state(state)
        .merge(docs::routes(&document))
        .fallback(async move |request: Request| unmatched(&paths, &request))
        .method_not_allowed_fallback(method_not_allowed);
    with_layers(routes)
}

/// The layers stand before the routes, not on each of them: else axum would
/// add `Allow` to the answers of the layers themselves.
fn with_layers(routes: Router) -> Router {
    let trace = TraceLayer::new_for_http()
        .make_span_with(request_span)
        .on_failure(());
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(FreshId))
        .layer(trace)
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(middleware::from_fn(cors::cors))
        .layer(middleware::from_fn(error::tell_machine_faults))
        .layer(CatchPanicLayer::custom(error::panicked));
    Router::new().fallback_service(layers.service(routes))
}

/// A request whose path is none of ours: one slash too many, the dashboard, or
/// nothing at all.
fn unmatched(paths: &BTreeSet<String>, request: &Request) -> Response {
    let without_slash = request.uri().path().trim_end_matches('/');
    if request.uri().path().ends_with('/') && paths.contains(without_slash) {
        return redirect(without_slash, request);
    }
    if v1::is_under(request.uri().path()) {
        return v1::problem::Problem::NoSuchPath.into_response();
    }
    ui::serve(request).unwrap_or_else(error::not_found)
}

/// A method that the path does not know.
async fn method_not_allowed(uri: Uri) -> Response {
    match v1::is_under(uri.path()) {
        true => v1::method_not_allowed(uri.path()),
        false => error::method_not_allowed(None),
    }
}

/// As Starlette redirects: to the whole address, with the query.
fn redirect(path: &str, request: &Request) -> Response {
    let host = request.headers().get(HOST).and_then(|h| h.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(Authority::as_str));
    let origin = host.map_or_else(String::new, |host| format!("http://{host}"));
    let query = request.uri().query();
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    // Checked as an address, so that nothing else gets into the header.
    match format!("{origin}{path}{query}").parse::<Uri>() {
        Ok(to) => match HeaderValue::from_str(&to.to_string()) {
            Ok(to) => (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, to)]).into_response(),
            Err(_) => error::not_found(),
        },
        Err(_) => error::not_found(),
    }
}

/// Names requests that come without an `x-request-id`.
#[derive(Clone)]
struct FreshId;

impl MakeRequestId for FreshId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let id = HeaderValue::try_from(Uuid::now_v7().to_string()).ok()?;
        Some(RequestId::new(id))
    }
}

fn request_span(request: &axum::http::Request<Body>) -> tracing::Span {
    let id = request.extensions().get::<RequestId>();
    let id = id.and_then(|id| id.header_value().to_str().ok());
    tracing::debug_span!(
        "request",
        request.id = id,
        http.method = %request.method(),
        http.path = request.uri().path(),
    )
}
