//! Triggers that are refused, and why.

use serde_json::{Value, json};

use super::{Api, faults, fields, hourly, ok};

const NOW: &str = "2050-01-01T12:00:00Z";

/// The only fault of a trigger.
async fn fault(api: &Api, trigger: Value) -> Value {
    let mut body = hourly();
    body["trigger"] = trigger;
    let mut told = api.faults("j", &body).await;
    assert_eq!(told.len(), 1, "{told:?}");
    told.remove(0)
}

/// That fault, if it is of this field and says these words.
async fn refused(api: &Api, trigger: Value, field: &str, words: &[&str]) {
    let told = fault(api, trigger).await;
    assert_eq!(told["field"], json!(field), "{told}");
    let rule = told["rule"].as_str().unwrap();
    for word in words {
        assert!(rule.contains(word), "{word}: {rule}");
    }
}

#[tokio::test]
async fn a_date_may_have_passed_by_no_more_than_the_grace() {
    let (api, _clock) = Api::at(NOW).await;
    let date = |at: &str, policies: Value| {
        json!({"trigger": {"type": "date", "at": at}, "request": hourly()["request"],
            "policies": policies})
    };
    let grace = |ms: u64| json!({"misfire_grace": {"ms": ms}});
    let unlimited = json!({"misfire_grace": "unlimited"});
    for (at, policies, taken) in [
        ("2050-01-01T12:00:00Z", json!({}), true),
        ("2050-01-01T11:59:00Z", json!({}), true),
        ("2050-01-01T11:58:59.999Z", json!({}), false),
        ("2050-01-01T19:58:00+08:00", json!({}), false),
        ("2050-01-01T11:58:00Z", grace(120_000), true),
        ("2050-01-01T11:58:00Z", grace(119_999), false),
        ("2050-01-01T11:59:59.999Z", grace(0), false),
        ("1999-01-01T00:00:00Z", unlimited, true),
    ] {
        let reply = api.put("j", &date(at, policies.clone())).await;
        if taken {
            assert_eq!(reply.status, 201, "{at} {policies}: {}", reply.text());
            api.delete("j").await;
            continue;
        }
        let told = faults(&reply);
        assert_eq!(fields(&told), ["trigger.at"], "{at} {policies}");
        assert_eq!(told[0]["value"], json!(at));
        let rule = told[0]["rule"].as_str().unwrap();
        assert!(rule.contains("policies.misfire_grace"), "{rule}");
    }
}

#[tokio::test]
async fn what_would_never_fire_is_refused_with_the_reason() {
    let (api, _clock) = Api::at(NOW).await;
    for (trigger, field, words) in [
        (
            json!({"type": "cron", "cron": "0 0 30 2 *"}),
            "trigger",
            ["never fires", "match no date"],
        ),
        (
            json!({"type": "cron", "year": "2049"}),
            "trigger",
            ["never fires", "match no date"],
        ),
        (
            json!({"type": "interval", "hours": 1, "end": "2050-01-01T12:59:59.999Z"}),
            "trigger",
            [
                "2050-01-01T13:00:00Z",
                "lies after the end, 2050-01-01T12:59:59.999Z",
            ],
        ),
        (
            json!({"type": "cron", "cron": "0 9 * * *", "end": "2050-01-02T08:00:00Z"}),
            "trigger",
            [
                "2050-01-02T09:00:00Z",
                "lies after the end, 2050-01-02T08:00:00Z",
            ],
        ),
        (
            json!({"type": "interval", "hours": 1, "start": "2050-02-01T00:00:00Z",
                "end": "2050-01-31T23:00:00Z"}),
            "trigger.end",
            [
                "2050-01-31T23:00:00Z",
                "lies before the start, 2050-02-01T00:00:00Z",
            ],
        ),
        (
            json!({"type": "interval", "weeks": 500_000_000}),
            "trigger.weeks",
            ["", ""],
        ),
    ] {
        refused(&api, trigger, field, &words).await;
    }
    // The last instant of a window counts.
    let mut body = hourly();
    body["trigger"]["end"] = json!("2050-01-01T13:00:00Z");
    let created = api.create("j", &body).await;
    assert_eq!(
        created["status"]["next_fire_at"],
        json!("2050-01-01T13:00:00.000Z")
    );
}

/// Also when something else is wrong.
#[tokio::test]
async fn what_would_never_fire_is_told_with_all_the_rest() {
    let (api, _clock) = Api::at(NOW).await;
    let mut body = hourly();
    body["unknown"] = json!(1);
    body["request"]["timeout_ms"] = json!(0);
    for (trigger, field) in [
        (json!({"type": "cron", "cron": "0 0 30 2 *"}), "trigger"),
        (
            json!({"type": "date", "at": "2049-01-01T00:00:00Z"}),
            "trigger.at",
        ),
    ] {
        body["trigger"] = trigger;
        let told = api.faults("j", &body).await;
        let mut told = fields(&told);
        told.sort_unstable();
        assert_eq!(told, ["request.timeout_ms", field, "unknown"]);
    }
}

#[tokio::test]
async fn unknown_zones_are_told_with_their_neighbours() {
    let (api, _clock) = Api::at(NOW).await;
    for (given, near) in [
        ("Europe/Berln", "Europe/Berlin"),
        ("Asia/Shangai", "Asia/Shanghai"),
        ("europe/berlin", "Europe/Berlin"),
        ("America/NewYork", "America/New_York"),
    ] {
        let trigger = json!({"type": "cron", "cron": "0 9 * * *", "timezone": given});
        let told = fault(&api, trigger).await;
        assert_eq!(told["field"], json!("trigger.timezone"));
        assert_eq!(told["value"], json!(given));
        assert!(told["rule"].as_str().unwrap().contains(near), "{told}");
    }
    for given in ["", "+08:00", "Nowhere/At/All"] {
        let trigger = json!({"type": "cron", "cron": "0 9 * * *", "timezone": given});
        refused(
            &api,
            trigger,
            "trigger.timezone",
            &["unknown time zone", "Europe/Berlin"],
        )
        .await;
    }
}

#[tokio::test]
async fn triggers_hold_only_what_belongs_to_them() {
    let (api, _clock) = Api::at(NOW).await;
    for (trigger, field) in [
        (json!({}), "trigger.type"),
        (json!({"type": null, "hours": 1}), "trigger.type"),
        (json!({"type": "Cron", "hour": 1}), "trigger.type"),
        (json!({"type": "date"}), "trigger.at"),
        (
            json!({"type": "date", "at": "2099-01-01T00:00:00Z", "end": null}),
            "trigger.end",
        ),
        (json!({"type": "interval"}), "trigger"),
        (
            json!({"type": "interval", "hours": 0, "seconds": 0}),
            "trigger",
        ),
        (
            json!({"type": "interval", "hours": 1, "minute": 5}),
            "trigger.minute",
        ),
        (
            json!({"type": "interval", "hours": 1, "timezone": "UTC"}),
            "trigger.timezone",
        ),
        (json!({"type": "cron"}), "trigger.cron"),
        (json!({"type": "cron", "cron": ""}), "trigger.cron"),
        (json!({"type": "cron", "cron": "* * * *"}), "trigger.cron"),
        (
            json!({"type": "cron", "cron": "0 9 * * *", "hour": 9}),
            "trigger.cron",
        ),
        (json!({"type": "cron", "hour": 9.5}), "trigger.hour"),
        (json!({"type": "cron", "hour": "24"}), "trigger.hour"),
        (
            json!({"type": "cron", "day_of_week": "funday"}),
            "trigger.day_of_week",
        ),
        (
            json!({"type": "cron", "hour": 1, "dst": {"gap": "jump"}}),
            "trigger.dst.gap",
        ),
        (
            json!({"type": "cron", "hour": 1, "dst": "skip"}),
            "trigger.dst",
        ),
    ] {
        let told = fault(&api, trigger.clone()).await;
        assert_eq!(told["field"], json!(field), "{trigger}: {told}");
    }
}

#[tokio::test]
async fn numbers_and_texts_make_the_same_cron_field() {
    let (api, _clock) = Api::at(NOW).await;
    let next = async |trigger: Value| {
        let mut body = hourly();
        body["trigger"] = trigger;
        let reply = api.put("j", &body).await;
        assert!(reply.status < 300, "{}", reply.text());
        let job = ok(&api.get("j").await, 200);
        (
            job["trigger"].clone(),
            job["status"]["next_fire_at"].clone(),
        )
    };
    let line = next(json!({"type": "cron", "cron": "30 9 * * 1-5"})).await;
    let texts = json!({"type": "cron", "minute": "30", "hour": "9", "day_of_week": "mon-fri"});
    assert_eq!(next(texts).await, line);
    let numbers = json!({"type": "cron", "minute": 30, "hour": 9, "day_of_week": "mon-fri"});
    assert_eq!(next(numbers).await, line);
    assert_eq!(line.1, json!("2050-01-03T09:30:00.000Z"));
}
