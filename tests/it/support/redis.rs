//! A redis-server of the test's own, on a free port, that can be stopped and
//! started again.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use redis::Client;
use tempfile::TempDir;
use tokio::process::{Child, Command};

pub struct Redis {
    port: u16,
    dir: TempDir,
    child: Child,
}

impl Redis {
    pub async fn start() -> Self {
        let port = free_port();
        let dir = tempfile::tempdir().unwrap();
        let child = spawn(port, &dir);
        let redis = Self { port, dir, child };
        redis.wait_until_up().await;
        redis
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Ends the server at once, as a crash does.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Sends a signal by its name.
    pub async fn signal(&self, name: &str) {
        let pid = self.child.id().expect("it runs").to_string();
        super::replica::send_signal(name, &pid).await;
    }

    /// Starts it again, empty.
    pub async fn restart(&mut self) {
        self.child = spawn(self.port, &self.dir);
        self.wait_until_up().await;
    }

    pub async fn command<T: redis::FromRedisValue>(&self, words: &[&str]) -> T {
        let mut command = redis::cmd(words[0]);
        words[1..].iter().for_each(|word| {
            command.arg(*word);
        });
        command
            .query_async(&mut self.connect().await.unwrap())
            .await
            .unwrap()
    }

    async fn connect(&self) -> redis::RedisResult<redis::aio::MultiplexedConnection> {
        let client = Client::open(self.url())?;
        client.get_multiplexed_async_connection().await
    }

    async fn wait_until_up(&self) {
        for _ in 0..200 {
            if self.connect().await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("redis-server did not come up on port {}", self.port);
    }
}

fn spawn(port: u16, dir: &TempDir) -> Child {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
        .args(["--save", "", "--appendonly", "no", "--dir"])
        .arg(dir.path())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("redis-server is installed: `make test` does that")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
