//! Whether and when a failed attempt is made again.

use schedule_server::domain::occurrence::Reason;
use schedule_server::domain::retry::Retry;
use schedule_server::domain::run::Outcome;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::stage::Stage;

/// Puts a job with this rule that calls a path of the target, or a whole URL.
async fn put(stage: &Stage, id: &str, url: &str, retry: &Value) {
    let url = match url.starts_with("http") {
        true => url.to_owned(),
        false => stage.target.at(url),
    };
    let request = json!({"url": url, "timeout_ms": 300});
    let whole = json!({"request": request, "retry": retry});
    stage.put(id, whole).await;
}

/// Waits until the job waits for its next attempt.
async fn waits(stage: &Stage, id: &str) {
    stage
        .api
        .recent(id, |rows| rows[0].starts_with("claimed"))
        .await;
}

fn attempts(stage: &Stage, id: &str) -> Vec<String> {
    let arrivals = stage.arrivals(id);
    let number = arrivals.iter().map(|a| a.header("x-schedule-attempt"));
    number.map(str::to_owned).collect()
}

/// Lets the clock stand 1 ms before each attempt, and then at it.
async fn check_delays(stage: &Stage, id: &str, url: &str, retry: &Value, delays: &[i64]) {
    put(stage, id, url, retry).await;
    stage.api.act(id, "run", json!({})).await;
    for (n, ms) in delays.iter().enumerate() {
        stage.arrived(id, n + 1).await;
        waits(stage, id).await;
        stage.advance_ms(ms - 1);
        stage.a_while().await;
        assert_eq!(stage.arrivals(id).len(), n + 1, "{retry}: 1 ms too early");
        stage.advance_ms(1);
    }
    stage.arrived(id, delays.len() + 1).await;
    stage.settled(id).await;
    let numbers: Vec<_> = (1..=delays.len() + 1).map(|n| n.to_string()).collect();
    assert_eq!(attempts(stage, id), numbers, "{retry}");
    let arrivals = stage.arrivals(id);
    let same = arrivals
        .iter()
        .all(|a| a.fire_id() == arrivals[0].fire_id());
    assert!(same, "one fire id for all attempts");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_form_of_delay_is_kept() {
    let stage = Stage::any().await;
    let exponential = json!({"exponential": {"first_ms": 2_000, "max_ms": 5_000}});
    for (id, delay, delays) in [
        ("fixed", json!({"fixed_ms": 7_000}), [7_000, 7_000, 7_000]),
        (
            "table",
            json!({"table_ms": [1_000, 9_000]}),
            [1_000, 9_000, 9_000],
        ),
        ("exponential", exponential, [2_000, 4_000, 5_000]),
    ] {
        let retry = json!({"attempts": 4, "delay": delay});
        check_delays(&stage, id, "/status/500", &retry, &delays).await;
        let recent = stage.api.recent(id, |_| true).await;
        assert_eq!(recent, ["failed/status"], "after the last attempt");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_jitter_of_a_delay_is_what_the_domain_says() {
    let stage = Stage::any().await;
    let exponential = json!({"first_ms": 20_000, "max_ms": 20_000, "jitter_percent": 100});
    let retry = json!({"attempts": 2, "delay": {"exponential": exponential}});
    put(&stage, "jitter", "/flaky/1", &retry).await;
    stage.api.act("jitter", "run", json!({})).await;
    stage.arrived("jitter", 1).await;
    waits(&stage, "jitter").await;
    let outcome = Outcome {
        status: Some(503),
        ..Outcome::failed(Reason::Status, "")
    };
    let rule: Retry = serde_json::from_value(retry).unwrap();
    let fire_id = stage.arrivals("jitter")[0].fire_id().parse().unwrap();
    let delay = rule.delay_ms(fire_id, 1, &outcome, 0).unwrap();
    assert!((200..20_000).contains(&delay), "an id that shows something");
    stage.advance_ms(i64::try_from(delay).unwrap() - 1);
    stage.a_while().await;
    assert_eq!(stage.arrivals("jitter").len(), 1, "1 ms too early");
    stage.advance_ms(1);
    stage.arrived("jitter", 2).await;
    stage.settled("jitter").await;
    assert_eq!(stage.api.recent("jitter", |_| true).await, ["succeeded"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_after_of_the_target_counts_if_told() {
    let stage = Stage::any().await;
    for (id, obey, delay) in [
        ("default", json!(null), 8_000),
        ("obeys", json!(true), 8_000),
        ("not", json!(false), 3_000),
    ] {
        let mut retry = json!({"attempts": 2, "delay": {"fixed_ms": 3_000}});
        if !obey.is_null() {
            retry["obey_retry_after"] = obey;
        }
        check_delays(&stage, id, "/busy/8", &retry, &[delay]).await;
        assert_eq!(stage.api.recent(id, |_| true).await, ["succeeded"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_attempt_starts_after_the_deadline() {
    let stage = Stage::any().await;
    for (id, deadline_ms, delays) in [
        ("met", 10_000, &[5_000, 5_000][..]),
        ("missed", 9_999, &[5_000]),
    ] {
        let retry =
            json!({"attempts": 9, "delay": {"fixed_ms": 5_000}, "deadline_ms": deadline_ms});
        check_delays(&stage, id, "/status/500", &retry, delays).await;
        assert_eq!(stage.api.recent(id, |_| true).await, ["failed/status"]);
    }
}

/// Each outcome with and without its word: one attempt or three.
#[tokio::test(flavor = "multi_thread")]
async fn only_the_outcomes_named_are_tried_again() {
    let stage = Stage::any().await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let refused = format!("http://{}/x", closed.local_addr().unwrap());
    drop(closed);
    let capture = json!({"json_pointer": {"pointer": "", "equals": "ok"}});
    for (n, (url, on, attempts)) in [
        ("/status/500", None, 3),
        ("/status/404", None, 1),
        ("/status/404", Some(json!({"statuses": ["400-410"]})), 3),
        ("/status/500", Some(json!({"statuses": [404]})), 1),
        ("/hang", None, 3),
        ("/hang", Some(json!({"timeout": false})), 1),
        (&refused, None, 3),
        (&refused, Some(json!({"connect": false})), 1),
        ("/close", None, 3),
        ("/close", Some(json!({"broken": false})), 1),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("case-{n}");
        let mut retry = json!({"attempts": 3, "delay": {"fixed_ms": 0}});
        if let Some(on) = &on {
            retry["on"] = on.clone();
        }
        put(&stage, &id, url, &retry).await;
        let success = json!({"request": {"success": capture}});
        if url == "/close" {
            // So that the whole answer is read.
            stage.api.patch(&id, &success).await;
        }
        let outcome = stage.ran(&id).await;
        assert!(outcome.starts_with("failed/"), "{url}: {outcome}");
        let entry = stage.app.final_entry(&id).await;
        assert_eq!(entry.attempt, attempts, "{url} {on:?}: {outcome}");
        let received = if url == refused { 0 } else { attempts as usize };
        assert_eq!(stage.arrivals(&id).len(), received, "{url} {on:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_rule_there_is_one_attempt() {
    let stage = Stage::any().await;
    put(&stage, "none", "/status/500", &json!(null)).await;
    assert_eq!(stage.ran("none").await, "failed/status");
    stage.advance_ms(50_000);
    stage.a_while().await;
    assert_eq!(attempts(&stage, "none"), ["1"]);
}
