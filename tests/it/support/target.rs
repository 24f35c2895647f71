//! A real HTTP endpoint that keeps what it received. It dedupes nothing.
//!
//! The path says how it answers: `/ok…` 200, `/status/N` that status,
//! `/flaky/N` 503 to the first N requests for a job and then 200, `/hang`
//! never, `/busy/S` 503 to the first request for a job, with a `Retry-After` of
//! S seconds, `/endless` a body without end, `/close` a connection cut within the
//! answer, `/slow/MS` after that time, `/drip/MS`
//! at once with its body after that time, `/echo` the body it got, `/chain/N` N
//! redirects to itself, `/moved/STATUS?URL` a redirect there, `/held` 200 as soon
//! as the test lets one go.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use futures_util::stream;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use super::tls::TlsListener;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(120);

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct Arrival {
    pub at: DateTime<Utc>,
    pub method: String,
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Arrival {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn fire_id(&self) -> &str {
        self.header("x-schedule-fire-id")
    }

    pub fn job_id(&self) -> &str {
        self.header("x-schedule-job-id")
    }

    pub fn fire_at(&self) -> DateTime<Utc> {
        self.header("x-schedule-fire-at").parse().unwrap()
    }
}

#[derive(Clone)]
struct Log {
    arrivals: Arc<Mutex<Vec<Arrival>>>,
    count: Arc<watch::Sender<usize>>,
    /// Fire ids of requests whose sender closed the connection before the
    /// answer.
    gone: Arc<watch::Sender<Vec<String>>>,
    /// Held requests that may be answered.
    let_go: Arc<Semaphore>,
    under_way: Arc<AtomicUsize>,
    most_at_once: Arc<AtomicUsize>,
}

/// A request without its answer yet.
struct Open {
    fire_id: String,
    answered: bool,
    log: Log,
}

impl Open {
    fn new(fire_id: &str, log: &Log) -> Self {
        let now = log.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        log.most_at_once.fetch_max(now, Ordering::SeqCst);
        Self {
            fire_id: fire_id.to_owned(),
            answered: false,
            log: log.clone(),
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.log.under_way.fetch_sub(1, Ordering::SeqCst);
        if !self.answered {
            let fire_id = std::mem::take(&mut self.fire_id);
            self.log.gone.send_modify(|gone| gone.push(fire_id));
        }
    }
}

pub struct Target {
    pub url: String,
    log: Log,
}

impl Target {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (log, app) = receiver();
        tokio::spawn(axum::serve(listener, app).into_future());
        Self { url, log }
    }

    /// One that speaks TLS, and its certificate as PEM.
    pub async fn start_tls() -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let (listener, pem) = TlsListener::new(listener);
        (Self::behind(listener, url), pem)
    }

    /// One behind a listener of the test's own.
    pub fn behind<L>(listener: L, url: String) -> Self
    where
        L: axum::serve::Listener,
        L::Addr: std::fmt::Debug,
    {
        let (log, app) = receiver();
        tokio::spawn(axum::serve(listener, app).into_future());
        Self { url, log }
    }

    /// An address here, by its path.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub fn arrivals(&self) -> Vec<Arrival> {
        self.log.arrivals.lock().unwrap().clone()
    }

    /// Waits until so many requests have come; fails the test when they do
    /// not.
    pub async fn wait_for(&self, count: usize) {
        let mut seen = self.log.count.subscribe();
        let came = tokio::time::timeout(PATIENCE, seen.wait_for(|n| *n >= count)).await;
        assert!(
            came.is_ok(),
            "{} of {count} requests came within {PATIENCE:?}",
            *self.log.count.borrow()
        );
    }

    /// Answers so many held requests.
    pub fn let_go(&self, count: usize) {
        self.log.let_go.add_permits(count);
    }

    /// Waits until the sender of this request has closed its connection
    /// without an answer.
    pub async fn wait_for_gone(&self, fire_id: &str) {
        let mut seen = self.log.gone.subscribe();
        let gone = seen.wait_for(|gone| gone.iter().any(|id| id == fire_id));
        let gone = tokio::time::timeout(PATIENCE, gone).await;
        assert!(gone.is_ok(), "{fire_id} is still open after {PATIENCE:?}");
    }

    /// The most requests that were without an answer at once.
    pub fn most_at_once(&self) -> usize {
        self.log.most_at_once.load(Ordering::SeqCst)
    }

    /// How often each fire id came.
    pub fn by_fire_id(&self) -> HashMap<String, usize> {
        let mut seen = HashMap::new();
        for arrival in self.log.arrivals.lock().unwrap().iter() {
            *seen.entry(arrival.fire_id().to_owned()).or_default() += 1;
        }
        seen
    }
}

fn receiver() -> (Log, Router) {
    let log = Log {
        arrivals: Arc::default(),
        count: Arc::new(watch::Sender::new(0)),
        gone: Arc::default(),
        let_go: Arc::new(Semaphore::new(0)),
        under_way: Arc::default(),
        most_at_once: Arc::default(),
    };
    let app = Router::new().fallback(receive).with_state(log.clone());
    (log, app)
}

async fn receive(State(log): State<Log>, request: Request) -> Response {
    let at = Utc::now();
    let text = |v: &axum::http::HeaderValue| String::from_utf8_lossy(v.as_bytes()).into_owned();
    let (parts, body) = request.into_parts();
    let headers = parts.headers.iter();
    let headers = headers.map(|(k, v)| (k.to_string(), text(v))).collect();
    let body = to_bytes(body, 1024 * 1024).await.unwrap();
    let arrival = Arrival {
        at,
        method: parts.method.to_string(),
        path: parts.uri.to_string(),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let mut open = Open::new(arrival.fire_id(), &log);
    let before = {
        let mut arrivals = log.arrivals.lock().unwrap();
        let job = arrival.job_id().to_owned();
        let before = arrivals.iter().filter(|a| a.job_id() == job).count();
        arrivals.push(arrival);
        before
    };
    log.count.send_modify(|n| *n += 1);
    if parts.uri.path() == "/held" {
        log.let_go.acquire().await.unwrap().forget();
    }
    let answer = answer(&parts.uri, body, before).await;
    open.answered = true;
    answer
}

async fn answer(uri: &Uri, body: Bytes, before: usize) -> Response {
    let moved = |status: u16, to: String| {
        let status = StatusCode::from_u16(status).unwrap();
        (status, [(LOCATION, to)], "moved").into_response()
    };
    let mut parts = uri.path().trim_start_matches('/').split('/');
    let (kind, rest) = (parts.next().unwrap_or_default(), parts.next());
    let number = rest.and_then(|n| n.parse::<u16>().ok()).unwrap_or_default();
    match kind {
        "status" => (StatusCode::from_u16(number).unwrap(), "as asked").into_response(),
        "flaky" if before < number.into() => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        "busy" if before == 0 => {
            let after = [(RETRY_AFTER, number.to_string())];
            (StatusCode::SERVICE_UNAVAILABLE, after).into_response()
        }
        "echo" => body.into_response(),
        "moved" => moved(number, uri.query().unwrap_or_default().to_owned()),
        "chain" if number > 0 => moved(302, format!("/chain/{}", number - 1)),
        "hang" => std::future::pending().await,
        "slow" => {
            tokio::time::sleep(Duration::from_millis(number.into())).await;
            "slow".into_response()
        }
        "drip" => {
            let pause = tokio::time::sleep(Duration::from_millis(number.into()));
            let piece = async move {
                pause.await;
                Ok::<_, std::io::Error>(Bytes::from_static(b"drop"))
            };
            Body::from_stream(stream::once(piece)).into_response()
        }
        "endless" => {
            let piece = Bytes::from(vec![b'x'; 1024]);
            let pieces = stream::repeat_with(move || Ok::<_, std::io::Error>(piece.clone()));
            Body::from_stream(pieces).into_response()
        }
        "close" => {
            let pieces = [
                Ok(Bytes::from_static(b"half of it")),
                Err(std::io::Error::other("cut")),
            ];
            Body::from_stream(stream::iter(pieces)).into_response()
        }
        _ => "ok".into_response(),
    }
}
