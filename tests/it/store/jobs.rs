use schedule_server::domain::job::JobState;

use super::*;

async fn list(bench: &Bench, part: &str) -> Vec<String> {
    let rows = bench.store.jobs(part).await.unwrap();
    rows.into_iter().map(|r| r.job.id.to_string()).collect()
}

#[tokio::test]
async fn the_list_is_by_next_run_then_by_adding_paused_last() {
    let bench = Bench::new().await;
    for (job, second) in [("c", 3), ("a", 2), ("b", 2), ("p", 1)] {
        bench.put(job, date(second)).await;
    }
    bench.store.pause_job(&id("p"), noon()).await.unwrap();
    assert_eq!(list(&bench, "").await, ["a", "b", "c", "p"]);
    bench.put("a", date(2)).await;
    assert_eq!(
        list(&bench, "").await,
        ["a", "b", "c", "p"],
        "keeps its place"
    );
}

#[tokio::test]
async fn a_cron_added_again_goes_behind_its_ties() {
    let bench = Bench::new().await;
    for job in ["x", "y", "x"] {
        bench.put(job, each_minute()).await;
    }
    assert_eq!(list(&bench, "").await, ["y", "x"]);
}

#[tokio::test]
async fn the_filter_is_a_plain_part_of_the_id() {
    let bench = Bench::new().await;
    for job in ["alpha", "Alpha", "100%_a", "任务"] {
        bench.put(job, date(1)).await;
    }
    assert_eq!(list(&bench, "lpha").await, ["alpha", "Alpha"]);
    assert_eq!(list(&bench, "A").await, ["Alpha"]);
    assert_eq!(list(&bench, "%_").await, ["100%_a"]);
    assert_eq!(list(&bench, "务").await, ["任务"]);
    assert_eq!(list(&bench, "zz").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_paused_job_is_not_due_and_resumes_in_phase() {
    let bench = Bench::new().await;
    bench.put("tick", every(10)).await;
    assert!(
        bench
            .store
            .pause_job(&id("tick"), after(1.0))
            .await
            .unwrap()
    );
    assert!(bench.claim(9.0, 60.0).await.claims.is_empty());
    let paused = bench.store.job(&id("tick")).await.unwrap().unwrap().job;
    assert_eq!(
        (paused.state, paused.next_fire_at),
        (JobState::Paused, None)
    );
    let resumed = bench
        .store
        .resume_job(&id("tick"), after(34.5))
        .await
        .unwrap();
    assert_eq!(resumed, Some(Some(after(40.0))));
}

#[tokio::test]
async fn resuming_a_running_job_changes_nothing() {
    let bench = Bench::new().await;
    bench.put("tick", every(10)).await;
    let before = bench.store.job(&id("tick")).await.unwrap();
    let resumed = bench
        .store
        .resume_job(&id("tick"), after(34.5))
        .await
        .unwrap();
    assert_eq!(resumed, Some(Some(after(10.0))));
    assert_eq!(bench.store.job(&id("tick")).await.unwrap(), before);
}

#[tokio::test]
async fn unknown_ids_are_a_value() {
    let bench = Bench::new().await;
    let nope = id("nope");
    assert!(!bench.store.remove_job(&nope, noon()).await.unwrap());
    assert!(!bench.store.pause_job(&nope, noon()).await.unwrap());
    assert_eq!(bench.store.resume_job(&nope, noon()).await.unwrap(), None);
    assert_eq!(bench.store.job(&nope).await.unwrap(), None);
}

#[tokio::test]
async fn adding_again_replaces_and_unpauses() {
    let bench = Bench::new().await;
    bench.put("x", every(10)).await;
    bench.store.pause_job(&id("x"), noon()).await.unwrap();
    bench.put("x", date(7)).await;
    let job = bench.store.job(&id("x")).await.unwrap().unwrap().job;
    assert_eq!(
        (job.state, job.next_fire_at),
        (JobState::Running, Some(after(7.0)))
    );
    assert_eq!(job.version, 3);
}
