//! `schedule-server export` and `schedule-server import`.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use super::start::{database, run};

fn lines(text: &str) -> Vec<Value> {
    let read = |line| serde_json::from_str(line).unwrap();
    let mut lines: Vec<Value> = text.lines().map(read).collect();
    for line in &mut lines {
        let line = line.as_object_mut().unwrap();
        line.remove("exported_at");
        line.remove("created_at");
    }
    lines
}

#[tokio::test]
async fn jobs_move_to_another_database_secrets_included() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = |name: &str| one.path().join(name).display().to_string();
    let job = json!({"job_id": "a", "state": "paused", "phase": "2030-01-01T00:00:00.000Z",
        "definition": {"trigger": {"type": "interval", "hours": 3}, "request": {
            "url": "http://127.0.0.1:9/",
            "headers": [{"name": "Authorization", "value": {"secret": "tok-1"}}]}}});
    std::fs::write(file("in"), job.to_string()).unwrap();
    let from = [("DATABASE_URL", &*database(&one))];
    let to = [("DATABASE_URL", &*database(&two))];
    let (code, out, _) = run(&["import", &file("in"), "--dry-run"], &from).await;
    assert_eq!((code, out.contains("would be created: 1")), (Some(0), true));
    let (code, out, _) = run(&["import", &file("in")], &from).await;
    assert_eq!(
        (code, out.contains("created: 1,")),
        (Some(0), true),
        "{out}"
    );

    let (code, masked, _) = run(&["export"], &from).await;
    assert_eq!(code, Some(0));
    assert!(!masked.contains("tok-1"), "{masked}");
    std::fs::write(file("masked"), &masked).unwrap();
    let (code, _, told) = run(&["import", &file("masked")], &to).await;
    assert_eq!(code, Some(1));
    assert!(
        told.contains("line 2: definition.request.headers"),
        "{told}"
    );

    let (code, _, told) = run(&["export", "--secrets", "--output", &file("out")], &from).await;
    assert_eq!(code, Some(0));
    assert!(told.contains("in clear"), "{told}");
    let mode = std::fs::metadata(file("out")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (code, _, told) = run(&["import", &file("out")], &to).await;
    assert_eq!(code, Some(0), "{told}");
    let (_, moved, _) = run(&["export", "--secrets"], &to).await;
    assert!(moved.contains("tok-1"), "{moved}");
    let written = std::fs::read_to_string(file("out")).unwrap();
    assert_eq!(lines(&moved), lines(&written));
    let (code, out, _) = run(&["import", &file("masked")], &to).await;
    assert_eq!(
        (code, out.contains("unchanged: 1,")),
        (Some(0), true),
        "{out}"
    );
}

#[tokio::test]
async fn a_file_that_has_no_lines_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let settings = [("DATABASE_URL", &*database(&dir))];
    let (code, _, _) = run(&["migrate"], &settings).await;
    assert_eq!(code, Some(0));
    let file = dir.path().join("s.db").display().to_string();
    let (code, _, told) = run(&["import", &file], &settings).await;
    assert_eq!(code, Some(1));
    assert!(told.contains("is no job store"), "{told}");
    let (code, _, told) = run(&["import", "/nowhere"], &settings).await;
    assert_eq!(code, Some(1));
    assert!(told.contains("/nowhere cannot be read"), "{told}");
}
