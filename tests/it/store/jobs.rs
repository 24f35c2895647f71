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
    bench.pause("p", 0.0).await;
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
    bench.pause("tick", 1.0).await;
    assert!(bench.claim(9.0, 60.0).await.claims.is_empty());
    let paused = bench.store.job(&id("tick")).await.unwrap().unwrap().job;
    assert_eq!(
        (paused.state, paused.next_fire_at),
        (JobState::Paused, None)
    );
    let Change::Done(resumed) = bench.resume("tick", 34.5).await else {
        panic!("not resumed");
    };
    assert_eq!(resumed.job.next_fire_at, Some(after(40.0)));
}

#[tokio::test]
async fn resuming_a_running_job_changes_nothing() {
    let bench = Bench::new().await;
    bench.put("tick", every(10)).await;
    let before = bench.store.job(&id("tick")).await.unwrap().unwrap();
    let resumed = bench.resume("tick", 34.5).await;
    assert_eq!(resumed, Change::Done(before.clone()));
    assert_eq!(before.job.next_fire_at, Some(after(10.0)));
    assert_eq!(bench.store.job(&id("tick")).await.unwrap(), Some(before));
}

#[tokio::test]
async fn unknown_ids_are_a_value() {
    let bench = Bench::new().await;
    assert_eq!(bench.remove("nope", 0.0).await, Change::NoSuchJob);
    assert_eq!(bench.pause("nope", 0.0).await, Change::NoSuchJob);
    assert_eq!(bench.resume("nope", 0.0).await, Change::NoSuchJob);
    assert_eq!(bench.store.job(&id("nope")).await.unwrap(), None);
}

#[tokio::test]
async fn adding_again_replaces_and_unpauses() {
    let bench = Bench::new().await;
    bench.put("x", every(10)).await;
    bench.pause("x", 0.0).await;
    bench.put("x", date(7)).await;
    let job = bench.store.job(&id("x")).await.unwrap().unwrap().job;
    assert_eq!(
        (job.state, job.next_fire_at),
        (JobState::Running, Some(after(7.0)))
    );
    assert_eq!(job.revision.version, 3);
}

#[tokio::test]
async fn a_change_that_expects_something_else_is_lost() {
    let bench = Bench::new().await;
    let put = async |expected| {
        let put = bench.store.put_job(draft("x", every(10)), expected, noon());
        put.await.unwrap()
    };
    let first = put(Expected::NoJob).await.unwrap();
    assert_eq!(put(Expected::NoJob).await, None);
    let second = put(Expected::Revision(first)).await.unwrap();
    assert_eq!((first.version, second.version), (1, 2));
    let old = Expected::Revision(first);
    assert_eq!(put(old).await, None);
    let x = id("x");
    let (store, now) = (&bench.store, after(1.0));
    assert_eq!(store.pause_job(&x, old, now).await, Ok(Change::Lost));
    assert_eq!(store.resume_job(&x, old, now).await, Ok(Change::Lost));
    assert_eq!(store.remove_job(&x, old, now).await, Ok(Change::Lost));
    let current = Expected::Revision(second);
    assert_eq!(
        store.remove_job(&x, current, now).await,
        Ok(Change::Done(()))
    );
    assert_eq!(put(current).await, None, "it is gone");
}

#[tokio::test]
async fn a_job_added_again_after_its_removal_is_another_one() {
    let bench = Bench::new().await;
    let first = bench.put_draft(draft("x", every(10))).await;
    bench.remove("x", 1.0).await;
    let again = bench
        .store
        .put_job(draft("x", every(10)), Expected::NoJob, after(2.0));
    assert_ne!(again.await.unwrap().unwrap(), first);
}

#[tokio::test]
async fn notes_and_state_of_a_draft_are_kept() {
    let bench = Bench::new().await;
    let notes = Notes {
        description: "每天 the report".into(),
        tags: vec!["a".into(), "报表".into()],
    };
    let paused = JobDraft {
        notes: notes.clone(),
        state: JobState::Paused,
        next_fire_at: None,
        ..draft("x", every(10))
    };
    bench.put_draft(paused).await;
    let job = bench.store.job(&id("x")).await.unwrap().unwrap().job;
    assert_eq!((job.notes, job.state), (notes, JobState::Paused));
}
