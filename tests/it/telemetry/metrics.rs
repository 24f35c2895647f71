//! `/metrics` of a real server, after real firings.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use schedule_server::domain::policy::Policies;
use schedule_server::domain::retry::{Delay, Retry};
use schedule_server::domain::target::Request;
use schedule_server::telemetry::table::FAMILIES;
use serde_json::json;

use super::exposition::Exposition;
use crate::support::app::App;
use crate::support::redis::Redis;
use crate::support::target::Target;

pub async fn scrape(app: &App) -> Exposition {
    let answer = app.client.get(app.at("/metrics")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let kind = answer.headers()["content-type"].to_str().unwrap();
    assert_eq!(kind, "text/plain; version=0.0.4; charset=utf-8");
    let exposition = Exposition::read(&answer.text().await.unwrap());
    exposition.lint();
    exposition
}

/// Scrapes until that series has this value.
pub async fn scrape_until(app: &App, series: &str, value: f64) -> Exposition {
    let started = Instant::now();
    loop {
        let seen = scrape(app).await;
        if seen.get(series) == value {
            return seen;
        }
        let now = seen.get(series);
        assert!(started.elapsed().as_secs() < 120, "{series} is {now}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn retry(attempts: u32) -> Policies {
    Policies {
        retry: Some(Retry {
            attempts,
            delay: Delay::FixedMs(10),
            ..Retry::default()
        }),
        ..Policies::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_fired_is_counted_exactly() {
    let (app, target) = (App::start(&[]).await, Target::start().await);
    for n in 0..3 {
        app.fire_now(&format!("good{n}"), &target.at("/ok")).await;
    }
    for n in 0..2 {
        app.fire_now(&format!("bad{n}"), &target.at("/status/500"))
            .await;
    }
    app.fire_with("flaky", &target.at("/flaky/2"), retry(5))
        .await;
    let mut hang = Request::get(target.at("/hang"));
    hang.timeout_ms = Some(200);
    app.fire_request("late", hang, Policies::default()).await;
    app.fire_now("nowhere", "no url at all").await;
    for job in [
        "good0", "good1", "good2", "bad0", "bad1", "flaky", "late", "nowhere",
    ] {
        app.final_entry(job).await;
    }
    let seen = scrape(&app).await;
    let fired = |state: &str, reason: &str| {
        let labels = format!("kind=\"scheduled\",state=\"{state}\",reason=\"{reason}\"");
        seen.get(&format!("schedule_firings_total{{{labels}}}"))
    };
    assert_eq!(fired("succeeded", "none"), 4.0);
    assert_eq!(fired("failed", "status"), 2.0);
    assert_eq!(fired("failed", "timeout"), 1.0);
    assert_eq!(fired("failed", "invalid_url"), 1.0);
    let firings = seen
        .series
        .iter()
        .filter(|(name, _)| name.starts_with("schedule_firings_total"));
    assert_eq!(firings.map(|(_, value)| value).sum::<f64>(), 8.0);
    assert_eq!(seen.get("schedule_attempts_total"), 9.0);
    assert_eq!(seen.get("schedule_retries_total"), 2.0);
    assert_eq!(seen.get("schedule_lateness_seconds_count"), 9.0);
    assert_eq!(seen.get("schedule_attempt_duration_seconds_count"), 9.0);
    assert!(seen.get("schedule_attempt_duration_seconds_sum") >= 0.2);
    assert_eq!(seen.get("schedule_claims_total{result=\"planned\"}"), 8.0);
    assert_eq!(seen.get("schedule_claims_total{result=\"lost\"}"), 0.0);
    // A retry passes the lock again.
    let acquired = "schedule_locks_total{lock=\"store\",result=\"acquired\"}";
    assert_eq!(seen.get(acquired), 10.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn states_are_those_of_now() {
    let (app, target) = (
        App::start(&["--send-concurrency-per-host=1"]).await,
        Target::start().await,
    );
    app.fire_in("later", &target.at("/ok"), 3600).await;
    app.fire_now("one", &target.at("/held")).await;
    app.fire_now("two", &target.at("/held")).await;
    target.wait_for(1).await;
    scrape_until(&app, "schedule_sends_waiting", 1.0).await;
    let seen = scrape_until(&app, "schedule_part_up{part=\"ticker\"}", 1.0).await;
    for (name, value) in [
        ("schedule_sends_in_flight", 1.0),
        ("schedule_lease_valid", 1.0),
        ("schedule_ready", 1.0),
        ("schedule_part_up{part=\"store\"}", 1.0),
        ("schedule_part_up{part=\"ticker\"}", 1.0),
        ("schedule_jobs{state=\"running\",kind=\"date\"}", 1.0),
        ("schedule_jobs{state=\"paused\",kind=\"cron\"}", 0.0),
    ] {
        assert_eq!(seen.get(name), value, "{name}");
    }
    assert!(seen.get("schedule_ticker_age_seconds") > 0.0);
    assert!(seen.get("process_start_time_seconds") > 1.7e9);
    assert!(seen.get("process_open_fds") > 3.0);
    assert!(seen.get("process_resident_memory_bytes") > 1e6);
    assert!(seen.get("process_cpu_seconds_total") > 0.0);
    let version = env!("CARGO_PKG_VERSION");
    let build = format!("schedule_build_info{{version=\"{version}\"}}");
    assert_eq!(seen.get(&build), 1.0);
    target.let_go(2);
    scrape_until(&app, "schedule_sends_in_flight", 0.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_counted_by_route_and_not_by_path() {
    let app = App::start(&[]).await;
    for path in [
        "/api/v1/jobs/none",
        "/api/v1/jobs/nothing",
        "/made/up",
        "/made/up/too",
    ] {
        app.client.get(app.at(path)).send().await.unwrap();
    }
    let made_up = reqwest::Method::from_bytes(b"MADEUP").unwrap();
    app.client
        .request(made_up, app.at("/healthz"))
        .send()
        .await
        .unwrap();
    let seen = scrape(&app).await;
    let count = |route: &str, method: &str, status: &str| {
        let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
        seen.get(&format!("schedule_http_requests_total{{{labels}}}"))
    };
    assert_eq!(count("/api/v1/jobs/{job_id}", "GET", "4xx"), 2.0);
    assert_eq!(count("other", "GET", "4xx"), 2.0);
    assert_eq!(count("other", "other", "4xx"), 1.0);
    assert_eq!(
        seen.get("schedule_http_request_duration_seconds_count{route=\"other\",method=\"GET\"}"),
        2.0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missed_and_a_lock_that_is_away_are_counted() {
    let mut redis = Redis::start().await;
    let url = format!("--redis-url={}", redis.url());
    let (app, target) = (
        App::start(&[&url, "--lock-timeout=100ms"]).await,
        Target::start().await,
    );
    app.fire_now("there", &target.at("/ok")).await;
    app.final_entry("there").await;
    redis.kill().await;
    app.fire_now("away", &target.at("/ok")).await;
    app.final_entry("away").await;
    app.fire_in("old", &target.at("/ok"), -3600).await;
    let missed = app.final_entry("old").await;
    let reason = missed.reason.unwrap().as_str();
    let seen = scrape(&app).await;
    let lock = |result: &str| {
        seen.get(&format!(
            "schedule_locks_total{{lock=\"redis\",result=\"{result}\"}}"
        ))
    };
    assert_eq!((lock("acquired"), lock("unavailable")), (1.0, 1.0));
    let old =
        format!("schedule_occurrences_not_fired_total{{state=\"missed\",reason=\"{reason}\"}}");
    assert_eq!(seen.get(&old), 1.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_metric_is_documented_and_shown() {
    let docs = include_str!("../../../docs/OPERATIONS.md");
    let rows = docs.lines().filter_map(|line| line.strip_prefix("| `"));
    let told: BTreeSet<&str> = rows
        .filter_map(|row| row.split(['`', '{']).next())
        .collect();
    let app = App::start(&[]).await;
    app.add(
        "interval",
        json!({"job_id": "i", "url": "http://127.0.0.1:9/", "hours": 1}),
    )
    .await;
    let seen = scrape(&app).await;
    for name in FAMILIES
        .iter()
        .map(|family| family.name)
        .chain(seen.families.keys().map(String::as_str))
    {
        assert!(told.contains(name), "{name} is not in docs/OPERATIONS.md");
    }
    let shown = |name: &&str| seen.families.contains_key(*name);
    let names: BTreeSet<&str> = FAMILIES.iter().map(|family| family.name).collect();
    assert_eq!(names.len(), FAMILIES.len(), "a name comes twice");
    // Those whose labels are known only when something happens.
    let later = ["schedule_occurrences_not_fired_total"];
    let missing: Vec<_> = names.iter().filter(|name| !shown(name)).collect();
    assert!(
        missing.iter().all(|name| later.contains(name)),
        "{missing:?}"
    );
}
