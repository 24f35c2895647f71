//! A histogram of times in milliseconds whose slots grow with the time: small
//! ones are exact, larger ones known to 1/32. So it is small whatever it holds,
//! two of them add up, and percentiles can be had of any sum.

use std::collections::BTreeMap;

/// Slots per doubling, as a power of two.
const SUB_BITS: u32 = 4;
/// Times below this have a slot of their own.
const EXACT: u64 = 2 << SUB_BITS;

/// How far a percentile may lie from the exact one, as a part of it.
pub const RELATIVE_ERROR: f64 = 1.0 / 32.0;

/// The slot of a time; a negative one counts as 0.
#[must_use]
pub fn slot(ms: i64) -> u32 {
    let ms = u64::try_from(ms).unwrap_or(0);
    if ms < EXACT {
        // Below 32.
        return u32::try_from(ms).unwrap_or(0);
    }
    let shift = ms.ilog2() - SUB_BITS;
    // From 16 to 31.
    let within = u32::try_from(ms >> shift).unwrap_or(0);
    (shift << SUB_BITS) + within
}

/// The time in the middle of a slot.
fn middle(slot: u32) -> u64 {
    if u64::from(slot) < EXACT {
        return slot.into();
    }
    let shift = ((slot >> SUB_BITS) - 1).min(u64::BITS - SUB_BITS - 2);
    let low = u64::from(slot - (shift << SUB_BITS)) << shift;
    low + ((1 << shift) - 1) / 2
}

/// How many times fell into each slot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Histogram(BTreeMap<u32, u64>);

impl Histogram {
    /// Adds so many times of a slot.
    pub fn add(&mut self, slot: u32, count: u64) {
        *self.0.entry(slot).or_default() += count;
    }

    /// How many times it holds.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.values().sum()
    }

    /// The time that `percent` of them do not exceed (nearest rank), within
    /// [`RELATIVE_ERROR`]; `None` when it holds none.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let rank = (self.count() * percent).div_ceil(100).max(1);
        let mut below = 0;
        let mut slots = self.0.iter();
        let found = slots.find(|(_, count)| {
            below += **count;
            below >= rank
        });
        found.map(|(slot, _)| middle(*slot))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(times: &[i64]) -> Histogram {
        let mut histogram = Histogram::default();
        for ms in times {
            histogram.add(slot(*ms), 1);
        }
        histogram
    }

    #[test]
    fn slots_follow_each_other_without_gaps() {
        let mut last = 0;
        for ms in 0..100_000 {
            let slot = slot(ms);
            assert!(slot == last || slot == last + 1, "{ms}");
            last = slot;
        }
        assert_eq!(slot(-5), 0);
        assert_eq!(slot(31), 31);
        assert_eq!((slot(32), slot(33), slot(34)), (32, 32, 33));
        assert!(middle(slot(i64::MAX)) > u64::MAX / 4);
        middle(u32::MAX);
    }

    #[test]
    fn nothing_has_no_percentile() {
        assert_eq!(Histogram::default().percentile(50), None);
        assert_eq!(of(&[7]).percentile(0), Some(7));
        assert_eq!(of(&[1, 2, 3, 4]).percentile(50), Some(2));
        assert_eq!(of(&[1, 2, 3, 4]).percentile(51), Some(3));
    }

    proptest! {
        #[test]
        fn percentiles_are_near_the_exact_ones(
            times in prop::collection::vec(prop_oneof![0_i64..100, 0..10_000_i64, 0..10_000_000_i64], 1..400),
            percent in 1_u64..=100,
        ) {
            let told = of(&times).percentile(percent).unwrap() as f64;
            let mut sorted = times;
            sorted.sort_unstable();
            let rank = (sorted.len() * percent as usize).div_ceil(100);
            let exact = sorted[rank - 1] as f64;
            prop_assert!((told - exact).abs() <= exact * RELATIVE_ERROR, "{told} for {exact}");
        }
    }
}
