//! The `OpenAPI` document and the page to try it out, served without any
//! address outside this server.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa_swagger_ui::Config;

use super::{compat, error, health, v1};

/// The paths of [`routes`] that may be asked for with a slash too many.
pub const PATHS: [&str; 2] = ["/docs", "/openapi.json"];

const PAGE: &str = include_str!("docs/page.html");
const START: &str = include_str!("docs/start.js");
const CSP: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

#[derive(OpenApi)]
#[openapi(
    info(title = "schedule-server", license(name = "Apache-2.0", identifier = "Apache-2.0")),
    // Named by the refusals only, which utoipa does not look through.
    components(schemas(error::Detail, v1::problem::Document, v1::problem::Fault)),
    tags(
        (name = v1::TAG, description = "Jobs as resources, with all their options. Refusals are \
            problem documents (RFC 9457) that tell every fault; see docs/API.md."),
        (name = v1::runs::TAG, description = "The ledger: what was sent and what came of it, what \
            was not sent and why."),
        (name = compat::TAG, description = "Add, remove, pause, resume and show jobs. \
            All moments are UTC. Refused requests may have status 200: look at `success`."),
        (name = health::TAG, description = "Probes for whatever runs this server."),
    )
)]
struct Frame;

/// The document without its paths.
pub fn frame() -> Document {
    Frame::openapi()
}

/// The document as JSON, and its page.
pub fn routes(document: &Document) -> Router {
    let json = document.to_json().map(Bytes::from);
    let json = json.unwrap_or_else(|fault| {
        tracing::error!(%fault, "the OpenAPI document cannot be written");
        Bytes::from_static(b"{}")
    });
    let document = async move || ([(CONTENT_TYPE, "application/json")], json);
    Router::new()
        .route("/openapi.json", get(document))
        .route("/docs", get(page))
        .route("/docs/{file}", get(file))
}

async fn page() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, CSP),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, PAGE).into_response()
}

async fn file(Path(name): Path<String>) -> Response {
    if name == "start.js" {
        let kind = [(CONTENT_TYPE, "text/javascript; charset=utf-8")];
        return (kind, START).into_response();
    }
    match utoipa_swagger_ui::serve(&name, Arc::new(Config::default())) {
        Ok(Some(file)) => {
            let headers = [
                (CONTENT_TYPE, file.content_type),
                (CACHE_CONTROL, "max-age=86400".to_owned()),
            ];
            (headers, file.bytes.into_owned()).into_response()
        }
        Ok(None) | Err(_) => error::not_found(),
    }
}
