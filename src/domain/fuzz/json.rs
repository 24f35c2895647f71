//! JSON of any shape where a schedule, a request or policies are read.

use std::fmt::Debug;

use chrono::DateTime;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};
use uuid::Uuid;

use super::inputs::{field, mutated, wild};
use super::{Verdict, corpus, kept_in, lines, quickly, replay};
use crate::domain::occurrence::Reason;
use crate::domain::policy::Policies;
use crate::domain::retry::Retry;
use crate::domain::run::Outcome;
use crate::domain::schedule::Schedule;
use crate::domain::target::{Request, Values};
use crate::domain::trigger::{FieldFault, Trigger, TriggerKind};

/// Every reader, of this text.
fn check_json(text: &str) -> Verdict {
    check_round_trip::<Trigger>(text)?;
    if let Some(schedule) = check_round_trip::<Schedule>(text)? {
        for t in super::hard_instants() {
            let next = quickly(&text, || schedule.next_after(t))?;
            prop_assert!(next.is_none_or(|next| next > t));
        }
    }
    if let Some(policies) = check_round_trip::<Policies>(text)? {
        check_faults(&policies.check())?;
        let kind = TriggerKind::Interval;
        let _ = policies.cutoff(kind, DateTime::UNIX_EPOCH);
    }
    if let Some(retry) = check_round_trip::<Retry>(text)? {
        check_faults(&retry.check())?;
        check_delays(&retry)?;
    }
    check_request(text)
}

/// Reads it; what was read, written and read again is the same.
fn check_round_trip<T>(text: &str) -> Result<Option<T>, TestCaseError>
where
    T: DeserializeOwned + Serialize + PartialEq + Debug,
{
    match quickly(&text, || serde_json::from_str::<T>(text))? {
        Ok(read) => {
            let written = serde_json::to_string(&read).unwrap();
            let again = serde_json::from_str::<T>(&written);
            prop_assert!(again.is_ok(), "{}: {:?}", written, again);
            prop_assert_eq!(again.unwrap(), read);
        }
        Err(error) => prop_assert!(!error.to_string().is_empty()),
    }
    Ok(serde_json::from_str(text).ok())
}

fn check_faults(faults: &[FieldFault]) -> Verdict {
    for fault in faults {
        prop_assert!(
            !fault.field.is_empty() && !fault.message.is_empty(),
            "{:?}",
            fault
        );
    }
    Ok(())
}

fn check_delays(retry: &Retry) -> Verdict {
    let failed = Outcome {
        reason: Some(Reason::Status),
        status: Some(503),
        retry_after_ms: Some(u64::MAX),
        ..Outcome::default()
    };
    for attempt in [0, 1, 2, 63, 64, 65, u32::MAX] {
        let delay = retry.delay_ms(Uuid::from_u128(u128::MAX), attempt, &failed, u64::MAX);
        prop_assert!(delay.is_none_or(|ms| ms <= crate::domain::retry::MAX_DELAY_MS));
    }
    Ok(())
}

fn check_request(text: &str) -> Verdict {
    let Ok(mut request) = quickly(&text, || serde_json::from_str::<Request>(text))? else {
        return Ok(());
    };
    let stored = request.for_store().to_string();
    let again = serde_json::from_str::<Request>(&stored);
    prop_assert!(again.is_ok(), "{}: {:?}", stored, again);
    prop_assert_eq!(&again.unwrap(), &request);
    let shown = request.for_display().to_string();
    prop_assert!(serde_json::from_str::<Request>(&shown).is_ok(), "{}", shown);
    let faults = quickly(&text, || request.check())?;
    check_faults(&faults)?;
    if faults.is_empty() {
        let values = Values {
            job_id: "a b/ü",
            fire_at: DateTime::UNIX_EPOCH,
            fire_id: Uuid::from_u128(7),
            attempt: 1,
        };
        quickly(&text, || drop(request.filled(&values)))?;
    }
    let same = request.clone();
    request.merge_secrets(&same);
    prop_assert_eq!(request, same);
    Ok(())
}

#[test]
fn the_corpus_of_json_holds() {
    replay(corpus!("json"), check_json);
}

#[test]
fn deep_json_is_refused() {
    for (open, close) in [
        ("[", "]"),
        ("{\"body\":{\"json\":", "}}"),
        ("{\"kind\":", "}"),
    ] {
        for depth in [60, 127, 128, 100_000] {
            check_json(&(open.repeat(depth) + "1" + &close.repeat(depth))).unwrap();
            check_json(&open.repeat(depth)).unwrap();
            let nested = open.repeat(depth) + "1" + &close.repeat(depth);
            let body =
                format!(r#"{{"url":"http://h/","method":"POST","body":{{"json":{nested}}}}}"#);
            check_json(&body).unwrap();
        }
    }
}

/// The corpus as values, and all their keys and texts.
fn known() -> (Vec<Value>, Vec<String>) {
    fn words(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) => found.push(text.clone()),
            Value::Array(items) => items.iter().for_each(|item| words(item, found)),
            Value::Object(map) => map.iter().for_each(|(key, value)| {
                found.push(key.clone());
                words(value, found);
            }),
            _ => {}
        }
    }
    let read = lines(corpus!("json")).filter_map(|line| serde_json::from_str(&line).ok());
    let values: Vec<Value> = read.filter(Value::is_object).collect();
    let mut found = Vec::new();
    values.iter().for_each(|value| words(value, &mut found));
    (values, found)
}

fn leaf() -> impl Strategy<Value = Value> {
    let word = select(known().1);
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1_i64..70_000).prop_map(Value::from),
        any::<f64>().prop_map(|float| Number::from_f64(float).map_or(Value::Null, Value::Number)),
        wild().prop_map(Value::from),
        field().prop_map(Value::from),
        mutated(word.clone()).prop_map(Value::from),
        word.prop_map(Value::from),
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 40, 6, |inner| {
        let key = prop_oneof![4 => select(known().1), 1 => wild()];
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((key, inner), 0..6).prop_map(|pairs| Value::Object(Map::from_iter(pairs))),
        ]
    })
}

/// A sound value in which up to three places are replaced, or removed.
fn changed_json() -> impl Strategy<Value = Value> {
    let change = (any::<Index>(), proptest::option::weighted(0.8, any_json()));
    (select(known().0), vec(change, 0..4)).prop_map(|(mut value, changes)| {
        for (place, new) in changes {
            replace(&mut value, place, new);
        }
        value
    })
}

/// Replaces one member of one object or list of the value, or takes it out.
fn replace(value: &mut Value, place: Index, new: Option<Value>) {
    let mut paths = Vec::new();
    list_paths(value, String::new(), &mut paths);
    if paths.is_empty() {
        return;
    }
    let path = &paths[place.index(paths.len())];
    let (parent, key) = path.rsplit_once('/').expect("a path has a parent");
    match (value.pointer_mut(parent), new) {
        (Some(Value::Object(map)), None) => drop(map.shift_remove(&unescaped(key))),
        (_, Some(new)) => *value.pointer_mut(path).expect("it was listed") = new,
        _ => {}
    }
}

fn list_paths(value: &Value, at: String, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => {
            let escaped = |key: &String| key.replace('~', "~0").replace('/', "~1");
            map.iter()
                .map(|(key, child)| (escaped(key), child))
                .collect()
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(n, child)| (n.to_string(), child))
            .collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        let path = format!("{at}/{key}");
        found.push(path.clone());
        list_paths(child, path, found);
    }
}

fn unescaped(key: &str) -> String {
    key.replace("~1", "/").replace("~0", "~")
}

proptest! {
    #![proptest_config(kept_in!("json", 1))]

    #[test]
    fn any_json_at_all(value in any_json()) {
        check_json(&value.to_string())?;
    }

    #[test]
    fn sound_json_with_faults(value in changed_json()) {
        check_json(&value.to_string())?;
    }

    #[test]
    fn any_text_as_json(text in mutated(select(known().0).prop_map(|value| value.to_string()))) {
        check_json(&text)?;
    }
}
