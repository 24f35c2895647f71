//! The definition of a job as JSON: read from a body, patched, and shown.
//!
//! Invariant: what is shown can be sent back and means the same.

use axum::body::Body;
use axum::http::{HeaderMap, header};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value, json};

use super::problem::{Fault, Problem};
use super::read::read;
use super::times::{Instant, shown};
use super::trigger::{read_trigger, trigger_json};
use crate::api::extract::read_body;
use crate::domain::job::{Job, JobId, Notes};
use crate::domain::policy::{CatchUp, Delivery, Grace, MAX_PRIORITY, Overlap, Policies};
use crate::domain::retry::Retry;
use crate::domain::target::Request;
use crate::service::{Definition, Jobs, Parts};

/// The bodies of definitions and actions.
pub const JSON: &str = "application/json";
/// The bodies of patches: this or [`JSON`].
pub const MERGE_PATCH: &str = "application/merge-patch+json";

/// What the body of a definition may hold.
const PARTS: [&str; 8] = [
    "job_id",
    "status",
    "description",
    "tags",
    "trigger",
    "request",
    "retry",
    "policies",
];

/// A job as a client sends it. What a client cannot decide may be there, so that
/// an answer can be sent back, and is not looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    #[serde(default)]
    job_id: Option<String>,
    #[serde(default, rename = "status")]
    _status: Option<IgnoredAny>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    trigger: Option<Value>,
    #[serde(default)]
    request: Option<Value>,
    #[serde(default)]
    retry: Option<Value>,
    #[serde(default)]
    policies: Option<Value>,
}

/// The policies of a job as a client sends them.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SentPolicies {
    misfire_grace: Option<Grace>,
    catch_up: CatchUp,
    overlap: Overlap,
    delivery: Delivery,
    pause_until: Option<Instant>,
    pause_after_failures: Option<u32>,
    priority: i64,
}

/// The body of a request, as JSON.
///
/// # Errors
/// When it is of another type, too large, late, or no JSON.
pub async fn receive(
    headers: &HeaderMap,
    body: Body,
    allowed: &'static str,
) -> Result<Option<Value>, Problem> {
    let bytes = read_body(body).await.map_err(|r| Problem::of_body(&r))?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if !is_json(headers, allowed) {
        return Err(Problem::MediaType(allowed));
    }
    serde_json::from_slice(&bytes).map(Some).map_err(|error| {
        let rule = format!("the body is no JSON: {error}");
        Problem::Malformed(Fault::new("", rule, Value::Null))
    })
}

/// The body of an action; none is an empty object.
///
/// # Errors
/// With every fault.
pub fn sent<T: DeserializeOwned>(body: Option<Value>) -> Result<T, Problem> {
    let body = body.unwrap_or_else(|| Value::Object(Map::new()));
    let mut faults = Vec::<Fault>::new();
    match read(body, "", &mut faults) {
        Some(sent) if faults.is_empty() => Ok(sent),
        _ => Err(Problem::Invalid(faults)),
    }
}

/// The body of an action that takes none.
///
/// # Errors
/// With every field, since none is known.
pub fn nothing(body: Option<Value>) -> Result<(), Problem> {
    #[derive(Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Nothing {}

    let Nothing {} = sent(body)?;
    Ok(())
}

fn is_json(headers: &HeaderMap, allowed: &str) -> bool {
    let Some(given) = headers.get(header::CONTENT_TYPE) else {
        return true;
    };
    let given = given.to_str().unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    [JSON, allowed]
        .iter()
        .any(|a| essence.eq_ignore_ascii_case(a))
}

/// Reads the definition of the job `id`, which is `current` now.
///
/// # Errors
/// [`Problem::Invalid`] with every fault.
pub fn define(
    sent: Value,
    id: &JobId,
    current: Option<&Job>,
    jobs: &Jobs,
) -> Result<Definition, Problem> {
    let mut faults = Vec::new();
    let whole = sent.clone();
    let Some(sent) = read::<Sent>(sent, "", &mut faults) else {
        return Err(Problem::Invalid(faults));
    };
    check_id(sent.job_id, id, &mut faults);
    let notes = Notes::new(sent.description, sent.tags);
    let schedule = required("trigger", sent.trigger, &mut faults)
        .and_then(|value| read_trigger(value, &mut faults));
    let request = required("request", sent.request, &mut faults)
        .and_then(|value| read::<Request>(value, "request", &mut faults));
    let policies = read_policies(sent.policies, sent.retry, &mut faults);
    match (schedule, request) {
        (Some(schedule), Some(request)) if faults.is_empty() => Ok(Definition {
            notes,
            schedule,
            request,
            policies,
        }),
        (schedule, mut request) => {
            if let (Some(request), Some(job)) = (&mut request, current) {
                request.merge_secrets(&job.request);
            }
            let grace_known = !faults
                .iter()
                .any(|fault| fault.field.starts_with("policies"));
            let parts = Parts {
                notes: &notes,
                schedule: schedule.as_ref(),
                request: request.as_ref(),
                policies: &policies,
                grace_known,
            };
            let more = jobs.faults_of_parts(&parts, current);
            faults.extend(more.iter().map(|fault| Fault::of_domain(fault, &whole)));
            Err(Problem::Invalid(faults))
        }
    }
}

/// The id may stand in the body too, if it is that of the path.
fn check_id(given: Option<String>, id: &JobId, faults: &mut Vec<Fault>) {
    if let Some(given) = given.filter(|given| given != id.as_str()) {
        let rule = "the id of a job cannot be changed: leave it out, or send that of the path";
        faults.push(Fault::new("job_id", rule, Value::from(given)));
    }
}

/// The value of a field that must be there.
pub fn required(field: &str, value: Option<Value>, faults: &mut Vec<Fault>) -> Option<Value> {
    let told = faults.iter().any(|fault| fault.field == field);
    if value.is_none() && !told {
        faults.push(Fault::new(field, "this field is required", Value::Null));
    }
    value
}

/// What cannot be read of them is told and left out, so that the rest is
/// judged too.
pub fn read_policies(
    sent: Option<Value>,
    retry: Option<Value>,
    faults: &mut Vec<Fault>,
) -> Policies {
    let sent = sent.and_then(|value| read::<SentPolicies>(value, "policies", faults));
    let sent = sent.unwrap_or_default();
    let retry = retry.and_then(|value| read::<Retry>(value, "retry", faults));
    let priority = i8::try_from(sent.priority).unwrap_or_else(|_| {
        let rule = format!("priorities lie in -{MAX_PRIORITY}..={MAX_PRIORITY}");
        let given = Value::from(sent.priority);
        faults.push(Fault::new("policies.priority", rule, given));
        0
    });
    Policies {
        misfire_grace: sent.misfire_grace,
        catch_up: sent.catch_up,
        overlap: sent.overlap,
        delivery: sent.delivery,
        retry,
        pause_until: sent.pause_until.map(|at| at.0),
        pause_after_failures: sent.pause_after_failures,
        priority,
    }
}

/// The definition with the pause that the job is in, unless it says something of
/// it: who puts a job again does not mean to end a pause that somebody else began.
pub fn keeping_pause(mut sent: Value, current: Option<&Job>) -> Value {
    let until = current.and_then(|job| job.policies.pause_until);
    if let (Some(until), Some(parts)) = (until, sent.as_object_mut()) {
        let policies = parts.entry("policies").or_insert(Value::Null);
        if policies.is_null() {
            *policies = Value::Object(Map::new());
        }
        if let Some(policies) = policies.as_object_mut() {
            policies.entry("pause_until").or_insert(json!(shown(until)));
        }
    }
    sent
}

/// What a client made of a job, as it may be sent back.
pub fn definition_json(job: &Job) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("description".into(), json!(job.notes.description));
    out.insert("tags".into(), json!(job.notes.tags));
    out.insert("trigger".into(), trigger_json(&job.schedule));
    out.insert("request".into(), job.request.for_display());
    out.insert("retry".into(), json!(job.policies.retry));
    out.insert("policies".into(), policies_json(&job.policies));
    out
}

fn policies_json(policies: &Policies) -> Value {
    let Policies {
        misfire_grace,
        catch_up,
        overlap,
        delivery,
        retry: _,
        pause_until,
        pause_after_failures,
        priority,
    } = policies;
    json!({
        "misfire_grace": misfire_grace,
        "catch_up": catch_up,
        "overlap": overlap,
        "delivery": delivery,
        "pause_until": pause_until.map(shown),
        "pause_after_failures": pause_after_failures,
        "priority": priority,
    })
}

/// What has one of several forms, as an object with one key.
const FORMS: [(&str, &str); 3] = [
    ("request", "body"),
    ("retry", "delay"),
    ("policies", "overlap"),
];

/// The definition of a job with a patch merged in: RFC 7396. A trigger of
/// another type, and one given as a line of cron text, take the place of what
/// there was; so does another form of what has [`FORMS`].
pub fn patched(job: &Job, mut patch: Value) -> Value {
    let mut whole = definition_json(job);
    if let Some(trigger) = patch.get_mut("trigger").and_then(Value::as_object_mut) {
        let kind = |t: &Map<String, Value>| t.get("type").cloned();
        let known = whole.get_mut("trigger").and_then(Value::as_object_mut);
        if let Some(known) = known {
            if kind(trigger).is_some_and(|given| Some(given) != kind(known)) {
                known.clear();
            } else if trigger.contains_key("cron") {
                super::trigger::FIELDS.iter().for_each(|field| {
                    known.remove(*field);
                });
            }
        }
    }
    for (outer, inner) in FORMS {
        let sent = patch.get(outer).and_then(|o| o.get(inner));
        let known = whole.get_mut(outer).and_then(|o| o.get_mut(inner));
        if let (Some(Value::Object(sent)), Some(Value::Object(known))) = (sent, known)
            && !sent.is_empty()
        {
            known.retain(|form, _| sent.contains_key(form));
        }
    }
    let unknown = unknown_nulls(&patch);
    let mut whole = Value::Object(whole);
    merge(&mut whole, patch);
    if let Some(whole) = whole.as_object_mut() {
        whole.extend(unknown);
    }
    whole
}

/// What is no part of a definition and null: merging would let it vanish, but it
/// is to be refused as any other that is not known.
fn unknown_nulls(patch: &Value) -> Map<String, Value> {
    let parts = patch.as_object().into_iter().flatten();
    let unknown = parts.filter(|(key, value)| value.is_null() && !PARTS.contains(&key.as_str()));
    unknown.map(|(key, _)| (key.clone(), Value::Null)).collect()
}

/// RFC 7396, section 2.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(known) = target.as_object_mut() else {
        return;
    };
    for (key, value) in patch {
        if value.is_null() {
            known.shift_remove(&key);
        } else {
            merge(known.entry(key).or_insert(Value::Null), value);
        }
    }
}
