//! `:pause`, `:resume`, `:run` and `:copy`.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Api, etag, everything, faults, fields, hourly, ok, path, problem};
use crate::support::target::Target;

#[tokio::test]
async fn pausing_and_resuming_twice_is_no_fault() {
    let (api, clock) = Api::at("2050-01-01T00:00:00Z").await;
    api.create("j", &hourly()).await;
    let mut tags = std::collections::BTreeSet::new();
    for body in [Value::Null, json!({}), json!({"until": null})] {
        clock.advance(TimeDelta::milliseconds(1));
        let paused = api.act("j", "pause", &body).await;
        tags.insert(etag(&paused));
        let status = ok(&paused, 200)["status"].clone();
        assert_eq!(status["state"], json!("paused"));
        assert_eq!(status["paused_by"], json!("client"));
        assert_eq!(status["next_fire_at"], Value::Null);
    }
    assert_eq!(tags.len(), 1, "nothing changed after the first");
    clock.advance(TimeDelta::minutes(90));
    for body in [Value::Null, json!({})] {
        let resumed = api.act("j", "resume", &body).await;
        tags.insert(etag(&resumed));
        let status = ok(&resumed, 200)["status"].clone();
        assert_eq!(status["state"], json!("running"));
        assert_eq!(status["paused_by"], Value::Null);
        // In its old phase.
        assert_eq!(status["next_fire_at"], json!("2050-01-01T02:00:00.000Z"));
    }
    assert_eq!(tags.len(), 2, "nor after the first resuming");
}

#[tokio::test]
async fn a_pause_may_have_an_end() {
    let (api, clock) = Api::at("2050-01-01T00:00:00Z").await;
    api.create("j", &hourly()).await;
    let until = json!({"until": "2050-01-01T08:30:00+03:00"});
    let paused = api.act("j", "pause", &until).await;
    let again = api.act("j", "pause", &until).await;
    assert_eq!(etag(&again), etag(&paused));
    let job = ok(&again, 200);
    assert_eq!(job, paused.json());
    assert_eq!(
        job["policies"]["pause_until"],
        json!("2050-01-01T05:30:00.000Z")
    );
    assert_eq!(job["status"]["paused_by"], json!("pause_until"));
    assert_eq!(
        job["status"]["next_fire_at"],
        json!("2050-01-01T06:00:00.000Z")
    );
    clock.advance(TimeDelta::hours(5));
    let job = ok(&api.act("j", "resume", &Value::Null).await, 200);
    assert_eq!(job["policies"]["pause_until"], Value::Null);
    assert_eq!(job["status"]["state"], json!("running"));

    for body in [
        json!({"until": "2050-01-01T05:00:00Z"}),
        json!({"until": "2049-01-01T05:00:00Z"}),
        json!({"until": "soon"}),
        json!({"until": 5}),
    ] {
        let refused = faults(&api.act("j", "pause", &body).await);
        assert_eq!(fields(&refused), ["until"], "{body}");
        assert_eq!(refused[0]["value"], body["until"]);
    }
}

#[tokio::test]
async fn a_run_is_sent_with_the_fire_id_that_was_told() {
    let target = Target::start().await;
    let api = Api::start().await;
    let mut body = hourly();
    body["request"]["url"] = json!(target.at("/hook"));
    let created = api.put("j", &body).await;
    api.act("j", "pause", &Value::Null).await;
    let run = ok(&api.act("j", "run", &Value::Null).await, 202);
    assert_eq!(
        (&run["job_id"], &run["kind"]),
        (&json!("j"), &json!("manual"))
    );
    target.wait_for(1).await;
    let arrival = target.arrivals().remove(0);
    assert_eq!(json!(arrival.fire_id()), run["fire_id"]);
    assert_eq!(arrival.job_id(), "j");
    // The tag names the definition, which has not changed since the pause.
    let tag = etag(&api.get("j").await);
    ok(&api.act("j", "run", &json!({})).await, 202);
    assert_eq!(etag(&api.get("j").await), tag);
    assert_eq!(created.status, 201);
    problem(
        &api.act("none", "run", &Value::Null).await,
        404,
        "no-such-job",
    );
}

#[tokio::test]
async fn a_copy_has_all_but_the_state_and_the_history() {
    let api = Api::start().await;
    let from = api.create("a/b", &everything()).await;
    let to = "copy/of 100%:任务";
    let copied = api.act("a/b", "copy", &json!({"job_id": to})).await;
    let copy = ok(&copied, 201);
    let location = copied.header("location").unwrap();
    let shown = api.0.get(location).await;
    assert_eq!(ok(&shown, 200)["job_id"], json!(to));
    assert_eq!(etag(&shown), etag(&copied));
    assert_eq!(copy["status"]["state"], json!("paused"));
    for part in [
        "description",
        "tags",
        "trigger",
        "request",
        "retry",
        "policies",
    ] {
        assert_eq!(copy[part], from[part]);
    }
    // The secrets came along: what is shown of them can be put back.
    let again = api.put(to, &copy).await;
    assert_eq!((again.status, etag(&again)), (200, etag(&copied)));

    let before = etag(&api.get("a/b").await);
    for to in [to, "a/b"] {
        let taken = api.act("a/b", "copy", &json!({"job_id": to})).await;
        let told = problem(&taken, 409, "exists");
        assert!(told["detail"].as_str().unwrap().contains(to));
    }
    assert_eq!(etag(&api.get("a/b").await), before);

    let body = json!({"job_id": "runs", "paused": false});
    let copy = ok(&api.act("a/b", "copy", &body).await, 201);
    assert_eq!(
        copy["status"]["next_fire_at"],
        from["status"]["next_fire_at"]
    );
    let none = api.act("none", "copy", &json!({"job_id": "x"})).await;
    problem(&none, 404, "no-such-job");
}

#[tokio::test]
async fn bodies_of_actions_are_read_strictly() {
    let api = Api::start().await;
    api.create("j", &hourly()).await;
    for (action, body, expected) in [
        ("pause", json!({"til": "2099-01-01T00:00:00Z"}), vec!["til"]),
        ("pause", json!([]), vec![""]),
        ("resume", json!({"x": 1, "y": 2}), vec!["x", "y"]),
        ("run", json!({"at": 1}), vec!["at"]),
        ("copy", Value::Null, vec!["job_id"]),
        ("copy", json!({"job_id": ""}), vec!["job_id"]),
        (
            "copy",
            json!({"job_id": "x".repeat(16_385)}),
            vec!["job_id"],
        ),
        (
            "copy",
            json!({"job_id": 5, "paused": 1, "z": 0}),
            vec!["job_id", "paused", "z"],
        ),
    ] {
        let refused = faults(&api.act("j", action, &body).await);
        assert_eq!(fields(&refused), expected, "{action} {body}");
    }
    let nothing = api.act("j", "explode", &Value::Null).await;
    problem(&nothing, 404, "no-such-path");
    let nothing = api.send("POST", &path("j"), &[], &Value::Null).await;
    assert!(nothing.status == 404 || nothing.status == 405);
}
