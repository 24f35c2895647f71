//! Creating, replacing, showing and removing.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Api, etag, everything, hourly, ok, problem};

#[tokio::test]
async fn a_put_creates_then_replaces_and_the_tag_tells() {
    let api = Api::start().await;
    let created = api.put("j", &hourly()).await;
    assert_eq!(ok(&created, 201)["job_id"], json!("j"));
    assert_eq!(created.header("cache-control"), Some("no-store"));
    let shown = api.get("j").await;
    assert_eq!(etag(&shown), etag(&created));
    assert_eq!(ok(&shown, 200), created.json());

    let again = api.put("j", &hourly()).await;
    assert_eq!((again.status, etag(&again)), (200, etag(&created)));
    assert_eq!(again.json(), created.json());

    for (pointer, value) in [
        ("/description", json!("new")),
        ("/tags", json!(["a"])),
        ("/trigger/hours", json!(2)),
        ("/trigger/jitter_ms", json!(10)),
        ("/request/url", json!("http://127.0.0.1:9/other")),
        ("/retry", json!({"attempts": 2})),
        ("/policies", json!({"priority": 1})),
    ] {
        let before = etag(&api.get("j").await);
        let mut changed = hourly();
        set(&mut changed, pointer, value);
        let put = api.put("j", &changed).await;
        assert_eq!(put.status, 200);
        assert_ne!(etag(&put), before, "{pointer}");
        assert_eq!(etag(&api.get("j").await), etag(&put));
        let status = &put.json()["status"];
        assert_eq!(status["created_at"], created.json()["status"]["created_at"]);
    }
}

fn set(body: &mut Value, pointer: &str, value: Value) {
    let (outer, name) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(outer).unwrap()[name] = value;
}

/// A service that puts its jobs whenever it starts must not move them.
#[tokio::test]
async fn the_same_put_keeps_the_phase_of_an_interval() {
    let (api, clock) = Api::at("2050-01-01T00:00:00.123Z").await;
    let first = api.put("j", &hourly()).await;
    let due = json!("2050-01-01T01:00:00.123Z");
    assert_eq!(first.json()["status"]["next_fire_at"], due);
    let same = [
        hourly(),
        json!({"trigger": {"type": "interval", "minutes": 60}, "request": hourly()["request"]}),
        json!({"trigger": {"type": "interval", "seconds": 3600}, "request": hourly()["request"],
            "tags": [], "description": "", "retry": null, "policies": {"priority": 0}}),
    ];
    for body in same {
        clock.advance(TimeDelta::minutes(7));
        let put = api.put("j", &body).await;
        assert_eq!((put.status, etag(&put)), (200, etag(&first)));
        assert_eq!(put.json()["status"], first.json()["status"]);
    }
    // Another URL or jitter does not move it either; another distance begins anew.
    let mut body = hourly();
    body["request"]["url"] = json!("http://127.0.0.1:9/other");
    body["trigger"]["jitter_ms"] = json!(5);
    let put = api.put("j", &body).await;
    assert_eq!(put.json()["status"]["next_fire_at"], due);
    body["trigger"]["hours"] = json!(2);
    let put = api.put("j", &body).await;
    let due = json!("2050-01-01T02:21:00.123Z");
    assert_eq!(put.json()["status"]["next_fire_at"], due);
}

/// Found in a read-through: an interval that had fired before fired at once when
/// its end or its jitter was changed, since its grid begins in the past.
#[tokio::test]
async fn a_change_beside_the_distance_fires_nothing() {
    let (api, clock) = Api::at("2050-01-01T00:00:00.123Z").await;
    let mut body = hourly();
    api.create("j", &body).await;
    clock.advance(TimeDelta::minutes(150));
    let due = json!("2050-01-01T03:00:00.123Z");
    for (name, value) in [
        ("jitter_ms", json!(5)),
        ("end", json!("2060-01-01T00:00:00Z")),
    ] {
        body["trigger"][name] = value;
        let put = api.put("j", &body).await;
        assert_eq!(put.json()["status"]["next_fire_at"], due, "{name}");
    }
}

#[tokio::test]
async fn a_start_in_the_past_can_be_put_again() {
    let (api, clock) = Api::at("2050-01-01T00:00:00Z").await;
    let mut body = hourly();
    body["trigger"]["start"] = json!("2049-12-31T23:30:00Z");
    let first = api.put("j", &body).await;
    let next = |reply: &Value| reply["status"]["next_fire_at"].clone();
    assert_eq!(next(&ok(&first, 201)), json!("2050-01-01T00:30:00.000Z"));
    clock.advance(TimeDelta::minutes(10));
    let again = api.put("j", &body).await;
    assert_eq!((again.status, etag(&again)), (200, etag(&first)));
    assert_eq!(next(&again.json()), next(&first.json()));
}

/// What was accepted once is not judged again when its time has passed.
#[tokio::test]
async fn a_date_that_has_passed_can_be_put_again() {
    let (api, clock) = Api::at("2050-01-01T00:00:00Z").await;
    let mut body = hourly();
    body["trigger"] = json!({"type": "date", "at": "2050-01-01T12:00:00Z"});
    let first = api.put("j", &body).await;
    assert_eq!(first.status, 201);
    api.act("j", "pause", &Value::Null).await;
    let tag = etag(&api.get("j").await);
    clock.advance(TimeDelta::days(1));
    let again = api.put("j", &body).await;
    assert_eq!((again.status, etag(&again)), (200, tag));
}

#[tokio::test]
async fn a_paused_job_stays_paused_over_a_put() {
    let api = Api::start().await;
    api.create("j", &hourly()).await;
    let paused = api.act("j", "pause", &json!({})).await;
    assert_eq!(ok(&paused, 200)["status"]["state"], json!("paused"));
    let mut changed = hourly();
    changed["description"] = json!("new");
    for body in [hourly(), changed, everything()] {
        let put = ok(&api.put("j", &body).await, 200);
        assert_eq!(put["status"]["state"], json!("paused"));
        assert_eq!(put["status"]["paused_by"], json!("client"));
        assert_eq!(put["status"]["next_fire_at"], Value::Null);
    }
}

/// What is shown can be sent back as it is: nothing changes.
#[tokio::test]
async fn an_answer_can_be_put_back() {
    let api = Api::start().await;
    let mut plain = everything();
    plain["request"]["body"] = json!({"text": "x"});
    plain["trigger"] = json!({"type": "date", "at": "2099-12-31T23:59:59.507+08:00"});
    plain["policies"]["misfire_grace"] = json!("unlimited");
    plain["retry"]["delay"] = json!({"table_ms": [1, 2]});
    let mut weekly = hourly();
    weekly["trigger"] = json!({"type": "interval", "weeks": 1, "days": 8, "seconds": 61,
        "start": "2090-01-01T00:00:00Z", "end": "2091-01-01T00:00:00Z"});
    for (id, body) in [
        ("cron", everything()),
        ("date", plain),
        ("weekly", weekly),
        ("hourly", hourly()),
    ] {
        let created = api.put(id, &body).await;
        assert_eq!(created.status, 201, "{}", created.text());
        let shown = api.get(id).await;
        let back = api.put(id, &shown.json()).await;
        assert_eq!((back.status, etag(&back)), (200, etag(&created)), "{id}");
        assert_eq!(back.json(), shown.json());
        let patched = api.patch(id, &shown.json()).await;
        assert_eq!(etag(&patched), etag(&created), "{id}");
        // And what it means is what was sent.
        let again = api.put(id, &body).await;
        assert_eq!(etag(&again), etag(&created), "{id}");
    }
    // Nor does it under another id, where there is no secret to keep.
    let shown = ok(&api.get("hourly").await, 200);
    let other = api.faults("other", &shown).await;
    assert_eq!(super::fields(&other), ["job_id"]);
}

#[tokio::test]
async fn what_is_removed_is_gone() {
    let api = Api::start().await;
    let first = api.put("j", &hourly()).await;
    let gone = api.delete("j").await;
    assert_eq!((gone.status, gone.body.len()), (204, 0));
    problem(&api.delete("j").await, 404, "no-such-job");
    problem(&api.get("j").await, 404, "no-such-job");
    problem(
        &api.patch("j", &json!({"tags": []})).await,
        404,
        "no-such-job",
    );
    let again = api.put("j", &hourly()).await;
    assert_eq!(again.status, 201);
    assert_ne!(etag(&again), etag(&first));
}

#[tokio::test]
async fn a_pause_until_an_instant_outlasts_a_put_that_does_not_name_it() {
    let api = Api::start().await;
    api.create("j", &hourly()).await;
    let until = json!({"until": "2050-01-01T00:00:00Z"});
    ok(&api.act("j", "pause", &until).await, 200);
    let again = ok(&api.put("j", &hourly()).await, 200);
    assert_eq!(again["policies"]["pause_until"], "2050-01-01T00:00:00.000Z");
    assert_eq!(again["status"]["paused_by"], "pause_until");
    let mut ending = hourly();
    ending["policies"] = json!({"pause_until": null});
    let ended = ok(&api.put("j", &ending).await, 200);
    assert_eq!(ended["status"]["state"], "running");
}
