//! The body of the inherited add endpoints: when it counts as JSON, and how it
//! becomes a model or a 422 answer.
//!
//! Source: `FastAPI` 0.115, `fastapi/routing.py`, `get_request_handler`.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, header};
use serde_json::value::RawValue;

use super::fields::{Fault, Fields, find};
use super::pyjson::{self, DecodeError, Value};
use crate::api::error::Refusal;
use crate::api::extract::read_body;

/// What a body is read as.
pub trait Model: Sized {
    /// Takes the fields, in the order of the model; faults stay in `fields`.
    fn read(fields: &mut Fields<'_>) -> Self;
}

/// A body read as a model, and its fields as they were sent.
#[derive(Debug)]
pub struct Sent<T> {
    /// The model.
    pub model: T,
    fields: Vec<(String, Value)>,
}

impl<T: Model> Sent<T> {
    fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        if body.is_empty() {
            return Err(missing_body());
        }
        if !counts_as_json(headers) {
            return Err(no_object(text_as_json(body)));
        }
        let document = pyjson::decode(body).map_err(refuse_json)?;
        match document.root.kind {
            pyjson::Kind::Object => {}
            pyjson::Kind::Null => return Err(missing_body()),
            _ => return Err(no_object(document.root.echo)),
        }
        let mut fields = Fields::new(&document.fields, &document.root.echo);
        let model = T::read(&mut fields);
        let faults = fields.into_faults();
        if faults.is_empty() {
            let fields = document.fields;
            Ok(Self { model, fields })
        } else {
            Err(Refusal::Validation(faults))
        }
    }
}

impl<T> Sent<T> {
    /// The value of a field as it was sent.
    pub fn echo(&self, name: &str) -> Option<Box<RawValue>> {
        find(&self.fields, name).map(|value| value.echo.clone())
    }
}

impl<S: Send + Sync, T: Model> FromRequest<S> for Sent<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let (head, body) = request.into_parts();
        let body = read_body(body).await?;
        Self::parse(&head.headers, &body)
    }
}

/// No content type at all, `application/json` and `application/…+json` do.
fn counts_as_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let content_type = String::from_utf8_lossy(content_type.unwrap_or_default());
    if content_type.is_empty() {
        return true;
    }
    let essence = content_type.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    essence
        .strip_prefix("application/")
        .is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"))
        && essence.matches('/').count() == 1
}

fn missing_body() -> Refusal {
    Refusal::Validation(vec![Fault::missing(&["body"], RawValue::NULL.to_owned())])
}

fn no_object(input: Box<RawValue>) -> Refusal {
    Refusal::Validation(vec![Fault::new(
        "model_attributes_type",
        "Input should be a valid dictionary or object to extract fields from",
        &["body"],
        input,
    )])
}

fn refuse_json(error: DecodeError) -> Refusal {
    match error {
        DecodeError::Invalid { message, at } => Refusal::Validation(vec![Fault::json(message, at)]),
        DecodeError::Unreadable => Refusal::UnreadableBody,
    }
}

fn text_as_json(body: &[u8]) -> Box<RawValue> {
    let text = String::from_utf8_lossy(body);
    serde_json::value::to_raw_value(&text).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_that_count_as_json() {
        let cases = [
            (None, true),
            (Some(""), true),
            (Some("application/json"), true),
            (Some("Application/JSON ; charset=utf-8"), true),
            (Some("application/vnd.api+json"), true),
            (Some("text/plain"), false),
            (Some("text/json"), false),
            (Some("application/jsonp"), false),
            (Some("application/x/json"), false),
            (Some("json"), false),
            (Some(";"), false),
        ];
        for (content_type, json) in cases {
            let mut headers = HeaderMap::new();
            if let Some(content_type) = content_type {
                headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
            }
            assert_eq!(counts_as_json(&headers), json, "{content_type:?}");
        }
    }
}
