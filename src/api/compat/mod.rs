//! The inherited `/scheduler/*` endpoints, byte for byte as the Python service
//! answered; its shapes live here only.
//!
//! Source: tests/data/compat, recorded from that service. Where it was plainly
//! wrong, tests/data/defects.md says what is answered instead.

use axum::extract::State;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use super::{ApiState, error};

mod add;
pub mod answers;
mod body;
pub mod fields;
mod list;
mod manage;
mod models;
mod pyjson;

/// The tag of these endpoints in the document.
pub const TAG: &str = "scheduler";

/// The eight routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(only("POST", routes!(add::add_date)))
        .routes(only("POST", routes!(add::add_interval)))
        .routes(only("POST", routes!(add::add_cron)))
        .routes(only("DELETE", routes!(manage::remove)))
        .routes(only("PUT", routes!(manage::pause)))
        .routes(only("PUT", routes!(manage::resume)))
        .routes(only("GET", routes!(manage::list)))
        .routes(only("GET", routes!(manage::show)))
}

/// Lets no other method through, HEAD neither, which axum would hand to GET.
fn only(
    method: &'static str,
    (schemas, paths, handlers): UtoipaMethodRouter<ApiState>,
) -> UtoipaMethodRouter<ApiState> {
    let refuse =
        move |State(_): State<ApiState>| async move { error::method_not_allowed(Some(method)) };
    (schemas, paths, handlers.head(refuse).fallback(refuse))
}
