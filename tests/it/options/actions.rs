//! What is done to a job: run, pause, resume, copy.

use serde_json::{Value, json};

use crate::support::stage::Stage;

fn every_20_s() -> Value {
    json!({"type": "interval", "seconds": 20})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_of_its_own_kind_and_leaves_the_schedule_alone() {
    let stage = Stage::any().await;
    let job = stage.put("tick", json!({"trigger": every_20_s()})).await;
    let next = job["status"]["next_fire_at"].clone();
    stage.advance_ms(7_000);
    let run = stage.api.act("tick", "run", json!({})).await;
    stage.arrived("tick", 1).await;
    stage.settled("tick").await;
    assert_eq!(stage.arrivals("tick")[0].fire_id(), run["fire_id"]);
    assert_eq!(stage.fired("tick"), ["2031-05-01T12:00:07Z"]);
    let job = stage.api.job("tick").await.unwrap();
    assert_eq!(job["status"]["next_fire_at"], next);
    stage.go("2031-05-01T12:00:20Z", &["tick"]).await;
    assert_eq!(stage.fired("tick")[1..], ["2031-05-01T12:00:20Z"]);
    let job = stage.api.job("tick").await.unwrap();
    let rows = job["status"]["recent"].as_array().unwrap();
    let kinds: Vec<_> = rows.iter().map(|row| row["kind"].clone()).collect();
    assert_eq!(kinds, ["scheduled", "manual"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_job_fires_again_on_its_grid_once_resumed() {
    let stage = Stage::any().await;
    stage.put("tick", json!({"trigger": every_20_s()})).await;
    let job = stage.api.act("tick", "pause", json!({})).await;
    assert_eq!(job["status"]["paused_by"], "client");
    stage.go("2031-05-01T12:00:30Z", &["tick"]).await;
    stage.a_while().await;
    assert!(stage.arrivals("tick").is_empty());
    // Also a paused job can be run.
    assert_eq!(stage.ran("tick").await, "succeeded");
    let job = stage.api.act("tick", "resume", json!({})).await;
    assert_eq!(job["status"]["next_fire_at"], "2031-05-01T12:00:40.000Z");
    stage.go("2031-05-01T12:00:40Z", &["tick"]).await;
    let fired = ["2031-05-01T12:00:30.001Z", "2031-05-01T12:00:40Z"];
    assert_eq!(stage.fired("tick"), fired);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_with_an_end_goes_on_by_itself() {
    let stage = Stage::any().await;
    stage.put("tick", json!({"trigger": every_20_s()})).await;
    let until = json!({"until": "2031-05-01T12:00:30Z"});
    let job = stage.api.act("tick", "pause", until).await;
    assert_eq!(job["status"]["paused_by"], "pause_until");
    stage.advance_ms(20_000);
    let skipped = |rows: &[String]| rows == ["skipped/pause_until"];
    stage.api.recent("tick", skipped).await;
    stage.go("2031-05-01T12:00:40Z", &["tick"]).await;
    assert_eq!(stage.fired("tick"), ["2031-05-01T12:00:40Z"]);
    // A resume forgets the end of a pause.
    let until = json!({"until": "2031-05-01T13:00:00Z"});
    stage.api.act("tick", "pause", until).await;
    stage.api.act("tick", "resume", json!({})).await;
    stage.go("2031-05-01T12:01:00Z", &["tick"]).await;
    assert_eq!(stage.fired("tick")[1..], ["2031-05-01T12:01:00Z"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_fires_on_its_own_with_the_secrets_of_the_first() {
    let stage = Stage::any().await;
    let headers = json!([{"name": "X-Key", "value": {"secret": "hush"}}]);
    let request = json!({"url": stage.target.at("/ok"), "headers": headers});
    let whole = json!({"trigger": every_20_s(), "request": request});
    stage.put("first", whole).await;
    let copy = stage
        .api
        .act("first", "copy", json!({"job_id": "copy"}))
        .await;
    assert_eq!(copy["status"]["state"], "paused");
    let shown = &copy["request"]["headers"][0]["value"];
    assert_eq!(shown, &json!({"secret": true}));
    let at_once = json!({"job_id": "eager", "paused": false});
    stage.api.act("first", "copy", at_once).await;
    let all = ["first", "copy", "eager"];
    stage.go("2031-05-01T12:00:20Z", &all).await;
    assert_eq!(all.map(|id| stage.arrivals(id).len()), [1, 0, 1]);
    stage.advance_ms(1);
    stage.api.act("copy", "resume", json!({})).await;
    stage.go("2031-05-01T12:00:40Z", &all).await;
    assert_eq!(all.map(|id| stage.arrivals(id).len()), [2, 1, 2]);
    assert_eq!(stage.arrivals("copy")[0].header("x-key"), "hush");
    // What is done to one is not done to the other.
    let elsewhere = json!({"request": {"url": stage.target.at("/elsewhere")}});
    stage.api.patch("copy", &elsewhere).await;
    stage.go("2031-05-01T12:01:00Z", &all).await;
    assert_eq!(stage.arrivals("copy")[1].path, "/elsewhere");
    assert_eq!(stage.arrivals("first")[2].path, "/ok");
}
