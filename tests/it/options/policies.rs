//! What becomes of fire times that are late or not wanted, and who goes first.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::stage::Stage;

/// Fires every ten seconds; `path` says what the target answers.
pub async fn every_ten_seconds(stage: &Stage, id: &str, path: &str, policies: Value) {
    let trigger = json!({"type": "interval", "seconds": 10});
    let request = json!({"url": stage.target.at(path)});
    let whole = json!({"trigger": trigger, "request": request, "policies": policies});
    stage.put(id, whole).await;
}

/// At 13:01:10, 70 s after the first fire time: what is on record of that one,
/// and what was sent.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_later_than_its_grace_is_missed() {
    const FIRST: &str = "2031-05-01T13:00:00Z";
    const SECOND: &str = "2031-05-01T13:01:00Z";
    let cron = json!({"type": "cron", "cron": "0 13 * * *"});
    let interval = json!({"type": "interval", "seconds": 60});
    let cases = [
        (
            "short",
            &cron,
            json!({"ms": 69_999}),
            "missed/grace",
            vec![],
        ),
        (
            "long",
            &cron,
            json!({"ms": 70_000}),
            "succeeded",
            vec![FIRST],
        ),
        (
            "unlimited",
            &cron,
            json!("unlimited"),
            "succeeded",
            vec![FIRST],
        ),
        ("cron-default", &cron, json!(null), "missed/grace", vec![]),
        (
            "interval-short",
            &interval,
            json!({"ms": 69_999}),
            "missed/grace",
            vec![SECOND],
        ),
        (
            "interval-default",
            &interval,
            json!(null),
            "coalesced",
            vec![SECOND],
        ),
    ];
    let stage = Stage::at("2031-05-01T12:59:00Z").await;
    for (id, trigger, grace, ..) in &cases {
        let policies = json!({"misfire_grace": grace});
        let whole = json!({"trigger": trigger, "policies": policies});
        stage.put(id, whole).await;
    }
    let ids = cases.each_ref().map(|case| case.0);
    stage.go("2031-05-01T13:01:10Z", &ids).await;
    for (id, _, grace, of_first, sent) in &cases {
        let rows = stage.api.recent(id, |_| true).await;
        assert_eq!(rows.last().unwrap(), of_first, "{id}: {grace}");
        assert_eq!(stage.fired(id), *sent, "{id}: {grace}");
    }
}

/// Six fire times are overdue, the last one by 5 s.
#[tokio::test(flavor = "multi_thread")]
async fn so_many_of_those_overdue_are_caught_up() {
    let [fourth, fifth, last] = ["12:00:40", "12:00:50", "12:01:00"];
    let cases = [
        (
            "none",
            json!("none"),
            vec![],
            json!(["missed", "no_catch_up", 6]),
        ),
        (
            "latest",
            json!("latest"),
            vec![last],
            json!(["coalesced", null, 5]),
        ),
        (
            "default",
            json!(null),
            vec![last],
            json!(["coalesced", null, 5]),
        ),
        (
            "all",
            json!({"all": 3}),
            vec![fourth, fifth, last],
            json!(["coalesced", null, 3]),
        ),
    ];
    let stage = Stage::any().await;
    for (id, catch_up, ..) in &cases {
        let mut policies = json!({"overlap": {"allow": 10}});
        if !catch_up.is_null() {
            policies["catch_up"] = catch_up.clone();
        }
        every_ten_seconds(&stage, id, "/ok", policies).await;
    }
    let ids = cases.each_ref().map(|case| case.0);
    stage.go("2031-05-01T12:01:05Z", &ids).await;
    for (id, _, fires, oldest) in &cases {
        let mut fired = stage.fired(id);
        fired.sort();
        let fires: Vec<_> = fires.iter().map(|at| format!("2031-05-01T{at}Z")).collect();
        assert_eq!(fired, fires, "{id}");
        let job = stage.api.job(id).await.unwrap();
        let row = job["status"]["recent"].as_array().unwrap().last().unwrap();
        assert_eq!(
            json!([row["state"], row["reason"], row["count"]]),
            *oldest,
            "{id}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_before_the_end_of_a_pause() {
    let stage = Stage::any().await;
    let policies = json!({"pause_until": "2031-05-01T14:00:25+02:00"});
    every_ten_seconds(&stage, "tick", "/ok", policies).await;
    let job = stage.api.job("tick").await.unwrap();
    assert_eq!(job["status"]["state"], "paused");
    assert_eq!(job["status"]["paused_by"], "pause_until");
    assert_eq!(job["status"]["next_fire_at"], "2031-05-01T12:00:30.000Z");
    for n in 1..=2 {
        stage.advance_ms(10_000);
        let all = |rows: &[String]| rows == vec!["skipped/pause_until"; n];
        stage.api.recent("tick", all).await;
    }
    stage.go("2031-05-01T12:00:30Z", &["tick"]).await;
    assert_eq!(stage.fired("tick"), ["2031-05-01T12:00:30Z"]);
    // A patch sets it anew, and takes it back.
    for (until, state) in [
        (json!("2031-05-01T13:00:00Z"), "paused"),
        (json!(null), "running"),
    ] {
        let parts = json!({"policies": {"pause_until": until}});
        let job = stage.api.patch("tick", &parts).await;
        assert_eq!(job["status"]["state"], state);
    }
    stage.go("2031-05-01T12:00:40Z", &["tick"]).await;
    assert_eq!(stage.fired("tick")[1..], ["2031-05-01T12:00:40Z"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_fails_too_often_is_paused() {
    let stage = Stage::any().await;
    let policies = json!({"pause_after_failures": 2});
    every_ten_seconds(&stage, "tick", "/status/500", policies).await;
    for at in ["12:00:10", "12:00:20", "12:00:30", "12:00:40"] {
        stage.go(&format!("2031-05-01T{at}Z"), &["tick"]).await;
    }
    stage.a_while().await;
    let job = stage.api.job("tick").await.unwrap();
    assert_eq!(job["status"]["paused_by"], "failures");
    assert_eq!(stage.arrivals("tick").len(), 2);
    stage.advance_ms(1);
    stage.api.act("tick", "resume", json!({})).await;
    stage.go("2031-05-01T12:00:50Z", &["tick"]).await;
    assert_eq!(stage.arrivals("tick").len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_highest_priority_is_sent_first() {
    let limits = [
        "--send-concurrency=1",
        "--send-concurrency-per-host=1",
        "--send-wait=5m",
    ];
    let stage = Stage::with("2031-05-01T12:00:00Z", &limits).await;
    let at = json!({"type": "date", "at": "2031-05-01T12:00:10Z"});
    let jobs = [("low", -10), ("usual", 0), ("high", 9), ("highest", 10)];
    for (id, priority) in jobs {
        let whole = json!({"trigger": at, "policies": {"priority": priority}});
        stage.put(id, whole).await;
    }
    stage
        .go("2031-05-01T12:00:10Z", &jobs.map(|job| job.0))
        .await;
    let came = stage.target.arrivals();
    let order: Vec<_> = came.iter().map(|a| a.job_id()).collect();
    assert_eq!(order, ["highest", "high", "usual", "low"]);
}

/// They change nothing of what is sent.
#[tokio::test(flavor = "multi_thread")]
async fn tags_and_description_are_shown_and_jobs_found_by_them() {
    let stage = Stage::any().await;
    let notes = json!({"description": "for the team", "tags": ["reports", "sales"]});
    stage.put("tagged", notes.clone()).await;
    stage.put("plain", json!({})).await;
    assert_eq!(stage.ran("tagged").await, "succeeded");
    for (query, ids) in [
        ("?tag=sales", &["tagged"][..]),
        ("?tag=sale", &[]),
        ("?sort=job_id", &["plain", "tagged"]),
    ] {
        let (_, page) = stage.api.call(Method::GET, query, None).await;
        let items = page["items"].as_array().unwrap();
        let found: Vec<_> = items
            .iter()
            .map(|job| job["job_id"].as_str().unwrap())
            .collect();
        assert_eq!(found, ids, "{query}");
    }
    let job = stage.api.job("tagged").await.unwrap();
    assert_eq!(
        (&job["description"], &job["tags"]),
        (&notes["description"], &notes["tags"])
    );
}
