//! Secrets reach the target, and nobody else.

use std::io;
use std::sync::{Arc, Mutex};

use schedule_server::sender::{Call, Sender};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

use super::sending::{attempt, request, sender};
use crate::support::target::Target;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

fn with_secrets(url: &str) -> Value {
    json!({
        "url": url,
        "headers": [{"name": "Authorization", "value": {"secret": "Bearer hush-header"}}],
        "query": [{"name": "token", "value": {"secret": "hush-query"}}],
        "redirects": 1,
    })
}

#[tokio::test]
async fn secrets_reach_the_target_alone() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(lines.clone())
        .finish();
    let _guard = subscriber.set_default();
    let target = Target::start().await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let refused = format!("http://{}/x", closed.local_addr().unwrap());
    drop(closed);
    let (tls, _) = Target::start_tls().await;
    let urls = [
        target.at("/ok"),
        target.at("/status/500"),
        target.at("/close"),
        target.at("/chain/2"),
        tls.at("/ok"),
        refused,
        format!("{}/moved/302?ftp://h/", target.url),
    ];
    let mut told = String::new();
    for url in &urls {
        let attempt = attempt(request(&with_secrets(url)));
        let call = Call::of(&attempt).unwrap();
        told.push_str(&format!("{attempt:?} {call:?} "));
        let outcome = sender().send(call).await;
        told.push_str(&format!(
            "{outcome:?} {}\n",
            attempt.claim.request.for_display()
        ));
    }
    let arrival = &target.arrivals()[0];
    assert_eq!(arrival.header("authorization"), "Bearer hush-header");
    assert_eq!(arrival.path, "/ok?token=hush-query");
    assert!(told.contains("***") && !told.contains("hush"), "{told}");
    let logged = lines.text();
    let ours: Vec<&str> = logged.lines().filter(|l| l.contains("hush")).collect();
    assert!(
        logged.contains("reqwest"),
        "the client's own lines are there"
    );
    assert!(ours.is_empty(), "{ours:#?}");
}
