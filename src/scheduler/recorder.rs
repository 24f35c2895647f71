//! Writes ends of firings to the ledger, many at once. While the store is away
//! they wait here; nothing new is claimed meanwhile, so they are few. Tells the
//! planner whose turn comes with the end of a run.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, mpsc, oneshot};

use super::Wake;
use crate::domain::run::RunRecord;
use crate::store::Store;

/// How many records one write takes.
const GROUP: usize = 1024;
/// After a write, ends of firings wait a step for more of them, and go on while so many
/// come in each, for so many steps at most: many in one write cost less each, and the
/// processor is for the requests. A quarter of a second in all.
const MANY: usize = 32;
const STEP: Duration = Duration::from_millis(5);
const STEPS: usize = 50;
/// How long to wait before a failed write is tried again.
const RETRY: Duration = Duration::from_millis(500);
/// How long the end of the server waits for the last records; what is not
/// written then is settled as unknown.
const LAST_WAIT: Duration = Duration::from_secs(5);

enum Message {
    Record(Box<RunRecord>),
    Flush(oneshot::Sender<()>),
    Finish(oneshot::Sender<()>),
}

/// The way into the ledger.
#[derive(Debug, Clone)]
pub struct Recorder {
    queue: mpsc::UnboundedSender<Message>,
    /// Somebody waits for what was pushed to be written.
    hurry: Arc<Notify>,
}

impl Recorder {
    /// Starts the writing task.
    pub fn start(store: Arc<dyn Store>, wake: Wake) -> Self {
        let (queue, messages) = mpsc::unbounded_channel();
        let hurry = Arc::new(Notify::new());
        tokio::spawn(run(store, wake, messages, hurry.clone()));
        Self { queue, hurry }
    }

    /// Takes a record.
    pub fn push(&self, record: RunRecord) {
        // Refused only after `finish`: then the row is settled as unknown.
        let _ = self.queue.send(Message::Record(Box::new(record)));
    }

    /// Waits until what was pushed is written.
    pub async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        if self.queue.send(Message::Flush(done)).is_ok() {
            self.hurry.notify_one();
            // Dropped only after `finish`.
            let _ = flushed.await;
        }
    }

    /// Ends the writing with what was pushed so far; waits for that, but not for long.
    pub async fn finish(&self) {
        let (done, finished) = oneshot::channel();
        if self.queue.send(Message::Finish(done)).is_ok()
            && tokio::time::timeout(LAST_WAIT, finished).await.is_err()
        {
            tracing::warn!("the last outcomes could not be written; they end as unknown");
        }
    }
}

async fn run(
    store: Arc<dyn Store>,
    wake: Wake,
    mut messages: mpsc::UnboundedReceiver<Message>,
    hurry: Arc<Notify>,
) {
    let mut group = Vec::new();
    // How many had come when the last gathering ended, and are not written yet.
    let mut gathered = 0_usize;
    while messages.recv_many(&mut group, GROUP).await > 0 {
        gathered = gathered.saturating_sub(group.len());
        let mut records = Vec::with_capacity(group.len());
        let (mut waiting, mut finished) = (Vec::new(), false);
        for message in group.drain(..) {
            match message {
                Message::Record(record) => records.push(*record),
                Message::Flush(done) => waiting.push(done),
                Message::Finish(done) => {
                    waiting.push(done);
                    finished = true;
                }
            }
        }
        wake.job_changed(write(&*store, records.into()).await);
        for done in waiting {
            // Whoever waited may have gone; nothing more is to be done.
            let _ = done.send(());
        }
        if finished {
            return;
        }
        if gathered == 0 {
            gather(&messages, &hurry).await;
            gathered = messages.len();
        }
    }
}

/// Waits a step, and on while many come and nobody waits for them to be written.
async fn gather(messages: &mpsc::UnboundedReceiver<Message>, hurry: &Notify) {
    let mut before = 0;
    for _ in 0..STEPS {
        tokio::select! {
            biased;
            () = hurry.notified() => return,
            () = tokio::time::sleep(STEP) => {}
        }
        if messages.len() < before + MANY {
            return;
        }
        before = messages.len();
    }
}

/// Writes records, however long it takes; when the first is due of those that
/// waited for these runs to end.
async fn write(store: &dyn Store, records: Arc<[RunRecord]>) -> Option<DateTime<Utc>> {
    if records.is_empty() {
        return None;
    }
    let mut failed = false;
    let recorded = loop {
        match store.record(records.clone()).await {
            Ok(recorded) => break recorded,
            Err(error) if !failed => {
                tracing::warn!(%error, records = records.len(), "outcomes wait for the store");
            }
            Err(_) => {}
        }
        failed = true;
        tokio::time::sleep(RETRY).await;
    };
    if failed {
        tracing::info!(records = records.len(), "outcomes are written");
    }
    for job in recorded.paused {
        let (id, failures) = (job.id.as_str(), job.failures);
        tracing::warn!(
            job.id = id,
            failures,
            "paused: it failed too often in a row"
        );
    }
    recorded.released_at
}
