//! Patches: RFC 7396, and what takes the place of what.

use serde_json::{Value, json};

use super::{Api, etag, everything, faults, fields, hourly, ok};
use crate::support::http::Request;

async fn with(body: &Value) -> Api {
    let api = Api::start().await;
    api.create("j", body).await;
    api
}

/// What a job is after a patch that must be taken.
async fn patched(api: &Api, patch: Value) -> Value {
    ok(&api.patch("j", &patch).await, 200)
}

#[tokio::test]
async fn only_what_is_named_changes() {
    let api = with(&everything()).await;
    let before = ok(&api.get("j").await, 200);
    let after = patched(
        &api,
        json!({"request": {"timeout_ms": 5}, "policies": {"priority": -3}}),
    )
    .await;
    let mut expected = before.clone();
    expected["request"]["timeout_ms"] = json!(5);
    expected["policies"]["priority"] = json!(-3);
    expected["status"] = after["status"].clone();
    assert_eq!(after, expected);
    let tag = etag(&api.get("j").await);
    for nothing in [
        json!({}),
        json!({"request": {}}),
        json!({"policies": {"priority": -3}}),
    ] {
        assert_eq!(etag(&api.patch("j", &nothing).await), tag, "{nothing}");
    }
}

#[tokio::test]
async fn null_goes_back_to_the_default() {
    let api = with(&everything()).await;
    let patch = json!({
        "description": null, "tags": null, "retry": null, "policies": null, "status": null,
        "trigger": {"timezone": null, "dst": null, "start": null, "end": null, "jitter_ms": null},
        "request": {"headers": null, "query": null, "body": null, "timeout_ms": null,
            "redirects": null, "success": null, "capture_bytes": null, "method": null}
    });
    let after = patched(&api, patch).await;
    let url = everything()["request"]["url"].clone();
    assert_eq!(after["request"], json!({"url": url}));
    assert_eq!(
        (&after["description"], &after["tags"]),
        (&json!(""), &json!([]))
    );
    assert_eq!(after["retry"], Value::Null);
    assert_eq!(after["trigger"]["timezone"], json!("UTC"));
    for gone in ["dst", "start", "end", "jitter_ms"] {
        assert!(after["trigger"].get(gone).is_none(), "{gone}");
    }
    let plain = with(&hourly()).await;
    assert_eq!(
        after["policies"],
        ok(&plain.get("j").await, 200)["policies"]
    );

    for needed in ["trigger", "request"] {
        let refused = faults(&api.patch("j", &json!({needed: null})).await);
        assert_eq!(fields(&refused), [needed]);
    }
}

#[tokio::test]
async fn lists_are_replaced_whole() {
    let api = with(&everything()).await;
    let after = patched(
        &api,
        json!({"tags": ["one"], "request": {"headers": [{"name": "X-Two", "value": {"secret": true}}]},
            "retry": {"on": {"statuses": [503]}}}),
    )
    .await;
    assert_eq!(after["tags"], json!(["one"]));
    let headers = json!([{"name": "X-Two", "value": {"secret": true}}]);
    assert_eq!(after["request"]["headers"], headers);
    assert_eq!(after["retry"]["on"]["statuses"], json!([503]));
    assert_eq!(after["retry"]["on"]["timeout"], json!(false));
}

#[tokio::test]
async fn a_trigger_of_another_type_takes_the_place_of_the_old_one() {
    let api = with(&everything()).await;
    let after = patched(
        &api,
        json!({"trigger": {"type": "interval", "minutes": 90}}),
    )
    .await;
    let interval = json!({"type": "interval", "hours": 1, "minutes": 30});
    assert_eq!(after["trigger"], interval);
    let after = patched(&api, json!({"trigger": {"hours": null}})).await;
    assert_eq!(after["trigger"], json!({"type": "interval", "minutes": 30}));
    let after = patched(&api, json!({"trigger": {"type": "interval", "days": 2}})).await;
    let interval = json!({"type": "interval", "days": 2, "minutes": 30});
    assert_eq!(after["trigger"], interval);
    let at = "2099-01-01T00:00:00.500Z";
    let after = patched(&api, json!({"trigger": {"type": "date", "at": at}})).await;
    assert_eq!(after["trigger"], json!({"type": "date", "at": at}));
    let refused = faults(&api.patch("j", &json!({"trigger": {"type": "cron"}})).await);
    assert_eq!(fields(&refused), ["trigger.cron"]);
}

#[tokio::test]
async fn a_line_of_cron_text_takes_the_place_of_the_fields() {
    let api = with(&everything()).await;
    let after = patched(&api, json!({"trigger": {"cron": "*/5 * * * *"}})).await;
    let trigger = &after["trigger"];
    assert_eq!(
        (&trigger["minute"], &trigger["hour"]),
        (&json!("*/5"), &json!("*"))
    );
    // The rest of the trigger stays.
    assert_eq!(trigger["timezone"], json!("Asia/Shanghai"));
    assert_eq!(trigger["jitter_ms"], json!(2_000));
    let after = patched(&api, json!({"trigger": {"hour": 7}})).await;
    let trigger = &after["trigger"];
    assert_eq!(
        (&trigger["minute"], &trigger["hour"]),
        (&json!("*/5"), &json!("7"))
    );
    let both = json!({"trigger": {"cron": "0 9 * * *", "hour": 7}});
    assert_eq!(
        fields(&faults(&api.patch("j", &both).await)),
        ["trigger.cron"]
    );
}

/// Of things that are one or another only one can be there.
#[tokio::test]
async fn another_form_takes_the_place_of_the_old_one() {
    let api = with(&everything()).await;
    for (outer, inner, values) in [
        (
            "request",
            "body",
            vec![
                json!({"text": "a"}),
                json!({"base64": "AAE="}),
                json!({"json": [1]}),
            ],
        ),
        (
            "retry",
            "delay",
            vec![
                json!({"fixed_ms": 5}),
                json!({"table_ms": [1, 2]}),
                json!({"exponential": {"first_ms": 1, "max_ms": 2, "jitter_percent": 0}}),
            ],
        ),
        (
            "policies",
            "overlap",
            vec![
                json!({"queue": 3}),
                json!("skip"),
                json!({"allow": 2}),
                json!({"queue": 1}),
            ],
        ),
        (
            "policies",
            "catch_up",
            vec![json!("none"), json!({"all": 3}), json!("latest")],
        ),
        (
            "policies",
            "misfire_grace",
            vec![json!("unlimited"), json!({"ms": 3})],
        ),
    ] {
        for value in values {
            let after = patched(&api, json!({outer: {inner: value}})).await;
            assert_eq!(after[outer][inner], value);
        }
    }
}

#[tokio::test]
async fn parts_of_the_same_form_are_merged() {
    let api = with(&everything()).await;
    let after = patched(
        &api,
        json!({"request": {"body": {"json": {"day": null, "more": 1}}},
            "retry": {"delay": {"exponential": {"max_ms": 5_000}}}}),
    )
    .await;
    let body = json!({"json": {"n": [1, 2.5, {"deep": true}], "more": 1}});
    assert_eq!(after["request"]["body"], body);
    let delay = json!({"exponential": {"first_ms": 1_000, "max_ms": 5_000, "jitter_percent": 20}});
    assert_eq!(after["retry"]["delay"], delay);
}

#[tokio::test]
async fn a_patch_is_an_object_in_either_media_type() {
    let api = with(&hourly()).await;
    for body in [json!([]), json!("x"), json!(5)] {
        assert_eq!(fields(&faults(&api.patch("j", &body).await)), [""]);
    }
    for kind in [
        "application/json",
        "application/merge-patch+json",
        "Application/Merge-Patch+JSON; charset=utf-8",
    ] {
        let request = Request::new("PATCH", &super::path("j")).header("content-type", kind);
        let reply = api.0.send(&request.body(r#"{"tags": ["t"]}"#)).await;
        assert_eq!(reply.status, 200, "{kind}: {}", reply.text());
    }
}

#[tokio::test]
async fn a_refused_patch_changes_nothing() {
    let api = with(&everything()).await;
    let before = api.get("j").await;
    let patch = json!({"tags": ["fine"], "tag": 1, "trigger": {"timezone": "Nowhere"}, "job_id": "k",
        "retry": {"attempts": 0}});
    let refused = faults(&api.patch("j", &patch).await);
    let expected = ["job_id", "retry.attempts", "tag", "trigger.timezone"];
    let mut told = fields(&refused);
    told.sort_unstable();
    assert_eq!(told, expected);
    let after = api.get("j").await;
    assert_eq!((etag(&after), after.json()), (etag(&before), before.json()));
}
