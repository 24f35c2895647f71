//! The bell in Redis: `PUBLISH {prefix}:changes`. The message says nothing but
//! that there is something new.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt;
use redis::aio::{ConnectionManager, ConnectionManagerConfig, PubSub};
use redis::{Client, RedisError};
use tokio::sync::watch;

use super::{Bell, Heard, Unreachable};

/// A bell shared by every server that uses the same Redis and prefix.
pub struct RedisBell {
    client: Client,
    connection: ConnectionManager,
    channel: String,
    timeout: Duration,
}

impl RedisBell {
    /// A bell under this prefix. Connects when it is first used, and again
    /// whenever the connection breaks; one round trip may take `timeout`.
    ///
    /// # Errors
    /// When the URL is none of Redis.
    pub fn new(url: &str, prefix: &str, timeout: Duration) -> Result<Self, Unreachable> {
        let client = Client::open(url).map_err(unreachable)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(timeout))
            .set_response_timeout(Some(timeout))
            .set_number_of_retries(1);
        let connection = ConnectionManager::new_lazy_with_config(client.clone(), config);
        Ok(Self {
            client,
            connection: connection.map_err(unreachable)?,
            channel: format!("{prefix}:changes"),
            timeout,
        })
    }

    async fn subscribed(&self) -> Result<PubSub, Unreachable> {
        let subscribed = async {
            let mut subscriber = self.client.get_async_pubsub().await?;
            subscriber.subscribe(&self.channel).await?;
            Ok(subscriber)
        };
        let in_time = tokio::time::timeout(self.timeout, subscribed).await;
        let late = || Unreachable(format!("no answer within {:?}", self.timeout));
        in_time.map_err(|_| late())?.map_err(unreachable)
    }
}

#[async_trait]
impl Bell for RedisBell {
    async fn ring(&self) -> Result<(), Unreachable> {
        let mut connection = self.connection.clone();
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(&self.channel).arg("new");
        let rung = publish.query_async::<i64>(&mut connection).await;
        rung.map(drop).map_err(unreachable)
    }

    async fn listen(&self, heard: &watch::Sender<Heard>) -> Unreachable {
        let mut subscriber = match self.subscribed().await {
            Ok(subscriber) => subscriber,
            Err(error) => return error,
        };
        let count = || heard.send_modify(|heard| *heard = Some(heard.unwrap_or_default() + 1));
        count();
        let mut rings = subscriber.on_message();
        while rings.next().await.is_some() {
            count();
        }
        heard.send_replace(None);
        Unreachable("the connection is lost".into())
    }
}

fn unreachable(error: RedisError) -> Unreachable {
    Unreachable(error.to_string())
}
