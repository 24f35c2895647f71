//! Values that go to the target and are never shown.
//!
//! Invariant: no text of a [`Secret`] leaves it except through
//! [`Secret::reveal`]; neither type can be serialized by serde.

use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

/// What stands in the place of a secret.
pub const MASK: &str = "***";

/// A text nobody is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes the text in.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one who sends it or stores it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// A value that may be secret. As JSON a text, `{"secret": "text"}`, or
/// `{"secret": true}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MaybeSecret {
    /// Shown to everybody.
    Plain(String),
    /// Only ever written.
    Secret(Secret),
    /// The secret that is stored already stays; see
    /// [`Request::merge_secrets`](super::Request::merge_secrets).
    Kept,
}

impl MaybeSecret {
    /// The text as it is sent; nothing for a secret that was not filled in.
    #[must_use]
    pub fn reveal(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(secret) => secret.reveal(),
            Self::Kept => "",
        }
    }

    /// The text as it may be shown.
    #[must_use]
    pub fn shown(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(_) | Self::Kept => MASK,
        }
    }

    /// Whether it must not be shown.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        !matches!(self, Self::Plain(_))
    }

    pub(super) fn to_json(&self, form: Form) -> Value {
        match (self, form) {
            (Self::Plain(text), _) => json!(text),
            (Self::Secret(secret), Form::Store) => json!({ "secret": secret.reveal() }),
            (Self::Secret(_), Form::Display) | (Self::Kept, _) => json!({ "secret": true }),
        }
    }
}

/// Whom a JSON form is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The store: whole.
    Store,
    /// Everybody: without secrets.
    Display,
}

impl<'de> Deserialize<'de> for MaybeSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Given)
    }
}

struct Given;

/// Serde's own texts would quote what was given.
const RULE: &str =
    "must be a text, {\"secret\": \"text\"}, or {\"secret\": true} to keep the one that is stored";

impl<'de> Visitor<'de> for Given {
    type Value = MaybeSecret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, {\"secret\": \"text\"} or {\"secret\": true}")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<MaybeSecret, E> {
        Ok(MaybeSecret::Plain(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<MaybeSecret, A::Error> {
        let mut found = None;
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            found = match (key.as_str(), value, found) {
                ("secret", Value::String(text), None) => {
                    Some(MaybeSecret::Secret(Secret::new(text)))
                }
                ("secret", Value::Bool(true), None) => Some(MaybeSecret::Kept),
                _ => return Err(A::Error::custom(RULE)),
            };
        }
        found.ok_or_else(|| A::Error::custom(RULE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &Value) -> Result<MaybeSecret, String> {
        serde_json::from_str(&json.to_string()).map_err(|e| e.to_string())
    }

    #[test]
    fn a_secret_is_never_shown() {
        let secret = MaybeSecret::Secret(Secret::new("hush"));
        assert_eq!(format!("{secret:?}"), "Secret(***)");
        assert_eq!(Secret::new("hush").to_string(), "***");
        assert_eq!(secret.shown(), "***");
        assert_eq!(secret.reveal(), "hush");
        assert_eq!(secret.to_json(Form::Display), json!({"secret": true}));
        assert_eq!(secret.to_json(Form::Store), json!({"secret": "hush"}));
    }

    #[test]
    fn the_three_forms_are_read() {
        assert_eq!(read(&json!("x")), Ok(MaybeSecret::Plain("x".into())));
        let secret = MaybeSecret::Secret(Secret::new("x"));
        assert_eq!(read(&json!({"secret": "x"})), Ok(secret));
        assert_eq!(read(&json!({"secret": true})), Ok(MaybeSecret::Kept));
    }

    #[test]
    fn what_is_wrong_is_told_without_the_value() {
        for json in [
            json!({"secret": 4711}),
            json!({"secret": false}),
            json!({"secret": ["4711"]}),
            json!({"sekret": "4711"}),
            json!({"secret": "4711", "more": 1}),
            json!({}),
        ] {
            let refused = read(&json).unwrap_err();
            assert!(refused.contains("must be a text"), "{json}: {refused}");
            assert!(!refused.contains("4711"), "{json}: {refused}");
        }
    }
}
