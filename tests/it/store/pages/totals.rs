//! Totals follow each change, and are never more than there is.

use super::*;
use schedule_server::store::Total;
use schedule_server::store::sqlite::PageBudget;

fn notes(tags: &[&str]) -> Notes {
    Notes {
        tags: tags.iter().map(|t| (*t).to_owned()).collect(),
        ..Notes::default()
    }
}

/// Running, paused, of kind date, of kind interval, tagged `a`, tagged `b`.
async fn totals(bench: &Bench) -> [u64; 6] {
    let kind = |kind| JobFilter {
        kind: Some(kind),
        ..JobFilter::default()
    };
    let filters = [
        in_state(JobState::Running),
        in_state(JobState::Paused),
        kind(TriggerKind::Date),
        kind(TriggerKind::Interval),
        tagged("a"),
        tagged("b"),
    ];
    let mut counts = [0; 6];
    for (filter, count) in filters.into_iter().zip(&mut counts) {
        let page = bench.page_of(filter).await;
        assert!(page.total.exact);
        assert_eq!(page.total.count, page.rows.len() as u64);
        *count = page.total.count;
    }
    counts
}

#[tokio::test]
async fn they_follow_put_replace_pause_resume_and_remove() {
    let bench = Bench::new().await;
    let put = async |trigger, tags: &[&str]| {
        let notes = notes(tags);
        let job = draft("x", trigger);
        bench.put_draft(JobDraft { notes, ..job }).await;
    };
    assert_eq!(totals(&bench).await, [0; 6]);
    put(date(5), &["a"]).await;
    assert_eq!(totals(&bench).await, [1, 0, 1, 0, 1, 0]);
    put(every(5), &["a", "b"]).await;
    assert_eq!(totals(&bench).await, [1, 0, 0, 1, 1, 1]);
    bench.pause("x", 0.0).await;
    bench.pause("x", 0.0).await;
    assert_eq!(totals(&bench).await, [0, 1, 0, 1, 1, 1]);
    bench.resume("x", 0.0).await;
    bench.resume("x", 0.0).await;
    assert_eq!(totals(&bench).await, [1, 0, 0, 1, 1, 1]);
    put(each_minute(), &["b"]).await;
    put(each_minute(), &["b"]).await;
    assert_eq!(totals(&bench).await, [1, 0, 0, 0, 0, 1]);
    put(date(5), &[]).await;
    assert_eq!(totals(&bench).await, [1, 0, 1, 0, 0, 0]);
    put(date(5), &["b"]).await;
    bench.remove("x", 0.0).await;
    assert_eq!(totals(&bench).await, [0; 6]);
}

#[tokio::test]
async fn a_cron_added_again_keeps_its_tags_at_its_new_place() {
    let bench = Bench::new().await;
    for job in ["x", "y", "x"] {
        let notes = notes(&["a"]);
        let job = draft(job, each_minute());
        bench.put_draft(JobDraft { notes, ..job }).await;
    }
    assert_eq!(ids(&bench.page_of(tagged("a")).await), ["y", "x"]);
}

#[tokio::test]
async fn a_job_that_has_ended_is_not_listed() {
    let bench = Bench::new().await;
    let notes = notes(&["a"]);
    let job = draft("x", date(2));
    bench.put_draft(JobDraft { notes, ..job }).await;
    let claimed = bench.claim(1.0, 3.0).await;
    assert_eq!(totals(&bench).await, [1, 0, 1, 0, 1, 0], "still to be sent");
    let firing = bench.start_firing(&claimed.claims, 2.0).await;
    assert_eq!(totals(&bench).await, [0; 6]);
    bench.give_back(firing).await;
    assert_eq!(totals(&bench).await, [1, 0, 1, 0, 1, 0], "it is back");
    let claimed = bench.claim(2.0, 3.0).await;
    let firing = bench.start_firing(&claimed.claims, 2.0).await;
    let records = firing.into_iter().map(succeeded).collect();
    bench.store.record(records).await.unwrap();
    assert_eq!(totals(&bench).await, [0; 6]);
}

#[tokio::test]
async fn beyond_what_is_counted_they_say_at_least() {
    let bench = Bench::new().await;
    for n in 0..20 {
        let notes = notes(&["a"]);
        let job = draft(&format!("{n:02}"), date(5));
        bench.put_draft(JobDraft { notes, ..job }).await;
    }
    let store = bench.another().await.with_page_budget(PageBudget {
        entries: 100,
        entries_per_row: 0,
        candidates: 3,
        counted: 10,
        sampled: 7,
    });
    let total = async |filter, limit, after| {
        let request = all(JobSort::JobId);
        let request = PageRequest {
            filter,
            limit,
            after,
            ..request
        };
        store.page(request).await.unwrap().total
    };
    let at_least = |count| Total {
        count,
        exact: false,
    };
    let exactly = |count| Total { count, exact: true };
    assert_eq!(total(tagged("a"), 5, None).await, at_least(11));
    assert_eq!(total(with_text("target"), 5, None).await, at_least(7));
    assert_eq!(total(with_text("target"), 9, None).await, at_least(9));
    assert_eq!(total(with_text("target"), 50, None).await, exactly(20));
    let key = SortKey::Text("02".into());
    let middle = Some(Position { key, seq: 3 });
    assert_eq!(total(with_text("target"), 50, middle).await, at_least(17));
}
