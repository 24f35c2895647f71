//! Extractors whose refusals name the field, and the one way to read a body.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use futures_util::StreamExt;
use serde_json::value::RawValue;

use super::compat::fields::Fault;
use super::error::Refusal;

/// The longest body accepted, in bytes. Higher: one client can take more
/// memory; lower: large ids and addresses are refused.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// How long a body may take to arrive.
pub const MAX_BODY_WAIT: Duration = Duration::from_secs(30);

/// So many bytes of a body too large are read and thrown away, because most
/// clients read no answer before they have sent everything.
const MAX_DISCARDED_BYTES: usize = 16 * 1024 * 1024;

/// The whole body.
///
/// # Errors
/// When it is larger than [`MAX_BODY_BYTES`], breaks off or is late.
pub async fn read_body(body: Body) -> Result<Bytes, Refusal> {
    let read = tokio::time::timeout(MAX_BODY_WAIT, collect(body)).await;
    read.unwrap_or(Err(Refusal::BodyTooSlow))
}

async fn collect(body: Body) -> Result<Bytes, Refusal> {
    let mut chunks = body.into_data_stream();
    let (mut read, mut seen_bytes) = (Vec::new(), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Refusal::UnreadableBody)?;
        seen_bytes += chunk.len();
        if seen_bytes <= MAX_BODY_BYTES {
            read.extend_from_slice(&chunk);
        } else if seen_bytes > MAX_DISCARDED_BYTES {
            break;
        }
    }
    if seen_bytes > MAX_BODY_BYTES {
        return Err(Refusal::BodyTooLarge);
    }
    Ok(read.into())
}

/// The query parameter `job_id`, required. Empty is a value, of a repeated one
/// the last counts, what is not UTF-8 becomes U+FFFD.
pub struct JobIdParam(pub String);

/// The same, empty when left out.
pub struct JobIdFilter(pub String);

impl<S: Send + Sync> FromRequestParts<S> for JobIdParam {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        last_job_id(parts).map(Self).ok_or_else(|| {
            let input = RawValue::NULL.to_owned();
            Refusal::Validation(vec![Fault::missing(&["query", "job_id"], input)])
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for JobIdFilter {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        Ok(Self(last_job_id(parts).unwrap_or_default()))
    }
}

fn last_job_id(parts: &Parts) -> Option<String> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).ok()?;
    let mut pairs = pairs.into_iter().rev();
    pairs.find_map(|(name, value)| (name == "job_id").then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_read_as_starlette_reads_them() {
        let cases = [
            ("", None),
            ("?jobid=x", None),
            ("?Job_id=x", None),
            ("?job_id=", Some("")),
            ("?job_id", Some("")),
            ("?job_id=a&job_id=b", Some("b")),
            ("?job_id=a&job_id", Some("")),
            ("?job_id=a+b%2Bc", Some("a b+c")),
            ("?job_id=a=b", Some("a=b")),
            ("?job%5Fid=a", Some("a")),
            ("?job_id=a%zz", Some("a%zz")),
            ("?job_id=a%", Some("a%")),
            ("?job_id=%ff", Some("\u{fffd}")),
            ("?job_id=a;job_id=b", Some("a;job_id=b")),
            ("?&&job_id=a&", Some("a")),
            ("?job_id=%E4%BB%BB", Some("任")),
        ];
        for (query, job_id) in cases {
            let request = axum::http::Request::get(format!("/x{query}"));
            let (parts, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(last_job_id(&parts).as_deref(), job_id, "{query}");
        }
    }
}
