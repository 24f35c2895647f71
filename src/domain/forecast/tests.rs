use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::domain::trigger::{CronFields, CronTrigger, DateTrigger, IntervalTrigger, Trigger};
use crate::domain::zone::Zone;

const NOW: &str = "2030-03-10T11:59:58.250Z";

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

fn horizon(hours: usize, bucket_s: i64) -> Horizon {
    let bucket_ms = bucket_s * 1_000;
    let now_ms = now().timestamp_millis();
    Horizon {
        now_ms,
        from_ms: now_ms - now_ms.rem_euclid(bucket_ms),
        bucket_ms,
        buckets: hours * 3_600 / bucket_s as usize + 1,
    }
}

fn cron(hour: &str, minute: &str, second: &str) -> Schedule {
    let fields = CronFields {
        hour: hour.into(),
        minute: minute.into(),
        second: second.into(),
        ..CronFields::default()
    };
    Trigger::Cron(CronTrigger::new(&fields, Zone::default()).unwrap()).into()
}

fn every(seconds: i128, added_ms_ago: i64) -> Schedule {
    let added = now() - TimeDelta::milliseconds(added_ms_ago);
    Trigger::Interval(IntervalTrigger::new(None, None, Some(seconds), added).unwrap()).into()
}

fn date(minute: i64) -> Schedule {
    Trigger::Date(DateTrigger::new(2030, 3, 10, 12, minute, 0).unwrap()).into()
}

fn until(schedule: Schedule, hours: i64) -> Schedule {
    let end = Some(now() + TimeDelta::hours(hours));
    Schedule::new(schedule.trigger().clone(), None, end, None).unwrap()
}

/// A running job whose next fire time is that of now, if it has one.
fn job(schedule: &Schedule, pause_hours: Option<i64>) -> Option<UpcomingJob> {
    let next = schedule.next_at_or_after(now()).filter(|at| *at > now())?;
    Some(UpcomingJob {
        schedule: serde_json::to_string(schedule).unwrap(),
        next_ms: next.timestamp_millis(),
        pause_until_ms: pause_hours.map(|h| (now() + TimeDelta::hours(h)).timestamp_millis()),
    })
}

/// Each fire time, one by one.
fn counted(jobs: &[UpcomingJob], horizon: &Horizon) -> Vec<f64> {
    let mut firings = vec![0.0; horizon.buckets];
    for job in jobs {
        let schedule: Schedule = serde_json::from_str(&job.schedule).unwrap();
        let mut next = instant(job.next_ms);
        while let Some(at) = next.filter(|at| at.timestamp_millis() < horizon.end_ms()) {
            let ms = at.timestamp_millis();
            if ms > horizon.now_ms && job.pause_until_ms.is_none_or(|until| ms >= until) {
                firings[horizon.bucket(ms).unwrap()] += 1.0;
            }
            next = schedule.next_after(at);
        }
    }
    firings
}

fn any_schedule() -> impl Strategy<Value = Schedule> {
    let plain = prop_oneof![
        (7_i128..100_000, 0_i64..90_000_000).prop_map(|(s, ago)| every(s, ago)),
        (0_u32..24, 0_u32..60).prop_map(|(h, m)| cron(&h.to_string(), &m.to_string(), "0")),
        (0_u32..60, 0_u32..60).prop_map(|(m, s)| cron("*", &m.to_string(), &s.to_string())),
        (2_u32..30).prop_map(|m| cron("*", &format!("*/{m}"), "0")),
        (0_i64..60).prop_map(date),
    ];
    (plain, prop::option::of(0_i64..30)).prop_map(|(schedule, end)| match end {
        Some(hours) => until(schedule, hours),
        None => schedule,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn each_fire_time_is_counted(
        jobs in prop::collection::vec((any_schedule(), prop::option::of(1_i64..20)), 300),
        (hours, bucket_s) in prop_oneof![Just((24, 3_600)), Just((6, 60)), Just((168, 86_400)), Just((1, 900))],
    ) {
        let jobs: Vec<_> = jobs.iter().filter_map(|(s, pause)| job(s, *pause)).collect();
        let horizon = horizon(hours, bucket_s);
        let told = forecast(&jobs, &horizon, usize::MAX).unwrap();
        prop_assert!(told.exact);
        prop_assert_eq!(told.firings, counted(&jobs, &horizon));
    }
}

#[test]
fn beyond_the_budget_the_rate_goes_on() {
    let jobs: Vec<_> = (0..50)
        .filter_map(|n| job(&cron("*", "*", &n.to_string()), None))
        .collect();
    let horizon = horizon(24, 3_600);
    let exact = counted(&jobs, &horizon);
    for searches in [500, 5_000] {
        let told = forecast(&jobs, &horizon, searches).unwrap();
        assert!(!told.exact);
        for (told, exact) in told.firings.iter().zip(&exact) {
            assert!((told - exact).abs() <= 60.0, "{told} for {exact}");
        }
    }
    assert!(forecast(&jobs, &horizon, 50 * 1_500).unwrap().exact);
}

#[test]
fn what_one_does_not_need_is_left_to_the_others() {
    let mut jobs: Vec<_> = (0..99)
        .filter_map(|n| job(&cron("3", &(n % 60).to_string(), "0"), None))
        .collect();
    jobs.extend(job(&cron("*", "*", "0"), None));
    assert!(forecast(&jobs, &horizon(24, 3_600), 2_000).unwrap().exact);
}

#[test]
fn the_busiest_seconds_are_those_of_most_jobs() {
    let nine = cron("9", "0", "0");
    let soon = cron("12", "30", "0");
    let mut jobs: Vec<_> = (0..7).filter_map(|_| job(&nine, None)).collect();
    jobs.extend((0..3).filter_map(|_| job(&soon, None)));
    // Alone, all the time, or spread: no burst.
    jobs.extend(job(&cron("4", "0", "0"), None));
    jobs.extend((0..9).filter_map(|_| job(&every(1, 0), None)));
    let jitter = serde_json::from_str("60000").unwrap();
    let spread = Schedule::new(nine.trigger().clone(), None, None, Some(jitter)).unwrap();
    jobs.extend((0..9).filter_map(|_| job(&spread, None)));
    let told = forecast(&jobs, &horizon(24, 3_600), usize::MAX).unwrap();
    let burst = |at: &str, jobs| Burst {
        at_s: at.parse::<DateTime<Utc>>().unwrap().timestamp(),
        jobs,
    };
    let (soon, nine) = (
        burst("2030-03-10T12:30:00Z", 3.0),
        burst("2030-03-11T09:00:00Z", 7.0),
    );
    assert_eq!(told.busiest_hour, [soon]);
    assert_eq!(told.busiest_day, [nine, soon]);
}
