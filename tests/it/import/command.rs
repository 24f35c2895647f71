//! The sub-command: dry runs, jobs that exist, files that are none.

use std::path::Path;

use super::{fixture, import};

fn jobs() -> String {
    fixture("jobs.sqlite").display().to_string()
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
    entries.map(|e| name(e).into_string().unwrap()).collect()
}

#[tokio::test]
async fn a_dry_run_shows_the_same_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let dry = import(&dir, &[&jobs(), "--dry-run"]).await;
    assert_eq!(dry.code, Some(0), "{}", dry.err);
    assert!(names(dir.path()).is_empty(), "no database was made");
    let real = import(&dir, &[&jobs()]).await;
    assert_eq!(real.code, Some(0), "{}", real.err);
    let note = " (dry run: nothing was written)";
    assert_eq!(dry.out.trim_end(), format!("{}{note}", real.out.trim_end()));
    let refused = fixture("refused.sqlite").display().to_string();
    let dry = import(&dir, &["--dry-run", &refused]).await;
    assert_eq!(dry.code, Some(2));
    assert!(dry.line("good").starts_with("imported "));
    let dry = import(&dir, &["--dry-run", &refused]).await;
    assert!(
        dry.line("good").starts_with("imported "),
        "it was not written"
    );
}

#[tokio::test]
async fn jobs_that_exist_stay_unless_told() {
    let dir = tempfile::tempdir().unwrap();
    let (path, all) = (jobs(), super::expected().len());
    let first = import(&dir, &[&path]).await;
    assert_eq!(first.sums(), format!("{all} imported, 0 kept, 0 refused"));
    let refused = format!("0 imported, 0 kept, {all} refused");
    let kept = format!("0 imported, {all} kept, 0 refused");
    let imported = format!("{all} imported, 0 kept, 0 refused");
    for dry in [&["--dry-run"][..], &[]] {
        for (option, code, sums, line) in [
            ("--existing=refuse", 2, &refused, "refused   cron "),
            ("--existing=keep", 0, &kept, "kept      cron "),
            ("--existing=replace", 0, &imported, "replaced  cron "),
        ] {
            let done = import(&dir, &[&[path.as_str(), option], dry].concat()).await;
            assert_eq!(done.code, Some(code), "{option}: {}", done.err);
            assert!(done.sums().starts_with(sums), "{option}: {}", done.sums());
            assert!(done.line("docs").starts_with(line), "{option}");
        }
    }
    let again = import(&dir, &[&path]).await;
    assert_eq!(again.code, Some(2), "to refuse is the default");
    assert!(again.line("docs").contains("a job of that id exists"));
}

#[tokio::test]
async fn what_is_no_job_store_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).display().to_string();
    std::fs::write(at("text"), "jobs: none").unwrap();
    std::fs::write(at("empty"), "").unwrap();
    std::fs::write(at("broken"), b"SQLite format 3\0 and nothing else").unwrap();
    let url = format!("sqlite://{}?mode=rwc", at("other"));
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::query("CREATE TABLE t (x)")
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    let url = format!("sqlite://{}?mode=rwc", at("column"));
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    let table = "CREATE TABLE apscheduler_jobs (id TEXT, next_run_time REAL)";
    sqlx::query(table).execute(&pool).await.unwrap();
    pool.close().await;
    let cases = [
        ("missing", "cannot be read: No such file or directory"),
        ("text", "is not a SQLite file; expected: the jobs.sqlite"),
        ("empty", "is not a SQLite file"),
        ("broken", "cannot be read"),
        ("other", "it has no table apscheduler_jobs"),
        ("column", "has no column job_state"),
    ];
    for (name, words) in cases {
        let done = import(&dir, &[&at(name)]).await;
        assert_eq!(done.code, Some(1), "{name}: {}", done.out);
        assert!(
            done.err.contains(words) && done.err.contains(name),
            "{}",
            done.err
        );
        assert_eq!(done.out, "", "{name}");
        assert!(
            !Path::new(&at("s.db")).exists(),
            "{name}: no database was made"
        );
    }
}

#[tokio::test]
async fn nothing_is_written_to_the_source() {
    for mode in ["DELETE", "WAL"] {
        let source = tempfile::tempdir().unwrap();
        let path = source.path().join("jobs.sqlite");
        std::fs::copy(fixture("jobs.sqlite"), &path).unwrap();
        let url = format!("sqlite://{}", path.display());
        let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
        let pragma = sqlx::AssertSqlSafe(format!("PRAGMA journal_mode = {mode}"));
        sqlx::query(pragma).execute(&pool).await.unwrap();
        pool.close().await;
        let before = std::fs::read(&path).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let done = import(&dir, &[&path.display().to_string()]).await;
        assert_eq!(done.code, Some(0), "{mode}: {}", done.err);
        assert!(std::fs::read(&path).unwrap() == before, "{mode}");
        assert_eq!(names(source.path()), ["jobs.sqlite"], "{mode}");
    }
}

#[tokio::test]
async fn what_lies_in_the_log_of_the_source_is_read() {
    let source = tempfile::tempdir().unwrap();
    let path = source.path().join("jobs.sqlite");
    std::fs::copy(fixture("jobs.sqlite"), &path).unwrap();
    let url = format!("sqlite://{}", path.display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    let mut service = pool.acquire().await.unwrap();
    for sql in [
        "PRAGMA journal_mode = WAL",
        "DELETE FROM apscheduler_jobs WHERE id <> 'docs'",
    ] {
        sqlx::query(sql).execute(&mut *service).await.unwrap();
    }
    let dir = tempfile::tempdir().unwrap();
    let done = import(&dir, &[&path.display().to_string()]).await;
    assert_eq!(done.sums(), "1 imported, 0 kept, 0 refused");
}
