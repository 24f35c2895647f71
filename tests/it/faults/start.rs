//! The command line: what a wrong start says, and what the sub-commands do.

use std::process::Stdio;

use tempfile::TempDir;

use crate::support::replica::{Replica, command};

pub async fn run(args: &[&str], settings: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let output = command(settings)
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .await
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

pub fn database(dir: &TempDir) -> String {
    format!("sqlite://{}/s.db", dir.path().display())
}

#[tokio::test]
async fn bad_settings_are_told_together() {
    let settings = [("BIND", "here"), ("LEASE", "soon"), ("LOG_FORMAT", "xml")];
    let (code, _, text) = run(&[], &settings).await;
    assert_eq!(code, Some(1));
    for name in ["BIND", "LEASE", "LOG_FORMAT"] {
        assert!(text.contains(name), "{text}");
    }
}

#[tokio::test]
async fn a_taken_port_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let bind = taken.local_addr().unwrap().to_string();
    let (code, _, text) = run(&[], &[("BIND", &bind), ("DATABASE_URL", &database(&dir))]).await;
    assert_eq!(code, Some(1));
    assert!(text.contains("BIND: cannot listen on"), "{text}");
}

#[tokio::test]
async fn a_database_locked_by_another_program_is_told() {
    use sqlx::ConnectOptions;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("s.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true);
    let mut holder = options.connect().await.unwrap();
    sqlx::query("BEGIN EXCLUSIVE")
        .execute(&mut holder)
        .await
        .unwrap();
    let settings = [("BIND", "127.0.0.1:0"), ("DATABASE_URL", &database(&dir))];
    let (code, _, text) = run(&[], &settings).await;
    assert_eq!(code, Some(1));
    assert!(text.contains("s.db") && text.contains("locked"), "{text}");
}

#[tokio::test]
async fn config_shows_each_setting_and_where_it_comes_from() {
    let settings = [("REDIS_URL", "redis://u:secret@h/1"), ("LEASE", "5s")];
    let (code, text, _) = run(&["config", "--bind", "127.0.0.1:9"], &settings).await;
    assert_eq!(code, Some(0));
    for line in [
        "BIND=127.0.0.1:9 (flag)",
        "LEASE=5s (env)",
        "REDIS_URL=redis://***@h/1 (env)",
        "SEND_TIMEOUT=30s (default)",
    ] {
        assert!(text.lines().any(|l| l == line), "{line} not in\n{text}");
    }
}

#[tokio::test]
async fn migrate_makes_the_file_and_ends() {
    let dir = tempfile::tempdir().unwrap();
    let (code, _, text) = run(&["migrate"], &[("DATABASE_URL", &database(&dir))]).await;
    assert_eq!(code, Some(0), "{text}");
    assert!(dir.path().join("s.db").exists());
}

#[tokio::test]
async fn healthcheck_asks_the_running_server() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = Replica::start(&[("DATABASE_URL", &database(&dir))]).await;
    let bind = server.url.trim_start_matches("http://").to_owned();
    let (code, _, text) = run(&["healthcheck"], &[("BIND", &bind)]).await;
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(server.terminate().await.code(), Some(0));
    let (code, _, text) = run(&["healthcheck"], &[("BIND", &bind)]).await;
    assert_eq!(code, Some(1));
    assert!(text.contains("no answer from"), "{text}");
}

#[tokio::test]
async fn the_log_says_which_lock_is_used_and_can_be_json() {
    let dir = tempfile::tempdir().unwrap();
    let settings = [("DATABASE_URL", &*database(&dir)), ("LOG_FORMAT", "json")];
    let mut server = Replica::start(&settings).await;
    server.terminate().await;
    let log = server.log();
    assert!(log.contains("fire lock: store"), "{log}");
    for line in log.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect(line);
    }
}

#[tokio::test]
async fn redis_away_at_the_start_is_survived_and_told() {
    let dir = tempfile::tempdir().unwrap();
    let database = database(&dir);
    let settings = [
        ("DATABASE_URL", &*database),
        ("REDIS_URL", "redis://127.0.0.1:1"),
    ];
    let mut server = Replica::start(&settings).await;
    let ready = format!("{}/readyz", server.url);
    let answer = loop {
        let answer = reqwest_get(&ready).await;
        if answer.contains("\"lock\"") {
            break answer;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert!(answer.contains("\"ready\":true"), "still fires: {answer}");
    assert_eq!(server.terminate().await.code(), Some(0));
    assert!(
        server.log().contains("fire lock: redis"),
        "{}",
        server.log()
    );
}

async fn reqwest_get(url: &str) -> String {
    let answer = crate::support::client().get(url).send().await.unwrap();
    answer.text().await.unwrap()
}

#[tokio::test]
async fn without_root_certificates_http_still_works() {
    let dir = tempfile::tempdir().unwrap();
    let database = database(&dir);
    let settings = [("DATABASE_URL", &*database), ("SSL_CERT_FILE", "/dev/null")];
    let mut server = Replica::start(&settings).await;
    assert_eq!(server.terminate().await.code(), Some(0));
    assert!(
        server.log().contains("https targets cannot be called"),
        "{}",
        server.log()
    );
}
