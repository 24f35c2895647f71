//! What a job asks for beyond its trigger and its request: how late it may
//! fire, what becomes of missed fire times, whether runs may overlap, and what
//! happens when nobody knows whether a request was sent.
//!
//! Absent means inherited: the defaults are what the Python service did.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::retry::Retry;
use super::trigger::{FieldFault, TriggerKind};

/// The most fire times that `catch_up: all` may send at once.
pub const MAX_CATCH_UP: u32 = 1_000;
/// The most runs of one job that may overlap.
pub const MAX_OVERLAP: u32 = 1_000;
/// The most occurrences of one job that may wait for the previous run.
pub const MAX_QUEUE: u32 = 1_000;
/// The highest number of failures in a row that may be waited for.
pub const MAX_FAILURES: u32 = 1_000;
/// Priorities lie in -10..=10.
pub const MAX_PRIORITY: i8 = 10;
/// The longest grace, one year, in milliseconds. Longer ones are written
/// `unlimited`.
pub const MAX_GRACE_MS: u64 = 366 * 86_400_000;

/// The policies of a job. As JSON, what is absent has its default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policies {
    /// How late an occurrence may be sent. Absent: 60 s for date and cron, no
    /// limit for an interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub misfire_grace: Option<Grace>,
    /// Which of several overdue fire times are sent.
    #[serde(skip_serializing_if = "is_default")]
    pub catch_up: CatchUp,
    /// What happens when a run is due while another one goes on.
    #[serde(skip_serializing_if = "is_default")]
    pub overlap: Overlap,
    /// Whether a request that may have been sent is sent again.
    #[serde(skip_serializing_if = "is_default")]
    pub delivery: Delivery,
    /// Whether failed attempts are made again. Absent: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// What falls due before this instant is not fired, but recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause_until: Option<DateTime<Utc>>,
    /// The job is paused when so many scheduled occurrences in a row have
    /// failed. Absent: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause_after_failures: Option<u32>,
    /// Who is sent first when requests wait for each other; higher is earlier.
    #[serde(skip_serializing_if = "is_default")]
    pub priority: i8,
}

/// How late an occurrence may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grace {
    /// However late.
    Unlimited,
    /// At most so many milliseconds.
    Ms(u64),
}

/// Which of several overdue fire times are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CatchUp {
    /// None: what has passed is missed.
    None,
    /// The last one; it stands for the others.
    #[default]
    Latest,
    /// The last so many; earlier ones are coalesced into the first of these.
    All(u32),
}

/// What happens when a run is due while another one of the job goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// It is skipped.
    #[default]
    Skip,
    /// Up to so many go on at once; beyond that it is skipped.
    Allow(u32),
    /// It waits for the other one to end; beyond so many waiting it is skipped.
    Queue(u32),
    /// The other one is given up.
    CancelPrevious,
}

/// Whether a request that may have been sent is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// No: it ends as `unknown`.
    #[default]
    AtMostOnce,
    /// Yes, with the same fire id, by which the receiver can tell.
    AtLeastOnce,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Policies {
    /// Every fault of these policies.
    #[must_use]
    pub fn check(&self) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        let mut refuse = |field, value: i64, allowed: String| {
            faults.push(FieldFault {
                field,
                value: value.to_string(),
                message: format!("{value} is out of range; allowed: {allowed}"),
            });
        };
        if let Some(Grace::Ms(ms)) = self.misfire_grace
            && ms > MAX_GRACE_MS
        {
            refuse(
                "policies.misfire_grace",
                i64::try_from(ms).unwrap_or(i64::MAX),
                format!("0 to {MAX_GRACE_MS} ms, or unlimited"),
            );
        }
        if let CatchUp::All(cap) = self.catch_up
            && !(1..=MAX_CATCH_UP).contains(&cap)
        {
            refuse(
                "policies.catch_up",
                cap.into(),
                format!("1 to {MAX_CATCH_UP}"),
            );
        }
        if let Overlap::Allow(n) = self.overlap
            && !(1..=MAX_OVERLAP).contains(&n)
        {
            refuse("policies.overlap", n.into(), format!("1 to {MAX_OVERLAP}"));
        }
        if let Overlap::Queue(n) = self.overlap
            && !(1..=MAX_QUEUE).contains(&n)
        {
            refuse("policies.overlap", n.into(), format!("1 to {MAX_QUEUE}"));
        }
        if let Some(n) = self.pause_after_failures
            && !(1..=MAX_FAILURES).contains(&n)
        {
            refuse(
                "policies.pause_after_failures",
                n.into(),
                format!("1 to {MAX_FAILURES}"),
            );
        }
        if !(-MAX_PRIORITY..=MAX_PRIORITY).contains(&self.priority) {
            refuse(
                "policies.priority",
                self.priority.into(),
                format!("-{MAX_PRIORITY} to {MAX_PRIORITY}"),
            );
        }
        faults.extend(self.retry.iter().flat_map(Retry::check));
        faults
    }

    /// The earliest fire time that may still be sent at `now`; `None`: all
    /// may.
    #[must_use]
    pub fn cutoff(&self, kind: TriggerKind, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let inherited = match kind {
            TriggerKind::Date | TriggerKind::Cron => Grace::Ms(60_000),
            TriggerKind::Interval => Grace::Unlimited,
        };
        match self.misfire_grace.unwrap_or(inherited) {
            Grace::Unlimited => None,
            Grace::Ms(ms) => {
                let grace = TimeDelta::try_milliseconds(i64::try_from(ms).ok()?)?;
                now.checked_sub_signed(grace)
            }
        }
    }
}

impl Overlap {
    /// How many runs of the job may go on at once.
    #[must_use]
    pub fn max_running(self) -> u32 {
        match self {
            Self::Skip | Self::Queue(_) | Self::CancelPrevious => 1,
            Self::Allow(n) => n,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_said_is_nothing_stored() {
        let json = serde_json::to_string(&Policies::default()).unwrap();
        assert_eq!(json, "{}");
        assert_eq!(
            serde_json::from_str::<Policies>("{}").unwrap(),
            Policies::default()
        );
    }

    #[test]
    fn every_form_round_trips() {
        let text = r#"{"misfire_grace":{"ms":5000},"catch_up":{"all":3},"overlap":{"allow":2},"delivery":"at_least_once"}"#;
        let policies: Policies = serde_json::from_str(text).unwrap();
        assert_eq!(policies.misfire_grace, Some(Grace::Ms(5_000)));
        assert_eq!(policies.overlap.max_running(), 2);
        assert_eq!(serde_json::to_string(&policies).unwrap(), text);
        assert!(serde_json::from_str::<Policies>(r#"{"catchup":"none"}"#).is_err());
        let text = r#"{"overlap":{"queue":2},"pause_until":"2030-01-01T00:00:00Z","pause_after_failures":3,"priority":-4}"#;
        let policies: Policies = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&policies).unwrap(), text);
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let policies = Policies {
            misfire_grace: Some(Grace::Ms(u64::MAX)),
            catch_up: CatchUp::All(0),
            overlap: Overlap::Allow(5_000),
            pause_after_failures: Some(0),
            priority: 11,
            ..Policies::default()
        };
        let fields: Vec<_> = policies.check().into_iter().map(|f| f.field).collect();
        assert_eq!(
            fields,
            [
                "policies.misfire_grace",
                "policies.catch_up",
                "policies.overlap",
                "policies.pause_after_failures",
                "policies.priority"
            ]
        );
        assert!(Policies::default().check().is_empty());
    }
}
