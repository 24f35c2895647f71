//! `If-Match` and `If-None-Match`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Api, etag, hourly, path, problem};

/// Each request that can be bound to a condition; one must leave the job there.
fn requests() -> Vec<(&'static str, String, Value)> {
    vec![
        ("PUT", path("j"), hourly()),
        ("PATCH", path("j"), json!({"description": "patched"})),
        ("POST", path("j") + ":pause", Value::Null),
        (
            "POST",
            path("j") + ":pause",
            json!({"until": "2099-01-01T00:00:00Z"}),
        ),
        ("POST", path("j") + ":resume", Value::Null),
        ("DELETE", path("j"), Value::Null),
    ]
}

#[tokio::test]
async fn conditions_hold_for_every_change() {
    for (method, target, body) in requests() {
        let api = Api::start().await;
        api.create("j", &hourly()).await;
        let tag = etag(&api.get("j").await);
        let list = format!("\"1-1\", {tag} , W/\"2-2\"");
        let weak = format!("W/{tag}");
        let unquoted = tag.trim_matches('"').to_owned();
        for (name, value) in [
            ("if-match", "\"1-1\""),
            ("if-match", "\"no tag of ours\", \"7f-1\""),
            ("if-match", &weak),
            ("if-match", &unquoted),
            ("if-match", ""),
            ("if-none-match", "*"),
            ("if-none-match", &tag),
            ("if-none-match", &weak),
            ("if-none-match", &list),
        ] {
            let refused = api.send(method, &target, &[(name, value)], &body).await;
            problem(&refused, 412, "precondition-failed");
            assert_eq!(etag(&api.get("j").await), tag, "{method} {name}: {value}");
        }
        let both = [("if-match", tag.as_str()), ("if-none-match", tag.as_str())];
        let refused = api.send(method, &target, &both, &body).await;
        problem(&refused, 412, "precondition-failed");

        for (name, value) in [
            ("if-none-match", "\"1-1\", W/\"x\""),
            ("if-match", "*"),
            ("if-match", &list),
        ] {
            let now = etag(&api.get("j").await);
            let value = value.replace(&tag, &now);
            let done = api.send(method, &target, &[(name, &value)], &body).await;
            assert!(
                (200..300).contains(&done.status),
                "{method}: {}",
                done.text()
            );
            api.put("j", &hourly()).await;
        }
    }
}

#[tokio::test]
async fn conditions_on_a_job_that_is_not_there() {
    let api = Api::start().await;
    for (method, target, body) in requests() {
        for value in ["*", "\"1-1\""] {
            let refused = api
                .send(method, &target, &[("if-match", value)], &body)
                .await;
            match method {
                "PUT" => problem(&refused, 412, "precondition-failed"),
                _ => problem(&refused, 404, "no-such-job"),
            };
        }
    }
    let only_new = [("if-none-match", "*")];
    let created = api.send("PUT", &path("j"), &only_new, &hourly()).await;
    assert_eq!(created.status, 201);
    let refused = api.send("PUT", &path("j"), &only_new, &hourly()).await;
    problem(&refused, 412, "precondition-failed");
}

#[tokio::test]
async fn the_tag_of_a_job_that_was_is_not_that_of_the_next() {
    let (api, clock) = Api::at("2050-01-01T00:00:00Z").await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let tag = etag(&api.put("j", &hourly()).await);
        for old in &seen {
            let old: &String = old;
            let refused = api
                .send("PUT", &path("j"), &[("if-match", old)], &hourly())
                .await;
            problem(&refused, 412, "precondition-failed");
        }
        assert!(!seen.contains(&tag), "{tag}");
        seen.push(tag);
        assert_eq!(api.delete("j").await.status, 204);
        clock.advance(chrono::TimeDelta::milliseconds(1));
    }
}

/// So many writers who have all seen the same.
const WRITERS: usize = 24;

/// Of writers with the same condition one wins; answers with its number.
async fn race(api: &Arc<Api>, method: &'static str, condition: (&'static str, String)) -> usize {
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..WRITERS {
        let (api, (name, value)) = (api.clone(), condition.clone());
        tasks.spawn(async move {
            let mut body = json!({"description": format!("writer {number}")});
            if method == "PUT" {
                body["trigger"] = hourly()["trigger"].clone();
                body["request"] = hourly()["request"].clone();
            }
            let reply = api.send(method, &path("j"), &[(name, &value)], &body).await;
            (number, reply)
        });
    }
    let mut won = Vec::new();
    for (number, reply) in tasks.join_all().await {
        if reply.status < 300 {
            won.push((number, etag(&reply)));
        } else {
            problem(&reply, 412, "precondition-failed");
        }
    }
    assert_eq!(won.len(), 1, "{won:?}");
    let shown = api.get("j").await;
    let (number, tag) = won.remove(0);
    assert_eq!(etag(&shown), tag);
    assert_eq!(
        shown.json()["description"],
        json!(format!("writer {number}"))
    );
    number
}

#[tokio::test(flavor = "multi_thread")]
async fn of_writers_who_saw_the_same_exactly_one_wins() {
    let api = Arc::new(Api::start().await);
    race(&api, "PUT", ("if-none-match", "*".to_owned())).await;
    for method in ["PUT", "PATCH", "PUT", "PATCH"] {
        let tag = etag(&api.get("j").await);
        api.patch("j", &json!({"description": "nobody yet"})).await;
        let now = etag(&api.get("j").await);
        assert_ne!(tag, now);
        race(&api, method, ("if-match", now)).await;
    }
}

/// Without a condition no change is lost.
#[tokio::test(flavor = "multi_thread")]
async fn patches_at_once_all_take_effect() {
    let api = Arc::new(Api::start().await);
    api.create("j", &hourly()).await;
    let patches = [
        json!({"description": "d"}),
        json!({"tags": ["t"]}),
        json!({"request": {"timeout_ms": 5}}),
        json!({"request": {"redirects": 2}}),
        json!({"policies": {"priority": 4}}),
        json!({"retry": {"attempts": 3}}),
    ];
    let mut tasks = tokio::task::JoinSet::new();
    for patch in patches.clone() {
        let api = api.clone();
        tasks.spawn(async move { api.patch("j", &patch).await.status });
    }
    let statuses = tasks.join_all().await;
    assert_eq!(statuses, [200; 6]);
    let shown = etag(&api.get("j").await);
    for patch in patches {
        assert_eq!(etag(&api.patch("j", &patch).await), shown, "{patch}");
    }
}
