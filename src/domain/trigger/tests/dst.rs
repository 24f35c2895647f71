//! The rules for gaps and folds, walked round the offset changes of every zone.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDateTime, Offset, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use proptest::prelude::*;

use super::plain::plainly_matches;
use super::properties::dense_fields;
use super::zones::{Hit, ROUND_THE_CHANGES, offset_changes};
use super::{at, cron_in, fire_times};
use crate::domain::trigger::{CronTrigger, DstRule, Fold, Gap, Trigger};
use crate::domain::zone::Zone;

const ALL_RULES: [DstRule; 6] = [
    rule(Gap::Skip, Fold::Both),
    rule(Gap::Skip, Fold::First),
    rule(Gap::Skip, Fold::Second),
    rule(Gap::Shift, Fold::Both),
    rule(Gap::Shift, Fold::First),
    rule(Gap::Shift, Fold::Second),
];

const fn rule(gap: Gap, fold: Fold) -> DstRule {
    DstRule { gap, fold }
}

fn offset_s(zone: Tz, at: DateTime<Utc>) -> i32 {
    Offset::fix(at.with_timezone(&zone).offset()).local_minus_utc()
}

/// What the rule says, minute by minute, without asking the zone data which
/// wall clocks are skipped or repeated: seen is what a clock on the wall shows.
struct Walk {
    change: DateTime<Utc>,
    old_s: i32,
    new_s: i32,
    /// Each minute and its wall clock.
    minutes: Vec<(DateTime<Utc>, NaiveDateTime)>,
    /// The instants of each wall clock, in order.
    passes: HashMap<NaiveDateTime, Vec<DateTime<Utc>>>,
}

impl Walk {
    fn round(zone: Tz, change: DateTime<Utc>, from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        let minutes: Vec<_> = (from.timestamp() / 60..=to.timestamp() / 60)
            .map(|minute| DateTime::from_timestamp(minute * 60, 0).unwrap())
            .filter(|now| *now >= from)
            .map(|now| (now, now.with_timezone(&zone).naive_local()))
            .collect();
        let mut passes: HashMap<_, Vec<_>> = HashMap::new();
        for (now, wall) in &minutes {
            passes.entry(*wall).or_default().push(*now);
        }
        Self {
            change,
            old_s: offset_s(zone, change - TimeDelta::seconds(1)),
            new_s: offset_s(zone, change),
            minutes,
            passes,
        }
    }

    fn wanted(&self, rule: DstRule, hit: Hit) -> Vec<DateTime<Utc>> {
        let hit = |wall: &NaiveDateTime| hit(wall.hour(), wall.minute());
        let fires = |now: &DateTime<Utc>, wall: &NaiveDateTime| match rule.fold {
            Fold::Both => true,
            Fold::First => self.passes[wall].first() == Some(now),
            Fold::Second => self.passes[wall].last() == Some(now),
        };
        let mut wanted: BTreeSet<_> = self
            .minutes
            .iter()
            .filter(|(now, wall)| hit(wall) && fires(now, wall))
            .map(|(now, _)| *now)
            .collect();
        if rule.gap == Gap::Shift {
            let skipped_minutes = i64::from(self.new_s - self.old_s).max(0) / 60;
            for minute in 0..skipped_minutes {
                let now = self.change + TimeDelta::minutes(minute);
                let wall = now.naive_utc() + TimeDelta::seconds(self.old_s.into());
                if hit(&wall) {
                    wanted.insert(now);
                }
            }
        }
        wanted.into_iter().collect()
    }
}

#[test]
fn every_rule_round_the_changes_of_all_zones() {
    // Years with the odd ones: Kwajalein and Apia skipped a day, Troll moves by
    // two hours, Lord Howe by half an hour.
    let spans = [
        ("1993-06-01T00:00:00Z", "1995-06-01T00:00:00Z"),
        ("2009-06-01T00:00:00Z", "2012-06-01T00:00:00Z"),
    ];
    let (mut checked, mut seen) = (0, HashSet::new());
    for tz in TZ_VARIANTS {
        for (from, to) in spans {
            for change in offset_changes(tz, at(from), at(to)) {
                let old_s = offset_s(tz, change - TimeDelta::seconds(1));
                if seen.insert((change, old_s, offset_s(tz, change))) {
                    every_rule_round(tz, change);
                    checked += 1;
                }
            }
        }
    }
    println!("{checked} offset changes checked");
    assert!(checked > 300, "only {checked} changes found");
}

fn every_rule_round(tz: Tz, change: DateTime<Utc>) {
    let (from, to) = (change - TimeDelta::days(2), change + TimeDelta::days(2));
    let walk = Walk::round(tz, change, from, to);
    for (text, hit) in ROUND_THE_CHANGES {
        for rule in ALL_RULES {
            let cron = cron_in(text, tz.name()).with_dst(rule);
            let wanted = walk.wanted(rule, hit);
            let found = fire_times(&cron, from, to);
            assert_eq!(found, wanted, "{tz} {change} {text} {rule:?}");
            for minutes in (-150..150).step_by(50) {
                let start = change + TimeDelta::seconds(minutes * 60 - 1);
                let next = wanted.iter().find(|fire_at| **fire_at >= start).copied();
                let found = cron.next_at_or_after(start).filter(|at| *at <= to);
                assert_eq!(found, next, "{tz} {change} {text} {rule:?} from {start}");
            }
        }
    }
}

#[test]
fn no_zone_changes_twice_within_the_longest_gap() {
    // What the search for shifted times relies on.
    let (from, to) = (at("1970-01-01T00:00:00Z"), at("2100-01-01T00:00:00Z"));
    for tz in TZ_VARIANTS {
        let changes = offset_changes(tz, from, to);
        for change in &changes {
            let gap_s = offset_s(tz, *change) - offset_s(tz, *change - TimeDelta::seconds(1));
            assert!(gap_s <= 86_400, "{tz} {change}");
        }
        for pair in changes.windows(2) {
            assert!(pair[1] - pair[0] >= TimeDelta::days(1), "{tz} {pair:?}");
        }
    }
}

/// A day of a zone: fields, zone, rule, from, fire times up to a day later.
type Day = (
    &'static str,
    &'static str,
    DstRule,
    &'static str,
    &'static [&'static str],
);

const SKIP: DstRule = rule(Gap::Skip, Fold::Both);
const SHIFT: DstRule = rule(Gap::Shift, Fold::Both);
const FIRST: DstRule = rule(Gap::Skip, Fold::First);
const SECOND: DstRule = rule(Gap::Skip, Fold::Second);

const NEW_YORK: &str = "America/New_York";
const LORD_HOWE: &str = "Australia/Lord_Howe";
const SPRING: &str = "2024-03-10T05:00:00Z";
const AUTUMN: &str = "2024-11-03T04:00:00Z";

const KNOWN_DAYS: [Day; 13] = [
    // 02:30 is skipped, or comes at 03:30 summer time.
    ("0 30 2 * * *", NEW_YORK, SKIP, SPRING, &[]),
    ("0 30 2 * * *", NEW_YORK, SHIFT, SPRING, &["07:30:00"]),
    // The first second of the gap is the instant it ends.
    ("0 0 2 * * *", NEW_YORK, SHIFT, SPRING, &["07:00:00"]),
    ("59 59 2 * * *", NEW_YORK, SHIFT, SPRING, &["07:59:59"]),
    // Never twice at one instant.
    ("0 30 2,3 * * *", NEW_YORK, SHIFT, SPRING, &["07:30:00"]),
    // A step keeps its order among the shifted ones.
    (
        "0 */20 2,3 * * *",
        NEW_YORK,
        SHIFT,
        SPRING,
        &["07:00:00", "07:20:00", "07:40:00"],
    ),
    (
        "0 15 2-4 * * *",
        NEW_YORK,
        SHIFT,
        SPRING,
        &["07:15:00", "08:15:00"],
    ),
    // Half an hour: 02:20 comes at 02:50, among 02:40 and 03:00.
    (
        "0 */20 2 * * *",
        LORD_HOWE,
        SHIFT,
        "2024-10-05T13:30:00Z",
        &["15:30:00", "15:40:00", "15:50:00"],
    ),
    // 01:30 comes twice.
    (
        "0 30 1 * * *",
        NEW_YORK,
        SKIP,
        AUTUMN,
        &["05:30:00", "06:30:00"],
    ),
    ("0 30 1 * * *", NEW_YORK, FIRST, AUTUMN, &["05:30:00"]),
    ("0 30 1 * * *", NEW_YORK, SECOND, AUTUMN, &["06:30:00"]),
    // A step is silent for one pass.
    (
        "0 */30 0-2 * * *",
        NEW_YORK,
        FIRST,
        AUTUMN,
        &[
            "04:00:00", "04:30:00", "05:00:00", "05:30:00", "07:00:00", "07:30:00",
        ],
    ),
    (
        "0 */30 0-2 * * *",
        NEW_YORK,
        SECOND,
        AUTUMN,
        &[
            "04:00:00", "04:30:00", "06:00:00", "06:30:00", "07:00:00", "07:30:00",
        ],
    ),
];

#[test]
fn known_days_under_each_rule() {
    for (text, zone, rule, from, wanted) in KNOWN_DAYS {
        let cron = cron_in(text, zone).with_dst(rule);
        let until = at(from) + TimeDelta::hours(20);
        let found: Vec<_> = fire_times(&cron, at(from), until)
            .iter()
            .map(|fire_at| fire_at.format("%T").to_string())
            .collect();
        assert_eq!(found, wanted, "{text} {zone} {rule:?}");
    }
}

#[test]
fn a_whole_day_that_is_skipped_is_shifted_to_the_next() {
    // Apia had no 30 December 2011: its noon comes at noon of the 31st.
    let cron = cron_in("0 0 12 30 12 *", "Pacific/Apia").with_dst(SHIFT);
    let first = cron.next_at_or_after(at("2011-12-01T00:00:00Z")).unwrap();
    assert_eq!(first, at("2011-12-30T22:00:00Z"));
    assert_eq!(cron.next_after(first), Some(at("2012-12-29T22:00:00Z")));
    // Asked on the day itself, before and after that noon.
    let asked = cron.next_at_or_after(at("2011-12-30T21:59:59Z"));
    assert_eq!(asked, Some(first));
}

#[test]
fn the_last_match_of_all_may_be_a_shifted_one() {
    // 10 March is the gap of 2024 alone; the year ends the pattern.
    let mut fields = super::fields("0 30 2 10 3 *");
    fields.year = "2024".into();
    let zone = Zone::parse(NEW_YORK).unwrap();
    let cron = CronTrigger::new(&fields, zone).unwrap();
    assert_eq!(cron.next_after(at(SPRING)), None);
    let shifted = cron.with_dst(SHIFT);
    let only = at("2024-03-10T07:30:00Z");
    assert_eq!(shifted.next_after(at(SPRING)), Some(only));
    assert_eq!(shifted.next_after(only - TimeDelta::seconds(1)), Some(only));
    assert_eq!(shifted.next_after(only), None);
}

#[test]
fn the_rule_is_stored_only_when_it_is_not_the_default() {
    let plain = r#"{"kind":"cron","year":"*","month":"*","day":"*","week":"*","day_of_week":"*","hour":"2","minute":"30","second":"0","zone":"Europe/Berlin"}"#;
    let with = |dst: &str| plain.replace('}', &format!(",\"dst\":{dst}}}"));
    let rule_of = |json: &str| match serde_json::from_str(json).unwrap() {
        Trigger::Cron(cron) => cron.dst(),
        other => panic!("{other:?}"),
    };
    assert_eq!(rule_of(plain), DstRule::default());
    for rule in ALL_RULES {
        let text = serde_json::to_string(&rule).unwrap();
        let json = with(&text);
        assert_eq!(rule_of(&json), rule);
        let again: Trigger = serde_json::from_str(&json).unwrap();
        let shown = serde_json::to_string(&again).unwrap();
        let wanted = if rule.is_default() { plain } else { &json };
        assert_eq!(shown, wanted);
    }
    assert_eq!(rule_of(&with(r#"{"gap":"shift"}"#)), SHIFT);
    assert_eq!(rule_of(&with(r#"{"fold":"first"}"#)), FIRST);
    assert_eq!(rule_of(&with("{}")), SKIP);
    assert!(serde_json::from_str::<Trigger>(&with(r#"{"gap":"jump"}"#)).is_err());
}

/// A zone and one of its changes.
fn any_change() -> impl Strategy<Value = (Tz, DateTime<Utc>)> {
    let zones = [
        NEW_YORK,
        LORD_HOWE,
        "Africa/Casablanca",
        "America/Caracas",
        "Antarctica/Troll",
        "Pacific/Apia",
    ];
    let span = (at("2007-01-01T00:00:00Z"), at("2013-01-01T00:00:00Z"));
    let changes: Vec<_> = zones
        .map(|name| Zone::parse(name).unwrap().tz())
        .into_iter()
        .flat_map(|tz| {
            let changes = offset_changes(tz, span.0, span.1);
            changes.into_iter().map(move |change| (tz, change))
        })
        .collect();
    proptest::sample::select(changes)
}

/// Whether this second fires round one change, by the words of the rule.
fn plainly_fires(cron: &CronTrigger, change: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    let (tz, rule) = (cron.zone().tz(), cron.dst());
    let old_s = offset_s(tz, change - TimeDelta::seconds(1));
    let new_s = offset_s(tz, change);
    let moved = TimeDelta::seconds((new_s - old_s).abs().into());
    let goes_back = new_s < old_s;
    let in_first_pass = goes_back && now < change && now >= change - moved;
    let in_second_pass = goes_back && now >= change && now < change + moved;
    let left_out = match rule.fold {
        Fold::Both => false,
        Fold::First => in_second_pass,
        Fold::Second => in_first_pass,
    };
    let shows = plainly_matches(cron.canonical(), now.with_timezone(&tz)) && !left_out;
    let adds = rule.gap == Gap::Shift && !goes_back && now >= change && now < change + moved;
    let skipped = now.naive_utc() + TimeDelta::seconds(old_s.into());
    shows || adds && plainly_matches(cron.canonical(), Tz::UTC.from_utc_datetime(&skipped))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_rule_second_by_second(
        fields in dense_fields(), (tz, change) in any_change(),
        rule in proptest::sample::select(ALL_RULES.to_vec()),
        before_s in -5000_i64..9000, nanos in proptest::sample::select(vec![0, 1, 999_999_999]),
    ) {
        let cron = CronTrigger::new(&fields, Zone::parse(tz.name()).unwrap()).unwrap().with_dst(rule);
        let start = change - TimeDelta::seconds(before_s) + TimeDelta::nanoseconds(nanos);
        let end = start + TimeDelta::minutes(90);
        let first_s = start.timestamp() + i64::from(nanos > 0);
        let wanted: Vec<_> = (first_s..=end.timestamp())
            .map(|unix_s| DateTime::from_timestamp(unix_s, 0).unwrap())
            .filter(|now| plainly_fires(&cron, change, *now))
            .collect();
        prop_assert_eq!(fire_times(&cron, start, end), wanted);
    }
}
