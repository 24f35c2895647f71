//! Loopback addresses, one for each who asks: a port that one has left is not taken by
//! another whose clients would not notice.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU32, Ordering};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// An address of the loopback network that nobody else has in this process, nor most
/// likely in another one.
pub fn own() -> Ipv4Addr {
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    let part = |n: u32, room: u32| u8::try_from(n % room).expect("it is below 256");
    let process = 64 + part(std::process::id(), 128);
    Ipv4Addr::new(127, process, part(n / 250, 256), 1 + part(n, 250))
}
