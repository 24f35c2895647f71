//! JSON as the Python service read it: the grammar, the words and the offsets
//! of `CPython`'s decoder, which its clients see in 422 answers.
//!
//! Offsets count characters, not bytes. Invariant: what [`Value::echo`] holds
//! is strict JSON, whatever was sent (NaN, lone surrogates).
//! Source: `CPython` 3.11, `Modules/_json.c` and `Lib/json/decoder.py`.

use std::ops::Range;

use serde_json::value::RawValue;

/// Deeper nesting is refused. Python's own bound is its recursion limit, near
/// 950 here; too high a bound would endanger the stack of a worker thread.
const MAX_DEPTH: usize = 500;

/// Python refuses to read longer integers.
const MAX_INT_DIGITS: usize = 4300;

/// Why a text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecodeError {
    /// A fault of grammar, at a character.
    Invalid {
        /// The decoder's words.
        message: &'static str,
        /// Which character, from 0.
        at: usize,
    },
    /// Not UTF-8, nested too deeply, or an integer of too many digits.
    Unreadable,
}

/// One value of a document, and its text.
#[derive(Debug, Clone)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Its text, with all the digits that were sent.
    pub echo: Box<RawValue>,
}

/// The kinds of JSON values.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number without fraction and exponent, as its digits.
    Int(String),
    /// Any other number; not finite for `NaN`, `Infinity` and overflows.
    Float(f64),
    /// A text.
    Text(Text),
    /// A list; its items are only checked.
    List,
    /// An object; its fields are kept for the outermost value only.
    Object,
}

/// A text value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The characters; U+FFFD for each lone surrogate.
    pub text: String,
    /// Whether there was a lone surrogate, so that this is no Unicode text.
    pub lone_surrogate: bool,
}

/// A decoded document.
#[derive(Debug, Clone)]
pub struct Document {
    /// The outermost value.
    pub root: Value,
    /// Its fields in the order sent, when it is an object. Of a repeated name
    /// the last counts.
    pub fields: Vec<(String, Value)>,
}

/// Decodes a document.
///
/// # Errors
/// At the first fault.
pub fn decode(bytes: &[u8]) -> Result<Document, DecodeError> {
    let text = std::str::from_utf8(bytes).map_err(|_| DecodeError::Unreadable)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut scanner = Scanner {
        chars: text.chars().collect(),
        at: 0,
        depth: 0,
        out: String::with_capacity(text.len()),
        fields: Vec::new(),
    };
    scanner.skip_blanks();
    let kind = scanner.value()?;
    let end = scanner.out.len();
    scanner.skip_blanks();
    if scanner.at < scanner.chars.len() {
        return Err(scanner.invalid("Extra data"));
    }
    let Scanner { out, fields, .. } = scanner;
    let value = |kind, range| Value {
        kind,
        echo: raw(&out[range]),
    };
    Ok(Document {
        fields: fields
            .into_iter()
            .map(|(name, kind, range)| (name, value(kind, range)))
            .collect(),
        root: value(kind, 0..end),
    })
}

/// Text that the scanner wrote, as JSON.
fn raw(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.to_owned()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn invalid_at(message: &'static str, at: usize) -> DecodeError {
    DecodeError::Invalid { message, at }
}

/// Reads characters, and writes what it read as strict JSON.
struct Scanner {
    chars: Vec<char>,
    at: usize,
    depth: usize,
    out: String,
    /// Name, kind and place in `out` of the fields of the outermost object.
    fields: Vec<(String, Kind, Range<usize>)>,
}

type Scanned<T> = Result<T, DecodeError>;

impl Scanner {
    fn invalid(&self, message: &'static str) -> DecodeError {
        invalid_at(message, self.at)
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self) -> Scanned<Kind> {
        match self.peek() {
            Some('"') => self.text_value(),
            Some('{') => self.nested(Self::object),
            Some('[') => self.nested(Self::list),
            Some('n') if self.word("null") => Ok(self.wrote("null", Kind::Null)),
            Some('t') if self.word("true") => Ok(self.wrote("true", Kind::Bool(true))),
            Some('f') if self.word("false") => Ok(self.wrote("false", Kind::Bool(false))),
            Some('N') if self.word("NaN") => Ok(self.wrote("null", Kind::Float(f64::NAN))),
            Some('I') if self.word("Infinity") => {
                Ok(self.wrote("null", Kind::Float(f64::INFINITY)))
            }
            Some('-') if self.word("-Infinity") => {
                Ok(self.wrote("null", Kind::Float(f64::NEG_INFINITY)))
            }
            _ => self.number(),
        }
    }

    /// Takes `word` when it comes next.
    fn word(&mut self, word: &str) -> bool {
        let rest = &self.chars[self.at..];
        let here = word.len() <= rest.len() && word.chars().eq(rest[..word.len()].iter().copied());
        if here {
            self.at += word.len();
        }
        here
    }

    fn wrote(&mut self, text: &str, kind: Kind) -> Kind {
        self.out.push_str(text);
        kind
    }

    fn nested(&mut self, read: fn(&mut Self) -> Scanned<Kind>) -> Scanned<Kind> {
        if self.depth == MAX_DEPTH {
            return Err(DecodeError::Unreadable);
        }
        self.depth += 1;
        self.at += 1;
        let kind = read(self)?;
        self.depth -= 1;
        Ok(kind)
    }

    /// What follows `{`.
    fn object(&mut self) -> Scanned<Kind> {
        self.out.push('{');
        self.skip_blanks();
        if self.peek() == Some('}') {
            self.at += 1;
            return Ok(self.wrote("}", Kind::Object));
        }
        loop {
            self.field()?;
            self.skip_blanks();
            match self.peek() {
                Some('}') => break,
                Some(',') => self.at += 1,
                _ => return Err(self.invalid("Expecting ',' delimiter")),
            }
            self.out.push(',');
            self.skip_blanks();
        }
        self.at += 1;
        Ok(self.wrote("}", Kind::Object))
    }

    fn field(&mut self) -> Scanned<()> {
        if self.peek() != Some('"') {
            return Err(self.invalid("Expecting property name enclosed in double quotes"));
        }
        let name = self.text()?;
        self.write_text(&name.text);
        self.skip_blanks();
        if self.peek() != Some(':') {
            return Err(self.invalid("Expecting ':' delimiter"));
        }
        self.at += 1;
        self.out.push(':');
        self.skip_blanks();
        let start = self.out.len();
        let kind = self.value()?;
        if self.depth == 1 && !name.lone_surrogate {
            self.fields.push((name.text, kind, start..self.out.len()));
        }
        Ok(())
    }

    /// What follows `[`.
    fn list(&mut self) -> Scanned<Kind> {
        self.out.push('[');
        self.skip_blanks();
        if self.peek() == Some(']') {
            self.at += 1;
            return Ok(self.wrote("]", Kind::List));
        }
        loop {
            self.value()?;
            self.skip_blanks();
            match self.peek() {
                Some(']') => break,
                Some(',') => self.at += 1,
                _ => return Err(self.invalid("Expecting ',' delimiter")),
            }
            self.out.push(',');
            self.skip_blanks();
        }
        self.at += 1;
        Ok(self.wrote("]", Kind::List))
    }

    fn number(&mut self) -> Scanned<Kind> {
        let start = self.at;
        let mut end = start + usize::from(self.peek() == Some('-'));
        match self.chars.get(end) {
            Some('0') => end += 1,
            Some('1'..='9') => end = self.digits(end),
            _ => return Err(self.invalid("Expecting value")),
        }
        let whole_end = end;
        if self.chars.get(end) == Some(&'.') && self.digits(end + 1) > end + 1 {
            end = self.digits(end + 1);
        }
        if matches!(self.chars.get(end), Some('e' | 'E')) {
            let signed = matches!(self.chars.get(end + 1), Some('+' | '-'));
            let digits = end + 1 + usize::from(signed);
            if self.digits(digits) > digits {
                end = self.digits(digits);
            }
        }
        self.at = end;
        let text: String = self.chars[start..end].iter().collect();
        if end > whole_end {
            return Ok(self.float(&text));
        }
        if text.trim_start_matches('-').len() > MAX_INT_DIGITS {
            return Err(DecodeError::Unreadable);
        }
        let text = if text == "-0" { "0".to_owned() } else { text };
        self.out.push_str(&text);
        Ok(Kind::Int(text))
    }

    fn float(&mut self, text: &str) -> Kind {
        let number = text.parse().unwrap_or(f64::NAN);
        self.out
            .push_str(if number.is_finite() { text } else { "null" });
        Kind::Float(number)
    }

    /// The end of the digits that start at `from`.
    fn digits(&self, from: usize) -> usize {
        let rest = self.chars.iter().skip(from);
        from + rest.take_while(|c| c.is_ascii_digit()).count()
    }

    fn text_value(&mut self) -> Scanned<Kind> {
        let text = self.text()?;
        self.write_text(&text.text);
        Ok(Kind::Text(text))
    }

    fn write_text(&mut self, text: &str) {
        self.out
            .push_str(&serde_json::Value::from(text).to_string());
    }

    /// A text in quotes; the opening one is next.
    fn text(&mut self) -> Scanned<Text> {
        let begin = self.at;
        let mut read = Text {
            text: String::new(),
            lone_surrogate: false,
        };
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(invalid_at("Unterminated string starting at", begin)),
                Some('"') => break,
                Some('\\') => self.escape(begin, &mut read)?,
                Some('\0'..='\u{1f}') => return Err(self.invalid("Invalid control character at")),
                Some(c) => {
                    read.text.push(c);
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        Ok(read)
    }

    /// An escape; the backslash is next.
    fn escape(&mut self, begin: usize, read: &mut Text) -> Scanned<()> {
        let Some(letter) = self.chars.get(self.at + 1) else {
            return Err(invalid_at("Unterminated string starting at", begin));
        };
        let plain = match letter {
            '"' | '\\' | '/' => *letter,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode_escape(read),
            _ => return Err(self.invalid("Invalid \\escape")),
        };
        self.at += 2;
        read.text.push(plain);
        Ok(())
    }

    fn unicode_escape(&mut self, read: &mut Text) -> Scanned<()> {
        let mut unit = self.four_hex_digits(self.at)?;
        self.at += 6;
        // Python looks for the second half only when more text follows it.
        let second = self.at;
        if (0xd800..0xdc00).contains(&unit)
            && self.chars.len() > second + 6
            && self.chars[second..].starts_with(&['\\', 'u'])
        {
            let low = self.four_hex_digits(second)?;
            if (0xdc00..0xe000).contains(&low) {
                unit = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                self.at += 6;
            }
        }
        let character = char::from_u32(unit);
        read.lone_surrogate |= character.is_none();
        read.text
            .push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(())
    }

    /// The number in the `\uXXXX` at `backslash`.
    fn four_hex_digits(&self, backslash: usize) -> Scanned<u32> {
        let fault = invalid_at("Invalid \\uXXXX escape", backslash + 1);
        let digits = self.chars.get(backslash + 2..backslash + 6);
        // Python wants a character after them, the closing quote at least.
        let digits = digits.filter(|_| self.chars.len() > backslash + 6);
        digits
            .ok_or(fault)?
            .iter()
            .try_fold(0, |number, c| Some(number * 16 + c.to_digit(16)?))
            .ok_or(fault)
    }
}
