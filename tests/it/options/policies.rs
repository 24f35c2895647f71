//! What becomes of fire times that are late, overlap or are not wanted.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::api::{Api, recent};
use crate::support::fleet::Fleet;
use crate::support::stage::Stage;

/// Fires every ten seconds, `path` says what the target answers.
async fn every_ten_seconds(stage: &Stage, id: &str, path: &str, policies: Value) {
    let trigger = json!({"type": "interval", "seconds": 10});
    let request = json!({"url": stage.target.at(path)});
    let whole = json!({"trigger": trigger, "request": request, "policies": policies});
    stage.put(id, whole).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_later_than_its_grace_is_missed() {
    let cron = json!({"type": "cron", "cron": "0 13 * * *"});
    let interval = json!({"type": "interval", "seconds": 60});
    let cases = [
        ("short", &cron, json!({"ms": 69_999}), "missed/grace"),
        ("long", &cron, json!({"ms": 70_000}), "succeeded"),
        ("unlimited", &cron, json!("unlimited"), "succeeded"),
        ("cron-default", &cron, json!(null), "missed/grace"),
        ("interval-default", &interval, json!(null), "succeeded"),
        (
            "interval-short",
            &interval,
            json!({"ms": 69_999}),
            "missed/grace",
        ),
    ];
    let stage = Stage::at("2031-05-01T12:59:00Z").await;
    for (id, trigger, grace, _) in &cases {
        let policies = json!({"misfire_grace": grace});
        let whole = json!({"trigger": trigger, "policies": policies});
        stage.put(id, whole).await;
    }
    let ids = cases.each_ref().map(|case| case.0);
    stage.go("2031-05-01T13:01:10Z", &ids).await;
    for (id, trigger, grace, outcome) in &cases {
        let job = stage.api.job(id).await.unwrap();
        let fired = if *outcome == "succeeded" { 1 } else { 0 };
        // An interval has one more fire time, which is 10 s late.
        let is_interval = trigger["type"] == "interval";
        let last = recent(&job).pop().unwrap();
        if is_interval {
            let expected = if fired == 1 {
                "coalesced"
            } else {
                "missed/grace"
            };
            assert_eq!(last, expected, "{id}: {grace}");
            assert_eq!(stage.fired(id), ["2031-05-01T13:01:00Z"], "{id}");
        } else {
            assert_eq!(last, *outcome, "{id}: {grace}");
            assert_eq!(stage.arrivals(id).len(), fired, "{id}: {grace}");
        }
    }
}

/// Six fire times are overdue, the last one by 5 s.
#[tokio::test(flavor = "multi_thread")]
async fn so_many_of_those_overdue_are_caught_up() {
    let [fourth, fifth, last] = ["12:00:40", "12:00:50", "12:01:00"];
    let cases = [
        (
            "none",
            json!("none"),
            vec![],
            json!(["missed", "no_catch_up", 6]),
        ),
        (
            "latest",
            json!("latest"),
            vec![last],
            json!(["coalesced", null, 5]),
        ),
        (
            "default",
            json!(null),
            vec![last],
            json!(["coalesced", null, 5]),
        ),
        (
            "all",
            json!({"all": 3}),
            vec![fourth, fifth, last],
            json!(["coalesced", null, 3]),
        ),
    ];
    let stage = Stage::any().await;
    for (id, catch_up, ..) in &cases {
        let mut policies = json!({"overlap": {"allow": 10}});
        if !catch_up.is_null() {
            policies["catch_up"] = catch_up.clone();
        }
        every_ten_seconds(&stage, id, "/ok", policies).await;
    }
    let ids = cases.each_ref().map(|case| case.0);
    stage.go("2031-05-01T12:01:05Z", &ids).await;
    for (id, _, fires, oldest) in &cases {
        let mut fired = stage.fired(id);
        fired.sort();
        let fires: Vec<_> = fires.iter().map(|at| format!("2031-05-01T{at}Z")).collect();
        assert_eq!(fired, fires, "{id}");
        let job = stage.api.job(id).await.unwrap();
        let row = job["status"]["recent"].as_array().unwrap().last().unwrap();
        assert_eq!(
            json!([row["state"], row["reason"], row["count"]]),
            *oldest,
            "{id}"
        );
    }
}

/// Three fire times while the first request is held: what the target has by
/// then, what is on record (newest first), and what it has in the end.
#[tokio::test(flavor = "multi_thread")]
async fn runs_that_overlap_do_as_told() {
    let stage = Stage::with("2031-05-01T12:00:00Z", &["--send-timeout=5m"]).await;
    let cases = [
        (None, 1, ["skipped/overlap", "skipped/overlap", "firing"], 1),
        (
            Some(json!("skip")),
            1,
            ["skipped/overlap", "skipped/overlap", "firing"],
            1,
        ),
        (
            Some(json!({"allow": 2})),
            2,
            ["skipped/overlap", "firing", "firing"],
            2,
        ),
        (
            Some(json!({"queue": 1})),
            1,
            ["skipped/queue_full", "claimed", "firing"],
            2,
        ),
        (
            Some(json!("cancel_previous")),
            3,
            ["firing", "failed/cancelled", "failed/cancelled"],
            3,
        ),
    ];
    for (n, (overlap, held, rows, in_all)) in cases.into_iter().enumerate() {
        let id = format!("case-{n}");
        let policies = overlap.map_or(json!({}), |overlap| json!({"overlap": overlap}));
        every_ten_seconds(&stage, &id, "/held", policies).await;
        for fires in 1..=3 {
            stage.advance_ms(10_000);
            let arrived = held.min(fires);
            stage.arrived(&id, arrived).await;
            // The state of the newest one is what it will be for now.
            let newest_first = rows[3 - fires..][..1].to_vec();
            let newest = |found: &[String]| {
                let still = found.len() == fires
                    && (found[0] == newest_first[0] || (arrived == fires && found[0] == "firing"));
                still && (fires < 3 || found == rows)
            };
            stage.api.recent(&id, newest).await;
        }
        assert_eq!(stage.arrivals(&id).len(), held, "{id}");
        let pause = json!({});
        stage.target.let_go(in_all);
        if rows[1] == "claimed" {
            stage.arrived(&id, 2).await;
        }
        let ended = |found: &[String]| found.iter().all(|row| row != "firing" && row != "claimed");
        stage.api.recent(&id, ended).await;
        stage.api.act(&id, "pause", pause).await;
        assert_eq!(stage.arrivals(&id).len(), in_all, "{id}");
    }
}

/// The replica that sends is killed; the other one settles what it left.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_kill_delivery_decides_whether_it_is_sent_again() {
    let mut fleet = Fleet::start(1, false).await;
    let at = chrono::Utc::now() + chrono::TimeDelta::seconds(2);
    let api = Api::of(&fleet.replicas[0].url);
    for delivery in ["at_most_once", "at_least_once"] {
        let definition = json!({
            "trigger": {"type": "interval", "days": 1, "start": at},
            "request": {"url": fleet.target.at("/hang")},
            "policies": {"delivery": delivery},
        });
        api.put(delivery, &definition).await;
    }
    fleet.target.wait_for(2).await;
    fleet.start_replica().await;
    fleet.replicas.remove(0).kill().await;
    fleet.target.wait_for(3).await;
    let api = Api::of(&fleet.replicas[0].url);
    let rows = api.recent("at_most_once", |rows| rows[0] != "firing").await;
    assert_eq!(rows, ["unknown/replica_died"]);
    let arrivals = fleet.target.arrivals();
    let of = |id: &str| {
        let of_job = arrivals.iter().filter(|a| a.job_id() == id);
        of_job.map(|a| a.fire_id().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of("at_most_once").len(), 1, "it is not sent again");
    let again = of("at_least_once");
    assert_eq!((again.len(), &again[0]), (2, &again[1]), "one fire id");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_before_the_end_of_a_pause() {
    let stage = Stage::any().await;
    let policies = json!({"pause_until": "2031-05-01T14:00:25+02:00"});
    every_ten_seconds(&stage, "tick", "/ok", policies).await;
    let job = stage.api.job("tick").await.unwrap();
    assert_eq!(job["status"]["state"], "paused");
    assert_eq!(job["status"]["paused_by"], "pause_until");
    assert_eq!(job["status"]["next_fire_at"], "2031-05-01T12:00:30.000Z");
    for n in 1..=2 {
        stage.advance_ms(10_000);
        let all = |rows: &[String]| rows == vec!["skipped/pause_until"; n];
        stage.api.recent("tick", all).await;
    }
    stage.go("2031-05-01T12:00:30Z", &["tick"]).await;
    assert_eq!(stage.fired("tick"), ["2031-05-01T12:00:30Z"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_fails_too_often_is_paused() {
    let stage = Stage::any().await;
    let policies = json!({"pause_after_failures": 2});
    every_ten_seconds(&stage, "tick", "/status/500", policies).await;
    for at in ["12:00:10", "12:00:20", "12:00:30", "12:00:40"] {
        stage.go(&format!("2031-05-01T{at}Z"), &["tick"]).await;
    }
    stage.a_while().await;
    let job = stage.api.job("tick").await.unwrap();
    assert_eq!(job["status"]["paused_by"], "failures");
    assert_eq!(stage.arrivals("tick").len(), 2);
    stage.advance_ms(1);
    stage.api.act("tick", "resume", json!({})).await;
    stage.go("2031-05-01T12:00:50Z", &["tick"]).await;
    assert_eq!(stage.arrivals("tick").len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_highest_priority_is_sent_first() {
    let limits = [
        "--send-concurrency=1",
        "--send-concurrency-per-host=1",
        "--send-wait=5m",
    ];
    let stage = Stage::with("2031-05-01T12:00:00Z", &limits).await;
    let at = json!({"type": "date", "at": "2031-05-01T12:00:10Z"});
    let jobs = [("low", -10), ("usual", 0), ("high", 9), ("highest", 10)];
    for (id, priority) in jobs {
        let whole = json!({"trigger": at, "policies": {"priority": priority}});
        stage.put(id, whole).await;
    }
    stage
        .go("2031-05-01T12:00:10Z", &jobs.map(|job| job.0))
        .await;
    let came = stage.target.arrivals();
    let order: Vec<_> = came.iter().map(|a| a.job_id()).collect();
    assert_eq!(order, ["highest", "high", "usual", "low"]);
}

/// They change nothing of what is sent.
#[tokio::test(flavor = "multi_thread")]
async fn tags_and_description_are_shown_and_jobs_found_by_them() {
    let stage = Stage::any().await;
    let notes = json!({"description": "for the team", "tags": ["reports", "sales"]});
    stage.put("tagged", notes.clone()).await;
    stage.put("plain", json!({})).await;
    assert_eq!(stage.ran("tagged").await, "succeeded");
    for (query, ids) in [
        ("?tag=sales", &["tagged"][..]),
        ("?tag=sale", &[]),
        ("?sort=job_id", &["plain", "tagged"]),
    ] {
        let (_, page) = stage.api.call(Method::GET, query, None).await;
        let items = page["items"].as_array().unwrap();
        let found: Vec<_> = items
            .iter()
            .map(|job| job["job_id"].as_str().unwrap())
            .collect();
        assert_eq!(found, ids, "{query}");
    }
    let job = stage.api.job("tagged").await.unwrap();
    assert_eq!(
        (&job["description"], &job["tags"]),
        (&notes["description"], &notes["tags"])
    );
}
