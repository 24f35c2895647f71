//! Lines of cron text: what they become, and what is refused.

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use proptest::prelude::*;

use super::{at, fire_times};
use crate::domain::trigger::{CronFields, CronTrigger, Style};
use crate::domain::zone::Zone;

/// second minute hour day month weekday, of the fields of a line.
fn shown(fields: &CronFields) -> String {
    let CronFields {
        year,
        month,
        day,
        week,
        day_of_week,
        hour,
        minute,
        second,
    } = fields;
    assert_eq!((year.as_str(), week.as_str()), ("*", "*"));
    [second, minute, hour, day, month, day_of_week]
        .map(String::as_str)
        .join(" ")
}

#[test]
fn lines_become_our_canonical_fields() {
    use Style::{FiveFields, Nickname, SixFields};
    let cases = [
        ("* * * * *", "0 * * * * *", FiveFields),
        ("  05\t04  * * * ", "0 5 4 * * *", FiveFields),
        ("*/15 9-17 * JAN,3 *", "0 */15 9-17 * jan,3 *", FiveFields),
        ("0 0 ? * ?", "0 0 0 * * *", FiveFields),
        ("0 0 last * *", "0 0 0 last * *", FiveFields),
        ("30 0 12 * * MON", "30 0 12 * * mon", SixFields),
        ("* * * * * *", "*/1 * * * * *", SixFields),
        ("? * * * * *", "*/1 * * * * *", SixFields),
        ("*/10 * * * * *", "*/10 * * * * *", SixFields),
        ("@hourly", "0 0 * * * *", Nickname),
        (" @Daily ", "0 0 0 * * *", Nickname),
        ("@midnight", "0 0 0 * * *", Nickname),
        ("@weekly", "0 0 0 * * sun", Nickname),
        ("@monthly", "0 0 0 1 * *", Nickname),
        ("@yearly", "0 0 0 1 1 *", Nickname),
        ("@annually", "0 0 0 1 1 *", Nickname),
    ];
    for (text, wanted, style) in cases {
        let (fields, found) = CronFields::parse_line(text).unwrap();
        assert_eq!((shown(&fields).as_str(), found), (wanted, style), "{text}");
        let cron = CronTrigger::new(&fields, Zone::UTC).unwrap();
        assert_eq!(cron.canonical(), &fields, "{text}");
        assert_eq!(CronTrigger::inherited(&fields, Zone::UTC).unwrap(), cron);
    }
}

#[test]
fn classic_weekdays_become_names() {
    let cases = [
        ("0", "sun"),
        ("7", "sun"),
        ("0,7", "sun"),
        ("1", "mon"),
        ("6", "sat"),
        ("06", "sat"),
        ("1-5", "mon-fri"),
        ("Mon-FRI", "mon-fri"),
        ("1-5/2", "mon,wed,fri"),
        ("mon-fri/2", "mon,wed,fri"),
        ("fri-mon", "mon,fri,sat,sun"),
        ("fri-mon/2", "fri,sun"),
        ("5-1", "mon,fri,sat,sun"),
        ("5-7", "fri-sun"),
        ("5-0", "fri-sun"),
        ("0-2", "mon,tue,sun"),
        ("7-2", "mon,tue,sun"),
        ("sun-tue", "mon,tue,sun"),
        ("sat-sun", "sat,sun"),
        ("0-6", "*"),
        ("0-7", "*"),
        ("1-7", "*"),
        ("sun-7", "*"),
        ("sun-sat", "*"),
        ("7-7", "sun"),
        ("0-0", "sun"),
        ("7-0", "sun"),
        ("sun-sun", "sun"),
        ("*/2", "tue,thu,sat,sun"),
        ("*/3", "wed,sat,sun"),
        ("6,0,mon", "mon,sat,sun"),
        ("*,5", "*"),
        ("tue,thu", "tue,thu"),
    ];
    for (weekday, wanted) in cases {
        let (fields, _) = CronFields::parse_line(&format!("0 0 * * {weekday}")).unwrap();
        assert_eq!(fields.day_of_week, wanted, "{weekday}");
    }
}

#[test]
fn refused_lines_say_why() {
    const ALLOWED: &str = "allowed: 5 fields (minute hour day month weekday), 6 fields (second first), \
         or @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually";
    const WEEKDAYS: &str = "allowed: *, */n, a, a-b, a-b/n, lists with commas; \
         numbers 0-7 (0 and 7 are Sunday), names sun-sat";
    let weekday = |words: &str| vec![format!("cron: weekday: {words}; {WEEKDAYS}")];
    let cases = [
        ("", vec![format!("cron: the line has 0 fields; {ALLOWED}")]),
        ("*", vec![format!("cron: the line has 1 field; {ALLOWED}")]),
        ("0 0 * * * * 2030", vec![format!("cron: the line has 7 fields; {ALLOWED}")]),
        ("@reboot", vec![format!("cron: unknown word \"@reboot\"; {ALLOWED}")]),
        ("@every 5m", vec![format!("cron: unknown word \"@every 5m\"; {ALLOWED}")]),
        ("0 0 * * 8", weekday("8 is out of range, given \"8\"")),
        ("0 0 * * 1-8", weekday("8 is out of range, given \"1-8\"")),
        ("0 0 * * monday", weekday("Invalid weekday name \"monday\", given \"monday\"")),
        ("0 0 * * 2/3", weekday("a step needs * or a range before it, given \"2/3\"")),
        (
            "0 0 * * 1-5/5",
            weekday("the step \"5\" must be a number from 1 to the range, 4, given \"1-5/5\""),
        ),
        (
            "0 0 * * */+2",
            weekday("the step \"+2\" must be a number from 1 to the range, 6, given \"*/+2\""),
        ),
        ("0 0 * * 1,", weekday("Invalid weekday name \"\", given \"\"")),
        (
            "60 0 * 13 8",
            vec![
                "cron: minute: Error validating expression '60': the last value (60) is higher than the maximum value (59); allowed: *, */n, a, a-b, a/n, a-b/n, lists with commas; numbers 0-59".to_owned(),
                "cron: month: Error validating expression '13': the last value (13) is higher than the maximum value (12); allowed: *, */n, a, a-b, a/n, a-b/n, lists with commas; numbers 1-12, names jan-dec".to_owned(),
                format!("cron: weekday: 8 is out of range, given \"8\"; {WEEKDAYS}"),
            ],
        ),
        (
            "0 9 13 * 5",
            vec![
                "cron: cron fires when the day (\"13\") or the weekday (\"5\") matches; here one job \
                 cannot say that. Write two jobs, \"0 9 13 * *\" and \"0 9 * * 5\"; or, for a weekday \
                 at its position in the month, give the fields one by one with a day such as \"1st fri\""
                    .to_owned(),
            ],
        ),
        (
            "30 0 9 */2 * 0-6",
            vec![
                "cron: cron fires when the day (\"*/2\") or the weekday (\"0-6\") matches; here one job \
                 cannot say that. Write two jobs, \"30 0 9 */2 * *\" and \"30 0 9 * * 0-6\"; or, for a \
                 weekday at its position in the month, give the fields one by one with a day such as \
                 \"1st mon\""
                    .to_owned(),
            ],
        ),
    ];
    for (text, wanted) in cases {
        let faults = CronFields::parse_line(text).unwrap_err();
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(lines, wanted, "{text}");
        assert!(faults.iter().all(|fault| fault.value == text), "{text}");
    }
}

#[test]
fn the_two_jobs_that_a_refusal_proposes_are_accepted() {
    for text in ["0 9 13 * 5", "5 0 9 1-7 */2 fri-mon", "0 0 31 1 */2"] {
        let message = CronFields::parse_line(text).unwrap_err().remove(0).message;
        let quoted: Vec<&str> = message.split('"').skip(1).step_by(2).collect();
        let proposed: Vec<&&str> = quoted.iter().filter(|text| text.len() > 8).collect();
        assert_eq!(proposed.len(), 2, "{message}");
        for line in proposed {
            CronFields::parse_line(line).unwrap();
        }
        let fields = CronFields {
            day: (*quoted.last().unwrap()).to_owned(),
            ..CronFields::default()
        };
        CronTrigger::new(&fields, Zone::UTC).unwrap();
    }
}

/// A weekday as crontabs write it, Sunday = 0 or 7, and the number meant.
fn weekday_text() -> impl Strategy<Value = (String, u32)> {
    const NAMES: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "FRI", "Sat"];
    prop_oneof![
        (0_u32..=7).prop_map(|day| (day.to_string(), day % 7)),
        (0_usize..7).prop_map(|day| (NAMES[day].to_owned(), day as u32)),
    ]
}

/// One item and the days it names, reckoned by walking the week.
fn weekday_item() -> impl Strategy<Value = (String, Vec<u32>)> {
    let range = (weekday_text(), weekday_text(), 1_usize..4)
        .prop_filter("a range of different days", |(first, last, _)| {
            first.1 != last.1
        })
        .prop_map(|((first_text, first), (last_text, last), step)| {
            let mut days = vec![first];
            while days.last() != Some(&last) {
                days.push((days[days.len() - 1] + 1) % 7);
            }
            let step = step.min(days.len() - 1);
            let days = days.into_iter().step_by(step).collect();
            (format!("{first_text}-{last_text}/{step}"), days)
        });
    prop_oneof![
        weekday_text().prop_map(|(text, day)| (text, vec![day])),
        range,
        Just(("*".to_owned(), (0..7).collect())),
        (1_usize..=6).prop_map(|step| (format!("*/{step}"), (0..7).step_by(step).collect())),
    ]
}

fn sundays_first(at: DateTime<Utc>) -> u32 {
    at.weekday().num_days_from_sunday()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn weekdays_of_a_line_fire_on_those_days(
        items in proptest::collection::vec(weekday_item(), 1..4), hour in 0_u32..24,
    ) {
        let (texts, days): (Vec<String>, Vec<Vec<u32>>) = items.into_iter().unzip();
        let days = days.concat();
        let (fields, _) = CronFields::parse_line(&format!("0 {hour} * * {}", texts.join(","))).unwrap();
        let cron = CronTrigger::new(&fields, Zone::UTC).unwrap();
        prop_assert_eq!(cron.canonical(), &fields);
        let from = at("2024-03-01T00:00:00Z");
        let wanted: Vec<_> = (0..21)
            .map(|day| from + TimeDelta::days(day) + TimeDelta::hours(hour.into()))
            .filter(|at| days.contains(&sundays_first(*at)))
            .collect();
        let found = fire_times(&cron, from, from + TimeDelta::days(21) - TimeDelta::seconds(1));
        prop_assert!(found.iter().all(|at| at.hour() == hour));
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn arbitrary_lines_never_panic(text in ".{0,20}", line in "([0-9a-z*/,?@-]{1,6} ){5,6}", weekday in "[0-9*/,a-z-]{1,8}") {
        for text in [text, line, format!("0 0 * * {weekday}")] {
            match CronFields::parse_line(&text) {
                Ok((fields, _)) => {
                    let cron = CronTrigger::new(&fields, Zone::UTC).unwrap();
                    prop_assert_eq!(cron.canonical(), &fields);
                }
                Err(faults) => {
                    prop_assert!(!faults.is_empty());
                    prop_assert!(faults.iter().all(|fault| fault.field == "cron" && fault.value == text));
                }
            }
        }
    }
}
