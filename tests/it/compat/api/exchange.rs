//! A line with the answer to it, and the comparisons that need no rule: the
//! recorded answer, an envelope, status and headers.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::model::{SOME_TIME, World, python_time};
use super::recording::Line;
use crate::support::http::Reply;

/// The outcome of one line.
#[derive(Default)]
pub struct Compared {
    pub faults: Vec<String>,
    /// Why the answer is not the recorded one, where it is not.
    pub derived: Option<String>,
}

/// A line and the answer to it.
pub struct Exchange<'a> {
    pub line: &'a Line,
    pub reply: Reply,
    pub host: String,
    /// When it was sent, and when it was answered.
    pub span: (DateTime<Utc>, DateTime<Utc>),
}

impl Exchange<'_> {
    /// Whether the answer is this envelope, times apart.
    pub fn envelope(&self, status: u16, expected: &Value) -> Vec<String> {
        let mut faults = self.derived_head(status);
        if faults.is_empty() {
            let (mut got, mut expected) = (self.reply.json(), expected.clone());
            hide_times(&mut got["data"]);
            hide_times(&mut expected["data"]);
            if got != expected {
                faults.push(format!("expected {expected}"));
            }
        }
        faults
    }

    /// Status and headers of an answer that was not recorded.
    pub fn derived_head(&self, status: u16) -> Vec<String> {
        let mut headers = BTreeMap::new();
        let mut set = |name: &str, value: &str| headers.insert(name.to_owned(), value.to_owned());
        set("content-type", "application/json");
        let asked = &self.line.request.headers;
        if let Some(origin) = asked.get("origin") {
            set("access-control-allow-credentials", "true");
            let with_cookie = asked.contains_key("cookie");
            set(
                "access-control-allow-origin",
                if with_cookie { origin } else { "*" },
            );
            if with_cookie {
                set("vary", "Origin");
            }
        }
        let mut faults = self.header_faults(&headers);
        if self.reply.status != status {
            faults.push(format!("expected status {status}"));
        }
        faults
    }

    pub fn header_faults(&self, expected: &BTreeMap<String, String>) -> Vec<String> {
        let told = ["content-type", "allow", "location", "vary"];
        let is_told = |name: &str| told.contains(&name) || name.starts_with("access-control-");
        let missing = expected.iter().filter_map(|(name, value)| {
            let value = value.replace("http://HOST", &format!("http://{}", self.host));
            let got = self.reply.header(name);
            (got != Some(value.as_str())).then(|| format!("expected {name}: {value}, got {got:?}"))
        });
        let extra = self.reply.headers.iter().filter_map(|(name, value)| {
            let unexpected = is_told(name) && !expected.contains_key(name);
            unexpected.then(|| format!("unexpected {name}: {value}"))
        });
        missing.chain(extra).collect()
    }

    /// The recorded answer, apart from what varies.
    pub fn as_recorded(&self, world: &mut World) -> Compared {
        let response = &self.line.response;
        if self.line.reference_defect && response.status >= 500 {
            return fault(format!("no rule for the defect {:?}", self.line.defect));
        }
        let mut faults = self.header_faults(&response.headers);
        if self.reply.status != response.status {
            faults.push(format!("expected status {}", response.status));
        }
        if let Some(text) = &response.text
            && *text != self.reply.text()
        {
            faults.push(format!("expected the text {text:?}"));
        }
        if let Some(recorded) = &response.json {
            let mut expected = world.rename(recorded);
            let mut got = serde_json::from_slice(&self.reply.body).unwrap_or_default();
            for pointer in &self.line.varies {
                faults.extend(take_varying(pointer, &mut expected, &mut got, world));
            }
            if expected != got {
                faults.push(format!("expected {expected}"));
            }
        }
        Compared {
            faults,
            derived: None,
        }
    }
}

/// Compares the form of a value that varies, and takes it out.
fn take_varying(
    pointer: &str,
    expected: &mut Value,
    got: &mut Value,
    world: &mut World,
) -> Option<String> {
    let (old, new) = (
        expected.pointer_mut(pointer)?.take(),
        got.pointer_mut(pointer),
    );
    let new = new.map(Value::take).unwrap_or_default();
    let (old, new) = (old.as_str()?, new.as_str().unwrap_or_default());
    let is_hex = |text: &str| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hex(old) && is_hex(new) {
        world.renamed.push((old.to_owned(), new.to_owned()));
        return None;
    }
    let alike = python_time(old).is_some() && python_time(new).is_some();
    (!alike).then(|| format!("{pointer}: {new:?} has not the form of {old:?}"))
}

/// A next run of a job other than a date depends on the clock.
pub fn hide_times(job: &mut Value) {
    let depends = job["type"] != json!("date") && job["next_run_time"].is_string();
    if depends {
        job["next_run_time"] = json!(SOME_TIME);
    }
}

pub fn success(data: &Value) -> Value {
    json!({"success": true, "error": {"code": "", "message": ""}, "data": data})
}

pub fn refusal(code: &str, message: &str) -> Value {
    json!({"success": false, "error": {"code": code, "message": message}, "data": {}})
}

pub fn derived(faults: Vec<String>, reason: &str) -> Compared {
    Compared {
        faults,
        derived: Some(reason.to_owned()),
    }
}

pub fn fault(text: String) -> Compared {
    Compared {
        faults: vec![text],
        derived: None,
    }
}
