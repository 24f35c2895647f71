//! Refusals of `/api/v1` as problem documents: RFC 9457.
//!
//! The `type` of a problem never changes its meaning; docs/API.md lists them.

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::error::{MachineFault, Refusal};
use crate::api::extract::{MAX_BODY_BYTES, MAX_BODY_WAIT};
use crate::domain::target::address;
use crate::domain::target::secret::MASK;
use crate::domain::trigger::FieldFault;
use crate::service::ServiceError;

/// What every `type` begins with.
const TYPES: &str = "urn:schedule-server:problem:";
/// The longest part of a value that a fault shows, in bytes of JSON.
const MAX_SHOWN_BYTES: usize = 200;
/// The longest rule, in bytes: those that quote a value are cut.
const MAX_RULE_BYTES: usize = 1_000;

/// One thing wrong with one field.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Fault {
    /// The way to the field in the body (`request.headers[2].name`), or the name
    /// of the parameter or header.
    #[schema(example = "trigger.timezone")]
    pub field: String,
    /// The rule it breaks, and what is allowed.
    #[schema(
        example = "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin"
    )]
    pub rule: String,
    /// The value as it was given, shortened; secrets are masked. Null when
    /// there was none.
    #[schema(value_type = Value, example = "Europe/Berln")]
    pub value: Value,
}

impl Fault {
    /// A fault of a field with that value.
    pub fn new(field: impl Into<String>, rule: impl Into<String>, value: Value) -> Self {
        let (field, rule) = (field.into(), rule.into());
        let value = match is_secret(&field, &value) {
            true => Value::from(MASK),
            false => shown(value),
        };
        Self {
            field: shortened(&field).into_owned(),
            rule: cut(&rule, MAX_RULE_BYTES).into_owned(),
            value,
        }
    }

    /// A fault of the domain, with the value as it stands in the body, if there
    /// is one and the domain does not show the part that matters.
    pub fn of_domain(fault: &FieldFault, sent: &Value) -> Self {
        let mut steps = fault.field.split('.');
        // The domain leaves the password out.
        let sent = match fault.field {
            address::FIELD => &Value::Null,
            _ => sent,
        };
        let found = steps.try_fold(sent, |value, step| value.get(step));
        let found = found.filter(|value| match value {
            Value::Array(_) => false,
            Value::Object(_) => fault.field.starts_with("policies."),
            _ => true,
        });
        let value = found
            .cloned()
            .unwrap_or_else(|| match fault.value.as_str() {
                "" => Value::Null,
                text => Value::from(text),
            });
        Self::new(fault.field, &fault.message, value)
    }
}

/// A value without secrets, and not too long.
fn shown(mut value: Value) -> Value {
    mask(&mut value);
    let text = value.to_string();
    if text.len() <= MAX_SHOWN_BYTES {
        return value;
    }
    let text = match value {
        Value::String(text) => text,
        _ => text,
    };
    Value::from(shortened(&text))
}

/// A text for a message, not too long.
pub fn shortened(text: &str) -> Cow<'_, str> {
    cut(text, MAX_SHOWN_BYTES)
}

fn cut(text: &str, most_bytes: usize) -> Cow<'_, str> {
    match text.len() <= most_bytes {
        true => Cow::Borrowed(text),
        false => Cow::Owned(format!(
            "{}…",
            &text[..text.floor_char_boundary(most_bytes)]
        )),
    }
}

/// Whether what stands in a field is, or may be meant as, a secret.
fn is_secret(field: &str, value: &Value) -> bool {
    let name = field.rsplit('.').next().unwrap_or_default();
    match name {
        // Neither a text nor a right secret.
        "value" => value.is_array() || value.is_object(),
        _ => says_secret(name) && *value != Value::Bool(true),
    }
}

fn says_secret(text: &str) -> bool {
    text.to_ascii_lowercase().contains("secret")
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match is_secret(key, value) {
                    true => *value = Value::from(MASK),
                    false => mask(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        // JSON that was made a text.
        Value::String(text)
            if text.trim_start().starts_with(['{', '[', '"']) && says_secret(text) =>
        {
            *value = Value::from(MASK);
        }
        _ => {}
    }
}

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    /// The path or a header is not as it must be, or the body is no JSON: 400.
    Malformed(Fault),
    /// There is no such job: 404.
    NoSuchJob(String),
    /// There is no such run: 404.
    NoSuchRun(String),
    /// The job of the run is gone: 409.
    JobGone(String),
    /// There is nothing under this path: 404.
    NoSuchPath,
    /// The path does not know the method, but these: 405.
    MethodNotAllowed(&'static str),
    /// The body did not arrive in time: 408.
    BodyTooSlow,
    /// There is a job of that id already: 409.
    Exists(String),
    /// `If-Match` or `If-None-Match` does not hold: 412.
    PreconditionFailed,
    /// The body is too large: 413.
    BodyTooLarge,
    /// The body is of another media type: 415.
    MediaType(&'static str),
    /// The input breaks rules: 422, with every fault.
    Invalid(Vec<Fault>),
    /// So many streams of events are open already: 503.
    TooManyStreams(u32),
    /// Something this server needs is away: 503. Its words are for the log.
    Unavailable(String),
}

/// The body of every refusal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Document {
    /// Which problem; stable, for programs.
    #[serde(rename = "type")]
    #[schema(example = "urn:schedule-server:problem:invalid")]
    kind: String,
    /// The same for people.
    #[schema(example = "The input breaks rules")]
    title: &'static str,
    /// The status of the answer.
    #[schema(example = 422)]
    status: u16,
    /// What is the matter this time.
    #[schema(example = "1 fault: trigger.timezone")]
    detail: String,
    /// Every fault of the input; empty where it is none of the input.
    errors: Vec<Fault>,
}

impl Problem {
    /// The problem that a fault of the service is, for the job of this id and
    /// the body that was sent.
    pub fn of_service(error: ServiceError, job_id: &str, sent: &Value) -> Self {
        match error {
            ServiceError::Invalid(faults) => {
                let told = faults.iter().map(|fault| Fault::of_domain(fault, sent));
                Self::Invalid(told.collect())
            }
            ServiceError::NotFound => Self::NoSuchJob(job_id.to_owned()),
            ServiceError::PreconditionFailed => Self::PreconditionFailed,
            ServiceError::Exists => Self::Exists(job_id.to_owned()),
            ServiceError::Unavailable { what, detail } => {
                Self::Unavailable(format!("{what}: {detail}"))
            }
        }
    }

    /// The problem that a body could not be received.
    pub fn of_body(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::BodyTooLarge => Self::BodyTooLarge,
            Refusal::BodyTooSlow => Self::BodyTooSlow,
            _ => Self::Malformed(Fault::new("", "the body broke off", Value::Null)),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::NoSuchJob(_) | Self::NoSuchRun(_) | Self::NoSuchPath => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Exists(_) | Self::JobGone(_) => StatusCode::CONFLICT,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyStreams(_) | Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The end of the `type`, and the title.
    fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Self::Malformed(_) => ("malformed", "The request cannot be read"),
            Self::NoSuchJob(_) => ("no-such-job", "There is no such job"),
            Self::NoSuchRun(_) => ("no-such-run", "There is no such run"),
            Self::JobGone(_) => ("job-gone", "The job of this run has been removed"),
            Self::NoSuchPath => ("no-such-path", "There is nothing under this path"),
            Self::MethodNotAllowed(_) => {
                ("method-not-allowed", "The path does not know this method")
            }
            Self::BodyTooSlow => ("body-too-slow", "The body did not arrive in time"),
            Self::Exists(_) => ("exists", "There is a job of that id already"),
            Self::PreconditionFailed => ("precondition-failed", "The job is not as expected"),
            Self::BodyTooLarge => ("body-too-large", "The body is too large"),
            Self::MediaType(_) => ("media-type", "The body is of another media type"),
            Self::Invalid(_) => ("invalid", "The input breaks rules"),
            Self::TooManyStreams(_) => ("too-many-streams", "Too many streams are open"),
            Self::Unavailable(_) => ("unavailable", UNAVAILABLE),
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Malformed(fault) => fault.rule.clone(),
            Self::NoSuchJob(id) => format!("no job has the id {:?}", short(id)),
            Self::NoSuchRun(id) => format!(
                "no run has the id {}; it may be older than what is kept",
                short(id)
            ),
            Self::JobGone(id) => format!("no job has the id {:?} any more", short(id)),
            Self::NoSuchPath => "the paths of this API are listed in /openapi.json".to_owned(),
            Self::MethodNotAllowed(_) => "the header Allow names those that it does".to_owned(),
            Self::BodyTooSlow => format!("it may take {} s", MAX_BODY_WAIT.as_secs()),
            Self::Exists(id) => format!("the id {:?} is taken; choose another one", short(id)),
            Self::PreconditionFailed => "If-Match or If-None-Match does not hold: look at the job \
                 as it is now, then decide anew"
                .to_owned(),
            Self::BodyTooLarge => format!("it may have {MAX_BODY_BYTES} bytes"),
            Self::MediaType(allowed) => format!("send Content-Type: {allowed}"),
            Self::Invalid(faults) => {
                let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
                let word = if fields.len() == 1 { "fault" } else { "faults" };
                format!("{} {word}: {}", fields.len(), fields.join(", "))
            }
            Self::TooManyStreams(most) => format!("this server serves {most} at once"),
            Self::Unavailable(_) => "try again later".to_owned(),
        }
    }
}

/// The title while something this server needs is away.
pub const UNAVAILABLE: &str = "The server cannot do this at the moment";

fn short(id: &str) -> &str {
    &id[..id.floor_char_boundary(MAX_SHOWN_BYTES)]
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, (kind, title), detail) = (self.status(), self.kind(), self.detail());
        let errors = match self {
            Self::Unavailable(cause) => {
                return MachineFault::unavailable(cause).into_response();
            }
            Self::MethodNotAllowed(allow) => {
                let mut response = document(status, kind, title, detail, Vec::new());
                let allow = HeaderValue::from_static(allow);
                response.headers_mut().insert(header::ALLOW, allow);
                return response;
            }
            Self::TooManyStreams(_) => {
                let mut response = document(status, kind, title, detail, Vec::new());
                let seconds = HeaderValue::from_static("5");
                response.headers_mut().insert(header::RETRY_AFTER, seconds);
                return response;
            }
            Self::Malformed(fault) => vec![fault],
            Self::Invalid(faults) => faults,
            _ => Vec::new(),
        };
        document(status, kind, title, detail, errors)
    }
}

/// The answer to a fault of this server, whose cause only the log tells.
pub fn machine_fault(status: StatusCode, request_id: &str) -> Response {
    let (kind, title) = match status {
        StatusCode::SERVICE_UNAVAILABLE => ("unavailable", UNAVAILABLE),
        _ => ("internal", "This server failed"),
    };
    let detail = format!("the log has more under the request id {request_id}");
    document(status, kind, title, detail, Vec::new())
}

fn document(
    status: StatusCode,
    kind: &str,
    title: &'static str,
    detail: String,
    errors: Vec<Fault>,
) -> Response {
    let document = Document {
        kind: format!("{TYPES}{kind}"),
        title,
        status: status.as_u16(),
        detail,
        errors,
    };
    let body = serde_json::to_vec(&document).unwrap_or_default();
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (status, kind, body).into_response()
}
