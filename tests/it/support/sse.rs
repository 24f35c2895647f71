//! A client of `/api/v1/events`, which reads as a browser does.

use std::time::Duration;

use reqwest::Response;
use serde_json::Value;

/// Longer than anything that is waited for takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub id: String,
    pub name: String,
    pub data: Value,
}

impl Event {
    /// Its place among all.
    pub fn place(&self) -> (i64, u32) {
        place(&self.id)
    }

    /// A job event as `job id: change`, a run event as `job id: state`.
    pub fn words(&self) -> String {
        let id = self.data["job_id"].as_str().unwrap_or_default();
        let change = &self.data["change"];
        let what = change.as_str().or(self.data["run"]["state"].as_str());
        format!("{id}: {}", what.unwrap_or_default())
    }
}

/// The place that an id names.
pub fn place(id: &str) -> (i64, u32) {
    let (seq, index) = id.split_once('.').unwrap();
    (seq.parse().unwrap(), index.parse().unwrap())
}

pub struct Sse {
    response: Response,
    buffer: String,
    /// Up to where there is no end of an event.
    looked_at: usize,
    /// As a browser keeps it: also ids without an event.
    pub last_id: String,
}

impl Sse {
    /// Opens a stream and reads its `hello`; `query` comes after the path.
    pub async fn open(base: &str, query: &str, after: Option<&str>) -> Self {
        let mut stream = Self::send(base, query, after).await.unwrap();
        let hello = stream.next().await.unwrap();
        assert_eq!(hello.name, "hello");
        assert_eq!(hello.data["resumed"], after.is_some());
        stream
    }

    /// Opens a stream; the status and the body of a refusal.
    pub async fn send(base: &str, query: &str, after: Option<&str>) -> Result<Self, (u16, Value)> {
        let mut request = super::client().get(format!("{base}/api/v1/events{query}"));
        if let Some(after) = after {
            request = request.header("Last-Event-ID", after);
        }
        let response = request.send().await.unwrap();
        if response.status() != 200 {
            let status = response.status().as_u16();
            return Err((status, response.json().await.unwrap()));
        }
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Ok(Self {
            response,
            buffer: String::new(),
            looked_at: 0,
            last_id: String::new(),
        })
    }

    /// The next event; `None`: the stream has ended.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            while let Some(end) = self.buffer[self.looked_at..].find("\n\n") {
                let block: String = self.buffer.drain(..self.looked_at + end + 2).collect();
                self.looked_at = 0;
                if let Some(event) = self.read(&block) {
                    return Some(event);
                }
            }
            self.looked_at = self.buffer.len().saturating_sub(1);
            let came = tokio::time::timeout(PATIENCE, self.response.chunk()).await;
            let piece = came.expect("an event comes").ok()??;
            self.buffer.push_str(std::str::from_utf8(&piece).unwrap());
        }
    }

    fn read(&mut self, block: &str) -> Option<Event> {
        let field = |name: &str| {
            let lines = block.lines();
            let mut found = lines.filter_map(|line| line.strip_prefix(name));
            found.next().map(str::to_owned)
        };
        self.last_id = field("id: ").unwrap_or_else(|| self.last_id.clone());
        Some(Event {
            id: self.last_id.clone(),
            name: field("event: ")?,
            data: serde_json::from_str(&field("data: ")?).unwrap(),
        })
    }

    /// Reads until an event is as asked; all that came, this one last.
    pub async fn until(&mut self, asked: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            let event = self.next().await.expect("the stream goes on");
            let enough = asked(&event);
            events.push(event);
            if enough {
                return events;
            }
        }
    }

    /// Reads to the end of the stream.
    pub async fn rest(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            events.push(event);
        }
        events
    }
}
