//! What the list shows and by what it can be narrowed.

use serde_json::{Value, json};

use super::{Api, everything, fields, hourly, ok, path, until};
use crate::support::http::in_query;
use crate::support::target::Target;

async fn list(api: &Api, query: &str) -> Value {
    ok(
        &api.0
            .get(&format!("/api/v1/jobs?sort=job_id&{query}"))
            .await,
        200,
    )
}

fn ids(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|job| job["job_id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn each_filter_lets_through_what_it_says() {
    let api = Api::start().await;
    let mut tagged = hourly();
    tagged["tags"] = json!(["reports", "Sales"]);
    api.create("tagged", &tagged).await;
    let mut date = hourly();
    date["trigger"] = json!({"type": "date", "at": "2099-01-01T00:00:00Z"});
    date["request"]["url"] = json!("http://127.0.0.1:9/Some_100%25/path");
    api.create("date", &date).await;
    api.create("Cron/任务", &everything()).await;
    api.create("paused", &hourly()).await;
    ok(&api.act("paused", "pause", &Value::Null).await, 200);
    for (query, expected) in [
        ("", vec!["Cron/任务", "date", "paused", "tagged"]),
        ("state=running", vec!["date", "tagged"]),
        // One waits for its `pause_until`.
        ("state=paused", vec!["Cron/任务", "paused"]),
        ("type=date", vec!["date"]),
        ("type=cron", vec!["Cron/任务"]),
        ("type=interval", vec!["paused", "tagged"]),
        ("tag=reports", vec!["Cron/任务", "tagged"]),
        ("tag=Sales", vec!["tagged"]),
        ("tag=report", vec![]),
        ("text=CRON", vec!["Cron/任务"]),
        ("text=TE", vec!["date"]),
        ("text=some_100%25", vec!["date"]),
        ("text=some%25", vec![]),
        ("text=%E4%BB%BB", vec!["Cron/任务"]),
        ("text=", vec!["Cron/任务", "date", "paused", "tagged"]),
        ("text=hook&type=interval&state=running", vec!["tagged"]),
        ("tag=reports&type=date", vec![]),
        ("failing=true", vec![]),
        ("failing=false&type=date", vec!["date"]),
    ] {
        let page = list(&api, query).await;
        assert_eq!(ids(&page), expected, "{query}");
        let total = json!({"count": expected.len(), "exact": true});
        assert_eq!(page["total"], total, "{query}");
        assert_eq!(page["next_cursor"], Value::Null);
    }
    // The total is that of all pages.
    let page = list(&api, "limit=1").await;
    assert_eq!(page["total"], json!({"count": 4, "exact": true}));
    assert_eq!(ids(&page).len(), 1);
}

#[tokio::test]
async fn a_row_is_the_job_as_it_is_shown_alone() {
    let api = Api::start().await;
    api.create("a", &everything()).await;
    api.create("b", &hourly()).await;
    ok(&api.act("b", "pause", &Value::Null).await, 200);
    for job in list(&api, "").await["items"].as_array().unwrap() {
        let id = job["job_id"].as_str().unwrap();
        assert_eq!(*job, ok(&api.get(id).await, 200));
    }
}

#[tokio::test]
async fn rows_carry_the_runs_of_late() {
    let target = Target::start().await;
    let api = Api::start().await;
    let mut body = hourly();
    body["request"]["url"] = json!(target.at("/hook"));
    api.create("good", &body).await;
    api.create("quiet", &body).await;
    let run = ok(&api.act("good", "run", &Value::Null).await, 202);
    target.wait_for(1).await;
    let row = until(async || {
        let row = list(&api, "").await["items"][0].clone();
        let recent = &row["status"]["recent"][0];
        recent["duration_ms"].is_number().then_some(row)
    })
    .await;
    let recent = row["status"]["recent"].as_array().unwrap();
    assert_eq!(recent.len(), 1);
    for part in ["run_id", "kind", "fire_at"] {
        assert_eq!(recent[0][part], run[part]);
    }
    assert_eq!(recent[0]["state"], json!("succeeded"));
    assert_eq!(recent[0]["status"], json!(200));
    assert_eq!(ok(&api.get("good").await, 200), row);
    assert_eq!(
        list(&api, "text=quiet").await["items"][0]["status"]["recent"],
        json!([])
    );
}

#[tokio::test]
async fn jobs_whose_last_occurrence_failed_can_be_found() {
    let (api, clock) = Api::at("2050-01-01T00:00:00Z").await;
    let target = Target::start().await;
    let mut good = hourly();
    good["request"]["url"] = json!(target.at("/hook"));
    api.create("good", &good).await;
    // Nobody listens there.
    api.create("bad", &hourly()).await;
    clock.advance(chrono::TimeDelta::hours(1));
    target.wait_for(1).await;
    let page = until(async || {
        let page = list(&api, "failing=true").await;
        (page["total"]["count"] == 1).then_some(page)
    })
    .await;
    assert_eq!(ids(&page), ["bad"]);
    let status = &page["items"][0]["status"];
    assert_eq!(status["last_state"], json!("failed"));
    assert_eq!(status["consecutive_failures"], json!(1));
    assert_eq!(status["recent"][0]["reason"], json!("connect"));
    // What becomes of a job does not change its tag.
    let shown = api.get("bad").await;
    let again = api.put("bad", &shown.json()).await;
    assert_eq!(super::etag(&again), super::etag(&shown));
}

/// Jobs of the inherited API are resources as well.
#[tokio::test]
async fn inherited_jobs_can_be_shown_patched_and_put() {
    let api = Api::start().await;
    let url = "http://127.0.0.1:9/{{odd}}?x={{fire_id}}";
    for (kind, more) in [
        (
            "date",
            json!({"year": 2099, "month": 1, "day": 2, "hour": 3, "minute": 4, "second": 5}),
        ),
        ("interval", json!({"minutes": 90})),
        ("cron", json!({"second": "*/10", "day_of_week": "mon-fri"})),
    ] {
        let mut job = json!({"job_id": kind, "url": url});
        job.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let target = format!("/scheduler/{kind}/add_job");
        let added = ok(&api.0.post(&target, job.to_string()).await, 200);
        assert_eq!(added["success"], json!(true), "{added}");
    }
    let page = list(&api, "").await;
    assert_eq!(ids(&page), ["cron", "date", "interval"]);
    assert_eq!(
        list(&api, &format!("text={}", in_query("{{odd}}"))).await["total"]["count"],
        3
    );
    for id in ["cron", "date", "interval"] {
        let shown = api.get(id).await;
        assert_eq!(ok(&shown, 200)["request"]["url"], json!(url));
        // Here placeholders are known, and this one is none.
        let told = super::faults(&api.patch(id, &json!({"tags": ["t"]})).await);
        assert_eq!(fields(&told), ["request.url"]);
        let fine = json!({"tags": ["t"], "request": {"url": "http://127.0.0.1:9/{{fire_id}}"}});
        let patched = ok(&api.patch(id, &fine).await, 200);
        assert_eq!(patched["trigger"], shown.json()["trigger"]);
        let next = |job: &Value| job["status"]["next_fire_at"].clone();
        if id != "cron" {
            assert_eq!(next(&patched), next(&shown.json()));
        }
        let put = api
            .send("PUT", &path(id), &[("if-match", "*")], &hourly())
            .await;
        assert_eq!(ok(&put, 200)["trigger"], hourly()["trigger"]);
    }
}
