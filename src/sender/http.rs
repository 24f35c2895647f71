//! The HTTP request of an attempt: deadline, redirects, cap on the answer,
//! connections kept and used again.

use std::error::Error as _;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt;

use super::Sender;
use super::answer::judge;
use super::call::Call;
use super::clients::Clients;
use super::phases;
use super::redirect::{follow, location};
use crate::domain::occurrence::Reason;
use crate::domain::run::Outcome;

/// Carries the same value on every attempt at one occurrence.
pub const FIRE_ID: &str = "x-schedule-fire-id";
/// The job's id; percent-encoded where a header cannot carry it, left out when
/// it is longer than common servers take.
pub const JOB_ID: &str = "x-schedule-job-id";
/// The planned instant, RFC 3339 in UTC with milliseconds.
pub const FIRE_AT: &str = "x-schedule-fire-at";
/// Counts from 1.
pub const ATTEMPT: &str = "x-schedule-attempt";
/// The place of the attempt in the trace of its occurrence, whose id is the fire
/// id (W3C Trace Context).
pub const TRACEPARENT: &str = "traceparent";
/// Belongs to a job's own `traceparent`, and goes with it.
pub const TRACESTATE: &str = "tracestate";

/// What the sender keeps to.
#[derive(Debug, Clone)]
pub struct SenderSettings {
    /// From the start of the send to the end of the answer, for requests that
    /// name no deadline of their own.
    pub deadline: Duration,
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// Idle connections kept for each host.
    pub idle_per_host: usize,
}

/// Why no sender could be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be set up: {0}")]
pub struct SenderError(pub(super) String);

/// Sends attempts.
#[derive(Debug, Clone)]
pub struct HttpSender {
    clients: Clients,
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
        Ok(Self {
            clients: Clients::new(settings)?,
            deadline: settings.deadline,
        })
    }

    /// Sends one attempt and waits for its end, at most until the deadline.
    ///
    /// # Cancel safety
    /// Dropping the future closes the connection; the target may have received
    /// the request.
    pub async fn send(&self, call: Call) -> Outcome {
        let own = call.rules().timeout_ms.map(Duration::from_millis);
        let deadline = own.unwrap_or(self.deadline);
        // In a box of its own: each step around it would hold as much again.
        let exchange = Box::pin(self.exchange(call));
        let answered = tokio::time::timeout(deadline, exchange);
        let outcome = answered.map(|answered| {
            answered.unwrap_or_else(|_| {
                let deadline_ms = deadline.as_millis();
                let why = format!("no complete answer within {deadline_ms} ms");
                Outcome::failed(Reason::Timeout, why)
            })
        });
        phases::watched(outcome).await
    }

    /// Sends, and follows redirects as far as the job allows.
    async fn exchange(&self, call: Call) -> Outcome {
        let rules = &*call.rules().clone();
        let client = match self.clients.get(&rules.tls) {
            Ok(client) => client,
            Err(why) => return Outcome::failed(Reason::Connect, why),
        };
        let mut request = match call.into_request(&client) {
            Ok(request) => request,
            Err(error) => return failure(error),
        };
        let mut left = rules.redirects;
        loop {
            let next = (left > 0).then(|| request.try_clone()).flatten();
            phases::request();
            let response = match client.execute(request).await {
                Ok(response) => response,
                Err(error) => return failure(error),
            };
            phases::head();
            let Some(to) = location(&response).filter(|_| rules.redirects > 0) else {
                return judge(response, rules).await;
            };
            let status = response.status();
            let failed = |reason, error| Outcome {
                status: Some(status.as_u16()),
                ..Outcome::failed(reason, error)
            };
            request = match (next, to) {
                (_, Err(why)) => return failed(Reason::InvalidUrl, why),
                (None, Ok(_)) => {
                    let why = format!("more than {} redirects", rules.redirects);
                    return failed(Reason::Redirects, why);
                }
                (Some(mut next), Ok(to)) => {
                    follow(&mut next, status, to);
                    next
                }
            };
            left -= 1;
        }
    }
}

#[async_trait]
impl Sender for HttpSender {
    async fn send(&self, call: Call) -> Outcome {
        self.send(call).await
    }
}

/// Chooses the TLS implementation of this process, for every reqwest client.
pub fn install_tls() {
    // Fails when one is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
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
pub(super) fn chain(error: reqwest::Error) -> String {
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
