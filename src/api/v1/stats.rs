//! Statistics over all jobs.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::examples;
use super::problem::{Fault, Problem};
use super::query;
use super::refusals::ListProblems;
use super::times::shown;
use crate::api::ApiState;
use crate::domain::forecast::Burst;
use crate::domain::histogram::Histogram;
use crate::domain::job::JobState;
use crate::domain::occurrence::{OccurrenceState, Reason};
use crate::domain::trigger::TriggerKind;
use crate::service::stats::{Ahead, BUCKETS, Behind, MAX_BUCKETS, MAX_HOURS, StatsQuery};
use crate::store::{JobCounts, SampleOf, Total, Window};

/// What is asked for when nothing is said.
const DEFAULT: StatsQuery = StatsQuery {
    behind_h: 24,
    ahead_h: 24,
    bucket_s: 3_600,
};

/// Statistics
///
/// How many jobs there are, what came of them, and what lies ahead. Cheap however
/// many jobs and runs there are: the past is told from sums that are kept, as of
/// at most a second ago; the future from the schedules, as of at most ten seconds
/// ago. Buckets begin at multiples of their length since 1970 (UTC); the
/// first one behind is whole, the one of this moment is not. At most 400 of them
/// on either side.
#[utoipa::path(
    get,
    path = "/api/v1/stats",
    operation_id = "stats",
    tag = super::TAG,
    params(
        ("behind" = Option<u32>, Query, description = "Whole hours behind that are divided into buckets; by default 24.", minimum = 1, maximum = 168, example = json!(24)),
        ("ahead" = Option<u32>, Query, description = "Whole hours ahead, likewise; by default 24.", minimum = 1, maximum = 168, example = json!(24)),
        ("bucket" = Option<String>, Query, description = "The length of a bucket: `1m`, `5m`, `15m`, `1h` (the default), `6h` or `1d`.", pattern = "^(1m|5m|15m|1h|6h|1d)$", example = json!("1h")),
    ),
    responses(
        (status = 200, description = "The statistics.", body = ref("#/components/schemas/Stats"), example = json!(examples::stats())),
        ListProblems,
    )
)]
pub async fn show(
    State(state): State<ApiState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let (query, bucket) = read(query.as_deref().unwrap_or_default())?;
    let away = |error| Problem::of_service(error, "", &Value::Null);
    let both = tokio::try_join!(state.stats.behind(&query), state.stats.ahead(&query));
    let (behind, ahead) = both.map_err(away)?;
    let body = json!({
        "as_of": shown(behind.as_of),
        "jobs": jobs_json(&behind.past.jobs),
        "last_hour": window_json(&behind.past.hour),
        "last_day": window_json(&behind.past.day),
        "bucket": bucket,
        "behind": behind_json(&behind),
        "ahead": ahead_json(&ahead),
    });
    Ok(Json(body).into_response())
}

/// What a query asks for, and the word of its bucket.
fn read(text: &str) -> Result<(StatsQuery, &'static str), Problem> {
    let mut asked = DEFAULT;
    let mut faults = query::read(text, |name, value| {
        match name {
            "behind" => asked.behind_h = hours(value)?,
            "ahead" => asked.ahead_h = hours(value)?,
            "bucket" => asked.bucket_s = query::word(value, BUCKETS)?,
            _ => return query::unknown("behind, ahead, bucket"),
        }
        Ok(())
    });
    if faults.is_empty() {
        faults.extend(too_many(&asked));
    }
    let word = BUCKETS.iter().find(|(_, s)| *s == asked.bucket_s);
    match faults.is_empty() {
        true => Ok((asked, word.map_or("", |(word, _)| word))),
        false => Err(Problem::Invalid(faults)),
    }
}

fn hours(text: &str) -> Result<u32, String> {
    // A sign is no part of a whole number here.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let hours = text.parse().ok().filter(|n| (1..=MAX_HOURS).contains(n));
    let rule = || format!("must be a whole number of hours from 1 to {MAX_HOURS}");
    hours.filter(|_| digits).ok_or_else(rule)
}

/// The times that have too many buckets.
fn too_many(asked: &StatsQuery) -> impl Iterator<Item = Fault> {
    let bucket_s = asked.bucket_s;
    let times = [("behind", asked.behind_h), ("ahead", asked.ahead_h)];
    times.into_iter().filter_map(move |(name, hours)| {
        let buckets = i64::from(hours) * 3_600 / bucket_s;
        let rule = format!(
            "{hours} h have {buckets} buckets; allowed: {MAX_BUCKETS}, so at most {} h, or longer buckets",
            MAX_BUCKETS * bucket_s / 3_600
        );
        (buckets > MAX_BUCKETS).then(|| Fault::new(name, rule, Value::from(hours.to_string())))
    })
}

/// How many jobs there are.
pub fn jobs_json(jobs: &JobCounts) -> Value {
    let sum = |of: &dyn Fn(JobState, TriggerKind) -> bool| -> u64 {
        let counts = jobs.counts.iter().filter(|(s, k, _)| of(*s, *k));
        counts.map(|(_, _, jobs)| jobs).sum()
    };
    json!({
        "total": sum(&|_, _| true),
        "running": sum(&|state, _| state == JobState::Running),
        "paused": sum(&|state, _| state == JobState::Paused),
        "by_type": {
            "date": sum(&|_, kind| kind == TriggerKind::Date),
            "interval": sum(&|_, kind| kind == TriggerKind::Interval),
            "cron": sum(&|_, kind| kind == TriggerKind::Cron),
        },
        "waiting": total_json(jobs.waiting),
        "failing": total_json(jobs.failing),
    })
}

fn total_json(total: Total) -> Value {
    json!({"count": total.count, "exact": total.exact})
}

fn window_json(window: &Window) -> Value {
    let outcomes = window.outcomes.iter();
    let outcomes = outcomes.map(|(state, reason, runs)| {
        json!({"state": state.as_str(), "reason": reason.map(Reason::as_str), "runs": runs})
    });
    let runs: u64 = window.outcomes.iter().map(|(_, _, runs)| runs).sum();
    json!({
        "from": shown(window.from),
        "runs": runs,
        "outcomes": outcomes.collect::<Vec<_>>(),
        "lateness_ms": histogram_json(&window.lateness),
        "duration_ms": histogram_json(&window.duration),
    })
}

fn histogram_json(histogram: &Histogram) -> Value {
    json!({
        "runs": histogram.count(),
        "p50": histogram.percentile(50),
        "p95": histogram.percentile(95),
        "p99": histogram.percentile(99),
    })
}

fn behind_json(behind: &Behind) -> Vec<Value> {
    let states = OccurrenceState::ALL;
    let states = states.into_iter().filter(|state| state.is_final());
    let mut counts = behind.past.series.iter().peekable();
    let bucket = |from: &DateTime<Utc>| {
        let none = states.clone().map(|s| (s.as_str().to_owned(), json!(0)));
        let mut bucket: Map<String, Value> = none.collect();
        while let Some(ended) = counts.next_if(|ended| ended.from <= *from) {
            bucket.insert(ended.state.as_str().to_owned(), json!(ended.runs));
        }
        bucket.insert("from".to_owned(), json!(shown(*from)));
        Value::Object(bucket)
    };
    behind.buckets.iter().map(bucket).collect()
}

fn ahead_json(ahead: &Ahead) -> Value {
    let forecast = &ahead.forecast;
    let buckets = ahead.buckets.iter().zip(&forecast.firings);
    let buckets =
        buckets.map(|(from, firings)| json!({"from": shown(*from), "firings": whole(*firings)}));
    let sample = |of: SampleOf| json!({"jobs": of.sampled, "of": of.total});
    json!({
        "as_of": shown(ahead.as_of),
        "exact": forecast.exact,
        "sample": ahead.sample.map(sample),
        "firings": whole(forecast.firings.iter().sum()),
        "buckets": buckets.collect::<Vec<_>>(),
        "busiest_hour": bursts_json(&forecast.busiest_hour),
        "busiest_day": bursts_json(&forecast.busiest_day),
    })
}

fn bursts_json(bursts: &[Burst]) -> Vec<Value> {
    let shown = |burst: &Burst| {
        let at = DateTime::from_timestamp(burst.at_s, 0);
        json!({"at": at.map(shown), "jobs": whole(burst.jobs)})
    };
    bursts.iter().map(shown).collect()
}

/// A number of firings, which may be an estimate.
fn whole(number: f64) -> u64 {
    number.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(query: &str) -> Vec<String> {
        match read(query) {
            Ok(_) => Vec::new(),
            Err(Problem::Invalid(faults)) => faults.into_iter().map(|f| f.field).collect(),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_fault_of_a_query_is_told() {
        for good in ["", "behind=1&ahead=168&bucket=1d", "bucket=15m&behind=100"] {
            assert_eq!(faults(good), Vec::<String>::new(), "{good}");
        }
        assert_eq!(
            faults("behind=0&ahead=+1&bucket=2h&x=1&x=2&bucket=1h"),
            ["behind", "ahead", "bucket", "x", "x", "bucket"]
        );
        assert_eq!(faults("bucket=1m"), ["behind", "ahead"]);
        assert_eq!(faults("bucket=1m&behind=6&ahead=7"), ["ahead"]);
    }
}
