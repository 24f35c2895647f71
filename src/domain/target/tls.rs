//! Whom an https target must prove to be.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault;
use crate::domain::trigger::FieldFault;

/// The field as the API names it.
pub const FIELD: &str = "request.tls";
/// The longest set of certificates.
pub const MAX_PEM_BYTES: usize = 64 * 1024;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// How the target's certificate is checked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// The certificates to trust, in the place of the system's.
    pub ca_pem: Option<String>,
    /// Any certificate will do: whoever answers gets the request.
    pub skip_verification: bool,
}

impl Tls {
    /// Whether this is the inherited default: the system's certificates.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.ca_pem.is_none() && !self.skip_verification
    }

    pub(super) fn check(&self, faults: &mut Vec<FieldFault>) {
        let Some(pem) = &self.ca_pem else {
            return;
        };
        if self.skip_verification {
            let why = "ca_pem has no effect together with skip_verification; leave one out";
            faults.push(fault(FIELD, "skip_verification: true", why));
        }
        if let Some(why) = wrong_pem(pem) {
            // Not the text: by mistake it may be a private key.
            let given = format!("a text of {} bytes", pem.len());
            faults.push(fault(FIELD, given, format!("ca_pem: {why}")));
        }
    }

    /// The JSON that reads back as this.
    pub(super) fn to_json(&self) -> Value {
        let mut out = Map::new();
        if let Some(pem) = &self.ca_pem {
            out.insert("ca_pem".into(), json!(pem));
        }
        if self.skip_verification {
            out.insert("skip_verification".into(), json!(true));
        }
        Value::Object(out)
    }
}

/// A look at the armour and the base64; whether it is a certificate the TLS
/// library says when it is used.
fn wrong_pem(pem: &str) -> Option<String> {
    if pem.len() > MAX_PEM_BYTES {
        return Some(format!("at most {MAX_PEM_BYTES} bytes are taken"));
    }
    if pem.contains("PRIVATE KEY-----") {
        return Some("only certificates belong here; this holds a private key".to_owned());
    }
    let mut blocks = pem.split(BEGIN).skip(1).peekable();
    if blocks.peek().is_none() {
        return Some(format!("certificates start with {BEGIN}"));
    }
    blocks.zip(1..).find_map(|(block, n)| {
        let Some((inner, _)) = block.split_once(END) else {
            return Some(format!("certificate {n} has no {END}"));
        };
        let packed: String = inner.split_whitespace().collect();
        let whole = STANDARD.decode(packed).is_ok_and(|der| !der.is_empty());
        (!whole).then(|| format!("certificate {n} is not base64 between its two lines"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_told_from_what_is_none() {
        let good = format!("text\n{BEGIN}\nAAAA\nAA==\n{END}\n{BEGIN}\nAAAA\n{END}\n");
        assert_eq!(wrong_pem(&good), None);
        for (pem, word) in [
            (String::new(), "start with"),
            ("hello".into(), "start with"),
            (format!("{BEGIN}\nAAAA"), "certificate 1 has no"),
            (format!("{BEGIN}\n{END}"), "certificate 1 is not base64"),
            (
                format!("{BEGIN}\nAAAA\n{END}{BEGIN}\n!\n{END}"),
                "certificate 2 is not base64",
            ),
            ("-----BEGIN PRIVATE KEY-----".into(), "private key"),
            ("x".repeat(MAX_PEM_BYTES + 1), "at most"),
        ] {
            let why = wrong_pem(&pem).unwrap();
            assert!(why.contains(word), "{pem}: {why}");
        }
    }
}
