//! The target: answers 200 to everything, as fast as a few lines of code can,
//! and keeps the instant and the fire id of each request.

use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

/// The argument that makes a benchmark run as its own target.
pub const TARGET_ROLE: &str = "as-target";
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// The path of a request that is never answered.
pub const HANG: &str = "/hang";

pub struct Arrival {
    /// Unix microseconds.
    pub at_us: i64,
    pub fire_id: String,
    /// Its fire time as it says, in unix microseconds; 0 when it says none.
    pub fire_at_us: i64,
}

impl Arrival {
    /// How long after its fire time it came, in microseconds.
    pub fn late_us(&self) -> i64 {
        self.at_us - self.fire_at_us
    }
}

type Log = Arc<Mutex<Vec<(i64, String, String)>>>;

/// Serves as the target, for ever.
pub async fn run_target() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    let log = Log::default();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        tokio::spawn(serve(stream, log.clone()));
    }
}

async fn serve(mut stream: TcpStream, log: Log) {
    stream.set_nodelay(true).unwrap();
    let mut buffer = Vec::with_capacity(4096);
    loop {
        match stream.read_buf(&mut buffer).await {
            Ok(n) if n > 0 => {}
            _ => return,
        }
        while let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
            let head: Vec<u8> = buffer.drain(..end + 4).collect();
            let head = String::from_utf8_lossy(&head);
            if head.split_whitespace().nth(1) == Some(HANG) {
                return std::future::pending().await;
            }
            let answer = answer(&head, &log);
            if stream.write_all(&answer).await.is_err() {
                return;
            }
        }
    }
}

fn answer(head: &str, log: &Log) -> Vec<u8> {
    let at_us = Utc::now().timestamp_micros();
    let mut log = log.lock().unwrap();
    let body = match head.split_whitespace().nth(1) {
        Some("/_count") => log.len().to_string(),
        Some("/_clear") => {
            log.clear();
            String::new()
        }
        Some("/_arrivals") => {
            let line = |(at, id, fire_at): &_| format!("{at} {id} {fire_at}\n");
            log.iter().map(line).collect()
        }
        _ => {
            let value = |name: &str| {
                let rest = head.split(name).nth(1)?;
                rest.split("\r\n").next().map(str::to_owned)
            };
            let id = value("x-schedule-fire-id: ").unwrap_or_default();
            let fire_at = value("x-schedule-fire-at: ").unwrap_or_default();
            log.push((at_us, id, fire_at));
            return ANSWER.to_vec();
        }
    };
    format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

pub struct TargetProcess {
    pub url: String,
    pub addr: String,
    _child: Child,
}

impl TargetProcess {
    pub async fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg(TARGET_ROLE)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let addr = lines.next_line().await.unwrap().unwrap();
        Self {
            url: format!("http://{addr}/hook"),
            addr,
            _child: child,
        }
    }

    async fn ask(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.addr).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        let mut line = String::new();
        while reader.read_line(&mut line).await.unwrap() > 2 {
            if let Some(n) = line.strip_prefix("content-length: ") {
                length = n.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).await.unwrap();
        String::from_utf8(body).unwrap()
    }

    /// Of another path.
    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    pub async fn clear(&self) {
        self.ask("/_clear").await;
    }

    /// Waits until so many requests have come.
    pub async fn wait_for(&self, count: usize, patience: Duration) {
        assert!(self.came(count, patience).await, "not all requests came");
    }

    /// Whether so many requests come in time.
    pub async fn came(&self, count: usize, patience: Duration) -> bool {
        let arrived = async {
            while self.ask("/_count").await.parse::<usize>().unwrap() < count {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        tokio::time::timeout(patience, arrived).await.is_ok()
    }

    pub async fn arrivals(&self) -> Vec<Arrival> {
        let text = self.ask("/_arrivals").await;
        let arrival = |line: &str| {
            let mut parts = line.split(' ');
            let mut part = || parts.next().unwrap_or_default();
            let (at, id, fire_at) = (part(), part(), part());
            let fire_at = DateTime::parse_from_rfc3339(fire_at);
            Arrival {
                at_us: at.parse().unwrap(),
                fire_id: id.to_owned(),
                fire_at_us: fire_at.map_or(0, |at| at.timestamp_micros()),
            }
        };
        text.lines().map(arrival).collect()
    }
}
