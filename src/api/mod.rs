//! temporary
use crate::{health::Health, service::Jobs};
use axum::Router;
#[derive(Clone)]
pub struct ApiState {
    pub jobs: Jobs,
    pub health: Health,
}
pub fn router(_: ApiState) -> Router {
    Router::new()
}
