//! Secrets go in and never come out.

use serde_json::{Value, json};

use super::{Api, everything, fields, hourly, ok, path};
use crate::support::http::Request;

/// Whatever a client writes wrong around a secret, no answer repeats it.
#[tokio::test]
async fn no_refusal_repeats_a_secret() {
    let api = Api::start().await;
    let header = |value: Value| json!({"name": "Authorization", "value": value});
    let headers = [
        header(json!({"secret": ["hush"]})),
        header(json!({"secret": {"value": "hush"}})),
        header(json!({"secret": {"hush": 1}})),
        header(json!({"secret": "hush", "more": 1})),
        header(json!({"secret": "hush {{no}}"})),
        header(json!({"secret": "hush\n"})),
        header(json!({"secret": "hush".repeat(20_000)})),
        header(json!({"secrets": "hush"})),
        header(json!({"Secret": "hush"})),
        header(json!({"more": 1, "value": {"secret": "hush"}})),
        header(json!(["hush"])),
        json!({"name": "Authorization", "secret": "hush"}),
        json!({"name": "Host Name", "value": {"secret": "hush"}}),
        json!({"nam": "X", "value": {"secret": "hush"}}),
        json!([{"secret": "hush"}]),
    ];
    let mut bodies = Vec::new();
    for list in ["headers", "query"] {
        for entry in &headers {
            let mut body = hourly();
            body["request"][list] = json!([entry]);
            // Refused whatever is made of the entry.
            body["extra"] = json!(1);
            bodies.push(body.clone());
            body["request"]["url"] = json!(5);
            bodies.push(body.clone());
            body["request"][list] = entry.clone();
            bodies.push(body.clone());
            body["reqest"] = body["request"].take();
            bodies.push(body.clone());
            bodies.push(json!([body]));
        }
    }
    for url in [
        "ftp://user:hush@h/",
        "http://user:hush@h/{{no}}",
        "http://user:hush@h:99999/",
        "user:hush@h",
    ] {
        let mut body = hourly();
        body["request"]["url"] = json!(url);
        bodies.push(body);
    }
    for body in bodies {
        for reply in [api.put("j", &body).await, api.patch("j", &body).await] {
            assert!(reply.status >= 400, "{body}");
            assert!(!reply.text().contains("hush"), "{body}\n{}", reply.text());
        }
    }
}

/// A body that was turned into a text twice, and one that broke off.
#[tokio::test]
async fn no_refusal_repeats_a_body_that_is_a_text() {
    let api = Api::start().await;
    let mut body = hourly();
    body["request"]["headers"] = json!([{"name": "A", "value": {"secret": "hush"}}]);
    let text = body.to_string();
    let twice = json!(text).to_string();
    let request = json!({"request": text, "trigger": text, "retry": text, "policies": text});
    for sent in [
        &twice,
        &text[..text.len() - 3].to_owned(),
        &request.to_string(),
    ] {
        for (method, target) in [
            ("PUT", path("j")),
            ("PATCH", path("j")),
            ("POST", path("j") + ":pause"),
        ] {
            let request = Request::new(method, &target).body(sent.as_str());
            let reply = api.0.send(&request).await;
            assert!(reply.status >= 400);
            assert!(!reply.text().contains("hush"), "{}", reply.text());
        }
    }
}

#[tokio::test]
async fn no_answer_shows_a_secret() {
    let api = Api::start().await;
    for reply in [
        api.put("j", &everything()).await,
        api.put("j", &everything()).await,
        api.get("j").await,
        api.patch("j", &json!({"tags": []})).await,
        api.act("j", "pause", &Value::Null).await,
        api.act("j", "resume", &Value::Null).await,
        api.act("j", "copy", &json!({"job_id": "k"})).await,
        api.0.get("/api/v1/jobs").await,
        api.0.get("/scheduler/get_jobs").await,
        api.0.get("/scheduler/get_job?job_id=j").await,
    ] {
        assert!(reply.status < 300, "{}", reply.text());
        assert!(!reply.text().contains("tok-"), "{}", reply.text());
    }
}

/// Who may change a job cannot have its secrets sent to a host of theirs.
#[tokio::test]
async fn a_secret_stays_only_where_it_was() {
    let api = Api::start().await;
    api.create("j", &everything()).await;
    let shown = ok(&api.get("j").await, 200);
    let mut elsewhere = shown.clone();
    elsewhere["request"]["url"] = json!("http://127.0.0.2:9/hook");
    let told = api.faults("j", &elsewhere).await;
    assert_eq!(
        fields(&told),
        [
            "request.headers",
            "request.headers",
            "request.headers",
            "request.query"
        ]
    );
    let patch = json!({"request": {"url": "https://127.0.0.1:9/hook"}});
    assert_eq!(super::faults(&api.patch("j", &patch).await).len(), 4);
    // Another path of the same host is fine; a secret that is not there is not.
    let patch = json!({"request": {"url": "http://127.0.0.1:9/other"}});
    ok(&api.patch("j", &patch).await, 200);
    let patch = json!({"request": {"headers": [{"name": "X-New", "value": {"secret": true}}]}});
    let told = super::faults(&api.patch("j", &patch).await);
    assert_eq!(fields(&told), ["request.headers"]);
    // A job of that name anew has none either.
    api.delete("j").await;
    let mut anew = shown;
    anew.as_object_mut().unwrap().remove("status");
    assert_eq!(api.faults("j", &anew).await.len(), 4);
}
