//! The one writer of this process: takes the write lock of the file, runs all
//! requests that wait in one transaction, commits once, then answers them.
//! One fsync serves many requests (group commit). Knows no table; the journal
//! writes down what each transaction has changed.
//!
//! Invariant: a request is answered with success only after its commit.

use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::error::store_error;
use super::journal::Journal;
use crate::clock::Stopwatch;
use crate::store::StoreError;
use crate::telemetry::metrics::Writes;

/// How many requests one transaction serves at most, so that the first one
/// does not wait long for the last.
const MAX_GROUP: usize = 256;
/// How many requests may wait before callers are held back.
const QUEUE: usize = 4096;

/// How long the write lock of the file is waited for.
const BUSY: Duration = Duration::from_secs(5);
/// What the writer's connection is asked for.
const SETTINGS: [&str; 2] = [
    // How long SQLite itself waits for the write lock before it is asked again, in
    // milliseconds. It sleeps the longer the longer it waits, up to 100 ms: then a
    // replica that has little to write finds the lock taken each time it looks.
    "PRAGMA busy_timeout = 4",
    // In KiB: the leaves of the ledger's indexes that ten thousand jobs write to each
    // second would else be read again each time.
    "PRAGMA cache_size = -16384",
];

/// How long a request may take, from its queue to its commit.
pub const DEADLINE: Duration = Duration::from_secs(8);

/// A request of any answer type.
trait Request: Send {
    fn run<'a>(
        &'a mut self,
        conn: &'a mut SqliteConnection,
    ) -> BoxFuture<'a, Result<(), StoreError>>;
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
    /// Whether nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool;
}

struct Pending<A, T, U, F, C> {
    args: A,
    work: F,
    value: Option<T>,
    /// What is done with the value once it is committed.
    committed: C,
    reply: oneshot::Sender<Result<U, StoreError>>,
}

impl<A, T, U, F, C> Request for Pending<A, T, U, F, C>
where
    A: Send + Sync,
    T: Send,
    U: Send,
    C: FnOnce(T) -> U + Send,
    F: for<'c> Fn(&'c mut SqliteConnection, &'c A) -> BoxFuture<'c, Result<T, StoreError>>
        + Send
        + Sync,
{
    fn run<'a>(
        &'a mut self,
        conn: &'a mut SqliteConnection,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.value = Some((self.work)(conn, &self.args).await?);
            Ok(())
        })
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let Self {
            value,
            committed: then,
            reply,
            ..
        } = *self;
        let answer = committed.and_then(|()| value.ok_or_else(closed));
        let answer = answer.map(then);
        // Whoever asked may have gone; the write stands all the same.
        let _ = reply.send(answer);
    }

    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }
}

enum Message {
    Work(Box<dyn Request>),
    Close,
}

/// The handle through which requests reach the writer.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Message>,
}

impl Writer {
    /// Starts the writer on its own connection, to which the journal is attached.
    pub fn start(conn: SqliteConnection, journal: Journal, writes: Writes) -> Self {
        let (queue, requests) = mpsc::channel(QUEUE);
        tokio::spawn(run(conn, journal, writes, requests));
        Self { queue }
    }

    /// Runs `work` on `args` in a transaction and answers after its commit.
    /// `work` may be run twice: when a group fails, each of its requests is
    /// run again in a transaction of its own.
    ///
    /// # Cancel safety
    /// A request whose future is dropped before its turn is not carried out.
    pub async fn write<A, T, F>(&self, args: A, work: F) -> Result<T, StoreError>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'c> Fn(&'c mut SqliteConnection, &'c A) -> BoxFuture<'c, Result<T, StoreError>>
            + Send
            + Sync
            + 'static,
    {
        self.write_then(args, work, |value| value).await
    }

    /// As [`Writer::write`]. What the work came to goes through `committed` right after
    /// the commit, and only then: also when nobody waits for the answer any more, in
    /// which case the outcome is dropped.
    pub async fn write_then<A, T, U, F, C>(
        &self,
        args: A,
        work: F,
        committed: C,
    ) -> Result<U, StoreError>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
        U: Send + 'static,
        F: for<'c> Fn(&'c mut SqliteConnection, &'c A) -> BoxFuture<'c, Result<T, StoreError>>
            + Send
            + Sync
            + 'static,
        C: FnOnce(T) -> U + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let pending = Pending {
            args,
            work,
            value: None,
            committed,
            reply,
        };
        let answered = async {
            let sent = self.queue.send(Message::Work(Box::new(pending))).await;
            sent.map_err(|_| closed())?;
            answer.await.map_err(|_| closed())?
        };
        tokio::time::timeout(DEADLINE, answered)
            .await
            .unwrap_or_else(|_| Err(busy()))
    }

    /// Whether later requests are refused.
    pub fn is_closed(&self) -> bool {
        self.queue.is_closed()
    }

    /// How many requests wait for the writer.
    pub fn queued(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// Ends the writer after what waits now, and closes its connection.
    /// Later requests are refused.
    pub async fn close(&self) {
        if self.queue.send(Message::Close).await.is_ok() {
            self.queue.closed().await;
        }
    }
}

/// It could not be written in time.
pub fn busy() -> StoreError {
    let seconds = DEADLINE.as_secs();
    StoreError::Unavailable(format!(
        "the database is busy: not written within {seconds} s"
    ))
}

/// Nothing is written any more.
pub fn closed() -> StoreError {
    StoreError::Unavailable("the store is closed".into())
}

async fn run(
    mut conn: SqliteConnection,
    journal: Journal,
    writes: Writes,
    mut requests: mpsc::Receiver<Message>,
) {
    for setting in SETTINGS {
        if let Err(error) = execute(&mut conn, setting).await {
            tracing::warn!(%error, setting, "the store may be slower than it has to be");
        }
    }
    let mut messages = Vec::new();
    let mut open = true;
    while open && requests.recv_many(&mut messages, MAX_GROUP).await > 0 {
        let mut group = Vec::with_capacity(messages.len());
        for message in messages.drain(..) {
            match message {
                Message::Work(request) => group.push(request),
                Message::Close => open = false,
            }
        }
        serve(&mut conn, &journal, &writes, group).await;
    }
    if let Err(error) = conn.close().await {
        tracing::warn!(%error, "the store did not close cleanly");
    }
}

async fn serve(
    conn: &mut SqliteConnection,
    journal: &Journal,
    writes: &Writes,
    mut group: Vec<Box<dyn Request>>,
) {
    group.retain(|request| !request.is_abandoned());
    if group.is_empty() {
        return;
    }
    let begun = Stopwatch::start();
    let done = transaction(conn, journal, &mut group).await;
    writes.wrote(group.len(), begun.elapsed());
    let alone = matches!(done, Err(Failure::Request(_))) && group.len() > 1;
    if !alone {
        let done = done.map_err(Failure::into_inner);
        for request in group {
            request.answer(done.clone());
        }
        return;
    }
    for mut request in group {
        let done = transaction(conn, journal, std::slice::from_mut(&mut request)).await;
        request.answer(done.map_err(Failure::into_inner));
    }
}

/// Why a transaction was not committed.
enum Failure {
    /// The file could not be written: that is every request's trouble.
    File(StoreError),
    /// A request failed: the others may go without it.
    Request(StoreError),
}

impl Failure {
    fn into_inner(self) -> StoreError {
        match self {
            Self::File(error) | Self::Request(error) => error,
        }
    }
}

async fn transaction(
    conn: &mut SqliteConnection,
    journal: &Journal,
    group: &mut [Box<dyn Request>],
) -> Result<(), Failure> {
    journal.begin();
    begin(conn).await.map_err(Failure::File)?;
    let committed = match run_all(conn, group).await {
        Ok(()) => commit(conn, journal).await.map_err(Failure::File),
        Err(error) => Err(Failure::Request(error)),
    };
    if committed.is_err() {
        // Fails when the engine has rolled back by itself; both are fine.
        let _ = execute(conn, "ROLLBACK").await;
    }
    committed
}

/// Takes the write lock of the file.
async fn begin(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    let waiting = Stopwatch::start();
    loop {
        match sqlx::query("BEGIN IMMEDIATE").execute(&mut *conn).await {
            Err(error) if is_busy(&error) && waiting.elapsed() < BUSY => {}
            begun => return begun.map(|_| ()).map_err(store_error),
        }
    }
}

/// Source: SQLite's result codes; the lower byte is the primary one.
fn is_busy(error: &sqlx::Error) -> bool {
    const SQLITE_BUSY: i32 = 5;
    let code = error.as_database_error().and_then(|error| error.code());
    let code = code.and_then(|code| code.parse::<i32>().ok());
    code.is_some_and(|code| code & 0xff == SQLITE_BUSY)
}

async fn commit(conn: &mut SqliteConnection, journal: &Journal) -> Result<(), StoreError> {
    let noted = journal.write(conn).await?;
    execute(conn, "COMMIT").await?;
    journal.tell(noted);
    Ok(())
}

async fn run_all(
    conn: &mut SqliteConnection,
    group: &mut [Box<dyn Request>],
) -> Result<(), StoreError> {
    for request in group {
        request.run(conn).await?;
    }
    Ok(())
}

async fn execute(conn: &mut SqliteConnection, sql: &'static str) -> Result<(), StoreError> {
    let done = sqlx::query(sql).execute(conn).await;
    done.map(|_| ()).map_err(store_error)
}
