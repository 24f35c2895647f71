//! What is refused, and in which words.

use super::{Done, fixture, import};

/// Job and what its reason says.
const REASONS: &[(&str, &str)] = &[
    (
        "foreign-function",
        "\"reports:send_report\", not requests_url",
    ),
    ("foreign-two-arguments", "\"reports:many\""),
    ("two-arguments", "2 arguments, not just a URL"),
    ("url-is-a-number", "the URL is an int, not a text"),
    (
        "trigger-and",
        "apscheduler.triggers.combining.AndTrigger, a trigger that cannot",
    ),
    (
        "trigger-or",
        "apscheduler.triggers.combining.OrTrigger, a trigger that cannot",
    ),
    (
        "trigger-calendar",
        "CalendarIntervalTrigger, a trigger that cannot",
    ),
    ("interval-half", "1500000 µs is no whole number of seconds"),
    (
        "interval-negative",
        "-5000000 µs is no whole number of seconds",
    ),
    ("jitter-fine", "no whole number of milliseconds"),
    ("jitter-long", "7200000 ms is out of range"),
    ("zone-odd", "fixed offset of 20700 s"),
    ("evil-system", "it names posix.system"),
    (
        "evil-system-root",
        "byte 28 of its pickle: it names posix.system",
    ),
    ("evil-eval", "it names builtins.eval"),
    ("evil-exec-protocol-2", "it names __builtin__.exec"),
    (
        "evil-getattr",
        "the URL is the result of a call, not a text",
    ),
    ("evil-inst", "byte 3 of its pickle: the opcode 0x53"),
    ("evil-persistent", "(persistent id)"),
    ("evil-extension", "(extension)"),
    ("evil-import", "it names os.system"),
    ("deep", "nested deeper than 200"),
    ("deep-lists", "the job is a list, not a dict"),
    ("many-values", "more than 20000 values"),
    ("memo-bomb", "the job is a tuple, not a dict"),
    ("memo-huge", "(POP)"),
    ("memo-many", "more than 20000 values are memoized"),
    ("claims-4-gib", "it breaks off"),
    ("claims-all", "it breaks off"),
    ("frame-too-long", "a frame of 18446744073709551615 bytes"),
    ("long-int", "(LONG4)"),
    ("truncated", "a frame of"),
    ("truncated-protocol-2", "a name without an end"),
    ("no-stop", "a frame of"),
    ("more-after-stop", "2 bytes follow its end"),
    ("empty", "byte 0 of its pickle: it breaks off"),
    ("protocol-0", "no pickle of protocol 2 to 5"),
    ("not-a-dict", "the job is a list, not a dict"),
    ("no-keys", "lacks the key \"version\""),
    ("version-2", "version 2; known: 1"),
    ("unknown-key", "the unknown key \"extra\""),
    ("other-id", "that of the job \"template\""),
    ("set", "(a set)"),
    ("bad-utf8", "a text that is not UTF-8"),
    (
        "column-differs",
        "in the table and 2039-01-01T00:00:00+00:00 in its state",
    ),
    ("state-is-text", "not a BLOB"),
];

async fn refused(args: &[&str]) -> Done {
    let dir = tempfile::tempdir().unwrap();
    let path = fixture("refused.sqlite").display().to_string();
    import(&dir, &[&[path.as_str()], args].concat()).await
}

#[tokio::test]
async fn each_has_its_reason_and_the_others_are_imported() {
    let done = refused(&[]).await;
    assert_eq!(done.code, Some(2), "{}", done.err);
    for (job_id, reason) in REASONS {
        let line = done.line(job_id);
        assert!(line.starts_with("refused "), "{line}");
        assert!(line.contains(reason), "{line}");
    }
    assert!(done.line("good").starts_with("imported  cron "));
    assert_eq!(
        done.sums(),
        format!("1 imported, 0 kept, {} refused", REASONS.len())
    );
    assert!(!std::path::Path::new("/tmp/schedule-server-was-here").exists());
}

#[tokio::test]
async fn a_function_can_be_named() {
    let done = refused(&[
        "--function=reports:send_report",
        "--function",
        "reports:many",
    ])
    .await;
    assert!(done.line("foreign-function").starts_with("imported  cron "));
    let two = done.line("foreign-two-arguments");
    assert!(two.contains("2 arguments, not just a URL"), "{two}");
}

#[tokio::test]
async fn too_large_a_state_is_not_loaded() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("jobs.sqlite");
    std::fs::copy(fixture("refused.sqlite"), &path).unwrap();
    let url = format!("sqlite://{}", path.display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::query("UPDATE apscheduler_jobs SET job_state = zeroblob(1048577) WHERE id = 'good'")
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    let done = import(&dir, &[&path.display().to_string()]).await;
    let line = done.line("good");
    assert!(
        line.contains("at most 1048576 bytes (it has 1048577)"),
        "{line}"
    );
}
