//! One kept HTTP connection of a bare hyper client: what it takes of the processor is
//! little, so that the rest is there for who is measured.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

pub struct Connection {
    host: String,
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    pub async fn open(addr: &str) -> Self {
        let stream = TcpStream::connect(addr).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Self {
            host: addr.to_owned(),
            sender,
        }
    }

    /// A request as firings are.
    pub async fn get(&mut self, path: &str) {
        let request = Request::get(path)
            .header("host", &self.host)
            .header("x-schedule-fire-id", "00000000-0000-0000-0000-000000000000");
        let request = request.body(Full::default()).unwrap();
        self.ask(request).await;
    }

    pub async fn post(&mut self, path: &str, json: String) -> StatusCode {
        let request = Request::post(path)
            .header("host", &self.host)
            .header("content-type", "application/json");
        self.ask(request.body(Full::from(json)).unwrap()).await
    }

    async fn ask(&mut self, request: Request<Full<Bytes>>) -> StatusCode {
        let response = self.sender.send_request(request).await.unwrap();
        let status = response.status();
        response.into_body().collect().await.unwrap();
        status
    }
}
