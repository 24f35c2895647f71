//! Cron and interval triggers against `cron.jsonl` and `interval.jsonl`.
//!
//! Deliberate differences, as the README of the recordings asks for them:
//! `next_exact` instead of the library's DST faults, `lenient` expressions and
//! negative intervals refused, `data` shown from one day on.

use chrono::{DateTime, TimeDelta, Utc};
use schedule_server::domain::schedule::Schedule;
use schedule_server::domain::trigger::{
    CronFields, CronTrigger, FieldFault, IntervalParts, IntervalTrigger, Trigger,
};
use schedule_server::domain::zone::Zone;
use serde_json::Value;

use super::{lines, report};

#[test]
fn compat_cron_lines() {
    let lines = lines("cron.jsonl");
    let failures: Vec<String> = lines
        .iter()
        .filter_map(|line| {
            let found = check_cron(&line.json);
            found
                .err()
                .map(|why| format!("{} {}: {why}", line.id, line.json["fields"]))
        })
        .collect();
    report("cron.jsonl", lines.len(), &failures);
}

#[test]
fn compat_interval_lines() {
    let lines = lines("interval.jsonl");
    let failures: Vec<String> = lines
        .iter()
        .filter_map(|line| {
            let found = check_interval(&line.json);
            found.err().map(|why| format!("{}: {why}", line.id))
        })
        .collect();
    report("interval.jsonl", lines.len(), &failures);
}

fn check_cron(line: &Value) -> Result<(), String> {
    let fields: CronFields = parsed(&line["fields"]);
    let zone = line["tz"].as_str().unwrap_or("UTC");
    let zone = Zone::parse(zone).map_err(|error| error.to_string())?;
    let built = CronTrigger::inherited(&fields, zone);
    if has_tag(line, "lenient") {
        return match built {
            Ok(_) => Err("a lenient expression was accepted".to_owned()),
            Err(faults) => refused_as("Unrecognized expression ", &faults),
        };
    }
    if let Some(words) = line["error"].as_str() {
        return match built {
            Ok(_) => Err(format!("accepted instead of: {words}")),
            Err(faults) => refused_as(words, &faults),
        };
    }
    let trigger = built.map_err(|faults| format!("refused: {faults:?}"))?;
    same(
        "canonical",
        trigger.canonical(),
        &parsed(&line["canonical"]),
    )?;
    let trigger = Trigger::Cron(trigger);
    check_fire_times(&trigger, line)?;
    check_json(&trigger)
}

fn check_fire_times(trigger: &Trigger, line: &Value) -> Result<(), String> {
    let wanted = match line["next_exact"].as_array() {
        Some(_) => instants(&line["next_exact"]),
        None => instants(&line["next"]),
    };
    let start: DateTime<Utc> = parsed(&line["start"]);
    let mut found: Vec<DateTime<Utc>> = Vec::new();
    let mut next = trigger.first_fire_at(start);
    while let Some(at) = next.filter(|_| found.len() < wanted.len()) {
        found.push(at);
        next = trigger.next_after(at);
    }
    same("fire times", &found, &wanted)?;
    if line["exhausted"] == true {
        same("fire time after the last", &next, &None)?;
    } else {
        same("has a further fire time", &next.is_some(), &true)?;
    }
    match (wanted.first(), wanted.last()) {
        (Some(first), Some(last)) => {
            same(
                "resume at start",
                &trigger.next_at_or_after(start),
                &Some(*first),
            )?;
            let counted = trigger.count_between(*first, *last, 1000);
            same("count_between", &counted, &(wanted.len() as u64, *last))
        }
        _ => Ok(()),
    }
}

fn check_interval(line: &Value) -> Result<(), String> {
    let part = |name: &str| match &line[name] {
        Value::Null => None,
        // Beyond 64 bits only the size matters.
        huge => huge
            .as_i64()
            .map(i128::from)
            .or(huge.as_f64().map(|part| part as i128)),
    };
    let parts = [part("hours"), part("minutes"), part("seconds")];
    if parts.iter().all(Option::is_none) {
        // The caller's business: the endpoint answers before a trigger is built.
        return same("api answers alone", &line["api"].is_string(), &true);
    }
    let start: DateTime<Utc> = parsed(&line["start"]);
    let [hours, minutes, seconds] = parts;
    let built = IntervalTrigger::new(hours, minutes, seconds, start);
    let given = |part: Option<i128>| part.unwrap_or(0);
    let total_s = given(hours) * 3600 + given(minutes) * 60 + given(seconds);
    // Negative totals are a defect of the reference; a refusal that has no
    // better answer beside it stands.
    let refused = line["error"].is_string() && line["next_exact"].is_null();
    if total_s < 0 || refused {
        return same("refused", &built.is_err(), &true);
    }
    let interval = built.map_err(|faults| format!("refused: {faults:?}"))?;
    same("every_s", &i128::from(interval.every_s()), &total_s.max(1))?;
    check_parts(line, interval.parts(), total_s)?;
    let trigger = Trigger::Interval(interval);
    check_grid(&trigger, line, start)?;
    check_json(&trigger)
}

/// `data` as recorded; where it is defective, and where nothing was recorded,
/// the normalised parts.
fn check_parts(line: &Value, parts: IntervalParts, total_s: i128) -> Result<(), String> {
    let shown_s = i128::from(parts.hour * 3600 + parts.minute * 60 + parts.second);
    same("parts add up", &shown_s, &total_s.max(1))?;
    let normal = (0..60).contains(&parts.minute) && (0..60).contains(&parts.second);
    same("parts are normalised", &normal, &true)?;
    if line["data"].is_null() || line["data_defect"].is_string() {
        return Ok(());
    }
    same("data", &parts, &parsed(&line["data"]))
}

fn check_grid(trigger: &Trigger, line: &Value, start: DateTime<Utc>) -> Result<(), String> {
    let wanted = match line["next_exact"].as_array() {
        Some(_) => instants(&line["next_exact"]),
        None => instants(&line["next"]),
    };
    let mut next = trigger.first_fire_at(start);
    for at in wanted {
        near("fire time", next, at)?;
        next = next.and_then(|at| trigger.next_after(at));
    }
    if line["next_error"].is_string() {
        same("fire time beyond year 9999", &next, &None)?;
    }
    let resumes = line["resume"].as_array().map_or(&[][..], Vec::as_slice);
    for resume in resumes {
        let found = trigger.next_at_or_after(parsed(&resume["now"]));
        near(
            &format!("resume at {}", resume["now"]),
            found,
            parsed(&resume["next"]),
        )?;
    }
    Ok(())
}

fn check_json(trigger: &Trigger) -> Result<(), String> {
    let json = serde_json::to_value(trigger).map_err(|error| error.to_string())?;
    same("kind", &json["kind"], &Value::from(trigger.kind().as_str()))?;
    same("JSON round trip", &parsed::<Trigger>(&json), trigger)?;
    // Without options a schedule is stored as its trigger, to the byte.
    let schedule = parsed::<Schedule>(&json);
    let shown =
        |json: Result<String, _>| json.map_err(|error: serde_json::Error| error.to_string());
    same(
        "JSON of a schedule",
        &shown(serde_json::to_string(&schedule))?,
        &shown(serde_json::to_string(trigger))?,
    )
}

/// The recorded words begin the first fault; faults of text after a name may
/// come before it, since the library dropped that text silently.
fn refused_as(words: &str, faults: &[FieldFault]) -> Result<(), String> {
    let is_lenient = |fault: &FieldFault| {
        let has_names = ["month", "day", "day_of_week"].contains(&fault.field);
        has_names && fault.message.starts_with("Unrecognized expression ")
    };
    let found = faults
        .iter()
        .find(|fault| fault.message.starts_with(words) || !is_lenient(fault));
    match found {
        Some(fault)
            if fault.message.starts_with(words) && fault.message.contains("; allowed: ") =>
        {
            Ok(())
        }
        _ => Err(format!("refused with {faults:?} instead of {words:?}")),
    }
}

/// The reference computes in floating seconds.
fn near(what: &str, found: Option<DateTime<Utc>>, wanted: DateTime<Utc>) -> Result<(), String> {
    let far_future: DateTime<Utc> = parsed(&Value::from("4000-01-01T00:00:00Z"));
    let tolerance = TimeDelta::microseconds(if wanted < far_future { 1 } else { 100 });
    match found {
        Some(found) if (found - wanted).abs() <= tolerance => Ok(()),
        _ => Err(format!("{what}: {found:?} instead of {wanted:?}")),
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, wanted: &T) -> Result<(), String> {
    if found == wanted {
        return Ok(());
    }
    Err(format!("{what}: {found:?} instead of {wanted:?}"))
}

fn parsed<T: serde::de::DeserializeOwned>(json: &Value) -> T {
    serde_json::from_value(json.clone()).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn instants(json: &Value) -> Vec<DateTime<Utc>> {
    parsed(json)
}

fn has_tag(line: &Value, tag: &str) -> bool {
    let tags = line["tags"].as_array();
    tags.is_some_and(|tags| tags.iter().any(|known| known == tag))
}
