pub mod address;
pub mod api;
pub mod app;
pub mod fleet;
pub mod http;
pub mod redis;
pub mod replica;
pub mod sse;
pub mod stage;
pub mod sums;
pub mod target;
pub mod tls;
pub mod wall_clock;

/// A client for driving servers.
pub fn client() -> reqwest::Client {
    schedule_server::sender::http::install_tls();
    reqwest::Client::new()
}
