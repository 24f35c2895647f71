//! The job store of the Python service: `SQLAlchemyJobStore` of `APScheduler` 3.
//!
//! `file` reads the table, `job` one row, `trigger`, `cron` and `times` its
//! parts. Invariant: nothing a job holds is dropped in silence; what this server
//! cannot do refuses the job, what it does otherwise is remarked upon.
//! Source: `APScheduler` 3.11.0, `apscheduler/job.py` and its `triggers`.

mod cron;
mod file;
mod job;
mod read;
mod times;
mod trigger;

pub use file::{JobStore, OpenError, Row};
pub use job::{Carried, Refused, carry_over};
