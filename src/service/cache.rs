//! Answers that are kept for a while. Whoever asks for one that is being made
//! waits for it, so that many who ask cost as much as one.

use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex;

use crate::clock::Clock;

/// How many answers are kept at most.
const MOST: usize = 32;

/// An answer, and when it was made by the monotonic clock.
type Kept<V> = Arc<Mutex<Option<(Duration, Arc<V>)>>>;

/// Answers by what was asked.
pub struct Cache<K, V> {
    clock: Arc<dyn Clock>,
    lasts: Duration,
    /// Newest questions last.
    kept: SyncMutex<Vec<(K, Kept<V>)>>,
}

impl<K: Copy + PartialEq, V> Cache<K, V> {
    /// A cache whose answers last so long.
    pub fn new(clock: Arc<dyn Clock>, lasts: Duration) -> Self {
        Self {
            clock,
            lasts,
            kept: SyncMutex::default(),
        }
    }

    /// The answer to `key`: the kept one, or what `make` makes. An error is not
    /// kept.
    ///
    /// # Errors
    /// As `make`.
    ///
    /// # Cancel safety
    /// An answer whose future is dropped is made by the next who waits for it.
    pub async fn get<E>(
        &self,
        key: K,
        make: impl Future<Output = Result<V, E>>,
    ) -> Result<Arc<V>, E> {
        let place = self.place(key);
        let mut kept = place.lock().await;
        let now = self.clock.monotonic();
        if let Some((made_at, answer)) = kept.as_ref()
            && now.saturating_sub(*made_at) < self.lasts
        {
            return Ok(answer.clone());
        }
        let answer = Arc::new(make.await?);
        *kept = Some((now, answer.clone()));
        Ok(answer)
    }

    fn place(&self, key: K) -> Kept<V> {
        // A panic while it was held leaves it whole: it is only a list.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().position(|(k, _)| *k == key);
        let entry = found.map_or_else(|| (key, Kept::default()), |n| kept.remove(n));
        let place = entry.1.clone();
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push(entry);
        place
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicU32, Ordering};

    use chrono::{DateTime, TimeDelta};

    use super::*;
    use crate::clock::ManualClock;

    struct Counted {
        cache: Cache<u32, u32>,
        clock: ManualClock,
        made: AtomicU32,
    }

    fn counted() -> Counted {
        let clock = ManualClock::new(DateTime::from_timestamp(1_000_000, 0).unwrap());
        Counted {
            cache: Cache::new(Arc::new(clock.clone()), Duration::from_secs(10)),
            clock,
            made: AtomicU32::new(0),
        }
    }

    impl Counted {
        async fn get(&self, key: u32) -> u32 {
            let make = async {
                tokio::task::yield_now().await;
                Ok::<_, Infallible>(self.made.fetch_add(1, Ordering::Relaxed) + 1)
            };
            *self.cache.get(key, make).await.unwrap()
        }
    }

    #[tokio::test]
    async fn an_answer_lasts_its_time() {
        let counted = counted();
        assert_eq!(counted.get(7).await, 1);
        counted.clock.advance(TimeDelta::milliseconds(9_999));
        assert_eq!(counted.get(7).await, 1);
        assert_eq!(counted.get(8).await, 2);
        counted.clock.advance(TimeDelta::milliseconds(1));
        assert_eq!(counted.get(7).await, 3);
        assert_eq!(counted.get(8).await, 2);
    }

    #[tokio::test]
    async fn many_who_ask_cost_as_much_as_one() {
        let counted = counted();
        let asked = futures_util::future::join_all((0..50).map(|_| counted.get(1)));
        assert_eq!(asked.await, [1; 50]);
    }

    #[tokio::test]
    async fn an_error_is_not_kept_and_the_oldest_question_is_forgotten() {
        let counted = counted();
        let failed = counted.cache.get(1, async { Err("no") }).await;
        assert_eq!(failed, Err("no"));
        assert_eq!(counted.get(1).await, 1);
        for key in 2..=MOST as u32 {
            counted.get(key).await;
        }
        assert_eq!(counted.get(1).await, 1, "asked again: not the oldest");
        counted.get(1_000).await;
        assert_eq!(counted.get(1).await, 1);
        let made = counted.made.load(Ordering::Relaxed);
        assert_eq!(counted.get(2).await, made + 1, "forgotten");
    }
}
