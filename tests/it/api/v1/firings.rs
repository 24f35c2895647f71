//! `GET /api/v1/firings`: which jobs fire within a span to come.

use serde_json::{Value, json};

use super::{Api, faults, fields, hourly, ok};
use crate::support::http::in_query;

const NOW: &str = "2031-05-01T12:00:30Z";

impl Api {
    async fn with_trigger(&self, id: &str, trigger: Value) {
        let mut body = hourly();
        body["trigger"] = trigger;
        self.create(id, &body).await;
    }

    /// The jobs of all pages with their fire times, sorted, and how many pages there were.
    async fn firing(&self, query: &str) -> (Vec<(String, String)>, usize) {
        let (mut found, mut pages, mut cursor) = (Vec::new(), 0, String::new());
        loop {
            let target = format!("/api/v1/firings?{query}{cursor}");
            let page = ok(&self.0.get(&target).await, 200);
            pages += 1;
            for item in page["items"].as_array().unwrap() {
                let text = |name: &str| item[name].as_str().unwrap().to_owned();
                assert!(item["trigger"]["type"].is_string());
                found.push((text("job_id"), text("fire_at")[11..19].to_owned()));
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={}", in_query(next)),
                None => break,
            }
        }
        found.sort();
        (found, pages)
    }
}

fn at(id: &str, time: &str) -> (String, String) {
    (id.to_owned(), time.to_owned())
}

#[tokio::test]
async fn the_jobs_of_a_span_are_those_that_have_a_fire_time_in_it() {
    let (api, _) = Api::at(NOW).await;
    api.with_trigger("often", json!({"type": "cron", "cron": "*/5 * * * *"}))
        .await;
    api.with_trigger("hourly", json!({"type": "cron", "cron": "0 * * * *"}))
        .await;
    api.with_trigger(
        "once",
        json!({"type": "date", "at": "2031-05-01T14:00:00.5Z"}),
    )
    .await;
    api.with_trigger("every", json!({"type": "interval", "minutes": 90}))
        .await;
    api.with_trigger("later", json!({"type": "cron", "cron": "0 15 * * *"}))
        .await;
    api.with_trigger("paused", json!({"type": "cron", "cron": "0 * * * *"}))
        .await;
    ok(&api.act("paused", "pause", &Value::Null).await, 200);
    let mut waits = hourly();
    waits["trigger"] = json!({"type": "cron", "cron": "*/10 * * * *"});
    waits["policies"] = json!({"pause_until": "2031-05-01T14:05:00Z"});
    api.create("waits", &waits).await;

    let (found, _) = api
        .firing("from=2031-05-01T14:00:00Z&to=2031-05-01T14:15:00Z")
        .await;
    let all = [
        at("hourly", "14:00:00"),
        at("often", "14:00:00"),
        at("once", "14:00:00"),
        at("waits", "14:10:00"),
    ];
    assert_eq!(found, all);
    let (second, _) = api
        .firing("from=2031-05-01T14:00:00Z&to=2031-05-01T14:00:01Z")
        .await;
    assert_eq!(second, all[..3]);
    let (soon, _) = api.firing("to=2031-05-01T12:05:01Z").await;
    assert_eq!(soon, [at("often", "12:05:00")]);
    let (past, _) = api
        .firing("from=2031-05-01T10:00:00Z&to=2031-05-01T12:00:00Z")
        .await;
    assert_eq!(past, []);
}

#[tokio::test]
async fn pages_show_each_job_once() {
    let (api, _) = Api::at(NOW).await;
    for number in 0..7 {
        let hour = 13 + number % 2;
        let cron = format!("0 {hour},15 * * *");
        api.with_trigger(&format!("j{number}"), json!({"type": "cron", "cron": cron}))
            .await;
    }
    let span = "from=2031-05-01T15:00:00Z&to=2031-05-01T16:00:00Z";
    let (whole, pages) = api.firing(span).await;
    assert_eq!((whole.len(), pages), (7, 1));
    let (parts, pages) = api.firing(&format!("{span}&limit=3")).await;
    assert_eq!((parts, pages), (whole, 3));
}

#[tokio::test]
async fn every_fault_of_the_query_is_told() {
    let (api, _) = Api::at(NOW).await;
    for (query, expected) in [
        ("", vec!["to"]),
        (
            "to=x&limit=0&cursor=!&what=1",
            vec!["to", "limit", "cursor", "what"],
        ),
        (
            "from=2031-05-01T16:00:00Z&to=2031-05-01T16:00:00Z",
            vec!["to"],
        ),
    ] {
        let told = faults(&api.0.get(&format!("/api/v1/firings?{query}")).await);
        assert_eq!(fields(&told), expected, "{query}");
    }
}
