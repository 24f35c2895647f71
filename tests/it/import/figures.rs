//! Fire times and options of what is carried over, against the library's own.

use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound, Utc};
use futures_util::TryStreamExt;
use schedule_server::domain::job::JobState;
use schedule_server::domain::policy::{CatchUp, Grace, Overlap};
use schedule_server::domain::trigger::{Trigger, TriggerKind};
use schedule_server::import::Source;
use schedule_server::import::apscheduler::{Carried, Row, carry_over};
use serde_json::{Value, json};

use super::{expected, fixture};

fn instant(text: &Value) -> DateTime<Utc> {
    text.as_str().unwrap().parse().unwrap()
}

/// The now of the fixtures.
fn now() -> DateTime<Utc> {
    "2039-01-01T00:00:00Z".parse().unwrap()
}

async fn rows(name: &str) -> Vec<Row> {
    let Source::ApScheduler(store) = Source::detect(&fixture(name)).await.unwrap();
    store.rows().try_collect().await.unwrap()
}

async fn carried() -> BTreeMap<String, Carried> {
    let rows = rows("jobs.sqlite").await;
    let read = |row: Row| {
        let carried = carry_over(&row, &[], now());
        (row.id, carried.unwrap())
    };
    rows.into_iter().map(read).collect()
}

fn fire_times(job: &Carried, count: usize) -> Vec<DateTime<Utc>> {
    let schedule = &job.draft.schedule;
    let first = match job.draft.state {
        JobState::Running => job.draft.next_fire_at,
        JobState::Paused => schedule.next_at_or_after(now()),
    };
    std::iter::successors(first, |last| schedule.next_after(*last))
        .take(count)
        .collect()
}

#[tokio::test]
async fn fire_times_are_those_of_the_library() {
    let carried = carried().await;
    let expected = expected();
    assert!(expected.len() > 70);
    assert_eq!(carried.len(), expected.len());
    for wanted in &expected {
        let id = wanted["id"].as_str().unwrap();
        let job = &carried[id];
        assert_eq!(job.draft.id.as_str(), id);
        assert_eq!(
            json!(job.draft.schedule.kind().as_str()),
            wanted["type"],
            "{id}"
        );
        assert_eq!(json!(job.draft.request.url), wanted["url"], "{id}");
        // Fire times are whole milliseconds here.
        let times = wanted["fire_times"].as_array().unwrap();
        let times: Vec<_> = times
            .iter()
            .map(|at| instant(at).trunc_subsecs(3))
            .collect();
        if wanted["jitter"].is_null() {
            assert_eq!(fire_times(job, 20), times, "{id}");
        }
        let paused = wanted["paused"] == json!(true) && id != "never";
        assert_eq!(job.draft.state == JobState::Paused, paused, "{id}");
    }
}

#[tokio::test]
async fn fields_are_as_the_library_prints_them() {
    let carried = carried().await;
    let mut crons = 0;
    for wanted in expected().iter().filter(|job| job["type"] == json!("cron")) {
        let id = wanted["id"].as_str().unwrap();
        let Trigger::Cron(cron) = carried[id].draft.schedule.trigger() else {
            panic!("{id} is no cron");
        };
        let mut fields = wanted["fields"].clone();
        if id == "cron-zero-step" {
            // A step within one number says nothing; the library prints it.
            fields["hour"] = json!("0");
        }
        assert_eq!(
            serde_json::to_value(cron.canonical()).unwrap(),
            fields,
            "{id}"
        );
        crons += 1;
    }
    assert!(crons > 40);
}

#[tokio::test]
async fn options_become_policies() {
    let carried = carried().await;
    for wanted in &expected() {
        let id = wanted["id"].as_str().unwrap();
        let draft = &carried[id].draft;
        let kind = draft.schedule.kind();
        let inherited = match kind {
            TriggerKind::Interval => Grace::Unlimited,
            TriggerKind::Date | TriggerKind::Cron => Grace::Ms(60_000),
        };
        let grace = match wanted["misfire_grace_time"].as_u64() {
            None => Grace::Unlimited,
            Some(s) if s > 400 * 86_400 => Grace::Unlimited,
            Some(s) => Grace::Ms(s * 1000),
        };
        assert_eq!(
            draft.policies.misfire_grace.unwrap_or(inherited),
            grace,
            "{id}"
        );
        let catch_up = match wanted["coalesce"] == json!(true) {
            true => CatchUp::Latest,
            false => CatchUp::All(1000),
        };
        assert_eq!(draft.policies.catch_up, catch_up, "{id}");
        let overlap = match wanted["max_instances"].as_u64().unwrap() {
            1 => Overlap::Skip,
            n => Overlap::Allow(u32::try_from(n.min(1000)).unwrap()),
        };
        assert_eq!(draft.policies.overlap, overlap, "{id}");
        let jitter = draft
            .schedule
            .jitter()
            .map(|jitter| f64::from(jitter.max_ms()) / 1000.0);
        assert_eq!(jitter, wanted["jitter"].as_f64(), "{id}");
    }
    assert_eq!(carried["named"].draft.notes.description, "Nightly report");
    assert_eq!(carried["docs"].draft.notes.description, "");
    assert_eq!(carried["docs"].draft.policies, Default::default());
    let fire_at = carried["cron-jitter"].draft.next_fire_at;
    assert_eq!(
        fire_at,
        Some(now()),
        "the jitter is not part of the fire time"
    );
}

#[tokio::test]
async fn zones_and_windows_are_kept() {
    let carried = carried().await;
    let zone = |id: &str| match carried[id].draft.schedule.trigger() {
        Trigger::Cron(cron) => cron.zone().name(),
        other => panic!("{other:?}"),
    };
    assert_eq!(zone("cron-zone-berlin"), "Europe/Berlin");
    assert_eq!(zone("cron-zone-shanghai"), "Asia/Shanghai");
    assert_eq!(zone("cron-zone-pytz"), "America/Sao_Paulo");
    assert_eq!(zone("cron-zone-fixed"), "Etc/GMT+7");
    assert_eq!(zone("cron-zone-fixed-named"), "Etc/GMT-3");
    for utc in ["cron-all", "cron-zone-pytz-utc", "cron-zone-utc-name"] {
        assert_eq!(zone(utc), "UTC");
    }
    let schedule = &carried["cron-start-end"].draft.schedule;
    let [start, end] = [schedule.start(), schedule.end()].map(|at| at.unwrap().to_rfc3339());
    assert_eq!(start, "2039-03-01T00:00:00+00:00");
    assert_eq!(end, "2039-03-03T12:00:00+00:00");
    assert!(carried["interval-end"].draft.schedule.end().is_some());
}

#[test]
fn all_protocols_say_the_same() {
    let drafts: Vec<_> = (2..=5)
        .map(|protocol| {
            let state = std::fs::read(fixture(&format!("protocols/{protocol}.pickle"))).unwrap();
            let row = Row {
                id: "protocol".to_owned(),
                next_run_time: Some(2_209_766_400.0),
                state: Ok(state),
            };
            carry_over(&row, &[], now()).unwrap().draft
        })
        .collect();
    assert_eq!(drafts[0].request.url, "http://127.0.0.1:9/ü");
    assert!(
        drafts.iter().all(|draft| *draft == drafts[0]),
        "{drafts:#?}"
    );
    let json = serde_json::to_value(&drafts[0].schedule).unwrap();
    assert_eq!(json["day"], "2nd tue,last");
    assert_eq!(json["hour"], "1-9/2");
    assert_eq!(json["zone"], "Europe/Berlin");
}
