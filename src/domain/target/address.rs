//! The URL of a request: its scheme and host are fixed, its path and query
//! may hold placeholders.

use std::borrow::Cow;

use url::Url;

use super::placeholders::{self, Encoding, Values, fill};
use super::request::QueryParam;
use super::{fault, short};
use crate::domain::trigger::FieldFault;

/// The field as the API names it.
pub const FIELD: &str = "request.url";
/// The longest URL.
pub const MAX_URL_BYTES: usize = 16 * 1024;

/// The address a URL names, if it can be called.
///
/// # Errors
/// With what is wrong, in words.
pub fn target(url: &str) -> Result<Url, String> {
    let parsed = Url::parse(url).map_err(|e| format!("the job's URL is none: {e}"))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        let scheme = parsed.scheme();
        return Err(format!("only http and https can be called, not {scheme:?}"));
    }
    if !parsed.has_host() {
        return Err("the job's URL names no host".to_owned());
    }
    Ok(parsed)
}

/// The host a URL names, with its port: what the limit per host counts by.
#[must_use]
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    format!("{host}:{port}")
}

/// Whether two URLs go to the same scheme, host and port.
pub(super) fn is_same_origin(one: &str, other: &str) -> bool {
    match (target(one), target(other)) {
        (Ok(one), Ok(other)) => one.origin() == other.origin(),
        _ => false,
    }
}

/// The text of the URL with its placeholders filled in and the query
/// parameters added; borrowed when there is neither.
pub(super) fn filled<'t>(url: &'t str, query: &[QueryParam], values: &Values<'_>) -> Cow<'t, str> {
    let (fixed, rest) = url.split_at(path_start(url));
    let mut text = match fill(rest, values, Encoding::Url) {
        Cow::Borrowed(_) => Cow::Borrowed(url),
        Cow::Owned(rest) => Cow::Owned(format!("{fixed}{rest}")),
    };
    if !query.is_empty() {
        add_query(text.to_mut(), query, values);
    }
    text
}

fn add_query(url: &mut String, query: &[QueryParam], values: &Values<'_>) {
    // A fragment is never sent.
    url.truncate(url.find('#').unwrap_or(url.len()));
    for param in query {
        let glue = match url.find('?') {
            None => "?",
            Some(at) if at + 1 == url.len() || url.ends_with('&') => "",
            Some(_) => "&",
        };
        url.push_str(glue);
        placeholders::push_url(url, &param.name);
        url.push('=');
        let value = fill(param.value.reveal(), values, Encoding::Raw);
        placeholders::push_url(url, &value);
    }
}

/// Where the path, the query or the fragment starts: nothing before that is
/// filled in. Reads a URL as loosely as those who parse it: any number of
/// slashes of either kind before the host, tabs and line breaks left out.
fn path_start(url: &str) -> usize {
    let Some(colon) = url.find(':') else {
        return url.len();
    };
    let after = &url[colon + 1..];
    let host = after.trim_start_matches(['/', '\\', '\t', '\n', '\r']);
    if host.len() == after.len() {
        return url.len();
    }
    let start = url.len() - host.len();
    host.find(['/', '\\', '?', '#'])
        .map_or(url.len(), |n| start + n)
}

pub(super) fn check(url: &str, faults: &mut Vec<FieldFault>) {
    let mut wrong = |why: String| faults.push(fault(FIELD, short(&shown(url)), why));
    if url.len() > MAX_URL_BYTES {
        wrong(format!(
            "a URL has at most {MAX_URL_BYTES} bytes; this one has {}",
            url.len()
        ));
    }
    if url.contains(char::is_control) {
        wrong("a URL has no control characters".to_owned());
    }
    let (fixed, rest) = url.split_at(path_start(url));
    placeholders::faults(rest).into_iter().for_each(&mut wrong);
    if placeholders::any(fixed) {
        wrong(
            "placeholders may stand in the path and the query, not in the scheme or the host"
                .into(),
        );
    } else if let Err(why) = target(url) {
        wrong(why);
    }
}

/// Without its password, also where it is no URL.
fn shown(url: &str) -> String {
    let start = url.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = url.split_at(start);
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let who = rest[..end].rfind('@').map(|at| &rest[..at]);
    match who.and_then(|who| who.split_once(':').map(|(user, _)| (user, who.len()))) {
        Some((user, len)) => format!("{scheme}{user}:***{}", &rest[len..]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_with_a_host_can_be_called() {
        assert!(target("http://127.0.0.1:9/hook?x=1").is_ok());
        assert!(target("https://example.org").is_ok());
        assert!(target("http://目标.example/路径?q=é").is_ok());
        for (url, word) in [
            ("", "URL is none"),
            ("not a url", "URL is none"),
            ("ftp://h/x", "only http"),
            ("file:///etc/passwd", "only http"),
            ("http://", "URL is none"),
        ] {
            let refused = target(url).unwrap_err();
            assert!(refused.contains(word), "{url}: {refused}");
        }
    }

    #[test]
    fn hosts_are_told_apart_by_port() {
        let host = |url| host_of(&target(url).unwrap());
        assert_eq!(host("http://a/x"), host("http://a:80/y?z"));
        assert_ne!(host("http://a/x"), host("http://a:81/x"));
        assert_ne!(host("http://a/x"), host("https://a/x"));
    }

    #[test]
    fn the_host_is_never_filled_in() {
        for (url, fixed) in [
            ("http://h/a", "http://h"),
            ("http://h?a", "http://h"),
            ("http://h#a", "http://h"),
            ("http://h\\a", "http://h"),
            ("http://h", "http://h"),
            ("http:///h/a", "http:///h"),
            ("http:\\\\h/a", "http:\\\\h"),
            ("http:/\t/h/a", "http:/\t/h"),
            ("http:h/a", "http:h/a"),
            ("no url", "no url"),
        ] {
            assert_eq!(&url[..path_start(url)], fixed, "{url}");
        }
    }
}
