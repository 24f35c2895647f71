//! A group of claims due at one millisecond: revalidate → lock → send →
//! record. Each step takes what the one before let through.
//!
//! Invariant: a request is sent only for a claim that the store moved to
//! `firing` for this replica and whose fire lock was taken (or could not be
//! asked, where the setting allows that), while this replica's lease is valid.
//! Within a group the higher priority comes first at each step.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::crowd::{Crowd, MOST_AHEAD};
use super::given_up::given_up;
use super::lease::Lease;
use super::recorder::Recorder;
use super::{OnLockUnavailable, Parts};
use crate::clock::{Stopwatch, now_ms};
use crate::domain::occurrence::{Claim, Reason};
use crate::domain::run::{Attempt, Outcome, RunRecord};
use crate::fail_point::fail_point;
use crate::health::Part;
use crate::lock::LockOutcome;
use crate::sender::{Call, Waiting};
use crate::telemetry::traces::{AttemptSpan, OccurrenceSpan, Span, Steps, TraceContext};

/// What is due within such a step is revalidated and locked at once: the store and the
/// lock serve all that ask together in one go.
const STEP: TimeDelta = TimeDelta::milliseconds(25);
/// How many claims one revalidation takes.
const CHUNK: usize = 500;
/// How long an instant may be waited for after the revalidation; longer than it is
/// made ahead. When the clock is set back meanwhile, a client may change the job.
const LONGEST_WAIT: Duration = Duration::from_millis(1_900);
/// How many requests are let go before those may run.
const STRIDE: usize = 32;
/// How long to wait before something that is away is asked again.
const RETRY: Duration = Duration::from_millis(250);
/// What is recorded of a panic.
const FAILED: &str = "this program failed while it was sending";
/// What became of a run whose next one took its place; the ledger has it already.
const GIVEN_UP: &str = "the next occurrence of the job took its place";
/// How long a held occurrence waits for the fire lock: the inherited grace.
const HOLD: TimeDelta = TimeDelta::seconds(60);

/// What a dispatcher stands on.
pub struct Dispatch {
    pub parts: Parts,
    pub on_lock_unavailable: OnLockUnavailable,
    pub send_wait: Duration,
    pub lease: Arc<Lease>,
    pub recorder: Recorder,
    pub crowd: Crowd,
    pub tasks: TaskTracker,
    /// Ends the waiting for an instant: claims are given back.
    pub stop: CancellationToken,
    /// Ends the sending: what is under way is given up.
    pub kill: CancellationToken,
}

/// Takes claims and sees each through to its record.
#[derive(Clone)]
pub struct Dispatcher {
    inner: Arc<Dispatch>,
}

impl Dispatcher {
    pub fn new(inner: Dispatch) -> Self {
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Takes claims, due now or soon. What is overdue is one group, so that
    /// runs of one job stay in the order of their fire times.
    pub fn accept(&self, claims: Vec<Claim>) {
        let claimed_at = self.inner.parts.clock.now();
        let now = claimed_at.trunc_subsecs(3);
        let mut groups: BTreeMap<DateTime<Utc>, Vec<Claim>> = BTreeMap::new();
        for claim in claims {
            groups.entry(claim.due_at.max(now)).or_default().push(claim);
        }
        for (due_at, mut group) in groups {
            group.sort_by_key(|claim| (Reverse(claim.priority), claim.due_at));
            self.inner.start_group(due_at, group, claimed_at);
        }
    }
}

impl Dispatch {
    fn start_group(
        self: &Arc<Self>,
        due_at: DateTime<Utc>,
        claims: Vec<Claim>,
        claimed_at: DateTime<Utc>,
    ) {
        let place = self.crowd.enter(due_at, claims.len());
        let this = self.clone();
        let group: BoxFuture<'static, ()> = Box::pin(async move {
            this.run_group(due_at, claims, claimed_at).await;
            drop(place);
        });
        self.tasks.spawn(group);
    }

    async fn run_group(
        self: Arc<Self>,
        due_at: DateTime<Utc>,
        mut claims: Vec<Claim>,
        claimed_at: DateTime<Utc>,
    ) {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => return self.give_back(claims).await,
            () = self.time_to_prepare(due_at) => {}
        }
        let mut without_room = Vec::new();
        while !claims.is_empty() {
            let rest = claims.split_off(claims.len().min(CHUNK));
            let chunk = std::mem::replace(&mut claims, rest);
            without_room.extend(self.fire(due_at, chunk, claimed_at).await);
        }
        // More than once when the clock is set back.
        while !without_room.is_empty() {
            let came = tokio::select! {
                biased;
                () = self.stop.cancelled() => false,
                came = self.comes(due_at) => came,
            };
            if !came {
                return self.give_back(without_room).await;
            }
            // Runs that are over make room, on record or not.
            self.recorder.flush().await;
            without_room = self.fire(due_at, without_room, claimed_at).await;
        }
    }

    /// Revalidates and locks, and sends what may be sent, in a task of its own. Answers
    /// with what did not stand or had no room, when that is to be asked again at the
    /// instant.
    async fn fire(
        self: &Arc<Self>,
        due_at: DateTime<Utc>,
        claims: Vec<Claim>,
        claimed_at: DateTime<Utc>,
    ) -> Vec<Claim> {
        let Prepared {
            locked,
            without_room,
            checked_at,
        } = self.prepare(due_at, claims).await;
        if !locked.is_empty() {
            let steps = Steps {
                claimed_at,
                checked_at,
                locked_at: self.parts.clock.now(),
            };
            self.tasks
                .spawn(self.clone().send_all(due_at, locked, steps));
        }
        without_room
    }

    /// Waits until it is time to revalidate and lock what is due at an instant: by then
    /// it is known how many share it.
    async fn time_to_prepare(&self, due_at: DateTime<Utc>) {
        let clock = &self.parts.clock;
        clock.sleep_until(due_at - MOST_AHEAD - STEP).await;
        let latest = due_at - self.crowd.ahead(due_at);
        let into_step = latest
            .timestamp_millis()
            .rem_euclid(STEP.num_milliseconds());
        clock
            .sleep_until(latest - TimeDelta::milliseconds(into_step))
            .await;
    }

    /// Revalidates and locks.
    async fn prepare(&self, due_at: DateTime<Utc>, claims: Vec<Claim>) -> Prepared {
        // Without the lease this process stood still, or the store is away:
        // whoever has one decides by the grace whether they may still fire.
        if !self.lease.is_valid() || !self.lock_may_answer().await {
            self.give_back(claims).await;
            return Prepared::none(self.parts.clock.now());
        }
        let now = now_ms(&*self.parts.clock);
        match self.parts.store.start_firing(claims.clone(), now).await {
            Ok(standing) => {
                let checked_at = self.parts.clock.now();
                let missing = missing(claims, &standing);
                let without_room = if now < due_at {
                    missing
                } else {
                    self.parts.metrics.lost(missing.len());
                    Vec::new()
                };
                let locked = self.lock(standing).await;
                // A step between two parts: to fail means nothing here.
                let _ = fail_point!("after_lock");
                Prepared {
                    locked,
                    without_room,
                    checked_at,
                }
            }
            Err(error) => {
                self.parts
                    .health
                    .report(Part::Store, Err(&error.to_string()));
                self.give_back(claims).await;
                Prepared::none(now)
            }
        }
    }

    /// Where occurrences wait for the fire lock, waits until it answers, as long
    /// as it may be waited for. `false`: the stop came first.
    async fn lock_may_answer(&self) -> bool {
        let give_up = self.parts.clock.now() + HOLD;
        while self.on_lock_unavailable == OnLockUnavailable::Hold
            && self.parts.clock.now() < give_up
            && self.parts.lock.ping().await.is_err()
        {
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return false,
                () = tokio::time::sleep(RETRY) => {}
            }
        }
        true
    }

    /// Gives back claims of which nothing was sent, as soon as the store can
    /// be written; the planner of any replica takes them from there.
    async fn give_back(&self, claims: Vec<Claim>) {
        while self
            .parts
            .store
            .give_back(claims.clone(), now_ms(&*self.parts.clock))
            .await
            .is_err()
        {
            tokio::select! {
                biased;
                // Without the lease they are given back by whoever finds them.
                () = self.kill.cancelled() => return,
                () = tokio::time::sleep(RETRY) => {}
            }
        }
    }

    async fn lock(&self, claims: Vec<Claim>) -> Vec<Claim> {
        if claims.is_empty() {
            return claims;
        }
        match self.ask_lock(&claims).await {
            Some(outcomes) => {
                let mut locked = Vec::with_capacity(claims.len());
                for (claim, outcome) in claims.into_iter().zip(outcomes) {
                    match outcome {
                        LockOutcome::Acquired => locked.push(claim),
                        LockOutcome::HeldElsewhere => {
                            let why = "another holder has the fire lock and may have sent it";
                            self.finish(self.unsent(claim, Reason::LockHeld, why), None);
                        }
                    }
                }
                locked
            }
            None => {
                for claim in claims {
                    let why = "the fire lock could not be asked within the grace";
                    self.finish(self.unsent(claim, Reason::LockUnavailable, why), None);
                }
                Vec::new()
            }
        }
    }

    /// The outcome of each lock; `None`: it could not be asked, and must be.
    async fn ask_lock(&self, claims: &[Claim]) -> Option<Vec<LockOutcome>> {
        let asked = Stopwatch::start();
        match self.parts.lock.acquire(claims).await {
            Ok(outcomes) => {
                let held = outcomes
                    .iter()
                    .filter(|o| **o == LockOutcome::HeldElsewhere);
                let held = held.count();
                let acquired = outcomes.len() - held;
                self.parts.metrics.locked(acquired, held, asked.elapsed());
                let using = self.parts.lock.describe();
                self.parts.health.report_optional(Part::Lock, Ok(&using));
                Some(outcomes)
            }
            Err(error) => {
                self.parts.metrics.lock_unavailable(claims.len());
                self.parts
                    .health
                    .report_optional(Part::Lock, Err(&error.to_string()));
                let fire = self.on_lock_unavailable == OnLockUnavailable::Fire;
                fire.then(|| vec![LockOutcome::Acquired; claims.len()])
            }
        }
    }

    /// Makes the requests, each in a task of its own that is there when the instant
    /// comes; then lets them go. The places in the queue for a send slot are taken in
    /// order.
    async fn send_all(self: Arc<Self>, due_at: DateTime<Utc>, claims: Vec<Claim>, steps: Steps) {
        let (mut ready, mut faulty) = (Vec::with_capacity(claims.len()), Vec::new());
        let sampled = self.parts.tracer.is_on();
        for claim in claims {
            match call(claim, sampled) {
                (claim, Ok(call)) => ready.push(self.make_ready(claim, call, steps)),
                (claim, Err((reason, why))) => faulty.push((claim, reason, why)),
            }
        }
        if !self.comes(due_at).await {
            let faulty = faulty.into_iter().map(|(claim, ..)| claim);
            let claims: Vec<Claim> = ready.into_iter().map(|r| r.claim).chain(faulty).collect();
            // A lock that is not released refuses the next attempt, until it ends.
            let _ = self.parts.lock.release(&claims).await;
            return self.give_back(claims).await;
        }
        for (n, Ready { claim, host, go }) in ready.into_iter().enumerate() {
            let slot = self.parts.limits.acquire(&host, claim.priority);
            // Refused only after the kill.
            let _ = go.send(slot);
            if n % STRIDE == STRIDE - 1 {
                tokio::task::yield_now().await;
            }
        }
        for (claim, reason, why) in faulty {
            self.finish(self.unsent(claim, reason, &why), Some(steps));
        }
    }

    /// Starts the task that sends once it is let go; without that it ends.
    fn make_ready(self: &Arc<Self>, claim: Claim, call: Call, steps: Steps) -> Ready {
        let (go, slot) = oneshot::channel();
        let ready = Ready {
            claim: claim.clone(),
            host: call.host(),
            go,
        };
        let this = self.clone();
        self.tasks.spawn(async move {
            let Ok(slot) = slot.await else { return };
            tokio::select! {
                biased;
                () = this.kill.cancelled() => {}
                () = this.send_or_explain(claim, call, slot, steps) => {}
            }
        });
        ready
    }

    /// Waits for an instant. `false`: it does not come in time, as when the clock was set
    /// back, or the end came first.
    async fn comes(&self, due_at: DateTime<Utc>) -> bool {
        let instant = self.parts.clock.sleep_until(due_at);
        tokio::select! {
            biased;
            () = self.kill.cancelled() => false,
            came = tokio::time::timeout(LONGEST_WAIT, instant) => came.is_ok(),
        }
    }

    /// Sends; a panic on the way leaves no row open.
    async fn send_or_explain(
        self: &Arc<Self>,
        claim: Claim,
        call: Call,
        slot: Waiting,
        steps: Steps,
    ) {
        let sent = AssertUnwindSafe(self.send(&claim, call, slot, steps)).catch_unwind();
        if sent.await.is_err() {
            let record = self.unsent(claim, Reason::Internal, FAILED);
            self.finish(record, Some(steps));
        }
    }

    async fn send(self: &Arc<Self>, claim: &Claim, call: Call, slot: Waiting, steps: Steps) {
        let record = tokio::select! {
            biased;
            record = self.attempt(claim, call, slot) => record,
            () = given_up(&*self.parts.store, claim) => {
                log_given_up(claim);
                let record = self.unsent(claim.clone(), Reason::Cancelled, GIVEN_UP);
                return self.count_end(&record, Some(steps));
            }
        };
        match record.retry_at {
            None => self.finish(record, Some(steps)),
            // In a box: few come to it, and all would hold the room for it.
            Some(due_at) => Box::pin(self.try_again(record, due_at, steps)).await,
        }
    }

    /// Waits for the slot, then sends.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the slot and closes the connection.
    async fn attempt(&self, claim: &Claim, call: Call, slot: Waiting) -> RunRecord {
        let Ok(permit) = tokio::time::timeout(self.send_wait, slot).await else {
            let why = "no send slot came free in time";
            return self.unsent(claim.clone(), Reason::SendLimit, why);
        };
        if !self.lease.is_valid() {
            let why = "this replica had lost its lease";
            return self.unsent(claim.clone(), Reason::LeaseLost, why);
        }
        let clock = &self.parts.clock;
        let left_at = clock.now();
        let sent_at = left_at.trunc_subsecs(3);
        let started = clock.monotonic();
        let traced = self.traced(&call);
        let _ = fail_point!("before_send");
        // In a box by its trait: many wait for a slot, and few are sent at once.
        let outcome = self.parts.sender.send(call).await;
        let _ = fail_point!("after_send");
        drop(permit);
        let took = clock.monotonic().saturating_sub(started);
        self.parts.metrics.attempted(left_at - claim.due_at, took);
        let ended_at = now_ms(&**clock).max(sent_at);
        let retry_at = retry_at(claim, &outcome, ended_at);
        if let Some(traced) = traced {
            self.push_attempt(traced, claim, &outcome, left_at, took);
        }
        RunRecord {
            claim: claim.clone(),
            sent_at: Some(sent_at),
            duration_ms: i64::try_from(took.as_millis()).ok(),
            ended_at,
            outcome,
            retry_at,
        }
    }

    /// Records that the occurrence waits for another attempt, then waits for
    /// it like for any other instant.
    async fn try_again(self: &Arc<Self>, record: RunRecord, due_at: DateTime<Utc>, steps: Steps) {
        log(&record);
        self.parts.metrics.retried();
        let claim = Claim {
            due_at,
            ..record.claim.clone()
        };
        let record: Arc<[RunRecord]> = [record].into();
        // Without its record the row stays `firing`, and ends as unknown when
        // this replica does; the kill ends the waiting.
        while let Err(error) = self.parts.store.record(record.clone()).await {
            self.parts
                .health
                .report(Part::Store, Err(&error.to_string()));
            tokio::time::sleep(RETRY).await;
        }
        self.start_group(due_at, vec![claim], steps.claimed_at);
    }

    /// The record of what ended without a request.
    fn unsent(&self, claim: Claim, reason: Reason, why: &str) -> RunRecord {
        RunRecord {
            claim,
            sent_at: None,
            duration_ms: None,
            ended_at: now_ms(&*self.parts.clock),
            outcome: Outcome::failed(reason, why),
            retry_at: None,
        }
    }

    /// What is exported of a call that is about to be sent, if it is.
    fn traced(&self, call: &Call) -> Option<Traced> {
        self.parts.tracer.is_on().then(|| Traced {
            context: call.context(),
            method: call.method(),
            url: call.shown_url(),
        })
    }

    fn push_attempt(
        &self,
        traced: Traced,
        claim: &Claim,
        outcome: &Outcome,
        sent_at: DateTime<Utc>,
        took: Duration,
    ) {
        self.parts.tracer.push(|| {
            Span::Attempt(Box::new(AttemptSpan {
                context: traced.context,
                occurrence: claim.occurrence.clone(),
                attempt: claim.attempt,
                due_at: claim.due_at,
                sent_at,
                took,
                method: traced.method,
                url: traced.url,
                status: outcome.status,
                reason: outcome.reason,
                error: outcome.error.clone(),
                phases: outcome.phases,
            }))
        });
    }

    /// Ends a firing for good; `steps`: what was done before the send, should it
    /// have come to that.
    fn finish(&self, record: RunRecord, steps: Option<Steps>) {
        log(&record);
        self.count_end(&record, steps);
        self.recorder.push(record);
    }

    fn count_end(&self, record: &RunRecord, steps: Option<Steps>) {
        self.parts.metrics.ended(record);
        let span = || Span::Occurrence(Box::new(OccurrenceSpan::of(record, steps)));
        self.parts.tracer.push(span);
    }
}

/// What became of claims just before they are sent.
struct Prepared {
    /// They may be sent.
    locked: Vec<Claim>,
    /// They did not stand, or had no room, before their instant.
    without_room: Vec<Claim>,
    /// When they were revalidated.
    checked_at: DateTime<Utc>,
}

impl Prepared {
    fn none(checked_at: DateTime<Utc>) -> Self {
        Self {
            locked: Vec::new(),
            without_room: Vec::new(),
            checked_at,
        }
    }
}

/// A request that waits in its task to be let go.
struct Ready {
    claim: Claim,
    host: String,
    go: oneshot::Sender<Waiting>,
}

/// What is kept of a call for its span.
struct Traced {
    context: TraceContext,
    method: &'static str,
    url: url::Url,
}

/// Those of the claims that are not among the standing ones.
fn missing(mut claims: Vec<Claim>, standing: &[Claim]) -> Vec<Claim> {
    if claims.len() == standing.len() {
        return Vec::new();
    }
    let standing: HashSet<i64> = standing.iter().map(|claim| claim.row_id).collect();
    claims.retain(|claim| !standing.contains(&claim.row_id));
    claims
}

/// The request of a claim, or why there is none.
fn call(claim: Claim, sampled: bool) -> (Claim, Result<Call, (Reason, String)>) {
    let attempt = Attempt { claim };
    let made = catch_unwind(AssertUnwindSafe(|| Call::traced(&attempt, sampled)));
    let call = match made {
        Ok(call) => call.map_err(|why| (Reason::InvalidUrl, why)),
        Err(_) => Err((Reason::Internal, FAILED.to_owned())),
    };
    (attempt.claim, call)
}

/// When a failed attempt is made again, if it is.
fn retry_at(claim: &Claim, outcome: &Outcome, ended_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let retry = claim.retry.as_ref()?;
    let since_fire = (ended_at - claim.occurrence.fire_at).num_milliseconds();
    let since_fire_ms = u64::try_from(since_fire).unwrap_or_default();
    let fire_id = claim.occurrence.fire_id();
    let delay_ms = retry.delay_ms(fire_id, claim.attempt, outcome, since_fire_ms)?;
    ended_at.checked_add_signed(TimeDelta::try_milliseconds(i64::try_from(delay_ms).ok()?)?)
}

fn log_given_up(claim: &Claim) {
    tracing::info!(
        job.id = claim.occurrence.job_id.as_str(),
        occurrence.fire_at = claim.occurrence.fire_at.to_rfc3339(),
        attempt.number = claim.attempt,
        "given up: the next occurrence of the job took its place"
    );
}

/// One line per firing: at debug when it succeeded, else a warning.
fn log(record: &RunRecord) {
    let outcome = &record.outcome;
    let occurrence = &record.claim.occurrence;
    let job = occurrence.job_id.as_str();
    let lateness_ms = record.lateness_ms();
    match outcome.reason {
        None => tracing::debug!(
            job.id = job,
            occurrence.fire_at = occurrence.fire_at.to_rfc3339(),
            status = outcome.status,
            lateness_ms,
            duration_ms = record.duration_ms,
            "fired"
        ),
        Some(reason) => tracing::warn!(
            job.id = job,
            occurrence.fire_at = occurrence.fire_at.to_rfc3339(),
            attempt.number = record.claim.attempt,
            retry_at = record.retry_at.map(|at| at.to_rfc3339()),
            reason = reason.as_str(),
            status = outcome.status,
            error = outcome.error,
            lateness_ms,
            duration_ms = record.duration_ms,
            "not fired with success"
        ),
    }
}
