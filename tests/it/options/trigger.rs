//! When a job fires: its trigger.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use schedule_server::clock::Clock;
use schedule_server::domain::schedule::Jitter;
use serde_json::{Value, json};

use crate::support::stage::{Stage, instant, shown};

/// A trigger, the instants at which it must fire and no others, and whether it
/// has ended with the last one.
pub type Case = (&'static str, Value, &'static [&'static str], bool);

/// Puts all of them, lets the clock stand at each of the instants and at those
/// of `looks`, and compares what the target received. However late another fire
/// time is found, it would be sent as well.
pub async fn check(start: &str, cases: &[Case], looks: &[&str]) {
    let stage = Stage::at(start).await;
    for (id, trigger, ..) in cases {
        let policies = json!({"misfire_grace": "unlimited"});
        stage
            .put(id, json!({"trigger": trigger, "policies": policies}))
            .await;
    }
    let ids: Vec<&str> = cases.iter().map(|case| case.0).collect();
    let fires = cases.iter().flat_map(|case| case.2);
    let stops: BTreeSet<_> = fires.chain(looks).map(|at| instant(at)).collect();
    for at in stops {
        stage.go(&shown(at), &ids).await;
    }
    for (id, trigger, fires, ended) in cases {
        assert_eq!(stage.fired(id), *fires, "{id}: {trigger}");
        let gone = stage.api.job(id).await.is_none();
        assert_eq!(gone, *ended, "{id} is gone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn intervals_and_dates_fire_at_their_instants() {
    let hours_apart = json!({"type": "interval", "hours": 24,
        "start": "2031-05-03T08:00:00+02:00", "end": "2031-05-04T06:00:00Z"});
    let cases = [
        (
            "weeks",
            json!({"type": "interval", "weeks": 1}),
            &["2031-05-08T12:00:00Z"][..],
            false,
        ),
        (
            "days",
            json!({"type": "interval", "days": 2}),
            &[
                "2031-05-03T12:00:00Z",
                "2031-05-05T12:00:00Z",
                "2031-05-07T12:00:00Z",
            ],
            false,
        ),
        (
            "parts",
            json!({"type": "interval", "hours": 100, "minutes": 30, "seconds": 15}),
            &["2031-05-05T16:30:15Z"],
            false,
        ),
        (
            "start-end",
            hours_apart,
            &["2031-05-03T06:00:00Z", "2031-05-04T06:00:00Z"],
            true,
        ),
        (
            "date",
            json!({"type": "date", "at": "2031-05-02T09:00:00.250+08:00"}),
            &["2031-05-02T01:00:00.250Z"],
            true,
        ),
    ];
    let just_before = ["2031-05-02T01:00:00.249Z"];
    check("2031-05-01T12:00:00Z", &cases, &just_before).await;
}

/// A field that was dropped would make its job fire at other times too.
#[tokio::test(flavor = "multi_thread")]
async fn each_cron_field_counts() {
    let cron = |mut fields: Value| {
        fields["type"] = json!("cron");
        fields
    };
    let cases = [
        (
            "year",
            cron(json!({"year": 2031, "month": 5, "day": 2, "hour": 1})),
            &["2031-05-02T01:00:00Z"][..],
            true,
        ),
        (
            "month",
            cron(json!({"month": "jun", "hour": 2})),
            &["2031-06-01T02:00:00Z"],
            false,
        ),
        (
            "day",
            cron(json!({"day": "1st sat", "hour": 3})),
            &["2031-05-03T03:00:00Z"],
            false,
        ),
        // The one of the year by ISO 8601.
        (
            "week",
            cron(json!({"week": 19, "day_of_week": "tue"})),
            &["2031-05-06T00:00:00Z"],
            false,
        ),
        // 0 is Monday here.
        (
            "day_of_week",
            cron(json!({"month": 5, "day": "1-7", "day_of_week": "0", "hour": 4})),
            &["2031-05-05T04:00:00Z"],
            false,
        ),
        (
            "hour",
            cron(json!({"month": 5, "day": 2, "hour": "5,6"})),
            &["2031-05-02T05:00:00Z", "2031-05-02T06:00:00Z"],
            false,
        ),
        (
            "minute",
            cron(json!({"month": 5, "day": 2, "hour": 7, "minute": 7})),
            &["2031-05-02T07:07:00Z"],
            false,
        ),
        (
            "second",
            cron(json!({"month": 5, "day": 2, "hour": 8, "minute": 0, "second": "9"})),
            &["2031-05-02T08:00:09Z"],
            false,
        ),
        (
            "cron-start-end",
            cron(
                json!({"hour": 9, "start": "2031-05-03T00:00:00Z", "end": "2031-05-04T08:59:59Z"}),
            ),
            &["2031-05-03T09:00:00Z"],
            true,
        ),
    ];
    check("2031-05-01T12:00:00Z", &cases, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_cron_text_fires_in_its_zone_and_sunday_is_0() {
    let line = |text: &str| json!({"type": "cron", "cron": text});
    let sunday = &["2031-05-04T08:30:00Z"][..];
    let cases = [
        ("five", line("30 8 * * 0"), sunday, false),
        ("seven", line("30 8 * * 7"), sunday, false),
        (
            "six",
            line("15 30 8 * * 0"),
            &["2031-05-04T08:30:15Z"],
            false,
        ),
        ("word", line("@weekly"), &["2031-05-04T00:00:00Z"], false),
        (
            "zone",
            json!({"type": "cron", "cron": "0 9 3 5 *", "timezone": "Asia/Shanghai"}),
            &["2031-05-03T01:00:00Z"],
            false,
        ),
    ];
    check("2031-05-01T12:00:00Z", &cases, &["2031-05-05T12:00:00Z"]).await;
    let stage = Stage::any().await;
    for (text, second) in [("30 8 * * 0", "0"), ("15 30 8 * * 0", "15")] {
        let job = stage.put("line", json!({"trigger": line(text)})).await;
        let normalised = json!({"type": "cron", "year": "*", "month": "*", "day": "*", "week": "*",
            "day_of_week": "sun", "hour": "8", "minute": "30", "second": second,
            "timezone": "UTC"});
        assert_eq!(job["trigger"], normalised, "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jitter_sends_later_by_what_the_domain_says() {
    let stage = Stage::any().await;
    let fire_at = stage.clock.now() + TimeDelta::seconds(20);
    let triggers = [
        ("interval", json!({"type": "interval", "seconds": 20})),
        ("cron", json!({"type": "cron", "second": "20"})),
        ("date", json!({"type": "date", "at": fire_at})),
        ("none", json!({"type": "date", "at": fire_at})),
    ];
    let mut sends = BTreeMap::new();
    for (id, mut trigger) in triggers {
        let jitter_ms = if id == "none" { 0 } else { 9_000 };
        trigger["jitter_ms"] = json!(jitter_ms);
        stage.put(id, json!({"trigger": trigger})).await;
        let offset = Jitter::from_ms(jitter_ms).unwrap().offset_ms(id, fire_at);
        assert_eq!(offset > 0, id != "none", "{id} shows something");
        sends.insert(fire_at + TimeDelta::milliseconds(offset), id);
    }
    for (at, id) in sends {
        stage.clock.set(at - TimeDelta::milliseconds(1));
        stage.a_while().await;
        assert!(stage.arrivals(id).is_empty(), "{id}: 1 ms too early");
        stage.clock.set(at);
        stage.arrived(id, 1).await;
        assert_eq!(stage.arrivals(id)[0].fire_at(), fire_at, "{id}");
        let entry = stage.app.final_entry(id).await;
        assert_eq!(entry.lateness_ms, Some(0), "{id}");
    }
}
