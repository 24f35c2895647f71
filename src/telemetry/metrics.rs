//! The metrics of one server: typed handles, each looked up once, over a
//! registry of its own, so that several servers of one process do not share
//! their figures. What they mean is in [`super::table`].
//!
//! Another part adds a metric with a line in the table, a handle here, and a
//! method in the words of that part.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::metrics::{
    Counter, Gauge, Histogram, Key, Label, Level, Metadata, Recorder as _, SharedString,
};
use chrono::TimeDelta;
use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

use super::process;
use super::table::{self, FAMILIES, Family, Kind};
use crate::clock::Stopwatch;
use crate::domain::occurrence::{OccurrenceKind, OccurrenceState, Reason};
use crate::domain::run::{Outcome, RunRecord};

/// The metrics of one server.
#[derive(Debug, Clone)]
pub struct Metrics {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    registry: Registry,
    firings: Firings,
    attempts: Counter,
    retries: Counter,
    lateness: Histogram,
    duration: Histogram,
    /// Planned, adopted, lost.
    claims: [Counter; 3],
    claim_size: Histogram,
    /// Given back, unknown.
    settled: [Counter; 2],
    locks: Locks,
    lock_duration: Histogram,
    writes: Writes,
    /// By fate.
    spans: [Counter; 3],
    sends_waiting: Gauge,
    sends_in_flight: Gauge,
    ticker_age: Gauge,
    lease_valid: Gauge,
    ready: Gauge,
    ticked: Mutex<Stopwatch>,
}

/// What one write of the store's writer cost.
#[derive(Debug, Clone)]
pub struct Writes {
    size: Histogram,
    duration: Histogram,
}

/// Which fire lock is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockKind {
    /// The store's own.
    Store,
    /// Redis.
    Redis,
}

/// What became of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanFate {
    /// The collector took it.
    Exported,
    /// There was no room in the queue.
    Dropped,
    /// The collector did not take it.
    Failed,
}

/// Figures of the scheduler that are looked up only when they are asked for.
#[derive(Debug, Clone, Copy)]
pub struct SchedulerState {
    /// Due requests that wait for a send slot.
    pub waiting: usize,
    /// Requests under way.
    pub in_flight: usize,
    /// Whether this replica may send.
    pub lease_valid: bool,
}

impl Metrics {
    /// A registry where everything stands at 0.
    ///
    /// # Errors
    /// Never, unless the table has a histogram without buckets.
    pub fn new(lock: LockKind) -> Result<Self, BuildError> {
        let registry = Registry::new()?;
        let r = &registry;
        let version = env!("CARGO_PKG_VERSION");
        r.gauge(table::BUILD_INFO, &[("version", version)]).set(1);
        let claims = ["planned", "adopted", "lost"]
            .map(|result| r.counter(table::CLAIMS, &[("result", result)]));
        let settled = ["given_back", "unknown"]
            .map(|result| r.counter(table::SETTLED, &[("result", result)]));
        let inner = Inner {
            firings: Firings::new(r),
            attempts: r.counter(table::ATTEMPTS, &[]),
            retries: r.counter(table::RETRIES, &[]),
            lateness: r.histogram(table::LATENESS_SECONDS, &[]),
            duration: r.histogram(table::ATTEMPT_DURATION, &[]),
            claims,
            claim_size: r.histogram(table::CLAIM_SIZE, &[]),
            settled,
            locks: Locks::new(r, lock),
            lock_duration: r.histogram(table::LOCK_DURATION, &[]),
            writes: Writes {
                size: r.histogram(table::WRITE_SIZE, &[]),
                duration: r.histogram(table::WRITE_DURATION, &[]),
            },
            spans: ["exported", "dropped", "failed"]
                .map(|result| r.counter(table::SPANS, &[("result", result)])),
            sends_waiting: r.gauge(table::SEND_WAITING, &[]),
            sends_in_flight: r.gauge(table::SEND_UNDER_WAY, &[]),
            ticker_age: r.gauge(table::TICKER_AGE, &[]),
            lease_valid: r.gauge(table::LEASE_VALID, &[]),
            ready: r.gauge(table::READY, &[]),
            ticked: Mutex::new(Stopwatch::start()),
            registry,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// A firing has ended for good.
    pub fn ended(&self, record: &RunRecord) {
        let reason = record.outcome.reason;
        self.inner
            .firings
            .count(record.claim.occurrence.kind, reason);
    }

    /// A failed attempt will be made again.
    pub fn retried(&self) {
        self.inner.retries.increment(1);
    }

    /// A request has left so late, and its answer has ended after `took`.
    pub fn attempted(&self, late: TimeDelta, took: Duration) {
        self.inner.attempts.increment(1);
        self.inner
            .lateness
            .record(late.to_std().unwrap_or_default());
        self.inner.duration.record(took);
    }

    /// A claim transaction got so many occurrences, `adopted` of them such as
    /// had been claimed before.
    pub fn claimed(&self, claims: usize, adopted: usize) {
        if claims > 0 {
            let [planned_before, adopted_before, _] = &self.inner.claims;
            planned_before.increment(claims.saturating_sub(adopted) as u64);
            adopted_before.increment(adopted as u64);
            self.inner.claim_size.record(count(claims));
        }
    }

    /// So many claims did not stand any more just before the send.
    pub fn lost(&self, claims: usize) {
        self.inner.claims[2].increment(claims as u64);
    }

    /// A claim recorded so many fire times without firing them.
    pub fn not_fired(&self, state: OccurrenceState, reason: Option<Reason>, fire_times: u64) {
        let labels = [("state", state.as_str()), ("reason", word(reason))];
        let counter = self.inner.registry.counter(table::NOT_FIRED, &labels);
        counter.increment(fire_times);
    }

    /// So many claims of dead replicas were settled.
    pub fn settled(&self, given_back: u64, unknown: u64) {
        self.inner.settled[0].increment(given_back);
        self.inner.settled[1].increment(unknown);
    }

    /// The fire lock answered after `took`.
    pub fn locked(&self, acquired: usize, held: usize, took: Duration) {
        self.inner.locks.acquired.increment(acquired as u64);
        self.inner.locks.held.increment(held as u64);
        self.inner.lock_duration.record(took);
    }

    /// The fire lock could not be asked for so many occurrences.
    pub fn lock_unavailable(&self, claims: usize) {
        self.inner.locks.unavailable.increment(claims as u64);
    }

    /// The ticker looked for due seconds.
    pub fn ticked(&self) {
        *self
            .inner
            .ticked
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Stopwatch::start();
    }

    /// So many spans came to this.
    pub fn spans(&self, fate: SpanFate, spans: usize) {
        self.inner.spans[fate as usize].increment(spans as u64);
    }

    /// The handles of the store's writer.
    #[must_use]
    pub fn writes(&self) -> Writes {
        self.inner.writes.clone()
    }

    /// This server has answered a request.
    pub fn answered(&self, route: &str, method: &'static str, status: u16, took: Duration) {
        let labels = [("route", route), ("method", method)];
        let histogram = self.inner.registry.histogram(table::HTTP_DURATION, &labels);
        histogram.record(took);
        let class = match status / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        let labels = [labels[0], labels[1], ("status", class)];
        self.inner
            .registry
            .counter(table::HTTP_REQUESTS, &labels)
            .increment(1);
    }

    /// The state of the scheduler, as it is now.
    pub fn set_scheduler(&self, state: SchedulerState) {
        self.inner.sends_waiting.set(count(state.waiting));
        self.inner.sends_in_flight.set(count(state.in_flight));
        self.inner.lease_valid.set(flag(state.lease_valid));
    }

    /// Whether this server is ready, as it is now.
    pub fn set_ready(&self, ready: bool) {
        self.inner.ready.set(flag(ready));
    }

    /// Whether a part works, as it is now.
    pub fn set_part(&self, part: &'static str, ok: bool) {
        let gauge = self.inner.registry.gauge(table::PART_UP, &[("part", part)]);
        gauge.set(flag(ok));
    }

    /// How many jobs of a state and kind there are.
    pub fn set_jobs(&self, state: &str, kind: &str, jobs: u64) {
        let labels = [("state", state), ("kind", kind)];
        let jobs = u32::try_from(jobs).unwrap_or(u32::MAX);
        self.inner.registry.gauge(table::JOBS, &labels).set(jobs);
    }

    /// All of it in Prometheus' text format.
    #[must_use]
    pub fn exposition(&self) -> String {
        let ticked = *self
            .inner
            .ticked
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.inner.ticker_age.set(ticked.elapsed());
        self.inner.registry.handle.render() + &process::exposition()
    }

    /// Sums up what histograms have taken. Each value takes memory until then:
    /// to be called every few seconds.
    pub fn upkeep(&self) {
        self.inner.registry.handle.run_upkeep();
    }
}

impl Writes {
    /// Handles that keep nothing, for a store of its own.
    #[must_use]
    pub fn none() -> Self {
        Self {
            size: Histogram::noop(),
            duration: Histogram::noop(),
        }
    }

    /// One transaction served so many requests.
    pub fn wrote(&self, requests: usize, took: Duration) {
        self.size.record(count(requests));
        self.duration.record(took);
    }
}

/// Ends of firings; a counter for each kind and reason that a firing can have.
#[derive(Debug)]
struct Firings {
    /// By kind, then success and the reasons in their order.
    counters: [Vec<Option<Counter>>; 2],
}

impl Firings {
    fn new(registry: &Registry) -> Self {
        let of_kind = |kind: OccurrenceKind| {
            let reasons = Reason::ALL.into_iter().map(Some);
            let all = std::iter::once(None).chain(reasons);
            all.map(|reason| {
                let (kind, state) = (kind.as_str(), ends_as(reason)?.as_str());
                let labels = [("kind", kind), ("state", state), ("reason", word(reason))];
                Some(registry.counter(table::FIRINGS, &labels))
            })
            .collect()
        };
        Self {
            counters: OccurrenceKind::ALL.map(of_kind),
        }
    }

    fn count(&self, kind: OccurrenceKind, reason: Option<Reason>) {
        let at = reason.map_or(0, |reason| reason as usize + 1);
        let counter = self.counters[kind as usize].get(at);
        if let Some(counter) = counter.and_then(Option::as_ref) {
            counter.increment(1);
        }
    }
}

/// The state a firing with that reason ends in; `None`: no firing ends with it,
/// or not in the process that began it.
fn ends_as(reason: Option<Reason>) -> Option<OccurrenceState> {
    match reason {
        Some(
            Reason::ReplicaDied
            | Reason::Shutdown
            | Reason::Overlap
            | Reason::QueueFull
            | Reason::PauseUntil
            | Reason::Ended
            | Reason::Paused
            | Reason::Removed
            | Reason::Changed
            | Reason::Grace
            | Reason::NoCatchUp,
        ) => None,
        reason => {
            let outcome = Outcome {
                reason,
                ..Outcome::default()
            };
            Some(outcome.state())
        }
    }
}

#[derive(Debug)]
struct Locks {
    acquired: Counter,
    held: Counter,
    unavailable: Counter,
}

impl Locks {
    fn new(registry: &Registry, lock: LockKind) -> Self {
        let lock = match lock {
            LockKind::Store => "store",
            LockKind::Redis => "redis",
        };
        let counter =
            |result| registry.counter(table::LOCKS, &[("lock", lock), ("result", result)]);
        Self {
            acquired: counter("acquired"),
            held: counter("held"),
            unavailable: counter("unavailable"),
        }
    }
}

/// A registry with the help texts and buckets of the table.
struct Registry {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry").finish_non_exhaustive()
    }
}

impl Registry {
    fn new() -> Result<Self, BuildError> {
        let mut builder = PrometheusBuilder::new();
        for family in FAMILIES {
            if let Kind::Histogram(buckets) = family.kind {
                let name = Matcher::Full(family.name.to_owned());
                builder = builder.set_buckets_for_metric(name, buckets)?;
            }
        }
        let recorder = builder.build_recorder();
        for family in FAMILIES {
            let (name, help) = (family.name.into(), SharedString::const_str(family.help));
            match family.kind {
                Kind::Counter => recorder.describe_counter(name, None, help),
                Kind::Gauge => recorder.describe_gauge(name, None, help),
                Kind::Histogram(_) => recorder.describe_histogram(name, None, help),
            }
        }
        let handle = recorder.handle();
        Ok(Self { recorder, handle })
    }

    fn counter(&self, family: Family, labels: &[(&'static str, &str)]) -> Counter {
        self.recorder
            .register_counter(&key(family, labels), &METADATA)
    }

    fn gauge(&self, family: Family, labels: &[(&'static str, &str)]) -> Gauge {
        self.recorder
            .register_gauge(&key(family, labels), &METADATA)
    }

    fn histogram(&self, family: Family, labels: &[(&'static str, &str)]) -> Histogram {
        self.recorder
            .register_histogram(&key(family, labels), &METADATA)
    }
}

static METADATA: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, None);

fn key(family: Family, labels: &[(&'static str, &str)]) -> Key {
    let label = |(name, value): &(&'static str, &str)| Label::new(*name, (*value).to_owned());
    let labels: Vec<Label> = labels.iter().map(label).collect();
    Key::from_parts(family.name, labels)
}

/// The word of a reason; a label has no empty value.
fn word(reason: Option<Reason>) -> &'static str {
    reason.map_or("none", Reason::as_str)
}

fn flag(is: bool) -> f64 {
    f64::from(u8::from(is))
}

#[allow(clippy::cast_precision_loss)] // far below 2^53
fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_own_place() {
        for (at, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, at, "{reason:?}");
        }
        for (at, kind) in OccurrenceKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, at, "{kind:?}");
        }
    }

    #[test]
    fn two_servers_do_not_share_their_figures() {
        let [one, other] = [0, 1].map(|_| Metrics::new(LockKind::Store).unwrap());
        one.lost(3);
        let line = "schedule_claims_total{result=\"lost\"} ";
        assert!(one.exposition().contains(&format!("{line}3\n")));
        assert!(other.exposition().contains(&format!("{line}0\n")));
    }
}
