//! Values that hold a password.

use std::fmt::{self, Display};

/// A URL whose password is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub(super) String);

impl Secret {
    /// The URL with its password, for the one who connects.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask(&self.0))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask(&self.0))
    }
}

/// Headers whose values are never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretHeaders(Vec<(String, String)>);

impl SecretHeaders {
    /// The pairs of `name=value,name=value`, values percent-encoded, as in
    /// OpenTelemetry's own setting; `None`: it is not of that form.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let pairs = text
            .split(',')
            .map(str::trim)
            .filter(|pair| !pair.is_empty());
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=')?;
            Some((name.trim().to_owned(), decoded(value.trim())?))
        };
        pairs.map(pair).collect::<Option<_>>().map(Self)
    }

    /// Names and values, for the one who sends.
    #[must_use]
    pub fn reveal(&self) -> &[(String, String)] {
        &self.0
    }
}

impl fmt::Debug for SecretHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "" } else { "***" })
    }
}

/// A text without its percent-encoding; `None`: it is none.
fn decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let step = match bytes[at] {
            b'%' => {
                let hex = text.get(at + 1..at + 3)?;
                plain.push(u8::from_str_radix(hex, 16).ok()?);
                3
            }
            byte => {
                plain.push(byte);
                1
            }
        };
        at += step;
    }
    String::from_utf8(plain).ok()
}

/// A URL with its credentials starred out: those before the host, and those
/// of its query, as a Redis on a socket takes them.
pub fn mask(url: &str) -> String {
    let masked = match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => {
            format!("{}://***@{}", &url[..scheme], &url[at + 1..])
        }
        _ => url.to_owned(),
    };
    match masked.split_once('?') {
        Some((address, query)) if address.contains("://") => {
            let pairs: Vec<String> = query.split('&').map(mask_pair).collect();
            format!("{address}?{}", pairs.join("&"))
        }
        _ => masked,
    }
}

fn mask_pair(pair: &str) -> String {
    let secret = ["pass", "pwd", "secret", "token", "key", "user"];
    match pair.split_once('=') {
        Some((name, _)) if secret.iter().any(|s| name.to_lowercase().contains(s)) => {
            format!("{name}=***")
        }
        _ => pair.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn credentials_are_starred_out_wherever_they_stand() {
        for (url, shown) in [
            ("redis://u:p@h:1/0", "redis://***@h:1/0"),
            ("redis://h:1/0", "redis://h:1/0"),
            ("redis://:a@b@h", "redis://***@h"),
            (
                "redis+unix:///s?db=1&pass=x",
                "redis+unix:///s?db=1&pass=***",
            ),
            (
                "redis+unix:///s?USER=u&Password=x",
                "redis+unix:///s?USER=***&Password=***",
            ),
            ("sqlite://f.db?mode=rwc", "sqlite://f.db?mode=rwc"),
            ("info,a=debug", "info,a=debug"),
        ] {
            assert_eq!(mask(url), shown);
        }
    }
}
