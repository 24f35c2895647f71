//! Whether a failed attempt is followed by another one, and when.
//!
//! A retry belongs to its occurrence: it carries the same fire id, and the
//! attempts are counted. Absent means inherited: one attempt, no retry.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::occurrence::Reason;
use super::run::Outcome;
use super::statuses::{self, Statuses};
use super::trigger::FieldFault;

/// The most attempts at one occurrence.
pub const MAX_ATTEMPTS: u32 = 20;
/// The longest single delay: a day.
pub const MAX_DELAY_MS: u64 = 86_400_000;
/// The longest total deadline: a week.
pub const MAX_DEADLINE_MS: u64 = 7 * 86_400_000;

/// When and how often a failed attempt is made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retry {
    /// How many attempts in all; 1 means no retry.
    pub attempts: u32,
    /// How long to wait before each further one.
    pub delay: Delay,
    /// Which outcomes are tried again.
    pub on: RetryOn,
    /// Whether a `Retry-After` of the target makes the delay longer.
    pub obey_retry_after: bool,
    /// No attempt starts later than so many milliseconds after the fire time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline_ms: Option<u64>,
}

/// How long to wait before a further attempt, in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Delay {
    /// Always the same.
    FixedMs(u64),
    /// Doubled each time.
    Exponential {
        /// The first one.
        first_ms: u64,
        /// None is longer than this.
        max_ms: u64,
        /// Shortened by up to so many percent, so that jobs that failed
        /// together do not come back together.
        #[serde(default)]
        jitter_percent: u8,
    },
    /// One after the other; the last one repeats.
    TableMs(Vec<u64>),
}

/// Which outcomes are tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetryOn {
    /// Status codes, as `[429, "500-599"]`.
    #[serde(with = "statuses")]
    pub statuses: Statuses,
    /// No answer within the deadline. The target may have acted.
    pub timeout: bool,
    /// No connection. The target has not acted.
    pub connect: bool,
    /// The connection broke within the answer. The target may have acted.
    pub broken: bool,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 1,
            delay: Delay::Exponential {
                first_ms: 1_000,
                max_ms: 300_000,
                jitter_percent: 20,
            },
            on: RetryOn::default(),
            obey_retry_after: true,
            deadline_ms: None,
        }
    }
}

impl Default for RetryOn {
    fn default() -> Self {
        Self {
            statuses: vec![408..=408, 425..=425, 429..=429, 500..=599],
            timeout: true,
            connect: true,
            broken: true,
        }
    }
}

impl RetryOn {
    fn covers(&self, outcome: &Outcome) -> bool {
        match outcome.reason {
            Some(Reason::Status) => outcome
                .status
                .is_some_and(|status| statuses::contain(&self.statuses, status)),
            Some(Reason::Timeout) => self.timeout,
            Some(Reason::Connect) => self.connect,
            Some(Reason::Broken) => self.broken,
            _ => false,
        }
    }
}

impl Delay {
    /// The delay after the `attempt`th attempt; `seed` decides the jitter.
    fn after(&self, attempt: u32, seed: u64) -> u64 {
        match self {
            Self::FixedMs(ms) => *ms,
            Self::TableMs(table) => {
                let index = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
                let last = table.len().saturating_sub(1);
                table.get(index.min(last)).copied().unwrap_or_default()
            }
            Self::Exponential {
                first_ms,
                max_ms,
                jitter_percent,
            } => {
                let doubled = 1_u64.checked_shl(attempt.saturating_sub(1));
                let full = first_ms.saturating_mul(doubled.unwrap_or(u64::MAX));
                let full = full.min(*max_ms);
                let most = full / 100 * u64::from(*jitter_percent).min(100);
                full - if most == 0 { 0 } else { seed % (most + 1) }
            }
        }
    }

    fn all(&self) -> Vec<u64> {
        match self {
            Self::FixedMs(ms) => vec![*ms],
            Self::TableMs(table) => table.clone(),
            Self::Exponential {
                first_ms, max_ms, ..
            } => vec![*first_ms, *max_ms],
        }
    }
}

impl Retry {
    /// How long to wait, in milliseconds, before the attempt after `attempt`
    /// (from 1), which ended `since_fire_ms` after the fire time with
    /// `outcome`. `None`: there is no further one. The same question has the
    /// same answer on every replica.
    #[must_use]
    pub fn delay_ms(
        &self,
        fire_id: Uuid,
        attempt: u32,
        outcome: &Outcome,
        since_fire_ms: u64,
    ) -> Option<u64> {
        if attempt >= self.attempts || !self.on.covers(outcome) {
            return None;
        }
        let seed = fire_id.as_u64_pair().1.rotate_left(attempt);
        let own = self.delay.after(attempt, seed);
        let asked = outcome.retry_after_ms.filter(|_| self.obey_retry_after);
        let delay = own.max(asked.unwrap_or_default()).min(MAX_DELAY_MS);
        let starts = since_fire_ms.saturating_add(delay);
        let in_time = self.deadline_ms.is_none_or(|deadline| starts <= deadline);
        in_time.then_some(delay)
    }

    /// Every fault of this rule.
    #[must_use]
    pub fn check(&self) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        let mut refuse = |field, value: String, allowed: &str| {
            let message = format!("{value} is not allowed here; allowed: {allowed}");
            faults.push(FieldFault {
                field,
                value,
                message,
            });
        };
        if !(1..=MAX_ATTEMPTS).contains(&self.attempts) {
            refuse("retry.attempts", self.attempts.to_string(), "1 to 20");
        }
        let delays = self.delay.all();
        if delays.is_empty() || delays.len() > MAX_ATTEMPTS as usize {
            refuse(
                "retry.delay",
                format!("{} delays", delays.len()),
                "1 to 20 delays",
            );
        }
        for ms in delays.iter().filter(|ms| **ms > MAX_DELAY_MS) {
            refuse("retry.delay", ms.to_string(), "0 to 86400000 ms");
        }
        if let Delay::Exponential { jitter_percent, .. } = self.delay
            && jitter_percent > 100
        {
            let given = format!("jitter_percent {jitter_percent}");
            refuse("retry.delay", given, "0 to 100");
        }
        if let Some(ms) = self.deadline_ms
            && !(1..=MAX_DEADLINE_MS).contains(&ms)
        {
            refuse("retry.deadline_ms", ms.to_string(), "1 to 604800000 ms");
        }
        let statuses = statuses::faults(&self.on.statuses).into_iter();
        faults.extend(statuses.map(|(value, message)| FieldFault {
            field: "retry.on",
            value,
            message,
        }));
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Uuid = Uuid::from_u128(7 << 64 | 12_345);

    fn failed(reason: Reason, status: Option<u16>) -> Outcome {
        Outcome {
            reason: Some(reason),
            status,
            ..Outcome::default()
        }
    }

    fn retry(attempts: u32, delay: Delay) -> Retry {
        Retry {
            attempts,
            delay,
            ..Retry::default()
        }
    }

    #[test]
    fn nothing_is_tried_again_unless_it_is_asked_for() {
        let busy = failed(Reason::Status, Some(503));
        assert_eq!(Retry::default().delay_ms(ID, 1, &busy, 0), None);
        let twice = retry(2, Delay::FixedMs(10));
        assert_eq!(twice.delay_ms(ID, 1, &busy, 0), Some(10));
        assert_eq!(twice.delay_ms(ID, 2, &busy, 0), None);
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let rule = retry(9, Delay::FixedMs(10));
        let tried = |reason, status| rule.delay_ms(ID, 1, &failed(reason, status), 0).is_some();
        for status in [408, 425, 429, 500, 503, 599] {
            assert!(tried(Reason::Status, Some(status)), "{status}");
        }
        for status in [301, 400, 401, 404, 410] {
            assert!(!tried(Reason::Status, Some(status)), "{status}");
        }
        for reason in [Reason::Timeout, Reason::Connect, Reason::Broken] {
            assert!(tried(reason, None), "{reason:?}");
        }
        for reason in [Reason::InvalidUrl, Reason::LockHeld, Reason::SendLimit] {
            assert!(!tried(reason, None), "{reason:?}");
        }
        assert_eq!(
            rule.delay_ms(ID, 1, &Outcome::default(), 0),
            None,
            "a success"
        );
    }

    #[test]
    fn delays_follow_their_rule() {
        let after = |delay: &Delay| (1..=5).map(|n| delay.after(n, 0)).collect::<Vec<_>>();
        assert_eq!(after(&Delay::FixedMs(7)), [7; 5]);
        assert_eq!(after(&Delay::TableMs(vec![1, 5, 9])), [1, 5, 9, 9, 9]);
        let exponential = Delay::Exponential {
            first_ms: 100,
            max_ms: 500,
            jitter_percent: 50,
        };
        assert_eq!(after(&exponential), [100, 200, 400, 500, 500]);
        assert_eq!(exponential.after(200, 0), 500, "no overflow");
        for seed in 0..1_000 {
            let ms = exponential.after(2, seed);
            assert!((100..=200).contains(&ms), "{ms}");
        }
    }

    #[test]
    fn the_target_may_ask_for_more_time_but_not_beyond_the_deadline() {
        let rule = Retry {
            deadline_ms: Some(60_000),
            ..retry(5, Delay::FixedMs(100))
        };
        let asked = |ms| Outcome {
            retry_after_ms: Some(ms),
            ..failed(Reason::Status, Some(429))
        };
        assert_eq!(rule.delay_ms(ID, 1, &asked(5_000), 0), Some(5_000));
        assert_eq!(rule.delay_ms(ID, 1, &asked(10), 0), Some(100));
        assert_eq!(rule.delay_ms(ID, 1, &asked(60_001), 0), None);
        assert_eq!(rule.delay_ms(ID, 1, &asked(10), 59_950), None);
        let deaf = Retry {
            obey_retry_after: false,
            ..rule
        };
        assert_eq!(deaf.delay_ms(ID, 1, &asked(5_000), 0), Some(100));
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let rule = Retry {
            attempts: 0,
            delay: Delay::TableMs(vec![1, MAX_DELAY_MS + 1]),
            on: RetryOn {
                statuses: vec![99..=100, 500..=600],
                ..RetryOn::default()
            },
            deadline_ms: Some(0),
            ..Retry::default()
        };
        let fields: Vec<_> = rule.check().into_iter().map(|f| f.field).collect();
        let expected = [
            "retry.attempts",
            "retry.delay",
            "retry.deadline_ms",
            "retry.on",
            "retry.on",
        ];
        assert_eq!(fields, expected);
        assert!(Retry::default().check().is_empty());
    }

    #[test]
    fn it_is_read_from_json_with_defaults() {
        let text = r#"{"attempts": 3, "delay": {"fixed_ms": 250}}"#;
        let rule: Retry = serde_json::from_str(text).unwrap();
        assert_eq!(rule, retry(3, Delay::FixedMs(250)));
        assert!(serde_json::from_str::<Retry>(r#"{"attempt": 3}"#).is_err());
    }
}
