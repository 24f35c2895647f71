//! The grammar of one item of a cron field.
//!
//! Knows texts and numbers, no calendar. Refusals are the library's words, in
//! the library's order of checks; `field` adds what is allowed.
//! Source: `APScheduler` 3.11.0, `apscheduler/triggers/cron/expressions.py`.

use super::field::{Item, LAST, Names, POSITIONS, Spec, WEEKDAYS};

/// Digits as given: the value for checks, the text for messages.
#[derive(Clone, Copy)]
struct Number<'a> {
    /// Without leading zeros.
    text: &'a str,
    /// Saturating: beyond all ranges anyway.
    value: i128,
}

/// Reads one item (no commas, no blanks at its ends).
///
/// The error is the refusal in the library's words.
pub(super) fn parse_item(spec: &'static Spec, text: &str) -> Result<Item, String> {
    if let Some(item) = all(spec, text).or_else(|| range(spec, text)) {
        return item;
    }
    if spec.has_positions
        && let Some(item) = position(spec, text)
    {
        return item;
    }
    spec.names
        .as_ref()
        .and_then(|names| named(spec, names, text))
        .unwrap_or_else(|| Err(spec.unrecognized(text)))
}

/// `*` and `*/n`; `None` when it is something else.
fn all(spec: &Spec, text: &str) -> Option<Result<Item, String>> {
    let step = step_to_end(text.strip_prefix('*')?)?;
    Some(check_all(spec, text, step.as_ref()))
}

fn check_all(spec: &Spec, text: &str, step: Option<&Number>) -> Result<Item, String> {
    check_increment(step)?;
    check_step(text, step, i128::from(spec.max - spec.min))?;
    let step = step.map(|step| small(spec, text, step)).transpose()?;
    Ok(Item::All { step })
}

/// `a`, `a-b`, `a/n` and `a-b/n`; `None` when it is something else.
fn range(spec: &Spec, text: &str) -> Option<Result<Item, String>> {
    let (first, rest) = number(text)?;
    let (last, rest) = match rest.strip_prefix('-') {
        Some(rest) => number(rest).map(|(last, rest)| (Some(last), rest))?,
        None => (None, rest),
    };
    let step = step_to_end(rest)?;
    // A single number without a step ends where it starts.
    let last = last.or(step.is_none().then_some(first));
    Some(check_range(spec, text, first, last, step))
}

fn check_range(
    spec: &Spec,
    text: &str,
    first: Number,
    last: Option<Number>,
    step: Option<Number>,
) -> Result<Item, String> {
    let (min, max) = (i128::from(spec.min), i128::from(spec.max));
    check_increment(step.as_ref())?;
    check_order(first.value, last.map_or(i128::MAX, |last| last.value))?;
    check_step(text, step.as_ref(), max - min)?;
    if first.value < min {
        let words = format!(
            "the first value ({}) is lower than the minimum value ({min})",
            first.text
        );
        return Err(invalid(text, &words));
    }
    if let Some(last) = last.filter(|last| last.value > max) {
        let words = format!(
            "the last value ({}) is higher than the maximum value ({max})",
            last.text
        );
        return Err(invalid(text, &words));
    }
    // To the library a last value of 0 is none: it takes `0-0/5`, but not `7-7/5`.
    let end = last.map_or(max, |last| if last.value == 0 { max } else { last.value });
    check_step(text, step.as_ref(), end - first.value)?;
    Ok(Item::Range {
        first: small(spec, text, &first)?,
        last: last.map(|last| small(spec, text, &last)).transpose()?,
        step: step.map(|step| small(spec, text, &step)).transpose()?,
    })
}

/// `2nd tue`, `last fri` and `last`; `None` when it is something else.
fn position(spec: &Spec, text: &str) -> Option<Result<Item, String>> {
    if text.eq_ignore_ascii_case(LAST) {
        return Some(Ok(Item::LastDay));
    }
    let (position, rest) = POSITIONS.iter().enumerate().find_map(|(index, name)| {
        let (head, rest) = text.split_at_checked(name.len())?;
        head.eq_ignore_ascii_case(name).then_some((index, rest))
    })?;
    let weekday = rest.trim_start_matches(' ');
    if weekday.len() == rest.len() {
        return None;
    }
    let (name, rest) = word(weekday);
    if name.is_empty() {
        return None;
    }
    Some(WEEKDAYS.number(name).and_then(|weekday| {
        check_nothing_left(spec, text, rest)?;
        Ok(Item::Position { position, weekday })
    }))
}

/// `mon` and `mon-fri`; `None` when it is something else.
fn named(spec: &Spec, names: &'static Names, text: &str) -> Option<Result<Item, String>> {
    let (first, rest) = letters(text);
    if first.is_empty() {
        return None;
    }
    let (last, rest) = match rest.strip_prefix('-').map(letters) {
        Some((last, rest)) if !last.is_empty() => (last, rest),
        _ => (first, rest),
    };
    Some(check_names(spec, names, text, [first, last], rest))
}

fn check_names(
    spec: &Spec,
    names: &'static Names,
    text: &str,
    [first, last]: [&str; 2],
    rest: &str,
) -> Result<Item, String> {
    let (first, last) = (names.number(first)?, names.number(last)?);
    check_order(first.into(), last.into())?;
    check_nothing_left(spec, text, rest)?;
    Ok(Item::Names { names, first, last })
}

fn check_increment(step: Option<&Number>) -> Result<(), String> {
    match step {
        Some(step) if step.value == 0 => Err("Increment must be higher than 0".to_owned()),
        _ => Ok(()),
    }
}

fn check_order(first: i128, last: i128) -> Result<(), String> {
    if first > last {
        return Err("The minimum value in a range must not be higher than the maximum".to_owned());
    }
    Ok(())
}

fn check_step(text: &str, step: Option<&Number>, range: i128) -> Result<(), String> {
    match step {
        Some(step) if step.value > range => {
            let words = format!(
                "the step value ({}) is higher than the total range of the expression ({range})",
                step.text
            );
            Err(invalid(text, &words))
        }
        _ => Ok(()),
    }
}

/// The library drops what follows a name; here it is refused.
fn check_nothing_left(spec: &Spec, text: &str, rest: &str) -> Result<(), String> {
    if rest.is_empty() {
        Ok(())
    } else {
        Err(spec.unrecognized(text))
    }
}

fn invalid(text: &str, words: &str) -> String {
    format!("Error validating expression '{text}': {words}")
}

fn small(spec: &Spec, text: &str, number: &Number) -> Result<u32, String> {
    u32::try_from(number.value).map_err(|_| spec.unrecognized(text))
}

/// Leading digits and the rest; `None` without any.
fn number(text: &str) -> Option<(Number<'_>, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    let text = if significant.is_empty() {
        "0"
    } else {
        significant
    };
    // Halved, so that differences of two numbers cannot overflow.
    let value = text.parse().unwrap_or(i128::MAX / 2);
    Some((Number { text, value }, rest))
}

/// Nothing or `/n`, up to the end; `None` when it is something else.
#[expect(clippy::option_option, reason = "not a step, no step, a step")]
fn step_to_end(text: &str) -> Option<Option<Number<'_>>> {
    if text.is_empty() {
        return Some(None);
    }
    let (step, rest) = number(text.strip_prefix('/')?)?;
    rest.is_empty().then_some(Some(step))
}

fn letters(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_alphabetic());
    text.split_at(end.unwrap_or(text.len()))
}

/// A number, or else letters, digits and underscores.
fn word(text: &str) -> (&str, &str) {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    let ends = |c: char| {
        if is_number {
            !c.is_ascii_digit()
        } else {
            !c.is_alphanumeric() && c != '_'
        }
    };
    text.split_at(text.find(ends).unwrap_or(text.len()))
}
