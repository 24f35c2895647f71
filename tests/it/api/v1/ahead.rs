//! What will fire: of a trigger that nobody has stored, and of a job.

use serde_json::{Value, json};

use super::{Api, faults, fields, hourly, ok, path, problem};

const NOW: &str = "2031-05-01T12:00:00.250Z";

impl Api {
    async fn preview(&self, body: &Value) -> super::Reply {
        self.send("POST", "/api/v1/schedules:preview", &[], body)
            .await
    }

    async fn ahead(&self, id: &str, query: &str) -> Value {
        let target = format!("{}/upcoming{query}", path(id));
        ok(&self.0.get(&target).await, 200)
    }
}

fn list<'v>(answer: &'v Value, name: &str) -> Vec<&'v str> {
    let fires = answer["fire_times"].as_array().unwrap();
    fires.iter().map(|f| f[name].as_str().unwrap()).collect()
}

fn codes(answer: &Value) -> Vec<&str> {
    let all = answer["warnings"].as_array().unwrap();
    all.iter().map(|w| w["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_preview_tells_what_the_trigger_does() {
    let (api, _) = Api::at(NOW).await;
    let body = json!({"trigger": {"type": "cron", "cron": "30 2 * * *", "timezone": "Europe/Berlin"},
        "from": "2031-10-25T12:00:00Z", "n": 2});
    let told = ok(&api.preview(&body).await, 200);
    assert_eq!(
        list(&told, "local"),
        [
            "2031-10-26T02:30:00.000+02:00",
            "2031-10-26T02:30:00.000+01:00"
        ]
    );
    assert_eq!(
        list(&told, "fire_at"),
        ["2031-10-26T00:30:00.000Z", "2031-10-26T01:30:00.000Z"]
    );
    assert_eq!(
        (&told["more"], &told["cron"]),
        (&json!(true), &json!("30 2 * * *"))
    );
    assert_eq!(told["normalised"]["hour"], json!("2"));
    assert_eq!(
        told["text"]["en"],
        json!("At 02:30 every day, Europe/Berlin")
    );
    assert_eq!(codes(&told), ["twice_in_fold", "skipped_by_gap"]);
    let every = json!({"trigger": {"type": "interval", "minutes": 5}});
    let told = ok(&api.preview(&every).await, 200);
    assert_eq!(list(&told, "fire_at").len(), 10);
    assert_eq!(list(&told, "fire_at")[0], "2031-05-01T12:05:00.250Z");
    assert_eq!(told["cron"], Value::Null);
}

#[tokio::test]
async fn the_trigger_shown_is_that_of_the_job() {
    let (api, _) = Api::at(NOW).await;
    for trigger in [
        json!({"type": "cron", "cron": "0 9 * * 1-5", "timezone": "Asia/Shanghai", "jitter_ms": 10}),
        json!({"type": "interval", "minutes": 90, "end": "2032-01-01T00:00:00+08:00"}),
        json!({"type": "date", "at": "2031-06-01T00:00:00.5+02:00"}),
    ] {
        let body = json!({"trigger": trigger, "job_id": "j"});
        let told = ok(&api.preview(&body).await, 200);
        let mut job = hourly();
        job["trigger"] = trigger;
        api.put("j", &job).await;
        let stored = ok(&api.get("j").await, 200);
        assert_eq!(told["normalised"], stored["trigger"]);
        let ahead = api.ahead("j", "").await;
        assert_eq!(list(&ahead, "fire_at"), list(&told, "fire_at"));
        assert_eq!(ahead["text"], told["text"]);
        assert_eq!(ahead["fire_times"][0]["state"], json!("planned"));
        if told["normalised"]["jitter_ms"].is_number() {
            assert_eq!(list(&ahead, "send_at"), list(&told, "send_at"));
        }
    }
}

#[tokio::test]
async fn what_never_fires_is_no_fault() {
    let (api, _) = Api::at(NOW).await;
    for (trigger, code) in [
        (json!({"type": "cron", "cron": "0 0 30 2 *"}), "never_fires"),
        (
            json!({"type": "date", "at": "2031-05-01T11:00:00Z"}),
            "in_the_past",
        ),
        (
            json!({"type": "interval", "hours": 1, "end": "2031-05-01T12:30:00Z"}),
            "never_fires",
        ),
    ] {
        let told = ok(&api.preview(&json!({"trigger": trigger})).await, 200);
        assert_eq!(told["fire_times"], json!([]), "{trigger}");
        assert_eq!(told["more"], json!(false));
        assert_eq!(codes(&told), [code], "{trigger}");
        let mut job = hourly();
        job["trigger"] = trigger;
        assert_eq!(api.faults("j", &job).await.len(), 1);
    }
    let body = json!({"trigger": {"type": "date", "at": "2031-05-02T00:00:00Z"},
        "policies": {"pause_until": "2031-06-01T00:00:00Z"}});
    let told = ok(&api.preview(&body).await, 200);
    assert_eq!(codes(&told), ["never_fires"]);
}

#[tokio::test]
async fn wrong_triggers_are_refused_as_a_put_refuses_them() {
    let (api, _) = Api::at(NOW).await;
    for trigger in [
        json!({"type": "cron", "cron": "61 * * * *"}),
        json!({"type": "cron", "hour": "25", "minute": "x", "timezone": "Europe/Berln"}),
        json!({"type": "interval"}),
        json!({"type": "interval", "hours": 1, "jitter_ms": 9_000_000, "more": 1}),
        json!({"type": "interval", "hours": 1, "start": "2032-01-01T00:00:00Z", "end": "2031-01-01T00:00:00Z"}),
        json!({"type": "interval", "weeks": 9_000_000_000_u64}),
        json!({"type": "date", "at": "tomorrow"}),
        json!({"type": "moon"}),
        json!([]),
    ] {
        let told = faults(&api.preview(&json!({"trigger": trigger})).await);
        let mut job = hourly();
        job["trigger"] = trigger.clone();
        assert_eq!(told, api.faults("j", &job).await, "{trigger}");
    }
}

#[tokio::test]
async fn every_fault_of_a_preview_is_told() {
    let (api, _) = Api::at(NOW).await;
    let body = json!({"trigger": {"type": "cron", "hour": "25"}, "n": 101, "from": "now",
        "job_id": "", "policies": {"priority": 99}, "more": 1});
    let told = faults(&api.preview(&body).await);
    let mut named = fields(&told);
    named.sort_unstable();
    assert_eq!(
        named,
        [
            "from",
            "job_id",
            "more",
            "n",
            "policies.priority",
            "trigger.hour"
        ]
    );
    for n in [json!(0), json!(-1), json!(101), json!("x")] {
        let body = json!({"trigger": {"type": "interval", "hours": 1}, "n": n});
        assert_eq!(fields(&faults(&api.preview(&body).await)), ["n"], "{n}");
    }
    assert_eq!(fields(&faults(&api.preview(&json!({})).await)), ["trigger"]);
    problem(&api.preview(&Value::Null).await, 400, "malformed");
    let get = api.0.get("/api/v1/schedules:preview").await;
    problem(&get, 405, "method-not-allowed");
    assert_eq!(get.header("allow"), Some("POST"));
}

#[tokio::test]
async fn faults_are_an_answer_where_that_is_asked_for() {
    let (api, _) = Api::at(NOW).await;
    let ask = async |query: &str, body: &Value| {
        let target = format!("/api/v1/schedules:preview{query}");
        api.send("POST", &target, &[], body).await
    };
    let wrong = json!({"trigger": {"type": "cron", "hour": "25"}, "n": 101, "more": 1});
    let refused = faults(&ask("?faults=refuse", &wrong).await);
    assert_eq!(refused, faults(&api.preview(&wrong).await));
    let told = ok(&ask("?faults=tell", &wrong).await, 200);
    let nothing = json!({"normalised": null, "cron": null, "fire_times": [], "more": false,
        "text": null, "warnings": [], "faults": refused});
    assert_eq!(told, nothing);
    let right = json!({"trigger": {"type": "interval", "hours": 1}});
    let told = ok(&ask("?faults=tell", &right).await, 200);
    let mut plain = ok(&api.preview(&right).await, 200);
    plain["faults"] = json!([]);
    assert_eq!(told, plain);
    problem(&ask("?faults=tell", &Value::Null).await, 400, "malformed");
    for query in ["?faults=yes", "?faults=tell&faults=tell"] {
        assert_eq!(fields(&faults(&ask(query, &right).await)), ["faults"]);
    }
    assert_eq!(fields(&faults(&ask("?n=1", &right).await)), ["n"]);
}

#[tokio::test]
async fn an_interval_keeps_the_phase_of_its_job() {
    let (api, clock) = Api::at(NOW).await;
    api.create("j", &hourly()).await;
    clock.advance(chrono::TimeDelta::minutes(10));
    let trigger = json!({"type": "interval", "hours": 1});
    let of = async |id: &str| {
        let body = json!({"trigger": trigger, "job_id": id, "n": 1});
        ok(&api.preview(&body).await, 200)
    };
    assert_eq!(
        list(&of("j").await, "fire_at"),
        ["2031-05-01T13:00:00.250Z"]
    );
    assert_eq!(
        list(&of("k").await, "fire_at"),
        ["2031-05-01T13:10:00.250Z"]
    );
    let ahead = api.ahead("j", "?n=2").await;
    assert_eq!(
        list(&ahead, "fire_at"),
        ["2031-05-01T13:00:00.250Z", "2031-05-01T14:00:00.250Z"]
    );
    assert_eq!(ahead["more"], json!(true));
}

#[tokio::test]
async fn a_paused_job_says_what_would_come() {
    let (api, _) = Api::at(NOW).await;
    api.create("j", &hourly()).await;
    api.act("j", "pause", &json!({})).await;
    let ahead = api.ahead("j", "?n=2").await;
    assert_eq!(
        (&ahead["paused"], &ahead["fire_times"]),
        (&json!(true), &json!([]))
    );
    let would: Vec<_> = ahead["if_resumed"].as_array().unwrap().iter().collect();
    assert_eq!(would[0]["fire_at"], json!("2031-05-01T13:00:00.250Z"));
    assert_eq!(would.len(), 2);
    api.act("j", "resume", &json!({})).await;
    let ahead = api.ahead("j", "?n=2").await;
    assert_eq!(
        (&ahead["paused"], &ahead["if_resumed"]),
        (&json!(false), &Value::Null)
    );
    let until = json!({"until": "2031-05-01T15:30:00Z"});
    api.act("j", "pause", &until).await;
    let ahead = api.ahead("j", "?n=1").await;
    assert_eq!(list(&ahead, "fire_at"), ["2031-05-01T16:00:00.250Z"]);
    assert_eq!(ahead["paused"], json!(true));
    assert_eq!(
        ahead["if_resumed"][0]["fire_at"],
        json!("2031-05-01T13:00:00.250Z")
    );
}

#[tokio::test]
async fn what_a_look_ahead_is_asked_is_read_strictly() {
    let (api, _) = Api::at(NOW).await;
    api.create("j", &hourly()).await;
    for (query, wanted) in [
        ("?n=0", vec!["n"]),
        ("?n=101&m=1", vec!["n", "m"]),
        ("?n=1&n=2", vec!["n"]),
        ("?n=x", vec!["n"]),
    ] {
        let target = format!("{}/upcoming{query}", path("j"));
        assert_eq!(
            fields(&faults(&api.0.get(&target).await)),
            wanted,
            "{query}"
        );
    }
    let none = api.0.get(&format!("{}/upcoming", path("none"))).await;
    problem(&none, 404, "no-such-job");
    let target = format!("{}/upcoming", path("j"));
    let put = api.send("PUT", &target, &[], &hourly()).await;
    problem(&put, 405, "method-not-allowed");
    assert_eq!(put.header("allow"), Some("GET, HEAD"));
}
