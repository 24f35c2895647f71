//! JSON as a source for serde, read to the letter: an object is no list, a
//! choice has one key, and what is refused is told without quoting texts, which
//! may be secrets in the wrong place.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{self, Deserializer, Expected, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use super::problem::shortened;

/// What is wrong with a value, in words.
#[derive(Debug)]
pub struct Wrong(String);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self(text.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match found {
            Unexpected::Bool(_) => "true or false",
            Unexpected::Unsigned(_) | Unexpected::Signed(_) => "a whole number",
            Unexpected::Float(_) => "a number with a fraction",
            Unexpected::Str(_) => "a text",
            Unexpected::Unit => "null",
            Unexpected::Seq => "a list",
            Unexpected::Map => "an object",
            _ => "something else",
        };
        Self(format!("{found} stands here; expected {expected}"))
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        let field = shortened(field);
        Self(format!(
            "unknown field {field:?}; known: {}",
            known.join(", ")
        ))
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        let word = shortened(word);
        Self(format!(
            "unknown word {word:?}; known: {}",
            known.join(", ")
        ))
    }
}

/// A value to be read.
#[derive(Clone, Copy)]
pub struct Strict<'de>(pub &'de Value);

type Entries<'de> = MapDeserializer<'de, Pairs<'de>, Wrong>;
type Pairs<'de> = Box<dyn Iterator<Item = (&'de str, Strict<'de>)> + 'de>;

fn entries(map: &Map<String, Value>) -> Entries<'_> {
    let pairs = map.iter().map(|(key, value)| (key.as_str(), Strict(value)));
    MapDeserializer::new(Box::new(pairs))
}

impl<'de> Strict<'de> {
    fn object<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Object(map) => visitor.visit_map(entries(map)),
            other => Err(de::Error::invalid_type(kind(other), &"an object")),
        }
    }
}

/// What a value is; nothing of its own.
fn kind(value: &Value) -> Unexpected<'static> {
    match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(b) => Unexpected::Bool(*b),
        Value::Number(n) if n.is_f64() => Unexpected::Float(0.0),
        Value::Number(_) => Unexpected::Unsigned(0),
        Value::String(_) => Unexpected::Str(""),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    }
}

impl<'de> IntoDeserializer<'de, Wrong> for Strict<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Strict<'de> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(b) => visitor.visit_bool(*b),
            Value::Number(n) => match (n.as_u64(), n.as_i64(), n.as_f64()) {
                (Some(n), ..) => visitor.visit_u64(n),
                (_, Some(n), _) => visitor.visit_i64(n),
                (.., n) => visitor.visit_f64(n.unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => {
                let mut items = SeqDeserializer::new(items.iter().map(Strict));
                let read = visitor.visit_seq(&mut items)?;
                items.end().map(|()| read)
            }
            Value::Object(_) => self.object(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.object(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.object(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::String(word) => visitor.visit_enum(word.as_str().into_deserializer()),
            Value::Object(map) if map.len() == 1 => {
                visitor.visit_enum(MapAccessDeserializer::new(entries(map)))
            }
            Value::Object(_) => Err(Wrong(format!("give exactly one of {}", known.join(", ")))),
            other => {
                let expected = format!("one of {}", known.join(", "));
                Err(de::Error::invalid_type(kind(other), &expected.as_str()))
            }
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes
        byte_buf unit unit_struct seq tuple tuple_struct identifier
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Inner {
        count: u8,
        choice: Option<Choice>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case", deny_unknown_fields)]
    enum Choice {
        Word,
        Number(u8),
        Parts { part: u8 },
    }

    fn read(value: &Value) -> Result<Inner, String> {
        Inner::deserialize(Strict(value)).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_meant_is_read() {
        let with = |choice| Inner {
            count: 1,
            choice: Some(choice),
        };
        for (choice, meant) in [
            (json!("word"), Choice::Word),
            (json!({"number": 2}), Choice::Number(2)),
            (json!({"parts": {"part": 3}}), Choice::Parts { part: 3 }),
        ] {
            assert_eq!(
                read(&json!({"count": 1, "choice": choice})),
                Ok(with(meant))
            );
        }
        assert_eq!(read(&json!({"choice": null})), Ok(Inner::default()));
    }

    #[test]
    fn what_only_looks_alike_is_refused_without_its_text() {
        for value in [
            json!([]),
            json!([1]),
            json!("hush"),
            json!({"count": "hush"}),
            json!({"count": -1}),
            json!({"count": 1.5}),
            json!({"choice": {}}),
            json!({"choice": {"number": 1, "word": null}}),
            json!({"choice": {"parts": [1]}}),
            json!({"choice": {"parts": "hush"}}),
            json!({"choice": ["word"]}),
            json!({"choice": 1}),
        ] {
            let refused = read(&value).unwrap_err();
            assert!(!refused.contains("hush"), "{value}: {refused}");
        }
    }
}
