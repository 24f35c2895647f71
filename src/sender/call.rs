//! An attempt as it goes out: the job's request, filled in, with the server's
//! own headers. Secrets are marked, so that a redirect can leave them out.

use std::fmt;
use std::sync::Arc;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Url};

use super::http::{ATTEMPT, FIRE_AT, FIRE_ID, JOB_ID, TRACEPARENT, TRACESTATE};
use crate::domain::run::Attempt;
use crate::domain::target::address::{host_of, target};
use crate::domain::target::placeholders::header_text;
use crate::domain::target::request::FilledHeader;
use crate::domain::target::{self as domain, Filled, Request, Values};
use crate::telemetry::traces::TraceContext;

/// The longest job id sent as a header: common servers take 8 KiB for all.
const MAX_HEADER_BYTES: usize = 4 * 1024;

/// A request that can be sent. In a box: many wait for their instant, and each is
/// moved from hand to hand on its way.
pub struct Call(Box<Parts>);

struct Parts {
    rules: Arc<Request>,
    url: Url,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    context: TraceContext,
}

/// Shows nothing: an URL and its headers may hold secrets.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}

impl Call {
    /// The request of an attempt.
    ///
    /// # Errors
    /// In words, when it is none that can be sent: those of the inherited API
    /// are not checked before.
    pub fn of(attempt: &Attempt) -> Result<Self, String> {
        Self::traced(attempt, false)
    }

    /// The request of an attempt; `sampled`: its span is exported.
    ///
    /// # Errors
    /// As [`Call::of`].
    pub fn traced(attempt: &Attempt, sampled: bool) -> Result<Self, String> {
        let rules = &attempt.claim.request;
        let values = attempt.values();
        let Filled { url, headers, body } = rules.filled(&values);
        let url = target(&url)?;
        let mut map = HeaderMap::with_capacity(headers.len() + 6);
        for header in &headers {
            append(&mut map, header)?;
        }
        if let Some((_, Some(kind))) = &body {
            map.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        let context = TraceContext::fresh(values.fire_id, sampled);
        add_own(&mut map, &values, context);
        Ok(Self(Box::new(Parts {
            rules: rules.clone(),
            url,
            headers: map,
            body: body.map(|(bytes, _)| bytes.into_owned()),
            context,
        })))
    }

    /// The rules it goes by.
    pub(super) fn rules(&self) -> &Arc<Request> {
        &self.0.rules
    }

    /// The host it goes to, with its port.
    #[must_use]
    pub fn host(&self) -> String {
        host_of(&self.0.url)
    }

    /// A header of it, where that is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.get(name)?.to_str().ok()
    }

    /// Its place in the trace of its occurrence.
    #[must_use]
    pub fn context(&self) -> TraceContext {
        self.0.context
    }

    /// The name of its method.
    #[must_use]
    pub fn method(&self) -> &'static str {
        self.0.rules.method.as_str()
    }

    /// Where it goes, without what may be secret: query, fragment, credentials.
    #[must_use]
    pub fn shown_url(&self) -> Url {
        let mut url = self.0.url.clone();
        url.set_query(None);
        url.set_fragment(None);
        // An http URL has a host, so that both can be set.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url
    }

    pub(super) fn into_request(self, client: &Client) -> reqwest::Result<reqwest::Request> {
        let parts = *self.0;
        let request = client.request(method(parts.rules.method), parts.url);
        let request = request.headers(parts.headers);
        match parts.body {
            Some(bytes) => request.body(bytes).build(),
            None => request.build(),
        }
    }
}

fn method(method: domain::Method) -> Method {
    match method {
        domain::Method::Get => Method::GET,
        domain::Method::Post => Method::POST,
        domain::Method::Put => Method::PUT,
        domain::Method::Patch => Method::PATCH,
        domain::Method::Delete => Method::DELETE,
        domain::Method::Head => Method::HEAD,
        domain::Method::Options => Method::OPTIONS,
    }
}

fn append(map: &mut HeaderMap, header: &FilledHeader<'_>) -> Result<(), String> {
    let name = HeaderName::from_bytes(header.name.as_bytes());
    let value = HeaderValue::from_bytes(header.value.as_bytes());
    let (Ok(name), Ok(mut value)) = (name, value) else {
        return Err(format!("the job's header {:?} cannot be sent", header.name));
    };
    value.set_sensitive(header.secret);
    map.append(name, value);
    Ok(())
}

/// The server's own headers; they replace what the job says.
fn add_own(map: &mut HeaderMap, values: &Values<'_>, context: TraceContext) {
    // It goes with the `traceparent` it came with.
    map.remove(TRACESTATE);
    for (name, value) in [
        (FIRE_ID, values.fire_id.to_string()),
        (JOB_ID, header_text(values.job_id)),
        (FIRE_AT, values.fire_at_text()),
        (ATTEMPT, values.attempt.to_string()),
        (TRACEPARENT, context.to_string()),
    ] {
        if value.len() > MAX_HEADER_BYTES {
            continue;
        }
        if let Ok(value) = HeaderValue::from_str(&value) {
            map.insert(name, value);
        }
    }
}
