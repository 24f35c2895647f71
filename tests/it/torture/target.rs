//! A target that dedupes nothing and writes down each request before it answers;
//! it can be down, hang, cut connections or answer too late. HTTP/1.1 by hand, so
//! that it costs little and does exactly what is asked.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::support::wall_clock::now_ms;

/// The deadline of every job of these tests.
pub const DEADLINE: Duration = Duration::from_secs(1);
const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const BUSY: &[u8] = b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n";

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Arrival {
    pub at_ms: i64,
    pub job_id: String,
    pub fire_id: String,
    pub fire_at: i64,
    pub attempt: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// Nobody listens.
    Down,
    /// Requests are taken and never answered.
    Hangs,
    /// Requests are taken, then the connection is reset.
    Resets,
    /// Answers come after the sender's deadline.
    Late,
}

struct Shared {
    arrivals: Mutex<Vec<Arrival>>,
    count: watch::Sender<usize>,
    mood: watch::Sender<Mood>,
}

#[derive(Clone)]
pub struct Target {
    pub url: String,
    shared: Arc<Shared>,
}

impl Target {
    pub async fn start(address: Ipv4Addr) -> Self {
        let listener = TcpListener::bind((address, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            arrivals: Mutex::default(),
            count: watch::Sender::new(0),
            mood: watch::Sender::new(Mood::Well),
        });
        tokio::spawn(listen(listener, shared.clone()));
        Self { url, shared }
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub fn set(&self, mood: Mood) {
        self.shared.mood.send_replace(mood);
    }

    pub fn arrivals(&self) -> Vec<Arrival> {
        self.shared.arrivals.lock().unwrap().clone()
    }

    /// Those since the last call, which are kept no longer.
    pub fn take_arrivals(&self) -> Vec<Arrival> {
        std::mem::take(&mut *self.shared.arrivals.lock().unwrap())
    }

    /// Ends when a request for this job has come.
    pub async fn wait_for_job(&self, job_id: &str) {
        let mut count = self.shared.count.subscribe();
        let came = |_: &usize| {
            let arrivals = self.shared.arrivals.lock().unwrap();
            arrivals.iter().rev().any(|a| a.job_id == job_id)
        };
        count.wait_for(came).await.unwrap();
    }
}

async fn listen(mut listener: TcpListener, shared: Arc<Shared>) {
    let address = listener.local_addr().unwrap();
    let mut mood = shared.mood.subscribe();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                tokio::spawn(serve(stream, shared.clone()));
            }
            () = until(&mut mood, true) => {
                drop(listener);
                until(&mut mood, false).await;
                listener = TcpListener::bind(address).await.unwrap();
            }
        }
    }
}

/// Ends when the target is down, or not down.
async fn until(mood: &mut watch::Receiver<Mood>, down: bool) {
    // The sender lives as long as the target.
    let _ = mood.wait_for(|mood| (*mood == Mood::Down) == down).await;
}

/// One connection. Ends with it, or when the target goes down.
async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    let mut mood = shared.mood.subscribe();
    let mut taken = Vec::new();
    loop {
        let read = tokio::select! {
            read = stream.read_buf(&mut taken) => read,
            () = until(&mut mood, true) => return,
        };
        if !read.is_ok_and(|n| n > 0) {
            return;
        }
        while let Some(end) = taken.windows(4).position(|w| w == b"\r\n\r\n") {
            let rest = taken.split_off(end + 4);
            let head = std::mem::replace(&mut taken, rest);
            if !answer(&mut stream, &String::from_utf8_lossy(&head), &shared).await {
                return;
            }
        }
    }
}

/// Writes a request down and answers it; whether the connection goes on.
async fn answer(stream: &mut TcpStream, head: &str, shared: &Shared) -> bool {
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value).to_owned()
    };
    let fire_at = chrono::DateTime::parse_from_rfc3339(&header("x-schedule-fire-at"));
    let arrival = Arrival {
        at_ms: now_ms(),
        job_id: header("x-schedule-job-id"),
        fire_id: header("x-schedule-fire-id"),
        fire_at: fire_at.unwrap().timestamp_millis(),
        attempt: header("x-schedule-attempt").parse().unwrap(),
    };
    let flaky = head.starts_with("GET /flaky") && arrival.attempt % 2 == 1;
    let slow = head.starts_with("GET /slow");
    shared.arrivals.lock().unwrap().push(arrival);
    shared.count.send_modify(|n| *n += 1);
    let mood = *shared.mood.borrow();
    match mood {
        Mood::Well | Mood::Down => {}
        Mood::Hangs => {
            let mut changed = shared.mood.subscribe();
            let _ = changed.wait_for(|mood| *mood != Mood::Hangs).await;
            return false;
        }
        Mood::Resets => {
            let _ = stream.set_zero_linger();
            return false;
        }
        Mood::Late => tokio::time::sleep(DEADLINE + Duration::from_millis(300)).await,
    }
    if slow {
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    let text = if flaky { BUSY } else { OK };
    stream.write_all(text).await.is_ok()
}
