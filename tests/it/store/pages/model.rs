//! Random jobs, listed in every way, against a plain sort and filter.

use super::*;
use schedule_server::store::sqlite::PageBudget;

/// A job as the model sees it.
#[derive(Debug, Clone)]
struct Listed {
    seq: i64,
    id: String,
    paused: bool,
    waits: bool,
    kind: TriggerKind,
    tags: Vec<String>,
    failing: bool,
    next_fire: Option<i64>,
    last_ended: Option<i64>,
    ended: bool,
}

/// The same numbers in each run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

fn random_job(numbers: &mut Numbers, n: usize) -> Listed {
    let kind = [TriggerKind::Date, TriggerKind::Interval, TriggerKind::Cron];
    let tags = ["a", "b", "报表"].into_iter();
    let paused = numbers.one_in(5);
    Listed {
        seq: 0,
        id: format!(
            "{}-{n}",
            ["mail", "Mail", "bill%"][numbers.below(3) as usize]
        ),
        paused,
        waits: numbers.one_in(6),
        kind: kind[numbers.below(3) as usize],
        tags: tags
            .filter(|_| numbers.one_in(3))
            .map(String::from)
            .collect(),
        failing: numbers.one_in(5),
        next_fire: (!paused && !numbers.one_in(6)).then(|| numbers.below(12) as i64),
        last_ended: (!numbers.one_in(3)).then(|| numbers.below(12) as i64),
        ended: !paused && numbers.one_in(10),
    }
}

/// Stores a job through the store, then what only the engine can do by SQL.
async fn store_job(bench: &Bench, job: &mut Listed) {
    let trigger = match job.kind {
        TriggerKind::Date => date(5),
        TriggerKind::Interval => every(10),
        TriggerKind::Cron => each_minute(),
    };
    let state = match job.paused {
        true => JobState::Paused,
        false => JobState::Running,
    };
    let at = |ms| DateTime::from_timestamp_millis(ms).unwrap();
    bench
        .put_draft(JobDraft {
            notes: Notes {
                tags: job.tags.clone(),
                ..Notes::default()
            },
            state,
            next_fire_at: job.next_fire.map(at),
            policies: Policies {
                pause_until: job.waits.then(|| after(60.0)),
                ..Policies::default()
            },
            ..draft(&job.id, trigger)
        })
        .await;
    let mut conn = bench.connect().await;
    job.seq = sqlx::query_scalar(
        "UPDATE jobs SET failures = ?, last_ended_at = ?, ended = ? WHERE job_id = ? RETURNING seq",
    )
    .bind(i64::from(job.failing) * 3)
    .bind(job.last_ended)
    .bind(job.ended)
    .bind(&job.id)
    .fetch_one(&mut conn)
    .await
    .unwrap();
}

fn passes(filter: &JobFilter, job: &Listed) -> bool {
    let paused = job.paused || job.waits;
    let url = format!("http://target.example/{}", job.id);
    !job.ended
        && filter
            .state
            .is_none_or(|s| (s == JobState::Paused) == paused)
        && filter.kind.is_none_or(|k| k == job.kind)
        && filter.tag.as_ref().is_none_or(|t| job.tags.contains(t))
        && (!filter.failing || job.failing)
        && filter.text.as_ref().is_none_or(|text| {
            let text = text.to_ascii_lowercase();
            url.to_ascii_lowercase().contains(&text) || job.id.to_ascii_lowercase().contains(&text)
        })
}

fn expected<'j>(jobs: &'j [Listed], request: &PageRequest) -> Vec<&'j str> {
    let value = |job: &Listed| match request.sort {
        JobSort::NextFire => job.next_fire,
        JobSort::LastOutcome => job.last_ended,
        JobSort::JobId | JobSort::Created => None,
    };
    let mut found: Vec<&Listed> = jobs.iter().filter(|j| passes(&request.filter, j)).collect();
    found.sort_by(|a, b| {
        let order = match request.sort {
            JobSort::JobId => a.id.cmp(&b.id),
            _ => value(a).cmp(&value(b)).then(a.seq.cmp(&b.seq)),
        };
        let order = if request.descending {
            order.reverse()
        } else {
            order
        };
        value(a).is_none().cmp(&value(b).is_none()).then(order)
    });
    found.into_iter().map(|job| job.id.as_str()).collect()
}

fn filters() -> Vec<JobFilter> {
    let mut filters = Vec::new();
    for state in [None, Some(JobState::Running), Some(JobState::Paused)] {
        for kind in [None, Some(TriggerKind::Cron), Some(TriggerKind::Date)] {
            for tag in [None, Some("a"), Some("报表"), Some("nowhere")] {
                for text in [None, Some("MAIL"), Some("bill%-1")] {
                    for failing in [false, true] {
                        filters.push(JobFilter {
                            state,
                            kind,
                            tag: tag.map(String::from),
                            text: text.map(String::from),
                            failing,
                        });
                    }
                }
            }
        }
    }
    filters
}

async fn check(store: &SqliteStore, jobs: &[Listed], request: PageRequest) {
    let expected = expected(jobs, &request);
    let pages = read_all(store, request.clone()).await;
    let listed: Vec<&str> = pages.iter().flat_map(ids).collect();
    assert_eq!(listed, expected, "{request:?}");
    for page in &pages {
        assert!(page.rows.len() <= request.limit as usize);
        let (count, all) = (page.total.count, expected.len() as u64);
        match page.total.exact {
            true => assert_eq!(count, all, "{request:?}"),
            false => assert!(count <= all, "{count} of {all}: {request:?}"),
        }
    }
}

async fn check_everything(jobs: usize, seed: u64, budget: Option<PageBudget>) {
    let bench = Bench::new().await;
    let mut numbers = Numbers(seed);
    let mut listed: Vec<Listed> = (0..jobs).map(|n| random_job(&mut numbers, n)).collect();
    for job in &mut listed {
        store_job(&bench, job).await;
    }
    let mut store = bench.another().await;
    if let Some(budget) = budget {
        store = store.with_page_budget(budget);
    }
    for filter in filters() {
        for sort in SORTS {
            for descending in [false, true] {
                let request = PageRequest {
                    filter: filter.clone(),
                    descending,
                    limit: [1, 3, 7, 200][numbers.below(4) as usize],
                    ..all(sort)
                };
                check(&store, &listed, request).await;
            }
        }
    }
}

#[tokio::test]
async fn small_sets_are_sorted() {
    check_everything(50, 0x5eed, None).await;
}

#[tokio::test]
async fn long_lists_are_walked_in_short_pages() {
    let budget = PageBudget {
        entries: 9,
        entries_per_row: 0,
        candidates: 0,
        counted: 4,
        sampled: 8,
    };
    check_everything(50, 0xfeed, Some(budget)).await;
}
