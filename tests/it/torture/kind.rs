//! The kinds of faults, each with what its runs need.

/// What goes wrong in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `kill -9` at random moments.
    Kill,
    /// Debug builds die, stand still, fail or wait at named steps.
    FailPoints,
    /// SIGSTOP for longer than the lease, then SIGCONT.
    Stop,
    /// SIGTERM, one replica after the other, with a new one each.
    Rolling,
    /// Redis killed, empty, paused, stopped, full, slow.
    Redis,
    /// The database locked, its disk full, its disk read-only.
    Store,
    /// The target down, hanging, resetting, late.
    Target,
    /// The wall clock stepping and drifting.
    Clock,
    /// All of it at once.
    Mixed,
    /// All but the clock, for as long as one likes.
    Soak,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::FailPoints => "fail_points",
            Self::Stop => "stop",
            Self::Rolling => "rolling",
            Self::Redis => "redis",
            Self::Store => "store",
            Self::Target => "target",
            Self::Clock => "clock",
            Self::Mixed => "mixed",
            Self::Soak => "soak",
        }
    }

    /// Whether the servers' clock is moved.
    pub fn moves_clock(self) -> bool {
        matches!(self, Self::Clock | Self::Mixed)
    }

    /// Whether the disk of the database is filled.
    pub fn fills_disk(self) -> bool {
        matches!(self, Self::Store | Self::Mixed | Self::Soak)
    }
}
