//! What is said of runs that really were, or were not, sent.

use serde_json::{Value, json};

use super::{every_ten_seconds, get, newest, rows, says};
use crate::support::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn success_after_retries_has_all_its_attempts() {
    let stage = Stage::any().await;
    let whole = json!({
        "request": {"url": stage.target.at("/flaky/2")},
        "retry": {"attempts": 5, "delay": {"fixed_ms": 7_000}},
    });
    stage.put("j", whole).await;
    stage.api.act("j", "run", json!({})).await;
    for sent in 1..=2 {
        stage.arrived("j", sent).await;
        stage
            .api
            .recent("j", |rows| rows[0].starts_with("claimed"))
            .await;
        let run = newest(&stage, "j").await;
        assert!(
            says(&run, "en").starts_with("To be sent again at "),
            "{run}"
        );
        stage.advance_ms(7_000);
    }
    stage.settled("j").await;
    let run = newest(&stage, "j").await;
    assert_eq!(
        says(&run, "en"),
        "Sent 3 times; the target answered 503 in the first 2 attempts, then 200."
    );
    assert_eq!(
        says(&run, "zh"),
        "共发送 3 次；前 2 次目标返回 503，随后返回 200。"
    );
    assert_eq!((&run["attempt"], &run["body"]), (&json!(3), &json!("ok")));
    let attempts = run["attempts"].as_array().unwrap();
    let short = |a: &Value| {
        json!([
            a["number"],
            a["state"],
            a["reason"],
            a["status"],
            a["sent_at"]
        ])
    };
    let attempts: Vec<Value> = attempts.iter().map(short).collect();
    assert_eq!(
        attempts,
        [
            json!([1, "failed", "status", 503, "2031-05-01T12:00:00.000Z"]),
            json!([2, "failed", "status", 503, "2031-05-01T12:00:07.000Z"]),
            json!([3, "succeeded", null, 200, "2031-05-01T12:00:14.000Z"]),
        ]
    );
    let arrival = &stage.arrivals("j")[0];
    assert_eq!(run["fire_id"], json!(arrival.fire_id()));
    assert!(run["claimed_at"].is_string() && run["replica"].is_string());
    assert_eq!(run["settled_at"], json!("2031-05-01T12:00:14.000Z"));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_end_of_a_request_is_told() {
    let stage = Stage::any().await;
    for (id, request, en) in [
        (
            "fine",
            json!({"url": "/ok"}),
            "Sent on time; the target answered 200.",
        ),
        (
            "refused",
            json!({"url": "/status/404"}),
            "Sent on time; the target answered 404.",
        ),
        (
            "late",
            json!({"url": "/hang", "timeout_ms": 200}),
            "Sent on time; the target did not answer in full before the deadline.",
        ),
        (
            "broken",
            json!({"url": "/close"}),
            "Sent on time; the connection broke before the answer was complete.",
        ),
        (
            "around",
            json!({"url": "/chain/5", "redirects": 2}),
            "Sent on time; the target redirected more often than the job allows.",
        ),
        (
            "picky",
            json!({"url": "/ok", "success": {"statuses": [200], "body_contains": "done"}}),
            "Sent on time; the answer (200) is not what the job counts as success.",
        ),
    ] {
        stage.put_request(id, request).await;
        stage.ran(id).await;
        let run = newest(&stage, id).await;
        assert_eq!(says(&run, "en"), en, "{run}");
        assert_eq!(run["attempts"].as_array().unwrap().len(), 1);
        assert_eq!(run["attempts"][0]["status"], run["status"]);
    }
    let nobody = json!({"request": {"url": "http://127.0.0.1:9/"}});
    stage.put("nobody", nobody).await;
    stage.ran("nobody").await;
    let run = newest(&stage, "nobody").await;
    assert_eq!(
        says(&run, "en"),
        "Sent on time; no connection to the target could be made."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_that_meet_and_what_is_paused_removed_or_replaced() {
    let stage = Stage::with("2031-05-01T12:00:00Z", &["--send-timeout=5m"]).await;
    for (id, policies) in [
        ("skips", json!({})),
        ("queues", json!({"overlap": {"queue": 1}})),
        ("cancels", json!({"overlap": "cancel_previous"})),
    ] {
        every_ten_seconds(&stage, id, "/held", policies).await;
        stage.advance_ms(10_000);
        stage.arrived(id, 1).await;
        assert_eq!(
            says(&newest(&stage, id).await, "en"),
            "Under way: the request is sent, or its answer awaited."
        );
        stage.advance_ms(10_000);
        stage
            .api
            .recent(id, |rows| {
                rows.len() == 2 && rows != ["claimed", "firing"]
                    || id == "queues" && rows.len() == 2
            })
            .await;
        let told = match id {
            "skips" => "Not sent: the previous run of the job was still going on.",
            "queues" => "Waiting: the previous run of the job is still going on.",
            _ => "Under way: the request is sent, or its answer awaited.",
        };
        let waits = async || says(&newest(&stage, id).await, "en") == told;
        while !waits().await {
            tokio::task::yield_now().await;
        }
        if id == "cancels" {
            let earlier = &rows(&stage, "/jobs/cancels/runs").await[1];
            assert_eq!(
                says(earlier, "en"),
                "Given up: the next occurrence of the job came due and took its place; the \
                 target may have received the request."
            );
        }
        if id == "queues" {
            stage.api.act(id, "pause", json!({})).await;
            let told = "Not sent: the job was paused before it could be sent.";
            assert_eq!(says(&newest(&stage, id).await, "en"), told);
        }
        stage.api.act(id, "pause", json!({})).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_overdue_is_told_with_its_count() {
    let stage = Stage::any().await;
    every_ten_seconds(&stage, "missed", "/ok", json!({"catch_up": "none"})).await;
    every_ten_seconds(&stage, "coalesced", "/ok", json!({})).await;
    stage
        .go("2031-05-01T12:00:55Z", &["missed", "coalesced"])
        .await;
    let missed = &rows(&stage, "/jobs/missed/runs").await[0];
    assert_eq!(
        says(missed, "en"),
        "Not sent, 5 fire times up to 2031-05-01T12:00:50.000Z: its time had passed, and the job \
         catches up nothing."
    );
    assert_eq!(missed["count"], json!(5));
    let rows = rows(&stage, "/jobs/coalesced/runs").await;
    let first = get(&stage, &format!("/runs/{}", rows[1]["run_id"])).await;
    assert_eq!(first["attempts"], json!([]));
    assert_eq!(
        says(&first, "zh"),
        "截至 2031-05-01T12:00:40.000Z 的 4 次触发均未发送：已合并到之后的触发时间 \
         2031-05-01T12:00:50.000Z。"
    );
    assert_eq!(
        says(&rows[0], "en"),
        "Sent 5 s late; the target answered 200."
    );
}
