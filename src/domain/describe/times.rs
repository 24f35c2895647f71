//! The times of a day at which a cron fires, and how they are told best.

use crate::domain::trigger::Named;

/// How many times of a day are listed one by one.
const LISTED: usize = 6;
/// Seconds of a day.
const DAY_S: u32 = 86_400;

/// Times of a day, in seconds since midnight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Times {
    /// A few.
    Points(Vec<u32>),
    /// At equal distances.
    Even {
        step_s: u32,
        first_s: u32,
        last_s: u32,
        /// Whether the next day goes on at the same distance.
        whole_day: bool,
    },
    /// Neither: hours, minutes and seconds are told one by one.
    Parts,
}

pub(super) fn times(named: &Named) -> Times {
    let count = named.hours.len() * named.minutes.len() * named.seconds.len();
    let even = even(named);
    let whole_day = matches!(even, Some(Times::Even { whole_day, .. }) if whole_day);
    match even {
        Some(even) if count > LISTED || (whole_day && count > 2) => even,
        _ if count <= LISTED => Times::Points(all(named).collect()),
        _ => Times::Parts,
    }
}

fn all(named: &Named) -> impl Iterator<Item = u32> + '_ {
    let minute = |h: u32| named.minutes.iter().map(move |m| h * 3600 + m * 60);
    let minutes = named.hours.iter().flat_map(move |h| minute(*h));
    minutes.flat_map(|at| named.seconds.iter().map(move |s| at + s))
}

/// Ends at the first distance that is another one.
fn even(named: &Named) -> Option<Times> {
    let mut times = all(named);
    let (first_s, second_s) = (times.next()?, times.next()?);
    let step_s = second_s - first_s;
    let last_s = times.try_fold(second_s, |before, at| (at - before == step_s).then_some(at))?;
    Some(Times::Even {
        step_s,
        first_s,
        last_s,
        whole_day: last_s + step_s == first_s + DAY_S,
    })
}
