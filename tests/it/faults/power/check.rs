//! A server started on what a loss of power left, and what must be true of it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::time::Duration;

use chrono::Utc;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row, SqliteConnection};

use super::load::{Deed, Deeds, Wanted};
use crate::support::fleet::{Entry, assert_no_gap, ledger_of};
use crate::support::replica::Replica;
use crate::support::sums::differences;
use crate::support::target::{Arrival, Target};

/// The history before the loss.
pub struct Past<'a> {
    pub deeds: &'a Deeds,
    /// What had come to the target.
    pub arrivals: Vec<Arrival>,
    /// Unix ns.
    pub lost_at: i64,
}

/// What was looked at.
#[derive(Debug, Default)]
pub struct Seen {
    pub answered: usize,
    pub before: usize,
    pub after: usize,
    pub states: BTreeMap<&'static str, i64>,
}

/// Starts a server on the file, lets it go on for a while, and holds what was
/// answered and received before the loss against what it knows.
pub async fn goes_on(file: &Path, past: &Past<'_>, target: &Target) -> Seen {
    assert!(file.exists(), "the database itself is lost");
    let came_before = target.arrivals().len();
    let started = Utc::now().timestamp_millis();
    let database = format!("sqlite://{}", file.display());
    let mut server = Replica::start(&[("DATABASE_URL", &*database), ("LEASE", "2s")]).await;
    let options = SqliteConnectOptions::new().filename(file);
    let mut conn = options.connect().await.unwrap();
    let whole = sqlx::query_scalar::<_, String>("PRAGMA integrity_check");
    assert_eq!(whole.fetch_one(&mut conn).await.unwrap(), "ok");
    let answered = check_jobs(&mut conn, past).await;

    let running = names(&mut conn, "SELECT job_id FROM jobs WHERE state = 'running'").await;
    settle(file, started, &running).await;
    let client = crate::support::client();
    for job in names(&mut conn, "SELECT job_id FROM jobs").await {
        let url = server.at(&format!("/scheduler/remove_job?job_id={job}"));
        client.delete(url).send().await.unwrap();
    }
    while ledger_of(file).await.iter().any(|e| !e.state.is_final()) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(server.terminate().await.code(), Some(0));

    let ledger = ledger_of(file).await;
    let after = target.arrivals().split_off(came_before);
    check_arrivals(&ledger, past, &after);
    check_schedules(&ledger, past, &after);
    assert_eq!(differences(&mut conn).await, Vec::<String>::new());
    let mut seen = Seen {
        answered,
        before: past.arrivals.len(),
        after: after.len(),
        ..Seen::default()
    };
    for row in &ledger {
        *seen.states.entry(row.state.as_str()).or_default() += row.count;
    }
    seen
}

async fn names(conn: &mut SqliteConnection, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(conn).await.unwrap()
}

/// Waits until each recurring job has fired since the start, and nothing of the
/// others is open.
async fn settle(file: &Path, started: i64, running: &[String]) {
    let begun = std::time::Instant::now();
    loop {
        let ledger = ledger_of(file).await;
        let fired = |e: &&Entry| e.state.is_final() && e.last_fire_at >= started;
        let fired: HashSet<&str> = ledger
            .iter()
            .filter(fired)
            .map(|e| e.job_id.as_str())
            .collect();
        let late = |job: &&String| !job.contains("-date-") && !fired.contains(job.as_str());
        let late: Vec<_> = running.iter().filter(late).collect();
        let old = |e: &&Entry| !e.state.is_final() && e.fire_at < started;
        let open: Vec<_> = ledger.iter().filter(old).collect();
        if late.is_empty() && open.is_empty() {
            return;
        }
        assert!(
            begun.elapsed().as_secs() < 60,
            "do not go on: {late:?}, stay open: {open:?}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What a job may be after the loss: what was answered last before it, or what
/// was asked for and not answered yet; `None`: nothing was answered.
fn allowed(deeds: &[Deed], lost_at: i64) -> (Option<&Wanted>, Vec<&Wanted>) {
    let answered = |d: &Deed| d.answered_ns.is_some_and(|at| at < lost_at);
    let sure = deeds.iter().rposition(answered);
    let behind = sure.map_or(0, |n| n + 1);
    let maybe = deeds[behind..].iter().filter(|d| d.asked_ns < lost_at);
    (
        sure.map(|n| &deeds[n].wanted),
        maybe.map(|d| &d.wanted).collect(),
    )
}

/// Each job is as its client was told; how many there were.
async fn check_jobs(conn: &mut SqliteConnection, past: &Past<'_>) -> usize {
    let rows = sqlx::query("SELECT job_id, state, url FROM jobs").fetch_all(&mut *conn);
    let rows = rows.await.unwrap();
    let jobs: HashMap<String, Wanted> = rows
        .iter()
        .map(|row| {
            let id: String = row.get("job_id");
            let (state, url): (&str, &str) = (row.get("state"), row.get("url"));
            let version = || url.rsplit('/').next().unwrap().parse().unwrap();
            let now = match state {
                _ if id.contains("-date-") => Wanted::Once,
                "paused" => Wanted::Paused(version()),
                _ => Wanted::Running(version()),
            };
            (id, now)
        })
        .collect();
    let with_row = names(conn, "SELECT DISTINCT job_id FROM occurrences").await;
    let mut answered = 0;
    for (id, deeds) in past.deeds {
        let (sure, maybe) = allowed(deeds, past.lost_at);
        let (Some(sure), now) = (sure, jobs.get(id)) else {
            continue;
        };
        answered += 1;
        let has_fired = *sure == Wanted::Once && now.is_none() && with_row.contains(id);
        let now = now.unwrap_or(&Wanted::Removed);
        assert!(
            now == sure || maybe.contains(&now) || has_fired,
            "{id} was answered to be {sure:?} (then {maybe:?} asked for), and is {now:?}"
        );
    }
    answered
}

/// Nothing came twice, and what came has a row that does not deny it.
fn check_arrivals(ledger: &[Entry], past: &Past<'_>, after: &[Arrival]) {
    let rows: HashMap<String, &Entry> = ledger.iter().map(|e| (e.fire_id(), e)).collect();
    let mut came = HashSet::new();
    for arrival in past.arrivals.iter().chain(after) {
        let id = arrival.fire_id();
        assert!(came.insert(id), "came twice: {arrival:?}");
        let row = rows
            .get(id)
            .unwrap_or_else(|| panic!("came without a row: {arrival:?}"));
        assert!(
            row.sent || row.state.as_str() == "unknown",
            "{arrival:?} came, but the ledger says {row:?}"
        );
    }
    for (id, row) in &rows {
        let came = came.contains(id.as_str());
        assert!(
            came || row.state.as_str() != "succeeded",
            "never came: {row:?}"
        );
    }
}

/// No fire time of a job that nobody changed is without a row; nothing of a
/// paused or removed job arrives.
fn check_schedules(ledger: &[Entry], past: &Past<'_>, after: &[Arrival]) {
    for (id, deeds) in past.deeds {
        let (Some(sure), maybe) = allowed(deeds, past.lost_at) else {
            continue;
        };
        let quiet = |w: &Wanted| matches!(w, Wanted::Paused(_) | Wanted::Removed);
        if quiet(sure) && maybe.iter().all(|w| quiet(w)) {
            let arrival = after.iter().find(|a| a.job_id() == id);
            assert!(arrival.is_none(), "{id} is {sure:?}: {arrival:?}");
        }
        let rows: Vec<&Entry> = ledger.iter().filter(|e| e.job_id == *id).collect();
        if *sure == Wanted::Once {
            assert_eq!(rows.len(), 1, "{id}: {rows:?}");
        }
        if id.contains("-steady-") {
            assert_no_gap(ledger, id, 1_000);
            let added_ms = deeds[0].answered_ns.unwrap() / 1_000_000;
            assert!(rows[0].fire_at <= added_ms + 1_000, "{id}: {:?}", rows[0]);
        }
    }
}
