//! Use cases: what a client may do. Knows no axum type, no status code and
//! no SQL; faults are [`error::ServiceError`] values.

pub mod bulk;
mod cache;
pub mod define;
pub mod error;
pub mod events;
pub mod export;
pub mod exposition;
pub mod firings;
pub mod import;
pub mod jobs;
pub mod listing;
pub mod precondition;
pub mod runs;
pub mod schedules;
pub mod stats;
pub mod system;
pub mod take_over;

pub use bulk::{BulkAction, BulkEnd, BulkRequest, SAMPLE, Which};
pub use define::{Definition, Parts, Put};
pub use error::ServiceError;
pub use events::{EventFilter, EventParts, Events, Following, NotFollowed};
pub use export::Export;
pub use exposition::Exposition;
pub use firings::{Firing, Firings, FiringsRequest};
pub use import::{Entry, Existing, Verdict};
pub use jobs::{JobView, Jobs, NewJob, TriggerSpec};
pub use listing::Listing;
pub use precondition::{Precondition, Revisions};
pub use runs::{Explained, RerunError, Runs};
pub use schedules::{Forecast, PreviewRequest, Previewed};
pub use stats::Stats;
pub use system::System;
pub use take_over::TakenOver;
