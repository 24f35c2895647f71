//! Reads the fields of a body as pydantic's models did: the same leniency, and
//! all faults at once, in the same words.
//!
//! Source: pydantic 2, lax mode; integers in pydantic-core's
//! `src/input/shared.rs`. Pinned by the recorded answers and by the table below.

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::pyjson::{Kind, Value};

/// pydantic refuses to read more digits.
const MAX_INT_DIGITS: usize = 4300;

/// One thing wrong with a request.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ValidationError)]
pub struct Fault {
    /// The kind of fault, a word for programs.
    #[serde(rename = "type")]
    #[schema(example = "missing")]
    pub kind: &'static str,
    /// Where: `body` or `query`, then the name of the field; for broken JSON
    /// the offset in characters.
    pub loc: Vec<Place>,
    /// The rule that was broken.
    #[schema(example = "Field required")]
    pub msg: String,
    /// The value as sent.
    #[schema(value_type = serde_json::Value)]
    pub input: Box<RawValue>,
    /// More about the fault, for some kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ctx: Option<FaultContext>,
}

/// One step on the way to a fault.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Place {
    /// A part of the request or the name of a field.
    Name(&'static str),
    /// An offset in characters.
    Offset(usize),
}

/// What the decoder said of broken JSON.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FaultContext {
    /// The decoder's words.
    #[schema(example = "Expecting value")]
    pub error: &'static str,
}

impl Fault {
    /// A fault of a part of the request, or of a field in it.
    pub fn new(kind: &'static str, msg: &str, loc: &[&'static str], input: Box<RawValue>) -> Self {
        Self {
            kind,
            loc: loc.iter().copied().map(Place::Name).collect(),
            msg: msg.to_owned(),
            input,
            ctx: None,
        }
    }

    /// Something required was not sent.
    pub fn missing(loc: &[&'static str], input: Box<RawValue>) -> Self {
        Self::new("missing", "Field required", loc, input)
    }

    /// The body is broken JSON.
    pub fn json(error: &'static str, at: usize) -> Self {
        Self {
            loc: vec![Place::Name("body"), Place::Offset(at)],
            ctx: Some(FaultContext { error }),
            ..Self::new("json_invalid", "JSON decode error", &[], empty_object())
        }
    }
}

/// `{}`, which stands for the input of broken JSON.
fn empty_object() -> Box<RawValue> {
    RawValue::from_string("{}".to_owned()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// The fields of a body, and the faults met while reading them.
#[derive(Debug)]
pub struct Fields<'b> {
    sent: &'b [(String, Value)],
    whole: &'b RawValue,
    faults: Vec<Fault>,
}

/// Why a value is not of the wanted type: pydantic's kind and words.
type Refused = (&'static str, &'static str);

impl<'b> Fields<'b> {
    /// The fields of an object; `whole` is its text.
    pub fn new(fields: &'b [(String, Value)], whole: &'b RawValue) -> Self {
        Self {
            sent: fields,
            whole,
            faults: Vec::new(),
        }
    }

    /// The faults met so far, in the order of reading.
    pub fn into_faults(self) -> Vec<Fault> {
        self.faults
    }

    /// A required text. Empty when it is at fault.
    pub fn text(&mut self, name: &'static str) -> String {
        self.required(name, read_text).unwrap_or_default()
    }

    /// A text that may be left out. `default` when it is at fault as well.
    pub fn text_or(&mut self, name: &'static str, default: &str) -> String {
        self.optional(name, read_text)
            .unwrap_or_else(|| default.to_owned())
    }

    /// A required integer. 0 when it is at fault.
    pub fn int(&mut self, name: &'static str) -> i128 {
        self.required(name, read_int).unwrap_or_default()
    }

    /// An integer that may be left out, but may not be null.
    pub fn optional_int(&mut self, name: &'static str) -> Option<i128> {
        self.optional(name, read_int)
    }

    fn required<T>(
        &mut self,
        name: &'static str,
        read: fn(&Kind) -> Result<T, Refused>,
    ) -> Option<T> {
        if self.find(name).is_none() {
            let fault = Fault::missing(&["body", name], self.whole.to_owned());
            self.faults.push(fault);
        }
        self.optional(name, read)
    }

    fn optional<T>(
        &mut self,
        name: &'static str,
        read: fn(&Kind) -> Result<T, Refused>,
    ) -> Option<T> {
        let value = self.find(name)?;
        match read(&value.kind) {
            Ok(read) => Some(read),
            Err((kind, msg)) => {
                let fault = Fault::new(kind, msg, &["body", name], value.echo.clone());
                self.faults.push(fault);
                None
            }
        }
    }

    fn find(&self, name: &str) -> Option<&'b Value> {
        find(self.sent, name)
    }
}

/// The field of that name; of a repeated one the last.
pub fn find<'b>(fields: &'b [(String, Value)], name: &str) -> Option<&'b Value> {
    let named = fields.iter().rev().find(|(n, _)| n == name);
    named.map(|(_, value)| value)
}

fn read_text(kind: &Kind) -> Result<String, Refused> {
    match kind {
        Kind::Text(text) if text.lone_surrogate => Err((
            "string_unicode",
            "Input should be a valid string, unable to parse raw data as a unicode string",
        )),
        Kind::Text(text) => Ok(text.text.clone()),
        _ => Err(("string_type", "Input should be a valid string")),
    }
}

/// An integer; one beyond `i128` becomes the nearest one within.
fn read_int(kind: &Kind) -> Result<i128, Refused> {
    match kind {
        Kind::Int(digits) => Ok(saturating_int(digits)),
        Kind::Bool(truth) => Ok((*truth).into()),
        Kind::Float(number) => int_of_float(*number),
        Kind::Text(text) => int_of_text(&text.text),
        Kind::Null | Kind::List | Kind::Object => {
            Err(("int_type", "Input should be a valid integer"))
        }
    }
}

const TOO_LONG: Refused = (
    "int_parsing_size",
    "Unable to parse input string as an integer, exceeded maximum size",
);

fn int_of_float(number: f64) -> Result<i128, Refused> {
    /// 2^63, the first float beyond a 64-bit integer.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if !number.is_finite() {
        return Err(("finite_number", "Input should be a finite number"));
    }
    if number.fract() != 0.0 {
        return Err((
            "int_from_float",
            "Input should be a valid integer, got a number with a fractional part",
        ));
    }
    if number <= -LIMIT || number >= LIMIT {
        return Err(TOO_LONG);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and within the limit"
    )]
    let whole = number as i128;
    Ok(whole)
}

/// Blanks around, one sign, `_` between digits and a fraction of zeros are
/// fine. After leading zeros more than one `_` is too: pydantic strips both.
/// (It then takes `0-1` for -1, plainly by accident; that is refused here.)
fn int_of_text(text: &str) -> Result<i128, Refused> {
    const NO_INT: Refused = (
        "int_parsing",
        "Input should be a valid integer, unable to parse string as an integer",
    );
    let text = text.trim();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        Some(_) => return Err(NO_INT),
        None => text,
    };
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    if !is_digit(digits.chars().next()) || !is_digit(digits.chars().next_back()) {
        return Err(NO_INT);
    }
    let significant = if digits.starts_with('0') {
        digits.trim_start_matches(['0', '_'])
    } else {
        digits
    };
    let well_formed = significant.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    if !well_formed || significant.contains("__") {
        return Err(NO_INT);
    }
    if significant.len() > MAX_INT_DIGITS {
        return Err(TOO_LONG);
    }
    let number = format!("{sign}0{}", significant.replace('_', ""));
    Ok(saturating_int(&number))
}

/// The number that these digits are, or the nearest within `i128`.
fn saturating_int(digits: &str) -> i128 {
    let beyond = if digits.starts_with('-') {
        i128::MIN
    } else {
        i128::MAX
    };
    digits.parse().unwrap_or(beyond)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What pydantic 2.13.4 makes of a text for an `int` field.
    #[test]
    fn text_is_read_as_pydantic_reads_it() {
        let cases = [
            ("1", Some(1)),
            ("+1", Some(1)),
            ("-01", Some(-1)),
            (" 1 ", Some(1)),
            ("1\n", Some(1)),
            ("\u{2003}1\u{a0}", Some(1)),
            (" +1.0", Some(1)),
            ("-1.00", Some(-1)),
            ("-0.0", Some(0)),
            ("1_000.0", Some(1000)),
            ("0_1", Some(1)),
            ("-0__1", Some(-1)),
            ("0__0", Some(0)),
            ("000", Some(0)),
            (&"0".repeat(4301), Some(0)),
            (&"9".repeat(40), Some(i128::MAX)),
            ("", None),
            ("+", None),
            ("+-1", None),
            ("- 1", None),
            ("1 0", None),
            ("1.", None),
            (".0", None),
            ("1.5", None),
            ("1.0.0", None),
            ("1.0_0", None),
            ("1_.0", None),
            ("0_", None),
            ("_1", None),
            ("1_", None),
            ("1__0", None),
            ("1e3", None),
            ("0x10", None),
            ("inf", None),
            ("\u{ff11}", None),
            ("\u{1c}1", None),
            ("1\0", None),
        ];
        for (text, number) in cases {
            let read = int_of_text(text);
            assert_eq!(read.ok(), number, "{text:?}");
            assert!(number.is_some() || read.unwrap_err().0 == "int_parsing");
        }
        let too_long = int_of_text(&"1".repeat(4301));
        assert_eq!(too_long.unwrap_err().0, "int_parsing_size");
        assert!(int_of_text(&"1".repeat(4300)).is_ok());
    }

    #[test]
    fn numbers_are_read_as_pydantic_reads_them() {
        let cases = [
            (1e18, Ok(1_000_000_000_000_000_000)),
            (-0.0, Ok(0)),
            (1.5, Err("int_from_float")),
            (9.3e18, Err("int_parsing_size")),
            (-9_223_372_036_854_775_808.0, Err("int_parsing_size")),
            (1e30, Err("int_parsing_size")),
            (f64::NAN, Err("finite_number")),
            (f64::INFINITY, Err("finite_number")),
        ];
        for (number, expected) in cases {
            let read = read_int(&Kind::Float(number)).map_err(|(kind, _)| kind);
            assert_eq!(read, expected, "{number}");
        }
        assert_eq!(read_int(&Kind::Bool(true)).unwrap(), 1);
        let huge = Kind::Int(format!("-{}", "9".repeat(60)));
        assert_eq!(read_int(&huge).unwrap(), i128::MIN);
    }
}
