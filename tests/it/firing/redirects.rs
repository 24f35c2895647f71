//! Redirects: how many, with what, and whereto.

use serde_json::json;

use super::sending::{reason, send};
use crate::support::target::Target;

#[tokio::test]
async fn as_many_are_followed_as_the_job_allows() {
    for (allowed, chain, status, expected, requests) in [
        (0, 1, 302, "status", 1),
        (3, 3, 200, "", 4),
        (2, 3, 302, "too_many_redirects", 3),
        (10, 10, 200, "", 11),
    ] {
        let target = Target::start().await;
        let url = target.at(&format!("/chain/{chain}"));
        let outcome = send(json!({"url": url, "redirects": allowed})).await;
        assert_eq!(
            (reason(&outcome), outcome.status),
            (expected, Some(status)),
            "{allowed} of {chain}"
        );
        assert_eq!(target.arrivals().len(), requests, "{allowed} of {chain}");
    }
}

#[tokio::test]
async fn the_deadline_is_one_for_all_hops() {
    let target = Target::start().await;
    let url = target.at("/moved/302?/hang");
    let outcome = send(json!({"url": url, "redirects": 1, "timeout_ms": 300})).await;
    assert_eq!(reason(&outcome), "timeout");
    assert_eq!(target.arrivals().len(), 2);
}

#[tokio::test]
async fn method_and_body_follow_the_status() {
    for (status, method, body, kind) in [
        (301, "GET", "", ""),
        (303, "GET", "", ""),
        (307, "POST", "b", "text/plain; charset=utf-8"),
        (308, "POST", "b", "text/plain; charset=utf-8"),
    ] {
        let target = Target::start().await;
        let url = target.at(&format!("/moved/{status}?/ok"));
        let request = json!({"url": url, "method": "POST", "body": {"text": "b"}, "redirects": 1});
        let outcome = send(request).await;
        assert_eq!(reason(&outcome), "", "{status}");
        let last = &target.arrivals()[1];
        assert_eq!(last.path, "/ok");
        assert_eq!(
            (
                last.method.as_str(),
                last.body.as_str(),
                last.header("content-type")
            ),
            (method, body, kind),
            "{status}"
        );
        assert_eq!(last.header("x-schedule-attempt"), "2");
    }
}

#[tokio::test]
async fn another_host_gets_no_credentials() {
    let (first, other) = (Target::start().await, Target::start().await);
    let headers = json!([
        {"name": "Authorization", "value": "plain"},
        {"name": "Cookie", "value": "plain"},
        {"name": "X-Key", "value": {"secret": "hush"}},
        {"name": "X-Plain", "value": "1"},
        {"name": "Host", "value": "first.example"},
    ]);
    let back = format!("/moved/307?{}", first.at("/ok"));
    let there = format!("/moved/307?{}", other.at(&back));
    let own = first.at(&format!("/moved/307?{there}"));
    let outcome = send(json!({"url": own, "headers": headers, "redirects": 3,
        "query": [{"name": "token", "value": {"secret": "hush"}}]}))
    .await;
    // The query was added to what the target makes its Location of.
    assert_eq!(reason(&outcome), "", "{outcome:?}");
    let (at_first, at_other) = (first.arrivals(), other.arrivals());
    assert_eq!((at_first.len(), at_other.len()), (3, 1));
    for arrival in &at_first[..2] {
        assert_eq!(arrival.header("x-key"), "hush");
        assert_eq!(arrival.header("authorization"), "plain");
        assert_eq!(arrival.header("host"), "first.example");
    }
    for arrival in [&at_other[0], &at_first[2]] {
        for name in ["x-key", "authorization", "cookie"] {
            assert_eq!(arrival.header(name), "", "{name} once it left the host");
        }
        assert_ne!(arrival.header("host"), "first.example");
        assert_eq!(arrival.header("x-plain"), "1");
        assert_eq!(arrival.fire_id(), at_first[0].fire_id());
    }
}

#[tokio::test]
async fn only_http_is_followed() {
    let target = Target::start().await;
    for to in ["ftp://h/?token=hush", "file:///etc/passwd", "http://?hush"] {
        let url = target.at(&format!("/moved/302?{to}"));
        let outcome = send(json!({"url": url, "redirects": 5})).await;
        assert_eq!(
            (reason(&outcome), outcome.status),
            ("invalid_url", Some(302)),
            "{to}"
        );
        let error = outcome.error.unwrap();
        assert!(error.starts_with("redirected to"), "{error}");
        assert!(
            !error.contains("hush") && !error.contains("passwd"),
            "{error}"
        );
    }
}
