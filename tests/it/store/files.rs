use std::os::unix::fs::PermissionsExt;

use schedule_server::store::StoreError;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use super::*;

async fn open_fails(url: &str) -> String {
    match SqliteStore::open(url, 1).await {
        Ok(_) => panic!("{url} opened"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn what_was_written_is_there_after_a_reopen() {
    let bench = Bench::new().await;
    bench.put("kept", each_minute()).await;
    let before = bench.store.jobs("").await.unwrap();
    bench.store.close().await;
    assert_eq!(bench.another().await.jobs("").await.unwrap(), before);
}

#[tokio::test]
async fn a_closed_store_refuses() {
    let bench = Bench::new().await;
    bench.store.close().await;
    let draft = draft("x", date(1));
    let refused = bench.store.put_job(draft, Expected::Anything, noon()).await;
    assert!(
        matches!(refused, Err(StoreError::Unavailable(_))),
        "{refused:?}"
    );
    bench.store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_may_start_on_a_new_file_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let opened = futures_util::future::join_all((0..6).map(|_| open(&dir))).await;
    for store in &opened {
        store.ping().await.unwrap();
    }
}

#[tokio::test]
async fn the_folder_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/deep/er/s.db", dir.path().display());
    SqliteStore::open(&url, 1).await.unwrap();
}

#[tokio::test]
async fn a_newer_file_is_refused_with_the_way_out() {
    let bench = Bench::new().await;
    let file = bench.dir.path().join("schedule.db");
    let options = SqliteConnectOptions::new().filename(&file);
    let mut conn = options.connect().await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'future', 1, x'00', 0)",
    )
    .execute(&mut conn)
    .await
    .unwrap();
    let text = open_fails(&format!("sqlite://{}", file.display())).await;
    assert!(
        text.contains("newer version") && text.contains("9999"),
        "{text}"
    );
    assert!(text.contains("schedule.db"), "{text}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("notes.txt");
    std::fs::write(&file, "this is no database, it is a text of some length").unwrap();
    let text = open_fails(&format!("sqlite://{}", file.display())).await;
    assert!(
        text.contains("notes.txt") && text.contains("not a database"),
        "{text}"
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let blocker = dir.path().join("file");
    std::fs::write(&blocker, "").unwrap();
    let text = open_fails(&format!("sqlite://{}/sub/s.db", blocker.display())).await;
    assert!(text.contains("/file/sub"), "{text}");
}

#[tokio::test]
async fn only_the_owner_can_read_the_file_of_a_private_folder() {
    let bench = Bench::new().await;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode();
    let file = bench.dir.path().join("schedule.db");
    assert_eq!(mode(&file) & 0o002, 0, "never writable by everyone");
}

#[tokio::test]
async fn due_seconds_costs_seeks_in_the_index() {
    let bench = Bench::new().await;
    let file = bench.dir.path().join("schedule.db");
    let mut conn = SqliteConnectOptions::new()
        .filename(file)
        .connect()
        .await
        .unwrap();
    let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(
        "EXPLAIN QUERY PLAN SELECT MIN(next_fire_at) FROM jobs \
         WHERE next_fire_at >= 5 AND next_fire_at < 9",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    let text = format!("{plan:?}");
    assert!(
        text.contains("SEARCH") && text.contains("jobs_due"),
        "{text}"
    );
}
