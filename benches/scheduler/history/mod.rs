//! How long a page of the ledger takes, by filter, on a file of many rows; and
//! one run, and an instant. Goes through the store alone: no HTTP.

mod cases;
mod fill;

use std::collections::BTreeSet;
use std::time::Instant;

use schedule_server::domain::job::JobId;
use schedule_server::store::sqlite::SqliteStore;
use schedule_server::store::{RunPosition, RunsPage, RunsRequest, Store};

use super::support::percentile;
use cases::{FILTERS, filter, place};
use fill::BUSY;

/// How many pages are read from each place.
const PAGES: usize = 40;

/// Prints tables for each size.
pub async fn run(sizes: &[usize]) {
    let sizes = if sizes.is_empty() {
        &[1_000_000]
    } else {
        sizes
    };
    for rows in sizes {
        history(*rows).await;
    }
}

async fn history(rows: usize) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bench.db");
    let url = format!("sqlite://{}", file.display());
    let store = SqliteStore::open(&url, 1).await.unwrap();
    let started = Instant::now();
    fill::fill(&url, rows).await;
    println!(
        "{rows} ledger rows, file of {} MiB, filled in {:.0} s; times in ms: p50 p99 max\n",
        std::fs::metadata(&file).unwrap().len() >> 20,
        started.elapsed().as_secs_f64()
    );
    println!("| filter | limit | rows | from the end | from the middle |");
    println!("|---|---|---|---|---|");
    for name in FILTERS {
        for limit in [50, 200] {
            let request = RunsRequest {
                filter: filter(name, rows),
                descending: true,
                after: None,
                limit,
            };
            let measured = measure(&store, request, rows).await;
            println!("| {name} | {limit} | {measured} |");
        }
    }
    single(&store, rows).await;
    plans(&store, rows).await;
}

/// What reading pages came to.
struct Measured {
    rows: (usize, usize),
    end: Times,
    middle: Times,
}

async fn measure(store: &SqliteStore, request: RunsRequest, rows: usize) -> Measured {
    let mut measured = Measured {
        rows: (usize::MAX, 0),
        end: Times::default(),
        middle: Times::default(),
    };
    let middle = RunPosition {
        fire_at_ms: place(rows / 2).timestamp_millis(),
        row_id: 1,
    };
    for start in [None, Some(middle)] {
        for descending in [true, false] {
            let mut next = RunsRequest {
                descending,
                after: start,
                ..request.clone()
            };
            for _ in 0..PAGES / 2 {
                let times = match start {
                    None => &mut measured.end,
                    Some(_) => &mut measured.middle,
                };
                let page = times.read(store, &next).await;
                let (least, most) = measured.rows;
                let found = page.rows.len();
                measured.rows = (least.min(found), most.max(found));
                next.after = page.next.or(start);
            }
        }
    }
    measured
}

impl std::fmt::Display for Measured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (least, most) = self.rows;
        write!(f, "{least}–{most} | {} | {}", self.end, self.middle)
    }
}

/// One run, and what there is around an instant.
async fn single(store: &SqliteStore, rows: usize) {
    let (mut run, mut around) = (Times::default(), Times::default());
    let busy = JobId::new(BUSY).unwrap();
    for n in 0..1_000 {
        let behind = n * 7_919 % rows;
        let started = Instant::now();
        store.run((rows - behind) as i64).await.unwrap().unwrap();
        run.took(started);
        let started = Instant::now();
        store.around(&busy, place(behind)).await.unwrap();
        around.took(started);
    }
    println!("\none run: {run}; around an instant: {around}\n");
}

/// The different plans of all that was asked.
async fn plans(store: &SqliteStore, rows: usize) {
    let mut seen = BTreeSet::new();
    for name in FILTERS {
        let request = RunsRequest {
            filter: filter(name, rows),
            descending: true,
            after: Some(RunPosition {
                fire_at_ms: place(rows / 10 * 9 + 5).timestamp_millis(),
                row_id: 1,
            }),
            limit: 50,
        };
        for plan in store.explain_runs(&request).await.unwrap() {
            seen.insert(plan.steps.join("; "));
        }
    }
    println!("plans:");
    for plan in seen {
        println!("- {plan}");
    }
}

/// Times in microseconds.
#[derive(Default)]
struct Times(Vec<i64>);

impl Times {
    async fn read(&mut self, store: &SqliteStore, request: &RunsRequest) -> RunsPage {
        let started = Instant::now();
        let page = store.runs(request.clone()).await.unwrap();
        self.took(started);
        page
    }

    fn took(&mut self, started: Instant) {
        self.0.push(started.elapsed().as_micros() as i64);
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let ms = |us: i64| us as f64 / 1e3;
        let (p50, p99) = (percentile(&sorted, 50), percentile(&sorted, 99));
        let max = sorted[sorted.len() - 1];
        write!(f, "{:.1} {:.1} {:.1}", ms(p50), ms(p99), ms(max))
    }
}
