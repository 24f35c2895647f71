//! The body of a request.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::placeholders::{self, Encoding, Values, fill};
use super::{fault, short};
use crate::domain::trigger::FieldFault;

/// The field as the API names it.
pub const FIELD: &str = "request.body";
/// The longest body, as it is sent before its placeholders are filled in.
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// What is sent. As JSON `{"json": …}`, `{"text": "…"}` or
/// `{"base64": "…"}`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    /// A JSON value; placeholders in its texts (not its keys) are filled in.
    Json(Value),
    /// A text; its placeholders are filled in.
    Text(String),
    /// Bytes, in base64 (with padding); sent as they are.
    Base64(String),
}

impl Body {
    /// The content type when the headers name none.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        match self {
            Self::Json(_) => "application/json",
            Self::Text(_) => "text/plain; charset=utf-8",
            Self::Base64(_) => "application/octet-stream",
        }
    }

    /// The bytes to send; base64 that is none (which [`Body::check`] refuses)
    /// sends nothing.
    pub(super) fn filled(&self, values: &Values<'_>) -> Cow<'_, [u8]> {
        match self {
            Self::Json(value) => Cow::Owned(filled_json(value, values).to_string().into_bytes()),
            Self::Text(text) => match fill(text, values, Encoding::Raw) {
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            },
            Self::Base64(text) => Cow::Owned(STANDARD.decode(text).unwrap_or_default()),
        }
    }

    pub(super) fn check(&self, faults: &mut Vec<FieldFault>) {
        let bytes = match self {
            Self::Json(value) => {
                let mut unknown = Vec::new();
                unknown_in(value, &mut unknown);
                faults.extend(unknown.into_iter().map(|(v, why)| fault(FIELD, v, why)));
                value.to_string().len()
            }
            Self::Text(text) => {
                let unknown = placeholders::faults(text);
                faults.extend(
                    unknown
                        .into_iter()
                        .map(|why| fault(FIELD, short(text), why)),
                );
                text.len()
            }
            Self::Base64(text) => match STANDARD.decode(text) {
                Ok(bytes) => bytes.len(),
                Err(error) => {
                    let why = format!("base64 with padding is wanted (RFC 4648): {error}");
                    faults.push(fault(FIELD, short(text), why));
                    0
                }
            },
        };
        if bytes > MAX_BODY_BYTES {
            let why = format!("a body has at most {MAX_BODY_BYTES} bytes; this one has {bytes}");
            faults.push(fault(FIELD, format!("{bytes} bytes"), why));
        }
    }

    /// The JSON that reads back as this body.
    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Json(value) => json!({ "json": value }),
            Self::Text(text) => json!({ "text": text }),
            Self::Base64(text) => json!({ "base64": text }),
        }
    }
}

fn filled_json(value: &Value, values: &Values<'_>) -> Value {
    match value {
        Value::String(text) => Value::String(fill(text, values, Encoding::Raw).into_owned()),
        Value::Array(items) => items.iter().map(|v| filled_json(v, values)).collect(),
        Value::Object(map) => {
            let fill = |(k, v): (&String, &Value)| (k.clone(), filled_json(v, values));
            Value::Object(map.iter().map(fill).collect())
        }
        other => other.clone(),
    }
}

/// The texts with an unknown placeholder, each with what is wrong.
fn unknown_in(value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => {
            let faults = placeholders::faults(text).into_iter();
            found.extend(faults.map(|why| (short(text), why)));
        }
        Value::Array(items) => items.iter().for_each(|v| unknown_in(v, found)),
        Value::Object(map) => map.values().for_each(|v| unknown_in(v, found)),
        _ => {}
    }
}
