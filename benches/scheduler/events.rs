//! Live events while runs fire: what a client that reads gets and when, beside one
//! that does not read at all, and what both cost in memory.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;

use super::support::{ServerProcess, TargetProcess, percentile};

const LENGTH: Duration = Duration::from_secs(20);
const TICK: Duration = Duration::from_millis(10);

/// Prints a row for each rate of runs a second.
pub async fn run(rates: &[usize]) {
    let rates = if rates.is_empty() { &[200] } else { rates };
    println!(
        "| runs/s asked | runs ended | of these told | events | delay p50 ms | p99 ms | max ms | RSS before MiB | after MiB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for rate in rates {
        follow(*rate).await;
    }
}

async fn follow(rate: usize) {
    let target = TargetProcess::start().await;
    let server = ServerProcess::start().await;
    let client = Client::new();
    let job = format!("{}/api/v1/jobs/job", server.url);
    let definition = json!({
        "trigger": {"type": "date", "at": "2099-01-01T00:00:00Z"},
        "request": {"url": target.url}, "policies": {"overlap": {"allow": 100}}
    });
    client.put(&job).json(&definition).send().await.unwrap();
    let stalled = stalled(&server.url).await;
    let stream = format!("{}/api/v1/events?types=run", server.url);
    let stream = client.get(stream).send().await.unwrap();
    let before = server.rss_mib();
    let reading = tokio::spawn(read(stream));
    let runs = ask(&client, &format!("{job}:run"), rate).await;
    target.wait_for(runs, Duration::from_secs(60)).await;
    let last = client.delete(&job).send().await.unwrap();
    assert!(last.status().is_success());
    tokio::time::sleep(Duration::from_secs(3)).await;
    let after = server.rss_mib();
    drop(server);
    let (mut delays, states) = reading.await.unwrap();
    delays.sort_unstable();
    let told = states
        .values()
        .filter(|state| *state == "succeeded")
        .count();
    println!(
        "| {rate} | {runs} | {told} | {} | {} | {} | {} | {before:.1} | {after:.1} |",
        delays.len(),
        percentile(&delays, 50),
        percentile(&delays, 99),
        delays[delays.len() - 1],
    );
    drop(stalled);
}

/// Runs the job so often a second; how often in all.
async fn ask(client: &Client, url: &str, rate: usize) -> usize {
    let started = Instant::now();
    let mut asked = Vec::new();
    let mut ticks = tokio::time::interval(TICK);
    while started.elapsed() < LENGTH {
        ticks.tick().await;
        let due = started.elapsed().as_secs_f64() * rate as f64;
        while asked.len() < due as usize {
            let request = client.post(url).json(&json!({}));
            asked.push(tokio::spawn(request.send()));
        }
    }
    let count = asked.len();
    for answer in asked {
        assert!(answer.await.unwrap().unwrap().status().is_success());
    }
    count
}

/// A client that sends its request and reads nothing.
async fn stalled(url: &str) -> tokio::net::TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let address = url.trim_start_matches("http://").parse().unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    let request = b"GET /api/v1/events HTTP/1.1\r\nhost: x\r\n\r\n";
    stream.write_all(request).await.unwrap();
    stream.read_exact(&mut [0; 8]).await.unwrap();
    stream
}

/// Reads to the end: how many milliseconds after its commit each event came, and
/// the last state of each run.
async fn read(mut stream: Response) -> (Vec<i64>, HashMap<i64, String>) {
    let (mut delays, mut states) = (Vec::new(), HashMap::new());
    let mut buffer = String::new();
    while let Ok(Some(piece)) = stream.chunk().await {
        let now = Utc::now();
        buffer.push_str(&String::from_utf8_lossy(&piece));
        while let Some(end) = buffer.find("\n\n") {
            let block: String = buffer.drain(..end + 2).collect();
            let data = block.lines().find_map(|line| line.strip_prefix("data: "));
            let data: Value = serde_json::from_str(data.unwrap_or("null")).unwrap();
            let Some(run) = data["run"]["run_id"].as_i64() else {
                continue;
            };
            let at: DateTime<Utc> = data["at"].as_str().unwrap().parse().unwrap();
            delays.push((now - at).num_milliseconds());
            let state = data["run"]["state"].as_str().unwrap();
            states.insert(run, state.to_owned());
        }
    }
    (delays, states)
}
