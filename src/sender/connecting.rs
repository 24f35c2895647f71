//! How the clients find addresses and make connections: as the system and
//! reqwest do it, with the time taken (see [`super::phases`]).

use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tower::{Layer, Service};

use super::phases::{self, Step};

/// The system's own name resolution.
#[derive(Debug, Clone, Copy)]
pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            phases::enter(Step::Resolve);
            // The port is put in by the client.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            phases::enter(match found {
                Ok(_) => Step::Connect,
                Err(_) => Step::Idle,
            });
            let addresses: Vec<_> = found?.collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Watches the whole of what makes a connection: name, TCP, TLS.
#[derive(Debug, Clone, Copy)]
pub(super) struct Watched;

impl<S> Layer<S> for Watched {
    type Service = WatchedConnector<S>;

    fn layer(&self, inner: S) -> Self::Service {
        WatchedConnector {
            inner: Arc::new(inner),
        }
    }
}

/// The watched connector. The client clones it for every request, also for those
/// that find a connection; what it holds is cloned only to make one.
#[derive(Debug)]
pub(super) struct WatchedConnector<S> {
    inner: Arc<S>,
}

impl<S> Clone for WatchedConnector<S> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
        }
    }
}

impl<S, R> Service<R> for WatchedConnector<S>
where
    S: Service<R> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Response: Send,
    S::Error: Send,
    R: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<S::Response, S::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: R) -> Self::Future {
        let mut inner = S::clone(&self.inner);
        Box::pin(async move {
            phases::enter(Step::Connect);
            let made = match std::future::poll_fn(|cx| inner.poll_ready(cx)).await {
                Ok(()) => inner.call(to).await,
                Err(error) => Err(error),
            };
            phases::enter(match made {
                Ok(_) => Step::Head,
                Err(_) => Step::Idle,
            });
            made
        })
    }
}
