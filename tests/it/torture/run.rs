//! One run: jobs, faults, changes of jobs all the while; then all heals, what is due
//! is waited for, all stop, and what is left is checked.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use sqlx::{Connection, Row};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::check::{self, Found, Left};
use super::client::{Caller, change_jobs};
use super::diary::Diary;
use super::faults;
use super::fleet::{Fleet, PATIENCE};
use super::jobs;
use super::kind::Kind;
use super::report::Line;
use super::rng::Rng;
use super::verify;
use super::world::World;

/// After how long a pause of all jobs that has left something is repeated.
const AGAIN: Duration = Duration::from_secs(5);

/// How large a run is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// How long faults are made.
    pub seconds: u64,
    /// Jobs that fire each second.
    pub recurring: u64,
    /// Clients that change their jobs.
    pub clients: u64,
}

/// Makes a run and checks it; what was found wrong comes with its diary.
pub async fn run(kind: Kind, seed: u64, size: Size) -> (Line, Result<(), String>) {
    let diary = Diary::new();
    let mut world = World::new(kind, diary.clone()).await;
    let made = tokio::spawn(async move {
        let left = make(kind, seed, size, &mut world).await;
        (left, world)
    });
    let (found, mut world) = match made.await {
        Ok((left, world)) => (check::check(&left), Some(world)),
        Err(error) => {
            let mut found = Found::default();
            let told = match error.try_into_panic() {
                Ok(told) => told
                    .downcast::<String>()
                    .map_or_else(|_| String::new(), |t| *t),
                Err(error) => error.to_string(),
            };
            found
                .faults
                .push(format!("it did not come to its end: {told}"));
            (found, None)
        }
    };
    let line = Line::new(kind, seed, &found, &diary);
    if found.faults.is_empty() {
        return (line, Ok(()));
    }
    let kept = world.as_mut().map(|world| world.disk.keep());
    (line, Err(told(kind, seed, size, &found, &diary, kept)))
}

fn told(
    kind: Kind,
    seed: u64,
    size: Size,
    found: &Found,
    diary: &Diary,
    kept: Option<std::path::PathBuf>,
) -> String {
    let shown: Vec<_> = found.faults.iter().take(20).cloned().collect();
    format!(
        "{} faults found in the run {} with seed {seed}; the first:\n{}\n\nwhat it did:\n{}\n\n\
         its files: {kept:?}\nagain: TORTURE_KIND={} TORTURE_SEED={seed} TORTURE_SECONDS={} \
         cargo test --test it -- torture",
        found.faults.len(),
        kind.name(),
        shown.join("\n"),
        diary.text(),
        kind.name(),
        size.seconds,
    )
}

async fn make(kind: Kind, seed: u64, size: Size, world: &mut World) -> Left {
    let mut rng = Rng::new(seed);
    let diary = world.diary.clone();
    diary.note(format!("{} with seed {seed}", kind.name()));
    let replicas = match kind {
        Kind::Rolling | Kind::Stop => rng.between(2, 3),
        _ => rng.between(1, 4),
    };
    let mut fleet = Fleet::start(kind, world, replicas, &mut rng).await;
    let caller = Caller::new(fleet.urls.clone());
    let span_ms = (size.seconds + 2) * 1_000;
    let dates = size.recurring * 2;
    let target = world.target.clone();
    let from_ms = world.clock.now() + 1_000;
    let lines = jobs::steady(&mut rng, &target, size.recurring, dates, from_ms, span_ms);
    caller
        .must(&mut rng, Method::POST, "/api/v1/import", Some(lines))
        .await;
    diary.note("jobs are there");

    let stop = CancellationToken::new();
    let clients = (0..size.clients).map(|name| {
        let caller = Caller::new(fleet.urls.clone());
        tokio::spawn(change_jobs(
            name,
            rng.fork(),
            caller,
            target.clone(),
            stop.clone(),
        ))
    });
    let clients: Vec<_> = clients.collect();
    let length = Duration::from_secs(size.seconds);
    faults::inject(kind, &mut rng, &mut fleet, world, length).await;
    world.heal();
    fleet.mend().await;
    stop.cancel();
    let mut acts = Vec::new();
    for client in clients {
        acts.extend(client.await.expect("a client"));
    }

    let recovered_at = recover(&mut rng, &caller, &fleet, world).await;
    settle(world, &fleet, recovered_at).await;
    // What a client asked for and did not wait for may be carried out after it.
    let started = std::time::Instant::now();
    let all = json!({"action": "pause", "filter": {}}).to_string();
    loop {
        let pause = Some(all.clone());
        caller
            .must(&mut rng, Method::POST, "/api/v1/jobs:bulk", pause)
            .await;
        if timeout(AGAIN, settle(world, &fleet, i64::MAX))
            .await
            .is_ok()
        {
            break;
        }
        assert!(
            started.elapsed() < PATIENCE,
            "it does not come to rest\n{}",
            fleet.said()
        );
    }
    diary.note("all is paused");
    fleet.stop_all().await;
    diary.note("all have stopped");

    let offences = verify::offences(world).await;
    let mut conn = world.stranger().await;
    let (ledger, jobs, sums) = check::read(&mut conn).await;
    conn.close().await.unwrap();
    Left {
        ledger,
        jobs,
        arrivals: world.target.arrivals(),
        acts,
        clock: world.clock.clone(),
        recovered_at,
        sums,
        offences,
    }
}

/// Puts jobs that are due at once until one has come: so what was due before it is
/// claimed. One of them may fail like any other. Answers with the fire time of the
/// one that came.
async fn recover(rng: &mut Rng, caller: &Caller, fleet: &Fleet, world: &World) -> i64 {
    let started = std::time::Instant::now();
    for n in 0.. {
        let at = world.clock.now();
        let id = jobs::id("recovery", n);
        let job = jobs::date(rng, &world.target, &id, at).to_string();
        let path = format!("/api/v1/jobs/{id}");
        caller.must(rng, Method::PUT, &path, Some(job)).await;
        if timeout(AGAIN, world.target.wait_for_job(&id)).await.is_ok() {
            world.diary.note("recovered");
            return at;
        }
        let said = || format!("nothing fires any more\n{}", fleet.said());
        assert!(started.elapsed() < PATIENCE, "{}", said());
    }
    unreachable!("it ends within the time")
}

/// Waits until every row of the ledger is final that was due before an instant; what
/// waits for the run before it is left out, since it may wait for long.
pub async fn settle(world: &World, fleet: &Fleet, before: i64) {
    let mut conn = world.stranger().await;
    let started = std::time::Instant::now();
    let sql = "SELECT json_group_array(json_array(job_id, fire_at, due_at, state, attempt, \
               replica, fence, queue)) \
               FROM occurrences WHERE state IN ('claimed', 'firing') AND due_at < ?1 \
               AND fire_at < ?1 AND (queue IS NULL OR ?1 > 9000000000000)";
    loop {
        let row = sqlx::query(sql).bind(before).fetch_one(&mut conn).await;
        let open: String = row.map_or_else(|error| error.to_string(), |row| row.get(0));
        if open == "[]" {
            break;
        }
        assert!(
            started.elapsed() < PATIENCE,
            "rows stay open: {open}
{}",
            fleet.said()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    conn.close().await.unwrap();
    world.diary.note("what was due has ended");
}
