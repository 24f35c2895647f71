//! How long a page of the list of jobs takes, by filter and sort, on a file of
//! many jobs. Goes through the store alone: no HTTP.

mod cases;
mod cpu;
mod fill;

use std::time::Instant;

use chrono::Utc;
use schedule_server::store::sqlite::SqliteStore;
use schedule_server::store::{JobPage, PageRequest, Store};

use super::support::percentile;
use cases::{FILTERS, SORTS, filter, middle};
pub use cpu::used_us as cpu_used_us;
pub use fill::{FIRST, NOON_MS, fill};

/// How many pages are read of each kind.
const PAGES: usize = 20;

/// Prints a table for each size.
pub async fn run(sizes: &[usize]) {
    let sizes = if sizes.is_empty() {
        &[1_000_000]
    } else {
        sizes
    };
    for jobs in sizes {
        list(*jobs).await;
    }
}

async fn list(jobs: usize) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bench.db");
    let url = format!("sqlite://{}", file.display());
    let store = SqliteStore::open(&url, 1).await.unwrap();
    let started = Instant::now();
    fill::fill(&url, jobs).await;
    println!(
        "{jobs} jobs, file of {} MiB, filled in {:.0} s; times in ms: p50 p99 max;\n         CPU: what this process used, whatever else the machine did\n",
        std::fs::metadata(&file).unwrap().len() >> 20,
        started.elapsed().as_secs_f64()
    );
    println!(
        "| filter | sort | limit | rows | total | first pages | pages from the middle | CPU of both |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let (mut wall, mut cpu) = (Times::default(), Times::default());
    for name in FILTERS {
        for sort in SORTS {
            for limit in [50, 200] {
                let request = PageRequest {
                    filter: filter(name),
                    sort,
                    descending: false,
                    after: None,
                    limit,
                    now: Utc::now(),
                };
                let measured = measure(&store, request, jobs).await;
                println!("| {name} | {sort:?} | {limit} | {measured} |");
                wall.0.extend(measured.first.0);
                wall.0.extend(measured.middle.0);
                cpu.0.extend(measured.cpu.0);
            }
        }
    }
    println!("\nall pages: {wall}; CPU {cpu}");
}

/// What reading a list came to.
#[derive(Default)]
struct Measured {
    rows: (usize, usize),
    total: String,
    first: Times,
    middle: Times,
    cpu: Times,
}

async fn measure(store: &SqliteStore, request: PageRequest, jobs: usize) -> Measured {
    let mut measured = Measured {
        rows: (usize::MAX, 0),
        ..Measured::default()
    };
    for descending in [false, true] {
        let mut first = request.clone();
        first.descending = descending;
        let mut from_middle = first.clone();
        from_middle.after = Some(middle(request.sort, jobs));
        for _ in 0..PAGES / 2 {
            let before = cpu::used_us();
            let page = measured.first.read(store, &first).await;
            measured.note(&page, before);
            let before = cpu::used_us();
            let page = measured.middle.read(store, &from_middle).await;
            measured.note(&page, before);
            let again = middle(request.sort, jobs);
            from_middle.after = Some(page.next.unwrap_or(again));
        }
    }
    measured
}

impl Measured {
    fn note(&mut self, page: &JobPage, cpu_before: i64) {
        self.cpu.0.push(cpu::used_us() - cpu_before);
        let (least, most) = self.rows;
        self.rows = (least.min(page.rows.len()), most.max(page.rows.len()));
        let sign = if page.total.exact { "" } else { "≥ " };
        self.total = format!("{sign}{}", page.total.count);
    }
}

impl std::fmt::Display for Measured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (least, most) = self.rows;
        let (first, middle, cpu) = (&self.first, &self.middle, &self.cpu);
        let total = &self.total;
        write!(f, "{least}–{most} | {total} | {first} | {middle} | {cpu}")
    }
}

/// Times in microseconds.
#[derive(Default)]
struct Times(Vec<i64>);

impl Times {
    async fn read(&mut self, store: &SqliteStore, request: &PageRequest) -> JobPage {
        let started = Instant::now();
        let page = store.page(request.clone()).await.unwrap();
        self.0.push(started.elapsed().as_micros() as i64);
        page
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
