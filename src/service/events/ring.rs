//! The latest changes, kept for all who follow them. Bounded: who falls behind
//! what is kept here goes on from the store.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::domain::job::JobId;
use crate::store::ChangeId;

/// How many changes are kept at most.
const MAX: usize = 4096;
/// How many bytes of text they have at most; the newest is kept whatever it has.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// How many one client takes at once, so that what waits for a slow one is
/// little.
const TAKE: usize = 64;

/// A change as all clients get it.
#[derive(Debug)]
pub struct Told {
    /// Its place among all.
    pub id: ChangeId,
    /// The job it is about.
    pub job_id: JobId,
    /// Whether it is one of a run, not of the job.
    pub is_run: bool,
    /// What is sent of it.
    pub text: String,
}

/// What a client finds behind its place.
pub enum Taken {
    /// These, and the place where they end.
    Some(Vec<Arc<Told>>, ChangeId),
    /// Nothing new.
    Nothing,
    /// Its place is older than what is kept here.
    TooOld,
}

/// Invariant: what was changed behind `floor` and up to `head` is in `told`.
#[derive(Default)]
struct Kept {
    floor: ChangeId,
    head: ChangeId,
    told: VecDeque<Arc<Told>>,
    bytes: usize,
}

/// The latest changes.
pub struct Ring {
    kept: Mutex<Kept>,
    head: watch::Sender<ChangeId>,
}

impl Ring {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            kept: Mutex::default(),
            head: watch::Sender::new(ChangeId::default()),
        }
    }

    /// Tells where it ends.
    pub fn head(&self) -> watch::Receiver<ChangeId> {
        self.head.subscribe()
    }

    /// Forgets everything, and goes on from this place.
    pub fn restart(&self, at: ChangeId) {
        *self.lock() = Kept {
            floor: at,
            head: at,
            ..Kept::default()
        };
        self.head.send_replace(at);
    }

    /// Forgets everything.
    pub fn clear(&self) {
        let head = self.lock().head;
        self.restart(head);
    }

    /// Adds what comes behind its end, up to `head`.
    pub fn add(&self, told: Vec<Told>, head: ChangeId) {
        let mut kept = self.lock();
        kept.bytes += told.iter().map(|told| told.text.len()).sum::<usize>();
        kept.told.extend(told.into_iter().map(Arc::new));
        while kept.told.len() > MAX || (kept.bytes > MAX_BYTES && kept.told.len() > 1) {
            if let Some(oldest) = kept.told.pop_front() {
                kept.bytes -= oldest.text.len();
                kept.floor = oldest.id;
            }
        }
        kept.head = head;
        drop(kept);
        self.head.send_replace(head);
    }

    /// What comes behind a place.
    pub fn take(&self, after: ChangeId) -> Taken {
        let kept = self.lock();
        if after >= kept.head {
            return Taken::Nothing;
        }
        if after < kept.floor {
            return Taken::TooOld;
        }
        let from = kept.told.partition_point(|told| told.id <= after);
        let taken: Vec<_> = kept.told.range(from..).take(TAKE).cloned().collect();
        let end = match taken.last() {
            Some(last) if from + taken.len() < kept.told.len() => last.id,
            _ => kept.head,
        };
        Taken::Some(taken, end)
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // A panic while it was held leaves at worst a shorter list of plain values.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(seq: i64) -> ChangeId {
        ChangeId { seq, index: 0 }
    }

    fn add(ring: &Ring, seqs: std::ops::RangeInclusive<i64>, bytes: usize) {
        let head = id(*seqs.end());
        let told = |seq| Told {
            id: id(seq),
            job_id: JobId::from_stored("a".into()),
            is_run: false,
            text: "x".repeat(bytes),
        };
        ring.add(seqs.map(told).collect(), head);
    }

    fn taken(ring: &Ring, after: i64) -> (Vec<i64>, i64) {
        match ring.take(id(after)) {
            Taken::Some(told, end) => {
                let seqs = told.iter().map(|told| told.id.seq);
                (seqs.collect(), end.seq)
            }
            Taken::Nothing => (Vec::new(), 0),
            Taken::TooOld => (Vec::new(), -1),
        }
    }

    #[test]
    fn everyone_gets_what_comes_behind_their_place() {
        let ring = Ring::new();
        ring.restart(id(10));
        assert_eq!(taken(&ring, 10).1, 0);
        assert_eq!(taken(&ring, 12).1, 0, "ahead of us");
        assert_eq!(taken(&ring, 9).1, -1);
        add(&ring, 11..=13, 1);
        assert_eq!(taken(&ring, 10), (vec![11, 12, 13], 13));
        assert_eq!(taken(&ring, 12), (vec![13], 13));
        ring.add(Vec::new(), id(20));
        assert_eq!(
            taken(&ring, 13),
            (vec![], 20),
            "nothing to be told of these"
        );
    }

    #[test]
    fn what_is_kept_and_taken_is_bounded() {
        let ring = Ring::new();
        let most = MAX as i64;
        add(&ring, 1..=most + 10, 1);
        assert_eq!(taken(&ring, 9).1, -1);
        let (first, end) = taken(&ring, 10);
        assert_eq!((first.len(), end), (TAKE, 10 + TAKE as i64));
        let (mut after, mut seen) = (10, 0);
        while let (some, end @ 1..) = taken(&ring, after) {
            seen += some.len();
            after = end;
        }
        assert_eq!((seen, after), (MAX, most + 10));
        add(&ring, most + 11..=most + 13, MAX_BYTES / 2);
        assert_eq!(taken(&ring, most + 10).1, -1);
        assert_eq!(taken(&ring, most + 11).0, [most + 12, most + 13]);
        add(&ring, most + 14..=most + 14, MAX_BYTES + 1);
        assert_eq!(taken(&ring, most + 13).0, [most + 14]);
    }
}
