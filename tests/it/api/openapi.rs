//! The document: complete, unchanged by accident, and true.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::support::http::{Request, TestServer, in_query};

async fn document(server: &TestServer) -> Value {
    let answer = server.get("/openapi.json").await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    answer.json()
}

/// Method, path and operation of every endpoint, those that add jobs first and
/// the one that removes them last.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    operations.sort_by_key(|(method, _, _)| (method != "POST", method == "DELETE"));
    operations
}

/// All examples of a body or of an answer.
fn examples(content: &Value) -> Vec<Value> {
    let kinds = [
        "application/json",
        "application/problem+json",
        "text/event-stream",
    ];
    let media = kinds.iter().find_map(|kind| content.get(kind));
    let Some(media) = media else {
        return Vec::new();
    };
    let named = media["examples"]
        .as_object()
        .into_iter()
        .flat_map(Map::values);
    let named = named.map(|example| example["value"].clone());
    named.chain(media.get("example").cloned()).collect()
}

#[tokio::test]
async fn the_document_is_as_agreed() {
    let server = TestServer::start().await;
    insta::assert_json_snapshot!(document(&server).await, {".info.version" => "[version]"});
}

#[tokio::test]
async fn the_document_names_what_the_old_one_named() {
    let server = TestServer::start().await;
    let new = document(&server).await;
    let old = crate::compat::folder().join("openapi.json");
    let old: Value = serde_json::from_slice(&std::fs::read(old).unwrap()).unwrap();
    for (method, path, operation) in operations(&old) {
        let method = method.to_lowercase();
        let same = &new["paths"][&path][&method];
        assert_eq!(
            same["operationId"], operation["operationId"],
            "{method} {path}"
        );
    }
    for (name, schema) in old["components"]["schemas"].as_object().unwrap() {
        let same = &new["components"]["schemas"][name];
        let fields = |schema: &Value| -> BTreeSet<String> {
            schema["properties"]
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect()
        };
        assert!(fields(same).is_superset(&fields(schema)), "{name}");
        let required = |schema: &Value| -> BTreeSet<String> {
            let names = schema["required"].as_array().into_iter().flatten();
            names
                .map(|name| name.as_str().unwrap().to_owned())
                .collect()
        };
        if name.ends_with("Job") {
            assert_eq!(required(same), required(schema), "{name}");
        }
    }
}

#[tokio::test]
async fn every_operation_is_explained_with_examples_and_refusals() {
    let server = TestServer::start().await;
    let document = document(&server).await;
    for (method, path, operation) in operations(&document) {
        let name = format!("{method} {path}");
        for text in ["summary", "description", "operationId"] {
            assert!(
                operation[text].as_str().is_some_and(|t| !t.is_empty()),
                "{name}: {text}"
            );
        }
        assert_eq!(
            operation["tags"].as_array().map(Vec::len),
            Some(1),
            "{name}"
        );
        if operation["requestBody"].is_object() {
            assert!(
                !examples(&operation["requestBody"]["content"]).is_empty(),
                "{name}"
            );
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(!parameter["example"].is_null(), "{name}: {parameter}");
            assert!(parameter["description"].is_string(), "{name}: {parameter}");
        }
        let responses = operation["responses"].as_object().unwrap();
        for (status, response) in responses {
            assert!(response["description"].is_string(), "{name} {status}");
            assert!(
                status == "204" || !examples(&response["content"]).is_empty(),
                "{name} {status}"
            );
        }
        let statuses: Vec<&str> = responses.keys().map(String::as_str).collect();
        let expected: &[&str] = match (method.as_str(), path.as_str()) {
            (_, path) if path.starts_with("/api/v1") => continue,
            ("POST", _) => &["200", "400", "408", "413", "422", "503"],
            (_, "/scheduler/get_job") => &["200", "404", "422", "503"],
            (_, "/scheduler/get_jobs" | "/readyz") => &["200", "503"],
            (_, "/healthz") => &["200"],
            _ => &["200", "422", "503"],
        };
        assert_eq!(statuses, expected, "{name}");
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let server = TestServer::start().await;
    let document = document(&server).await;
    let text = document.to_string();
    let references = text.split("\"$ref\":\"#").skip(1);
    for reference in references.map(|rest| rest.split('"').next().unwrap()) {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn every_example_works_when_tried_out() {
    let server = TestServer::start().await;
    let document = document(&server).await;
    let mut tried = 0;
    let inherited = |(_, path, _): &(String, String, Value)| !path.starts_with("/api/v1");
    for (method, path, operation) in operations(&document).into_iter().filter(inherited) {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let query = parameters.map(|parameter| {
            let example = parameter["example"].as_str().unwrap();
            format!(
                "{}={}",
                parameter["name"].as_str().unwrap(),
                in_query(example)
            )
        });
        let query: Vec<String> = query.collect();
        let request = Request::new(&method, &format!("{path}?{}", query.join("&")));
        let bodies = examples(&operation["requestBody"]["content"]);
        let requests = bodies.iter().map(|body| {
            let request = request.clone().header("content-type", "application/json");
            request.body(body.to_string())
        });
        let mut requests: Vec<Request> = requests.collect();
        if requests.is_empty() {
            requests.push(request);
        }
        for request in requests {
            let answer = server.send(&request).await;
            assert_eq!(answer.status, 200, "{method} {path}: {}", answer.text());
            if path.starts_with("/scheduler") {
                assert_eq!(answer.json()["success"], true, "{path}: {}", answer.text());
            }
            let shown = examples(&operation["responses"]["200"]["content"]);
            assert!(
                shown
                    .iter()
                    .any(|example| same_shape(example, &answer.json())),
                "{method} {path} answers {}, no example looks like it",
                answer.text()
            );
            tried += 1;
        }
    }
    assert!(tried > 10);
}

/// Same names and types; lists by their first item.
fn same_shape(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            one.keys().eq(other.keys()) && one.iter().all(|(k, v)| same_shape(v, &other[k]))
        }
        (Value::Array(one), Value::Array(other)) => match (one.first(), other.first()) {
            (Some(one), Some(other)) => same_kind(one, other),
            _ => true,
        },
        _ => same_kind(one, other),
    }
}

fn same_kind(one: &Value, other: &Value) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}
