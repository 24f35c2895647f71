//! Many seeds on all cores, and what they came to.

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use schedule_server::telemetry::metrics::{LockKind, Metrics};

use super::check::Findings;
use super::run::{Verdict, run};

/// How many failures are told of.
const TOLD: usize = 10;
/// After how many runs the counters start anew: they keep what they count.
const FRESH: u64 = 200;

/// What many runs came to.
#[derive(Default)]
pub struct Summary {
    seeds: u64,
    failed: Vec<(u64, Vec<String>)>,
    faults: BTreeMap<&'static str, u64>,
    findings: Findings,
}

/// One run; a panic is a finding too.
pub fn verdict(seed: u64, traced: bool, metrics: &Metrics) -> Verdict {
    let ran = catch_unwind(AssertUnwindSafe(|| run(seed, traced, metrics)));
    ran.unwrap_or_else(|_| Verdict {
        violations: vec!["it panicked".into()],
        ..Verdict::default()
    })
}

pub fn metrics() -> Metrics {
    Metrics::new(LockKind::Redis).unwrap()
}

/// Runs seeds on all cores; fails with what to run again when a promise was broken.
pub fn explore(seeds: Range<u64>, tell: bool) {
    let began = Instant::now();
    let next = AtomicU64::new(seeds.start);
    let summary = Mutex::new(Summary::default());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| work(&next, seeds.end, &summary));
        }
    });
    let mut summary = summary.into_inner().unwrap();
    summary.failed.sort_by_key(|(seed, _)| *seed);
    if tell {
        summary.print(began.elapsed().as_secs_f64());
    }
    summary.require_none_failed();
}

fn work(next: &AtomicU64, end: u64, summary: &Mutex<Summary>) {
    let mut own = Summary::default();
    let mut counters = metrics();
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            break;
        }
        if own.seeds % FRESH == FRESH - 1 {
            counters = metrics();
        }
        own.add(seed, verdict(seed, false, &counters));
    }
    summary.lock().unwrap().merge(own);
}

impl Summary {
    fn add(&mut self, seed: u64, verdict: Verdict) {
        self.seeds += 1;
        if !verdict.violations.is_empty() {
            self.failed.push((seed, verdict.violations));
        }
        self.count(verdict.faults, verdict.findings);
    }

    fn merge(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.failed.extend(other.failed);
        self.count(other.faults, other.findings);
    }

    fn count(&mut self, faults: BTreeMap<&'static str, u64>, findings: Findings) {
        for (kind, times) in faults {
            *self.faults.entry(kind).or_default() += times;
        }
        for (end, fire_times) in findings.ends {
            *self.findings.ends.entry(end).or_default() += fire_times;
        }
        self.findings.planned += findings.planned;
        self.findings.sent += findings.sent;
        self.findings.doubles += findings.doubles;
        self.findings.dropped += findings.dropped;
    }

    fn print(&self, seconds: f64) {
        let per_minute = self.seeds as f64 / seconds * 60.0;
        println!("seeds                {:>12}", self.seeds);
        println!("seeds per minute     {per_minute:>12.0}");
        println!("seeds that failed    {:>12}", self.failed.len());
        println!("fire times planned   {:>12}", self.findings.planned);
        println!("requests received    {:>12}", self.findings.sent);
        println!("doubles, as allowed  {:>12}", self.findings.doubles);
        println!("passed at a change   {:>12}", self.findings.dropped);
        println!("\nfaults");
        for (kind, times) in &self.faults {
            println!("{times:>12}  {kind}");
        }
        println!("\nfire times by end");
        for ((state, reason), fire_times) in &self.findings.ends {
            println!("{fire_times:>12}  {state} {reason}");
        }
    }

    fn require_none_failed(&self) {
        if self.failed.is_empty() {
            return;
        }
        for (seed, violations) in self.failed.iter().take(TOLD) {
            println!("\nseed {seed}:");
            violations
                .iter()
                .take(TOLD)
                .for_each(|what| println!("  {what}"));
            println!("  again: {}", again(*seed));
        }
        panic!(
            "{} of {} seeds broke a promise",
            self.failed.len(),
            self.seeds
        );
    }
}

/// How to run a seed again.
pub fn again(seed: u64) -> String {
    format!("SIM_SEED={seed} cargo test --test sim -- --nocapture one_seed")
}
