//! Asks a running server whether it is alive, for a container's HEALTHCHECK:
//! one bare HTTP request, so that the image needs no other program.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long the server may take.
const DEADLINE: Duration = Duration::from_secs(3);

/// Why the server does not count as alive.
#[derive(Debug, thiserror::Error)]
pub enum Unhealthy {
    /// It cannot be reached.
    #[error("no answer from {0}: {1}")]
    Unreachable(SocketAddr, io::Error),
    /// It answered something else than 200.
    #[error("{0} answered {1:?}")]
    Answered(SocketAddr, String),
}

/// Ends well when the server on `bind` answers `/healthz` with 200.
///
/// # Errors
/// When it does not, within 3 s.
pub async fn check(bind: SocketAddr) -> Result<(), Unhealthy> {
    let addr = reachable(bind);
    let asked = tokio::time::timeout(DEADLINE, ask(addr)).await;
    let line = asked
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
        .map_err(|e| Unhealthy::Unreachable(addr, e))?;
    match line.split_whitespace().nth(1) {
        Some("200") => Ok(()),
        _ => Err(Unhealthy::Answered(addr, line)),
    }
}

/// Where a server that listens on `bind` can be reached from here.
fn reachable(mut bind: SocketAddr) -> SocketAddr {
    match bind.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => bind.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => bind.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    bind
}

async fn ask(addr: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect(addr).await?;
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = [0; 64];
    let read = stream.read(&mut answer).await?;
    let text = String::from_utf8_lossy(&answer[..read]);
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
