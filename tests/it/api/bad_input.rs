//! Whatever a client sends, it is told what is wrong, and nothing breaks.

use serde_json::{Value, json};

use crate::support::http::{Reply, Request, TestServer, in_query};

const ADD_CRON: &str = "/scheduler/cron/add_job";
const ADD_DATE: &str = "/scheduler/date/add_job";
const ADD_INTERVAL: &str = "/scheduler/interval/add_job";

fn cron(job_id: &str) -> String {
    json!({"job_id": job_id, "url": "http://target.example/", "month": "1"}).to_string()
}

/// Type and place of every fault of a 422 answer.
fn faults(reply: &Reply) -> Vec<(String, String)> {
    assert_eq!(reply.status, 422, "{}", reply.text());
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let answer = reply.json();
    let faults = answer["detail"].as_array().unwrap().iter();
    let word = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
    faults
        .map(|fault| {
            (
                word(&fault["type"]),
                word(fault["loc"].as_array().unwrap().last().unwrap()),
            )
        })
        .collect()
}

fn fault(kind: &str, place: &str) -> Vec<(String, String)> {
    vec![(kind.to_owned(), place.to_owned())]
}

#[tokio::test]
async fn long_ids_are_taken_up_to_their_limit() {
    let server = TestServer::start().await;
    let long = "任".repeat(10_000 / 3);
    let added = server.post(ADD_CRON, cron(&long)).await;
    assert_eq!(added.json()["data"]["job_id"], json!(long));
    let target = format!("/scheduler/get_job?job_id={}", in_query(&long));
    assert_eq!(
        server.get(&target).await.json()["data"]["job_id"],
        json!(long)
    );

    let limit = "l".repeat(16 * 1024);
    assert_eq!(server.post(ADD_CRON, cron(&limit)).await.status, 200);
    let too_long = "l".repeat(20_000);
    let refused = server.post(ADD_CRON, cron(&too_long)).await;
    assert_eq!(faults(&refused), fault("value_error", "job_id"));
    let message = &refused.json()["detail"][0]["msg"];
    assert_eq!(
        message,
        "a job id may have at most 16384 bytes; this one has 20000"
    );
    let target = format!("/scheduler/pause_job?job_id={too_long}");
    let unknown = server.send(&Request::new("PUT", &target)).await;
    assert_eq!(unknown.json()["error"]["code"], json!("10011"));
}

#[tokio::test]
async fn a_body_has_at_most_a_mebibyte() {
    let server = TestServer::start().await;
    let padded = |bytes: usize| {
        let job = cron("c");
        job.clone() + &" ".repeat(bytes - job.len())
    };
    assert_eq!(server.post(ADD_CRON, padded(1024 * 1024)).await.status, 200);
    for bytes in [1024 * 1024 + 1, 5 * 1024 * 1024] {
        let request = Request::new("POST", ADD_CRON).header("origin", "http://front.example");
        let refused = server.send(&request.body(padded(bytes))).await;
        assert_eq!(refused.status, 413);
        let detail = "The body has more than the 1048576 bytes allowed";
        assert_eq!(refused.json(), json!({"detail": detail}));
        assert_eq!(refused.header("access-control-allow-origin"), Some("*"));
    }
}

#[tokio::test]
async fn bodies_that_are_no_text_or_too_deep_are_refused() {
    let server = TestServer::start().await;
    let deep = "[".repeat(100_000);
    let deep_but_whole = format!("{{\"a\":{}1{}}}", "[".repeat(2_000), "]".repeat(2_000));
    let many_digits = format!("{{\"a\":{}}}", "9".repeat(5_000));
    let unreadable: [&[u8]; 5] = [
        b"{\"job_id\": \"\xff\"}",
        b"\xfe\xff",
        deep.as_bytes(),
        deep_but_whole.as_bytes(),
        many_digits.as_bytes(),
    ];
    for body in unreadable {
        let refused = server.post(ADD_CRON, body).await;
        assert_eq!(refused.status, 400);
        let detail = "There was an error parsing the body";
        assert_eq!(refused.json(), json!({"detail": detail}));
    }
    let text = Request::new("POST", ADD_CRON).header("content-type", "text/plain");
    let refused = server.send(&text.body(b"\xff\0".to_vec())).await;
    assert_eq!(faults(&refused), fault("model_attributes_type", "body"));
    let refused = server.post(ADD_CRON, b"\0\0{}".to_vec()).await;
    assert_eq!(faults(&refused), fault("json_invalid", "0"));
}

#[tokio::test]
async fn odd_texts_are_taken_or_refused_never_a_crash() {
    let server = TestServer::start().await;
    let body = r#"{"job_id": "a\u0000b", "url": "\u0000", "month": "1"}"#;
    let added = server.post(ADD_CRON, body).await;
    assert_eq!(added.json()["data"]["job_id"], json!("a\0b"));
    let shown = server.get("/scheduler/get_job?job_id=a%00b").await.json();
    assert_eq!(shown["data"]["request_url"], json!("\0"));

    let body = r#"{"job_id": "a\ud800", "url": "u\udc00", "minute": "\ud83d\ude00"}"#;
    let refused = server.post(ADD_CRON, body).await;
    let unicode = |field: &str| ("string_unicode".to_owned(), field.to_owned());
    assert_eq!(faults(&refused), [unicode("job_id"), unicode("url")]);
    assert_eq!(refused.json()["detail"][0]["input"], json!("a\u{fffd}"));

    // A BOM is skipped, a name is looked for as a whole, the last one counts.
    let body = "\u{feff}{\"job_id\": 1, \"job_id\\u0000\": 2, \"job_id\": \"last\", \"url\": \"\"}";
    let added = server.post(ADD_CRON, body).await;
    assert_eq!(added.json()["data"]["job_id"], json!("last"));
}

#[tokio::test]
async fn numbers_out_of_all_proportion_are_refused_and_echoed_to_the_digit() {
    let server = TestServer::start().await;
    let date = |year: &str| {
        format!(
            r#"{{"job_id":"d","url":"u","year":{year},"month":1,"day":1,"hour":0,"minute":0,"second":0}}"#
        )
    };
    let huge = "9".repeat(300);
    for (year, kind) in [
        ("1000000000000000000000000000000", "value_error"),
        (huge.as_str(), "value_error"),
        ("-170141183460469231731687303715884105729", "value_error"),
        ("1e30", "int_parsing_size"),
        ("1.5e300", "int_parsing_size"),
        ("1e400", "finite_number"),
        ("NaN", "finite_number"),
        ("-Infinity", "finite_number"),
        ("2099.5", "int_from_float"),
        ("\"20_99x\"", "int_parsing"),
    ] {
        let refused = server.post(ADD_DATE, date(year)).await;
        assert_eq!(faults(&refused), fault(kind, "year"), "{year}");
        if kind == "value_error" {
            let echo = format!("\"input\":{year}");
            assert!(refused.text().contains(&echo), "{}", refused.text());
        }
    }
    for part in ["hours", "minutes", "seconds"] {
        for number in [
            huge.clone(),
            format!("-{huge}"),
            "9999999999999999999".to_owned(),
        ] {
            let body = format!(r#"{{"job_id":"i","url":"u","{part}":{number}}}"#);
            let refused = server.post(ADD_INTERVAL, body).await;
            assert_eq!(faults(&refused), fault("value_error", part), "{number}");
        }
    }
    for year in ["\" +2_099.0 \"", "2099.0", "2.099e3"] {
        assert_eq!(
            server.post(ADD_DATE, date(year)).await.status,
            200,
            "{year}"
        );
    }
    let listed = server.get("/scheduler/get_jobs").await.json();
    assert_eq!(listed["data"]["total"], json!(1));
}

#[tokio::test]
async fn every_fault_is_told_at_once_in_the_order_of_the_model() {
    let server = TestServer::start().await;
    let body = r#"{"second": 1, "month": null, "minute": [], "url": 5, "extra": 1}"#;
    let refused = server.post(ADD_CRON, body).await;
    let kinds = faults(&refused);
    let expected = [
        ("missing", "job_id"),
        ("string_type", "url"),
        ("string_type", "second"),
        ("string_type", "minute"),
        ("string_type", "month"),
    ];
    assert_eq!(kinds, expected.map(|(k, p)| (k.to_owned(), p.to_owned())));
    let whole: Value = serde_json::from_str(body).unwrap();
    assert_eq!(refused.json()["detail"][0]["input"], whole);

    let body = r#"{"job_id": "c", "url": "u", "minute": "60", "hour": "24", "day": "0"}"#;
    let refused = server.post(ADD_CRON, body).await;
    let places = faults(&refused).into_iter().map(|(_, place)| place);
    assert_eq!(places.collect::<Vec<_>>(), ["day", "hour", "minute"]);
}

#[tokio::test]
async fn a_refused_body_leaves_the_old_job_alone() {
    let server = TestServer::start().await;
    server.post(ADD_CRON, cron("keep")).await;
    let before = server.get("/scheduler/get_job?job_id=keep").await.json();
    let refused = server
        .post(ADD_CRON, r#"{"job_id":"keep","url":"u","minute":"61"}"#)
        .await;
    assert_eq!(faults(&refused), fault("value_error", "minute"));
    assert_eq!(refused.json()["detail"][0]["input"], json!("61"));
    let after = server.get("/scheduler/get_job?job_id=keep").await.json();
    assert_eq!(after, before);
}
