//! apalis at its best: tasks kept in Redis and scheduled for an instant, one worker
//! with many at once, kept connections.
//!
//!     apalis-rival URL JOBS UNIX_MS REDIS_PORT
//!
//! Adds so many tasks that are due at that instant, says "ready", fires them, and stays.

use apalis::prelude::*;
use apalis_redis::{Config, RedisStorage};
use futures_util::stream;
use reqwest::Client;

const AT_ONCE: usize = 200;

#[derive(Clone)]
struct Target {
    client: Client,
    url: String,
}

async fn fire(_job: u32, target: Data<Target>) -> Result<(), BoxDynError> {
    let answer = target.client.get(&target.url).send().await?;
    answer.bytes().await?;
    Ok(())
}

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let [_, url, jobs, at_ms, port] = args.as_slice() else {
        panic!("URL JOBS UNIX_MS REDIS_PORT");
    };
    let at_s = at_ms.parse::<u64>().unwrap() / 1_000;
    let redis = format!("redis://127.0.0.1:{port}");
    let connection = apalis_redis::connect(redis).await.unwrap();
    let config = Config::default().queue("rival").batch_size(AT_ONCE);
    let mut storage = RedisStorage::new(connection).with_config(config);
    let task = |n: u32| TaskBuilder::new(n).run_at_timestamp(at_s).build();
    let tasks = stream::iter((0..jobs.parse().unwrap()).map(task));
    storage.push_all(tasks).await.unwrap();
    println!("ready");
    let target = Target {
        client: Client::new(),
        url: url.clone(),
    };
    let worker = WorkerBuilder::new("rival")
        .backend(storage)
        .data(target)
        .concurrency(AT_ONCE)
        .parallelize(tokio::spawn)
        .build(fire);
    worker.run().await.unwrap();
}
