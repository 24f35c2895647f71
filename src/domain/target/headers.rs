//! The headers of a request.

use serde::Deserialize;

use super::placeholders;
use super::secret::MaybeSecret;
use super::{fault, short};
use crate::domain::trigger::FieldFault;

/// The field as the API names it.
pub const FIELD: &str = "request.headers";
/// How many headers a request may have.
pub const MAX_HEADERS: usize = 64;
/// The longest value.
pub const MAX_VALUE_BYTES: usize = 64 * 1024;

/// What the names of our own headers start with.
pub const OWN_PREFIX: &str = "x-schedule-";
/// Headers of the connection: the sender sets them itself.
const OF_THE_CONNECTION: [&str; 9] = [
    "connection",
    "content-length",
    "expect",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// One header; several may have the same name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Its name; upper and lower case are the same.
    pub name: String,
    /// Its value; placeholders are filled in.
    pub value: MaybeSecret,
}

/// Whether a header shows who sends: left out once a redirect leads to
/// another host.
#[must_use]
pub fn is_credential(name: &str) -> bool {
    ["authorization", "proxy-authorization", "cookie"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

pub(super) fn check(headers: &[Header], faults: &mut Vec<FieldFault>) {
    if headers.len() > MAX_HEADERS {
        let count = headers.len();
        let why = format!("a request has at most {MAX_HEADERS} headers; this one has {count}");
        faults.push(fault(FIELD, format!("{count} headers"), why));
    }
    for header in headers {
        let name = short(&header.name);
        if let Some(why) = wrong_name(&header.name) {
            faults.push(fault(
                FIELD,
                name.clone(),
                format!("header {name:?}: {why}"),
            ));
        }
        let given = short(header.value.shown());
        for why in wrong_value(&header.value) {
            faults.push(fault(
                FIELD,
                given.clone(),
                format!("header {name:?}: {why}"),
            ));
        }
    }
}

fn wrong_name(name: &str) -> Option<String> {
    // Source: RFC 9110, section 5.6.2 (token).
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if name.is_empty() || name.len() > 256 || !name.bytes().all(token) {
        return Some("a name has 1..=256 letters, digits or any of !#$%&'*+-.^_`|~".to_owned());
    }
    let lower = name.to_ascii_lowercase();
    if OF_THE_CONNECTION.contains(&lower.as_str()) {
        return Some("it belongs to the connection, which the server keeps itself".to_owned());
    }
    let own = lower.starts_with(OWN_PREFIX);
    own.then(|| format!("{OWN_PREFIX}… are the server's own"))
}

fn wrong_value(value: &MaybeSecret) -> Vec<String> {
    let text = value.reveal();
    let mut wrong = value_faults(value);
    if text.len() > MAX_VALUE_BYTES {
        let bytes = text.len();
        wrong.push(format!(
            "a value has at most {MAX_VALUE_BYTES} bytes; this one has {bytes}"
        ));
    }
    if text.bytes().any(|b| b != b'\t' && b.is_ascii_control()) {
        wrong.push("a value has no line breaks and no other control characters".to_owned());
    }
    wrong
}

/// What is wrong with any value that may be secret: nothing is stored that it
/// could keep, or a placeholder is none.
pub(super) fn value_faults(value: &MaybeSecret) -> Vec<String> {
    match value {
        MaybeSecret::Kept => {
            vec![
                "{\"secret\": true} keeps the secret that is stored for this host, and none is: \
                 give it again as {\"secret\": \"text\"}"
                    .to_owned(),
            ]
        }
        MaybeSecret::Plain(text) => placeholders::faults(text),
        // The name may be a part of the secret.
        MaybeSecret::Secret(secret) if !placeholders::faults(secret.reveal()).is_empty() => {
            vec!["the secret holds {{…}} with a name that is no placeholder".to_owned()]
        }
        MaybeSecret::Secret(_) => Vec::new(),
    }
}
