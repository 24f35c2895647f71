//! `POST /api/v1/jobs:bulk`: what is done to many jobs at once.

use serde_json::{Value, json};

use super::{Api, etag, fields, hourly, ok, problem};
use crate::support::app::App;
use crate::support::target::Target;

const BULK: &str = "/api/v1/jobs:bulk";

impl Api {
    async fn bulk(&self, body: &Value) -> Value {
        ok(&self.send("POST", BULK, &[], body).await, 200)
    }

    async fn state(&self, id: &str) -> String {
        let job = self.get(id).await.json();
        job["status"]["state"].as_str().unwrap().to_owned()
    }

    /// Some jobs; the first is paused, the second waits for an instant.
    async fn with_jobs(ids: &[&str]) -> Self {
        let api = Self::start().await;
        for id in ids {
            api.create(id, &hourly()).await;
        }
        ok(&api.act(ids[0], "pause", &json!({})).await, 200);
        let until = json!({"until": "2098-01-01T00:00:00Z"});
        ok(&api.act(ids[1], "pause", &until).await, 200);
        api
    }
}

fn counts(answer: &Value) -> [u64; 5] {
    ["matched", "changed", "unchanged"]
        .map(|name| answer[name].as_u64().unwrap())
        .into_iter()
        .chain(["not_found", "failed"].map(|name| answer[name]["count"].as_u64().unwrap()))
        .collect::<Vec<_>>()
        .try_into()
        .unwrap()
}

#[tokio::test]
async fn each_job_counts_once_and_a_dry_run_says_the_same_without_doing_it() {
    let odd = "a\u{0}b 任务\"";
    let ids = ["paused", "waits", "runs", odd];
    for (action, expected) in [
        (json!({"action": "pause"}), [4, 3, 1, 1, 0]),
        (
            json!({"action": "pause", "until": "2098-01-01T00:00:00Z"}),
            [4, 3, 1, 1, 0],
        ),
        (json!({"action": "resume"}), [4, 2, 2, 1, 0]),
        (json!({"action": "run"}), [4, 4, 0, 1, 0]),
        (json!({"action": "delete"}), [4, 4, 0, 1, 0]),
    ] {
        let api = Api::with_jobs(&ids).await;
        let mut body = action.clone();
        body["job_ids"] = json!(["runs", "paused", "none", "waits", "runs", odd, "none"]);
        body["dry_run"] = json!(true);
        let before = api.seen(&ids).await;
        let dry = api.bulk(&body).await;
        assert_eq!(api.seen(&ids).await, before, "{action}");
        body["dry_run"] = json!(false);
        let done = api.bulk(&body).await;
        assert_eq!(counts(&done), expected, "{action}");
        assert_eq!(counts(&dry), expected, "{action}");
        assert_eq!(dry["sample"], done["sample"], "{action}");
        assert_eq!(done["not_found"]["job_ids"], json!(["none"]));
        assert_eq!(done["complete"], json!(true));
        assert_ne!(api.seen(&ids).await, before, "{action}");
        let again = counts(&api.bulk(&body).await);
        match action["action"].as_str().unwrap() {
            "delete" => assert_eq!(again, [0, 0, 0, 5, 0]),
            "run" => assert_eq!(again, expected),
            _ => assert_eq!(again, [4, 0, 4, 1, 0], "{action}"),
        }
    }
}

impl Api {
    /// The revision of each job, and its occurrences.
    async fn seen(&self, ids: &[&str]) -> Vec<Value> {
        let mut seen = Vec::new();
        for id in ids {
            let job = self.get(id).await;
            seen.push(match job.status {
                200 => json!([etag(&job), job.json()["status"]["recent"]]),
                status => json!(status),
            });
        }
        seen
    }
}

#[tokio::test]
async fn a_filter_on_what_the_action_changes_meets_each_job_once() {
    let ids: Vec<String> = (0..450).map(|n| format!("job-{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let api = Api::with_jobs(&ids).await;
    let pause = json!({"action": "pause", "filter": {"state": "running"}});
    assert_eq!(counts(&api.bulk(&pause).await), [448, 448, 0, 0, 0]);
    assert_eq!(counts(&api.bulk(&pause).await), [0; 5]);
    assert_eq!(api.state("job-449").await, "paused");
    let resume = json!({"action": "resume", "filter": {"state": "paused", "text": "JOB-4"}});
    // job-4, job-40 to 49, job-400 to 449.
    let resumed = api.bulk(&resume).await;
    assert_eq!(counts(&resumed), [61, 61, 0, 0, 0]);
    assert_eq!(resumed["sample"].as_array().unwrap().len(), 20);
    assert_eq!(resumed["sample"][0], json!("job-4"));
    let pause = json!({"action": "pause", "filter": {"text": "job-4"}, "sample": 10_000});
    let undone = api.bulk(&pause).await;
    assert_eq!(undone["sample"].as_array().unwrap().len(), 61);
    let resume = json!({"action": "resume", "job_ids": undone["sample"], "sample": 0});
    let resumed = api.bulk(&resume).await;
    assert_eq!(counts(&resumed), [61, 61, 0, 0, 0]);
    assert_eq!(resumed["sample"], json!([]));
    assert_eq!(api.state("job-44").await, "running");
    assert_eq!(api.state("job-5").await, "paused");
    let delete = json!({"action": "delete", "filter": {}});
    assert_eq!(counts(&api.bulk(&delete).await), [450, 450, 0, 0, 0]);
}

#[tokio::test]
async fn every_fault_is_told_and_nothing_is_done() {
    let api = Api::with_jobs(&["a", "b"]).await;
    let before = api.seen(&["a", "b"]).await;
    let many: Vec<String> = (0..10_001).map(|n| n.to_string()).collect();
    for (body, told) in [
        (json!({}), vec!["action"]),
        (json!({"action": "stop", "filter": {}}), vec!["action"]),
        (
            json!({"action": "run", "filter": {}, "sample": 10_001}),
            vec!["sample"],
        ),
        (json!({"action": "delete"}), vec!["filter"]),
        (json!({"action": "delete", "filter": null}), vec!["filter"]),
        (
            json!({"action": "delete", "filter": {}, "job_ids": []}),
            vec!["filter"],
        ),
        (
            json!({"action": "delete", "filter": {"state": "x", "tags": "y", "failing": 1}}),
            vec!["filter.state", "filter.tags", "filter.failing"],
        ),
        (
            json!({"action": "run", "job_ids": ["", "a"], "until": "2099-01-01T00:00:00Z"}),
            vec!["until", "job_ids[0]"],
        ),
        (
            json!({"action": "pause", "job_ids": ["a"], "until": "2001-01-01T00:00:00Z"}),
            vec!["until"],
        ),
        (json!({"action": "pause", "job_ids": many}), vec!["job_ids"]),
    ] {
        let refused = api.send("POST", BULK, &[], &body).await;
        let faults = problem(&refused, 422, "invalid")["errors"].clone();
        assert_eq!(
            fields(faults.as_array().unwrap()),
            told,
            "{}",
            body["action"]
        );
    }
    let none = api.send("POST", BULK, &[], &Value::Null).await;
    problem(&none, 400, "malformed");
    let wrong = api.send("GET", BULK, &[], &Value::Null).await;
    problem(&wrong, 405, "method-not-allowed");
    assert_eq!(wrong.header("allow"), Some("POST"));
    assert_eq!(api.seen(&["a", "b"]).await, before);
}

/// Jobs of a tag, paused and resumed again and again, while another one fires.
#[tokio::test]
async fn twenty_thousand_jobs_by_filter_while_another_one_fires() {
    let app = App::start(&[]).await;
    let target = Target::start().await;
    let job = |n: usize| {
        let definition = json!({"tags": ["many"], "trigger": {"type": "interval", "hours": 100},
            "request": {"url": "http://127.0.0.1:9/"}});
        json!({"job_id": format!("job-{n}"), "definition": definition}).to_string() + "\n"
    };
    let import = app.client.post(app.at("/api/v1/import"));
    let import = import.header("content-type", "application/jsonl");
    let lines: String = (0..20_000).map(job).collect();
    let imported: Value = import
        .body(lines)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(imported["created"], json!(20_000), "{imported}");
    let ticks = json!({"trigger": {"type": "interval", "seconds": 1},
        "request": {"url": target.at("/ok")}});
    let put = app.client.put(app.at("/api/v1/jobs/ticks")).json(&ticks);
    assert_eq!(put.send().await.unwrap().status(), 201);
    let mut rounds = 0;
    while rounds < 2 || target.arrivals().len() < 3 {
        for action in ["pause", "resume"] {
            let body = json!({"action": action, "filter": {"tag": "many"}});
            let done = app.client.post(app.at(BULK)).json(&body).send().await;
            let done: Value = done.unwrap().json().await.unwrap();
            assert_eq!(counts(&done), [20_000, 20_000, 0, 0, 0], "{done}");
        }
        rounds += 1;
    }
    let ledger = app.ledger("ticks").await;
    let planned: Vec<i64> = ledger
        .iter()
        .map(|row| row.occurrence.fire_at.timestamp())
        .collect();
    let apart = planned.windows(2).map(|pair| pair[0] - pair[1]);
    assert!(apart.clone().all(|s| s == 1), "{planned:?}");
    // The newest ones are under way.
    let mut ended = ledger.iter().skip_while(|row| !row.state.is_final());
    assert!(ended.clone().count() > 1);
    assert!(ended.all(|row| row.status == Some(200)), "{ledger:?}");
}
