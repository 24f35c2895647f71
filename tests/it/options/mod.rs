//! Each option of a job: set through `/api/v1/jobs`, shown by what a real
//! target receives. `docs/OPTIONS.md` names the test of each.

mod actions;
mod policies;
mod request;
mod retry;
mod secrets;
mod trigger;
