//! Which index each statement of a page of the ledger uses: none reads a table
//! from end to end, and only bounded sets are sorted.

use super::*;
use schedule_server::store::sqlite::Plan;

/// Whether a step of a plan touches a bounded number of rows.
fn is_bounded(plan: &Plan, step: &str) -> bool {
    let says = |text: &str| plan.statement.contains(text);
    let open = says("occurrences_claimed") || says("occurrences_firing");
    match step {
        "CO-ROUTINE w" | "SCAN w" | "CO-ROUTINE (subquery-1)" => true,
        // The ids of a page.
        "SCAN s VIRTUAL TABLE INDEX 1:" => true,
        "USE TEMP B-TREE FOR ORDER BY" => open || says("json_each(?) s"),
        // At most two rows of a job have one fire time.
        "USE TEMP B-TREE FOR LAST TERM OF ORDER BY" => open || says("w.job_id = ?"),
        // Counted up to the bound before any of them is sorted.
        step if step.starts_with("SCAN w USING") => open,
        step => step.starts_with("SEARCH ") || (open && step.starts_with("SCAN (subquery")),
    }
}

async fn check(store: &SqliteStore, request: &RunsRequest, index: &str) {
    let plans = store.explain_runs(request).await.unwrap();
    for plan in &plans {
        for step in &plan.steps {
            assert!(is_bounded(plan, step), "{request:?}: {step}: {plan:#?}");
        }
    }
    let walks = plans.iter().filter(|p| p.statement.contains("w.fire_at"));
    let used = walks
        .flat_map(|p| &p.steps)
        .any(|step| step.contains(index));
    assert!(used, "{request:?}: {index}: {plans:#?}");
}

#[tokio::test]
async fn a_page_seeks_in_the_index_of_what_is_asked() {
    use OccurrenceState::{Claimed, Failed, Firing, Succeeded};
    let bench = filled().await;
    let filter = |states: &[OccurrenceState]| RunFilter {
        states: states.to_vec(),
        ..RunFilter::default()
    };
    let status = |status| RunFilter {
        status: Some(status),
        ..RunFilter::default()
    };
    let of_job = |states: &[OccurrenceState]| RunFilter {
        job: Some(id("job-1")),
        ..filter(states)
    };
    let manual = RunFilter {
        kind: Some(OccurrenceKind::Manual),
        ..RunFilter::default()
    };
    let timeouts = RunFilter {
        reasons: vec![Reason::Timeout],
        ..RunFilter::default()
    };
    for (filter, index) in [
        (filter(&[]), "occurrences_fire_at (fire_at"),
        (filter(&[Succeeded]), "occurrences_fire_at (fire_at"),
        (
            filter(&[Failed]),
            "INDEX occurrences_notable (state=? AND fire_at",
        ),
        (filter(&[Claimed]), "occurrences_claimed"),
        (filter(&[Firing, Failed]), "occurrences_firing"),
        (
            timeouts,
            "COVERING INDEX occurrences_notable (state=? AND fire_at",
        ),
        (
            status(500..=599),
            "COVERING INDEX occurrences_notable (state=? AND fire_at",
        ),
        (status(200..=200), "occurrences_fire_at (fire_at"),
        (manual, "COVERING INDEX occurrences_manual (fire_at"),
        (
            of_job(&[]),
            "COVERING INDEX occurrences_recent (job_id=? AND fire_at",
        ),
        (
            of_job(&[Failed]),
            "COVERING INDEX occurrences_recent (job_id=? AND fire_at",
        ),
        (of_job(&[Claimed]), "occurrences_claimed (job_id=?"),
    ] {
        let place = RunPosition {
            fire_at_ms: after(9.0).timestamp_millis(),
            row_id: 60,
        };
        for (descending, place, to) in [
            (true, None, None),
            (false, None, None),
            (true, Some(place), Some(after(30.0))),
            (false, Some(place), Some(after(30.0))),
        ] {
            let request = RunsRequest {
                filter: RunFilter {
                    to,
                    ..filter.clone()
                },
                descending,
                after: place,
                ..all()
            };
            check(&bench.store, &request, index).await;
        }
    }
}

/// More open rows than are sorted: the whole ledger is walked, in bounded steps.
#[tokio::test]
async fn many_open_rows_are_not_sorted() {
    let bench = filled().await;
    let tight = bench.another().await.with_runs_budget(TIGHT);
    let request = RunsRequest {
        filter: RunFilter {
            states: vec![OccurrenceState::Claimed],
            ..RunFilter::default()
        },
        ..all()
    };
    check(&tight, &request, "occurrences_fire_at (fire_at").await;
}

/// The cursor, not the end of the filter, is where a page begins to read.
#[tokio::test]
async fn a_cursor_bounds_the_walk_from_its_side() {
    let bench = filled().await;
    let request = RunsRequest {
        filter: RunFilter {
            from: Some(after(1.0)),
            to: Some(after(30.0)),
            ..RunFilter::default()
        },
        after: Some(RunPosition {
            fire_at_ms: after(9.0).timestamp_millis(),
            row_id: 60,
        }),
        ..all()
    };
    let plans = bench.store.explain_runs(&request).await.unwrap();
    for plan in plans.iter().filter(|p| p.statement.contains("w.fire_at <")) {
        let bounds = plan.statement.matches("w.fire_at <").count();
        assert_eq!(bounds, 1, "{}", plan.statement);
    }
}
