//! The dashboard's place, whether or not it is part of this build.

use serde_json::json;

use crate::support::http::{Request, TestServer};

#[tokio::test]
async fn browsers_get_a_page_and_programs_a_404() {
    let server = TestServer::start().await;
    let program = server.get("/").await;
    assert_eq!(program.status, 404);
    assert_eq!(program.json(), json!({"detail": "Not Found"}));

    let browser = |path: &str| Request::new("GET", path).header("accept", "text/html,*/*");
    for path in ["/", "/jobs/some/place"] {
        let page = server.send(&browser(path)).await;
        assert_eq!(page.status, 200);
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        assert_eq!(page.header("vary"), Some("accept"));
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'self'; "));
        if page.header("etag").is_none() {
            assert!(
                page.text()
                    .contains("UI not built; run <code>make ui</code>")
            );
        }
    }
    let post = Request::new("POST", "/").header("accept", "text/html");
    assert_eq!(server.send(&post).await.status, 404);
}
