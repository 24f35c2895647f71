//! The fire times that had to come to an end, worked out anew from the versions of a
//! job: each schedule is walked from one fire time to the next.
//!
//! Deliberately knows nothing of how the server plans (`domain::misfire`): what is
//! proven must not be the proof.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use crate::domain::schedule::Schedule;
use crate::store::evidence::JobVersion;

/// The fire times that are looked at, both ends inclusive; none: no bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// Not before this one.
    pub from: Option<DateTime<Utc>>,
    /// Not after this one.
    pub to: Option<DateTime<Utc>>,
    /// Whether what is due up to `to` and not planned yet is wanted, too.
    pub unplanned: bool,
    /// The latest instant at which anything can have been planned.
    pub latest: Option<DateTime<Utc>>,
}

/// Who answers for a fire time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Duty {
    /// A version has planned it.
    Planned,
    /// It was due when its version was replaced, and not planned.
    LeftUnplanned,
    /// It is due, and will be planned by the version that the job has.
    Behind,
}

/// One fire time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The fire time.
    pub at: DateTime<Utc>,
    /// Who answers for it.
    pub duty: Duty,
    /// Whether nobody may have sent it: each version that has it was to wait for a
    /// later instant.
    pub held: bool,
    /// How many versions have planned it or left it: more than one where the clock was
    /// set back, and the job was put or resumed after it.
    pub times: u32,
}

/// What one version answers for.
struct Span<'a> {
    schedule: &'a Schedule,
    start: DateTime<Utc>,
    /// The first fire time that was not planned; `None`: all were.
    planned_until: Option<DateTime<Utc>>,
    /// The last instant it answers for.
    last: Option<DateTime<Utc>>,
    pause_until: Option<DateTime<Utc>>,
    is_current: bool,
}

/// The fire times of one job, ascending, each once.
pub struct Planned<'a> {
    spans: Vec<Span<'a>>,
    /// Spans that have not begun, the earliest one last.
    ahead: Vec<usize>,
    /// The next fire time of each span that has begun.
    next: BinaryHeap<Reverse<(DateTime<Utc>, usize)>>,
    peeked: Option<Due>,
    cut_off: BTreeSet<DateTime<Utc>>,
}

impl<'a> Planned<'a> {
    /// The fire times of these versions, in their order, within a window.
    #[must_use]
    pub fn new(versions: &'a [JobVersion], window: &Window) -> Self {
        let followed = versions.iter().zip(1..).map(|(v, n)| (v, versions.get(n)));
        let spans: Vec<Span<'a>> = followed
            .filter_map(|(version, next)| span(version, next, window))
            .collect();
        let exhausted = spans.iter().filter(|span| span.planned_until.is_none());
        let cut_off = exhausted.filter_map(|span| span.schedule.first_after_end());
        let mut planned = Self {
            cut_off: cut_off.map(whole_ms).collect(),
            ahead: (0..spans.len()).collect(),
            spans,
            next: BinaryHeap::new(),
            peeked: None,
        };
        let spans = &planned.spans;
        planned.ahead.sort_by_key(|n| Reverse(spans[*n].start));
        planned
    }

    /// Whether the end of a schedule cuts this fire time off, so that there may be a
    /// row that says so.
    #[must_use]
    pub fn is_cut_off(&self, at: DateTime<Utc>) -> bool {
        self.cut_off.contains(&at)
    }

    /// The next fire time, which stays the next one.
    pub fn peek(&mut self) -> Option<Due> {
        if self.peeked.is_none() {
            self.peeked = self.find();
        }
        self.peeked
    }

    fn find(&mut self) -> Option<Due> {
        self.begin_spans();
        let Reverse((at, _)) = *self.next.peek()?;
        let mut due = Due {
            at,
            duty: Duty::Behind,
            held: true,
            times: 0,
        };
        while let Some(Reverse((next, n))) = self.next.peek().copied()
            && next == at
        {
            self.next.pop();
            let span = &self.spans[n];
            let duty = span.duty(at);
            due.duty = due.duty.min(duty);
            due.times += u32::from(duty != Duty::Behind);
            due.held &= duty != Duty::Planned || span.pause_until.is_some_and(|until| at < until);
            if let Some(following) = span.after(at) {
                self.next.push(Reverse((following, n)));
            }
        }
        due.held &= due.duty == Duty::Planned;
        Some(due)
    }

    /// Lets spans begin that may have the next fire time.
    fn begin_spans(&mut self) {
        while let Some(n) = self.ahead.last().copied() {
            let start = self.spans[n].start;
            if self.next.peek().is_some_and(|Reverse((at, _))| *at < start) {
                return;
            }
            self.ahead.pop();
            self.next.push(Reverse((start, n)));
        }
    }
}

impl Iterator for Planned<'_> {
    type Item = Due;

    fn next(&mut self) -> Option<Due> {
        let due = self.peek();
        self.peeked = None;
        due
    }
}

impl Span<'_> {
    fn duty(&self, at: DateTime<Utc>) -> Duty {
        match self.planned_until {
            Some(until) if at >= until && self.is_current => Duty::Behind,
            Some(until) if at >= until => Duty::LeftUnplanned,
            _ => Duty::Planned,
        }
    }

    /// The next fire time that it answers for.
    fn after(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut next = self.schedule.next_after(at)?;
        // Fire times are stored in whole milliseconds.
        while whole_ms(next) <= at {
            next = self.schedule.next_after(next)?;
        }
        Some(whole_ms(next)).filter(|next| self.last.is_none_or(|last| *next <= last))
    }
}

/// What a version answers for within the window; `None`: nothing.
fn span<'a>(
    version: &'a JobVersion,
    next: Option<&JobVersion>,
    window: &Window,
) -> Option<Span<'a>> {
    let first = version.first?;
    let last = match (version.until, version.replaced_at) {
        (None, replaced_at) => window.latest.max(replaced_at),
        (Some(until), None) if window.unplanned => Some(until).max(window.to),
        (Some(until), None) => Some(just_before(until)),
        (Some(until), Some(replaced_at)) => Some(just_before(until.max(left_until(
            version,
            next,
            replaced_at,
        )))),
    };
    let last = match (last, window.to) {
        (Some(last), Some(to)) => Some(last.min(to)),
        (last, to) => last.or(to),
    };
    let start = match window.from {
        Some(from) if first < from => {
            let at = version.schedule.next_at_or_after(from)?;
            Some(whole_ms(at)).filter(|at| *at >= from)?
        }
        _ => first,
    };
    (last.is_none_or(|last| start <= last)).then_some(Span {
        schedule: &version.schedule,
        start,
        planned_until: version.until,
        last,
        pause_until: version.policies.pause_until,
        is_current: version.replaced_at.is_none(),
    })
}

/// Up to where a version that was replaced answers for what was due: where the same
/// schedule goes on, the next version has the rest.
fn left_until(
    version: &JobVersion,
    next: Option<&JobVersion>,
    replaced_at: DateTime<Utc>,
) -> DateTime<Utc> {
    match next {
        Some(next) if goes_on(version, next) => {
            next.first.map_or(replaced_at, |at| at.min(replaced_at))
        }
        _ => replaced_at,
    }
}

/// Whether the next version is one of the same job, and of the same schedule.
fn goes_on(version: &JobVersion, next: &JobVersion) -> bool {
    next.version > version.version && next.schedule == version.schedule
}

fn just_before(at: DateTime<Utc>) -> DateTime<Utc> {
    at - TimeDelta::milliseconds(1)
}

pub(super) fn whole_ms(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(3)
}
