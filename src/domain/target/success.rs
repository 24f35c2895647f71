//! What counts as success: the status, and what the answer must hold.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault;
use crate::domain::statuses::{self, Statuses};
use crate::domain::trigger::FieldFault;

/// The field as the API names it.
pub const FIELD: &str = "request.success";

/// When an answer is a success: all that is said must hold.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SuccessRule {
    /// One of these; as JSON `[204, "200-299"]`.
    #[serde(with = "statuses")]
    pub statuses: Statuses,
    /// The answer holds this text.
    pub body_contains: Option<String>,
    /// The answer is JSON that holds this.
    pub json_pointer: Option<PointerRule>,
}

/// What the answer, as JSON, must hold.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointerRule {
    /// Where, as RFC 6901 writes it: `/items/0/state`; empty: the whole.
    pub pointer: String,
    /// What; numbers are equal by their JSON form (1 is not 1.0).
    pub equals: Value,
}

impl Default for SuccessRule {
    fn default() -> Self {
        Self {
            statuses: vec![200..=299],
            body_contains: None,
            json_pointer: None,
        }
    }
}

impl SuccessRule {
    /// Whether the status is one of success.
    #[must_use]
    pub fn has_status(&self, status: u16) -> bool {
        statuses::contain(&self.statuses, status)
    }

    /// Whether the answer itself is looked at.
    #[must_use]
    pub fn reads_body(&self) -> bool {
        self.body_contains.is_some() || self.json_pointer.is_some()
    }

    /// What the answer lacks, in words; the words quote nothing of it.
    /// `whole`: `body` is all of it, not only its beginning.
    #[must_use]
    pub fn lacks(&self, body: &[u8], whole: bool) -> Option<String> {
        let partly = if whole {
            ""
        } else {
            " (its beginning: it is too long)"
        };
        if let Some(wanted) = &self.body_contains
            && !String::from_utf8_lossy(body).contains(wanted.as_str())
        {
            return Some(format!("the answer{partly} does not contain {wanted:?}"));
        }
        let rule = self.json_pointer.as_ref()?;
        let Ok(json) = serde_json::from_slice::<Value>(body) else {
            return Some(format!("the answer{partly} is no JSON"));
        };
        match json.pointer(&rule.pointer) {
            Some(found) if *found == rule.equals => None,
            Some(_) => Some(format!(
                "the answer's value at {:?} is not {}",
                rule.pointer, rule.equals
            )),
            None => Some(format!("the answer has nothing at {:?}", rule.pointer)),
        }
    }

    pub(super) fn check(&self, faults: &mut Vec<FieldFault>) {
        if self.statuses.is_empty() {
            let rule = "statuses must name at least one status, for example \"200-299\"";
            faults.push(fault(FIELD, "[]", rule));
        }
        let wrong = statuses::faults(&self.statuses).into_iter();
        faults.extend(wrong.map(|(range, rule)| fault(FIELD, range, rule)));
        if self.body_contains.as_deref() == Some("") {
            faults.push(fault(FIELD, "", "body_contains must not be empty"));
        }
        if let Some(rule) = &self.json_pointer
            && !is_pointer(&rule.pointer)
        {
            let words = "json_pointer is empty or starts with /, as /items/0; in it ~ is written ~0 and / is written ~1 (RFC 6901)";
            faults.push(fault(FIELD, rule.pointer.clone(), words));
        }
    }

    /// The JSON that reads back as this rule.
    pub(super) fn to_json(&self) -> Value {
        let mut out = Map::new();
        let default = Self::default();
        if self.statuses != default.statuses {
            out.insert("statuses".into(), statuses::to_json(&self.statuses));
        }
        if let Some(text) = &self.body_contains {
            out.insert("body_contains".into(), json!(text));
        }
        if let Some(rule) = &self.json_pointer {
            let rule = json!({ "pointer": rule.pointer, "equals": rule.equals });
            out.insert("json_pointer".into(), rule);
        }
        Value::Object(out)
    }
}

fn is_pointer(text: &str) -> bool {
    let mut after_tildes = text.split('~').skip(1);
    (text.is_empty() || text.starts_with('/')) && after_tildes.all(|t| t.starts_with(['0', '1']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(json: Value) -> SuccessRule {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn statuses_are_numbers_and_ranges() {
        let some = rule(json!({"statuses": [204, "300-399", "404"]}));
        assert_eq!(some.statuses, [204..=204, 300..=399, 404..=404]);
        assert!(some.has_status(204) && some.has_status(333) && !some.has_status(200));
        assert_eq!(rule(json!({})), SuccessRule::default());
        assert_eq!(rule(some.to_json()), some);
        for bad in [
            json!("2xx"),
            json!(70000),
            json!(-1),
            json!("1-"),
            json!(null),
        ] {
            let read: Result<SuccessRule, _> = serde_json::from_value(json!({"statuses": [bad]}));
            let refused = read.unwrap_err().to_string();
            assert!(refused.contains("neither a status"), "{refused}");
        }
    }

    #[test]
    fn pointers_follow_the_rfc() {
        for (pointer, good) in [
            ("", true),
            ("/", true),
            ("/a/0", true),
            ("/a~1b~0", true),
            ("a", false),
            ("/a~", false),
            ("/a~2", false),
        ] {
            assert_eq!(is_pointer(pointer), good, "{pointer}");
        }
    }

    #[test]
    fn what_an_answer_lacks_is_told() {
        let contains = rule(json!({"body_contains": "do\"ne"}));
        let state = rule(json!({"json_pointer": {"pointer": "/a/0", "equals": {"ok": true}}}));
        for (rule, body, lacks) in [
            (&contains, "all do\"ne", None),
            (
                &contains,
                "tbd",
                Some(r#"the answer does not contain "do\"ne""#),
            ),
            (&state, r#"{"a":[{"ok":true}]}"#, None),
            (
                &state,
                r#"{"a":[1]}"#,
                Some(r#"the answer's value at "/a/0" is not {"ok":true}"#),
            ),
            (&state, "{}", Some(r#"the answer has nothing at "/a/0""#)),
            (&state, "<html>", Some("the answer is no JSON")),
        ] {
            assert_eq!(
                rule.lacks(body.as_bytes(), true).as_deref(),
                lacks,
                "{body}"
            );
        }
        let cut = state.lacks(b"{\"a\":", false).unwrap();
        assert!(cut.contains("too long"), "{cut}");
    }
}
