//! schedule-server: a self-hosted HTTP scheduler.
//!
//! A client adds a `date`, `interval` or `cron` job with a URL; the server
//! sends the HTTP request on time, once, however many replicas run.
//!
//! Who may know whom (arrows point to what a module may use):
//!
//! ```text
//! main -> app -> everything
//! api -> service -> store, bell, scheduler, domain
//! import -> service, domain
//! verify -> store, domain
//! scheduler -> store, lock, sender, domain
//! store, lock, sender -> domain
//! domain, bell -> nothing
//! ```
//!
//! `clock` and `health` may be used by all; `config` only by `app`, which hands each part
//! the few values it needs. docs/ARCHITECTURE.md walks one request and one
//! occurrence through these modules.

pub mod api;
pub mod app;
pub mod bell;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
mod fail_point;
pub mod health;
pub mod healthcheck;
pub mod import;
pub mod lock;
pub mod scheduler;
pub mod sender;
pub mod service;
pub mod store;
pub mod telemetry;
pub mod verify;
