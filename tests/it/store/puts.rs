//! Many puts at once: each comes to what it would have come to by itself.

use futures_util::future::join_all;

use super::*;

fn versions(revisions: &[Option<Revision>]) -> Vec<Option<i64>> {
    let version = |revision: &Option<Revision>| revision.map(|r| r.version);
    revisions.iter().map(version).collect()
}

#[tokio::test]
async fn puts_of_one_batch_follow_each_other() {
    let bench = Bench::new().await;
    let puts = vec![
        (draft("a", each_minute()), Expected::Anything),
        (draft("b", every(10)), Expected::NoJob),
        (draft("a", each_minute()), Expected::NoJob),
        (draft("a", every(5)), Expected::Anything),
        (draft("c", each_minute()), Expected::Anything),
        (draft("b", every(20)), Expected::NoJob),
        (draft("c", each_minute()), Expected::Anything),
    ];
    let revisions = bench.store.put_jobs(puts, noon()).await.unwrap();
    let expected = [Some(1), Some(1), None, Some(2), Some(1), None, Some(2)];
    assert_eq!(versions(&revisions), expected);
    let rows = bench.store.jobs("").await.unwrap();
    let next = |id: &str| {
        let row = rows.iter().find(|row| row.job.id.as_str() == id);
        row.unwrap().job.next_fire_at
    };
    assert_eq!(next("a"), Some(after(5.0)));
    assert_eq!(next("b"), Some(after(10.0)));
    assert_eq!(next("c"), Some(noon()));
}

#[tokio::test]
async fn crons_added_again_go_to_the_end_one_after_the_other() {
    let bench = Bench::new().await;
    for ids in [["x", "y", "z"], ["z", "y", "x"]] {
        let puts = ids.map(|id| (draft(id, each_minute()), Expected::Anything));
        bench.store.put_jobs(puts.into(), noon()).await.unwrap();
        let rows = bench.store.jobs("").await.unwrap();
        let listed: Vec<&str> = rows.iter().map(|row| row.job.id.as_str()).collect();
        assert_eq!(listed, ids);
    }
}

#[tokio::test]
async fn of_many_at_once_one_adds_the_job() {
    let bench = Bench::new().await;
    let put = |n: usize| {
        let job = draft(&format!("job-{}", n % 10), every(10));
        bench.store.put_job(job, Expected::NoJob, noon())
    };
    let put = join_all((0..100).map(put)).await;
    let added = put
        .into_iter()
        .filter(|put| put.as_ref().unwrap().is_some());
    assert_eq!(added.count(), 10);
    assert_eq!(bench.stored_jobs().await, 10);
}

#[tokio::test]
async fn all_that_was_claimed_of_replaced_jobs_is_skipped() {
    let bench = Bench::new().await;
    for job in ["a", "b"] {
        bench.put(job, every(10)).await;
    }
    let claimed = bench.claim(1.0, 11.0).await.claims;
    assert_eq!(claimed.len(), 2);
    let puts = ["a", "b", "new"].map(|job| (draft(job, every(10)), Expected::Anything));
    let put = bench.store.put_jobs(puts.into(), after(2.0)).await;
    assert_eq!(versions(&put.unwrap()), [Some(2), Some(2), Some(1)]);
    for job in ["a", "b"] {
        assert_eq!(bench.row(job).await, ("skipped", Some("changed")));
    }
}

#[tokio::test]
async fn any_text_is_kept_as_it_is() {
    let bench = Bench::new().await;
    let mut job = draft("a \u{0} b \" \\ 任务 \u{1f600}", every(10));
    job.notes.description = "null \u{0}, line\nbreak, \u{7f} \u{feff}".to_owned();
    job.request.url = "http://localhost/\u{0}?a=\"'".to_owned();
    bench.put_draft(job.clone()).await;
    let kept = bench.store.job(&job.id).await.unwrap().unwrap().job;
    assert_eq!(kept.id, job.id);
    assert_eq!(kept.notes, job.notes);
    assert_eq!(kept.request.url, job.request.url);
}
