//! The list, page by page.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Api, fields, hourly, ok};
use crate::support::http::in_query;

const JOBS: usize = 23;

/// Jobs of every kind, with ties, some without a next fire time.
async fn many() -> (Api, BTreeSet<String>) {
    let (api, clock) = Api::at("2050-01-01T00:00:00Z").await;
    let mut ids = BTreeSet::new();
    for number in 0..JOBS {
        let id = format!("{}/任 {number}", ["b", "A", "a"][number % 3]);
        let mut body = hourly();
        body["trigger"] = match number % 4 {
            0 => json!({"type": "date", "at": "2050-06-01T00:00:00Z"}),
            1 => json!({"type": "cron", "hour": number % 5}),
            _ => json!({"type": "interval", "hours": 1 + number % 3}),
        };
        api.create(&id, &body).await;
        if number % 5 == 0 {
            ok(&api.act(&id, "pause", &Value::Null).await, 200);
        }
        if number % 6 == 0 {
            clock.advance(chrono::TimeDelta::milliseconds(1));
        }
        ids.insert(id);
    }
    (api, ids)
}

/// The ids of all pages, in order.
async fn walk(api: &Api, query: &str, limit: usize) -> Vec<String> {
    let mut seen = Vec::new();
    let mut cursor = String::new();
    for _ in 0..1_000 {
        let target = format!("/api/v1/jobs?limit={limit}&{query}{cursor}");
        let page = ok(&api.0.get(&target).await, 200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        seen.extend(
            items
                .iter()
                .map(|job| job["job_id"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={}", in_query(next)),
            None => return seen,
        }
    }
    panic!("{query}: no end: {seen:?}");
}

#[tokio::test]
async fn every_order_and_page_size_shows_each_job_once() {
    let (api, ids) = many().await;
    for sort in ["next_fire", "job_id", "last_outcome", "created"] {
        for order in ["asc", "desc"] {
            let query = format!("sort={sort}&order={order}");
            let whole = walk(&api, &query, 200).await;
            assert_eq!(whole.len(), JOBS, "{query}");
            assert_eq!(BTreeSet::from_iter(whole.clone()), ids, "{query}");
            for limit in [1, 3, 7, JOBS - 1, JOBS, JOBS + 1] {
                assert_eq!(walk(&api, &query, limit).await, whole, "{query} {limit}");
            }
        }
    }
}

#[tokio::test]
async fn an_offset_leads_where_pages_lead() {
    let (api, _) = many().await;
    for sort in ["next_fire", "job_id", "last_outcome", "created"] {
        for order in ["asc", "desc"] {
            let query = format!("sort={sort}&order={order}");
            let whole = walk(&api, &query, 200).await;
            for offset in 0..whole.len() + 2 {
                let target = format!("/api/v1/jobs?limit=4&{query}&offset={offset}");
                let page = ok(&api.0.get(&target).await, 200);
                let items = page["items"].as_array().unwrap().iter();
                let found: Vec<&str> = items.map(|job| job["job_id"].as_str().unwrap()).collect();
                let expected: Vec<&String> = whole.iter().skip(offset).take(4).collect();
                assert_eq!(found, expected, "{target}");
                assert_eq!(page["next_cursor"].is_null(), offset + 4 >= whole.len());
                assert_eq!(page["total"]["count"], whole.len());
            }
        }
    }
}

#[tokio::test]
async fn the_orders_are_what_they_say() {
    let (api, ids) = many().await;
    let by_id: Vec<String> = ids.into_iter().collect();
    assert_eq!(walk(&api, "sort=job_id", 5).await, by_id);
    let mut backwards = walk(&api, "sort=job_id&order=desc", 5).await;
    backwards.reverse();
    assert_eq!(backwards, by_id);
    let mut backwards = walk(&api, "sort=created&order=desc", 4).await;
    backwards.reverse();
    assert_eq!(backwards, walk(&api, "sort=created", 4).await);

    let key = |page: &Value| -> Vec<Value> {
        let items = page["items"].as_array().unwrap().iter();
        items
            .map(|job| job["status"]["next_fire_at"].clone())
            .collect()
    };
    for (order, descending) in [("asc", false), ("desc", true)] {
        let target = format!("/api/v1/jobs?sort=next_fire&order={order}");
        let found = key(&ok(&api.0.get(&target).await, 200));
        let times: Vec<&str> = found.iter().filter_map(Value::as_str).collect();
        let ordered = times.is_sorted_by(|a, b| if descending { a >= b } else { a <= b });
        assert!(ordered && times.len() == JOBS - 5, "{found:?}");
        // Those without come last, both ways.
        assert!(found[times.len()..].iter().all(Value::is_null), "{found:?}");
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_order() {
    let (api, _) = many().await;
    let page = ok(&api.0.get("/api/v1/jobs?limit=2&sort=job_id").await, 200);
    let cursor = page["next_cursor"].as_str().unwrap().to_owned();
    let get = async |query: &str| {
        api.0
            .get(&format!("/api/v1/jobs?{query}&cursor={cursor}"))
            .await
    };
    ok(&get("sort=job_id").await, 200);
    ok(&get("sort=job_id&order=asc&limit=1").await, 200);
    for query in [
        "",
        "sort=next_fire",
        "sort=created",
        "sort=job_id&order=desc",
    ] {
        let told = super::faults(&get(query).await);
        assert_eq!(fields(&told), ["cursor"], "{query}");
    }
    for broken in [
        "",
        "x",
        "!!",
        "e30",
        &cursor[1..],
        &in_query("{\"s\":\"job_id\"}"),
    ] {
        let target = format!("/api/v1/jobs?sort=job_id&cursor={broken}");
        let told = super::faults(&api.0.get(&target).await);
        assert_eq!(fields(&told), ["cursor"], "{broken}");
    }
}

#[tokio::test]
async fn parameters_are_held_to() {
    let api = Api::start().await;
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=1.5", "limit"),
        ("limit=", "limit"),
        ("state=ended", "state"),
        ("type=Cron", "type"),
        ("failing=1", "failing"),
        ("sort=name", "sort"),
        ("order=up", "order"),
        ("page=2", "page"),
        ("Limit=2", "Limit"),
        ("=x", ""),
        ("limit=2&limit=2", "limit"),
        ("tag=a&tag=b", "tag"),
    ] {
        let told = super::faults(&api.0.get(&format!("/api/v1/jobs?{query}")).await);
        assert_eq!(fields(&told), [field], "{query}");
        let given = query.rsplit_once('=').unwrap().1;
        assert_eq!(told[0]["value"], json!(given), "{query}");
    }
    let query = "limit=x&state=x&type=x&failing=x&sort=x&order=x&cursor=x&who=x&limit=1";
    let told = super::faults(&api.0.get(&format!("/api/v1/jobs?{query}")).await);
    let expected = [
        "limit", "state", "type", "failing", "sort", "order", "cursor", "who", "limit",
    ];
    assert_eq!(fields(&told), expected);
}
