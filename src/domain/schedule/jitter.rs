//! Jitter: how much later than planned an occurrence is sent, the same on each
//! replica.
//!
//! Knows no trigger: job id and fire time in, milliseconds out. Invariant: no
//! state and no chance, so whoever asks gets the same answer. The hash is part
//! of the contract between replicas of different versions: never change it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::trigger::FieldFault;

/// The longest delay of an occurrence, in milliseconds, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Jitter {
    max_ms: u32,
}

impl Jitter {
    /// One hour, the longest that is allowed.
    pub const MAX_MS: u32 = 3_600_000;

    /// Delays of 0 to `max_ms` milliseconds.
    ///
    /// # Errors
    /// A fault of the field `jitter` when `max_ms` is negative or above
    /// [`MAX_MS`](Self::MAX_MS).
    pub fn from_ms(max_ms: i64) -> Result<Self, FieldFault> {
        u32::try_from(max_ms)
            .ok()
            .filter(|max_ms| *max_ms <= Self::MAX_MS)
            .map(|max_ms| Self { max_ms })
            .ok_or_else(|| FieldFault {
                field: "jitter",
                value: max_ms.to_string(),
                message: format!(
                    "a jitter of {max_ms} ms is out of range; allowed: 0 to {} ms (1 hour)",
                    Self::MAX_MS
                ),
            })
    }

    /// The longest delay in milliseconds.
    #[must_use]
    pub fn max_ms(self) -> u32 {
        self.max_ms
    }

    /// The delay of this occurrence: 0 to [`max_ms`](Self::max_ms), evenly spread.
    ///
    /// The hash of the occurrence, taken as a fraction of 2^64, times the number
    /// of possible delays, cut to a whole number.
    #[must_use]
    pub fn offset_ms(self, job_id: &str, fire_at: DateTime<Utc>) -> i64 {
        let delays = u128::from(self.max_ms) + 1;
        let offset = (u128::from(hash(job_id, fire_at)) * delays) >> 64;
        // invariant: the product of a fraction below 1 and at most 3_600_001.
        offset as i64
    }
}

/// FNV-1a (64 bits) over the bytes of the job id and the eight bytes, little
/// end first, of the fire time in unix milliseconds; stirred by the finalizer
/// of `SplitMix64`, since FNV alone hardly moves its high bits.
///
/// Source: <http://www.isthe.com/chongo/tech/comp/fnv/>;
/// <https://prng.di.unimi.it/splitmix64.c>.
fn hash(job_id: &str, fire_at: DateTime<Utc>) -> u64 {
    let fire_at_ms = fire_at.timestamp_millis().to_le_bytes();
    let fnv = job_id
        .bytes()
        .chain(fire_at_ms)
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    let mixed = (fnv ^ (fnv >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl TryFrom<i64> for Jitter {
    type Error = FieldFault;

    fn try_from(max_ms: i64) -> Result<Self, FieldFault> {
        Self::from_ms(max_ms)
    }
}

impl From<Jitter> for i64 {
    fn from(jitter: Jitter) -> Self {
        jitter.max_ms.into()
    }
}
