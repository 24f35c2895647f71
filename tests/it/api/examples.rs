//! The worked examples of `/api/v1` are run, in the order in which a client would
//! go through them: put, look, change, act, remove.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::http::{Reply, Request, TestServer, in_query};

/// Where an operation comes in the life of a job.
fn rank(method: &str) -> usize {
    let order = ["put", "get", "patch", "post", "delete"];
    order.iter().position(|m| *m == method).unwrap()
}

fn keys(value: &Value) -> BTreeSet<&String> {
    value
        .as_object()
        .into_iter()
        .flat_map(|o| o.keys())
        .collect()
}

/// The path of an operation with the examples of its parameters; what a header
/// would ask for, and the cursor of another page, are left out.
fn target(path: &str, operation: &Value) -> String {
    let mut path = path.to_owned();
    let mut query = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let (name, example) = (parameter["name"].as_str().unwrap(), &parameter["example"]);
        let text = example.as_str().map_or(example.to_string(), str::to_owned);
        match parameter["in"].as_str().unwrap() {
            "path" => path = path.replace(&format!("{{{name}}}"), &text),
            "query" if name != "cursor" => query.push(format!("{name}={}", in_query(&text))),
            _ => {}
        }
    }
    format!("{path}?{}", query.join("&"))
}

/// An answer is one of the documented ones and has the members of its example.
fn check(name: &str, operation: &Value, answer: &Reply) {
    let response = &operation["responses"][answer.status.to_string()];
    assert!(answer.status < 300, "{name}: {}", answer.text());
    assert!(
        response.is_object(),
        "{name}: {} is not documented",
        answer.status
    );
    let is_stream = answer.header("content-type") == Some("text/event-stream");
    if answer.status == 204 || is_stream {
        return;
    }
    let example = &response["content"]["application/json"]["example"];
    assert_eq!(keys(example), keys(&answer.json()), "{name}");
    let [shown, real] = [example, &answer.json()].map(|a| keys(&a["status"]).len());
    assert_eq!(shown, real, "{name}: status");
}

#[tokio::test]
async fn every_example_works_when_tried_out() {
    let server = TestServer::start().await;
    let document = server.get("/openapi.json").await.json();
    let paths = document["paths"].as_object().unwrap();
    let paths = paths.iter().filter(|(path, _)| path.starts_with("/api/v1"));
    let mut operations: Vec<(&String, &String, &Value)> = paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            methods.map(move |(method, operation)| (method, path, operation))
        })
        .collect();
    operations.sort_by_key(|(method, _, _)| rank(method));
    let mut tried = 0;
    for (method, path, operation) in operations {
        if method != "put" && tried == 3 {
            // The run that the examples are about: the first one of all.
            let run = Request::new("POST", "/api/v1/jobs/daily-report:run");
            assert_eq!(server.send(&run).await.status, 202);
        }
        let name = format!("{method} {path}");
        let bodies = operation["requestBody"]["content"].as_object();
        let mut requests = Vec::new();
        for (kind, media) in bodies.into_iter().flatten() {
            // The last one put is the job that the others are about.
            for example in media["examples"].as_object().unwrap().values().rev() {
                let request = Request::new(&method.to_uppercase(), &target(path, operation));
                let request = request.header("content-type", kind);
                requests.push(request.body(example["value"].to_string()));
            }
        }
        if requests.is_empty() {
            requests.push(Request::new(
                &method.to_uppercase(),
                &target(path, operation),
            ));
        }
        for request in requests {
            check(&name, operation, &server.send(&request).await);
            tried += 1;
        }
    }
    assert!(tried >= 13, "{tried}");
}
