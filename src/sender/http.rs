//! The HTTP request of an attempt: deadline, cap on the answer, no redirects,
//! connections kept and used again. The only file naming reqwest.

use std::error::Error as _;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response, Url};

use crate::domain::occurrence::Reason;
use crate::domain::run::{Attempt, Outcome};

/// The longest header value sent: common servers take 8 KiB for all.
const MAX_HEADER_BYTES: usize = 4 * 1024;

/// Carries the same value on every attempt at one occurrence.
pub const FIRE_ID: &str = "x-schedule-fire-id";
/// The job's id; percent-encoded where a header cannot carry it, left out when
/// it is longer than common servers take.
pub const JOB_ID: &str = "x-schedule-job-id";
/// The planned instant, RFC 3339 in UTC with milliseconds.
pub const FIRE_AT: &str = "x-schedule-fire-at";
/// Counts from 1.
pub const ATTEMPT: &str = "x-schedule-attempt";

/// How much of an answer is kept.
const KEPT_BYTES: usize = 4 * 1024;
/// How much of an answer is read at most, so that the connection can be used
/// again; what is longer is cut off by closing the connection.
const READ_BYTES: usize = 256 * 1024;
/// How long an idle connection is kept: less than the 5 s after which common
/// servers (uvicorn, Node) close it from their side.
const IDLE: Duration = Duration::from_secs(4);

/// What the sender keeps to.
#[derive(Debug, Clone)]
pub struct SenderSettings {
    /// From the start of the send to the end of the answer.
    pub deadline: Duration,
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// Idle connections kept for each host.
    pub idle_per_host: usize,
}

/// Why no sender could be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be set up: {0}")]
pub struct SenderError(String);

/// Sends attempts.
#[derive(Debug, Clone)]
pub struct HttpSender {
    client: Client,
    deadline: Duration,
}

impl HttpSender {
    /// A sender with its own pool of connections.
    ///
    /// # Errors
    /// When TLS cannot be set up. Without root certificates on this machine
    /// it can: then https targets fail, each with that reason.
    pub fn new(settings: &SenderSettings) -> Result<Self, SenderError> {
        install_tls();
        let client = match builder(settings).build() {
            Ok(client) => client,
            Err(error) => {
                let error = chain(error);
                tracing::warn!(error, "https targets cannot be called; http ones can");
                let plain = builder(settings).tls_certs_only([]).build();
                plain.map_err(|e| SenderError(chain(e)))?
            }
        };
        Ok(Self {
            client,
            deadline: settings.deadline,
        })
    }

    /// Sends one attempt and waits for its end, at most until the deadline.
    pub async fn send(&self, attempt: &Attempt, url: Url) -> Outcome {
        match tokio::time::timeout(self.deadline, self.exchange(attempt, url)).await {
            Ok(outcome) => outcome,
            Err(_) => Outcome::failed(
                Reason::Timeout,
                format!("no complete answer within {} ms", self.deadline.as_millis()),
            ),
        }
    }

    async fn exchange(&self, attempt: &Attempt, url: Url) -> Outcome {
        let request = self.client.get(url).headers(headers(attempt));
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return failure(error),
        };
        let status = response.status();
        let (body, broken) = read(response).await;
        let reason = match (status.is_success(), &broken) {
            (false, _) => Some(Reason::Status),
            (true, Some(_)) => Some(Reason::Broken),
            (true, None) => None,
        };
        let error = (!status.is_success()).then(|| format!("the target answered {status}"));
        Outcome {
            reason,
            status: Some(status.as_u16()),
            error: error.or(broken),
            body: Some(body),
            retry_after_ms: None,
        }
    }
}

fn builder(settings: &SenderSettings) -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("schedule-server/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        .http1_only()
        .tcp_nodelay(true)
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(settings.idle_per_host)
}

/// Chooses the TLS implementation of this process, for every reqwest client.
pub fn install_tls() {
    // Fails when one is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The address of a job, if it can be called.
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

fn headers(attempt: &Attempt) -> HeaderMap {
    let occurrence = &attempt.claim.occurrence;
    let fire_at = occurrence.fire_at.format("%Y-%m-%dT%H:%M:%S%.3fZ");
    let values = [
        (FIRE_ID, occurrence.fire_id().to_string()),
        (JOB_ID, header_text(occurrence.job_id.as_str())),
        (FIRE_AT, fire_at.to_string()),
        (ATTEMPT, attempt.claim.attempt.to_string()),
    ];
    let mut map = HeaderMap::with_capacity(values.len());
    for (name, value) in values {
        if value.len() > MAX_HEADER_BYTES {
            continue;
        }
        if let Ok(value) = HeaderValue::from_str(&value) {
            map.insert(name, value);
        }
    }
    map
}

/// `text` as a header can carry it: anything but visible ASCII, and `%`, is
/// percent-encoded.
fn header_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'!'..=b'~' if byte != b'%' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Reads an answer: its first bytes, and what broke it off.
async fn read(mut response: Response) -> (String, Option<String>) {
    let mut kept = Vec::new();
    let mut seen = 0;
    let broken = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                seen += chunk.len();
                let room = KEPT_BYTES - kept.len();
                kept.extend_from_slice(&chunk[..room.min(chunk.len())]);
                if seen > READ_BYTES {
                    break None;
                }
            }
            Ok(None) => break None,
            Err(error) => break Some(chain(error)),
        }
    };
    (String::from_utf8_lossy(&kept).into_owned(), broken)
}

fn failure(error: reqwest::Error) -> Outcome {
    let reason = if error.is_builder() {
        Reason::InvalidUrl
    } else if error.is_timeout() && !error.is_connect() {
        Reason::Timeout
    } else if error.is_connect() {
        Reason::Connect
    } else {
        Reason::Broken
    };
    Outcome::failed(reason, chain(error))
}

/// An error with its causes, outermost first. Without the URL: its query may
/// hold a token, and the text goes to the log.
fn chain(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
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
    fn any_job_id_fits_into_a_header() {
        assert_eq!(header_text("job-1_a"), "job-1_a");
        assert_eq!(header_text("a b%任\n"), "a%20b%25%E4%BB%BB%0A");
    }
}
