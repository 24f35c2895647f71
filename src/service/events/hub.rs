//! Reads what was changed, once for all who follow, and only while anybody
//! does. Woken by what this process commits, by the bell of other replicas, and
//! by a timer, which alone would do: it is slower with a bell.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::{PAGE, Shared};
use crate::bell::{Bell, Heard};
use crate::store::StoreError;

/// How often the store is looked at while no bell is heard.
const POLL: Duration = Duration::from_millis(500);
/// The same while one is, should a ring be lost.
const POLL_WITH_BELL: Duration = Duration::from_secs(2);
/// How long changes are gathered, so that many commits cost one reading.
const GATHER: Duration = Duration::from_millis(10);
/// How long rings are gathered.
const BETWEEN_RINGS: Duration = Duration::from_millis(25);
/// How long to wait before a lost bell is tried again.
const BELL_RETRY: Duration = Duration::from_secs(1);

/// Starts to serve whoever comes, and to tell the other replicas.
pub fn start(shared: &Arc<Shared>) {
    let tasks = shared.clone();
    tokio::spawn(async move {
        let stop = tasks.stop.clone();
        stop.run_until_cancelled(serve(&tasks)).await;
    });
    if let Some(bell) = shared.parts.bell.clone() {
        // Until the store closes: also what the stop itself changes is told.
        let committed = shared.parts.store.committed();
        tokio::spawn(async move { tell(&*bell, committed).await });
    }
}

/// Rings for what this process commits, whether anybody follows here or not.
async fn tell(bell: &dyn Bell, mut committed: watch::Receiver<i64>) {
    while committed.changed().await.is_ok() {
        if let Err(error) = bell.ring().await {
            tracing::debug!(%error, "other replicas are not told; they look by themselves");
        }
        tokio::time::sleep(BETWEEN_RINGS).await;
    }
}

async fn serve(shared: &Shared) {
    let mut clients = shared.clients.subscribe();
    while clients.wait_for(|clients| *clients > 0).await.is_ok() {
        let heard = watch::Sender::new(None);
        tokio::select! {
            _ = clients.wait_for(|clients| *clients == 0) => {}
            () = pull(shared, heard.subscribe()) => {}
            () = listen(shared, &heard) => {}
        }
        shared.ring.clear();
    }
}

/// Listens to the other replicas, for ever.
async fn listen(shared: &Shared, heard: &watch::Sender<Heard>) {
    let Some(bell) = &shared.parts.bell else {
        return std::future::pending().await;
    };
    loop {
        let error = bell.listen(heard).await;
        tracing::debug!(%error, "other replicas are not heard; looking into the store instead");
        heard.send_replace(None);
        tokio::time::sleep(BELL_RETRY).await;
    }
}

/// Reads what is new, for ever.
async fn pull(shared: &Shared, mut heard: watch::Receiver<Heard>) {
    let mut committed = shared.parts.store.committed();
    let mut begun = false;
    loop {
        committed.mark_unchanged();
        heard.mark_unchanged();
        if !begun {
            begun = restart(shared).await.is_ok();
        }
        if begun {
            begun = read_all(shared).await.unwrap_or(true);
        }
        let poll = match heard.borrow().is_some() {
            true => POLL_WITH_BELL,
            false => POLL,
        };
        tokio::select! {
            _ = committed.changed() => {}
            _ = heard.changed() => {}
            () = tokio::time::sleep(poll) => continue,
        }
        tokio::time::sleep(GATHER).await;
    }
}

/// Begins with what comes from now on.
async fn restart(shared: &Shared) -> Result<(), StoreError> {
    shared
        .ring
        .restart(shared.parts.store.newest_change().await?);
    Ok(())
}

/// Reads to the end of what there is; false: the place where we were is not kept
/// any more.
async fn read_all(shared: &Shared) -> Result<bool, StoreError> {
    loop {
        let head = *shared.ring.head().borrow();
        let Some(found) = shared.parts.store.changes(head, PAGE).await? else {
            return Ok(false);
        };
        if found.last > head {
            shared.ring.add(shared.told(found.changes), found.last);
        }
        if !found.more {
            return Ok(true);
        }
    }
}
