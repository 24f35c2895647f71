//! The server on what was imported.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use schedule_server::app::Server;
use schedule_server::clock::ManualClock;
use schedule_server::config::Config;
use schedule_server::domain::job::JobId;
use schedule_server::domain::occurrence::{LedgerEntry, OccurrenceState};
use serde_json::{Value, json};

use super::{database, expected, fixture, import};
use crate::support::client;
use crate::support::replica::Replica;

/// How the Python service shows the time of a next run.
fn isoformat(at: &Value) -> Value {
    let Some(text) = at.as_str() else {
        return Value::Null;
    };
    // Whole milliseconds here.
    let at = DateTime::parse_from_rfc3339(text).unwrap();
    let ms = at.timestamp_subsec_millis();
    let whole = at.format("%Y-%m-%dT%H:%M:%S");
    match ms {
        0 => json!(format!("{whole}+00:00")),
        _ => json!(format!("{whole}.{ms:03}000+00:00")),
    }
}

/// The job as the Python service listed it.
fn listed(job: &Value) -> Value {
    let data = match job["type"].as_str().unwrap() {
        "cron" => job["fields"].clone(),
        "interval" => {
            let s = job["seconds"].as_i64().unwrap();
            json!({"hour": s / 3600, "minute": s / 60 % 60, "second": s % 60})
        }
        _ => {
            let at = &job["fire_times"][0].as_str().unwrap();
            let part = |from, to| at[from..to].parse::<i64>().unwrap();
            json!({"year": part(0, 4), "month": part(5, 7), "day": part(8, 10),
                "hour": part(11, 13), "minute": part(14, 16), "second": part(17, 19)})
        }
    };
    let paused = job["paused"] == json!(true) && job["id"] != json!("never");
    json!({
        "job_id": job["id"], "name": "requests_url", "type": job["type"], "data": data,
        "request_url": job["url"], "next_run_time": isoformat(&job["next_run_time"]),
        "status": if paused { "paused" } else { "running" },
    })
}

#[tokio::test]
async fn both_lists_show_the_jobs() {
    let dir = tempfile::tempdir().unwrap();
    let done = import(&dir, &[&fixture("jobs.sqlite").display().to_string()]).await;
    assert_eq!(done.code, Some(0), "{}", done.err);
    let replica = Replica::start(&[("DATABASE_URL", &database(&dir))]).await;
    let get = async |path: &str| -> Value {
        let answer = client().get(replica.at(path)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    };
    let list = get("/scheduler/get_jobs").await;
    let list = list["data"]["task_list"].as_array().unwrap();
    // What is overdue is settled as soon as the server runs.
    let expected: Vec<Value> = expected()
        .into_iter()
        .filter(|job| job["id"] != json!("date-overdue"))
        .collect();
    for wanted in &expected {
        let id = &wanted["id"];
        let found = list.iter().find(|job| job["job_id"] == *id);
        let mut found = found
            .unwrap_or_else(|| panic!("{id} is not listed"))
            .clone();
        let mut wanted = listed(wanted);
        match id.as_str().unwrap() {
            "cron-zero-step" => wanted["data"]["hour"] = json!("0"),
            // Its wall clock is UTC here, and its next run without the jitter.
            "cron-jitter" | "cron-jitter-float" | "interval-jitter" => {
                found["next_run_time"].take();
                wanted["next_run_time"].take();
            }
            _ => {}
        }
        assert_eq!(found, wanted);
    }
    // By next run, ties in the order of adding, those without one last.
    let left_out =
        |id: &Value| *id == json!("date-overdue") || id.as_str().unwrap().contains("jitter");
    let mut order: Vec<Value> = expected.iter().map(listed).collect();
    order.sort_by_key(|job| {
        let next = job["next_run_time"].as_str();
        (
            next.is_none(),
            next.map(|at| at.parse::<DateTime<Utc>>().unwrap()),
        )
    });
    let ids = |jobs: &[Value]| -> Vec<Value> {
        let ids = jobs.iter().map(|job| job["job_id"].clone());
        ids.filter(|id| !left_out(id)).collect()
    };
    assert_eq!(ids(list), ids(&order));
    let mut page = get("/api/v1/jobs?limit=100").await;
    let ids: Vec<String> = page["items"]
        .as_array_mut()
        .unwrap_or_else(|| panic!("no items"))
        .iter()
        .map(|job| job["job_id"].as_str().unwrap().to_owned())
        .collect();
    for wanted in &expected {
        assert!(ids.iter().any(|id| wanted["id"] == json!(id)), "{wanted}");
    }
}

#[tokio::test]
async fn a_job_is_what_the_api_would_have_stored() {
    let dir = tempfile::tempdir().unwrap();
    let path = fixture("jobs.sqlite").display().to_string();
    assert_eq!(import(&dir, &[&path]).await.code, Some(0));
    let replica = Replica::start(&[("DATABASE_URL", &database(&dir))]).await;
    let definition = async |job_id: &str| -> Value {
        let url = replica.at(&format!("/api/v1/jobs/{job_id}"));
        let answer = client().get(url).send().await.unwrap();
        let mut job: Value = answer.json().await.unwrap();
        job["status"].take();
        job
    };
    let cron = json!({"second": "0", "minute": "*/3", "hour": "*", "day": "*", "month": "*",
        "day_of_week": "*"});
    let date = json!({"year": 2040, "month": 2, "day": 29, "hour": 12, "minute": 30, "second": 5});
    for (kind, job_id, mut job) in [("cron", "docs", cron), ("date", "date-utc", date)] {
        let imported = definition(job_id).await;
        job["job_id"] = json!(job_id);
        job["url"] = imported["request"]["url"].clone();
        let url = replica.at(&format!("/scheduler/{kind}/add_job"));
        let answer = client().post(url).json(&job).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(definition(job_id).await, imported);
    }
}

/// The newest entry of the ledger once there is one.
async fn settled(server: &Server, job_id: &str) -> LedgerEntry {
    let id = JobId::new(job_id).unwrap();
    loop {
        let ledger = server.store.ledger(&id, 10).await.unwrap();
        if let Some(entry) = ledger.into_iter().find(|e| e.state.is_final()) {
            return entry;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn what_was_due_while_nothing_ran_is_on_record() {
    let dir = tempfile::tempdir().unwrap();
    let path = fixture("jobs.sqlite").display().to_string();
    assert_eq!(import(&dir, &[&path]).await.code, Some(0));
    // Two hours after the next run that the Python service had planned.
    let now = "2039-01-01T05:00:00Z".parse().unwrap();
    let clock = Arc::new(ManualClock::new(now));
    let flags = [
        format!("--database-url={}", database(&dir)),
        "--bind=127.0.0.1:0".to_owned(),
    ];
    let config = Config::from_args(flags.iter().map(String::as_str)).unwrap();
    let server = Server::start(&config, clock).await.unwrap();
    for (job_id, fire_at) in [
        ("date-overdue", "2022-11-18T07:00:00Z"),
        ("misfire-60", "2039-01-01T03:00:00Z"),
    ] {
        let entry = settled(&server, job_id).await;
        assert_eq!(
            entry.occurrence.fire_at,
            fire_at.parse::<DateTime<Utc>>().unwrap()
        );
        assert_eq!(entry.state, OccurrenceState::Missed, "{job_id}");
    }
    // Within its grace the last one is sent for all, on the old grid.
    let entry = settled(&server, "interval-fixed").await;
    let ms = entry.occurrence.fire_at.timestamp_millis();
    assert_eq!(ms.rem_euclid(3_600_000), 7_250);
    server.stop().await;
}
