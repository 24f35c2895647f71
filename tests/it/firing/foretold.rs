//! What a preview says is what fires: random triggers are previewed, stored on
//! a server whose clock is moved through a night in which Europe moves its
//! clocks, and what a real target received is compared with the preview.
//!
//! `FORETOLD_TRIGGERS` (200) and `FORETOLD_SEED` (1) make longer and other runs.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::stage::{Stage, instant, shown};

/// How long a night is, from its start.
const NIGHT: TimeDelta = TimeDelta::hours(8);
/// Nobody fires more often in it: else its window is closed earlier.
const MOST: usize = 12;
/// At how many instants of a night the clock is stopped by chance, and of how
/// many jitters the exact instant is looked at.
const STOPS: usize = 4;
const JITTERS: usize = 3;

/// `SplitMix64`. Source: <https://prng.di.unimi.it/splitmix64.c>.
pub struct Dice(pub u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.roll() % n
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub fn of<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len() as u64) as usize]
    }

    pub fn within(&mut self, start: DateTime<Utc>, seconds: u64) -> DateTime<Utc> {
        start + TimeDelta::milliseconds(self.below(seconds * 1000) as i64)
    }
}

/// A random trigger around an instant.
pub fn trigger(dice: &mut Dice, start: DateTime<Utc>) -> Value {
    let mut trigger = match dice.below(10) {
        0 => {
            let at = dice.within(start, 9 * 3_600);
            return json!({"type": "date", "at": shown(at)});
        }
        1..=3 => {
            json!({"type": "interval", "minutes": dice.below(120), "seconds": 1 + dice.below(100)})
        }
        4..=6 => {
            json!({"type": "cron", "cron": line(dice), "timezone": zone(dice), "dst": dst(dice)})
        }
        _ => {
            let mut cron = json!({"type": "cron", "timezone": zone(dice), "dst": dst(dice)});
            let hours = ["0-5", "1,2,3", "2", "1", "*/3", "*"];
            cron["hour"] = json!(dice.of(&hours));
            cron["minute"] = json!(dice.of(&["*/20", "30", "0,30", "59", "5-50/15", "*/7"]));
            if dice.one_in(3) {
                cron["second"] = json!(dice.of(&["*/30", "15", "0,1"]));
            }
            if dice.one_in(3) {
                cron["day"] =
                    json!(dice.of(&["last sun", "*/2", "4th sun", "last", "30,26", "25-31"]));
            }
            if dice.one_in(5) {
                cron["day_of_week"] = json!(dice.of(&["sun", "sat,sun", "mon-fri", "5-6"]));
            }
            cron
        }
    };
    if dice.one_in(3) {
        let back = start - TimeDelta::hours(30);
        trigger["start"] = json!(shown(dice.within(back, 35 * 3_600)));
    }
    if dice.one_in(3) {
        trigger["end"] = json!(shown(dice.within(start + TimeDelta::hours(5), 4 * 3_600)));
    }
    if dice.one_in(4) {
        trigger["jitter_ms"] = json!(dice.below(1_800_000));
    }
    trigger
}

fn line(dice: &mut Dice) -> String {
    let minute = dice.of(&["*/15", "0", "30", "7,37", "*", "10-20/5"]);
    let hour = dice.of(&["*", "*/2", "0-4", "2", "3", "1-2", "23,1"]);
    match dice.below(4) {
        0 => format!(
            "{minute} {hour} * * {}",
            dice.of(&["sun", "1-5", "6-7", "0"])
        ),
        1 => format!(
            "{minute} {hour} {} * *",
            dice.of(&["30", "26", "*/5", "29-31"])
        ),
        2 => format!(
            "{} {minute} {hour} * * *",
            dice.of(&["30", "0,20,40", "59"])
        ),
        _ => format!("{minute} {hour} * * *"),
    }
}

fn zone(dice: &mut Dice) -> &'static str {
    dice.of(&[
        "Europe/Berlin",
        "Europe/London",
        "Europe/Athens",
        "Atlantic/Azores",
        "Antarctica/Troll",
        "UTC",
        "Asia/Shanghai",
        "Asia/Kathmandu",
    ])
}

fn dst(dice: &mut Dice) -> Value {
    json!({"gap": dice.of(&["skip", "shift"]), "fold": dice.of(&["both", "first", "second"])})
}

/// Fire times and the instants at which they are sent, as a preview tells them.
type Told = BTreeMap<DateTime<Utc>, DateTime<Utc>>;

async fn preview(stage: &Stage, id: &str, trigger: &Value) -> Told {
    let url = stage.app.at("/api/v1/schedules:preview");
    let body = json!({"trigger": trigger, "job_id": id, "n": 100});
    let answer = stage.app.client.post(url).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{trigger}");
    let answer: Value = answer.json().await.unwrap();
    let fires = answer["fire_times"].as_array().unwrap();
    let read = |value: &Value| value.as_str().map(instant);
    let one = |fire: &Value| {
        let at = read(&fire["fire_at"]).unwrap();
        (at, read(&fire["send_at"]).unwrap_or(at))
    };
    fires.iter().map(one).collect()
}

/// A job and what was told of it, up to the end of the night.
struct Job {
    id: String,
    trigger: Value,
    told: Told,
}

/// Previews a trigger and stores it; one that never fires must be refused.
async fn store(stage: &Stage, id: String, mut trigger: Value, end: DateTime<Utc>) -> Job {
    let mut told = preview(stage, &id, &trigger).await;
    if let Some((last, _)) = told.iter().nth(MOST).filter(|(at, _)| **at <= end) {
        trigger["end"] = json!(shown(*last - TimeDelta::milliseconds(1)));
        told = preview(stage, &id, &trigger).await;
        assert_eq!(told.len(), MOST, "{trigger}");
    }
    let whole = json!({
        "trigger": trigger,
        "request": {"url": stage.target.at("/ok")},
        "policies": {"misfire_grace": "unlimited", "catch_up": {"all": 1000}, "overlap": {"allow": 1000}},
    });
    let path = format!("/{id}");
    let (status, answer) = stage
        .api
        .call(reqwest::Method::PUT, &path, Some(&whole))
        .await;
    let wanted = if told.is_empty() { 422 } else { 201 };
    assert_eq!(status, wanted, "{trigger}: {answer}");
    told.retain(|_, send_at| *send_at <= end);
    Job { id, trigger, told }
}

/// Where the clock stops: by chance, around some instants of jitters, at the end.
fn stops(dice: &mut Dice, jobs: &[Job], end: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let all: BTreeSet<_> = jobs
        .iter()
        .flat_map(|job| job.told.values())
        .copied()
        .collect();
    let all: Vec<_> = all.into_iter().collect();
    let mut stops = BTreeSet::from([end]);
    for _ in 0..STOPS {
        stops.insert(all[dice.below(all.len() as u64) as usize]);
    }
    for send_at in jittered(jobs) {
        stops.extend([send_at - TimeDelta::milliseconds(1), send_at]);
    }
    stops.into_iter().collect()
}

/// Some instants at which a jitter sends, from different jobs.
fn jittered(jobs: &[Job]) -> impl Iterator<Item = DateTime<Utc>> + '_ {
    let later = |job: &Job| {
        let mut told = job.told.iter();
        told.find(|(at, send_at)| send_at > at)
            .map(|(_, send_at)| *send_at)
    };
    jobs.iter().filter_map(later).take(JITTERS)
}

/// One night; how many triggers fired, and how often.
async fn night(start: &str, seed: u64, count: usize) -> (usize, usize) {
    let stage = Stage::at(start).await;
    let (start, mut dice) = (instant(start), Dice(seed));
    let end = start + NIGHT;
    let mut jobs = Vec::new();
    for n in 0..count {
        let trigger = trigger(&mut dice, start);
        jobs.push(store(&stage, format!("j{n}"), trigger, end).await);
    }
    for stop in stops(&mut dice, &jobs, end) {
        stage.clock.set(stop);
        let sent = jobs.iter().flat_map(|job| job.told.values());
        stage
            .target
            .wait_for(sent.filter(|at| **at <= stop).count())
            .await;
        compare(&stage, &jobs, stop);
    }
    // Time enough for what nobody told.
    stage.a_while().await;
    compare(&stage, &jobs, end);
    let exact: BTreeSet<_> = jittered(&jobs).collect();
    for job in jobs
        .iter()
        .filter(|job| job.told.values().any(|at| exact.contains(at)))
    {
        lateness(&stage, job, &exact).await;
    }
    let fired = jobs.iter().filter(|job| !job.told.is_empty()).count();
    (fired, jobs.iter().map(|job| job.told.len()).sum())
}

fn compare(stage: &Stage, jobs: &[Job], now: DateTime<Utc>) {
    let mut came: BTreeMap<String, Vec<DateTime<Utc>>> = BTreeMap::new();
    for arrival in stage.target.arrivals() {
        let of = came.entry(arrival.job_id().to_owned()).or_default();
        of.push(arrival.fire_at());
    }
    for job in jobs {
        let mut came = came.remove(&job.id).unwrap_or_default();
        came.sort_unstable();
        let due = job.told.iter().filter(|(_, send_at)| **send_at <= now);
        let told: Vec<_> = due.map(|(at, _)| *at).collect();
        assert_eq!(came, told, "{} at {now}: {}", job.id, job.trigger);
    }
}

/// Nothing was sent early, and what was looked at exactly was sent exactly then.
async fn lateness(stage: &Stage, job: &Job, exact: &BTreeSet<DateTime<Utc>>) {
    let all = |entries: &[schedule_server::domain::occurrence::LedgerEntry]| {
        entries.iter().filter(|e| e.lateness_ms.is_some()).count() >= job.told.len()
    };
    for entry in stage.app.ledger_when(&job.id, all).await {
        let at = entry.occurrence.fire_at;
        let Some(late_ms) = entry.lateness_ms else {
            continue;
        };
        assert!(late_ms >= 0, "{}: {at} left early", job.id);
        if job
            .told
            .get(&at)
            .is_some_and(|send_at| exact.contains(send_at))
        {
            assert_eq!(late_ms, 0, "{}: {at} {}", job.id, job.trigger);
        }
    }
}

fn setting(name: &str, default: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(default, |text| text.parse().expect(name))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_preview_says_is_what_fires() {
    let (triggers, seed) = (
        setting("FORETOLD_TRIGGERS", 200),
        setting("FORETOLD_SEED", 1),
    );
    let half = (triggers / 2) as usize;
    let (spring, autumn) = tokio::join!(
        night("2031-03-29T20:00:00.250Z", seed, half),
        night("2031-10-25T20:00:00.250Z", seed.wrapping_add(1), half),
    );
    let (fired, times) = (spring.0 + autumn.0, spring.1 + autumn.1);
    println!(
        "{triggers} triggers, {fired} of them fired, {times} fire times told: all came, none else"
    );
    assert!(
        fired * 2 > half && times > half,
        "{fired} fired {times} times"
    );
}
