//! `If-Match` and `If-None-Match`, and the `ETag` they name.
//!
//! The `ETag` of a job names the revision of what its client made of it; what
//! becomes of the job by itself (`status`) does not change it.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};

use crate::domain::job::Revision;
use crate::service::{Precondition, Revisions};

/// What the headers of a request ask for.
pub struct Conditions(pub Precondition);

impl<S: Send + Sync> FromRequestParts<S> for Conditions {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Precondition {
            // Weak ones never match where equality must be strong.
            one_of: revisions(&parts.headers, &header::IF_MATCH, false),
            none_of: revisions(&parts.headers, &header::IF_NONE_MATCH, true),
        }))
    }
}

/// The entity tag of a revision.
pub fn etag(revision: Revision) -> String {
    format!("\"{revision}\"")
}

/// The revisions that a header names; `None`: there is no such header. What is
/// no tag of ours matches nothing.
fn revisions(headers: &HeaderMap, name: &HeaderName, weak: bool) -> Option<Revisions> {
    let mut values = headers.get_all(name).iter().peekable();
    values.peek()?;
    let mut these = Vec::new();
    for tag in values
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
    {
        let tag = tag.trim();
        if tag == "*" {
            return Some(Revisions::Any);
        }
        let tag = match weak {
            true => tag.strip_prefix("W/").unwrap_or(tag),
            false => tag,
        };
        let opaque = tag.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
        these.extend(opaque.and_then(|text| text.parse::<Revision>().ok()));
    }
    Some(Revisions::These(these))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_name_revisions() {
        let one = Revision {
            created_ms: 255,
            version: 3,
        };
        assert_eq!(etag(one), "\"ff-3\"");
        for (text, weak, these) in [
            ("\"ff-3\"", false, Some(vec![one])),
            ("\"x\" , \"ff-3\"", false, Some(vec![one])),
            ("W/\"ff-3\"", false, Some(vec![])),
            ("W/\"ff-3\"", true, Some(vec![one])),
            ("ff-3", true, Some(vec![])),
            ("", true, Some(vec![])),
            ("*", true, None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_MATCH, text.parse().unwrap());
            let expected = these.map_or(Revisions::Any, Revisions::These);
            let found = revisions(&headers, &header::IF_MATCH, weak);
            assert_eq!(found, Some(expected), "{text}");
        }
        assert_eq!(revisions(&HeaderMap::new(), &header::IF_MATCH, true), None);
    }
}
