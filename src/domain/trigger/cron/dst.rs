//! What a cron does where a zone moves its clocks: the rule, not the search.

use serde::{Deserialize, Serialize};

/// What becomes of wall clocks that a zone skips (gap) or repeats (fold).
///
/// The default is the exact rule: what does not exist does not fire, what
/// happens twice fires twice. As JSON `{"gap":"skip|shift","fold":"both|first|second"}`;
/// a part that is missing has its default.
///
/// The rule is about each single wall clock that matches; it does not ask how
/// the fields were written. So for `*/n`, lists and ranges:
///
/// | rule | fixed time, `30 2 * * *` | `*/n`, `*/20 * * * *` |
/// | --- | --- | --- |
/// | gap `skip` | does not fire that day | goes on after the gap; in real time nothing is lost, for the gap takes none |
/// | gap `shift` | fires at 03:30 | each skipped match fires too; in a gap of whole hours they fall on those of the next hour and fire once with them |
/// | fold `both` | fires twice | goes on evenly through both passes |
/// | fold `first` | fires once, before the change | is silent for the whole second pass |
/// | fold `second` | fires once, after the change | is silent for the whole first pass |
///
/// Under `shift` a match that has no counterpart after the gap is an additional fire
/// time: `*/20 2 * * *` fires at 03:00, 03:20 and 03:40 on the spring day, and a gap
/// of half an hour (Lord Howe: 02:00 to 02:30) puts the 02:20 of `*/20 * * * *` at
/// 02:50, between 02:40 and 03:00. A job that should run evenly keeps the defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DstRule {
    /// For wall clocks that are skipped.
    pub gap: Gap,
    /// For wall clocks that are repeated.
    pub fold: Fold,
}

impl DstRule {
    /// Whether both parts are the default.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What becomes of a matching wall clock that lies in a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gap {
    /// It does not exist and does not fire.
    #[default]
    Skip,
    /// It fires as far after the change as it lies in the gap: the time is read
    /// with the offset that held before the gap. When the instant is a fire time
    /// anyway, it fires once. The rule for folds does not touch it.
    ///
    /// Source: RFC 5545, section 3.3.5, form 3 (local time that does not occur).
    Shift,
}

/// Which of the two instants of a repeated wall clock fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fold {
    /// Both.
    #[default]
    Both,
    /// The earlier one, before the clock goes back.
    First,
    /// The later one, after the clock went back.
    Second,
}
