//! The HTTP layer over a real socket: what clients may do wrong, what the
//! server may, and the document that tells of both.

mod bad_input;
mod broken_store;
mod dashboard;
mod examples;
mod faults;
mod json;
mod openapi;
mod routes;
mod v1;
