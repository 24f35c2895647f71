//! Live events: everyone who follows gets what was changed, in the order of the
//! commits of all replicas, and can go on from any place that is still kept.
//!
//! The store is the truth: the changes stand there, by id. While anybody
//! follows, this process reads them once for all (`hub`) and keeps the latest
//! (`ring`). Each client pulls at its own pace ([`Following`]), so that one who
//! stands still holds nobody back and costs its place alone.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::ServiceError;
use crate::bell::Bell;
use crate::clock::{Clock, now_ms};
use crate::domain::job::JobId;
use crate::store::{ChangeId, Changed, Store, What};
use ring::{Ring, Taken};

mod hub;
mod ring;

pub use ring::Told;

/// How many changes one reading of the store looks up.
const PAGE: u32 = 100;

/// Makes the text that clients get of a change, at an instant.
pub type Render = fn(&Changed, DateTime<Utc>) -> String;

/// Which changes a client wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventFilter {
    /// Only of this job.
    pub job_id: Option<JobId>,
    /// Those of jobs.
    pub jobs: bool,
    /// Those of runs.
    pub runs: bool,
}

impl EventFilter {
    fn lets(&self, told: &Told) -> bool {
        let kind = match told.is_run {
            true => self.runs,
            false => self.jobs,
        };
        kind && self.job_id.as_ref().is_none_or(|id| *id == told.job_id)
    }
}

/// Why nobody can be let in.
#[derive(Debug, Clone, PartialEq)]
pub enum NotFollowed {
    /// So many follow already.
    Full(u32),
    /// Something this server needs is away, or it stops.
    Away(ServiceError),
}

/// The parts that live events stand on.
pub struct EventParts {
    /// Where the changes stand.
    pub store: Arc<dyn Store>,
    /// Tells other replicas, and hears them; without it they look into the store.
    pub bell: Option<Arc<dyn Bell>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes texts of changes.
    pub render: Render,
}

struct Shared {
    parts: EventParts,
    most: u32,
    ring: Ring,
    clients: watch::Sender<u32>,
    stop: CancellationToken,
}

/// The live events of this process.
#[derive(Clone)]
pub struct Events {
    shared: Arc<Shared>,
}

impl Events {
    /// For at most `most` clients at once.
    #[must_use]
    pub fn start(parts: EventParts, most: u32) -> Self {
        let shared = Arc::new(Shared {
            parts,
            most,
            ring: Ring::new(),
            clients: watch::Sender::new(0),
            stop: CancellationToken::new(),
        });
        hub::start(&shared);
        Self { shared }
    }

    /// Ends all streams at once, and lets nobody in any more.
    pub fn stop(&self) {
        self.shared.stop.cancel();
    }

    /// How many clients follow now.
    #[must_use]
    pub fn clients(&self) -> u32 {
        *self.shared.clients.borrow()
    }

    /// Follows what is changed behind `after`; `None`: from now on.
    ///
    /// # Errors
    /// When too many follow, the store is away, or the server stops.
    pub async fn follow(
        &self,
        after: Option<ChangeId>,
        filter: EventFilter,
    ) -> Result<Following, NotFollowed> {
        let seat = Seat::take(&self.shared)?;
        let newest = self.shared.parts.store.newest_change().await;
        let newest = newest.map_err(|error| NotFollowed::Away(error.into()))?;
        Ok(Following {
            head: self.shared.ring.head(),
            after: after.unwrap_or(newest),
            begun_at: newest,
            checked: after.is_none(),
            waits: true,
            filter,
            seat,
        })
    }
}

impl Shared {
    /// Changes as clients get them.
    fn told(&self, changes: Vec<Changed>) -> Vec<Told> {
        let now = now_ms(&*self.parts.clock);
        let told = changes.into_iter().map(|changed| Told {
            id: changed.id,
            job_id: changed.job_id().clone(),
            is_run: matches!(changed.what, What::Run { .. }),
            text: (self.parts.render)(&changed, now),
        });
        told.collect()
    }
}

/// A client's place among those that are let in.
struct Seat(Arc<Shared>);

impl Seat {
    fn take(shared: &Arc<Shared>) -> Result<Self, NotFollowed> {
        if shared.stop.is_cancelled() {
            return Err(NotFollowed::Away(ServiceError::Unavailable {
                what: "events",
                detail: "the server stops".into(),
            }));
        }
        let free = shared.clients.send_if_modified(|clients| {
            let free = *clients < shared.most;
            *clients += u32::from(free);
            free
        });
        match free {
            true => Ok(Self(shared.clone())),
            false => Err(NotFollowed::Full(shared.most)),
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.clients.send_modify(|clients| *clients -= 1);
    }
}

/// What comes next to a client.
pub enum Next {
    /// These changes, at least one.
    Told(Vec<Arc<Told>>),
    /// What came behind its place is not kept any more: it has to look at
    /// everything anew. It goes on from now.
    Reset,
    /// The server stops, or the store is away: no more comes.
    End,
}

/// One client that follows.
pub struct Following {
    head: watch::Receiver<ChangeId>,
    after: ChangeId,
    begun_at: ChangeId,
    /// Whether its place is known to be one of this store.
    checked: bool,
    /// Whether it waits for more.
    waits: bool,
    filter: EventFilter,
    seat: Seat,
}

impl Following {
    /// Its place: what was changed up to here was told, or is not wanted.
    #[must_use]
    pub fn place(&self) -> ChangeId {
        self.after
    }

    /// The same, but its end comes when all is told that is there.
    #[must_use]
    pub fn to_the_end(self) -> Self {
        Self {
            waits: false,
            ..self
        }
    }

    /// Whether all is told that stood in the store when it began.
    fn has_caught_up(&self) -> bool {
        self.after >= self.begun_at
    }

    /// Waits for what comes next.
    ///
    /// # Cancel safety
    /// Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Next {
        let stop = self.seat.0.stop.clone();
        tokio::select! {
            biased;
            () = stop.cancelled() => Next::End,
            next = self.wanted() => next,
        }
    }

    async fn wanted(&mut self) -> Next {
        loop {
            let told = match self.seat.0.ring.take(self.after) {
                Taken::Some(told, end) if self.checked => {
                    self.after = end;
                    told
                }
                Taken::Nothing if self.checked && self.has_caught_up() => {
                    if !self.waits {
                        return Next::End;
                    }
                    let after = self.after;
                    if self.head.wait_for(|head| *head > after).await.is_err() {
                        return Next::End;
                    }
                    continue;
                }
                _ => match self.read().await {
                    Ok(told) => told,
                    Err(next) => return next,
                },
            };
            let wanted = told.into_iter();
            let wanted: Vec<_> = wanted.filter(|t| self.filter.lets(t)).collect();
            if !wanted.is_empty() {
                return Next::Told(wanted);
            }
        }
    }

    /// Reads for this client alone what the ring does not hold.
    async fn read(&mut self) -> Result<Vec<Arc<Told>>, Next> {
        let store = &self.seat.0.parts.store;
        match store.changes(self.after, PAGE).await {
            Ok(Some(found)) => {
                self.checked = true;
                // Without further ones all there is was read.
                self.after = match found.more {
                    true => found.last,
                    false => found.last.max(self.begun_at),
                };
                let told = self.seat.0.told(found.changes);
                Ok(told.into_iter().map(Arc::new).collect())
            }
            Ok(None) => {
                let newest = store.newest_change().await.map_err(|_| Next::End)?;
                (self.after, self.begun_at, self.checked) = (newest, newest, true);
                Err(Next::Reset)
            }
            Err(error) => {
                tracing::debug!(%error, "a client's events cannot be read; its stream ends");
                Err(Next::End)
            }
        }
    }
}
