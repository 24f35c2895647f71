//! What becomes of a run beside another one, and of one whose replica died.

use serde_json::json;

use super::policies::every_ten_seconds;
use crate::support::api::Api;
use crate::support::fleet::Fleet;
use crate::support::stage::Stage;

/// Three fire times while the first request is held: what becomes of each one as
/// it comes, what is on record of all then (newest first), and how many the target
/// has by then and in the end.
#[tokio::test(flavor = "multi_thread")]
async fn runs_that_overlap_do_as_told() {
    const HELD: &str = "firing";
    const SKIPPED: &str = "skipped/overlap";
    const FULL: &str = "skipped/queue_full";
    const GIVEN_UP: &str = "failed/cancelled";
    let stage = Stage::with("2031-05-01T12:00:00Z", &["--send-timeout=5m"]).await;
    let skip = [HELD, SKIPPED, SKIPPED];
    let skipped = [SKIPPED, SKIPPED, HELD];
    let cases = [
        (json!({}), skip, skipped, 1, 1),
        (json!({"overlap": "skip"}), skip, skipped, 1, 1),
        (
            json!({"overlap": {"allow": 2}}),
            [HELD, HELD, SKIPPED],
            [SKIPPED, HELD, HELD],
            2,
            2,
        ),
        (
            json!({"overlap": {"queue": 1}}),
            [HELD, "claimed", FULL],
            [FULL, "claimed", HELD],
            1,
            2,
        ),
        (
            json!({"overlap": "cancel_previous"}),
            [HELD, HELD, HELD],
            [HELD, GIVEN_UP, GIVEN_UP],
            3,
            3,
        ),
    ];
    for (n, (policies, each, all, by_then, in_all)) in cases.into_iter().enumerate() {
        let id = format!("case-{n}");
        every_ten_seconds(&stage, &id, "/held", policies).await;
        let mut held = 0;
        for (fires, newest) in (1..).zip(each) {
            stage.advance_ms(10_000);
            let came = |rows: &[String]| rows.len() == fires && rows[0] == newest;
            stage.api.recent(&id, came).await;
            held += usize::from(newest == HELD);
            stage.arrived(&id, held).await;
        }
        stage.api.recent(&id, |rows| rows == all).await;
        assert_eq!(stage.arrivals(&id).len(), by_then, "{id}");
        stage.target.let_go(in_all);
        let ended = |row: &String| row != HELD && row != "claimed";
        let all_ended = |rows: &[String]| rows.iter().all(ended);
        stage.api.recent(&id, all_ended).await;
        assert_eq!(stage.arrivals(&id).len(), in_all, "{id}");
        stage.api.act(&id, "pause", json!({})).await;
    }
}

/// Which claims may be sent is looked up ahead of their instant. A run that ends
/// between the two does not overlap.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_ends_just_before_the_next_instant_is_in_nobodys_way() {
    for overlap in ["skip", "cancel_previous"] {
        let stage = Stage::with("2031-05-01T12:00:00Z", &["--send-timeout=5m"]).await;
        every_ten_seconds(&stage, "long", "/held", json!({"overlap": overlap})).await;
        every_ten_seconds(&stage, "beside", "/status/200", json!({})).await;
        stage.advance_ms(10_000);
        stage.arrived("long", 1).await;
        stage.advance_ms(9_970);
        stage.api.recent("beside", |rows| rows[0] == "firing").await;
        stage.target.let_go(1);
        let ended = |rows: &[String]| rows.iter().any(|row| row == "succeeded");
        stage.api.recent("long", ended).await;
        stage.advance_ms(30);
        stage.arrived("long", 2).await;
        stage.target.let_go(1);
        let both = ["succeeded", "succeeded"];
        stage.api.recent("long", |rows| rows == both).await;
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
