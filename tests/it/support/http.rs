//! Servers for tests of the HTTP layer, and a client that sends exactly the
//! bytes it is given, one connection per request.

use std::net::SocketAddr;
use std::sync::Arc;

use schedule_server::api::{self, ApiState};
use schedule_server::app::Server;
use schedule_server::clock::{Clock, SystemClock};
use schedule_server::config::Config;
use schedule_server::health::Health;
use schedule_server::scheduler::Wake;
use schedule_server::service::system::Identity;
use schedule_server::service::{EventParts, Events, Exposition, Jobs, Runs, Stats, System};
use schedule_server::store::Store;
use schedule_server::telemetry::metrics::{LockKind, Metrics};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A server on a free port of 127.0.0.1.
pub struct TestServer {
    pub addr: SocketAddr,
    _running: Running,
}

/// What must live as long as the server.
enum Running {
    Whole { _server: Box<Server>, _dir: TempDir },
    OnlyHttp,
}

impl TestServer {
    /// The production server, with an empty database of its own.
    pub async fn start() -> Self {
        Self::with(&[], Arc::new(SystemClock::new())).await
    }

    /// Likewise, with these flags and on this clock.
    pub async fn with(flags: &[&str], clock: Arc<dyn Clock>) -> Self {
        Self::with_file("s.db", flags, clock).await
    }

    /// Likewise, with a database of this name.
    pub async fn with_file(file: &str, flags: &[&str], clock: Arc<dyn Clock>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let database = format!("--database-url=sqlite://{}/{file}", dir.path().display());
        let own = ["--bind=127.0.0.1:0", &database];
        let config = Config::from_args(own.iter().chain(flags).copied()).unwrap();
        let server = Box::new(Server::start(&config, clock).await.unwrap());
        Self {
            addr: server.local_addr,
            _running: Running::Whole {
                _server: server,
                _dir: dir,
            },
        }
    }

    /// Only the HTTP layer, over this store and this board.
    pub async fn over(store: Arc<dyn Store>, health: Health) -> Self {
        let (wake, _) = Wake::channel();
        let clock = Arc::new(SystemClock::new());
        let metrics = Metrics::new(LockKind::Store).unwrap();
        let exposition = Exposition::new(metrics, store.clone(), health.clone(), clock.clone());
        let parts = EventParts {
            store: store.clone(),
            bell: None,
            clock: clock.clone(),
            render: api::event,
        };
        let events = Events::start(parts, 10);
        let jobs = Jobs::new(store.clone(), wake, clock.clone());
        let stats = Stats::new(store.clone(), clock.clone());
        let system = System::new(store, clock, health.clone(), Identity::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let router = api::router(ApiState {
            runs: Runs::new(jobs.clone()),
            jobs,
            import_max_bytes: 1 << 20,
            echo: true,
            events,
            stats,
            system,
            health,
            exposition,
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            addr,
            _running: Running::OnlyHttp,
        }
    }

    pub async fn get(&self, target: &str) -> Reply {
        self.send(&Request::new("GET", target)).await
    }

    pub async fn post(&self, target: &str, body: impl Into<Vec<u8>>) -> Reply {
        let request = Request::new("POST", target).header("content-type", "application/json");
        self.send(&request.body(body)).await
    }

    /// Sends one request and reads its answer to the end.
    pub async fn send(&self, request: &Request) -> Reply {
        let mut stream = TcpStream::connect(self.addr).await.unwrap();
        let head = request.head(self.addr);
        let (mut read, mut write) = stream.split();
        // A server that refuses may answer before it has read everything.
        let sending = async {
            let _ = write.write_all(head.as_bytes()).await;
            let _ = write
                .write_all(request.body.as_deref().unwrap_or_default())
                .await;
            let _ = write.flush().await;
        };
        let mut answer = Vec::new();
        let ((), received) = tokio::join!(sending, read.read_to_end(&mut answer));
        assert!(received.is_ok() || !answer.is_empty(), "{received:?}");
        Reply::parse(&answer)
    }
}

/// A request, as it goes over the wire.
#[derive(Debug, Clone)]
pub struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Request {
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    fn head(&self, host: SocketAddr) -> String {
        let mut lines = vec![
            format!("{} {} HTTP/1.1", self.method, self.target),
            format!("host: {host}"),
            "connection: close".to_owned(),
        ];
        let headers = self.headers.iter();
        lines.extend(headers.map(|(name, value)| format!("{name}: {value}")));
        if let Some(body) = &self.body {
            lines.push(format!("content-length: {}", body.len()));
        }
        lines.join("\r\n") + "\r\n\r\n"
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    /// Names in lower case, in the order received.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    fn parse(bytes: &[u8]) -> Self {
        let split = bytes.windows(4).position(|w| w == b"\r\n\r\n");
        let split = split.expect("an answer has a head");
        let head = String::from_utf8_lossy(&bytes[..split]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let headers = lines.map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_ascii_lowercase(), value.trim().to_owned())
        });
        let mut reply = Self {
            status: status.parse().unwrap(),
            headers: headers.collect(),
            body: bytes[split + 4..].to_vec(),
        };
        if reply.header("transfer-encoding") == Some("chunked") {
            reply.body = joined(&reply.body);
        }
        reply
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find_map(|(n, value)| (n == name).then_some(value.as_str()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }
}

/// The chunks of a body, one after the other.
fn joined(mut chunks: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = chunks.windows(2).position(|w| w == b"\r\n").unwrap();
        let size = str::from_utf8(&chunks[..end]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return body;
        }
        let start = end + 2;
        body.extend_from_slice(&chunks[start..start + size]);
        chunks = &chunks[start + size + 2..];
    }
}

/// A text as a value in a query.
pub fn in_query(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    bytes.concat()
}
