//! A TCP proxy that hands on what comes with a delay that can be changed: a slow
//! network before Redis.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone)]
pub struct Proxy {
    pub address: String,
    delay_ms: Arc<AtomicU64>,
}

impl Proxy {
    /// One before `to` (host and port).
    pub async fn start(to: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let delay_ms: Arc<AtomicU64> = Arc::default();
        let delay = delay_ms.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(connect(near, to.clone(), delay.clone()));
            }
        });
        Self { address, delay_ms }
    }

    pub fn delay(&self, ms: u64) {
        self.delay_ms.store(ms, Ordering::Relaxed);
    }
}

async fn connect(near: TcpStream, to: String, delay: Arc<AtomicU64>) {
    let Ok(far) = TcpStream::connect(to).await else {
        return;
    };
    let (near_in, near_out) = near.into_split();
    let (far_in, far_out) = far.into_split();
    tokio::select! {
        () = hand_on(near_in, far_out, &delay) => {}
        () = hand_on(far_in, near_out, &delay) => {}
    }
}

async fn hand_on(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    delay: &AtomicU64,
) {
    let mut piece = [0; 16 * 1024];
    while let Ok(n) = from.read(&mut piece).await {
        let ms = delay.load(Ordering::Relaxed);
        if ms > 0 {
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
        if n == 0 || to.write_all(&piece[..n]).await.is_err() {
            return;
        }
    }
}
