//! `/api/v1`: jobs as resources, for services and for the page.
//!
//! Every refusal is a problem document (RFC 9457) that tells all faults at once.
//! Bodies are read strictly: what is not known is refused, never ignored.

use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;

mod actions;
mod bulk;
mod definition;
mod echo;
pub mod events;
mod examples;
mod export;
mod firings;
mod import;
mod jobs;
pub mod lines;
mod list;
mod params;
mod path;
mod precondition;
pub mod problem;
mod query;
mod read;
mod refusals;
mod run_examples;
mod run_view;
pub mod runs;
mod runs_query;
mod schedules;
mod schemas;
mod stats;
mod strict;
mod system;
mod times;
pub mod transfer;
mod trigger;
mod upcoming;
mod view;

/// The tag of these endpoints in the document.
pub const TAG: &str = "jobs";

/// Where all of it lies.
pub const PREFIX: &str = "/api/v1";

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(schemas::document())
        .routes(routes!(list::list))
        .routes(routes!(bulk::bulk))
        .routes(routes!(export::export))
        .routes(routes!(import::import))
        .routes(routes!(jobs::show, jobs::put, jobs::patch, jobs::remove))
        .routes(routes!(events::follow))
        .routes(routes!(schedules::preview))
        .routes(routes!(upcoming::upcoming))
        .routes(routes!(stats::show))
        .routes(routes!(firings::list))
        .routes(routes!(system::show))
        .merge(echo::routes())
        .merge(actions::routes())
        .merge(runs::routes())
}

/// Whether a path lies under this API.
pub fn is_under(path: &str) -> bool {
    path.strip_prefix(PREFIX)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The paths of actions on no single thing.
const ONLY_POST: [&str; 3] = [
    "/api/v1/jobs:bulk",
    "/api/v1/import",
    "/api/v1/schedules:preview",
];

/// The answer to a method that a path of this API does not know.
pub fn method_not_allowed(path: &str) -> Response {
    let allow = match path.strip_prefix("/api/v1/jobs/") {
        Some(segment) if !segment.contains('/') => path::allowed(segment),
        None if ONLY_POST.contains(&path) => "POST",
        None if path.starts_with("/api/v1/runs/") && path::is_rerun(path) => "POST",
        _ => "GET, HEAD",
    };
    problem::Problem::MethodNotAllowed(allow).into_response()
}
