//! Cross-origin access, as wide and in the same words as the Python service:
//! any origin, method and header, credentials too.
//!
//! A layer of our own, because tower-http's refuses `*` together with
//! credentials. Source: Starlette 0.41, `middleware/cors.py`.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::v1;

/// What pages of other origins may read of the answers of `/api/v1`.
const EXPOSED: &str = "ETag, Location, X-Request-Id";
/// In the order the Python service names them.
const METHODS: &str = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";
const MAX_AGE_S: &str = "600";

/// Answers preflights, and marks every answer to a request with `Origin`,
/// refusals too.
pub async fn cors(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let Some(origin) = headers.get(header::ORIGIN).cloned() else {
        return next.run(request).await;
    };
    if let Some(method) = headers.get(header::ACCESS_CONTROL_REQUEST_METHOD)
        && request.method() == Method::OPTIONS
    {
        return preflight(origin, method, headers);
    }
    let with_cookie = headers.contains_key(header::COOKIE);
    let is_v1 = v1::is_under(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if is_v1 {
        set(headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
    set(headers, header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    if with_cookie {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    } else {
        set(headers, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    }
    response
}

fn preflight(origin: HeaderValue, method: &HeaderValue, asked: &HeaderMap) -> Response {
    let known = METHODS.split(", ").any(|name| method == name);
    let mut response = if known {
        "OK".into_response()
    } else {
        (StatusCode::BAD_REQUEST, "Disallowed CORS method").into_response()
    };
    let headers = response.headers_mut();
    set(headers, header::VARY, "Origin");
    set(headers, header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    set(headers, header::ACCESS_CONTROL_MAX_AGE, MAX_AGE_S);
    set(headers, header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if let Some(names) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
