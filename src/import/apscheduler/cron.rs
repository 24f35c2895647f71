//! The fields of a cron trigger, back to text.
//!
//! Source: `APScheduler` 3.11.0, `apscheduler/triggers/cron/expressions.py`, the
//! `__str__` of each expression.

use super::read::{Node, Read};
use crate::domain::trigger::CronFields;
use crate::import::pickle::Name;

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const POSITIONS: [&str; 6] = ["1st", "2nd", "3rd", "4th", "5th", "last"];

/// The eight fields in the order of the library.
pub fn fields(node: Node<'_>) -> Read<CronFields> {
    let names = [
        "year",
        "month",
        "day",
        "week",
        "day_of_week",
        "hour",
        "minute",
        "second",
    ];
    let given = node.items()?;
    if given.len() != names.len() {
        return Err(format!(
            "its cron trigger has {} fields, not 8",
            given.len()
        ));
    }
    let mut texts = given
        .into_iter()
        .zip(names)
        .map(|(node, name)| field(node.called(name), name))
        .collect::<Read<Vec<String>>>()?
        .into_iter();
    let mut next = || texts.next().unwrap_or_default();
    Ok(CronFields {
        year: next(),
        month: next(),
        day: next(),
        week: next(),
        day_of_week: next(),
        hour: next(),
        minute: next(),
        second: next(),
    })
}

fn field(node: Node<'_>, name: &str) -> Read<String> {
    let (class, state) = node.object()?;
    let wanted = match name {
        "month" => Name::MonthField,
        "day" => Name::DayOfMonthField,
        "week" => Name::WeekField,
        "day_of_week" => Name::DayOfWeekField,
        _ => Name::BaseField,
    };
    let [told, _, expressions] = state.entries(["name", "is_default", "expressions"])?;
    if class != wanted || told.text()? != name {
        return Err(format!(
            "{} in the place of the field {name}",
            node.not("it")
        ));
    }
    let items: Read<Vec<String>> = expressions.items()?.into_iter().map(expression).collect();
    Ok(items?.join(","))
}

fn expression(node: Node<'_>) -> Read<String> {
    let (class, state) = node.object()?;
    match class {
        Name::AllExpression => {
            let [step] = state.entries(["step"])?;
            Ok(with_step("*".to_owned(), step.optional(number)?))
        }
        Name::RangeExpression => {
            let (step, first, last) = range(state)?;
            let text = match last {
                Some(last) if last != first || step.is_some() => format!("{first}-{last}"),
                _ => first.to_string(),
            };
            Ok(with_step(text, step))
        }
        Name::MonthRangeExpression => names(state, &MONTHS, 1),
        Name::WeekdayRangeExpression => names(state, &WEEKDAYS, 0),
        Name::WeekdayPositionExpression => {
            let [_, position, weekday] = state.entries(["step", "option_num", "weekday"])?;
            let position = name_of(&POSITIONS, 0, number(position)?)?;
            Ok(format!(
                "{position} {}",
                name_of(&WEEKDAYS, 0, number(weekday)?)?
            ))
        }
        Name::LastDayOfMonthExpression => Ok("last".to_owned()),
        _ => Err(node.not("a cron expression")),
    }
}

fn range(state: Node<'_>) -> Read<(Option<u16>, u16, Option<u16>)> {
    let [step, first, last] = state.entries(["step", "first", "last"])?;
    Ok((
        step.optional(number)?,
        number(first)?,
        last.optional(number)?,
    ))
}

fn names(state: Node<'_>, names: &[&'static str], least: u16) -> Read<String> {
    let (_, first, last) = range(state)?;
    let text = name_of(names, least, first)?;
    match last {
        Some(last) if last != first => Ok(format!("{text}-{}", name_of(names, least, last)?)),
        _ => Ok(text.to_owned()),
    }
}

fn name_of(names: &[&'static str], least: u16, number: u16) -> Read<&'static str> {
    let place = number.checked_sub(least).map(usize::from);
    let name = place.and_then(|place| names.get(place)).copied();
    name.ok_or_else(|| format!("a cron expression has the number {number}, which has no name"))
}

fn number(node: Node<'_>) -> Read<u16> {
    let number = node.int()?;
    u16::try_from(number).map_err(|_| format!("{} is {number}", node.place()))
}

fn with_step(text: String, step: Option<u16>) -> String {
    match step {
        Some(step) => format!("{text}/{step}"),
        None => text,
    }
}
