//! Puts of jobs that come at about the same time are written together: while some are
//! written, others gather. Each of many clients that add jobs waits for one commit, and
//! all of them for a handful of statements.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::put::{self, Put};
use super::writer::{DEADLINE, Writer, busy, closed};
use crate::domain::job::Revision;
use crate::store::StoreError;

/// How many puts are written together at most.
const GROUP: usize = 256;
/// How many may wait before callers are held back.
const QUEUE: usize = 4096;

type Answer = Result<Option<Revision>, StoreError>;

struct Waiting {
    put: Put,
    reply: oneshot::Sender<Answer>,
}

/// The handle through which puts reach the writer.
#[derive(Clone)]
pub struct PutQueue {
    queue: mpsc::Sender<Waiting>,
}

impl PutQueue {
    /// Starts the task that hands them on; it ends with the last handle.
    pub fn start(writer: Writer) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(run(writer, waiting));
        Self { queue }
    }

    /// Adds or replaces a job, and answers after the commit.
    ///
    /// # Cancel safety
    /// A put whose future is dropped before its turn is not carried out.
    pub async fn put(&self, put: Put) -> Answer {
        let (reply, answer) = oneshot::channel();
        let answered = async {
            let sent = self.queue.send(Waiting { put, reply }).await;
            sent.map_err(|_| closed())?;
            answer.await.map_err(|_| closed())?
        };
        // The writer has a deadline of its own, for those that wait in its queue.
        tokio::time::timeout(DEADLINE + SOONER, answered)
            .await
            .unwrap_or_else(|_| Err(busy()))
    }

    /// How many wait to be handed on.
    pub fn queued(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }
}

/// The writer's own answer comes first where both run out at once.
const SOONER: Duration = Duration::from_millis(100);

async fn run(writer: Writer, mut queue: mpsc::Receiver<Waiting>) {
    let mut group = Vec::new();
    while queue.recv_many(&mut group, GROUP).await > 0 {
        group.retain(|waiting| !waiting.reply.is_closed());
        if !group.is_empty() {
            write(&writer, group.split_off(0)).await;
        }
    }
}

async fn write(writer: &Writer, group: Vec<Waiting>) {
    let (puts, replies): (Vec<Put>, Vec<_>) = group.into_iter().map(|w| (w.put, w.reply)).unzip();
    match write_all(writer, puts.clone()).await {
        Ok(revisions) => {
            for (reply, revision) in replies.into_iter().zip(revisions) {
                // Whoever asked may have gone; the job stands all the same.
                let _ = reply.send(Ok(revision));
            }
        }
        // One of them may be at fault: the others go without it.
        Err(error) if puts.len() > 1 && !matches!(error, StoreError::Unavailable(_)) => {
            for (put, reply) in puts.into_iter().zip(replies) {
                let answer = write_all(writer, vec![put]).await;
                let _ = reply.send(answer.map(|revisions| revisions.into_iter().flatten().next()));
            }
        }
        Err(error) => {
            for reply in replies {
                let _ = reply.send(Err(error.clone()));
            }
        }
    }
}

async fn write_all(writer: &Writer, puts: Vec<Put>) -> Result<Vec<Option<Revision>>, StoreError> {
    writer
        .write(puts, |conn, puts| Box::pin(put::put(conn, puts)))
        .await
}
