//! Which index each statement of a page uses: none reads a table from end to
//! end, and only bounded sets are sorted.

use super::*;
use schedule_server::store::sqlite::{PageBudget, Plan};

/// No part of a filter is small, each walk is as short as it can be: all
/// statements of a walk are run.
const WALK: PageBudget = PageBudget {
    entries: 1,
    entries_per_row: 0,
    candidates: 0,
    counted: 10,
    sampled: 10,
};

async fn plans(budget: PageBudget, request: PageRequest) -> Vec<Plan> {
    let bench = Bench::new().await;
    for n in 0..4 {
        bench.put(&format!("j{n}"), date(5)).await;
    }
    bench
        .sql(
            "UPDATE jobs SET failures = 1, last_ended_at = 7, tags_json = '[\"a\"]'; \
             UPDATE jobs SET pause_until = 1900000000000, next_fire_at = 1893499205000",
        )
        .await;
    let store = bench.another().await.with_page_budget(budget);
    store.explain_page(&request).await.unwrap()
}

/// Whether a step of a plan touches a bounded number of rows.
fn is_bounded(plan: &Plan, step: &str) -> bool {
    let begins = |with: &[&str]| with.iter().any(|w| step.starts_with(w));
    let sets = [
        "SCAN s VIRTUAL TABLE",
        "SCAN i VIRTUAL TABLE",
        "SCAN (subquery",
    ];
    let steps = [
        "SEARCH ",
        "CO-ROUTINE ",
        "MATERIALIZE ",
        "SCALAR ",
        "CORRELATED ",
    ];
    let exactly = step == "SCAN job_counts";
    exactly || begins(&sets) || begins(&steps) || is_bounded_here(plan, step)
}

/// Whether a step that need not be bounded is so in this statement.
fn is_bounded_here(plan: &Plan, step: &str) -> bool {
    let has = |step: &str| plan.steps.iter().any(|s| s == step);
    let says = |text: &str| plan.statement.contains(text);
    // The jobs of a small part of a filter.
    let candidates = has("MATERIALIZE found");
    let counted = says("SELECT COUNT(*) AS n") && says(" LIMIT ?)");
    match step {
        // Named like the table it is made from: the rows of a walk, limited.
        "SCAN j" => has("CO-ROUTINE j"),
        "SCAN found" => candidates,
        "SCAN j USING COVERING INDEX jobs_failing" | "SCAN j USING COVERING INDEX jobs_paused" => {
            candidates || counted
        }
        "SCAN j USING INDEX jobs_failing" | "SCAN j USING INDEX jobs_paused" => candidates,
        "USE TEMP B-TREE FOR ORDER BY" => candidates || says("FROM json_each(?) s"),
        _ => false,
    }
}

fn check(plans: &[Plan], index: &str, asked: &str) {
    for plan in plans {
        for step in &plan.steps {
            assert!(is_bounded(plan, step), "{asked}: {step}: {plan:#?}");
        }
    }
    let rows = plans.iter().find(|p| p.statement.contains("sort_key FROM"));
    let rows = rows.unwrap_or_else(|| panic!("{asked}: {plans:#?}"));
    let from = ["SEARCH ", "SCAN j USING "];
    let mut steps = rows.steps.iter();
    let used = steps.find(|s| from.iter().any(|f| s.starts_with(f)));
    assert!(
        used.is_some_and(|s| s.contains(index)),
        "{asked}: {rows:#?}"
    );
}

fn filters() -> Vec<(JobFilter, &'static str, &'static str)> {
    let everything = JobFilter::default;
    vec![
        (everything(), "jobs_due (next_fire_at", ""),
        (with_text("x"), "jobs_due (next_fire_at", ""),
        (in_state(JobState::Running), "jobs_due (next_fire_at", ""),
        (
            in_state(JobState::Paused),
            "jobs_paused (next_fire_at",
            "INDEX jobs_paused",
        ),
        (
            JobFilter {
                kind: Some(TriggerKind::Date),
                ..everything()
            },
            "jobs_kind (kind=? AND next_fire_at",
            "jobs_kind (kind=?)",
        ),
        (
            JobFilter {
                failing: true,
                ..everything()
            },
            "jobs_failing (next_fire_at",
            "INDEX jobs_failing",
        ),
        (
            tagged("a"),
            "jobs_due (next_fire_at",
            "SEARCH t USING PRIMARY KEY (tag=?)",
        ),
    ]
}

#[tokio::test]
async fn a_walk_seeks_in_the_index_of_its_order() {
    for (filter, next_fire, _) in filters() {
        for (sort, index) in [
            (JobSort::NextFire, next_fire),
            (JobSort::JobId, "sqlite_autoindex_jobs_1 (job_id"),
            (JobSort::LastOutcome, "jobs_last_ended (last_ended_at"),
            (
                JobSort::Created,
                match filter.tag {
                    Some(_) => "SEARCH t USING PRIMARY KEY (tag=? AND seq",
                    None => "INTEGER PRIMARY KEY (rowid",
                },
            ),
        ] {
            for (descending, key) in [
                (false, None),
                (true, None),
                (false, Some(7)),
                (true, Some(7)),
            ] {
                let key = key.map(|at| match sort {
                    JobSort::NextFire | JobSort::LastOutcome => SortKey::Instant(at),
                    JobSort::JobId => SortKey::Text("j".into()),
                    JobSort::Created => SortKey::None,
                });
                let request = PageRequest {
                    filter: filter.clone(),
                    descending,
                    after: key.map(|key| Position { key, seq: 1 }),
                    ..all(sort)
                };
                let asked = format!("{request:?}");
                check(&plans(WALK, request).await, index, &asked);
            }
        }
    }
}

#[tokio::test]
async fn few_jobs_are_found_by_the_index_of_the_filter() {
    for (filter, next_fire, index) in filters() {
        for sort in SORTS.into_iter().filter(|_| !index.is_empty()) {
            let request = PageRequest {
                filter: filter.clone(),
                ..all(sort)
            };
            // These two have an order of their own that is no longer than they.
            let index = match (sort, &request.filter.tag) {
                (JobSort::NextFire, None) => next_fire,
                (JobSort::Created, Some(_)) => "SEARCH t USING PRIMARY KEY (tag=? AND seq",
                _ => index,
            };
            let asked = format!("{request:?}");
            check(&plans(PageBudget::default(), request).await, index, &asked);
        }
    }
}
