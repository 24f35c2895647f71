//! Cuts the ledger by age and by count, so that it does not grow for ever. One
//! slice after the other, each so small that firing never waits for long, with a
//! pause between them in which all that waits for the writer goes first.
//!
//! Any replica may do it, also several at once: what one has deleted the other
//! does not find.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;

use crate::clock::{Clock, now_ms};
use crate::store::{Cut, CutSlice, Place, SUMS_KEPT, Store, StoreError};

/// How often it is looked whether there is something to cut.
const PERIOD: TimeDelta = TimeDelta::minutes(1);
/// How long the deletes of a slice should take. The commit, and the writing back
/// of what it changed, hold the writer for several times that.
const TARGET: Duration = Duration::from_millis(8);
/// The pause after a slice, in times of what it took.
const PAUSE: u32 = 2;
/// The least pause.
const LEAST_PAUSE: Duration = Duration::from_millis(5);
/// The first slice, and the bounds of all of them, in rows.
const FIRST: u32 = 100;
const SLICE: std::ops::RangeInclusive<u32> = 10..=5_000;
/// Rows younger than this are never cut by count: they are what keeps a clock
/// that is set back from firing twice.
const GUARD: TimeDelta = TimeDelta::hours(2);
/// How long changes are kept for those who follow them, and how many.
const CHANGES_AGE: TimeDelta = TimeDelta::hours(1);
const CHANGES_KEPT: u32 = 100_000;

/// How much of the ledger is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Rows older than this go; `None`: never for their age.
    pub age: Option<Duration>,
    /// How many rows of a job stay; 0: all.
    pub runs: u32,
}

/// The retention of one replica.
pub struct Retention {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    keep: Keep,
    /// When the last pass began; `None`: none yet.
    last: Mutex<Option<DateTime<Utc>>>,
    /// The last row whose job was looked at.
    looked_at: AtomicI64,
    slice: AtomicU32,
    deleted: AtomicU64,
}

impl Retention {
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, keep: Keep) -> Self {
        Self {
            store,
            clock,
            keep,
            last: Mutex::new(None),
            looked_at: AtomicI64::new(0),
            slice: AtomicU32::new(FIRST),
            deleted: AtomicU64::new(0),
        }
    }

    /// Makes a pass, if a minute has gone by since the last one, or the clock was
    /// set back. A fault of the store ends it; the next one goes on.
    pub async fn cut_if_due(&self) {
        let Ok(mut last) = self.last.try_lock() else {
            return;
        };
        let now = now_ms(&*self.clock);
        if last.is_some_and(|last| now >= last && now - last < PERIOD) {
            return;
        }
        *last = Some(now);
        match self.pass(now).await {
            Ok(0) => {}
            Ok(runs) => tracing::info!(runs, "the ledger was cut"),
            Err(error) => tracing::debug!(%error, "the ledger is cut later"),
        }
    }

    /// How many rows of the ledger this replica has deleted so far.
    pub fn deleted(&self) -> u64 {
        self.deleted.load(Ordering::Relaxed)
    }

    async fn pass(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let before = self.deleted();
        let aged = self.keep.age.and_then(|age| TimeDelta::from_std(age).ok());
        if let Some(before) = aged.and_then(|age| now.checked_sub_signed(age)) {
            self.cut_aged(before).await?;
            let cut = |limit| Cut::Versions { before, limit };
            while self.slice(cut).await?.more {}
        }
        if self.keep.runs > 0 {
            self.cut_excess(now).await?;
        }
        let cut = |limit| Cut::Changes {
            before: now - CHANGES_AGE,
            keep: CHANGES_KEPT,
            limit,
        };
        while self.slice(cut).await?.more {}
        while self.store.cut_sums(now - SUMS_KEPT).await? {
            tokio::time::sleep(LEAST_PAUSE).await;
        }
        Ok(self.deleted() - before)
    }

    /// Looks at the rows of before an instant, from the first to the last.
    async fn cut_aged(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        let mut after = Place::default();
        loop {
            let cut = |limit| Cut::Aged {
                before,
                after,
                limit,
            };
            let done = self.cut_runs(cut).await?;
            if !done.more {
                return Ok(());
            }
            after = done.place;
        }
    }

    /// Looks at the jobs of the rows that were added since the last look.
    async fn cut_excess(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        loop {
            let after = self.looked_at.load(Ordering::Relaxed);
            let cut = |limit| Cut::Excess {
                keep: self.keep.runs,
                after,
                every: (self.keep.runs / 16).clamp(1, 64),
                before: now - GUARD,
                limit,
            };
            let done = self.cut_runs(cut).await?;
            self.looked_at.store(done.after, Ordering::Relaxed);
            if !done.more {
                return Ok(());
            }
        }
    }

    async fn cut_runs(&self, cut: impl Fn(u32) -> Cut) -> Result<CutSlice, StoreError> {
        let done = self.slice(cut).await?;
        self.deleted.fetch_add(done.deleted, Ordering::Relaxed);
        Ok(done)
    }

    /// Deletes one slice, makes the next one fit the time it took, and pauses.
    async fn slice(&self, cut: impl Fn(u32) -> Cut) -> Result<CutSlice, StoreError> {
        let limit = self.slice.load(Ordering::Relaxed);
        let done = self.store.cut(cut(limit)).await?;
        self.slice.store(next(limit, &done), Ordering::Relaxed);
        if done.more {
            tokio::time::sleep((done.held * PAUSE).max(LEAST_PAUSE)).await;
        }
        Ok(done)
    }
}

/// The size of the next slice: smaller in proportion when one took too long, and
/// larger by a half at most when it was full and quick.
fn next(limit: u32, done: &CutSlice) -> u32 {
    let held = done.held.as_micros().max(1);
    let fitting = u128::from(limit) * TARGET.as_micros() / held;
    let fitting = u32::try_from(fitting).unwrap_or(u32::MAX);
    let most = match done.deleted * 2 >= u64::from(limit) {
        true => limit.saturating_add(limit / 2),
        false => limit,
    };
    fitting.min(most).clamp(*SLICE.start(), *SLICE.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_grow_slowly_and_shrink_at_once() {
        let took = |deleted, ms| CutSlice {
            deleted,
            held: Duration::from_millis(ms),
            ..CutSlice::default()
        };
        assert_eq!(next(100, &took(100, 1)), 150);
        assert_eq!(next(100, &took(100, 6)), 133);
        assert_eq!(next(100, &took(3, 1)), 100, "it was not full");
        assert_eq!(next(1000, &took(1000, 200)), 40);
        assert_eq!(next(10, &took(10, 900)), *SLICE.start());
        assert_eq!(next(5_000, &took(5_000, 1)), *SLICE.end());
    }
}
