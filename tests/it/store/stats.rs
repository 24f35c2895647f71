//! The sums beside the ledger, and the sample of the jobs. That the sums are
//! those of the ledger is checked at the end of every test of the store.

use schedule_server::domain::forecast::{Forecast, Horizon, forecast};
use schedule_server::domain::occurrence::OccurrenceState::{self, *};
use schedule_server::domain::occurrence::Reason;
use schedule_server::store::{Past, PastRequest};
use sqlx::Connection;

use super::*;
use crate::support::sums::differences;

/// What ended up to so many seconds after noon, in buckets of a minute.
async fn past(bench: &Bench, now: f64) -> Past {
    let request = PastRequest {
        now: after(now),
        from: noon() - TimeDelta::hours(1),
        bucket_s: 60,
    };
    bench.store.past(request).await.unwrap()
}

async fn outcomes(bench: &Bench, now: f64) -> Vec<(OccurrenceState, Option<Reason>, u64)> {
    let mut found = past(bench, now).await.day.outcomes;
    found.sort_by_key(|(state, _, _)| state.as_str());
    found
}

async fn fired(bench: &Bench, job: &str, second: i64) -> Vec<Claim> {
    bench.put(job, date(second)).await;
    let at = second as f64;
    bench.renew("a", at).await;
    let claims = bench.claim(at, at + 0.1).await.claims;
    bench.start_firing(&claims, at).await
}

#[tokio::test]
async fn unknown_gives_way_to_what_really_happened() {
    let bench = Bench::new().await;
    let firing = fired(&bench, "j", 1).await;
    bench.store.settle_dead(after(70.0)).await.unwrap();
    let died = (Unknown, Some(Reason::ReplicaDied), 1);
    assert_eq!(outcomes(&bench, 70.0).await, [died]);
    assert_eq!(past(&bench, 70.0).await.day.lateness.count(), 0);
    bench.succeed(firing.clone()).await;
    assert_eq!(outcomes(&bench, 70.0).await, [(Succeeded, None, 1)]);
    // A write whose answer was lost is made again.
    bench.succeed(firing).await;
    let told = past(&bench, 70.0).await;
    assert_eq!(told.day.outcomes, [(Succeeded, None, 1)]);
    assert_eq!(told.day.lateness.count(), 1);
    assert_eq!(told.day.duration.percentile(50), Some(5));
    let series: Vec<_> = told
        .series
        .iter()
        .map(|e| (e.from, e.state, e.runs))
        .collect();
    assert_eq!(series, [(noon(), Succeeded, 1)]);
}

#[tokio::test]
async fn unknown_recorded_twice_counts_once() {
    let bench = Bench::new().await;
    let firing = fired(&bench, "j", 1).await;
    let lost = |at| RunRecord {
        outcome: Outcome::failed(Reason::LockHeld, "somebody else has it"),
        sent_at: None,
        duration_ms: None,
        ended_at: after(at),
        ..succeeded(firing[0].clone())
    };
    for at in [1.0, 61.0] {
        bench.store.record([lost(at)].into()).await.unwrap();
    }
    let told = past(&bench, 70.0).await;
    assert_eq!(told.day.outcomes, [(Unknown, Some(Reason::LockHeld), 1)]);
    assert_eq!(told.day.lateness.count(), 0);
    assert_eq!(told.series.len(), 1);
    assert_eq!(told.series[0].from, after(60.0));
}

#[tokio::test]
async fn what_is_planned_anew_is_skipped_no_longer() {
    let bench = Bench::new().await;
    bench.put("j", date(30)).await;
    assert_eq!(bench.claim(0.0, 31.0).await.claims.len(), 1);
    bench.put("j", date(30)).await;
    assert_eq!(
        outcomes(&bench, 1.0).await,
        [(Skipped, Some(Reason::Changed), 1)]
    );
    let again = bench.claim(0.5, 31.0).await.claims;
    assert_eq!(again.len(), 1);
    assert_eq!(outcomes(&bench, 1.0).await, []);
    bench.put("j", date(30)).await;
    // Too late for the new plan: another row takes the place of the skipped one.
    bench.renew("a", 200.0).await;
    assert_eq!(bench.claim(200.0, 200.1).await.claims, []);
    assert_eq!(
        outcomes(&bench, 200.0).await,
        [(Missed, Some(Reason::Grace), 1)]
    );
}

#[tokio::test]
async fn sums_outlive_the_ledger_and_are_cut_by_their_own_age() {
    let bench = Bench::new().await;
    bench.dir.leave_unchecked();
    for second in [1, 2] {
        let firing = fired(&bench, &format!("j{second}"), second).await;
        bench.succeed(firing).await;
    }
    let mut file = bench.connect().await;
    assert_eq!(differences(&mut file).await, Vec::<String>::new());
    let delete = sqlx::query("DELETE FROM occurrences");
    delete.execute(&mut file).await.unwrap();
    file.close().await.unwrap();
    assert_eq!(outcomes(&bench, 5.0).await, [(Succeeded, None, 2)]);
    let minute = TimeDelta::minutes(1);
    for (before, left) in [
        (noon(), 2),
        // Hours that begin before it and end after it stay.
        (noon() + minute, 2),
        (noon() + TimeDelta::hours(1), 0),
    ] {
        assert!(!bench.store.cut_sums(before).await.unwrap());
        let hours = PastRequest {
            now: after(60.0),
            from: noon() - TimeDelta::hours(1),
            bucket_s: 3_600,
        };
        let told = bench.store.past(hours).await.unwrap();
        let runs: u64 = told.series.iter().map(|e| e.runs).sum();
        assert_eq!(runs, left, "{before}");
    }
    assert_eq!(
        past(&bench, 60.0).await,
        Past {
            hour: past(&bench, 60.0).await.hour,
            day: past(&bench, 60.0).await.day,
            jobs: past(&bench, 60.0).await.jobs,
            series: Vec::new(),
        }
    );
}

#[tokio::test]
async fn a_cut_is_made_in_bounded_steps() {
    let bench = Bench::new().await;
    bench.dir.leave_unchecked();
    let mut file = bench.connect().await;
    sqlx::query(
        "WITH RECURSIVE m (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM m WHERE n < 999) \
         INSERT INTO run_sums SELECT 60, n * 60, 'succeeded', '', 1 FROM m",
    )
    .execute(&mut file)
    .await
    .unwrap();
    let mut cuts = 1;
    while bench.store.cut_sums(noon()).await.unwrap() {
        cuts += 1;
    }
    assert_eq!(cuts, 4, "the last one finds nothing");
    let left = sqlx::query_scalar("SELECT COUNT(*) FROM run_sums").fetch_one(&mut file);
    let left: i64 = left.await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn nothing_is_read_from_end_to_end() {
    let bench = Bench::new().await;
    for bucket_s in [60, 3_600] {
        let request = PastRequest {
            now: noon(),
            from: noon() - TimeDelta::hours(1),
            bucket_s,
        };
        let plans = bench.store.explain_stats(&request).await.unwrap();
        assert_eq!(plans.len(), 15);
        for plan in &plans {
            for step in &plan.steps {
                let limited = plan.statement.contains(" LIMIT ?");
                let bounded = step.starts_with("SEARCH ")
                    || step == "SCAN job_counts"
                    || step == "USE TEMP B-TREE FOR GROUP BY"
                    || [
                        "CO-ROUTINE",
                        "COMPOUND",
                        "LEFT-MOST",
                        "UNION ALL",
                        "SCAN (subquery",
                    ]
                    .iter()
                    .any(|word| step.starts_with(word))
                    || limited && step.starts_with("SCAN ") && step.contains(" INDEX jobs_");
                assert!(bounded, "{step}: {plan:#?}");
            }
            let whole = plan.statement.contains("jobs_sample") || plan.steps.len() > 6;
            let sorts = plan.steps.iter().any(|s| s.contains("ORDER BY"));
            assert!(!whole || !sorts, "{plan:#?}");
        }
    }
}

/// A forecast by hours of the day after noon.
async fn ahead(bench: &Bench, most: u32) -> (Forecast, bool) {
    let horizon = Horizon {
        now_ms: noon().timestamp_millis(),
        from_ms: noon().timestamp_millis(),
        bucket_ms: 3_600_000,
        buckets: 24,
    };
    let until = noon() + TimeDelta::days(1);
    let sample = bench.store.sample(until, most).await.unwrap();
    let mut told = forecast(&sample.jobs, &horizon, 100_000_000).unwrap();
    if let Some(of) = sample.of {
        assert_eq!(of.total, 20_000);
        assert!(of.sampled <= most.into(), "{of:?}");
        told.scale(of.total as f64 / of.sampled as f64);
    }
    (told, sample.of.is_some())
}

/// 20,000 jobs, half of them added long after the others, of some kinds that
/// take turns: each hour at some minute, at nine, each quarter, paused.
#[tokio::test]
async fn a_sample_stands_for_all_jobs() {
    let bench = Bench::new().await;
    let mut file = bench.connect().await;
    let at = |hour: &str, minute: &str| {
        let fields = CronFields {
            hour: hour.into(),
            minute: minute.into(),
            ..CronFields::default()
        };
        let zone = Zone::default();
        serde_json::to_string(&Trigger::Cron(CronTrigger::new(&fields, zone).unwrap())).unwrap()
    };
    let insert = "WITH RECURSIVE m (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM m WHERE n < 20000) \
         INSERT INTO jobs (seq, job_id, version, state, kind, trigger_json, url, next_fire_at, \
         created_at, updated_at) SELECT n + (n > 10000) * 1000000000, 'job-' || n, 1, \
         iif(n % 10 = 9, 'paused', 'running'), 'cron', \
         CASE WHEN n % 10 < 5 THEN ?1 WHEN n % 10 < 7 THEN ?2 ELSE ?3 END, 'u', \
         iif(n % 10 = 9, NULL, ?4), 1, 1 FROM m";
    sqlx::query(insert)
        .bind(at("*", "7"))
        .bind(at("21", "0"))
        .bind(at("*", "*/15"))
        .bind(noon().timestamp_millis() + 60_000)
        .execute(&mut file)
        .await
        .unwrap();
    let (exact, sampled) = ahead(&bench, 20_000).await;
    assert!(exact.exact && !sampled);
    assert_eq!(exact.firings[9], 10_000.0 + 4_000.0 + 16_000.0);
    let (told, sampled) = ahead(&bench, 2_000).await;
    assert!(!told.exact && sampled);
    for (told, exact) in told.firings.iter().zip(&exact.firings) {
        assert!((told / exact - 1.0).abs() < 0.05, "{told} for {exact}");
    }
    let (busy, really) = (told.busiest_day[0], exact.busiest_day[0]);
    assert_eq!(busy.at_s, really.at_s);
    assert!((busy.jobs / really.jobs - 1.0).abs() < 0.1, "{busy:?}");
}
