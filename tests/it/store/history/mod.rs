//! The ledger, page by page: held against a plain model of it, whatever the
//! filter, the order, and the bounds of the work.

mod around;
mod plans;

use std::collections::HashSet;

use super::*;
use schedule_server::domain::occurrence::{OccurrenceState, Reason};
use schedule_server::store::sqlite::RunsBudget;
use schedule_server::store::{RunFilter, RunPosition, RunsRequest};
use sqlx::Connection;

/// Rows of three jobs: every state, both kinds, many ties, plain successes most
/// of all.
const ROWS: i64 = 420;

const FILL: &str = "
WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 419),
mixed AS (SELECT n, (n * 2654435761) % 4294967296 / 16 AS h FROM n)
INSERT INTO occurrences (job_id, fire_at, last_fire_at, due_at, kind, state, reason, status, settled_at)
SELECT 'job-' || (n % 3), 1893499200000 + n / 12 * 1000 + n % 3 * 0 + n % 12 / 3 * 100, 0, 0,
    iif(h % 9 = 0, 'manual', 'scheduled'),
    CASE WHEN h % 3 > 0 THEN 'succeeded' ELSE json_array('claimed', 'firing', 'succeeded', 'failed',
        'unknown', 'skipped', 'missed', 'coalesced')->>(h / 16 % 8) END,
    NULL, iif(h % 3 > 0, iif(h % 5 = 0, 304, 200), NULL), 1
FROM mixed;
UPDATE occurrences SET last_fire_at = fire_at,
    reason = CASE state WHEN 'failed' THEN json_array('status', 'timeout', 'connect')->>(row_id % 3)
        WHEN 'skipped' THEN 'overlap' WHEN 'missed' THEN 'grace' WHEN 'unknown' THEN 'internal'
        WHEN 'claimed' THEN 'status' END,
    status = CASE state WHEN 'failed' THEN iif(row_id % 3 = 0, 503, NULL)
        WHEN 'claimed' THEN 503 WHEN 'succeeded' THEN COALESCE(status, 500) END";

/// A store with these rows.
async fn filled() -> Bench {
    let bench = Bench::new().await;
    run_sql(&bench, FILL).await;
    bench
}

async fn run_sql(bench: &Bench, text: &'static str) {
    bench.dir.leave_unchecked();
    let mut conn = bench.connect().await;
    sqlx::raw_sql(text).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

fn all() -> RunsRequest {
    RunsRequest {
        filter: RunFilter::default(),
        descending: true,
        after: None,
        limit: 200,
    }
}

async fn walk(store: &SqliteStore, request: &RunsRequest) -> (Vec<LedgerEntry>, usize) {
    let (mut request, mut rows) = (request.clone(), Vec::new());
    for pages in 1..10_000 {
        let page = store.runs(request.clone()).await.unwrap();
        assert!(page.rows.len() <= request.rows() as usize);
        rows.extend(page.rows);
        match page.next {
            Some(next) => request.after = Some(next),
            None => return (rows, pages),
        }
    }
    panic!("no end: {request:?}");
}

fn passes(filter: &RunFilter, row: &LedgerEntry) -> bool {
    use OccurrenceState::{Failed, Succeeded};
    let at = row.occurrence.fire_at;
    let status = filter.status.as_ref().is_none_or(|range| {
        let answered = matches!(row.state, Succeeded | Failed);
        answered && row.status.is_some_and(|status| range.contains(&status))
    });
    let reason = filter.reasons.is_empty()
        || (row.state.is_final() && row.reason.is_some_and(|r| filter.reasons.contains(&r)));
    filter
        .job
        .as_ref()
        .is_none_or(|id| *id == row.occurrence.job_id)
        && (filter.states.is_empty() || filter.states.contains(&row.state))
        && filter.kind.is_none_or(|kind| kind == row.occurrence.kind)
        && filter.from.is_none_or(|from| at >= from)
        && filter.to.is_none_or(|to| at < to)
        && status
        && reason
}

/// Filters of every part, alone and together.
fn filters() -> Vec<RunFilter> {
    use OccurrenceState::{
        Claimed, Coalesced, Failed, Firing, Missed, Skipped, Succeeded, Unknown,
    };
    let states = [
        vec![],
        vec![Failed],
        vec![Firing],
        vec![Claimed, Firing],
        vec![Succeeded],
        vec![Succeeded, Failed],
        vec![Failed, Unknown, Skipped, Missed, Coalesced, Claimed],
    ];
    let statuses = [
        None,
        Some(500..=599),
        Some(304..=304),
        Some(200..=304),
        Some(404..=404),
    ];
    let reasons = [
        vec![],
        vec![Reason::Status, Reason::Grace],
        vec![Reason::Shutdown],
    ];
    let kinds = [
        None,
        Some(OccurrenceKind::Manual),
        Some(OccurrenceKind::Scheduled),
    ];
    let times = [
        (None, None),
        (Some(after(3.1)), Some(after(20.2))),
        (Some(after(900.0)), None),
    ];
    let jobs = [None, Some(id("job-1"))];
    let mut filters = Vec::new();
    for n in 0..states.len() * statuses.len() * reasons.len() * kinds.len() * times.len() * 2 {
        let mut rest = n;
        let mut pick = |of: usize| {
            let picked = rest % of;
            rest /= of;
            picked
        };
        let (from, to) = times[pick(times.len())];
        filters.push(RunFilter {
            states: states[pick(states.len())].clone(),
            status: statuses[pick(statuses.len())].clone(),
            reasons: reasons[pick(reasons.len())].clone(),
            kind: kinds[pick(kinds.len())],
            job: jobs[pick(2)].clone(),
            from,
            to,
        });
    }
    filters
}

/// Bounds by which walks along several indexes end at different places.
const TIGHT: RunsBudget = RunsBudget {
    rows: 5,
    entries: 7,
    open: 3,
};

#[tokio::test]
async fn every_filter_shows_what_passes_in_order_and_once() {
    let bench = filled().await;
    let (everything, _) = walk(&bench.store, &all()).await;
    assert_eq!(everything.len() as i64, ROWS);
    let newest_first = |row: &LedgerEntry| (row.occurrence.fire_at, row.row_id);
    assert!(everything.is_sorted_by(|a, b| newest_first(a) > newest_first(b)));
    let tight = bench.another().await.with_runs_budget(TIGHT);
    let mut short = 0;
    for (n, filter) in filters().into_iter().enumerate() {
        let mut expected: Vec<i64> = everything
            .iter()
            .filter(|row| passes(&filter, row))
            .map(|row| row.row_id)
            .collect();
        for descending in [true, false] {
            let cases = [(&bench.store, 200), (&tight, 1 + n as u32 % 5)];
            for (store, limit) in cases {
                let request = RunsRequest {
                    filter: filter.clone(),
                    descending,
                    limit,
                    ..all()
                };
                let (found, pages) = walk(store, &request).await;
                let found: Vec<i64> = found.iter().map(|row| row.row_id).collect();
                assert_eq!(found, expected, "{request:?}");
                short += usize::from(pages > found.len() / limit as usize + 1);
            }
            expected.reverse();
        }
    }
    assert!(short > 100, "walks end before pages are full: {short}");
}

#[tokio::test]
async fn rows_that_are_added_between_pages_disturb_none() {
    let bench = filled().await;
    let states = vec![OccurrenceState::Failed, OccurrenceState::Missed];
    for (kind, states) in [(None, vec![]), (None, states)] {
        let filter = RunFilter {
            states,
            kind,
            ..RunFilter::default()
        };
        let mut request = RunsRequest {
            filter,
            limit: 7,
            ..all()
        };
        let (before, _) = walk(&bench.store, &request).await;
        let mut found = Vec::new();
        loop {
            let page = bench.store.runs(request.clone()).await.unwrap();
            found.extend(page.rows.into_iter().map(|row| row.row_id));
            let Some(next) = page.next else { break };
            request.after = Some(next);
            run_sql(
                &bench,
                "INSERT INTO occurrences (job_id, fire_at, last_fire_at, due_at, state) \
                 SELECT 'late', MAX(fire_at) + 1, 0, 0, 'failed' FROM occurrences",
            )
            .await;
        }
        let before: Vec<i64> = before.iter().map(|row| row.row_id).collect();
        assert_eq!(found, before);
        assert_eq!(HashSet::<i64>::from_iter(found).len(), before.len());
    }
}

/// A list tells what past attempts came to, without their answers; the row alone
/// tells all. What a firing row has of the attempt before it is not its own.
#[tokio::test]
async fn attempts_come_along() {
    let bench = Bench::new().await;
    run_sql(
        &bench,
        "INSERT INTO occurrences (row_id, job_id, fire_at, last_fire_at, due_at, state, attempt, \
         sent_at, status, error, body, reason, phases_json) VALUES \
         (1, 'a', 5, 5, 5, 'succeeded', 2, 6, 200, NULL, 'fine', NULL, '[1,2,3,4]'), \
         (2, 'b', 4, 4, 4, 'firing', 2, 6, 503, 'bad', 'busy', 'status', '[1,2,3,4]'), \
         (3, 'c', 3, 3, 3, 'unknown', 2, 6, 503, 'bad', 'busy', 'replica_died', '[1,2,3,4]'), \
         (4, 'd', 2, 2, 2, 'failed', 1, 6, 503, 'bad', 'busy', 'status', NULL); \
         INSERT INTO attempts (occurrence, number, reason, status, body) SELECT row_id, 1, \
         'status', 503, 'busy' FROM occurrences",
    )
    .await;
    let listed = bench.store.runs(all()).await.unwrap().rows;
    assert_eq!(listed.len(), 4);
    for row in listed {
        let whole = bench.store.run(row.row_id).await.unwrap().unwrap();
        let past = |row: &LedgerEntry| {
            let past = row.past_attempts.iter();
            past.map(|a| (a.number, a.status, a.reason))
                .collect::<Vec<_>>()
        };
        assert_eq!(past(&row), [(1, Some(503), Some(Reason::Status))]);
        assert_eq!(past(&row), past(&whole));
        assert_eq!(row.past_attempts[0].body, None);
        assert_eq!(whole.past_attempts[0].body.as_deref(), Some("busy"));
        assert_eq!(row.body, None);
        let own = [None, Some("fine"), None, None, Some("busy")];
        assert_eq!(whole.body.as_deref(), own[row.row_id as usize]);
        assert_eq!(whole.status.is_some(), matches!(row.row_id, 1 | 4));
        assert_eq!(row.phases.is_some(), row.row_id == 1);
    }
    assert_eq!(bench.store.run(5).await.unwrap(), None);
}
