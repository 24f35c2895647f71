//! The jobs of a run: some are left alone from its beginning to its end, others are
//! changed all the while.

use chrono::DateTime;
use serde_json::{Value, json};

use super::rng::Rng;
use super::target::{DEADLINE, Target};

/// Jobs that fire each second and are left alone, as the lines of an import; and
/// date jobs spread over the time from `from_ms` on.
pub fn steady(
    rng: &mut Rng,
    target: &Target,
    recurring: u64,
    dates: u64,
    from_ms: i64,
    for_ms: u64,
) -> String {
    let mut lines = vec![json!({"schedule_server": "0.1.0", "format": 1}).to_string()];
    for n in 0..recurring {
        let id = id("steady", n);
        let whole = each_second(rng, target, &id);
        lines.push(json!({"job_id": id, "definition": whole}).to_string());
    }
    for n in 0..dates {
        let at = from_ms + i64::try_from(rng.below(for_ms)).unwrap();
        let id = id("date", n);
        let whole = date(rng, target, &id, at);
        lines.push(json!({"job_id": id, "definition": whole}).to_string());
    }
    lines.join("\n")
}

/// An id that says which delivery its job asks for: every second one at least once.
pub fn id(name: &str, n: u64) -> String {
    let delivery = if n.is_multiple_of(2) { "most" } else { "least" };
    format!("{name}-{n}-{delivery}")
}

/// Whether the job of this id asks for delivery at least once.
pub fn at_least_once(id: &str) -> bool {
    id.ends_with("-least")
}

pub fn date(rng: &mut Rng, target: &Target, id: &str, at_ms: i64) -> Value {
    let at = DateTime::from_timestamp_millis(at_ms).unwrap();
    let mut whole = definition(rng, target, id);
    whole["trigger"] = json!({"type": "date", "at": at.to_rfc3339()});
    whole["policies"]["misfire_grace"] = json!("unlimited");
    whole
}

/// A job that fires each second, by an interval or a cron expression.
pub fn each_second(rng: &mut Rng, target: &Target, id: &str) -> Value {
    let mut whole = definition(rng, target, id);
    whole["trigger"] = if rng.chance(50) {
        json!({"type": "interval", "seconds": 1})
    } else {
        json!({"type": "cron", "cron": "* * * * * *"})
    };
    whole
}

fn definition(rng: &mut Rng, target: &Target, id: &str) -> Value {
    let path = *rng.pick(&["/ok", "/ok", "/ok", "/flaky", "/slow"]);
    let overlaps = [
        json!("skip"),
        json!({"allow": 3}),
        json!({"queue": 4}),
        json!("cancel_previous"),
    ];
    let graces = [json!(null), json!({"ms": 2_000}), json!("unlimited")];
    let catch_ups = [json!("latest"), json!("none"), json!({"all": 3})];
    let delivery = if at_least_once(id) {
        "at_least_once"
    } else {
        "at_most_once"
    };
    let timeout_ms = u64::try_from(DEADLINE.as_millis()).unwrap();
    let mut whole = json!({
        "request": {"url": target.at(path), "timeout_ms": timeout_ms},
        "policies": {
            "delivery": delivery,
            "overlap": rng.pick(&overlaps),
            "misfire_grace": rng.pick(&graces),
            "catch_up": rng.pick(&catch_ups),
        },
    });
    if rng.chance(40) {
        let delay = json!({"fixed_ms": rng.between(20, 400)});
        whole["retry"] = json!({"attempts": 3, "delay": delay});
    }
    whole
}
