//! Secret values reach the target, and nobody else.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::api::Api;
use crate::support::fleet::Fleet;
use crate::support::replica::Replica;
use crate::support::target::Target;

fn definition(url: &str, header: &Value, query: &Value) -> Value {
    json!({
        "trigger": {"type": "date", "at": "2099-01-01T00:00:00Z"},
        "request": {
            "url": url,
            "headers": [{"name": "Authorization", "value": header}],
            "query": [{"name": "token", "value": query}],
        },
    })
}

fn secret(text: &str) -> Value {
    json!({"secret": text})
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_sent_and_shown_nowhere() {
    let (fleet, other) = (Fleet::start(0, false).await, Target::start().await);
    let database = fleet.database_url();
    let settings = [("DATABASE_URL", database.as_str()), ("LOG_LEVEL", "trace")];
    let replica = Replica::start(&settings).await;
    let (api, target) = (Api::of(&replica.url), &fleet.target);
    let (url, keep) = (target.at("/ok"), json!({"secret": true}));
    let received = |n: usize| {
        let came = &target.arrivals()[n];
        (came.header("authorization").to_owned(), came.path.clone())
    };
    let mut told = Vec::new();

    let whole = definition(&url, &secret("hush-one"), &secret("hush-two"));
    told.push(api.put("s", &whole).await);
    assert_eq!(api.ran("s").await, "succeeded");
    let first = ("hush-one".to_owned(), "/ok?token=hush-two".to_owned());
    assert_eq!(received(0), first);

    // What is shown can be sent back, and keeps them.
    let shown = api.job("s").await.unwrap();
    assert_eq!(shown["request"]["headers"][0]["value"], keep);
    assert_eq!(shown["request"]["query"][0]["value"], keep);
    let half = definition(&target.at("/elsewhere"), &secret("hush-three"), &keep);
    told.push(api.put("s", &shown).await);
    told.push(api.put("s", &half).await);
    assert_eq!(api.ran("s").await, "succeeded");
    let second = (
        "hush-three".to_owned(),
        "/elsewhere?token=hush-two".to_owned(),
    );
    assert_eq!(received(1), second);

    // Another host asks for them again.
    let moved = json!({"request": {"url": other.at("/ok")}});
    let (status, problem) = api.call(Method::PATCH, "/s", Some(&moved)).await;
    assert_eq!(status, 422, "{problem}");
    told.push(problem);
    let again = definition(&other.at("/ok"), &secret("hush-four"), &keep);
    let (status, problem) = api.call(Method::PUT, "/s", Some(&again)).await;
    assert_eq!(status, 422, "{problem}");
    told.push(problem);
    let again = definition(&other.at("/ok"), &secret("hush-four"), &secret("hush-five"));
    told.push(api.put("s", &again).await);
    assert_eq!(api.ran("s").await, "succeeded");
    assert_eq!(other.arrivals()[0].path, "/ok?token=hush-five");

    // Faults of other parts, and of the secrets themselves.
    let mut wrong = definition(&url, &secret("hush-six\n"), &secret("hush-seven"));
    wrong["request"]["timeout_ms"] = json!(-1);
    let (status, problem) = api.call(Method::PUT, "/s", Some(&wrong)).await;
    assert_eq!(status, 422, "{problem}");
    told.push(problem);
    let mut wrong = definition(&url, &secret("hush-six\n"), &secret("hush-seven"));
    wrong["trigger"]["at"] = json!("2001-01-01T00:00:00Z");
    let (status, problem) = api.call(Method::PUT, "/s", Some(&wrong)).await;
    assert_eq!(status, 422, "{problem}");
    told.push(problem);
    let (_, list) = api.call(Method::GET, "", None).await;
    told.extend([api.job("s").await.unwrap(), list]);
    let told = Value::Array(told).to_string();
    assert!(!told.contains("hush"), "{told}");
    let log = replica.log();
    assert!(
        log.contains("/api/v1/jobs") || log.contains("fired"),
        "it is a full log"
    );
    let lines: Vec<_> = log.lines().filter(|l| l.contains("hush")).collect();
    assert!(lines.is_empty(), "{lines:#?}");
}
