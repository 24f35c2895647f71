//! One line of cron text, as crontabs write it, as our fields.
//!
//! Here live the classic rules: the order of the fields, Sunday as 0 or 7, the
//! `@` words. What they share with our fields is left to the grammar. Invariant:
//! fields read from a line are canonical and make a valid trigger that fires
//! when the classic rules say so; a line for which there is none is refused.
//! Source: crontab(5) of Vixie cron, and cronie for the sixth field.

use super::field::WEEKDAYS;
use super::{CronFields, CronTrigger};
use crate::domain::trigger::FieldFault;
use crate::domain::zone::Zone;

/// The field that faults of a line are told of.
const FIELD: &str = "cron";

/// How many days a week has, and the second number of Sunday.
const WEEK: u32 = 7;

const ALLOWED: &str = "allowed: 5 fields (minute hour day month weekday), 6 fields (second first), \
     or @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually";

/// How a line of cron text was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// Minute, hour, day, month, weekday; fires at second 0.
    FiveFields,
    /// The same with the second first.
    SixFields,
    /// A word such as `@daily`.
    Nickname,
}

/// The words for common lines.
const NICKNAMES: [(&str, &str); 7] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];

/// The fields of a line as it has them.
#[derive(Clone, Copy)]
struct Line<'a> {
    second: Option<&'a str>,
    minute: &'a str,
    hour: &'a str,
    day: &'a str,
    month: &'a str,
    weekday: &'a str,
}

impl CronFields {
    /// Reads one line of cron text with its classic meaning; answers with our
    /// canonical fields.
    ///
    /// Weekdays: 0 and 7 are Sunday, names mean the same; ranges may run over the
    /// end of the week (`fri-mon`, `6-2`) and have steps (`1-5/2`). They become
    /// names, since our own numbers start at Monday. `?` in place of a field is
    /// `*`. A `second` of `*` becomes `*/1`, which means every second everywhere
    /// (see [`CronTrigger::inherited`]).
    ///
    /// A classic cron whose day and weekday are both restricted fires when
    /// *either* matches; our fields must *all* match. Such a line is refused.
    /// Restricted is all but `*`, `?` and `*/1`: of `*/2` the crons in use disagree.
    ///
    /// # Errors
    /// Faults of the field `cron`, one per bad part, each with the whole line as
    /// its value; of a sound line the one fault that it cannot be expressed.
    pub fn parse_line(text: &str) -> Result<(Self, Style), Vec<FieldFault>> {
        let fault = |message: String| FieldFault {
            field: FIELD,
            value: text.to_owned(),
            message,
        };
        let (expanded, nickname) = expand(text.trim()).map_err(|words| vec![fault(words)])?;
        let line = Line::split(expanded).map_err(|words| vec![fault(words)])?;
        let fields = line
            .read()
            .map_err(|words| words.into_iter().map(fault).collect::<Vec<_>>())?;
        line.check_either_day(&fields)
            .map_err(|words| vec![fault(words)])?;
        let style = match (nickname, line.second) {
            (true, _) => Style::Nickname,
            (false, Some(_)) => Style::SixFields,
            (false, None) => Style::FiveFields,
        };
        Ok((fields, style))
    }
}

impl CronTrigger {
    /// The trigger as one line of cron text, with the second first if it is not
    /// 0; `None` when a line cannot say it: years, weeks, positions of weekdays,
    /// the last day, or a day and a weekday that must both match.
    #[must_use]
    pub fn line(&self) -> Option<String> {
        let mut wanted = [false; WEEK as usize];
        for day in self.named().weekdays {
            // invariant: 0 to 6.
            wanted[day as usize] = true;
        }
        let fields = self.canonical();
        let second = match fields.second.as_str() {
            "0" => String::new(),
            second => format!("{second} "),
        };
        let line = format!(
            "{second}{} {} {} {} {}",
            fields.minute,
            fields.hour,
            fields.day,
            fields.month,
            listed(&wanted)
        );
        let (read, _) = CronFields::parse_line(&line).ok()?;
        let again = Self::new(&read, self.zone()).ok()?;
        (again.pattern == self.pattern && !again.pattern.days.last_day).then_some(line)
    }
}

/// The line that a word stands for, or the text itself; and whether it was a word.
fn expand(text: &str) -> Result<(&str, bool), String> {
    if !text.starts_with('@') {
        return Ok((text, false));
    }
    NICKNAMES
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(text))
        .map(|(_, line)| (*line, true))
        .ok_or_else(|| format!("unknown word {text:?}; {ALLOWED}"))
}

impl<'a> Line<'a> {
    fn split(text: &'a str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split_whitespace().collect();
        let (second, rest) = match parts.as_slice() {
            [second, rest @ ..] if rest.len() == 5 => (Some(*second), rest),
            rest => (None, rest),
        };
        let &[minute, hour, day, month, weekday] = rest else {
            let count = parts.len();
            let fields = if count == 1 { "field" } else { "fields" };
            return Err(format!("the line has {count} {fields}; {ALLOWED}"));
        };
        Ok(Self {
            second,
            minute,
            hour,
            day,
            month,
            weekday,
        })
    }

    /// Our fields, canonical; or what is wrong with each bad one, in the order
    /// of the line.
    fn read(&self) -> Result<CronFields, Vec<String>> {
        let weekday = weekdays(any(self.weekday));
        let fields = CronFields {
            month: any(self.month).to_owned(),
            day: any(self.day).to_owned(),
            day_of_week: weekday.clone().unwrap_or_else(|_| "*".to_owned()),
            hour: any(self.hour).to_owned(),
            minute: any(self.minute).to_owned(),
            second: match self.second.map(any) {
                Some("*") => "*/1".to_owned(),
                Some(second) => second.to_owned(),
                None => "0".to_owned(),
            },
            ..CronFields::default()
        };
        match (CronTrigger::new(&fields, Zone::UTC), weekday) {
            (Ok(trigger), Ok(_)) => Ok(trigger.canonical().clone()),
            (built, weekday) => Err(in_line_order(
                built.err().unwrap_or_default(),
                weekday.err(),
            )),
        }
    }

    /// Refuses a day and a weekday that are both restricted.
    fn check_either_day(&self, fields: &CronFields) -> Result<(), String> {
        if is_open(self.day) || is_open(self.weekday) {
            return Ok(());
        }
        let second = self.second.map(|second| format!("{second} "));
        let second = second.unwrap_or_default();
        let (minute, hour, month) = (self.minute, self.hour, self.month);
        let name = fields.day_of_week.get(..3).unwrap_or("mon");
        let name = if name.starts_with('*') { "mon" } else { name };
        Err(format!(
            "cron fires when the day ({:?}) or the weekday ({:?}) matches; here one job cannot \
             say that. Write two jobs, \"{second}{minute} {hour} {} {month} *\" and \
             \"{second}{minute} {hour} * {month} {}\"; or, for a weekday at its position in the \
             month, give the fields one by one with a day such as \"1st {name}\"",
            self.day, self.weekday, self.day, self.weekday
        ))
    }
}

/// `?` is `*`.
fn any(field: &str) -> &str {
    if field == "?" { "*" } else { field }
}

fn is_open(field: &str) -> bool {
    matches!(field, "*" | "?" | "*/1")
}

/// The faults of our fields and the one of the weekday, as the line goes.
fn in_line_order(faults: Vec<FieldFault>, weekday: Option<String>) -> Vec<String> {
    const ORDER: [&str; 5] = ["second", "minute", "hour", "day", "month"];
    let mut faults = faults;
    faults.sort_by_key(|fault| ORDER.iter().position(|name| *name == fault.field));
    let told = faults.iter().map(ToString::to_string);
    told.chain(weekday.map(|words| format!("weekday: {words}")))
        .collect()
}

/// The weekday field with classic numbers as our field: names, in order.
///
/// `mon-fri` where the days are in a row, a list where they are not, `*` for all.
fn weekdays(field: &str) -> Result<String, String> {
    let mut wanted = [false; WEEK as usize];
    for item in field.split(',') {
        for day in weekday_item(item)? {
            // invariant: within the array, for the remainder is less than a week.
            wanted[(day % WEEK) as usize] = true;
        }
    }
    // Classic numbers start at Sunday, ours at Monday.
    wanted.rotate_left(1);
    Ok(listed(&wanted))
}

/// The days of one item, Sunday = 0; a range over Saturday goes on with 7, 8 ...
fn weekday_item(item: &str) -> Result<Vec<u32>, String> {
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (item, None),
    };
    let (first, last) = match range.split_once('-') {
        _ if range == "*" => (0, WEEK - 1),
        Some((first, last)) => weekday_range(item, first, last)?,
        // Crons disagree on where `2/3` ends.
        None if step.is_some() => {
            let words = "a step needs * or a range before it";
            return Err(bad_weekday(item, words));
        }
        None => {
            let day = weekday(item, range)?;
            (day, day)
        }
    };
    let step = step.map_or(Ok(1), |step| weekday_step(item, step, last - first))?;
    Ok((first..=last).step_by(step).collect())
}

/// First and last day of a range that may run over the end of the week.
fn weekday_range(item: &str, first: &str, last: &str) -> Result<(u32, u32), String> {
    let (from, to) = (weekday(item, first)?, weekday(item, last)?);
    // Of `0-7` all days are meant, of `7-7` and `7-0` one.
    let whole = (from, to) == (0, WEEK);
    if from == to || whole {
        return Ok((from, to));
    }
    let (from, to) = (from % WEEK, to % WEEK);
    let over = to < from;
    Ok((from, if over { to + WEEK } else { to }))
}

/// 0 (Sunday) to 7 (Sunday again), or a name.
fn weekday(item: &str, text: &str) -> Result<u32, String> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits {
        return text
            .parse()
            .ok()
            .filter(|day| *day <= WEEK)
            .ok_or_else(|| bad_weekday(item, &format!("{text} is out of range")));
    }
    match WEEKDAYS.number(text) {
        // Monday = 0 there, 1 here.
        Ok(day) => Ok((day + 1) % WEEK),
        Err(words) => Err(bad_weekday(item, &words)),
    }
}

fn weekday_step(item: &str, step: &str, span: u32) -> Result<usize, String> {
    // Not `parse` alone, which takes a sign.
    let digits = step.bytes().all(|byte| byte.is_ascii_digit());
    step.parse()
        .ok()
        .filter(|step| digits && (1..=span).contains(step))
        // invariant: at most 7, so it fits.
        .map(|step| step as usize)
        .ok_or_else(|| {
            let words = format!("the step {step:?} must be a number from 1 to the range, {span}");
            bad_weekday(item, &words)
        })
}

fn bad_weekday(item: &str, words: &str) -> String {
    format!(
        "{words}, given {item:?}; allowed: *, */n, a, a-b, a-b/n, lists with commas; \
         numbers 0-7 (0 and 7 are Sunday), names sun-sat"
    )
}

/// These days (Monday first) as text.
fn listed(wanted: &[bool; WEEK as usize]) -> String {
    let days: Vec<u32> = (0..WEEK)
        .zip(wanted)
        .filter(|(_, on)| **on)
        .map(|(day, _)| day)
        .collect();
    let name = |day: &u32| WEEKDAYS.of(*day);
    match days.as_slice() {
        all if all.len() == wanted.len() => "*".to_owned(),
        [first, .., last] if days.len() > 2 && *last - *first + 1 == days.len() as u32 => {
            format!("{}-{}", name(first), name(last))
        }
        days => days.iter().map(name).collect::<Vec<_>>().join(","),
    }
}
