//! Each option of a request, as the target sees it.

use schedule_server::domain::policy::Policies;
use serde_json::json;

use super::sending::{attempt, reason, request, send};
use crate::support::app::App;
use crate::support::target::Target;

#[tokio::test]
async fn a_url_alone_is_a_get() {
    let target = Target::start().await;
    let outcome = send(json!({"url": target.at("/ok?x=1")})).await;
    assert_eq!((reason(&outcome), outcome.status), ("", Some(200)));
    let arrival = &target.arrivals()[0];
    assert_eq!(
        (arrival.method.as_str(), arrival.path.as_str()),
        ("GET", "/ok?x=1")
    );
    assert_eq!(arrival.body, "");
    assert_eq!(arrival.header("content-type"), "");
    assert_eq!(arrival.header("x-schedule-attempt"), "2");
}

#[tokio::test]
async fn methods_arrive() {
    let target = Target::start().await;
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    for method in methods {
        let outcome = send(json!({"url": target.at("/ok"), "method": method})).await;
        assert_eq!(reason(&outcome), "", "{method}: {outcome:?}");
    }
    let came: Vec<String> = target.arrivals().into_iter().map(|a| a.method).collect();
    assert_eq!(came, methods);
}

#[tokio::test]
async fn headers_query_and_placeholders_arrive() {
    let target = Target::start().await;
    let outcome = send(json!({
        "url": target.at("/ok/{{job_id}}?at={{fire_at}}"),
        "headers": [
            {"name": "X-One", "value": "{{job_id}} {{attempt}}"},
            {"name": "Host", "value": "other.example"},
            {"name": "User-Agent", "value": "own"},
        ],
        "query": [{"name": "ms", "value": "{{fire_at_ms}}"}, {"name": "a&b", "value": "c d"}],
    }))
    .await;
    assert_eq!(reason(&outcome), "");
    let arrival = &target.arrivals()[0];
    assert_eq!(
        arrival.path,
        "/ok/%E4%BB%BB%E5%8A%A1%201?at=2023-11-14T22%3A13%3A20.007Z&ms=1700000000007&a%26b=c%20d"
    );
    assert_eq!(arrival.header("x-one"), "%E4%BB%BB%E5%8A%A1%201 2");
    assert_eq!(arrival.header("host"), "other.example");
    assert_eq!(arrival.header("user-agent"), "own");
    let default = schedule_server::domain::target::Request::get("http://h");
    let fire_id = attempt(default).claim.occurrence.fire_id().to_string();
    assert_eq!(arrival.fire_id(), fire_id);
}

#[tokio::test]
async fn bodies_arrive_with_their_type() {
    let target = Target::start().await;
    for (body, arrived, kind) in [
        (
            json!({"json": {"job": "{{job_id}}"}}),
            r#"{"job":"任务 1"}"#,
            "application/json",
        ),
        (
            json!({"text": "at {{fire_at}}"}),
            "at 2023-11-14T22:13:20.007Z",
            "text/plain; charset=utf-8",
        ),
        (
            json!({"base64": "AQI="}),
            "\u{1}\u{2}",
            "application/octet-stream",
        ),
    ] {
        let url = target.at("/ok");
        send(json!({"url": url, "method": "POST", "body": body})).await;
        let arrival = target.arrivals().pop().unwrap();
        assert_eq!(
            (arrival.body.as_str(), arrival.header("content-type")),
            (arrived, kind)
        );
        assert_eq!(arrival.header("content-length"), arrived.len().to_string());
    }
    let own = json!([{"name": "content-type", "value": "text/csv"}]);
    let url = target.at("/ok");
    send(json!({"url": url, "method": "PUT", "headers": own, "body": {"text": "a,b"}})).await;
    let arrival = target.arrivals().pop().unwrap();
    assert_eq!(
        (arrival.body.as_str(), arrival.header("content-type")),
        ("a,b", "text/csv")
    );
}

#[tokio::test]
async fn a_request_has_its_own_deadline() {
    let target = Target::start().await;
    let outcome = send(json!({"url": target.at("/hang"), "timeout_ms": 100})).await;
    assert_eq!(reason(&outcome), "timeout");
    assert_eq!(outcome.error.unwrap(), "no complete answer within 100 ms");
}

#[tokio::test]
async fn success_is_what_the_rule_says() {
    let target = Target::start().await;
    let body = json!({"json": {"state": "done", "n": [1]}});
    let at =
        |pointer: &str, equals| json!({"json_pointer": {"pointer": pointer, "equals": equals}});
    for (path, success, expected) in [
        ("/status/404", json!({"statuses": [404]}), ""),
        ("/ok", json!({"statuses": [404]}), "status"),
        ("/echo", json!({"body_contains": "\"done\""}), ""),
        ("/echo", json!({"body_contains": "failed"}), "success_rule"),
        ("/echo", at("/state", json!("done")), ""),
        ("/echo", at("/n/0", json!(1)), ""),
        ("/echo", at("/n/0", json!(2)), "success_rule"),
        ("/echo", at("/x", json!(2)), "success_rule"),
        ("/ok", at("", json!("ok")), "success_rule"),
        ("/close", at("", json!("ok")), "broken"),
    ] {
        let url = target.at(path);
        let request = json!({"url": url, "method": "POST", "body": body, "success": success});
        let outcome = send(request).await;
        assert_eq!(reason(&outcome), expected, "{path} {success}: {outcome:?}");
        assert_eq!(
            outcome.error.is_some(),
            !expected.is_empty(),
            "{path} {success}"
        );
    }
}

#[tokio::test]
async fn a_rule_looks_past_what_is_kept() {
    let target = Target::start().await;
    let long = "x".repeat(200_000);
    let body = json!({"json": {"long": long, "state": "done"}});
    let success = json!({"json_pointer": {"pointer": "/state", "equals": "done"}});
    let url = target.at("/echo");
    let mut request = json!({"url": url, "method": "POST", "body": body, "success": success});
    let outcome = send(request.clone()).await;
    assert_eq!((reason(&outcome), outcome.body.unwrap().len()), ("", 4096));

    request["url"] = json!(target.at("/endless"));
    let outcome = send(request).await;
    assert_eq!(reason(&outcome), "success_rule");
    assert!(outcome.error.unwrap().contains("too long"));
}

#[tokio::test]
async fn so_much_of_the_answer_is_kept() {
    let target = Target::start().await;
    for bytes in [0, 1, 4096, 65_536] {
        let outcome = send(json!({"url": target.at("/endless"), "capture_bytes": bytes})).await;
        assert_eq!(outcome.body.unwrap().len(), bytes);
    }
}

/// From the store, through a claim, to the target.
#[tokio::test(flavor = "multi_thread")]
async fn a_stored_job_sends_its_whole_request() {
    let (app, target) = (App::start(&[]).await, Target::start().await);
    let whole = request(&json!({
        "url": target.at("/ok/{{job_id}}"),
        "method": "POST",
        "headers": [{"name": "Authorization", "value": {"secret": "Bearer token"}}],
        "body": {"json": {"at": "{{fire_at_ms}}"}},
    }));
    app.fire_request("job", whole, Policies::default()).await;
    assert_eq!(app.outcome("job").await, ("succeeded", None));
    let arrival = &target.arrivals()[0];
    assert_eq!(
        (arrival.method.as_str(), arrival.path.as_str()),
        ("POST", "/ok/job")
    );
    assert_eq!(arrival.header("authorization"), "Bearer token");
    let at = arrival.fire_at().timestamp_millis();
    assert_eq!(arrival.body, format!(r#"{{"at":"{at}"}}"#));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inherited_url_is_sent_as_it_stands() {
    let (app, target) = (App::start(&[]).await, Target::start().await);
    app.fire_now("job", &target.at("/ok?x={{job_id}}")).await;
    assert_eq!(app.outcome("job").await, ("succeeded", None));
    assert_eq!(target.arrivals()[0].path, "/ok?x={{job_id}}");
}
