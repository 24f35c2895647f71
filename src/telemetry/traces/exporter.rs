//! The way of spans to the collector: a bounded queue, and one task that sends
//! them in batches.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, StatusCode, Url};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::otlp;
use super::span::Span;
use crate::telemetry::metrics::{Metrics, SpanFate};

/// How many spans wait at most; some kilobytes each.
const QUEUE: usize = 8192;
/// How many go into one request.
const BATCH: usize = 512;
/// How long a span waits for others.
const LINGER: Duration = Duration::from_secs(1);
/// How long the collector may take to answer.
const DEADLINE: Duration = Duration::from_secs(5);
/// How often a batch is sent at most, and how long to wait in between.
const TRIES: u32 = 3;
const BACKOFF: Duration = Duration::from_secs(1);
/// How long the end of the server waits for the last spans.
const LAST_WAIT: Duration = Duration::from_secs(3);

/// Where spans go.
#[derive(Debug, Clone)]
pub struct TraceSettings {
    /// The collector's base URL, to which `/v1/traces` is added.
    pub endpoint: String,
    /// Sent along, such as a token.
    pub headers: Vec<(String, String)>,
    /// The name of this process.
    pub replica: String,
}

/// Why no spans can be exported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TraceError {
    /// The URL.
    #[error("OTLP_ENDPOINT: not an http or https URL: {0}")]
    Endpoint(String),
    /// A header; its value is not told.
    #[error("OTLP_HEADERS: {0:?} cannot be sent as a header")]
    Header(String),
    /// The HTTP client.
    #[error("OTLP_ENDPOINT: the HTTP client cannot be set up: {0}")]
    Client(String),
}

/// Takes spans. Off, it costs a look at an `Option`.
#[derive(Debug, Clone, Default)]
pub struct Tracer {
    on: Option<Arc<Exporter>>,
}

#[derive(Debug)]
struct Exporter {
    queue: mpsc::Sender<Span>,
    metrics: Metrics,
    stop: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Tracer {
    /// One that exports nothing.
    #[must_use]
    pub fn off() -> Self {
        Self::default()
    }

    /// One that exports, by a task of its own. Does not wait for the collector.
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub fn start(settings: TraceSettings, metrics: Metrics) -> Result<Self, TraceError> {
        let sink = Sink {
            client: client()?,
            url: address(&settings.endpoint)?,
            headers: headers(&settings.headers)?,
            replica: settings.replica,
            metrics: metrics.clone(),
            reached: true,
        };
        let (queue, spans) = mpsc::channel(QUEUE);
        let stop = CancellationToken::new();
        let task = tokio::spawn(run(sink, spans, stop.clone()));
        let exporter = Exporter {
            queue,
            metrics,
            stop,
            task: Mutex::new(Some(task)),
        };
        Ok(Self {
            on: Some(Arc::new(exporter)),
        })
    }

    /// Whether spans are exported.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.on.is_some()
    }

    /// Takes the span that `make` makes, if spans are exported and there is room.
    pub fn push(&self, make: impl FnOnce() -> Span) {
        let Some(exporter) = &self.on else {
            return;
        };
        match exporter.queue.try_reserve() {
            Ok(place) => place.send(make()),
            Err(_) => exporter.metrics.spans(SpanFate::Dropped, 1),
        }
    }

    /// Sends what waits, but not for long; later spans are dropped.
    pub async fn finish(&self) {
        let Some(exporter) = &self.on else {
            return;
        };
        exporter.stop.cancel();
        let task = exporter
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(mut task) = task else {
            return;
        };
        if tokio::time::timeout(LAST_WAIT, &mut task).await.is_err() {
            task.abort();
            tracing::warn!("the last spans could not be exported in time");
        }
    }
}

/// The way to the collector.
struct Sink {
    client: Client,
    url: Url,
    headers: HeaderMap,
    replica: String,
    metrics: Metrics,
    /// Whether the last batch was taken.
    reached: bool,
}

async fn run(mut sink: Sink, mut spans: mpsc::Receiver<Span>, stop: CancellationToken) {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let last = tokio::select! {
            () = stop.cancelled() => true,
            came = spans.recv_many(&mut batch, BATCH) => came == 0,
        };
        if last {
            break;
        }
        gather(&mut spans, &mut batch, &stop).await;
        sink.send(&batch, &stop).await;
        batch.clear();
    }
    spans.close();
    while spans.recv_many(&mut batch, BATCH).await > 0 {
        sink.send(&batch, &stop).await;
        batch.clear();
    }
}

/// Waits a moment for more.
async fn gather(spans: &mut mpsc::Receiver<Span>, batch: &mut Vec<Span>, stop: &CancellationToken) {
    let linger = tokio::time::sleep(LINGER);
    tokio::pin!(linger);
    while batch.len() < BATCH {
        let room = BATCH - batch.len();
        tokio::select! {
            () = stop.cancelled() => return,
            () = &mut linger => return,
            came = spans.recv_many(batch, room) => if came == 0 { return },
        }
    }
}

/// Why a batch was not taken.
struct Refused {
    why: String,
    /// Whether it may be taken later.
    later: bool,
}

impl Sink {
    /// Sends a batch, again where that may help; then it is given up.
    async fn send(&mut self, batch: &[Span], stop: &CancellationToken) {
        let body = otlp::body(&self.replica, batch).to_string();
        let mut tries = 1;
        let sent = loop {
            let sent = self.post(body.clone()).await;
            let again = matches!(&sent, Err(refused) if refused.later);
            if !again || tries == TRIES || stop.is_cancelled() {
                break sent;
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(BACKOFF * tries) => {}
            }
            tries += 1;
        };
        let fate = match &sent {
            Ok(()) => SpanFate::Exported,
            Err(_) => SpanFate::Failed,
        };
        self.metrics.spans(fate, batch.len());
        self.tell(sent.map_err(|refused| refused.why));
    }

    async fn post(&self, body: String) -> Result<(), Refused> {
        let request = self.client.post(self.url.clone());
        let request = request.headers(self.headers.clone()).body(body);
        let answer = request.send().await.map_err(|error| Refused {
            // Without the URL, which may hold a token.
            why: error.without_url().to_string(),
            later: true,
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        Err(Refused {
            why: format!("the collector answered {status}"),
            later: is_passing(status),
        })
    }

    /// One line per change of state.
    fn tell(&mut self, sent: Result<(), String>) {
        let reached = sent.is_ok();
        if reached == self.reached {
            return;
        }
        self.reached = reached;
        match sent {
            Ok(()) => tracing::info!("spans are exported again"),
            Err(error) => tracing::warn!(error, "spans cannot be exported; they are dropped"),
        }
    }
}

/// Source: the OTLP specification, retryable response codes.
fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502 | 503 | 504)
}

fn client() -> Result<Client, TraceError> {
    let builder = || {
        Client::builder()
            .user_agent(concat!("schedule-server/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .http1_only()
            .timeout(DEADLINE)
    };
    // Without root certificates on this machine http still works.
    let client = builder()
        .build()
        .or_else(|_| builder().tls_certs_only([]).build());
    client.map_err(|error| TraceError::Client(error.to_string()))
}

fn address(endpoint: &str) -> Result<Url, TraceError> {
    let endpoint = endpoint.trim_end_matches('/');
    let url: Url = format!("{endpoint}/v1/traces")
        .parse()
        .map_err(|error| TraceError::Endpoint(format!("{error}")))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        scheme => Err(TraceError::Endpoint(format!("{scheme:?}"))),
    }
}

fn headers(given: &[(String, String)]) -> Result<HeaderMap, TraceError> {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let unfit = || TraceError::Header(name.clone());
        let key: HeaderName = name.parse().map_err(|_| unfit())?;
        let mut value: HeaderValue = value.parse().map_err(|_| unfit())?;
        value.set_sensitive(true);
        headers.append(key, value);
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(headers)
}
