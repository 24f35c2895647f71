//! `schedule-server verify`, on what real servers have left: a ledger as it should be
//! is proven, and one that was meddled with is not, for just that reason.

mod offences;
mod random;
mod story;

use serde_json::Value;

use crate::faults::start::run;

/// What the command prints as JSON, and its exit code.
async fn verify(database: &str, args: &[&str]) -> (Option<i32>, Value) {
    let args = [&["verify", "--json"], args].concat();
    let (code, out, told) = run(&args, &[("DATABASE_URL", database)]).await;
    assert!(matches!(code, Some(0 | 1)), "{told}");
    (code, serde_json::from_str(&out).unwrap())
}

#[tokio::test]
async fn what_cannot_be_read_is_told_by_a_code_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}/none.db", dir.path().display());
    let settings = [("DATABASE_URL", &*database)];
    let (code, out, told) = run(&["verify"], &settings).await;
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(told.contains("none.db"), "{told}");
    assert!(!dir.path().join("none.db").exists(), "nothing is made");
    let (code, ..) = run(&["migrate"], &settings).await;
    assert_eq!(code, Some(0));
    let log = dir.path().join("log").display().to_string();
    std::fs::write(&log, "{\"fire_id\": 7}\n").unwrap();
    let (code, _, told) = run(&["verify", "--target-log", &log], &settings).await;
    assert_eq!(code, Some(2));
    assert!(told.contains("line 1"), "{told}");
    let (code, out, _) = run(&["verify"], &settings).await;
    assert_eq!(code, Some(0));
    assert!(out.contains("proven: "), "{out}");
}
