//! One binary of tests against real parts: real SQLite files, a real Redis,
//! real HTTP targets, real server processes.

mod api;
mod compat;
mod events;
mod faults;
mod firing;
mod history;
mod import;
mod options;
mod replicas;
mod store;
mod support;
mod telemetry;
mod torture;
mod verify;
