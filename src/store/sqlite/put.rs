//! Adds and replaces jobs, many at once: a fixed number of statements, however many.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::store_error;
use super::occurrences::skip_claims;
use super::rows::{self, column, ms};
use super::versions;
use crate::domain::job::{JobDraft, Revision};
use crate::domain::occurrence::Reason;
use crate::domain::trigger::TriggerKind;
use crate::store::{Expected, StoreError};

/// A job that is to be added or replaced.
#[derive(Debug, Clone)]
pub struct Put {
    /// The job.
    pub draft: JobDraft,
    /// What it may replace.
    pub expected: Expected,
    /// When it was asked for.
    pub now: DateTime<Utc>,
}

impl Put {
    fn id(&self) -> &str {
        self.draft.id.as_str()
    }

    /// The Python service removes a cron job before it adds it again, so that it goes
    /// to the end of the ties in the list; the others keep their place.
    fn adds_anew(&self) -> bool {
        self.expected == Expected::Anything && self.draft.schedule.kind() == TriggerKind::Cron
    }

    fn row(&self) -> Result<Value, StoreError> {
        let Self { draft, now, .. } = self;
        Ok(json!([
            draft.id.as_str(),
            draft.state.as_str(),
            draft.schedule.kind().as_str(),
            rows::to_json(&draft.schedule)?,
            draft.request.url,
            draft.next_fire_at.map(ms),
            ms(*now),
            rows::to_json(&draft.policies)?,
            draft.policies.pause_until.map(ms),
            (!draft.request.literal).then(|| draft.request.for_store().to_string()),
            draft.notes.description,
            rows::to_json(&draft.notes.tags)?,
        ]))
    }
}

/// Adds or replaces jobs, one after the other; their revisions, in the order given.
/// `None`: it was not as expected.
pub async fn put(
    conn: &mut SqliteConnection,
    puts: &[Put],
) -> Result<Vec<Option<Revision>>, StoreError> {
    let mut revisions = Vec::with_capacity(puts.len());
    for round in rounds(puts) {
        revisions.extend(put_round(&mut *conn, round).await?);
    }
    Ok(revisions)
}

/// Runs of puts of different jobs that can be done at once.
fn rounds(mut puts: &[Put]) -> Vec<&[Put]> {
    let mut rounds = Vec::new();
    while let Some(first) = puts.first() {
        let (anew, mut ids) = (first.adds_anew(), HashSet::new());
        let fits = puts
            .iter()
            .take_while(|put| put.adds_anew() == anew && ids.insert(put.id()));
        let (round, rest) = puts.split_at(fits.count());
        rounds.push(round);
        puts = rest;
    }
    rounds
}

async fn put_round(
    conn: &mut SqliteConnection,
    round: &[Put],
) -> Result<Vec<Option<Revision>>, StoreError> {
    let lost = lost(&mut *conn, round).await?;
    let puts: Vec<&Put> = round.iter().filter(|p| !lost.contains(p.id())).collect();
    let Some(now) = puts.iter().map(|put| put.now).max() else {
        return Ok(vec![None; round.len()]);
    };
    let ids: Vec<&str> = puts.iter().map(|put| put.id()).collect();
    skip_claims(&mut *conn, &ids, Reason::Changed, now).await?;
    let revisions = insert(&mut *conn, &puts).await?;
    let replaced = puts.iter().map(|put| &put.draft);
    let replaced = replaced.filter(|draft| {
        let revision = revisions.get(draft.id.as_str());
        revision.is_some_and(|revision| revision.version > 1)
    });
    versions::settle_put(conn, &replaced.collect::<Vec<_>>(), now).await?;
    let revision = |put: &Put| revisions.get(put.id()).copied();
    Ok(round.iter().map(revision).collect())
}

/// The ids of those whose job is not what they expect.
async fn lost<'a>(
    conn: &mut SqliteConnection,
    round: &'a [Put],
) -> Result<HashSet<&'a str>, StoreError> {
    let asking = round.iter().filter(|p| p.expected != Expected::Anything);
    let asking: Vec<&Put> = asking.collect();
    if asking.is_empty() {
        return Ok(HashSet::new());
    }
    let ids: Vec<&str> = asking.iter().map(|put| put.id()).collect();
    let found = sqlx::query(
        "SELECT job_id, created_at, version FROM jobs \
         WHERE job_id IN (SELECT value FROM json_each(?)) AND ended = 0",
    )
    .bind(json!(ids).to_string())
    .fetch_all(conn)
    .await
    .map_err(store_error)?;
    let mut found_as = HashMap::with_capacity(found.len());
    for row in &found {
        let id: &str = column(row, "job_id")?;
        found_as.insert(id, Expected::Revision(rows::revision(row)?));
    }
    let as_expected = |put: &&Put| {
        let is = found_as.get(put.id()).copied().unwrap_or(Expected::NoJob);
        is == put.expected
    };
    let lost = asking.into_iter().filter(|put| !as_expected(put));
    Ok(lost.map(Put::id).collect())
}

async fn insert(
    conn: &mut SqliteConnection,
    puts: &[&Put],
) -> Result<HashMap<String, Revision>, StoreError> {
    let anew = puts.iter().any(|put| put.adds_anew());
    // Whether it is another job than the one of that id before.
    let another = if anew { "1" } else { "ended = 1" };
    let seq = if anew { NEXT_SEQ } else { "seq" };
    let sql = format!(
        "INSERT INTO jobs (job_id, version, state, kind, trigger_json, url, next_fire_at, \
         first_fire_at, created_at, updated_at, policies_json, pause_until, request_json, \
         description, tags_json) \
         SELECT value->>0, 1, value->>1, value->>2, value->>3, value->>4, value->>5, value->>5, \
         value->>6, value->>6, value->>7, value->>8, value->>9, value->>10, value->>11 \
         FROM jsonb_each(?) WHERE true \
         ON CONFLICT (job_id) DO UPDATE SET seq = {seq}, version = version + 1, \
         created_at = IIF({another}, excluded.created_at, created_at), \
         last_state = IIF({another}, NULL, last_state), \
         last_ended_at = IIF({another}, NULL, last_ended_at), \
         state = excluded.state, paused_by = IIF(excluded.state = 'paused', paused_by, NULL), \
         kind = excluded.kind, trigger_json = excluded.trigger_json, url = excluded.url, \
         next_fire_at = excluded.next_fire_at, first_fire_at = excluded.first_fire_at, ended = 0, \
         failures = 0, policies_json = excluded.policies_json, \
         pause_until = excluded.pause_until, request_json = excluded.request_json, \
         description = excluded.description, tags_json = excluded.tags_json, \
         updated_at = excluded.updated_at RETURNING job_id, created_at, version"
    );
    let set: Vec<Value> = puts.iter().map(|put| put.row()).collect::<Result<_, _>>()?;
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(Value::Array(set).to_string())
        .fetch_all(conn)
        .await
        .map_err(store_error)?;
    let pair = |row| Ok((column(row, "job_id")?, rows::revision(row)?));
    found.iter().map(pair).collect()
}

/// Behind all others. It names the row that is replaced, since SQLite looks up only once
/// in a statement what does not depend on its rows.
const NEXT_SEQ: &str = "(SELECT MAX(last.seq) + 1 FROM jobs last WHERE last.seq >= jobs.seq)";
