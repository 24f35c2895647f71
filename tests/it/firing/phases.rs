//! Where the time of an attempt went. Only lower bounds are asserted: how slow
//! the machine is decides nothing.

use std::net::SocketAddr;

use axum::serve::Listener;
use schedule_server::domain::run::{Outcome, Phases};
use schedule_server::sender::{Call, HttpSender};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::sending::{attempt, reason, request, send, sender};
use crate::support::target::Target;
use crate::support::tls::TlsListener;

/// How slow a slow part is.
const SLOW_MS: u32 = 300;
const SLOW_US: u32 = SLOW_MS * 1000;

async fn sent(sender: &HttpSender, json: Value) -> Outcome {
    let attempt = attempt(request(&json));
    sender.send(Call::of(&attempt).unwrap()).await
}

fn phases(outcome: &Outcome) -> Phases {
    outcome.phases.unwrap()
}

/// Which of the four have a figure.
fn known(outcome: &Outcome) -> [bool; 4] {
    <[Option<u32>; 4]>::from(phases(outcome)).map(|phase| phase.is_some())
}

#[tokio::test]
async fn a_connection_counts_where_it_is_made() {
    let target = Target::start().await;
    let sender = sender();
    let url = json!({"url": target.at("/ok")});
    let first = sent(&sender, url.clone()).await;
    assert_eq!(known(&first), [false, true, true, true], "{first:?}");
    let second = sent(&sender, url).await;
    assert_eq!(known(&second), [false, false, true, true], "{second:?}");
}

#[tokio::test]
async fn a_name_is_looked_up_and_an_address_is_not() {
    let target = Target::start().await;
    let url = target.at("/ok").replace("127.0.0.1", "localhost");
    let outcome = send(json!({"url": url})).await;
    assert_eq!(known(&outcome), [true, true, true, true], "{outcome:?}");
}

#[tokio::test]
async fn what_is_slow_stands_in_its_phase() {
    let target = Target::start().await;
    let slow = |path: &str| json!({"url": target.at(&format!("{path}/{SLOW_MS}"))});
    let head = phases(&send(slow("/slow")).await);
    assert!(head.first_byte_us.unwrap() >= SLOW_US, "{head:?}");
    let body = phases(&send(slow("/drip")).await);
    assert!(body.read_us.unwrap() >= SLOW_US, "{body:?}");
}

#[tokio::test]
async fn a_handshake_counts_as_connecting() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", silent.local_addr().unwrap());
    let outcome = send(json!({"url": url, "timeout_ms": SLOW_MS})).await;
    assert_eq!(reason(&outcome), "timeout");
    assert_eq!(known(&outcome), [false, true, false, false], "{outcome:?}");
    assert!(phases(&outcome).connect_us.unwrap() >= SLOW_US);

    let (target, pem) = Target::start_tls().await;
    let outcome = send(json!({"url": target.at("/ok"), "tls": {"ca_pem": pem}})).await;
    assert_eq!(known(&outcome), [false, true, true, true], "{outcome:?}");
}

#[tokio::test]
async fn a_failure_keeps_what_is_known_so_far() {
    let target = Target::start().await;
    let hang = send(json!({"url": target.at("/hang"), "timeout_ms": SLOW_MS})).await;
    assert_eq!(reason(&hang), "timeout");
    assert_eq!(known(&hang), [false, true, true, false], "{hang:?}");
    let late = send(json!({"url": target.at("/drip/60000"), "timeout_ms": SLOW_MS})).await;
    assert_eq!(reason(&late), "timeout");
    assert_eq!(known(&late), [false, true, true, true], "{late:?}");

    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    let refused = send(json!({"url": url})).await;
    assert_eq!(reason(&refused), "connect");
    assert_eq!(known(&refused), [false, true, false, false], "{refused:?}");

    let nobody = send(json!({"url": "http://nobody.invalid/"})).await;
    assert_eq!(reason(&nobody), "connect");
    assert_eq!(known(&nobody), [true, false, false, false], "{nobody:?}");
}

#[tokio::test]
async fn redirects_add_up() {
    let target = Target::start().await;
    let slow = target.at(&format!("/slow/{SLOW_MS}"));
    let moved = target.at(&format!("/moved/302?{slow}"));
    let outcome = send(json!({"url": moved, "redirects": 5})).await;
    assert_eq!(outcome.status, Some(200));
    assert!(phases(&outcome).first_byte_us.unwrap() >= SLOW_US);
    assert_eq!(known(&outcome), [false, true, true, true]);
}

#[tokio::test]
async fn what_is_not_sent_has_no_phases() {
    let tls = json!({"ca_pem": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"});
    let mut refused = request(&json!({"url": "https://127.0.0.1:1/"}));
    refused.tls = serde_json::from_value(tls).unwrap();
    let outcome = sender().send(Call::of(&attempt(refused)).unwrap()).await;
    assert_eq!(reason(&outcome), "connect");
    assert_eq!(outcome.phases, None, "{outcome:?}");
}

/// Speaks TLS on its first connection; the others stay without a handshake, and
/// are told.
struct OneHandshake {
    tls: Option<TlsListener>,
    stalled: mpsc::UnboundedSender<TcpStream>,
    tcp: TcpListener,
}

impl Listener for OneHandshake {
    type Io = <TlsListener as Listener>::Io;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        if let Some(mut tls) = self.tls.take() {
            return tls.accept().await;
        }
        loop {
            let (stream, _) = Listener::accept(&mut self.tcp).await;
            self.stalled.send(stream).unwrap();
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

#[tokio::test]
async fn a_connection_that_was_not_used_does_not_count() {
    let tcp = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    tcp.set_nonblocking(true).unwrap();
    let again = TcpListener::from_std(tcp.try_clone().unwrap()).unwrap();
    let (tls, pem) = TlsListener::new(TcpListener::from_std(tcp).unwrap());
    let url = format!("https://{}", again.local_addr().unwrap());
    let (stalled, mut seen) = mpsc::unbounded_channel();
    let listener = OneHandshake {
        tls: Some(tls),
        stalled,
        tcp: again,
    };
    let target = Target::behind(listener, url);
    let sender = sender();
    let tls = json!({"ca_pem": pem});
    let held = json!({"url": target.at("/held"), "tls": tls});
    let ok = json!({"url": target.at("/ok"), "tls": tls});
    let second = async {
        target.wait_for(1).await;
        sent(&sender, ok).await
    };
    // The second request waits for a connection of its own when that of the
    // first one comes free.
    let free = async {
        let stalled = seen.recv().await.unwrap();
        target.let_go(1);
        stalled
    };
    let (first, second, _stalled) = tokio::join!(sent(&sender, held), second, free);
    assert_eq!(known(&first), [false, true, true, true], "{first:?}");
    assert_eq!(known(&second), [false, false, true, true], "{second:?}");
}
