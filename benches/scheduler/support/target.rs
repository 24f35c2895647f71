//! The target: answers 200 to everything, as fast as a few lines of code can,
//! and keeps the instant and the fire id of each request.

use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::Utc;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

/// The argument that makes a benchmark run as its own target.
pub const TARGET_ROLE: &str = "as-target";
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

pub struct Arrival {
    /// Unix microseconds.
    pub at_us: i64,
    pub fire_id: String,
}

type Log = Arc<Mutex<Vec<(i64, String)>>>;

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
            let lines = log.iter().map(|(at, id)| format!("{at} {id}\n"));
            lines.collect()
        }
        _ => {
            let id = head.split("x-schedule-fire-id: ").nth(1);
            let id = id.and_then(|rest| rest.split("\r\n").next());
            log.push((at_us, id.unwrap_or_default().to_owned()));
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

    pub async fn clear(&self) {
        self.ask("/_clear").await;
    }

    /// Waits until so many requests have come.
    pub async fn wait_for(&self, count: usize, patience: Duration) {
        let arrived = async {
            while self.ask("/_count").await.parse::<usize>().unwrap() < count {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        let came = tokio::time::timeout(patience, arrived).await;
        assert!(came.is_ok(), "not all requests came");
    }

    pub async fn arrivals(&self) -> Vec<Arrival> {
        let text = self.ask("/_arrivals").await;
        let arrival = |line: &str| {
            let (at, id) = line.split_once(' ').unwrap();
            Arrival {
                at_us: at.parse().unwrap(),
                fire_id: id.to_owned(),
            }
        };
        text.lines().map(arrival).collect()
    }
}
