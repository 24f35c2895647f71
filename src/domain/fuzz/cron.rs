//! Cron fields and lines.

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::inputs::{field, instant, line, zone};
use super::{Verdict, corpus, hard_instants, kept_in, quickly, replay};
use crate::domain::trigger::tests::plain::plainly_matches;
use crate::domain::trigger::{CronFields, CronTrigger, DstRule, Fold, Gap};
use crate::domain::zone::Zone;

/// A field's name and its place.
type Put = (&'static str, fn(&mut CronFields) -> &mut String);

/// The longest body that the API reads.
const MAX_BODY_BYTES: usize = 1024 * 1024;

const FIELDS: [Put; 8] = [
    ("year", |fields| &mut fields.year),
    ("month", |fields| &mut fields.month),
    ("day", |fields| &mut fields.day),
    ("week", |fields| &mut fields.week),
    ("day_of_week", |fields| &mut fields.day_of_week),
    ("hour", |fields| &mut fields.hour),
    ("minute", |fields| &mut fields.minute),
    ("second", |fields| &mut fields.second),
];

/// This text in each of the eight fields, alone.
fn check_field(text: &str, zone: Zone, instants: &[DateTime<Utc>]) -> Verdict {
    for (name, field) in FIELDS {
        let mut fields = CronFields::default();
        text.clone_into(field(&mut fields));
        match quickly(&fields, || CronTrigger::new(&fields, zone))? {
            Ok(cron) => check_accepted(&cron, instants)?,
            Err(faults) => {
                prop_assert_eq!(faults.len(), 1, "{:?}", faults);
                prop_assert_eq!((faults[0].field, faults[0].value.as_str()), (name, text));
                let words = faults[0].to_string();
                prop_assert!(words.starts_with(&format!("{name}: ")), "{}", words);
                prop_assert!(words.contains("; allowed: "), "{}", words);
                prop_assert!(quotes_an_item(&words, text), "{}", words);
            }
        }
    }
    Ok(())
}

/// Whether the item at fault stands in the message, raw or escaped.
fn quotes_an_item(words: &str, text: &str) -> bool {
    text.trim()
        .split(',')
        .map(|item| item.trim_matches(' '))
        .any(|item| words.contains(&format!("{item:?}")) || words.contains(item))
}

/// What was accepted reads the same in its canonical form, and fires when it says.
fn check_accepted(cron: &CronTrigger, instants: &[DateTime<Utc>]) -> Verdict {
    let again = CronTrigger::new(cron.canonical(), cron.zone());
    prop_assert_eq!(again.as_ref(), Ok(cron));
    let json = serde_json::to_string(cron).unwrap();
    prop_assert_eq!(&serde_json::from_str::<CronTrigger>(&json).unwrap(), cron);
    for t in instants {
        check_fire_times(cron, *t)?;
        let (gap, fold) = (Gap::Shift, Fold::Second);
        let shifted = cron.clone().with_dst(DstRule { gap, fold });
        let next = quickly(&(&shifted, t), || shifted.next_after(*t))?;
        prop_assert!(next.is_none_or(|next| next > *t));
    }
    Ok(())
}

fn check_fire_times(cron: &CronTrigger, t: DateTime<Utc>) -> Verdict {
    let mut last = t;
    for _ in 0..3 {
        let asked = (cron.canonical(), cron.zone(), last);
        let Some(next) = quickly(&asked, || cron.next_after(last))? else {
            return Ok(());
        };
        prop_assert!(next > last, "{:?} gave {}", asked, next);
        prop_assert_eq!(cron.next_at_or_after(next), Some(next));
        let wall = next.with_timezone(&cron.zone().tz());
        prop_assert!(
            plainly_matches(cron.canonical(), wall),
            "{:?}: {}",
            asked,
            wall
        );
        last = next;
    }
    Ok(())
}

fn check_line(text: &str, instants: &[DateTime<Utc>]) -> Verdict {
    match quickly(&text, || CronFields::parse_line(text))? {
        Ok((fields, _)) => {
            let cron = CronTrigger::new(&fields, Zone::UTC);
            prop_assert!(cron.is_ok(), "{:?}", cron);
            let cron = cron.unwrap();
            prop_assert_eq!(cron.canonical(), &fields);
            let inherited = CronTrigger::inherited(&fields, Zone::UTC);
            prop_assert_eq!(inherited.as_ref(), Ok(&cron));
            let line = as_line(&fields);
            let again = CronFields::parse_line(&line).map(|(fields, _)| fields);
            prop_assert_eq!(again, Ok(fields), "from {:?}", line);
            check_accepted(&cron, instants)
        }
        Err(faults) => {
            prop_assert!(!faults.is_empty());
            for fault in faults {
                prop_assert_eq!((fault.field, fault.value.as_str()), ("cron", text));
                prop_assert!(!fault.message.is_empty());
            }
            Ok(())
        }
    }
}

/// The fields as a line of six; a line has no positions of weekdays.
fn as_line(fields: &CronFields) -> String {
    let CronFields {
        second,
        minute,
        hour,
        day,
        month,
        day_of_week,
        ..
    } = fields;
    format!("{second} {minute} {hour} {day} {month} {day_of_week}")
}

#[test]
fn the_corpus_of_fields_holds() {
    let zone = Zone::parse("Europe/London").unwrap();
    replay(corpus!("fields"), |text| {
        check_field(text, zone, &hard_instants())
    });
}

#[test]
fn the_corpus_of_lines_holds() {
    replay(corpus!("lines"), |text| check_line(text, &hard_instants()));
}

#[test]
fn texts_as_long_as_a_body_take_no_long_time() {
    let items = [
        "1970-9999,",
        "1970/1,",
        "0-59,",
        "1-5/2,",
        "last,",
        "mon-fri,",
        "-",
        "é ",
    ];
    for item in items {
        let long = item.repeat(MAX_BODY_BYTES / item.len()) + "1";
        for (name, field) in FIELDS {
            let mut fields = CronFields::default();
            long.clone_into(field(&mut fields));
            let about = (name, item);
            let _ = quickly(&about, || CronTrigger::new(&fields, Zone::UTC)).unwrap();
        }
        for line in [
            long.clone(),
            format!("{long} * * * *"),
            format!("* * * * {long}"),
        ] {
            let _ = quickly(&item, || CronFields::parse_line(&line)).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(kept_in!("cron", 8))]

    #[test]
    fn any_text_as_a_field(text in field(), zone in zone(), instants in [instant(), instant()]) {
        check_field(&text, zone, &instants)?;
    }

    #[test]
    fn any_text_as_a_line(text in line(), instants in [instant(), instant()]) {
        check_line(&text, &instants)?;
    }

    #[test]
    fn any_texts_together(
        texts in [field(), field(), field(), field(), field(), field(), field(), field()],
        zone in zone(), t in instant(),
    ) {
        let mut fields = CronFields::default();
        for ((_, field), text) in FIELDS.into_iter().zip(&texts) {
            text.clone_into(field(&mut fields));
        }
        match quickly(&fields, || CronTrigger::new(&fields, zone))? {
            Ok(cron) => check_accepted(&cron, &[t])?,
            Err(faults) => {
                let told: Vec<_> = faults.iter().map(|fault| fault.field).collect();
                let in_order = FIELDS.iter().map(|(name, _)| *name).filter(|name| told.contains(name));
                prop_assert_eq!(&in_order.collect::<Vec<_>>(), &told);
            }
        }
    }
}
