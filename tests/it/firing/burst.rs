//! Many jobs due in the same second, through the real clockwork.

use std::sync::Arc;

use chrono::{Datelike, Timelike};
use chrono::{DurationRound, TimeDelta, Utc};
use schedule_server::app::Server;
use schedule_server::clock::SystemClock;
use schedule_server::config::Config;
use schedule_server::domain::job::{JobDraft, JobId};
use schedule_server::domain::trigger::{DateTrigger, Trigger};

use crate::support::target::Target;

const JOBS: usize = 5_000;

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_due_in_one_second_arrive_once_each() {
    let _ = schedule_server::telemetry::init("info", false);
    let target = Target::start().await;
    let dir = tempfile::tempdir().unwrap();
    let db = format!("sqlite://{}/t.db", dir.path().display());
    let config = Config::from_args(["--bind=127.0.0.1:0", "--database-url", &db]).unwrap();
    let server = Server::start(&config, Arc::new(SystemClock::new()))
        .await
        .unwrap();
    let at = (Utc::now() + TimeDelta::seconds(6))
        .duration_trunc(TimeDelta::seconds(1))
        .unwrap();
    let t0 = std::time::Instant::now();
    let mut set = tokio::task::JoinSet::new();
    for n in 0..JOBS {
        let store = server.store.clone();
        let url = target.at("/ok");
        set.spawn(async move {
            let trigger = DateTrigger::new(
                at.year().into(),
                at.month().into(),
                at.day().into(),
                at.hour().into(),
                at.minute().into(),
                at.second().into(),
            )
            .unwrap();
            let draft = JobDraft {
                id: JobId::new(format!("job-{n}")).unwrap(),
                trigger: Trigger::Date(trigger),
                url,
                next_fire_at: Some(at),
            };
            store.put_job(draft, Utc::now()).await.unwrap();
        });
    }
    set.join_all().await;
    eprintln!("added in {:?}", t0.elapsed());
    target.wait_for(JOBS).await;
    let arrivals = target.arrivals();
    let mut late: Vec<i64> = arrivals
        .iter()
        .map(|a| (a.at - a.fire_at()).num_milliseconds())
        .collect();
    late.sort();
    eprintln!(
        "first {} p50 {} max {}",
        late[0],
        late[JOBS / 2],
        late[JOBS - 1]
    );
    assert!(target.by_fire_id().values().all(|n| *n == 1));
    server.stop().await;
}
