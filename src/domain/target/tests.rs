//! Tables for requests as a whole.

use std::borrow::Cow;

use chrono::DateTime;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

fn read(json: Value) -> Request {
    // As a text: the way it comes.
    serde_json::from_str(&json.to_string()).unwrap()
}

fn values() -> Values<'static> {
    Values {
        job_id: "a b/ü",
        fire_at: DateTime::from_timestamp_millis(1_700_000_000_007).unwrap(),
        fire_id: Uuid::from_u128(7),
        attempt: 2,
    }
}

fn whole() -> Value {
    json!({
        "url": "https://h/a?b=1",
        "method": "POST",
        "headers": [
            {"name": "X-Plain", "value": "1"},
            {"name": "Authorization", "value": {"secret": "Bearer hush"}},
        ],
        "query": [{"name": "token", "value": {"secret": "hush"}}],
        "body": {"json": {"job": "{{job_id}}", "n": [1, null]}},
        "timeout_ms": 1000,
        "redirects": 3,
        "success": {"statuses": ["200-204", 404], "body_contains": "ok",
                    "json_pointer": {"pointer": "/a", "equals": null}},
        "tls": {"skip_verification": true},
        "capture_bytes": 10,
    })
}

#[test]
fn absent_is_the_default() {
    let request = read(json!({"url": "http://h/x"}));
    assert_eq!(request, Request::get("http://h/x"));
    assert_eq!(request.for_store(), json!({"url": "http://h/x"}));
    assert_eq!(request.check(), []);
}

#[test]
fn the_store_has_it_whole_and_the_display_without_secrets() {
    let request = read(whole());
    assert_eq!(request.check(), []);
    assert_eq!(request.for_store(), whole());
    assert_eq!(read(request.for_store()), request);
    let mut shown = whole();
    shown["headers"][1]["value"] = json!({"secret": true});
    shown["query"][0]["value"] = json!({"secret": true});
    assert_eq!(request.for_display(), shown);
    assert!(!format!("{request:?}").contains("hush"));
}

#[test]
fn unknown_fields_and_words_are_refused() {
    for (json, word) in [
        (json!({"url": "u", "headrs": []}), "headrs"),
        (json!({"url": "u", "method": "TRACE"}), "TRACE"),
        (json!({"url": "u", "body": {"xml": ""}}), "xml"),
        (json!({"url": "u", "tls": {"verify": true}}), "verify"),
        (json!({"method": "GET"}), "url"),
        (json!({"url": "u", "redirects": 300}), "300"),
    ] {
        let read: Result<Request, _> = serde_json::from_value(json.clone());
        let refused = read.unwrap_err().to_string();
        assert!(refused.contains(word), "{json}: {refused}");
    }
    for method in Method::ALL {
        let request = read(json!({"url": "u", "method": method.as_str()}));
        assert_eq!(request.method, method);
    }
}

#[test]
fn a_secret_that_was_shown_keeps_the_stored_one() {
    let old = read(whole());
    let mut new = read(old.for_display());
    assert!(!new.check().is_empty(), "nothing to keep yet");
    new.merge_secrets(&old);
    assert_eq!(new, old);

    let kept = |name: &str| json!({"name": name, "value": {"secret": true}});
    let mut new = read(json!({
        "url": old.url, "headers": [kept("AUTHORIZATION"), kept("x-plain"), kept("authorization")],
    }));
    let mut elsewhere = Request {
        url: "http://elsewhere.example".to_owned(),
        ..new.clone()
    };
    elsewhere.merge_secrets(&old);
    assert_eq!(
        elsewhere.headers, new.headers,
        "nothing goes to another host"
    );
    new.merge_secrets(&old);
    assert_eq!(new.headers[0].value.reveal(), "Bearer hush");
    let faults = new.check();
    assert_eq!(
        faults.len(),
        2,
        "a plain value and a second one are not kept: {faults:?}"
    );
    assert_eq!(faults[0].value, "***");
}

#[test]
fn every_fault_is_told_by_field_value_and_rule() {
    let cases = [
        (
            json!({"url": "ftp://h"}),
            "request.url",
            "ftp://h",
            "only http and https",
        ),
        (
            json!({"url": "http://"}),
            "request.url",
            "http://",
            "URL is none",
        ),
        (
            json!({"url": "http://u:hush@h/{{x}}"}),
            "request.url",
            "http://u:***@h",
            "no placeholder",
        ),
        (
            json!({"url": "http://{{job_id}}/"}),
            "request.url",
            "{{job_id}}",
            "not in the scheme or the host",
        ),
        (
            json!({"url": "http://h:{{attempt}}/"}),
            "request.url",
            "",
            "not in the scheme or the host",
        ),
        (
            json!({"url": "http:{{job_id}}/"}),
            "request.url",
            "",
            "not in the scheme or the host",
        ),
        (
            json!({"url": "http://h/\n"}),
            "request.url",
            "",
            "control characters",
        ),
        (
            json!({"url": "http://h/{{job}}"}),
            "request.url",
            "",
            "did you mean {{job_id}}",
        ),
        (
            json!({"headers": [{"name": "a b", "value": "1"}]}),
            "request.headers",
            "a b",
            "header \"a b\": a name has",
        ),
        (
            json!({"headers": [{"name": "", "value": "1"}]}),
            "request.headers",
            "",
            "a name has",
        ),
        (
            json!({"headers": [{"name": "a", "value": "1\r\nb: 2"}]}),
            "request.headers",
            "1\r\nb: 2",
            "header \"a\": a value has no line breaks",
        ),
        (
            json!({"headers": [{"name": "a", "value": {"secret": "hush\n"}}]}),
            "request.headers",
            "***",
            "line breaks",
        ),
        (
            json!({"headers": [{"name": "a", "value": {"secret": "{{hush}}"}}]}),
            "request.headers",
            "***",
            "no placeholder",
        ),
        (
            json!({"headers": [{"name": "Content-Length", "value": "1"}]}),
            "request.headers",
            "Content-Length",
            "belongs to the connection",
        ),
        (
            json!({"headers": [{"name": "transfer-encoding", "value": "1"}]}),
            "request.headers",
            "",
            "belongs to the connection",
        ),
        (
            json!({"headers": [{"name": "Connection", "value": "1"}]}),
            "request.headers",
            "",
            "belongs to the connection",
        ),
        (
            json!({"headers": [{"name": "X-Schedule-Fire-Id", "value": "1"}]}),
            "request.headers",
            "",
            "the server's own",
        ),
        (
            json!({"headers": [{"name": "a", "value": "x".repeat(65_537)}]}),
            "request.headers",
            "x…",
            "at most 65536 bytes",
        ),
        (
            json!({"headers": vec![json!({"name": "a", "value": "1"}); 65]}),
            "request.headers",
            "65 headers",
            "at most 64",
        ),
        (
            json!({"query": [{"name": "", "value": "1"}]}),
            "request.query",
            "1",
            "must not be empty",
        ),
        (
            json!({"query": [{"name": "q", "value": "{{fireat}}"}]}),
            "request.query",
            "{{fireat}}",
            "parameter \"q\": {{fireat}} is no",
        ),
        (
            json!({"query": vec![json!({"name": "a", "value": "1"}); 65]}),
            "request.query",
            "65 ",
            "at most 64",
        ),
        (
            json!({"body": {"text": ""}}),
            "request.body",
            "GET",
            "has no body",
        ),
        (
            json!({"method": "HEAD", "body": {"text": ""}}),
            "request.body",
            "HEAD",
            "has no body",
        ),
        (
            json!({"method": "POST", "body": {"base64": "a!"}}),
            "request.body",
            "a!",
            "base64",
        ),
        (
            json!({"method": "POST", "body": {"text": "x".repeat(262_145)}}),
            "request.body",
            "262145 bytes",
            "at most 262144",
        ),
        (
            json!({"method": "POST", "body": {"json": {"{{k}}": ["{{y}}"]}}}),
            "request.body",
            "{{y}}",
            "{{y}} is no placeholder",
        ),
        (
            json!({"timeout_ms": 0}),
            "request.timeout_ms",
            "0",
            "1..=600000",
        ),
        (
            json!({"timeout_ms": 600_001}),
            "request.timeout_ms",
            "600001",
            "1..=600000",
        ),
        (
            json!({"redirects": 11}),
            "request.redirects",
            "11",
            "0..=10",
        ),
        (
            json!({"capture_bytes": 65_537}),
            "request.capture_bytes",
            "65537",
            "0..=65536",
        ),
        (
            json!({"success": {"statuses": [99]}}),
            "request.success",
            "99-99",
            "100..=599",
        ),
        (
            json!({"success": {"statuses": ["300-200"]}}),
            "request.success",
            "300-200",
            "100..=599",
        ),
        (
            json!({"success": {"statuses": ["200-600"]}}),
            "request.success",
            "200-600",
            "100..=599",
        ),
        (
            json!({"success": {"statuses": []}}),
            "request.success",
            "[]",
            "at least one",
        ),
        (
            json!({"success": {"json_pointer": {"pointer": "a", "equals": 1}}}),
            "request.success",
            "a",
            "RFC 6901",
        ),
        (
            json!({"method": "HEAD", "success": {"body_contains": "a"}}),
            "request.success",
            "HEAD",
            "no body to look at",
        ),
        (
            json!({"tls": {"ca_pem": "hush"}}),
            "request.tls",
            "a text of 4 bytes",
            "-----BEGIN CERTIFICATE-----",
        ),
    ];
    for (mut json, field, value, rule) in cases {
        if json.get("url").is_none() {
            json["url"] = json!("http://h/");
        }
        let faults = read(json.clone()).check();
        let [fault] = faults.as_slice() else {
            panic!("{json}: {faults:?}")
        };
        assert_eq!(fault.field, field, "{json}");
        let value = value.trim_end_matches('…');
        assert!(fault.value.contains(value), "{json}: {fault:?}");
        assert!(fault.message.contains(rule), "{json}: {fault:?}");
        assert!(!format!("{fault:?}").contains("hush"), "{json}: {fault:?}");
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let request = read(json!({
        "url": "ftp://{{job_id}}", "timeout_ms": 0, "redirects": 99,
        "headers": [{"name": "te", "value": "{{x}}"}], "body": {"text": ""},
    }));
    let fields: Vec<_> = request.check().iter().map(|f| f.field).collect();
    assert_eq!(
        fields,
        [
            "request.url",
            "request.headers",
            "request.headers",
            "request.body",
            "request.timeout_ms",
            "request.redirects"
        ]
    );
}

#[test]
fn addresses_are_filled_in_and_their_query_is_added() {
    let query =
        json!([{"name": "a b", "value": "&{{job_id}}"}, {"name": "c", "value": {"secret": "d="}}]);
    for (url, filled) in [
        (
            "http://h/{{job_id}}",
            "http://h/a%20b%2F%C3%BC?a%20b=%26a%20b%2F%C3%BC&c=d%3D",
        ),
        (
            "http://h?x={{attempt}}#y",
            "http://h?x=2&a%20b=%26a%20b%2F%C3%BC&c=d%3D",
        ),
        ("http://h/?", "http://h/?a%20b=%26a%20b%2F%C3%BC&c=d%3D"),
        (
            "http://{{attempt}}/",
            "http://{{attempt}}/?a%20b=%26a%20b%2F%C3%BC&c=d%3D",
        ),
    ] {
        let request = read(json!({"url": url, "query": query}));
        assert_eq!(request.filled(&values()).url, filled, "{url}");
    }
}

#[test]
fn headers_and_bodies_are_filled_in() {
    let request = read(json!({
        "url": "http://h", "method": "POST",
        "headers": [{"name": "a", "value": {"secret": "é {{job_id}}"}}],
        "body": {"json": {"{{attempt}}": ["{{job_id}}", 1, {"at": "{{fire_at}}"}]}},
    }));
    let filled = request.filled(&values());
    assert_eq!(filled.headers[0].value, "é a%20b/%C3%BC");
    assert!(filled.headers[0].secret);
    let (bytes, kind) = filled.body.unwrap();
    let json: Value = serde_json::from_slice(&bytes).unwrap();
    let at = "2023-11-14T22:13:20.007Z";
    assert_eq!(json, json!({"{{attempt}}": ["a b/ü", 1, {"at": at}]}));
    assert_eq!(kind, Some("application/json"));

    for (body, bytes, kind) in [
        (
            json!({"text": "{{attempt}}é"}),
            "2é",
            "text/plain; charset=utf-8",
        ),
        (
            json!({"base64": "e3thdHRlbXB0fX0="}),
            "{{attempt}}",
            "application/octet-stream",
        ),
    ] {
        let mut request = read(json!({"url": "http://h", "method": "PUT", "body": body}));
        let filled = request.filled(&values()).body.unwrap();
        assert_eq!(
            (filled.0.as_ref(), filled.1),
            (bytes.as_bytes(), Some(kind))
        );
        let own = json!({"name": "Content-Type", "value": "x/y"});
        request.headers.push(serde_json::from_value(own).unwrap());
        assert_eq!(request.filled(&values()).body.unwrap().1, None);
    }
}

#[test]
fn a_plain_request_is_sent_without_a_copy() {
    let request = Request::get("http://h/x?y=1");
    let filled = request.filled(&values());
    assert!(matches!(filled.url, Cow::Borrowed("http://h/x?y=1")));
    assert_eq!(filled.headers.capacity(), 0);
    assert!(filled.body.is_none());
}
