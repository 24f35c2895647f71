//! Each way in which a ledger, or a log, can be wrong is named, and nothing else is.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::story::{Left, told};
use super::verify;

/// The words of what is wrong with it.
async fn kinds(left: &Left, args: &[&str]) -> (BTreeSet<String>, Value) {
    let log = left.log();
    let args = [args, &["--target-log", &log]].concat();
    let (code, report) = verify(&left.database(), &args).await;
    let kinds = report["offences_by_kind"].as_object().unwrap().keys();
    let kinds: BTreeSet<String> = kinds.cloned().collect();
    assert_eq!(code, Some(i32::from(!kinds.is_empty())), "{report:#}");
    assert_eq!(report["proven"], json!(kinds.is_empty()));
    (kinds, report)
}

/// What is done to the database, and what that is called.
const MEDDLED: &[(&str, &str)] = &[
    (
        "DELETE FROM occurrences WHERE row_id = (SELECT MIN(row_id) FROM occurrences \
         WHERE job_id = 'tick' AND state = 'coalesced')",
        "missing",
    ),
    (
        "DELETE FROM occurrences WHERE job_id = 'missed' AND state = 'missed'",
        "missing",
    ),
    (
        "UPDATE job_versions SET until_fire_at = first_fire_at, replaced_at = replaced_at \
         WHERE job_id = 'gone'",
        "unplanned",
    ),
    (
        "INSERT INTO occurrences (job_id, fire_at, last_fire_at, due_at, state, reason, settled_at) \
         SELECT job_id, fire_at + 1, last_fire_at + 1, due_at, 'missed', 'grace', 7 \
         FROM occurrences WHERE job_id = 'once'",
        "unplanned",
    ),
    (
        "UPDATE occurrences SET count = count + 1 WHERE job_id = 'tick' AND count > 9",
        "wrong_count",
    ),
    (
        "UPDATE occurrences SET last_fire_at = last_fire_at + 10000, count = count + 1, \
         into_fire_at = into_fire_at + 10000 WHERE job_id = 'tick' AND count > 9",
        "doubled",
    ),
    (
        "UPDATE occurrences SET reason = 'shutdown' WHERE job_id = 'once'",
        "bad_state",
    ),
    (
        "UPDATE occurrences SET reason = NULL WHERE job_id = 'failing'",
        "bad_state",
    ),
    (
        "UPDATE occurrences SET reason = 'because' WHERE job_id = 'failing'",
        "bad_state",
    ),
    (
        "UPDATE occurrences SET settled_at = NULL WHERE job_id = 'once'",
        "bad_state",
    ),
    (
        "UPDATE occurrences SET into_fire_at = NULL WHERE job_id = 'tick' AND count > 9",
        "bad_state",
    ),
    (
        "UPDATE occurrences SET attempt = 1 WHERE job_id = 'missed' AND state = 'missed'",
        "inconsistent",
    ),
    (
        "UPDATE occurrences SET lateness_ms = lateness_ms + 1 WHERE job_id = 'once'",
        "inconsistent",
    ),
    (
        "UPDATE occurrences SET sent_at = fire_at - 1, lateness_ms = -1 WHERE job_id = 'once'",
        "inconsistent",
    ),
    (
        "UPDATE job_versions SET policies_json = '{\"pause_until\":\"2032-01-01T00:00:00Z\"}' \
         WHERE job_id = 'once'",
        "sent_in_pause",
    ),
    (
        "UPDATE occurrences SET state = 'firing', settled_at = NULL, reason = NULL, replica = 'dead' \
         WHERE job_id = 'once'",
        "open",
    ),
    (
        "UPDATE occurrences SET state = 'failed', reason = 'send_limit', sent_at = NULL, \
         lateness_ms = NULL WHERE job_id = 'once'",
        "received_unsent",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn each_way_to_meddle_is_named_and_nothing_else() {
    let left = told().await;
    let args: &[&str] = &["--drained"];
    assert_eq!(kinds(&left, args).await.0, BTreeSet::new());
    for (sql, kind) in MEDDLED {
        let copy = left.copy();
        assert!(copy.meddle(sql).await > 0, "{sql}");
        let (found, report) = kinds(&copy, args).await;
        assert_eq!(
            found,
            BTreeSet::from([(*kind).to_owned()]),
            "{sql}: {report:#}"
        );
        let named = report["offences"].as_array().unwrap();
        let job = sql.split("job_id = '").nth(1).unwrap().split('\'').next();
        assert!(
            named.iter().all(|o| o["job_id"].as_str() == job),
            "{sql}: {report:#}"
        );
    }
}

/// How a log is changed, and what that is called.
type Change = (fn(Vec<Value>) -> Vec<Value>, &'static str);

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_says_other_than_the_ledger_is_named() {
    fn once(line: &Value) -> bool {
        line["job_id"] == "once"
    }
    fn changed(mut lines: Vec<Value>, member: &str, value: Value) -> Vec<Value> {
        let line = lines.iter_mut().find(|line| once(line)).unwrap();
        line[member] = value;
        lines
    }
    let changes: [Change; 5] = [
        (
            |mut lines| {
                let again = lines.iter().find(|line| once(line)).unwrap().clone();
                lines.push(again);
                lines
            },
            "received_again",
        ),
        (
            |mut lines| {
                lines.retain(|line| !once(line));
                lines
            },
            "not_received",
        ),
        (
            |mut lines| {
                let mut other = lines.iter().find(|line| once(line)).unwrap().clone();
                other["fire_id"] = json!("00000000-0000-4000-8000-000000000000");
                lines.push(other);
                lines
            },
            "received_without_row",
        ),
        (|lines| changed(lines, "at_ms", json!(7)), "received_early"),
        (
            |mut lines| {
                let mut other = lines.iter().find(|line| once(line)).unwrap().clone();
                other["attempt"] = json!(2);
                lines.push(other);
                lines
            },
            "received_unsent",
        ),
    ];
    let left = told().await;
    for (change, kind) in changes {
        let copy = left.copy();
        copy.meddle_with_log(change);
        let (found, report) = kinds(&copy, &[]).await;
        assert_eq!(found, BTreeSet::from([kind.to_owned()]), "{report:#}");
    }
}

/// A request that came, was never recorded and came again: allowed where the job is
/// to be sent at least once, and there alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_send_is_for_those_who_asked_for_it() {
    let left = told().await;
    left.meddle("UPDATE occurrences SET attempt = 2 WHERE job_id = 'once'")
        .await;
    left.meddle_with_log(|mut lines| {
        let mut again = lines
            .iter()
            .find(|l| l["job_id"] == "once")
            .unwrap()
            .clone();
        again["attempt"] = json!(2);
        lines.push(again);
        lines
    });
    let (found, report) = kinds(&left, &[]).await;
    assert_eq!(
        found,
        BTreeSet::from(["sent_again".to_owned()]),
        "{report:#}"
    );
    left.meddle(
        "UPDATE job_versions SET policies_json = '{\"delivery\":\"at_least_once\"}' \
         WHERE job_id = 'once'",
    )
    .await;
    let (found, report) = kinds(&left, &[]).await;
    assert_eq!(
        (found, &report["duplicates_allowed"]),
        (BTreeSet::new(), &json!(1))
    );
}

/// What nobody will ever end is told beside running servers, too, where open rows are
/// no offence.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_for_ever_is_named() {
    let left = told().await;
    left.meddle("INSERT INTO replicas (replica, lease_until) VALUES ('alive', 1950832800000)")
        .await;
    for (sql, wanted) in [
        ("queue = NULL, replica = 'dead'", true),
        ("queue = NULL, replica = 'alive'", false),
        (
            "queue = NULL, replica = NULL, attempt = 0, sent_at = NULL, due_at = 7",
            true,
        ),
        ("queue = 'waiting', replica = NULL", true),
    ] {
        let copy = left.copy();
        let sql = format!(
            "UPDATE occurrences SET state = 'claimed', settled_at = NULL, reason = NULL, {sql} \
             WHERE row_id = (SELECT MAX(row_id) FROM occurrences WHERE job_id = 'all' \
             AND state = 'succeeded')"
        );
        copy.meddle(Box::leak(sql.into_boxed_str())).await;
        let (_, report) = verify(&copy.database(), &[]).await;
        let stale = report["offences_by_kind"]["stale"].as_u64();
        assert_eq!(stale.is_some(), wanted, "{report:#}");
    }
}

/// Only what lies in the range is looked at; what is due and not planned is told when
/// it is asked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_range_is_kept_to() {
    let left = told().await;
    left.meddle(MEDDLED[0].0).await;
    let (found, _) = kinds(&left, &["--to", "2031-10-26T00:00:00Z"]).await;
    assert_eq!(found, BTreeSet::new());
    let (found, _) = kinds(&left, &["--from", "2031-10-26T00:01:00Z"]).await;
    assert_eq!(found, BTreeSet::from(["missing".to_owned()]));
    let later = [
        "--from",
        "2031-10-26T01:20:00Z",
        "--to",
        "2031-10-26T02:00:00Z",
    ];
    let (found, _) = kinds(&left, &later).await;
    assert_eq!(found, BTreeSet::new());
    let drained = [&later[..], &["--drained"]].concat();
    let (found, report) = kinds(&left, &drained).await;
    assert_eq!(found, BTreeSet::from(["behind".to_owned()]));
    assert_eq!(report["lost"], json!(0));
}
