//! The next hop of a redirect. Every one is checked as the first was.

use reqwest::header::{HOST, HeaderMap, HeaderName, LOCATION};
use reqwest::{Method, Request, Response, StatusCode, Url};

use crate::domain::target::address::target;
use crate::domain::target::headers::is_credential;

/// Where an answer sends its client; `None`: it is no redirect.
pub(super) fn location(response: &Response) -> Option<Result<Url, String>> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = response.headers().get(LOCATION)?;
    // No text quotes the address: its query may hold a token.
    let found = std::str::from_utf8(location.as_bytes())
        .ok()
        .and_then(|text| response.url().join(text).ok());
    Some(match found {
        Some(url) => target(url.as_str()).map_err(|_| {
            let scheme = url.scheme();
            format!("redirected to {scheme:?}, only http and https with a host can be called")
        }),
        None => Err("redirected to what is no URL".to_owned()),
    })
}

/// Turns `request`, which was sent, into the one that follows the redirect.
pub(super) fn follow(request: &mut Request, status: StatusCode, mut to: Url) {
    let elsewhere = to.origin() != request.url().origin();
    // An address chosen by the target brings no credentials of its own.
    let _ = to.set_username("");
    let _ = to.set_password(None);
    *request.url_mut() = to;
    if turns_to_get(request.method(), status) {
        *request.method_mut() = Method::GET;
        *request.body_mut() = None;
        remove(request.headers_mut(), |name, _| {
            name.as_str().starts_with("content-")
        });
    }
    if elsewhere {
        remove(request.headers_mut(), |name, secret| {
            secret || name == HOST || is_credential(name.as_str())
        });
    }
}

/// 303 always asks for a GET; 301 and 302 do so for a POST.
///
/// Source: the Fetch standard, HTTP-redirect fetch, step 12.
fn turns_to_get(method: &Method, status: StatusCode) -> bool {
    match status.as_u16() {
        303 => method != Method::HEAD,
        301 | 302 => method == Method::POST,
        _ => false,
    }
}

/// Removes the headers of which one value is to go.
fn remove(headers: &mut HeaderMap, goes: impl Fn(&HeaderName, bool) -> bool) {
    let names: Vec<HeaderName> = headers
        .iter()
        .filter(|(name, value)| goes(name, value.is_sensitive()))
        .map(|(name, _)| name.clone())
        .collect();
    for name in names {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_follow_the_standard() {
        for (method, status, get) in [
            (Method::POST, 301, true),
            (Method::POST, 302, true),
            (Method::POST, 303, true),
            (Method::POST, 307, false),
            (Method::POST, 308, false),
            (Method::PUT, 302, false),
            (Method::PUT, 303, true),
            (Method::HEAD, 303, false),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(turns_to_get(&method, status), get, "{method} {status}");
        }
    }

    #[test]
    fn another_origin_gets_no_credentials() {
        for (to, kept) in [
            ("http://a/2", true),
            ("http://a:80/2", true),
            ("http://a:81/2", false),
            ("https://a/2", false),
            ("http://u:p@b/2", false),
        ] {
            let mut request = Request::new(Method::GET, "http://a/1".parse().unwrap());
            let headers = request.headers_mut();
            for name in ["authorization", "cookie", "host", "x-plain"] {
                headers.insert(name, "v".parse().unwrap());
            }
            let mut secret: reqwest::header::HeaderValue = "v".parse().unwrap();
            secret.set_sensitive(true);
            headers.insert("x-secret", secret);
            follow(&mut request, StatusCode::FOUND, to.parse().unwrap());
            let left = if kept { 5 } else { 1 };
            assert_eq!(request.headers().len(), left, "{to}");
            assert!(request.headers().contains_key("x-plain"), "{to}");
            assert_eq!(request.url().username(), "");
        }
    }
}
