//! Triggers of `APScheduler` as schedules of this server.

use chrono::{DateTime, DurationRound, SubsecRound, TimeDelta, Utc};

use super::cron;
use super::read::{Node, Read};
use super::times::{self, PyZone};
use crate::domain::schedule::{Jitter, Schedule};
use crate::domain::trigger::{
    CronTrigger, DateTrigger, FieldFault, IntervalSpec, IntervalTrigger, Trigger,
};
use crate::import::pickle::Name;

/// How far a next run may lie beside the grid and count as on it: times are
/// floats there.
const ON_GRID_US: i128 = 1_000;
/// How many fire times a jitter is looked back over.
const LOOK_BACK: u64 = 10_000;

/// A schedule and where it stands.
pub struct Planned {
    pub schedule: Schedule,
    /// The fire time that comes next; `None` when it was not given.
    pub next_fire_at: Option<DateTime<Utc>>,
    /// What is not quite as it was.
    pub remark: Option<String>,
}

/// Reads a trigger whose next run is `next_run`.
pub fn read(node: Node<'_>, next_run: Option<DateTime<Utc>>) -> Read<Planned> {
    let (class, state) = node.object()?;
    match class {
        Name::DateTrigger => date(state, next_run),
        Name::IntervalTrigger => interval(state, next_run),
        Name::CronTrigger => cron(state, next_run),
        _ => Err(node.not("a date, interval or cron trigger")),
    }
}

fn date(state: Node<'_>, next_run: Option<DateTime<Utc>>) -> Read<Planned> {
    let [version, run_date] = state
        .called("the trigger")
        .entries(["version", "run_date"])?;
    check_version(version, 1)?;
    let at = times::instant(run_date)?;
    let trigger = DateTrigger::at_instant(at).map_err(in_words)?;
    Ok(Planned {
        schedule: Trigger::Date(trigger).into(),
        next_fire_at: next_run.map(|at| at.trunc_subsecs(3)),
        remark: None,
    })
}

fn interval(state: Node<'_>, next_run: Option<DateTime<Utc>>) -> Read<Planned> {
    let keys = [
        "version",
        "timezone",
        "start_date",
        "end_date",
        "interval",
        "jitter",
    ];
    let [version, zone, start, end, every, jitter] = state.called("the trigger").entries(keys)?;
    check_version(version, 2)?;
    PyZone::read(zone)?;
    let every_us = times::microseconds(every)?;
    if every_us < 1_000_000 || every_us % 1_000_000 != 0 {
        return Err(format!(
            "its interval of {every_us} µs is no whole number of seconds from 1 on"
        ));
    }
    let every_s = every_us / 1_000_000;
    let jitter = jitter.optional(read_jitter)?;
    let start = times::instant(start)?;
    let end = end.optional(times::instant)?;
    let (first_at, next_fire_at, on_grid) = phase(start, every_us, next_run);
    let remark =
        "its next run does not lie on the grid from its start; the grid goes on from there";
    // The trigger begins one distance after its adding.
    let added_at = i64::try_from(every_s).ok().and_then(TimeDelta::try_seconds);
    let added_at = added_at.and_then(|every| first_at.checked_sub_signed(every));
    let added_at = added_at.ok_or_else(|| format!("its interval of {every_s} s is too long"))?;
    let spec = IntervalSpec {
        seconds: Some(every_s),
        ..IntervalSpec::default()
    };
    let trigger = IntervalTrigger::of_parts(spec, added_at, None).map_err(in_words)?;
    let schedule = Schedule::new(Trigger::Interval(trigger), None, end, jitter);
    Ok(Planned {
        schedule: schedule.map_err(in_words)?,
        next_fire_at,
        remark: (!on_grid && jitter.is_none()).then(|| remark.to_owned()),
    })
}

/// The first point of the grid, the next one, and whether it is that of `start`.
/// Fire times are whole milliseconds here.
fn phase(
    start: DateTime<Utc>,
    every_us: i128,
    next_run: Option<DateTime<Utc>>,
) -> (DateTime<Utc>, Option<DateTime<Utc>>, bool) {
    let first_at = start.trunc_subsecs(3);
    let Some(next_run) = next_run else {
        return (first_at, None, true);
    };
    let behind_us = i128::from(next_run.timestamp_micros() - start.timestamp_micros());
    let steps = (behind_us + every_us / 2).div_euclid(every_us);
    let beside_us = behind_us - steps * every_us;
    let on_grid = i64::try_from(steps * every_us)
        .ok()
        .and_then(|ahead_us| first_at.checked_add_signed(TimeDelta::microseconds(ahead_us)))
        .filter(|_| beside_us.abs() <= ON_GRID_US);
    match on_grid {
        Some(next) => (first_at.min(next), Some(next), true),
        None => {
            let next = next_run.trunc_subsecs(3);
            (next, Some(next), false)
        }
    }
}

fn cron(state: Node<'_>, next_run: Option<DateTime<Utc>>) -> Read<Planned> {
    let keys = [
        "version",
        "timezone",
        "start_date",
        "end_date",
        "fields",
        "jitter",
    ];
    let [version, zone, start, end, fields, jitter] = state.called("the trigger").entries(keys)?;
    check_version(version, 2)?;
    let zone = PyZone::read(zone)?.for_cron()?;
    let trigger = CronTrigger::new(&cron::fields(fields)?, zone).map_err(in_words)?;
    // Later within its millisecond than a whole second, it is after that second.
    let start = start.optional(times::instant)?.map(up_to_ms);
    let end = end.optional(times::instant)?;
    let jitter = jitter.optional(read_jitter)?;
    let schedule = Schedule::new(Trigger::Cron(trigger), start, end, jitter).map_err(in_words)?;
    let next_fire_at = next_run.map(|at| match jitter {
        Some(jitter) => before_jitter(&schedule, jitter, at),
        None => at.trunc_subsecs(3),
    });
    Ok(Planned {
        schedule,
        next_fire_at,
        remark: None,
    })
}

/// The fire time of which `sent_at` is the sending: there the jitter is part of
/// the next run, here it comes on top.
fn before_jitter(schedule: &Schedule, jitter: Jitter, sent_at: DateTime<Utc>) -> DateTime<Utc> {
    let earliest = sent_at - TimeDelta::milliseconds(i64::from(jitter));
    match schedule.next_at_or_after(earliest) {
        Some(first) if first <= sent_at => schedule.count_between(first, sent_at, LOOK_BACK).1,
        _ => sent_at.trunc_subsecs(3),
    }
}

fn up_to_ms(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_round_up(TimeDelta::milliseconds(1))
        .unwrap_or(at)
}

/// Seconds, whole or not.
fn read_jitter(node: Node<'_>) -> Read<Jitter> {
    use crate::import::pickle::Value;
    let ms = match node.value() {
        Value::Int(seconds) => seconds.checked_mul(1000),
        Value::Float(seconds) => whole_ms(*seconds),
        _ => return Err(node.not("a number")),
    };
    let Some(ms) = ms else {
        return Err("its jitter is no whole number of milliseconds".to_owned());
    };
    Jitter::from_ms(ms).map_err(|fault| fault.message)
}

fn whole_ms(seconds: f64) -> Option<i64> {
    let ms = seconds * 1000.0;
    // Casts cut off what lies far out of range, which is refused later.
    ((ms - ms.round()).abs() < 1e-6).then_some(ms.round() as i64)
}

fn check_version(version: Node<'_>, newest: i64) -> Read<()> {
    match version.int()? {
        known if (1..=newest).contains(&known) => Ok(()),
        other => Err(format!(
            "its trigger has version {other}; known: 1 to {newest}"
        )),
    }
}

fn in_words(faults: Vec<FieldFault>) -> String {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    format!("its trigger: {}", lines.join("; "))
}
