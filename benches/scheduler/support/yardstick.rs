//! The physical limit here: a bare hyper client that sends as fast as it can,
//! without any scheduler; and the same with reqwest, which the server sends by.

use std::time::Instant;

use reqwest::Client;
use tokio::task::JoinSet;

use super::{Connection, TargetProcess};

/// Requests per second with so many kept connections.
pub async fn bare(target: &TargetProcess, requests: usize, connections: usize) -> f64 {
    let started = Instant::now();
    let mut clients = JoinSet::new();
    for _ in 0..connections {
        clients.spawn(client(target.addr.clone(), requests / connections));
    }
    clients.join_all().await;
    (requests / connections * connections) as f64 / started.elapsed().as_secs_f64()
}

async fn client(addr: String, requests: usize) {
    let mut connection = Connection::open(&addr).await;
    for _ in 0..requests {
        connection.get("/hook").await;
    }
}

/// Requests per second by reqwest, with so many at once.
pub async fn bare_reqwest(target: &TargetProcess, requests: usize, at_once: usize) -> f64 {
    schedule_server::sender::http::install_tls();
    let client = Client::new();
    let started = Instant::now();
    let mut clients = JoinSet::new();
    for _ in 0..at_once {
        let (client, url) = (client.clone(), target.url.clone());
        clients.spawn(async move {
            for _ in 0..requests / at_once {
                let response = client.get(&url).send().await.unwrap();
                response.bytes().await.unwrap();
            }
        });
    }
    clients.join_all().await;
    (requests / at_once * at_once) as f64 / started.elapsed().as_secs_f64()
}
