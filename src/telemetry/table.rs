//! Every metric of `/metrics`, with its help text: the one place where they are
//! named. Names and units are by Prometheus' conventions: base units, `_total` on
//! what only rises.
//!
//! A label has few values, known beforehand: never a job, a host or a URL.

/// How values of a family are kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Rises only; starts at 0 with the process.
    Counter,
    /// A state.
    Gauge,
    /// A distribution over buckets with these upper bounds.
    Histogram(&'static [f64]),
}

/// A metric with all its labelled series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Family {
    /// Its name.
    pub name: &'static str,
    /// How its values are kept.
    pub kind: Kind,
    /// What it tells.
    pub help: &'static str,
}

/// How late a request leaves, in seconds.
const LATENESS: &[f64] = &[
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
    60.0,
];
/// How long a target takes, in seconds.
const ANSWER: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
];
/// How long an own step takes, in seconds.
const STEP: &[f64] = &[
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];
/// How many are taken together.
const SIZE: &[f64] = &[
    1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 10_000.0,
];

macro_rules! families {
    ($($const:ident = $kind:expr, $name:literal: $help:literal;)*) => {
        $(
            #[doc = $help]
            pub const $const: Family = Family { name: $name, kind: $kind, help: $help };
        )*

        /// All of them.
        pub const FAMILIES: &[Family] = &[$($const),*];
    };
}

families! {
    BUILD_INFO = Kind::Gauge, "schedule_build_info":
        "Always 1; the label tells the version.";

    FIRINGS = Kind::Counter, "schedule_firings_total":
        "Occurrences whose firing has ended for good, by kind, state and reason (none: success).";
    ATTEMPTS = Kind::Counter, "schedule_attempts_total":
        "Requests that were sent and have ended, retries included.";
    RETRIES = Kind::Counter, "schedule_retries_total":
        "Failed attempts that will be made again.";
    LATENESS_SECONDS = Kind::Histogram(LATENESS), "schedule_lateness_seconds":
        "From the planned instant of an attempt to the send of its request.";
    ATTEMPT_DURATION = Kind::Histogram(ANSWER), "schedule_attempt_duration_seconds":
        "From the send of a request to the end of its answer.";
    NOT_FIRED = Kind::Counter, "schedule_occurrences_not_fired_total":
        "Fire times that a claim of this process recorded without firing, by state and reason.";

    CLAIMS = Kind::Counter, "schedule_claims_total":
        "Occurrences claimed by result: planned, adopted (given back or queued before), lost (did not stand just before the send).";
    CLAIM_SIZE = Kind::Histogram(SIZE), "schedule_claim_size_occurrences":
        "Occurrences got by one claim transaction that got any.";
    SETTLED = Kind::Counter, "schedule_settled_total":
        "What dead replicas left, settled by this process: given_back or unknown.";
    LOCKS = Kind::Counter, "schedule_locks_total":
        "Fire locks asked for, by implementation and result: acquired, held (elsewhere), unavailable.";
    LOCK_DURATION = Kind::Histogram(STEP), "schedule_lock_duration_seconds":
        "One round trip to the fire lock, for a group of occurrences.";
    SEND_WAITING = Kind::Gauge, "schedule_sends_waiting":
        "Due requests that wait for a send slot.";
    SEND_UNDER_WAY = Kind::Gauge, "schedule_sends_in_flight":
        "Requests under way.";
    TICKER_AGE = Kind::Gauge, "schedule_ticker_age_seconds":
        "Since the ticker last looked for due seconds; it does so twice a second.";
    LEASE_VALID = Kind::Gauge, "schedule_lease_valid":
        "1 while this replica may send.";

    WRITE_SIZE = Kind::Histogram(SIZE), "schedule_store_write_size_requests":
        "Requests served by one transaction of the writer.";
    WRITE_DURATION = Kind::Histogram(STEP), "schedule_store_write_duration_seconds":
        "One transaction of the writer, with its commit.";
    JOBS = Kind::Gauge, "schedule_jobs":
        "Jobs in the store by state and kind, as last seen; the same from every replica.";

    SPANS = Kind::Counter, "schedule_spans_total":
        "Spans by what became of them: exported, dropped (the queue was full), failed (the collector did not take them).";

    READY = Kind::Gauge, "schedule_ready":
        "1 while /readyz answers 200.";
    PART_UP = Kind::Gauge, "schedule_part_up":
        "1 while that part works: store, lock (Redis, where one is set), ticker, server.";

    HTTP_REQUESTS = Kind::Counter, "schedule_http_requests_total":
        "Requests to this server by route template, method and class of status.";
    HTTP_DURATION = Kind::Histogram(ANSWER), "schedule_http_request_duration_seconds":
        "From the head of a request to the head of its answer, by route template and method.";
}
