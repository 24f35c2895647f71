//! Who is sent first where requests wait for each other.

use chrono::{SubsecRound, TimeDelta, Utc};
use schedule_server::domain::policy::Policies;
use schedule_server::domain::target::Request;

use crate::support::app::App;
use crate::support::target::Target;

fn priority(priority: i8) -> Policies {
    Policies {
        priority,
        ..Policies::default()
    }
}

fn order(target: &Target) -> Vec<String> {
    let arrivals = target.arrivals();
    arrivals.iter().map(|a| a.job_id().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_those_that_wait_the_highest_priority_is_sent_first() {
    let (app, target) = (
        App::start(&["--send-concurrency=1", "--send-concurrency-per-host=1"]).await,
        Target::start().await,
    );
    app.fire_with("held", &target.at("/held"), priority(0))
        .await;
    target.wait_for(1).await;
    for (job, n) in [("low", -5), ("usual", 0), ("high", 5), ("higher", 6)] {
        app.fire_with(job, &target.at("/ok"), priority(n)).await;
        // One by one, so that they wait in this order.
        app.ledger_when(job, |rows| {
            rows.iter().any(|row| row.state.as_str() == "firing")
        })
        .await;
    }
    // By the end of this one they have taken their places.
    app.fire_with("marker", "no url", priority(-10)).await;
    app.final_entry("marker").await;
    target.let_go(1);
    target.wait_for(5).await;
    assert_eq!(order(&target), ["held", "higher", "high", "usual", "low"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_those_due_at_one_instant_the_highest_priority_is_sent_first() {
    let (app, target) = (
        App::start(&["--send-concurrency=1", "--send-concurrency-per-host=1"]).await,
        Target::start().await,
    );
    let at = Utc::now().trunc_subsecs(0) + TimeDelta::seconds(4);
    let priorities = [-10, -3, -1, 0, 2, 4, 9, 10];
    for n in priorities {
        let request = Request::get(target.at("/ok"));
        app.fire_at(&n.to_string(), request, priority(n), at).await;
    }
    assert!(Utc::now() < at - TimeDelta::seconds(1), "added in time");
    target.wait_for(priorities.len()).await;
    let by_priority: Vec<_> = priorities.iter().rev().map(i8::to_string).collect();
    assert_eq!(order(&target), by_priority);
}
