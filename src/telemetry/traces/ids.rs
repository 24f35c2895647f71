//! Ids of spans, and the header that carries them.
//!
//! Source: W3C Trace Context, section 3.2 (`traceparent`).

use std::fmt;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

/// The place of an attempt in its trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceContext {
    /// The trace: the fire id, so that whoever has that one finds the trace.
    pub trace_id: Uuid,
    /// The span of this attempt; never 0.
    pub span_id: u64,
    /// Whether its span is exported.
    pub sampled: bool,
}

impl TraceContext {
    /// A fresh span in the trace of that occurrence.
    #[must_use]
    pub fn fresh(fire_id: Uuid, sampled: bool) -> Self {
        Self {
            trace_id: fire_id,
            span_id: fresh(),
            sampled,
        }
    }

    /// The span of the occurrence, the parent of its attempts: the same for
    /// whichever replica makes them. Never 0, as the variant of a UUID is in it.
    #[must_use]
    pub fn occurrence_span(&self) -> u64 {
        self.trace_id.as_u64_pair().1
    }
}

/// As the header `traceparent`.
impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (trace, span, flags) = (self.trace_id.simple(), self.span_id, u8::from(self.sampled));
        write!(f, "00-{trace}-{span:016x}-{flags:02x}")
    }
}

/// A number that no other call answers with: a counter from a random start,
/// mixed by a bijection. Far cheaper than to ask the system for randomness.
fn fresh() -> u64 {
    static NEXT: LazyLock<AtomicU64> =
        LazyLock::new(|| AtomicU64::new(Uuid::new_v4().as_u64_pair().0));
    let mixed = mix(NEXT.fetch_add(1, Ordering::Relaxed));
    if mixed == 0 { fresh() } else { mixed }
}

/// Source: `SplitMix64` (Steele, Lea, Flood 2014), its output function.
fn mix(n: u64) -> u64 {
    let n = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_header_is_as_the_standard_has_it() {
        let context = TraceContext {
            trace_id: Uuid::from_u128(0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c),
            span_id: 0x00f0_67aa_0ba9_02b7,
            sampled: true,
        };
        let header = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";
        assert_eq!(context.to_string(), header);
        let not = TraceContext {
            sampled: false,
            ..context
        };
        assert!(not.to_string().ends_with("-00"));
        assert_eq!(context.occurrence_span(), 0x8448_eb21_1c80_319c);
    }

    #[test]
    fn no_span_id_comes_twice() {
        let ids: HashSet<u64> = (0..10_000).map(|_| fresh()).collect();
        assert_eq!(ids.len(), 10_000);
    }
}
