//! The way of claims from the transaction that made them to whoever asked: when
//! nobody is there to take them, because the wait for them had its deadline or was
//! dropped, they are given back. Else nobody would ever fire them, as long as the
//! replica in whose name they were made lives.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::runtime::Handle;

use super::occurrences;
use super::writer::Writer;
use crate::domain::occurrence::Claim;
use crate::store::Claimed;

/// How long to wait before a failed write is tried again.
const RETRY: Duration = Duration::from_millis(250);

/// Claims that are committed and not taken yet.
pub struct Handover {
    claimed: Claimed,
    claimed_at: DateTime<Utc>,
    writer: Writer,
}

impl Handover {
    pub fn new(claimed: Claimed, claimed_at: DateTime<Utc>, writer: Writer) -> Self {
        Self {
            claimed,
            claimed_at,
            writer,
        }
    }

    /// Takes them: from now on they are the caller's to see through.
    pub fn take(mut self) -> Claimed {
        std::mem::take(&mut self.claimed)
    }
}

impl Drop for Handover {
    fn drop(&mut self) {
        let claims = std::mem::take(&mut self.claimed.claims);
        if claims.is_empty() {
            return;
        }
        // Without a runtime the process ends, and its lease with it.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(give_back(self.writer.clone(), claims, self.claimed_at));
        }
    }
}

async fn give_back(writer: Writer, claims: Vec<Claim>, now: DateTime<Utc>) {
    tracing::warn!(
        claims = claims.len(),
        "claims that nobody waited for any more are given back"
    );
    loop {
        let given_back = writer.write((claims.clone(), now), |conn, (claims, now)| {
            Box::pin(occurrences::give_back(conn, claims, *now))
        });
        if given_back.await.is_ok() || writer.is_closed() {
            return;
        }
        tokio::time::sleep(RETRY).await;
    }
}
