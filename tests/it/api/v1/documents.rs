//! What is told of a body: every fault at once, each with its field, its rule
//! and its value.

use serde_json::{Value, json};

use super::{Api, faults, fields, hourly};

#[tokio::test]
async fn a_body_with_a_dozen_faults_is_told_as_a_whole() {
    let api = Api::start().await;
    let body = json!({
        "job_id": "other",
        "description": "x".repeat(10_001),
        "tags": ["fine", " blank"],
        "trigger": {"type": "cron", "minute": "61", "hour": "25", "timezone": "UTC",
            "jitter_ms": -1, "secnd": "0"},
        "request": {"url": "ftp://h/{{nothing}}", "headers": [{"name": "Host Name", "value": "x"}],
            "timeout_ms": 0, "redirects": 11, "body": {"text": "x"}},
        "retry": {"attempts": 99, "dealy": 1},
        "policies": {"priority": 11, "pause_after_failures": 0, "overlap": {"allow": 0}},
        "unknown": null
    });
    let reply = api.put("j", &body).await;
    let told = super::problem(&reply, 422, "invalid");
    insta::assert_json_snapshot!(told);
    assert_eq!(api.get("j").await.status, 404);
}

#[tokio::test]
async fn an_empty_object_lacks_what_is_needed() {
    let api = Api::start().await;
    insta::assert_json_snapshot!(super::problem(
        &api.put("j", &json!({})).await,
        422,
        "invalid"
    ));
    let mut told = faults(&api.put("j", &json!({"trigger": {}, "request": {}})).await);
    told.retain(|fault| fault["value"].is_null());
    assert_eq!(fields(&told), ["trigger.type", "request.url"]);
}

#[tokio::test]
async fn a_fault_shows_the_value_as_it_was_given() {
    let api = Api::start().await;
    for (field, value) in [
        ("job_id", json!(5)),
        ("description", json!(["x"])),
        ("tags", json!("one")),
        ("trigger", json!("0 9 * * *")),
        ("trigger.type", json!("weekly")),
        ("trigger.hours", json!("1")),
        ("trigger.hours", json!(1.5)),
        ("trigger.hours", json!(-1)),
        ("trigger.start", json!("2030-01-01")),
        ("trigger.end", json!(7)),
        ("trigger.jitter_ms", json!(-5)),
        ("trigger.timezone", json!("UTC")),
        ("request", json!("http://127.0.0.1:9/")),
        ("request.url", json!("not a url")),
        ("request.method", json!("BREW")),
        ("request.timeout_ms", json!(600_001)),
        ("request.timeout_ms", json!("5")),
        ("request.redirects", json!(300)),
        ("request.capture_bytes", json!(70_000)),
        ("request.literal", json!(true)),
        ("retry", json!(3)),
        ("retry.attempts", json!(0)),
        ("retry.attempts", json!(-1)),
        ("policies", json!([])),
        ("policies.priority", json!(300)),
        ("policies.pause_until", json!("tomorrow")),
        ("policies.misfire_grace", json!("never")),
        ("policies.retry", json!({"attempts": 2})),
        ("extra", json!({"a": 1})),
    ] {
        let mut body = hourly();
        let steps: Vec<&str> = field.split('.').collect();
        let (last, way) = steps.split_last().unwrap();
        let holder = way.iter().fold(&mut body, |value, step| {
            let value = &mut value[*step];
            if value.is_null() {
                *value = json!({});
            }
            value
        });
        holder[*last] = value.clone();
        let told = api.faults("j", &body).await;
        assert_eq!(fields(&told), [field], "{told:?}");
        assert_eq!(told[0]["value"], value, "{field}");
        assert!(told[0]["rule"].as_str().unwrap().len() > 5, "{told:?}");
    }
}

#[tokio::test]
async fn faults_of_lists_name_the_place() {
    let api = Api::start().await;
    let mut body = hourly();
    body["request"]["headers"] = json!([
        {"name": "A", "value": "a"},
        {"name": "B"},
        {"nam": "C", "value": "c"},
        7,
        {"name": "D", "value": "d", "x": 1}
    ]);
    body["tags"] = json!(["a", 5]);
    body["retry"] = json!({"on": {"statuses": [200, "x"]}});
    let told = api.faults("j", &body).await;
    let mut told = fields(&told);
    told.sort_unstable();
    insta::assert_json_snapshot!(told);
}

/// What one part has wrong does not hide what another has.
#[tokio::test]
async fn parts_that_cannot_be_read_hide_nothing() {
    let api = Api::start().await;
    let bad_rest = json!({
        "request": {"url": "ftp://h"}, "retry": {"attempts": 0},
        "policies": {"priority": 11}, "trigger": {"type": "cron", "hour": "25"}
    });
    let every = [
        "policies.priority",
        "request.url",
        "retry.attempts",
        "trigger.hour",
    ];
    for (part, unreadable) in [
        ("", Value::Null),
        ("request", json!(5)),
        ("retry", json!(5)),
        ("policies", json!(5)),
        ("trigger", json!(5)),
    ] {
        let mut body = bad_rest.clone();
        let mut expected: Vec<&str> = every.to_vec();
        if part.is_empty() {
            body["extra"] = json!(1);
            expected.push("extra");
        } else {
            body[part] = unreadable;
            expected.retain(|field| !field.starts_with(part));
            expected.push(part);
        }
        expected.sort_unstable();
        let told = api.faults("j", &body).await;
        let mut told = fields(&told);
        told.sort_unstable();
        assert_eq!(told, expected, "{body}");
    }
}

#[tokio::test]
async fn long_values_are_shortened() {
    let api = Api::start().await;
    let mut body = hourly();
    body["trigger"] = json!({"type": "cron", "cron": "任".repeat(5_000)});
    body["request"]["url"] = json!("x".repeat(50_000));
    body["request"]["method"] = json!("y".repeat(50_000));
    body["description"] = json!({"a": "z".repeat(50_000)});
    body["extra".repeat(10_000).as_str()] = json!(1);
    let reply = api.put("j", &body).await;
    let told = faults(&reply);
    assert!(told.len() >= 5);
    for fault in &told {
        assert!(fault["value"].to_string().len() < 300, "{}", fault["value"]);
    }
    assert!(reply.body.len() < 20_000, "{} bytes", reply.body.len());
}
