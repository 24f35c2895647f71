//! A day in the life of a server: jobs of all kinds, changed in between, over a night
//! in which the clocks are put back. What it leaves is proven.

use std::fmt::Write as _;
use std::path::Path;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::verify;
use crate::support::stage::{Stage, instant};
use crate::support::target::Arrival;

/// The file of a server that has stopped, and what its target received.
pub struct Left {
    dir: TempDir,
}

impl Left {
    pub fn database(&self) -> String {
        url(&self.dir)
    }

    pub fn log(&self) -> String {
        self.dir.path().join("log").display().to_string()
    }

    /// The same in a folder of its own.
    pub fn copy(&self) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for name in ["s.db", "log"] {
            std::fs::copy(self.dir.path().join(name), dir.path().join(name)).unwrap();
        }
        Self { dir }
    }

    /// Meddles with the file; how many rows were changed.
    pub async fn meddle(&self, sql: &'static str) -> u64 {
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(self.dir.path().join("s.db"))
            .foreign_keys(false);
        let mut conn = sqlx::ConnectOptions::connect(&options).await.unwrap();
        let done = sqlx::query(sql).execute(&mut conn).await.unwrap();
        sqlx::Connection::close(conn).await.unwrap();
        done.rows_affected()
    }

    pub fn meddle_with_log(&self, change: impl Fn(Vec<Value>) -> Vec<Value>) {
        let text = std::fs::read_to_string(self.log()).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        write_log(self.dir.path(), change(lines.collect()));
    }
}

pub fn url(dir: &TempDir) -> String {
    format!("sqlite://{}/s.db", dir.path().display())
}

pub fn write_log(dir: &Path, lines: Vec<Value>) {
    let mut text = String::new();
    for line in lines {
        writeln!(text, "{line}").unwrap();
    }
    std::fs::write(dir.join("log"), text).unwrap();
}

/// A line of the log. The target's clock is not the server's, which moves when told:
/// what came is dated by its fire time.
pub fn line(arrival: &Arrival) -> Value {
    let attempt: u32 = arrival.header("x-schedule-attempt").parse().unwrap();
    json!({
        "job_id": arrival.job_id(), "fire_id": arrival.fire_id(), "attempt": attempt,
        "at_ms": arrival.fire_at().timestamp_millis(),
    })
}

/// Stops the server and keeps what it leaves.
async fn stopped(stage: Stage) -> Left {
    let Stage { app, target, .. } = stage;
    app.server.stop().await;
    let dir = tempfile::tempdir().unwrap();
    let file = app.dir.path().join("s.db");
    assert!(!file.with_extension("db-wal").exists(), "it was closed");
    std::fs::copy(file, dir.path().join("s.db")).unwrap();
    write_log(dir.path(), target.arrivals().iter().map(line).collect());
    Left { dir }
}

/// What a server leaves that ran jobs of all kinds.
pub async fn told() -> Left {
    let stage = Stage::with("2031-10-25T23:59:00Z", &["--send-timeout=5m"]).await;
    let berlin = |dst: Value| json!({"type": "cron", "cron": "30 2 * * *", "timezone": "Europe/Berlin", "dst": dst});
    let tens = |more: Value| {
        let mut trigger = json!({"type": "interval", "seconds": 10});
        for (name, part) in more.as_object().unwrap() {
            trigger[name] = part.clone();
        }
        trigger
    };
    let at = |path: &str| json!({"url": stage.target.at(path)});
    let late = json!({"misfire_grace": "unlimited"});
    for (id, whole) in [
        (
            "once",
            json!({"trigger": {"type": "date", "at": "2031-10-25T23:59:30Z"}}),
        ),
        (
            "night",
            json!({"trigger": berlin(json!({})), "policies": late}),
        ),
        (
            "missed",
            json!({"trigger": berlin(json!({"fold": "first"}))}),
        ),
        ("tick", json!({"trigger": tens(json!({}))})),
        (
            "spread",
            json!({"trigger": tens(json!({"jitter_ms": 5_000}))}),
        ),
        (
            "short",
            json!({"trigger": tens(json!({"end": "2031-10-25T23:59:35Z"}))}),
        ),
        (
            "all",
            json!({"trigger": tens(json!({})),
                "policies": {"catch_up": {"all": 3}, "overlap": {"allow": 10}}}),
        ),
        (
            "none",
            json!({"trigger": tens(json!({})), "policies": {"catch_up": "none"}}),
        ),
        (
            "retried",
            json!({"request": at("/flaky/2"),
                "policies": {"retry": {"attempts": 4, "delay": {"fixed_ms": 1_000}}},
                "trigger": {"type": "interval", "days": 1, "start": "2031-10-25T23:59:20Z"}}),
        ),
        (
            "failing",
            json!({"trigger": tens(json!({})), "request": at("/status/500"),
                "policies": {"pause_after_failures": 2}}),
        ),
        (
            "waiting",
            json!({"trigger": tens(json!({})),
                "policies": {"pause_until": "2031-10-26T00:00:00Z"}}),
        ),
        (
            "queue",
            json!({"trigger": tens(json!({})), "request": at("/held"),
                "policies": {"overlap": {"queue": 1}}}),
        ),
        (
            "skip",
            json!({"trigger": tens(json!({})), "request": at("/held")}),
        ),
        ("gone", json!({"trigger": tens(json!({}))})),
        ("hand", json!({})),
    ] {
        let mut whole = whole;
        if let Some(retry) = whole["policies"]
            .as_object_mut()
            .and_then(|p| p.remove("retry"))
        {
            whole["retry"] = retry;
        }
        stage.put(id, whole).await;
    }
    let quick = [
        "once", "tick", "short", "all", "none", "failing", "waiting", "gone",
    ];
    for second in 1..=7 {
        let start = instant("2031-10-25T23:59:00Z");
        stage.clock.set(start + TimeDelta::seconds(10 * second));
        for id in quick {
            stage.settled(id).await;
        }
        if second == 2 {
            for n in 1..=2 {
                stage.arrived("retried", n).await;
                let waits = |rows: &[String]| rows[0].starts_with("claimed");
                stage.api.recent("retried", waits).await;
                stage.advance_ms(1_000);
            }
            stage.settled("retried").await;
            stage.ran("hand").await;
        }
        if second == 3 {
            let three = |rows: &[String]| rows.len() == 3;
            stage.api.recent("queue", three).await;
            stage.api.recent("skip", three).await;
        }
    }
    // Twice: what waits in the queue has its turn.
    stage.target.let_go(3);
    for id in ["queue", "skip"] {
        stage.api.act(id, "pause", json!({})).await;
    }
    stage.settled("queue").await;
    for id in ["tick", "waiting"] {
        stage.api.act(id, "pause", json!({})).await;
    }
    stage.advance_ms(15_000);
    stage.api.act("tick", "resume", json!({})).await;
    stage.api.act("waiting", "resume", json!({})).await;
    stage
        .put(
            "spread",
            json!({"trigger": {"type": "cron", "cron": "*/5 * * * *"}}),
        )
        .await;
    let (status, _) = stage.api.call(reqwest::Method::DELETE, "/gone", None).await;
    assert_eq!(status, 204);
    let all = [
        "night", "missed", "tick", "all", "none", "waiting", "spread",
    ];
    stage.go("2031-10-26T00:45:05Z", &all).await;
    stage.go("2031-10-26T01:30:00Z", &all).await;
    stopped(stage).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_with_jobs_of_all_kinds_is_proven() {
    let left = told().await;
    let log = left.log();
    let (code, report) = verify(&left.database(), &["--target-log", &log]).await;
    assert_eq!(
        (code, &report["proven"]),
        (Some(0), &json!(true)),
        "{report:#}"
    );
    assert_eq!(report["received"], report["sent"], "{report:#}");
    let states: Vec<_> = report["states"].as_array().unwrap().iter().collect();
    let seen = |state: &str, reason: Value| {
        let found = states
            .iter()
            .find(|s| s["state"] == state && s["reason"] == reason);
        assert!(found.is_some(), "{state}, {reason}: {states:#?}");
    };
    seen("succeeded", json!(null));
    seen("coalesced", json!(null));
    seen("failed", json!("status"));
    seen("missed", json!("grace"));
    seen("missed", json!("no_catch_up"));
    for reason in ["overlap", "queue_full", "pause_until", "ended", "paused"] {
        seen("skipped", json!(reason));
    }
    let planned = report["planned"].as_u64().unwrap();
    assert!(planned > 2_000, "{planned}");
}
