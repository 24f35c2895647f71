//! Where the time of an attempt goes, told by the client's own steps.
//!
//! The state belongs to the task that sends: the steps find it by a task-local
//! and need no handle. A connection that is still being made when the request
//! gets another one is finished by the client in a task of its own, where there
//! is no such state: it cannot count for a request that did not wait for it.
//!
//! A phase that does not come to its end counts up to the end of the attempt, so
//! that the last phase with a figure is the one in which the attempt ended.

use std::cell::Cell;
use std::future::Future;
use std::time::Duration;

use crate::clock::Stopwatch;
use crate::domain::run::{Outcome, Phases};

tokio::task_local! {
    static WATCH: Cell<Watch>;
}

/// What the client does at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing that counts.
    Idle,
    /// It finds the addresses of the host's name.
    Resolve,
    /// It makes a connection.
    Connect,
    /// It has a connection, or waits for one, and then for the head of the
    /// answer.
    Head,
    /// It reads the answer.
    Read,
}

#[derive(Debug, Clone, Copy)]
struct Watch {
    step: Step,
    since: Stopwatch,
    spent: Phases,
    /// When the request under way began, and what was spent before it.
    request: (Stopwatch, Phases),
}

/// Carries out an attempt and notes where its time went, should it have come to
/// a request.
pub(super) async fn watched(attempt: impl Future<Output = Outcome>) -> Outcome {
    let now = Stopwatch::start();
    let watch = Watch {
        step: Step::Idle,
        since: now,
        spent: Phases::default(),
        request: (now, Phases::default()),
    };
    let measured = async {
        let outcome = attempt.await;
        enter(Step::Idle);
        let spent = WATCH.with(|watch| watch.get().spent);
        let phases = (spent != Phases::default()).then_some(spent);
        Outcome { phases, ..outcome }
    };
    WATCH.scope(Cell::new(watch), measured).await
}

/// A request goes out; its connection may be there already.
pub(super) fn request() {
    change(|watch| {
        watch.enter(Step::Head);
        watch.request = (watch.since, watch.spent);
    });
}

/// The head of the answer has come.
pub(super) fn head() {
    change(|watch| {
        if matches!(watch.step, Step::Resolve | Step::Connect) {
            // It came by a connection that another request had done with,
            // while one was being made for this: none was made for it.
            (watch.since, watch.spent) = watch.request;
            watch.step = Step::Head;
        }
        watch.enter(Step::Read);
    });
}

/// The client goes on to that step.
pub(super) fn enter(step: Step) {
    change(|watch| watch.enter(step));
}

/// Outside of an attempt there is nothing to note.
fn change(step: impl FnOnce(&mut Watch)) {
    let _ = WATCH.try_with(|cell| {
        let mut watch = cell.get();
        step(&mut watch);
        cell.set(watch);
    });
}

impl Watch {
    fn enter(&mut self, next: Step) {
        let now = Stopwatch::start();
        let spent = match (self.step, next) {
            // The first thing a request does is to have a connection made, and
            // the first thing a connection does is to look the name up: there
            // is no time between that is worth a figure.
            (Step::Idle, _) | (Step::Head, Step::Connect) | (Step::Connect, Step::Resolve) => None,
            (Step::Resolve, _) => Some(&mut self.spent.dns_us),
            (Step::Connect, _) => Some(&mut self.spent.connect_us),
            (Step::Head, _) => Some(&mut self.spent.first_byte_us),
            (Step::Read, _) => Some(&mut self.spent.read_us),
        };
        if let Some(sum) = spent {
            let us = micros(now.since(self.since));
            *sum = Some(sum.unwrap_or_default().saturating_add(us));
        }
        (self.step, self.since) = (next, now);
    }
}

fn micros(time: Duration) -> u32 {
    u32::try_from(time.as_micros()).unwrap_or(u32::MAX)
}
