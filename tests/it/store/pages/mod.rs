//! The list of jobs, page by page: sorts, filters, totals, recent runs, and the
//! plans behind them.

mod model;
mod plans;
mod recent;
mod totals;

use super::*;
use schedule_server::domain::trigger::TriggerKind;
use schedule_server::store::{
    JobFilter, JobPage, JobSort, JobSummary, PageRequest, Position, SortKey,
};
use sqlx::Connection;

const SORTS: [JobSort; 4] = [
    JobSort::NextFire,
    JobSort::JobId,
    JobSort::LastOutcome,
    JobSort::Created,
];

fn all(sort: JobSort) -> PageRequest {
    PageRequest {
        filter: JobFilter::default(),
        sort,
        descending: false,
        after: None,
        limit: 50,
        now: noon(),
    }
}

fn tagged(tag: &str) -> JobFilter {
    JobFilter {
        tag: Some(tag.into()),
        ..JobFilter::default()
    }
}

fn with_text(text: &str) -> JobFilter {
    JobFilter {
        text: Some(text.into()),
        ..JobFilter::default()
    }
}

fn in_state(state: JobState) -> JobFilter {
    JobFilter {
        state: Some(state),
        ..JobFilter::default()
    }
}

fn ids(page: &JobPage) -> Vec<&str> {
    page.rows
        .iter()
        .map(|row| row.row.job.id.as_str())
        .collect()
}

impl Bench {
    async fn page(&self, request: PageRequest) -> JobPage {
        self.store.page(request).await.unwrap()
    }

    async fn page_of(&self, filter: JobFilter) -> JobPage {
        let request = all(JobSort::Created);
        self.page(PageRequest { filter, ..request }).await
    }

    /// Runs SQL on the file, past the store.
    async fn sql(&self, text: &str) {
        let mut conn = self.connect().await;
        let done = sqlx::raw_sql(sqlx::AssertSqlSafe(text.to_owned()));
        done.execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    }
}

/// All pages of a list, one after the other.
async fn read_all(store: &SqliteStore, mut request: PageRequest) -> Vec<JobPage> {
    let mut pages = Vec::new();
    loop {
        let page = store.page(request.clone()).await.unwrap();
        request.after.clone_from(&page.next);
        pages.push(page);
        if request.after.is_none() {
            return pages;
        }
        assert!(pages.len() < 10_000, "the list has no end");
    }
}

#[tokio::test]
async fn text_is_taken_literally_in_either_case() {
    let bench = Bench::new().await;
    for job in [
        "alpha",
        "ALPHA",
        "100%_a",
        "100x_a",
        r"back\slash",
        "任务",
        "nul\0byte",
    ] {
        bench.put(job, date(1)).await;
    }
    for (text, found) in [
        ("lPh", vec!["alpha", "ALPHA"]),
        ("0%_", vec!["100%_a"]),
        ("%", vec!["100%_a"]),
        ("_", vec!["100%_a", "100x_a"]),
        (r"\", vec![r"back\slash"]),
        ("务", vec!["任务"]),
        ("l\0B", vec!["nul\0byte"]),
        ("\0x", vec![]),
        ("TARGET.example/al", vec!["alpha", "ALPHA"]),
    ] {
        assert_eq!(
            ids(&bench.page_of(with_text(text)).await),
            found,
            "{text:?}"
        );
    }
}

#[tokio::test]
async fn what_waits_for_an_instant_is_paused_until_then() {
    let bench = Bench::new().await;
    let policies = Policies {
        pause_until: Some(after(60.0)),
        ..Policies::default()
    };
    bench
        .put_draft(JobDraft {
            policies,
            ..draft("waits", every(10))
        })
        .await;
    bench.put("runs", every(10)).await;
    let at = async |state, now| {
        let filter = in_state(state);
        let request = PageRequest {
            filter,
            now: after(now),
            ..all(JobSort::Created)
        };
        let page = bench.page(request).await;
        assert!(page.total.exact);
        assert_eq!(page.total.count, page.rows.len() as u64);
        ids(&page).into_iter().map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(at(JobState::Paused, 59.9).await, ["waits"]);
    assert_eq!(at(JobState::Running, 59.9).await, ["runs"]);
    assert_eq!(at(JobState::Paused, 60.0).await, Vec::<String>::new());
    assert_eq!(at(JobState::Running, 60.0).await, ["waits", "runs"]);
    bench.resume("waits", 1.0).await;
    assert_eq!(at(JobState::Paused, 1.0).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_list_goes_on_where_a_removed_job_was() {
    let bench = Bench::new().await;
    for job in ["a", "b", "c", "d"] {
        bench.put(job, date(5)).await;
    }
    for sort in SORTS {
        let request = PageRequest {
            limit: 2,
            ..all(sort)
        };
        let first = bench.page(request.clone()).await;
        assert_eq!(ids(&first), ["a", "b"]);
        bench.remove("b", 0.0).await;
        let after = first.next;
        let second = bench.page(PageRequest { after, ..request }).await;
        assert_eq!(ids(&second), ["c", "d"], "{sort:?}");
        bench.sql("UPDATE jobs SET seq = seq + 10").await;
        bench.put("b", date(5)).await;
        bench.sql("UPDATE jobs SET seq = 12 WHERE job_id = 'b'; UPDATE jobs SET seq = seq - 10 WHERE seq > 10").await;
    }
}

#[tokio::test]
async fn a_position_of_another_sort_is_the_beginning() {
    let bench = Bench::new().await;
    bench.put("a", date(5)).await;
    for (sort, key) in [
        (JobSort::NextFire, SortKey::Text("z".into())),
        (JobSort::Created, SortKey::Instant(i64::MAX)),
        (JobSort::JobId, SortKey::None),
    ] {
        let after = Some(Position { key, seq: 99 });
        let page = bench.page(PageRequest { after, ..all(sort) }).await;
        assert_eq!(ids(&page), ["a"], "{sort:?}");
    }
}

#[tokio::test]
async fn any_limit_is_taken_as_the_nearest_allowed() {
    let bench = Bench::new().await;
    for n in 0..205 {
        bench.put(&format!("{n:03}"), date(5)).await;
    }
    for (limit, rows) in [(0, 1), (1, 1), (200, 200), (u32::MAX, 200)] {
        let page = bench
            .page(PageRequest {
                limit,
                ..all(JobSort::JobId)
            })
            .await;
        assert_eq!(page.rows.len(), rows);
        assert_eq!((page.total.count, page.total.exact), (205, true));
    }
}
