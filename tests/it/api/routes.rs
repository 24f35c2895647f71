//! Paths, methods and what lies beside the inherited routes.

use serde_json::json;

use crate::support::http::{Request, TestServer};

#[tokio::test]
async fn unknown_paths_are_told_in_json_to_browsers_too() {
    let server = TestServer::start().await;
    for path in [
        "/scheduler",
        "/scheduler/nothing",
        "/api/nothing",
        "/docs/nothing",
        "/openapi.json/x",
        "/healthz/x",
        "/readyz/x",
        "/Scheduler/get_jobs",
        "//scheduler/get_jobs",
    ] {
        let request = Request::new("GET", path);
        let browser = request.clone().header("accept", "text/html,*/*;q=0.8");
        for request in [request, browser] {
            let answer = server.send(&request).await;
            if path.starts_with("//") || path.starts_with("/S") {
                continue;
            }
            assert_eq!(answer.status, 404, "{path}");
            assert_eq!(answer.json(), json!({"detail": "Not Found"}));
        }
    }
    let answer = server.get("/Scheduler/get_jobs").await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn a_slash_too_many_leads_to_the_route_whatever_the_method() {
    let server = TestServer::start().await;
    for (method, target, to) in [
        ("GET", "/scheduler/get_jobs/", "/scheduler/get_jobs"),
        ("GET", "/scheduler/get_jobs//", "/scheduler/get_jobs"),
        ("POST", "/scheduler/get_jobs/", "/scheduler/get_jobs"),
        (
            "POST",
            "/scheduler/cron/add_job/",
            "/scheduler/cron/add_job",
        ),
        (
            "PUT",
            "/scheduler/pause_job/?job_id=a%20b&x=1",
            "/scheduler/pause_job?job_id=a%20b&x=1",
        ),
        ("GET", "/docs/", "/docs"),
        ("GET", "/openapi.json/", "/openapi.json"),
        ("GET", "/healthz/", "/healthz"),
    ] {
        let answer = server.send(&Request::new(method, target)).await;
        assert_eq!(answer.status, 307, "{target}");
        let location = format!("http://{}{to}", server.addr);
        assert_eq!(answer.header("location"), Some(location.as_str()));
        assert!(answer.body.is_empty());
    }
    assert_eq!(server.get("/nothing/").await.status, 404);
}

#[tokio::test]
async fn other_methods_are_refused_with_the_one_allowed() {
    let server = TestServer::start().await;
    let routes = [
        ("POST", "/scheduler/date/add_job"),
        ("POST", "/scheduler/interval/add_job"),
        ("POST", "/scheduler/cron/add_job"),
        ("DELETE", "/scheduler/remove_job"),
        ("PUT", "/scheduler/pause_job"),
        ("PUT", "/scheduler/resume_job"),
        ("GET", "/scheduler/get_jobs"),
        ("GET", "/scheduler/get_job"),
    ];
    let methods = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW",
    ];
    for (allowed, path) in routes {
        for method in methods.into_iter().filter(|method| *method != allowed) {
            let answer = server.send(&Request::new(method, path)).await;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.header("allow"), Some(allowed));
            if method != "HEAD" {
                assert_eq!(answer.json(), json!({"detail": "Method Not Allowed"}));
            }
        }
    }
    let answer = server.send(&Request::new("POST", "/healthz")).await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.json(), json!({"detail": "Method Not Allowed"}));
}

#[tokio::test]
async fn the_document_can_be_tried_out_without_the_internet() {
    let server = TestServer::start().await;
    let page = server.get("/docs").await;
    assert_eq!(page.status, 200);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let text = page.text();
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'self'"));
    assert!(!text.contains("http:") && !text.contains("https:"));
    let addresses = text.split(['"']).filter(|part| part.starts_with("docs/"));
    let addresses: Vec<&str> = addresses.collect();
    assert_eq!(addresses.len(), 4);
    for address in addresses {
        let file = server.get(&format!("/{address}")).await;
        assert_eq!(file.status, 200, "{address}");
        assert!(file.body.len() > 100);
        assert!(file.header("content-type").is_some());
    }
}

#[tokio::test]
async fn a_request_keeps_its_id_and_gets_one_if_it_has_none() {
    let server = TestServer::start().await;
    let named = Request::new("GET", "/none").header("x-request-id", "mine");
    assert_eq!(
        server.send(&named).await.header("x-request-id"),
        Some("mine")
    );
    let given = server.get("/none").await;
    assert_eq!(given.header("x-request-id").map(str::len), Some(36));
}
