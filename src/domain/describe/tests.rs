//! Words: a table of crons, the other kinds, and what holds of all.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::domain::schedule::Jitter;
use crate::domain::trigger::tests::properties::{any_fields, any_instant, any_zone};
use crate::domain::trigger::{CronFields, CronTrigger, DateTrigger, IntervalTrigger};
use crate::domain::upcoming::upcoming;
use crate::domain::warnings::warnings;

/// One cron a line: fields, zone, line of cron text, English, Chinese; apart by ` | `.
const WORDS: &str = include_str!("../../../tests/data/words.txt");

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Fields as `name=value`, apart by blanks; `_` is a blank.
fn fields(text: &str) -> CronFields {
    let mut read = CronFields::default();
    for field in text.split(' ').filter(|f| !f.is_empty()) {
        let (name, value) = field.split_once('=').unwrap();
        let place = match name {
            "year" => &mut read.year,
            "month" => &mut read.month,
            "day" => &mut read.day,
            "week" => &mut read.week,
            "weekday" => &mut read.day_of_week,
            "hour" => &mut read.hour,
            "minute" => &mut read.minute,
            "second" => &mut read.second,
            other => panic!("{other}"),
        };
        *place = value.replace('_', " ");
    }
    read
}

#[test]
fn crons_in_words() {
    let mut count = 0;
    for row in WORDS.lines().filter(|row| !row.starts_with('#')) {
        let cells: Vec<&str> = row.split(" | ").collect();
        let [given, zone, line, en, zh] = cells[..] else {
            panic!("{row}")
        };
        let zone = Zone::parse(zone).unwrap();
        let cron = CronTrigger::new(&fields(given), zone).unwrap();
        let shown = cron.line().unwrap_or_else(|| "-".to_owned());
        assert_eq!(shown, line, "{given}");
        let text = describe(&Trigger::Cron(cron).into());
        assert_eq!((text.en.as_str(), text.zh.as_str()), (en, zh), "{given}");
        count += 1;
    }
    assert!(count >= 60, "{count}");
}

#[test]
fn intervals_and_dates_in_words() {
    let added = at("2030-01-01T00:00:00Z");
    for (seconds, en, zh) in [
        (1, "Every second", "每秒"),
        (60, "Every minute", "每分钟"),
        (300, "Every 5 minutes", "每 5 分钟"),
        (3_600, "Every hour", "每小时"),
        (5_400, "Every 1 hour and 30 minutes", "每 1 小时 30 分钟"),
        (86_400, "Every day", "每天"),
        (604_800, "Every week", "每周"),
        (
            694_861,
            "Every 1 week, 1 day, 1 hour, 1 minute and 1 second",
            "每 1 周 1 天 1 小时 1 分钟 1 秒",
        ),
    ] {
        let interval = IntervalTrigger::new(None, None, Some(seconds), added).unwrap();
        let text = describe(&Trigger::Interval(interval).into());
        assert_eq!((text.en.as_str(), text.zh.as_str()), (en, zh));
    }
    for (date, en, zh) in [
        (
            "2030-01-01T09:00:00Z",
            "Once, at 2030-01-01 09:00 UTC",
            "一次，2030-01-01 09:00 UTC",
        ),
        (
            "2030-01-01T09:00:05Z",
            "Once, at 2030-01-01 09:00:05 UTC",
            "一次，2030-01-01 09:00:05 UTC",
        ),
        (
            "0001-01-01T00:00:00.5Z",
            "Once, at 0001-01-01 00:00:00.500 UTC",
            "一次，0001-01-01 00:00:00.500 UTC",
        ),
    ] {
        let date = DateTrigger::at_instant(at(date)).unwrap();
        let text = describe(&Trigger::Date(date).into());
        assert_eq!((text.en.as_str(), text.zh.as_str()), (en, zh));
    }
}

#[test]
fn windows_and_jitter_in_words() {
    let cron = CronTrigger::new(
        &fields("hour=9 minute=0"),
        Zone::parse("Asia/Shanghai").unwrap(),
    );
    let cron = Trigger::Cron(cron.unwrap());
    let every = IntervalTrigger::new(None, Some(5), None, at("2030-01-01T00:00:00Z")).unwrap();
    let every = Trigger::Interval(every);
    let (start, end) = (
        Some(at("2030-01-01T00:00:00Z")),
        Some(at("2031-01-01T00:00:00Z")),
    );
    let none = None;
    for (trigger, start, end, jitter_ms, en, zh) in [
        (
            &cron,
            start,
            none,
            0,
            "At 09:00 every day, Asia/Shanghai, from 2030-01-01 08:00 +08:00",
            "每天 09:00（Asia/Shanghai），自 2030-01-01 08:00 +08:00 起",
        ),
        (
            &every,
            start,
            none,
            0,
            "Every 5 minutes, from 2030-01-01 00:00 UTC",
            "每 5 分钟，自 2030-01-01 00:00 UTC 起",
        ),
        (
            &every,
            none,
            end,
            2_000,
            "Every 5 minutes, until 2031-01-01 00:00 UTC, each sent up to 2 seconds later",
            "每 5 分钟，至 2031-01-01 00:00 UTC 止，每次延后至多 2 秒发送",
        ),
        (
            &every,
            start,
            end,
            250,
            "Every 5 minutes, from 2030-01-01 00:00 UTC until 2031-01-01 00:00 UTC, each sent up to 250 ms later",
            "每 5 分钟，自 2030-01-01 00:00 UTC 起，至 2031-01-01 00:00 UTC 止，每次延后至多 250 毫秒发送",
        ),
        (
            &every,
            none,
            none,
            1_000,
            "Every 5 minutes, each sent up to 1 second later",
            "每 5 分钟，每次延后至多 1 秒发送",
        ),
        (
            &every,
            none,
            none,
            2_500,
            "Every 5 minutes, each sent up to 2.5 seconds later",
            "每 5 分钟，每次延后至多 2 秒 500 毫秒发送",
        ),
        (
            &every,
            none,
            none,
            3_600_000,
            "Every 5 minutes, each sent up to 1 hour later",
            "每 5 分钟，每次延后至多 1 小时发送",
        ),
    ] {
        let jitter = Some(Jitter::from_ms(jitter_ms).unwrap());
        let schedule = Schedule::new(trigger.clone(), start, end, jitter).unwrap();
        let text = describe(&schedule);
        assert_eq!((text.en.as_str(), text.zh.as_str()), (en, zh));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_cron_has_words(fields in any_fields(), zone in any_zone(), now in any_instant(), hours in 0_i64..100_000) {
        let cron = CronTrigger::new(&fields, zone).unwrap();
        if let Some(line) = cron.line() {
            let (read, _) = CronFields::parse_line(&line).unwrap();
            let again = CronTrigger::new(&read, zone).unwrap();
            prop_assert_eq!(again.named(), cron.named());
        }
        let end = now + TimeDelta::hours(hours);
        let schedule = Schedule::new(Trigger::Cron(cron), None, Some(end), None).unwrap();
        let text = describe(&schedule);
        prop_assert!(text.en.contains(zone.name()) && text.zh.contains(zone.name()));
        prop_assert!(!text.en.contains("none") && !text.en.contains("  ") && !text.zh.contains("  "), "{:?}", text);
        let policies = Default::default();
        let found = upcoming(&schedule, &policies, schedule.first_fire_at(now), now, 3);
        let told = warnings(&schedule, &policies, now, &found);
        prop_assert_eq!(found.fires.is_empty(), told.iter().any(|w| w.code() == "never_fires"));
        for warning in told {
            let text = warning.text(zone);
            prop_assert!(!text.en.is_empty() && !text.zh.is_empty());
        }
    }

    #[test]
    fn every_interval_has_words(seconds in 1_i128..100_000_000_000, now in any_instant()) {
        let interval = IntervalTrigger::new(None, None, Some(seconds), now).unwrap();
        let text = describe(&Trigger::Interval(interval).into());
        prop_assert!(text.en.starts_with("Every ") && text.zh.starts_with('每'));
    }
}
