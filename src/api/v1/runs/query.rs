//! What a query asks of the history.

use std::ops::RangeInclusive;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::IntoParams;

use crate::api::v1::list::{limit, word};
use crate::api::v1::problem::{Fault, Problem};
use crate::api::v1::times::Instant;
use crate::domain::job::JobId;
use crate::domain::occurrence::{OccurrenceKind, OccurrenceState, Reason};
use crate::store::{RunFilter, RunPlace, RunsRequest};

/// How many runs a page has when nothing is said.
const LIMIT: u32 = 50;

/// The parameters, as the document describes them; [`Asked`] reads them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only their description is used")]
pub struct RunsParams {
    /// Runs on the page at most; by default 50.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before, with the same filters and order.
    #[param(example = "eyJmIjoxODkzNDU5NjAwMDAwLCJyIjo0MSwiZCI6dHJ1ZX0")]
    cursor: Option<String>,
    /// By fire time: `desc` (the default), newest first, or `asc`.
    #[param(pattern = "^(asc|desc)$", example = "desc")]
    order: Option<String>,
    /// In one of these states, separated by commas: `claimed`, `firing`,
    /// `succeeded`, `failed`, `unknown`, `skipped`, `missed`, `coalesced`.
    #[param(
        pattern = "^(claimed|firing|succeeded|failed|unknown|skipped|missed|coalesced)(,(claimed|firing|succeeded|failed|unknown|skipped|missed|coalesced))*$",
        example = "succeeded,failed"
    )]
    state: Option<String>,
    /// `scheduled` or `manual`.
    #[param(pattern = "^(scheduled|manual)$", example = "scheduled")]
    kind: Option<String>,
    /// Of runs that have ended: the target's status code, or a range of them.
    #[param(pattern = "^[1-5][0-9]{2}(-[1-5][0-9]{2})?$", example = "500-599")]
    status: Option<String>,
    /// Of runs that have ended: for one of these reasons, separated by commas.
    #[param(pattern = "^[a-z_]+(,[a-z_]+)*$", example = "timeout,connect")]
    reason: Option<String>,
    /// Fire times from this instant on: RFC 3339, with its offset.
    #[param(format = DateTime, example = "2030-01-01T00:00:00Z")]
    from: Option<String>,
    /// Fire times before this instant, which itself is left out.
    #[param(format = DateTime, example = "2030-01-02T00:00:00Z")]
    to: Option<String>,
}

/// What a query asks for.
#[derive(Debug)]
pub struct Asked {
    filter: RunFilter,
    /// Newest first.
    pub descending: bool,
    after: Option<RunPlace>,
    limit: u32,
}

impl Asked {
    /// Reads a query.
    ///
    /// # Errors
    /// With every fault of it.
    pub fn read(query: &str) -> Result<Self, Problem> {
        let mut asked = Self {
            filter: RunFilter::default(),
            descending: true,
            after: None,
            limit: LIMIT,
        };
        let (mut faults, mut seen, mut cursor) = (Vec::new(), Vec::new(), None);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let done = match name.as_ref() {
                _ if seen.contains(&name) => Err("this parameter may be given once".to_owned()),
                "cursor" => Cursor::decode(&value).map(|read| cursor = Some(read)),
                name => asked.take(name, &value),
            };
            if let Err(rule) = done {
                faults.push(Fault::new(name.as_ref(), rule, Value::from(value.as_ref())));
            }
            seen.push(name);
        }
        match cursor {
            Some(cursor) if cursor.d != asked.descending => {
                let rule = "this cursor belongs to another order: begin anew without it";
                faults.push(Fault::new("cursor", rule, Value::Null));
            }
            cursor => asked.after = cursor.map(|cursor| cursor.place()),
        }
        match faults.is_empty() {
            true => Ok(asked),
            false => Err(Problem::Invalid(faults)),
        }
    }

    /// The page that is asked for, of one job or of all.
    pub fn request(self, job_id: Option<JobId>) -> RunsRequest {
        RunsRequest {
            job_id,
            filter: self.filter,
            descending: self.descending,
            after: self.after,
            limit: self.limit,
        }
    }

    /// Takes one parameter in.
    ///
    /// # Errors
    /// With the rule it breaks.
    fn take(&mut self, name: &str, value: &str) -> Result<(), String> {
        let filter = &mut self.filter;
        match name {
            "limit" => self.limit = limit(value)?,
            "order" => self.descending = word(value, [("asc", false), ("desc", true)])?,
            "state" => {
                let all = OccurrenceState::ALL.map(|state| (state.as_str(), state));
                filter.states = words(value, all)?;
            }
            "kind" => {
                let all = OccurrenceKind::ALL.map(|kind| (kind.as_str(), kind));
                filter.kind = Some(word(value, all)?);
            }
            "status" => filter.status = Some(status(value)?),
            "reason" => {
                let all = Reason::ALL.map(|reason| (reason.as_str(), reason));
                filter.reasons = words(value, all)?;
            }
            "from" => filter.from = Some(Instant::of_query(value)?.0),
            "to" => filter.to = Some(Instant::of_query(value)?.0),
            _ => {
                let known = "limit, cursor, order, state, kind, status, reason, from, to";
                return Err(format!("unknown parameter; known: {known}"));
            }
        }
        Ok(())
    }
}

/// Several words, separated by commas.
fn words<T: Copy, const N: usize>(value: &str, all: [(&str, T); N]) -> Result<Vec<T>, String> {
    let read = value.split(',').map(|one| word(one, all));
    let read: Result<Vec<T>, String> = read.collect();
    read.map_err(|rule| format!("each, separated by commas, {rule}"))
}

fn status(value: &str) -> Result<RangeInclusive<u16>, String> {
    let code = |text: &str| {
        let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        let code = text.parse().ok().filter(|_| digits);
        code.filter(|code| (100..=599).contains(code))
    };
    let (from, to) = value.split_once('-').unwrap_or((value, value));
    let range = code(from).zip(code(to)).filter(|(from, to)| from <= to);
    range.map(|(from, to)| from..=to).ok_or_else(|| {
        "must be a status such as 404 or a range such as 500-599, within 100-599".to_owned()
    })
}

/// A place in the history, as clients carry it: opaque to them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    /// The fire time.
    f: i64,
    /// The run.
    r: i64,
    /// Whether the order is descending.
    d: bool,
}

impl Cursor {
    fn decode(text: &str) -> Result<Self, String> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let read = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        read.ok_or_else(|| "this is no cursor of this server: begin anew without it".to_owned())
    }

    fn place(&self) -> RunPlace {
        RunPlace {
            fire_at_ms: self.f,
            row_id: self.r,
        }
    }
}

/// The cursor of a place.
pub fn cursor(place: RunPlace, descending: bool) -> String {
    let cursor = Cursor {
        f: place.fire_at_ms,
        r: place.row_id,
        d: descending,
    };
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&cursor).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(query: &str) -> Vec<String> {
        match Asked::read(query) {
            Ok(_) => Vec::new(),
            Err(Problem::Invalid(faults)) => faults.into_iter().map(|f| f.field).collect(),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_fault_of_a_query_is_told() {
        let fine = "limit=200&order=asc&state=failed,missed&kind=manual&status=500-599\
                    &reason=timeout,connect&from=2030-01-01T00:00:00Z\
                    &to=2030-01-02T00:00:00+08:00";
        assert_eq!(faults(fine), Vec::<String>::new());
        assert_eq!(faults("status=404"), Vec::<String>::new());
        let wrong = "limit=201&order=up&state=failed,&kind=x&status=600&reason=Timeout&from=now\
                     &to=2030-01-01&cursor=!&states=failed&limit=5";
        assert_eq!(
            faults(wrong),
            [
                "limit", "order", "state", "kind", "status", "reason", "from", "to", "cursor",
                "states", "limit"
            ]
        );
        for status in [
            "",
            "5",
            "5xx",
            "99",
            "599-500",
            "200-",
            "-299",
            "+20",
            "200-299-300",
        ] {
            assert_eq!(faults(&format!("status={status}")), ["status"], "{status}");
        }
    }

    #[test]
    fn a_cursor_belongs_to_its_order() {
        let place = RunPlace {
            fire_at_ms: -5,
            row_id: 7,
        };
        let text = cursor(place, true);
        let asked = Asked::read(&format!("cursor={text}")).unwrap();
        assert_eq!(asked.after, Some(place));
        assert_eq!(faults(&format!("cursor={text}&order=asc")), ["cursor"]);
    }
}
