//! Many jobs at once through the API of the real server: import, export, pause,
//! resume and delete by filter; and how long a single write waits meanwhile, which
//! is how long the writer is held at most.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use reqwest::{Client, RequestBuilder};
use serde_json::json;

use super::support::{ServerProcess, percentile};

/// Prints a table for each size.
pub async fn run(sizes: &[usize]) {
    let sizes = if sizes.is_empty() { &[100_000] } else { sizes };
    for jobs in sizes {
        bulk(*jobs).await;
    }
}

async fn bulk(jobs: usize) {
    let server = ServerProcess::start_with(&[("IMPORT_MAX_MIB", "4096")]).await;
    let client = Client::new();
    let probe = json!({"trigger": {"type": "interval", "hours": 9}, "request": {"url": "http://127.0.0.1:9/"}});
    let url = format!("{}/api/v1/jobs/probe", server.url);
    done(client.put(&url).json(&probe)).await;
    println!(
        "{jobs} jobs; {:.0} MiB resident at the start\n",
        server.rss_mib()
    );
    println!("| what | s | jobs/s | single write waits ms: p50 p99 max | MiB resident |");
    println!("|---|---|---|---|---|");
    let api = format!("{}/api/v1", server.url);
    let lines = lines(jobs);
    let size_mib = lines.len() as f64 / f64::from(1 << 20);
    let import = |query: &str| {
        let request = client.post(format!("{api}/import?{query}"));
        let request = request.header("content-type", "application/jsonl");
        request.body(lines.clone())
    };
    let act = |action: &str| {
        let body = json!({"action": action, "filter": {"tag": "many"}});
        client.post(format!("{api}/jobs:bulk")).json(&body)
    };
    let until =
        json!({"action": "pause", "filter": {"tag": "many"}, "until": "2099-01-01T00:00:00Z"});
    let steps = [
        (
            format!("import, dry run ({size_mib:.0} MiB)"),
            import("dry_run=true"),
        ),
        ("import".to_owned(), import("")),
        ("import again: unchanged".to_owned(), import("")),
        ("export".to_owned(), client.get(format!("{api}/export"))),
        ("pause".to_owned(), act("pause")),
        ("resume".to_owned(), act("resume")),
        (
            "pause until".to_owned(),
            client.post(format!("{api}/jobs:bulk")).json(&until),
        ),
        ("run".to_owned(), act("run")),
        ("delete".to_owned(), act("delete")),
    ];
    for (what, request) in steps {
        let stop = Arc::new(AtomicBool::new(false));
        let waits = tokio::spawn(probed(client.clone(), url.clone(), stop.clone()));
        let started = Instant::now();
        let bytes = done(request).await;
        let took_s = started.elapsed().as_secs_f64();
        stop.store(true, Ordering::Relaxed);
        let mut waits = waits.await.unwrap();
        waits.sort_unstable();
        let ms = |percent| percentile(&waits, percent) as f64 / 1e3;
        println!(
            "| {what} | {took_s:.1} | {:.0} | {:.1} {:.1} {:.1} | {:.0} ({} KiB answered) |",
            jobs as f64 / took_s,
            ms(50),
            ms(99),
            ms(100),
            server.rss_mib(),
            bytes >> 10
        );
    }
}

/// Sends it and reads its answer, which must be good; how long that is.
async fn done(request: RequestBuilder) -> usize {
    let mut answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{answer:?}");
    let mut bytes = 0;
    while let Some(part) = answer.chunk().await.unwrap() {
        bytes += part.len();
    }
    bytes
}

/// How long single writes take, in microseconds, until it is told to stop.
async fn probed(client: Client, url: String, stop: Arc<AtomicBool>) -> Vec<i64> {
    let mut waits = Vec::new();
    let actions = ["pause", "resume"];
    while waits.is_empty() || !stop.load(Ordering::Relaxed) {
        let action = actions[waits.len() % actions.len()];
        let started = Instant::now();
        done(client.post(format!("{url}:{action}"))).await;
        waits.push(started.elapsed().as_micros() as i64);
    }
    waits
}

fn lines(jobs: usize) -> String {
    let line = |n: usize| {
        let definition = json!({
            "tags": ["many"], "trigger": {"type": "cron", "cron": "0 9 * * 1-5", "timezone": "Asia/Shanghai"},
            "request": {"url": format!("http://127.0.0.1:9/hooks/{n}"), "method": "POST",
                "headers": [{"name": "X-Number", "value": n.to_string()}], "body": {"json": {"n": n}}}
        });
        json!({"job_id": format!("job-{n}"), "definition": definition}).to_string() + "\n"
    };
    (0..jobs).map(line).collect()
}
