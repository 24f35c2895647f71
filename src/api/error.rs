//! What a refused request is answered with: the one table from faults to
//! status and body.
//!
//! Client faults get the exact text. Machine faults get a neutral text and the
//! request id; their cause goes to the log, once, in [`tell_machine_faults`].

use std::any::Any;

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::value::RawValue;
use tower_http::request_id::RequestId;
use utoipa::ToSchema;

use super::compat::answers::Envelope;
use super::compat::fields::Fault;
use super::extract::{MAX_BODY_BYTES, MAX_BODY_WAIT};
use super::v1;
use crate::domain::trigger::FieldFault;
use crate::service::ServiceError;

/// Why a request is refused.
#[derive(Debug)]
pub enum Refusal {
    /// The input breaks a rule: 422, with every fault.
    Validation(Vec<Fault>),
    /// The body is no text, nested too deeply, or broke off: 400.
    UnreadableBody,
    /// The body has more than [`MAX_BODY_BYTES`]: 413.
    BodyTooLarge,
    /// The body did not arrive within [`MAX_BODY_WAIT`]: 408.
    BodyTooSlow,
    /// An interval job without any part: the inherited envelope.
    NoInterval,
    /// No job of that id: the inherited envelope.
    UnknownId(Operation),
    /// Something this server needs is away: 503.
    Unavailable {
        /// Which part.
        what: &'static str,
        /// What it said, for the log.
        detail: String,
    },
}

/// What was asked of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Add or replace it.
    Add,
    /// Remove it.
    Remove,
    /// Pause it.
    Pause,
    /// Resume it.
    Resume,
    /// Show it, or show several.
    Show,
}

/// The body of every refusal that is neither an envelope nor a list of faults.
#[derive(Debug, Serialize, ToSchema)]
pub struct Detail {
    /// What is the matter.
    #[schema(example = "Not Found")]
    pub detail: String,
}

impl Refusal {
    /// The refusal for a fault of the service. `echo` gives the value of a
    /// field as it was sent.
    pub fn of_service(
        error: ServiceError,
        operation: Operation,
        echo: impl Fn(&str) -> Option<Box<RawValue>>,
    ) -> Self {
        match error {
            ServiceError::Invalid(faults) => {
                let faults = faults.into_iter().map(|fault| {
                    let input = echo(fault.field);
                    value_error(&fault, input)
                });
                Self::Validation(faults.collect())
            }
            ServiceError::NotFound => Self::UnknownId(operation),
            ServiceError::Unavailable { what, detail } => Self::Unavailable { what, detail },
            // Nothing is expected here, so nothing can be other than expected.
            error @ (ServiceError::PreconditionFailed | ServiceError::Exists) => {
                Self::Unavailable {
                    what: "jobs",
                    detail: error.to_string(),
                }
            }
        }
    }
}

impl Operation {
    /// Status, code and message when there is no job of the id. Only the 404
    /// is our own: the Python service crashed there.
    fn unknown_id(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Remove => (StatusCode::OK, "10010", "删除Job ID不存在"),
            Self::Pause => (StatusCode::OK, "10011", "暂停Job ID不存在"),
            Self::Resume => (StatusCode::OK, "10012", "恢复Job ID不存在"),
            Self::Show | Self::Add => (StatusCode::NOT_FOUND, "10013", "查询Job ID不存在"),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Validation(faults) => validation(faults),
            Self::UnreadableBody => detail(
                StatusCode::BAD_REQUEST,
                "There was an error parsing the body",
            ),
            Self::BodyTooLarge => detail(
                StatusCode::PAYLOAD_TOO_LARGE,
                &format!("The body has more than the {MAX_BODY_BYTES} bytes allowed"),
            ),
            Self::BodyTooSlow => detail(
                StatusCode::REQUEST_TIMEOUT,
                &format!(
                    "The body did not arrive within {} s",
                    MAX_BODY_WAIT.as_secs()
                ),
            ),
            Self::NoInterval => Envelope::refusal("30001", "Please set the interval."),
            Self::UnknownId(operation) => {
                let (status, code, message) = operation.unknown_id();
                (status, Envelope::refusal(code, message)).into_response()
            }
            Self::Unavailable { what, detail } => {
                MachineFault::unavailable(format!("{what}: {detail}")).into_response()
            }
        }
    }
}

/// The body of a 422 answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HTTPValidationError)]
pub struct Faults {
    /// Every fault, in the order of the fields.
    pub detail: Vec<Fault>,
}

fn validation(faults: Vec<Fault>) -> Response {
    let body = Json(Faults { detail: faults });
    (StatusCode::UNPROCESSABLE_ENTITY, body).into_response()
}

/// A fault of the domain, on the value as it was sent or, failing that, read.
fn value_error(fault: &FieldFault, sent: Option<Box<RawValue>>) -> Fault {
    let read = || serde_json::value::to_raw_value(&fault.value).ok();
    let input = sent.or_else(read);
    let input = input.unwrap_or_else(|| RawValue::NULL.to_owned());
    Fault::new("value_error", &fault.message, &["body", fault.field], input)
}

/// `{"detail": text}` with that status.
pub fn detail(status: StatusCode, text: &str) -> Response {
    let body = Detail {
        detail: text.to_owned(),
    };
    (status, Json(body)).into_response()
}

/// The answer on a path that is none.
pub fn not_found() -> Response {
    detail(StatusCode::NOT_FOUND, "Not Found")
}

/// The answer to a method that a path does not know. Says which it does when
/// `allow` is given.
pub fn method_not_allowed(allow: Option<&'static str>) -> Response {
    let mut response = detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    if let Some(allow) = allow {
        let allow = HeaderValue::from_static(allow);
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

/// A fault of this server; travels with the response until the request id is
/// known.
#[derive(Debug, Clone)]
pub struct MachineFault {
    status: StatusCode,
    text: &'static str,
    cause: String,
}

impl MachineFault {
    /// Something this server needs is away.
    pub fn unavailable(cause: String) -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            text: "The service cannot do this at the moment, try again later",
            cause,
        }
    }
}

impl IntoResponse for MachineFault {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The answer to a request whose handler panicked.
pub fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => panic
            .downcast::<&str>()
            .map_or_else(|_| "no message".to_owned(), |text| (*text).to_owned()),
    };
    MachineFault {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        text: "Internal Server Error",
        cause: format!("a handler panicked: {text}"),
    }
    .into_response()
}

/// Logs machine faults and writes their answers, with the request id.
pub async fn tell_machine_faults(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    let is_v1 = v1::is_under(request.uri().path());
    let mut response = next.run(request).await;
    let Some(fault) = response.extensions_mut().remove::<MachineFault>() else {
        return response;
    };
    let id = id.as_ref().and_then(|id| id.header_value().to_str().ok());
    let id = id.unwrap_or("unknown");
    tracing::error!(
        request.id = id,
        status = fault.status.as_u16(),
        cause = fault.cause,
        "a request could not be served"
    );
    let mut response = match is_v1 {
        true => v1::problem::machine_fault(fault.status, id),
        false => detail(fault.status, &format!("{} (request id {id})", fault.text)),
    };
    if fault.status == StatusCode::SERVICE_UNAVAILABLE {
        let seconds = HeaderValue::from_static("1");
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every fault of the service meets every operation.
    #[test]
    fn each_fault_has_its_status() {
        let fault = FieldFault {
            field: "day",
            value: "30".to_owned(),
            message: "no such day".to_owned(),
        };
        let status = |error: &ServiceError, operation| {
            Refusal::of_service(error.clone(), operation, |_| None)
                .into_response()
                .status()
                .as_u16()
        };
        let invalid = ServiceError::Invalid(vec![fault]);
        let away = ServiceError::Unavailable {
            what: "store",
            detail: "disk full".to_owned(),
        };
        for (operation, unknown_id) in [
            (Operation::Add, 404),
            (Operation::Remove, 200),
            (Operation::Pause, 200),
            (Operation::Resume, 200),
            (Operation::Show, 404),
        ] {
            assert_eq!(status(&invalid, operation), 422);
            assert_eq!(status(&away, operation), 503);
            assert_eq!(status(&ServiceError::NotFound, operation), unknown_id);
        }
    }
}
