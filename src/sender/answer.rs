//! The answer of a target: what of it is read and kept, and whether it is a
//! success.

use chrono::DateTime;
use reqwest::Response;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::http::chain;
use crate::domain::occurrence::Reason;
use crate::domain::run::Outcome;
use crate::domain::target::Request;

/// How much of an answer is read at most, so that the connection can be used
/// again; what is longer is cut off by closing the connection.
const READ_BYTES: usize = 256 * 1024;
/// Likewise, where the success rule looks at the answer.
const RULE_BYTES: usize = 1024 * 1024;

/// Reads the answer and judges it.
pub(super) async fn judge(response: Response, rules: &Request) -> Outcome {
    let status = response.status();
    let retry_after_ms = retry_after_ms(response.headers());
    let answer = read(response, rules).await;
    let failed = if !rules.success.has_status(status.as_u16()) {
        Some((Reason::Status, format!("the target answered {status}")))
    } else if let Some(broken) = answer.broken {
        Some((Reason::Broken, broken))
    } else {
        let lacks = rules.success.lacks(&answer.kept, answer.whole);
        lacks.map(|why| (Reason::SuccessRule, why))
    };
    let (reason, error) = failed.unzip();
    let capture = answer.kept.len().min(rules.capture_bytes as usize);
    Outcome {
        reason,
        status: Some(status.as_u16()),
        error,
        body: Some(String::from_utf8_lossy(&answer.kept[..capture]).into_owned()),
        retry_after_ms,
        phases: None,
    }
}

/// How long the target asks to be left alone: seconds, or a date, which is held
/// against the target's own `Date`.
///
/// Source: RFC 9110, section 10.2.3.
fn retry_after_ms(headers: &HeaderMap) -> Option<u64> {
    let text = |name| headers.get(name)?.to_str().ok();
    let asked = text(RETRY_AFTER)?.trim();
    if let Ok(seconds) = asked.parse::<u64>() {
        return seconds.checked_mul(1000);
    }
    let until = DateTime::parse_from_rfc2822(asked).ok()?;
    let now = DateTime::parse_from_rfc2822(text(DATE)?).ok()?;
    u64::try_from((until - now).num_milliseconds()).ok()
}

struct Answer {
    /// Its first bytes.
    kept: Vec<u8>,
    /// Whether they are all.
    whole: bool,
    /// What broke it off.
    broken: Option<String>,
}

async fn read(mut response: Response, rules: &Request) -> Answer {
    let capture = rules.capture_bytes as usize;
    let (keep, read) = match rules.success.reads_body() {
        true => (RULE_BYTES, RULE_BYTES),
        false => (capture, READ_BYTES),
    };
    let mut kept = Vec::new();
    let mut seen = 0;
    let broken = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                seen += chunk.len();
                let room = keep - kept.len();
                kept.extend_from_slice(&chunk[..room.min(chunk.len())]);
                if seen > read {
                    break None;
                }
            }
            Ok(None) => break None,
            Err(error) => break Some(chain(error)),
        }
    };
    Answer {
        whole: seen == kept.len(),
        kept,
        broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let read = |asked: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, asked.parse().unwrap());
            headers.insert(DATE, "Fri, 31 Dec 1999 23:59:00 GMT".parse().unwrap());
            retry_after_ms(&headers)
        };
        assert_eq!(read("120"), Some(120_000));
        assert_eq!(read("Fri, 31 Dec 1999 23:59:59 GMT"), Some(59_000));
        assert_eq!(read("Fri, 31 Dec 1999 23:58:00 GMT"), None, "over");
        assert_eq!(read("soon"), None);
        assert_eq!(retry_after_ms(&HeaderMap::new()), None);
    }
}
