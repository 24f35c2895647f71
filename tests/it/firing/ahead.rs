//! What a look ahead shows of occurrences that are on record and not sent yet.

use serde_json::{Value, json};

use crate::support::stage::Stage;

async fn ahead(stage: &Stage, asked: impl Fn(&Value) -> bool) -> Value {
    let started = std::time::Instant::now();
    loop {
        let path = "/j/upcoming?n=3";
        let (status, answer) = stage.api.call(reqwest::Method::GET, path, None).await;
        assert_eq!(status, 200, "{answer}");
        if asked(&answer) {
            return answer;
        }
        assert!(started.elapsed().as_secs() < 60, "{answer}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

fn shown(answer: &Value) -> Vec<(&str, &str, &Value, i64)> {
    let fires = answer["fire_times"].as_array().unwrap().iter();
    fires
        .map(|fire| {
            let text = |name: &str| fire[name].as_str().unwrap();
            (
                text("fire_at"),
                text("state"),
                &fire["send_at"],
                fire["attempt"].as_i64().unwrap(),
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_and_retries_are_shown_before_what_is_planned() {
    let stage = Stage::at("2031-05-01T12:00:00Z").await;
    let definition = json!({
        "trigger": {"type": "interval", "seconds": 3_600},
        "request": {"url": stage.target.at("/status/503")},
        "retry": {"attempts": 2, "delay": {"fixed_ms": 60_000}},
        "policies": {"misfire_grace": "unlimited"},
    });
    stage.put("j", definition).await;
    // The planner claims ahead of the instant.
    stage.advance_ms(3_599_500);
    let first = |state: &'static str| {
        move |answer: &Value| answer["fire_times"][0]["state"] == json!(state)
    };
    let answer = ahead(&stage, first("claimed")).await;
    assert_eq!(
        shown(&answer),
        [
            (
                "2031-05-01T13:00:00.000Z",
                "claimed",
                &json!("2031-05-01T13:00:00.000Z"),
                1
            ),
            (
                "2031-05-01T14:00:00.000Z",
                "planned",
                &json!("2031-05-01T14:00:00.000Z"),
                1
            ),
            (
                "2031-05-01T15:00:00.000Z",
                "planned",
                &json!("2031-05-01T15:00:00.000Z"),
                1
            ),
        ]
    );
    stage.advance_ms(500);
    stage.arrived("j", 1).await;
    let answer = ahead(&stage, first("retry")).await;
    assert_eq!(
        shown(&answer)[0],
        (
            "2031-05-01T13:00:00.000Z",
            "retry",
            &json!("2031-05-01T13:01:00.000Z"),
            2
        )
    );
    assert_eq!(shown(&answer)[1].0, "2031-05-01T14:00:00.000Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_waits_for_another_one_is_shown_without_an_instant() {
    let stage = Stage::at("2031-05-01T12:00:00Z").await;
    let definition = json!({
        "trigger": {"type": "interval", "seconds": 10},
        "request": {"url": stage.target.at("/held"), "timeout_ms": 600_000},
        "policies": {"overlap": {"queue": 3}},
    });
    stage.put("j", definition).await;
    stage.advance_ms(10_000);
    stage.arrived("j", 1).await;
    stage.advance_ms(10_000);
    let waits = |answer: &Value| answer["fire_times"][0]["state"] == json!("waiting");
    let answer = ahead(&stage, waits).await;
    assert_eq!(
        shown(&answer)[..2],
        [
            ("2031-05-01T12:00:20.000Z", "waiting", &Value::Null, 1),
            (
                "2031-05-01T12:00:30.000Z",
                "planned",
                &json!("2031-05-01T12:00:30.000Z"),
                1
            ),
        ]
    );
    stage.target.let_go(2);
    stage.arrived("j", 2).await;
}
