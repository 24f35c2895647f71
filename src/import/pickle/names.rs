//! The names a pickle may use.

/// A class or function that `APScheduler` 3 or its time zones have written into
/// the pickle of a job. None of them is ever called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// `datetime.datetime`.
    Datetime,
    /// `datetime.timedelta`.
    Timedelta,
    /// `datetime.timezone`.
    Timezone,
    /// `zoneinfo.ZoneInfo`.
    ZoneInfo,
    /// `getattr`, by which the zones of `zoneinfo` are written.
    Getattr,
    /// `_codecs.encode`, by which protocol 2 writes bytes.
    Encode,
    /// `pytz._p`: a zone by name, with the offset that held.
    PytzZone,
    /// `pytz._UTC`.
    PytzUtc,
    /// `pytz.FixedOffset`.
    PytzFixed,
    /// `apscheduler.triggers.date.DateTrigger`.
    DateTrigger,
    /// `apscheduler.triggers.interval.IntervalTrigger`.
    IntervalTrigger,
    /// `apscheduler.triggers.cron.CronTrigger`.
    CronTrigger,
    /// Of a cron field: year, hour, minute, second.
    BaseField,
    /// Of a cron field.
    MonthField,
    /// Of a cron field.
    DayOfMonthField,
    /// Of a cron field.
    WeekField,
    /// Of a cron field.
    DayOfWeekField,
    /// `*`, `*/n`.
    AllExpression,
    /// `a`, `a-b`, with a step.
    RangeExpression,
    /// `jan`, `jan-mar`.
    MonthRangeExpression,
    /// `mon`, `mon-fri`.
    WeekdayRangeExpression,
    /// `2nd tue`.
    WeekdayPositionExpression,
    /// `last`.
    LastDayOfMonthExpression,
}

const FIELDS: &str = "apscheduler.triggers.cron.fields";
const EXPRESSIONS: &str = "apscheduler.triggers.cron.expressions";

/// Module, name within it, and what it is.
const KNOWN: &[(&str, &str, Name)] = &[
    ("datetime", "datetime", Name::Datetime),
    ("datetime", "timedelta", Name::Timedelta),
    ("datetime", "timezone", Name::Timezone),
    ("zoneinfo", "ZoneInfo", Name::ZoneInfo),
    ("builtins", "getattr", Name::Getattr),
    ("__builtin__", "getattr", Name::Getattr),
    ("_codecs", "encode", Name::Encode),
    ("pytz", "_p", Name::PytzZone),
    ("pytz", "_UTC", Name::PytzUtc),
    ("pytz", "FixedOffset", Name::PytzFixed),
    (
        "apscheduler.triggers.date",
        "DateTrigger",
        Name::DateTrigger,
    ),
    (
        "apscheduler.triggers.interval",
        "IntervalTrigger",
        Name::IntervalTrigger,
    ),
    (
        "apscheduler.triggers.cron",
        "CronTrigger",
        Name::CronTrigger,
    ),
    (FIELDS, "BaseField", Name::BaseField),
    (FIELDS, "MonthField", Name::MonthField),
    (FIELDS, "DayOfMonthField", Name::DayOfMonthField),
    (FIELDS, "WeekField", Name::WeekField),
    (FIELDS, "DayOfWeekField", Name::DayOfWeekField),
    (EXPRESSIONS, "AllExpression", Name::AllExpression),
    (EXPRESSIONS, "RangeExpression", Name::RangeExpression),
    (
        EXPRESSIONS,
        "MonthRangeExpression",
        Name::MonthRangeExpression,
    ),
    (
        EXPRESSIONS,
        "WeekdayRangeExpression",
        Name::WeekdayRangeExpression,
    ),
    (
        EXPRESSIONS,
        "WeekdayPositionExpression",
        Name::WeekdayPositionExpression,
    ),
    (
        EXPRESSIONS,
        "LastDayOfMonthExpression",
        Name::LastDayOfMonthExpression,
    ),
];

impl Name {
    /// The name of that path, if it is known.
    pub(super) fn find(module: &str, name: &str) -> Option<Self> {
        let mut known = KNOWN.iter();
        let found = known.find(|(of, called, _)| *of == module && *called == name);
        found.map(|(_, _, name)| *name)
    }

    /// Module and name, with a dot between.
    #[must_use]
    pub fn path(self) -> String {
        let mut known = KNOWN.iter();
        let found = known.find(|(_, _, name)| *name == self);
        found.map_or_else(String::new, |(module, name, _)| format!("{module}.{name}"))
    }

    /// Whether Python would call it to make a value.
    pub(super) fn is_called(self) -> bool {
        matches!(
            self,
            Self::Datetime
                | Self::Timedelta
                | Self::Timezone
                | Self::Getattr
                | Self::Encode
                | Self::PytzZone
                | Self::PytzUtc
                | Self::PytzFixed
        )
    }

    /// Whether objects of it are written with their state.
    pub(super) fn has_state(self) -> bool {
        !self.is_called() && self != Self::ZoneInfo
    }
}
