//! A target of this server's own, so that a first job can be tried without any
//! other service: it answers with what came. Keeps nothing.

use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use url::form_urlencoded;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::Problem;
use super::query;
use super::refusals::EchoProblems;
use crate::api::ApiState;
use crate::api::extract::read_body;
use crate::domain::target::headers::is_credential;

/// Of a longer body only the start is answered. Higher: answers that no ledger
/// keeps anyway.
const MAX_SHOWN_BYTES: usize = 64 * 1024;
/// The longest delay. Longer: one client could hold connections for hours.
const MAX_DELAY: Duration = Duration::from_secs(60);
/// What stands for the value of a header that may be a secret.
const MASKED: &str = "***";
/// A header whose name has one of these in it may be a secret.
const SECRET_WORDS: [&str; 6] = ["auth", "cookie", "key", "pass", "secret", "token"];

/// The routes: any method, of which two are in the document.
pub fn routes() -> OpenApiRouter<ApiState> {
    let (schemas, paths, methods) = routes!(echo, echo_body);
    OpenApiRouter::new().routes((schemas, paths, methods.fallback(answer)))
}

/// Answer with what came
///
/// A target to try jobs on: any method is answered with the request as it arrived.
/// `status` and `delay_ms` make failures and slow answers; other parameters are
/// only answered. Values of headers that may be secrets are starred out. Off with
/// `ECHO=off`: then there is nothing here.
#[utoipa::path(
    get,
    path = "/api/v1/echo",
    operation_id = "echo",
    tag = super::TAG,
    params(
        ("status" = Option<u16>, Query, description = "The status of the answer, 200 to 599.", minimum = 200, maximum = 599, example = json!(200)),
        ("delay_ms" = Option<u64>, Query, description = "How long to wait before the answer, at most 60000.", minimum = 0, maximum = 60000, example = json!(0)),
    ),
    responses(
        (status = 200, description = "What came.", body = ref("#/components/schemas/Echo"), example = json!(example("GET", ""))),
        EchoProblems,
    )
)]
async fn echo(
    state: State<ApiState>,
    query: RawQuery,
    request: Request,
) -> Result<Response, Problem> {
    answer(state, query, request).await
}

/// Answer with what came, body included
///
/// As the GET; the first 64 KiB of the body are answered as text.
#[utoipa::path(
    post,
    path = "/api/v1/echo",
    operation_id = "echo_body",
    tag = super::TAG,
    params(
        ("status" = Option<u16>, Query, description = "The status of the answer, 200 to 599.", minimum = 200, maximum = 599, example = json!(200)),
        ("delay_ms" = Option<u64>, Query, description = "How long to wait before the answer, at most 60000.", minimum = 0, maximum = 60000, example = json!(0)),
    ),
    request_body(content = String, content_type = "text/plain", description = "Anything, of any media type.", examples(
        ("text" = (summary = "A text", value = json!("hello"))),
    )),
    responses(
        (status = 200, description = "What came.", body = ref("#/components/schemas/Echo"), example = json!(example("POST", "hello"))),
        EchoProblems,
    )
)]
async fn echo_body(
    state: State<ApiState>,
    query: RawQuery,
    request: Request,
) -> Result<Response, Problem> {
    answer(state, query, request).await
}

async fn answer(
    State(state): State<ApiState>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, Problem> {
    if !state.echo {
        return Err(Problem::NoSuchPath);
    }
    let options = Options::read(query.as_deref().unwrap_or_default())?;
    let (head, body) = request.into_parts();
    let body = receive(body).await?;
    let told = json!({
        "method": head.method.as_str(),
        "path": head.uri.path(),
        "query": query.unwrap_or_default(),
        "headers": headers_json(&head.headers),
        "body": shown(&body),
        "body_bytes": body.len(),
    });
    tokio::time::sleep(options.delay).await;
    Ok((options.status, Json(told)).into_response())
}

async fn receive(body: Body) -> Result<Bytes, Problem> {
    read_body(body)
        .await
        .map_err(|refusal| Problem::of_body(&refusal))
}

/// How the answer is to be.
struct Options {
    status: StatusCode,
    delay: Duration,
}

impl Options {
    fn read(query: &str) -> Result<Self, Problem> {
        let mut options = Self {
            status: StatusCode::OK,
            delay: Duration::ZERO,
        };
        let faults = query::read(&own(query), |name, value| {
            match name {
                "status" => options.status = status(value)?,
                _ => options.delay = delay(value)?,
            }
            Ok(())
        });
        match faults.is_empty() {
            true => Ok(options),
            false => Err(Problem::Invalid(faults)),
        }
    }
}

/// Of a query the parameters that are meant for the echo; the others are the
/// caller's own.
fn own(query: &str) -> String {
    let pairs = form_urlencoded::parse(query.as_bytes());
    let pairs = pairs.filter(|(name, _)| ["status", "delay_ms"].contains(&name.as_ref()));
    let mut own = form_urlencoded::Serializer::new(String::new());
    own.extend_pairs(pairs).finish()
}

fn status(value: &str) -> Result<StatusCode, String> {
    let number = value.parse().ok().filter(|n| (200..=599).contains(n));
    let status = number.and_then(|n| StatusCode::from_u16(n).ok());
    status.ok_or_else(|| "must be a whole number from 200 to 599".to_owned())
}

fn delay(value: &str) -> Result<Duration, String> {
    let delay = value.parse().ok().map(Duration::from_millis);
    let delay = delay.filter(|delay| *delay <= MAX_DELAY);
    delay.ok_or_else(|| format!("must be a whole number from 0 to {}", MAX_DELAY.as_millis()))
}

fn headers_json(headers: &HeaderMap) -> Vec<Value> {
    let one = |(name, value): (&HeaderName, &HeaderValue)| {
        let value = match may_be_secret(name.as_str()) {
            true => MASKED.into(),
            false => String::from_utf8_lossy(value.as_bytes()),
        };
        json!({"name": name.as_str(), "value": value})
    };
    headers.iter().map(one).collect()
}

/// `name` is in lower case.
fn may_be_secret(name: &str) -> bool {
    is_credential(name) || SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// The start of a body as text; what is no UTF-8 becomes U+FFFD.
fn shown(body: &[u8]) -> String {
    let start = &body[..body.len().min(MAX_SHOWN_BYTES)];
    String::from_utf8_lossy(start).into_owned()
}

fn example(method: &str, body: &str) -> Value {
    json!({
        "method": method,
        "path": "/api/v1/echo",
        "query": "status=200&delay_ms=0",
        "headers": [
            {"name": "host", "value": "127.0.0.1:8000"},
            {"name": "authorization", "value": MASKED},
        ],
        "body": body,
        "body_bytes": body.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_smell_of_secrets_are_masked() {
        for name in [
            "authorization",
            "cookie",
            "x-api-key",
            "x-auth",
            "x-gitlab-token",
            "password",
        ] {
            assert!(may_be_secret(name), "{name}");
        }
        for name in [
            "host",
            "accept",
            "content-type",
            "user-agent",
            "traceparent",
        ] {
            assert!(!may_be_secret(name), "{name}");
        }
    }

    #[test]
    fn only_the_start_of_a_long_body_is_shown() {
        assert_eq!(shown(b"a\xff"), "a\u{fffd}");
        assert_eq!(shown(&[b'x'; MAX_SHOWN_BYTES + 1]).len(), MAX_SHOWN_BYTES);
    }
}
