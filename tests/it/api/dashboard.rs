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

/// The address of the script that the page names, if it is part of this build.
fn script(page: &str) -> Option<String> {
    // The last one: before it there may be a few lines that load the others.
    let (_, rest) = page.rsplit_once("src=\"./assets/")?;
    let (name, _) = rest.split_once('"')?;
    Some(format!("/assets/{name}"))
}

#[tokio::test]
async fn its_files_are_sent_compressed_and_kept_for_ever() {
    let server = TestServer::start().await;
    let page = Request::new("GET", "/").header("accept", "text/html");
    let page = server.send(&page).await;
    let Some(script) = script(&page.text()) else {
        assert!(page.header("etag").is_none(), "{}", page.text());
        return;
    };
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    let asked = |accepted: &str| Request::new("GET", &script).header("accept-encoding", accepted);
    let mut seen = Vec::new();
    for (accepted, coding) in [
        ("gzip, deflate, br, zstd", Some("br")),
        ("gzip, deflate", Some("gzip")),
        ("br;q=0", None),
    ] {
        let file = server.send(&asked(accepted)).await;
        assert_eq!(file.status, 200);
        assert_eq!(file.header("content-encoding"), coding);
        assert_eq!(file.header("vary"), Some("accept-encoding"));
        let kind = file.header("content-type");
        assert_eq!(kind, Some("text/javascript; charset=utf-8"));
        let caching = file.header("cache-control").unwrap();
        assert_eq!(caching, "public, max-age=31536000, immutable");
        let tag = file.header("etag").unwrap().to_owned();
        let again = asked(accepted).header("if-none-match", &tag);
        let again = server.send(&again).await;
        assert_eq!((again.status, again.body.len()), (304, 0));
        seen.push((tag, file.body.len()));
    }
    let [brotli, gzip, plain] = &seen[..] else {
        panic!("{seen:?}")
    };
    assert!(brotli.0 != gzip.0 && gzip.0 != plain.0, "{seen:?}");
    assert!(brotli.1 < gzip.1 && gzip.1 * 2 < plain.1, "{seen:?}");

    let copy = server.get(&format!("{script}.br")).await;
    assert_eq!(copy.status, 404);
}

#[tokio::test]
async fn the_page_is_asked_for_again_and_runs_nothing_inline() {
    let server = TestServer::start().await;
    let page = Request::new("GET", "/jobs").header("accept", "text/html");
    let first = server.send(&page).await;
    let policy = first.header("content-security-policy").unwrap();
    assert!(!policy.contains("unsafe"), "{policy}");
    let Some(tag) = first.header("etag").map(str::to_owned) else {
        return;
    };
    let again = server.send(&page.header("if-none-match", &tag)).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("content-security-policy"), Some(policy));
    assert_eq!(again.header("vary"), Some("accept"));
}
