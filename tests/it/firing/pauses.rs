//! Jobs that pause by their own policies.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use schedule_server::clock::{Clock, ManualClock};
use schedule_server::domain::job::{JobDraft, JobId, JobState, Notes};
use schedule_server::domain::policy::Policies;
use schedule_server::domain::target::Request;
use schedule_server::domain::trigger::{IntervalTrigger, Trigger};
use schedule_server::store::Expected;

use crate::support::app::App;
use crate::support::target::Target;

fn clock() -> ManualClock {
    let start: DateTime<Utc> = "2031-05-01T12:00:00.250Z".parse().unwrap();
    ManualClock::new(start)
}

/// Adds a job that fires each second, the first time in a second.
async fn each_second(app: &App, clock: &ManualClock, url: &str, policies: Policies) {
    let now = clock.now().trunc_subsecs(3);
    let trigger = IntervalTrigger::new(None, None, Some(1), now).unwrap();
    let trigger = Trigger::Interval(trigger);
    let draft = JobDraft {
        id: JobId::new("tick").unwrap(),
        notes: Notes::default(),
        state: JobState::Running,
        next_fire_at: trigger.first_fire_at(now),
        schedule: trigger.into(),
        request: Request::get(url),
        policies,
    };
    let put = app.server.store.put_job(draft, Expected::Anything, now);
    put.await.unwrap().unwrap();
}

/// Waits until the job has so many rows.
async fn rows(app: &App, count: usize) {
    while app.ledger("tick").await.len() < count {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_arrives_before_the_end_of_a_pause() {
    let clock = clock();
    let (app, target) = (
        App::with_clock(&[], Arc::new(clock.clone())).await,
        Target::start().await,
    );
    let until = clock.now() + TimeDelta::seconds(3);
    let policies = Policies {
        pause_until: Some(until),
        ..Policies::default()
    };
    each_second(&app, &clock, &target.at("/ok"), policies).await;
    for n in 1..=3 {
        rows(&app, n).await;
        clock.advance(TimeDelta::seconds(1));
    }
    target.wait_for(1).await;
    assert_eq!(target.arrivals()[0].fire_at(), until);
    let ledger = app.ledger("tick").await;
    let mut oldest = ledger.iter().rev();
    for _ in 0..2 {
        let entry = oldest.next().unwrap();
        let reason = entry.reason.map(|r| r.as_str());
        assert_eq!(
            (entry.state.as_str(), reason),
            ("skipped", Some("pause_until"))
        );
    }
    assert_eq!(oldest.next().unwrap().occurrence.fire_at, until);
}
