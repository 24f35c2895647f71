//! The dashboard: the built page, embedded in the binary. Its build has put
//! compressed copies beside the larger files; nothing is compressed here.
//!
//! Knows no API. `GET /` and any other address that no API path claims get the
//! page when a browser asks for HTML; everyone else gets a 404 in JSON.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use coding::Coding;

mod coding;

#[derive(RustEmbed)]
#[folder = "frontend/dist"]
#[allow_missing = true]
struct Dist;

const INDEX: &str = "index.html";
const NOT_BUILT: &str = include_str!("ui/not_built.html");

/// Below these paths nothing is ever a page.
const API_PATHS: [&str; 7] = [
    "scheduler",
    "api",
    "docs",
    "openapi.json",
    "healthz",
    "metrics",
    "readyz",
];

const PAGE_HEADERS: [(HeaderName, &str); 3] = [
    (
        CONTENT_SECURITY_POLICY,
        // The hash is of the one style element that is made: Reka UI's, for the
        // lists of selects. The browser tests tell when it changes.
        "default-src 'self'; \
         style-src 'self' 'sha256-60LHlRjW/B3CtzIoE/Lf1/NEDvko9efWMFaGVhHu/cs='; \
         object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
];

/// The file or page for a request, when there is one.
pub fn serve(request: &Request) -> Option<Response> {
    let path = request.uri().path().trim_start_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || API_PATHS.contains(&first) {
        return None;
    }
    if path != INDEX
        && Coding::of_file(path).is_none()
        && let Some(file) = Dist::get(path)
    {
        let file = best(path, request.headers()).unwrap_or((file, None));
        let mut response = asset(path, file, request.headers());
        let encoding = HeaderValue::from_static("accept-encoding");
        response.headers_mut().insert(VARY, encoding);
        return Some(response);
    }
    wants_page(request.headers()).then(|| index(request.uri().path(), request.headers()))
}

/// The compressed copy of a file that this client takes.
fn best(path: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<Coding>)> {
    let mut taken = coding::taken(headers);
    taken.find_map(|coding| Some((Dist::get(&coding.file(path))?, Some(coding))))
}

fn wants_page(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter();
    accepted.any(|accept| {
        let accept = accept.to_str().unwrap_or_default();
        accept.to_ascii_lowercase().contains("text/html")
    })
}

fn index(path: &str, headers: &HeaderMap) -> Response {
    let mut response = match Dist::get(INDEX) {
        Some(mut page) => {
            page.data = with_base(&page.data, path).into();
            asset(INDEX, (page, None), headers)
        }
        None => (
            [
                (CONTENT_TYPE, content_type(INDEX)),
                (CACHE_CONTROL, "no-store"),
            ],
            NOT_BUILT,
        )
            .into_response(),
    };
    for (name, value) in PAGE_HEADERS {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    let accept = HeaderValue::from_static("accept");
    response.headers_mut().insert(VARY, accept);
    response
}

/// The page names its files relative to where it is served. A relative base
/// leads back there from any address, and below any prefix of a proxy.
fn with_base(page: &[u8], path: &str) -> Vec<u8> {
    let depth = path.matches('/').count().saturating_sub(1);
    let base = if depth == 0 {
        "./".to_owned()
    } else {
        "../".repeat(depth)
    };
    let head = format!("<head>\n    <base href=\"{base}\" />");
    let page = String::from_utf8_lossy(page);
    page.replacen("<head>", &head, 1).into_bytes()
}

fn asset(
    path: &str,
    (file, coding): (EmbeddedFile, Option<Coding>),
    headers: &HeaderMap,
) -> Response {
    let etag = etag(&file);
    let caching = if path.starts_with("assets/") {
        // Their names change with their content.
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let validators = [(ETAG, etag.as_str()), (CACHE_CONTROL, caching)];
    if is_known(&etag, headers) {
        return (StatusCode::NOT_MODIFIED, validators).into_response();
    }
    let described = [
        (CONTENT_TYPE, content_type(path)),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let content = match file.data {
        Cow::Borrowed(embedded) => Bytes::from_static(embedded),
        Cow::Owned(read) => read.into(),
    };
    let mut response = (validators, described, content).into_response();
    if let Some(coding) = coding {
        let name = HeaderValue::from_static(coding.name());
        response.headers_mut().insert(CONTENT_ENCODING, name);
    }
    response
}

/// The first half of the content's SHA-256.
fn etag(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    let half = hash.first_chunk().copied().map_or(0, u128::from_be_bytes);
    format!("\"{half:032x}\"")
}

fn is_known(etag: &str, headers: &HeaderMap) -> bool {
    let mut known = headers.get_all(IF_NONE_MATCH).iter();
    known.any(|known| {
        let known = known.to_str().unwrap_or_default();
        let mut tags = known.split(',').map(str::trim);
        tags.any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn file(text: &'static str) -> EmbeddedFile {
        let mut hash = [7; 32];
        hash[0] = text.len().try_into().unwrap();
        EmbeddedFile {
            data: text.as_bytes().into(),
            metadata: rust_embed::Metadata::__rust_embed_new(hash, None, None),
        }
    }

    fn header(response: &Response, name: HeaderName) -> &str {
        response.headers()[name].to_str().unwrap()
    }

    #[test]
    fn hashed_assets_never_change_and_the_page_is_asked_for_again() {
        let none = HeaderMap::new();
        let script = asset("assets/index-1a2b.js", (file("x"), None), &none);
        assert!(header(&script, CACHE_CONTROL).ends_with("immutable"));
        assert_eq!(
            header(&script, CONTENT_TYPE),
            "text/javascript; charset=utf-8"
        );
        let page = asset(INDEX, (file("y"), None), &none);
        assert_eq!(header(&page, CACHE_CONTROL), "no-cache");

        let etag = header(&page, ETAG).to_owned();
        for known in [etag.clone(), format!("\"a\", W/{etag}"), "*".to_owned()] {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, known.parse().unwrap());
            let answer = asset(INDEX, (file("y"), None), &headers);
            assert_eq!(answer.status(), StatusCode::NOT_MODIFIED, "{known}");
            assert_eq!(header(&answer, ETAG), etag);
            let changed = asset(INDEX, (file("longer"), None), &headers);
            assert_eq!(changed.status() == StatusCode::OK, known != "*");
        }
    }

    #[test]
    fn a_compressed_copy_says_so() {
        let plain = HeaderMap::new();
        let path = "assets/index-1a2b.css";
        let copy = asset(path, (file("x"), Some(Coding::Brotli)), &plain);
        assert_eq!(header(&copy, CONTENT_ENCODING), "br");
        assert_eq!(header(&copy, CONTENT_TYPE), "text/css; charset=utf-8");
        let plain = asset(path, (file("x"), None), &plain);
        assert!(!plain.headers().contains_key(CONTENT_ENCODING));
    }

    #[test]
    fn only_browsers_get_the_page_and_never_below_the_api() {
        let served = |method: &str, path: &str, accept: &str| {
            let request = axum::http::Request::builder().method(method).uri(path);
            let request = request.header(ACCEPT, accept).body(Body::empty());
            serve(&request.unwrap()).is_some()
        };
        let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
        assert!(served("GET", "/", browser));
        assert!(served("HEAD", "/", browser));
        assert!(served("GET", "/jobs/a/b", browser));
        assert!(!served("GET", "/", "*/*"));
        assert!(!served("POST", "/", browser));
        for path in API_PATHS {
            assert!(!served("GET", &format!("/{path}"), browser));
            assert!(!served("GET", &format!("/{path}/nothing"), browser));
        }
        assert!(!served("GET", "/../Cargo.toml", "*/*"));
    }

    #[test]
    fn the_page_finds_its_files_from_any_address() {
        let cases = [
            ("/", "./"),
            ("/jobs", "./"),
            ("/jobs/", "../"),
            ("/jobs/a%2Fb", "../"),
            ("/jobs/a/edit", "../../"),
        ];
        for (path, base) in cases {
            let page = with_base(b"<html><head><title>", path);
            let expected = format!("<html><head>\n    <base href=\"{base}\" /><title>");
            assert_eq!(String::from_utf8(page).unwrap(), expected, "{path}");
        }
    }
}
