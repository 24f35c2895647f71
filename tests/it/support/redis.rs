//! A redis-server of the test's own, on a free port, that can be stopped and
//! started again.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::Stdio;
use std::time::Duration;

use redis::Client;
use tempfile::TempDir;
use tokio::process::{Child, Command};

pub struct Redis {
    address: SocketAddr,
    dir: TempDir,
    child: Child,
}

impl Redis {
    pub async fn start() -> Self {
        let address = free_port(super::address::own());
        let dir = tempfile::tempdir().unwrap();
        let child = spawn(address, &dir);
        let redis = Self {
            address,
            dir,
            child,
        };
        redis.wait_until_up().await;
        redis
    }

    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
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
        self.child = spawn(self.address, &self.dir);
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
        panic!("redis-server did not come up on {}", self.address);
    }
}

fn spawn(address: SocketAddr, dir: &TempDir) -> Child {
    Command::new("redis-server")
        .args(["--port", &address.port().to_string()])
        .args([
            "--bind",
            &address.ip().to_string(),
            "--protected-mode",
            "no",
        ])
        .args(["--save", "", "--appendonly", "no", "--dir"])
        .arg(dir.path())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("redis-server is installed: `make test` does that")
}

fn free_port(address: Ipv4Addr) -> SocketAddr {
    let listener = TcpListener::bind((address, 0)).unwrap();
    listener.local_addr().unwrap()
}
