use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use futures_util::FutureExt;
use proptest::prelude::*;

/// The permit, if it is there.
fn now(waiting: &mut Waiting) -> Option<Permit> {
    waiting.now_or_never()
}

fn taken(limits: &Limits, host: &str) -> Permit {
    now(&mut limits.acquire(host, 0)).expect("a free slot")
}

/// Fails unless every slot is free and nothing is remembered.
fn assert_idle(limits: &Limits, total: usize) {
    let queues = limits.queues();
    assert_eq!(queues.free, total);
    assert!(queues.hosts.is_empty() && queues.ready.is_empty());
}

#[test]
fn a_full_host_holds_nothing_of_the_total() {
    let limits = Limits::new(2, 1);
    let first = taken(&limits, "hung");
    let mut waiting = limits.acquire("hung", 10);
    assert!(now(&mut waiting).is_none());
    drop(taken(&limits, "healthy"));
    drop(first);
    assert!(now(&mut waiting).is_some());
}

#[test]
fn the_total_is_a_bound_over_all_hosts() {
    let limits = Limits::new(1, 1);
    let first = taken(&limits, "a");
    assert!(now(&mut limits.acquire("b", 0)).is_none());
    drop(first);
    drop(taken(&limits, "b"));
    assert_idle(&limits, 1);
}

#[test]
fn the_highest_priority_goes_first_and_equals_as_they_came() {
    for (total, per_host) in [(1, 9), (9, 1)] {
        let limits = Limits::new(total, per_host);
        let mut held = Some(taken(&limits, "host"));
        let mut waiting: Vec<_> = [("low", -3), ("a", 0), ("high", 7), ("b", 0), ("c", 0)]
            .map(|(name, priority)| (name, limits.acquire("host", priority)))
            .into();
        let mut order = Vec::new();
        while !waiting.is_empty() {
            drop(held.take());
            let mut came = |(_, w): &mut (&str, Waiting)| now(w).map(|p| held = Some(p)).is_some();
            let at = waiting.iter_mut().position(&mut came).expect("one goes");
            assert!(!waiting.iter_mut().skip(at + 1).any(came), "and no other");
            order.push(waiting.remove(at).0);
        }
        assert_eq!(order, ["high", "a", "b", "c", "low"]);
        drop(held);
        assert_idle(&limits, total);
    }
}

/// Nobody of low priority holds a slot of the host while it waits for one of
/// the total.
#[test]
fn a_later_one_of_high_priority_overtakes_at_both_limits_at_once() {
    let limits = Limits::new(1, 1);
    let held = taken(&limits, "other");
    let mut low = limits.acquire("host", 0);
    let mut high = limits.acquire("host", 1);
    drop(held);
    assert!(now(&mut low).is_none());
    drop(now(&mut high).expect("the higher one first"));
    assert!(now(&mut low).is_some());
}

#[test]
fn the_place_is_taken_at_the_call() {
    let limits = Limits::new(1, 1);
    let held = taken(&limits, "host");
    let (mut first, mut second) = (limits.acquire("host", 0), limits.acquire("host", 0));
    assert!(now(&mut second).is_none() && now(&mut first).is_none());
    drop(held);
    assert!(now(&mut second).is_none());
    assert!(now(&mut first).is_some());
}

#[test]
fn a_dropped_waiter_gives_up_its_place() {
    let limits = Limits::new(1, 1);
    let held = taken(&limits, "host");
    let gone = limits.acquire("host", 5);
    let mut next = limits.acquire("host", 0);
    drop(gone);
    drop(held);
    drop(now(&mut next).expect("the next one"));
    assert_idle(&limits, 1);
}

#[test]
fn a_permit_handed_to_a_waiter_that_goes_is_handed_on() {
    let limits = Limits::new(1, 1);
    let held = taken(&limits, "host");
    let gone = limits.acquire("host", 5);
    let mut next = limits.acquire("host", 0);
    drop(held);
    assert!(now(&mut next).is_none(), "it was handed to the other one");
    drop(gone);
    drop(now(&mut next).expect("handed on"));
    let unused = limits.acquire("host", 0);
    drop(unused);
    assert_idle(&limits, 1);
}

/// The same at the very moment, between the choice and the hand-over.
#[test]
fn a_permit_that_finds_nobody_goes_to_the_next() {
    let limits = Limits::new(1, 1);
    let held = std::mem::ManuallyDrop::new(taken(&limits, "host"));
    let gone = limits.acquire("host", 5);
    let mut next = limits.acquire("host", 0);
    let (host, hand) = limits.queues().leave(&held.host).expect("who waits first");
    drop(gone);
    let limits_of = limits.clone();
    let permit = Permit {
        limits: limits_of,
        host,
    };
    drop(hand.send(permit).expect_err("it has gone"));
    drop(now(&mut next).expect("the next one"));
    assert_idle(&limits, 1);
}

#[derive(Debug, Clone)]
enum Step {
    Acquire(usize, i8),
    Poll(usize),
    DropWaiting(usize),
    DropPermit(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..3_usize, -2..3_i8).prop_map(|(host, priority)| Step::Acquire(host, priority)),
        2 => any::<prop::sample::Index>().prop_map(|n| Step::Poll(n.index(1 << 16))),
        1 => any::<prop::sample::Index>().prop_map(|n| Step::DropWaiting(n.index(1 << 16))),
        2 => any::<prop::sample::Index>().prop_map(|n| Step::DropPermit(n.index(1 << 16))),
    ]
}

/// The element `n` stands for, taken out.
fn pick<T>(from: &mut Vec<T>, n: usize) -> Option<T> {
    (!from.is_empty()).then(|| from.swap_remove(n % from.len()))
}

proptest! {
    /// In any order of steps: no limit is exceeded, nobody waits who could go,
    /// and in the end every slot is free.
    #[test]
    fn no_permit_leaks(
        total in 1..5_usize,
        per_host in 1..4_usize,
        steps in prop::collection::vec(step(), 1..200),
    ) {
        let limits = Limits::new(total, per_host);
        let (mut waiting, mut permits) = (Vec::new(), Vec::new());
        for step in steps {
            match step {
                Step::Acquire(host, priority) => {
                    waiting.push(limits.acquire(&format!("host-{host}"), priority));
                }
                Step::Poll(n) => {
                    if let Some(mut one) = pick(&mut waiting, n) {
                        match now(&mut one) {
                            Some(permit) => permits.push(permit),
                            None => waiting.push(one),
                        }
                    }
                }
                Step::DropWaiting(n) => drop(pick(&mut waiting, n)),
                Step::DropPermit(n) => drop(pick(&mut permits, n)),
            }
            let queues = limits.queues();
            let under_way: usize = queues.hosts.values().map(|h| h.under_way).sum();
            prop_assert_eq!(under_way + queues.free, total);
            prop_assert!(queues.free == 0 || queues.ready.is_empty());
            for (name, host) in &queues.hosts {
                prop_assert!(host.under_way <= per_host && !host.is_idle());
                let first = host.waiting.keys().next().copied();
                prop_assert_eq!(host.listed, first.filter(|_| host.under_way < per_host));
                let held = permits.iter().filter(|p: &&Permit| p.host == *name).count();
                prop_assert!(held <= host.under_way);
            }
        }
        drop((waiting, permits));
        assert_idle(&limits, total);
    }
}

/// Under many threads, with waiters that give up.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn limits_hold_under_contention() {
    let limits = Limits::new(3, 2);
    let (under_way, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..400_usize {
        let (limits, under_way, done) = (limits.clone(), under_way.clone(), done.clone());
        tasks.spawn(async move {
            for round in 0..20 {
                let host = if (n + round) % 2 == 0 { "a" } else { "b" };
                let mut waiting = limits.acquire(host, (n % 5) as i8);
                tokio::task::yield_now().await;
                if (n + round) % 3 == 0 {
                    drop(waiting);
                    continue;
                }
                let permit = (&mut waiting).await;
                assert!(under_way.fetch_add(1, Ordering::SeqCst) < 3);
                tokio::task::yield_now().await;
                under_way.fetch_sub(1, Ordering::SeqCst);
                drop(permit);
                done.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap();
    }
    assert!(done.load(Ordering::SeqCst) > 0);
    assert_idle(&limits, 3);
}
