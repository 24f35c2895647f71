//! What is sent, and what counts as success: the request of a job.

use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::stage::Stage;
use crate::support::target::Target;

#[tokio::test(flavor = "multi_thread")]
async fn method_headers_query_and_placeholders_arrive() {
    let stage = Stage::any().await;
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] {
        stage.put_request("m", json!({"method": method})).await;
        assert_eq!(stage.ran("m").await, "succeeded", "{method}");
        assert_eq!(stage.arrivals("m").last().unwrap().method, method);
    }
    let request = json!({
        "url": "/ok/{{job_id}}?fixed=1",
        "headers": [{"name": "X-One", "value": "{{job_id}} {{fire_at}} {{attempt}}"},
            {"name": "Host", "value": "other.example"}],
        "query": [{"name": "ms", "value": "{{fire_at_ms}}"}, {"name": "a&b", "value": "c d"}],
        "method": "POST",
        "body": {"json": {"run": "{{fire_id}}"}},
    });
    stage.put_request("all", request).await;
    assert_eq!(stage.ran("all").await, "succeeded");
    let came = &stage.arrivals("all")[0];
    let ms = came.fire_at().timestamp_millis();
    let path = format!("/ok/all?fixed=1&ms={ms}&a%26b=c%20d");
    assert_eq!(came.path, path);
    let words: Vec<&str> = came.header("x-one").split(' ').collect();
    assert_eq!([words[0], words[2]], ["all", "1"]);
    assert_eq!(words[1], came.header("x-schedule-fire-at"));
    assert_eq!(came.header("host"), "other.example");
    assert_eq!(came.body, format!(r#"{{"run":"{}"}}"#, came.fire_id()));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_form_of_a_body_arrives() {
    let stage = Stage::any().await;
    let cases = [
        (
            json!({"json": [1, "{{job_id}}"]}),
            r#"[1,"b"]"#,
            "application/json",
        ),
        (
            json!({"text": "hi {{job_id}}"}),
            "hi b",
            "text/plain; charset=utf-8",
        ),
        (
            json!({"base64": "AQI="}),
            "\u{1}\u{2}",
            "application/octet-stream",
        ),
    ];
    for (n, (body, arrived, kind)) in cases.into_iter().enumerate() {
        match n {
            // A form of a body takes the place of another one.
            0 => {
                let request = json!({"method": "POST", "body": body});
                stage.put_request("b", request).await
            }
            _ => {
                let parts = json!({"request": {"body": body}});
                stage.api.patch("b", &parts).await
            }
        };
        assert_eq!(stage.ran("b").await, "succeeded", "{body}");
        let came = stage.arrivals("b").pop().unwrap();
        assert_eq!(
            (came.body.as_str(), came.header("content-type")),
            (arrived, kind)
        );
    }
}

/// Options that decide what counts as success, each with what came of it and how
/// many requests the target received.
#[tokio::test(flavor = "multi_thread")]
async fn deadline_redirects_and_rules_of_success_decide() {
    let stage = Stage::any().await;
    let echo = |success: Value| {
        let body = json!({"json": {"state": "done"}});
        json!({"url": "/echo", "method": "POST", "body": body, "success": success})
    };
    let at = |equals: &str| json!({"json_pointer": {"pointer": "/state", "equals": equals}});
    let cases = [
        (
            json!({"url": "/hang", "timeout_ms": 200}),
            "failed/timeout",
            1,
        ),
        (
            json!({"url": "/slow/300", "timeout_ms": 60_000}),
            "succeeded",
            1,
        ),
        (json!({"url": "/chain/1"}), "failed/status", 1),
        (
            json!({"url": "/chain/1", "redirects": 0}),
            "failed/status",
            1,
        ),
        (json!({"url": "/chain/3", "redirects": 3}), "succeeded", 4),
        (
            json!({"url": "/chain/3", "redirects": 2}),
            "failed/too_many_redirects",
            3,
        ),
        (json!({"url": "/status/404"}), "failed/status", 1),
        (
            json!({"url": "/status/404", "success": {"statuses": [404]}}),
            "succeeded",
            1,
        ),
        (
            json!({"url": "/status/404", "success": {"statuses": ["400-499"]}}),
            "succeeded",
            1,
        ),
        (
            json!({"url": "/ok", "success": {"statuses": [404]}}),
            "failed/status",
            1,
        ),
        (echo(json!({"body_contains": "done"})), "succeeded", 1),
        (
            echo(json!({"body_contains": "failed"})),
            "failed/success_rule",
            1,
        ),
        (echo(at("done")), "succeeded", 1),
        (echo(at("failed")), "failed/success_rule", 1),
    ];
    for (n, (request, outcome, count)) in cases.into_iter().enumerate() {
        let id = format!("case-{n}");
        stage.put_request(&id, request.clone()).await;
        assert_eq!(stage.ran(&id).await, outcome, "{request}");
        assert_eq!(stage.arrivals(&id).len(), count, "{request}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_to_trust_decides_who_gets_the_request() {
    let stage = Stage::any().await;
    let (target, pem) = Target::start_tls().await;
    let (_, other) = Target::start_tls().await;
    let cases = [
        (json!({}), "failed/connect"),
        (json!({"ca_pem": other}), "failed/connect"),
        (json!({"ca_pem": pem}), "succeeded"),
        (json!({"skip_verification": true}), "succeeded"),
        (json!({"skip_verification": false}), "failed/connect"),
    ];
    let mut received = 0;
    for (tls, outcome) in cases {
        let request = json!({"url": target.at("/ok"), "tls": tls});
        stage.put("tls", json!({"request": request})).await;
        assert_eq!(stage.ran("tls").await, outcome, "{tls}");
        received += usize::from(outcome == "succeeded");
        assert_eq!(target.arrivals().len(), received, "{tls}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn so_much_of_an_answer_is_kept() {
    let stage = Stage::any().await;
    let cases = [
        (json!({}), 4096),
        (json!({"capture_bytes": 0}), 0),
        (json!({"capture_bytes": 10_000}), 10_000),
    ];
    for (n, (mut request, kept)) in cases.into_iter().enumerate() {
        let id = format!("keep-{n}");
        request["url"] = json!("/endless");
        stage.put_request(&id, request).await;
        assert_eq!(stage.ran(&id).await, "succeeded");
        let body = stage.app.final_entry(&id).await.body;
        assert_eq!(body.unwrap_or_default().len(), kept, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_url_decides_who_receives_it() {
    let (stage, other) = (Stage::any().await, Target::start().await);
    stage.put("url", json!({})).await;
    let parts = json!({"request": {"url": other.at("/there")}});
    stage.api.patch("url", &parts).await;
    assert_eq!(stage.ran("url").await, "succeeded");
    assert_eq!(other.arrivals()[0].path, "/there");
    assert!(stage.arrivals("url").is_empty());
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    let parts = json!({"request": {"url": nobody}});
    stage.api.patch("url", &parts).await;
    assert_eq!(stage.ran("url").await, "failed/connect");
}
