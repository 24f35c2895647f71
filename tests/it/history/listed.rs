//! The lists, with every filter, over runs that really were.

use reqwest::Method;
use serde_json::{Value, json};

use super::{get, refused, rows};
use crate::support::stage::Stage;

/// Three jobs with runs of different ends and kinds, a second apart.
async fn some_runs() -> Stage {
    let stage = Stage::any().await;
    stage.put_request("ok", json!({})).await;
    stage
        .put_request("bad", json!({"url": "/status/502"}))
        .await;
    stage
        .put_request("slow", json!({"url": "/hang", "timeout_ms": 150}))
        .await;
    let accepts = json!({"url": "/status/503", "success": {"statuses": [503]}});
    stage.put_request("odd", accepts).await;
    for job in ["ok", "bad", "ok", "slow", "odd"] {
        stage.advance_ms(999);
        stage.ran(job).await;
    }
    let once = json!({"trigger": {"type": "date", "at": "2031-05-01T12:00:06Z"}});
    stage.put("once", once).await;
    stage.go("2031-05-01T12:00:06Z", &["once"]).await;
    stage
}

fn jobs(rows: &[Value]) -> Vec<&str> {
    rows.iter()
        .map(|row| row["job_id"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_filter_shows_what_it_says() {
    let stage = some_runs().await;
    for (query, expected) in [
        ("", vec!["once", "odd", "slow", "ok", "bad", "ok"]),
        ("order=asc", vec!["ok", "bad", "ok", "slow", "odd", "once"]),
        ("limit=2", vec!["once", "odd"]),
        ("state=succeeded", vec!["once", "odd", "ok", "ok"]),
        ("state=failed", vec!["slow", "bad"]),
        (
            "state=failed,succeeded&kind=manual",
            vec!["odd", "slow", "ok", "bad", "ok"],
        ),
        ("kind=scheduled", vec!["once"]),
        ("status=502", vec!["bad"]),
        ("status=500-599", vec!["odd", "bad"]),
        ("status=200-299", vec!["once", "ok", "ok"]),
        ("status=500-599&state=succeeded", vec!["odd"]),
        ("reason=timeout", vec!["slow"]),
        ("reason=timeout,status", vec!["slow", "bad"]),
        ("reason=overlap", vec![]),
        ("state=missed,skipped", vec![]),
        (
            "from=2031-05-01T12:00:02Z&to=2031-05-01T12:00:04Z",
            vec!["ok", "bad"],
        ),
        ("from=2031-05-01T20:00:05%2B08:00", vec!["once", "odd"]),
        ("to=2031-05-01T12:00:01.000Z", vec![]),
        ("to=2031-05-01T12:00:01.001Z", vec!["ok"]),
    ] {
        let found = rows(&stage, &format!("/runs?{query}")).await;
        assert_eq!(jobs(&found), expected, "{query}");
    }
    let of_job = rows(&stage, "/jobs/ok/runs?state=succeeded&order=asc").await;
    assert_eq!(jobs(&of_job), ["ok", "ok"]);
    assert!(of_job[0]["fire_at"].as_str() < of_job[1]["fire_at"].as_str());
    assert!(of_job[0].get("body").is_none() && of_job[0].get("attempts").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_while_runs_are_added() {
    let stage = some_runs().await;
    for order in ["desc", "asc"] {
        let whole = rows(&stage, &format!("/runs?order={order}")).await;
        let mut found = Vec::new();
        let mut query = format!("/runs?order={order}&limit=2");
        loop {
            let page = get(&stage, &query).await;
            found.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next_cursor"].as_str() else {
                break;
            };
            query = format!("/runs?order={order}&limit=2&cursor={next}");
            if order == "desc" {
                stage.ran("ok").await;
            }
        }
        assert_eq!(found, whole, "{order}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_has_a_list_as_long_as_anything_is_on_record() {
    let stage = some_runs().await;
    // It has ended with its one fire time.
    assert_eq!(stage.api.job("once").await, None);
    assert_eq!(rows(&stage, "/jobs/once/runs").await.len(), 1);
    assert_eq!(
        rows(&stage, "/jobs/once/runs?state=failed").await,
        Vec::<Value>::new()
    );
    stage.put_request("new", json!({})).await;
    assert_eq!(rows(&stage, "/jobs/new/runs").await, Vec::<Value>::new());
    for (method, path, status, kind) in [
        (Method::GET, "/jobs/never/runs", 404, "no-such-job"),
        (Method::GET, "/runs/999999", 404, "no-such-run"),
        (Method::GET, "/runs/0", 422, "invalid"),
        (Method::GET, "/runs/x", 422, "invalid"),
        (Method::GET, "/runs/99999999999999999999", 422, "invalid"),
        (Method::GET, "/runs?state=done", 422, "invalid"),
        (Method::GET, "/runs?page=2", 422, "invalid"),
        (Method::GET, "/jobs/ok/runs?limit=0", 422, "invalid"),
        (Method::GET, "/runs/1:rerun", 405, "method-not-allowed"),
        (Method::POST, "/runs/1", 405, "method-not-allowed"),
        (Method::DELETE, "/runs/1", 405, "method-not-allowed"),
        (Method::POST, "/jobs/ok/runs", 405, "method-not-allowed"),
        (Method::POST, "/runs/1:again", 404, "no-such-path"),
        (Method::GET, "/runs/1/more", 404, "no-such-path"),
    ] {
        let found = refused(&stage, method, path).await;
        assert_eq!(found, (status, kind.to_owned()), "{path}");
    }
    let next = get(&stage, "/runs?limit=1").await["next_cursor"].clone();
    let other = format!("/runs?order=asc&cursor={}", next.as_str().unwrap());
    assert_eq!(refused(&stage, Method::GET, &other).await.0, 422);
}
