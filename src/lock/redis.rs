//! The fire lock in Redis: `SET {prefix}:fire:{job}:{fire_at_ms}
//! {replica}:{fence} NX PX ttl`, pipelined. The only file naming redis.
//!
//! Each attempt has a key of its own (from the second on it ends with the number):
//! whoever makes a further one, after a retry or because nobody knows of the one
//! before, need not be who holds the key of that one.

use async_trait::async_trait;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisError, pipe};

use super::{FireLock, LockOutcome, RedisLockSettings, Unavailable};
use crate::domain::occurrence::{Claim, OccurrenceId, OccurrenceKind};

/// Deletes a key, if it has that value.
const RELEASE: &str =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/// A lock shared by every server that uses the same Redis and prefix.
pub struct RedisLock {
    connection: ConnectionManager,
    settings: RedisLockSettings,
    replica: String,
}

impl RedisLock {
    /// A lock for `replica`. Connects when it is first used, and again
    /// whenever the connection breaks.
    ///
    /// # Errors
    /// When the URL is none of Redis.
    pub fn new(settings: RedisLockSettings, replica: String) -> Result<Self, Unavailable> {
        let client = Client::open(settings.url.as_str()).map_err(unavailable)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(settings.timeout))
            .set_response_timeout(Some(settings.timeout))
            .set_number_of_retries(1);
        let connection =
            ConnectionManager::new_lazy_with_config(client, config).map_err(unavailable)?;
        Ok(Self {
            connection,
            settings,
            replica,
        })
    }

    fn key(&self, claim: &Claim) -> String {
        let OccurrenceId {
            job_id,
            fire_at,
            kind,
        } = &claim.occurrence;
        let (prefix, at) = (&self.settings.prefix, fire_at.timestamp_millis());
        let kind = match kind {
            OccurrenceKind::Scheduled => "",
            OccurrenceKind::Manual => ":manual",
        };
        match claim.attempt {
            0 | 1 => format!("{prefix}:fire:{job_id}:{at}{kind}"),
            attempt => format!("{prefix}:fire:{job_id}:{at}{kind}:{attempt}"),
        }
    }

    fn holder(&self, claim: &Claim) -> String {
        format!("{}:{}", self.replica, claim.fence)
    }

    async fn set_all(&self, claims: &[Claim]) -> Result<Vec<Option<String>>, RedisError> {
        let ttl = self.settings.ttl.as_millis().to_string();
        let mut commands = pipe();
        for claim in claims {
            let (key, holder) = (self.key(claim), self.holder(claim));
            commands
                .cmd("SET")
                .arg(key)
                .arg(holder)
                .arg("NX")
                .arg("PX")
                .arg(&ttl);
        }
        commands.query_async(&mut self.connection.clone()).await
    }

    /// Who holds the lock of each claim.
    async fn holders(&self, claims: &[&Claim]) -> Result<Vec<Option<String>>, RedisError> {
        let mut commands = pipe();
        for claim in claims {
            commands.cmd("GET").arg(self.key(claim));
        }
        commands.query_async(&mut self.connection.clone()).await
    }
}

#[async_trait]
impl FireLock for RedisLock {
    async fn acquire(&self, claims: &[Claim]) -> Result<Vec<LockOutcome>, Unavailable> {
        let set = self.set_all(claims).await.map_err(unavailable)?;
        let mut outcomes = vec![LockOutcome::Acquired; claims.len()];
        let refused: Vec<usize> = (0..claims.len()).filter(|i| set[*i].is_none()).collect();
        if refused.is_empty() {
            return Ok(outcomes);
        }
        // An answer that got lost looks like a lock held by somebody else.
        let asked: Vec<&Claim> = refused.iter().map(|i| &claims[*i]).collect();
        let holders = self.holders(&asked).await.map_err(unavailable)?;
        for ((index, claim), holder) in refused.into_iter().zip(asked).zip(holders) {
            if holder.as_deref() != Some(self.holder(claim).as_str()) {
                outcomes[index] = LockOutcome::HeldElsewhere;
            }
        }
        Ok(outcomes)
    }

    async fn release(&self, claims: &[Claim]) -> Result<(), Unavailable> {
        let mut commands = pipe();
        for claim in claims {
            let command = commands.cmd("EVAL").arg(RELEASE).arg(1);
            command.arg(self.key(claim)).arg(self.holder(claim));
        }
        let mut connection = self.connection.clone();
        let asked = commands.query_async::<Vec<i64>>(&mut connection);
        asked.await.map(|_| ()).map_err(unavailable)
    }

    async fn ping(&self) -> Result<(), Unavailable> {
        let mut connection = self.connection.clone();
        let answer = redis::cmd("PING")
            .query_async::<String>(&mut connection)
            .await;
        answer.map(|_| ()).map_err(unavailable)
    }

    fn describe(&self) -> String {
        format!(
            "redis: SET NX under {}:fire:*, kept {} s; replicas may share it across stores",
            self.settings.prefix,
            self.settings.ttl.as_secs()
        )
    }
}

fn unavailable(error: RedisError) -> Unavailable {
    Unavailable(error.to_string())
}
