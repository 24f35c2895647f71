//! What a list of runs is asked for, and the places between its pages.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::problem::{Fault, Problem};
use super::query;
use super::times::Instant;
use crate::domain::job::JobId;
use crate::domain::occurrence::{OccurrenceKind, OccurrenceState, Reason};
use crate::store::{MAX_RUNS, RunFilter, RunPosition, RunsRequest};

/// How many runs a page has when nothing is said.
const LIMIT: u32 = 50;

/// The request of a query, for all jobs or one.
///
/// # Errors
/// With every fault.
pub fn runs_request(text: &str, job: Option<JobId>) -> Result<RunsRequest, Problem> {
    let mut request = RunsRequest {
        filter: RunFilter {
            job,
            ..RunFilter::default()
        },
        after: None,
        limit: LIMIT,
    };
    let mut faults = query::read(text, |name, value| take(&mut request, name, value));
    let filter = &request.filter;
    if let (Some(from), Some(to)) = (filter.from, filter.to)
        && to <= from
    {
        let rule = "must be later than `from`: it is the first instant that does not count";
        faults.push(Fault::new("to", rule, Value::Null));
    }
    match faults.is_empty() {
        true => Ok(request),
        false => Err(Problem::Invalid(faults)),
    }
}

fn take(request: &mut RunsRequest, name: &str, value: &str) -> Result<(), String> {
    let filter = &mut request.filter;
    match name {
        "limit" => request.limit = query::limit(value, MAX_RUNS)?,
        "cursor" => request.after = Some(place(value)?),
        "state" => filter.states = words(value, &OccurrenceState::ALL, |state| state.as_str())?,
        "reason" => filter.reasons = words(value, &Reason::ALL, |reason| reason.as_str())?,
        "kind" => {
            let kinds = OccurrenceKind::ALL.map(|kind| (kind.as_str(), kind));
            filter.kind = Some(query::word(value, kinds)?);
        }
        "status" => filter.status = Some(statuses(value)?),
        "from" => filter.from = Some(Instant::of_text(value)?.0),
        "to" => filter.to = Some(Instant::of_text(value)?.0),
        _ => {
            return query::unknown("limit, cursor, state, reason, kind, status, from, to");
        }
    }
    Ok(())
}

/// Words with commas between them.
fn words<T: Copy>(
    value: &str,
    all: &[T],
    word: impl Fn(T) -> &'static str,
) -> Result<Vec<T>, String> {
    let found = value.split(',').map(|text| {
        let known = all.iter().copied().find(|one| word(*one) == text);
        known.ok_or_else(|| {
            let known: Vec<&str> = all.iter().map(|one| word(*one)).collect();
            format!("must be one or more of {}, with commas", known.join(", "))
        })
    });
    found.collect()
}

/// A status code, or two with a dash.
fn statuses(value: &str) -> Result<std::ops::RangeInclusive<u16>, String> {
    let code = |text: &str| text.parse().ok().filter(|code| (100..=599).contains(code));
    let (first, last) = value.split_once('-').unwrap_or((value, value));
    match (code(first), code(last)) {
        (Some(first), Some(last)) if first <= last => Ok(first..=last),
        _ => Err("must be a status code (404) or a range of them (500-599)".to_owned()),
    }
}

/// A place as clients carry it: opaque to them.
pub fn cursor(place: RunPosition) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}.{}", place.fire_at_ms, place.row_id))
}

fn place(text: &str) -> Result<RunPosition, String> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let place = text.as_deref().and_then(|text| text.split_once('.'));
    let place = place.and_then(|(fire_at, row_id)| {
        Some(RunPosition {
            fire_at_ms: fire_at.parse().ok()?,
            row_id: row_id.parse().ok()?,
        })
    });
    place.ok_or_else(|| "this is no cursor of this server: begin anew without it".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_a_query_is_told() {
        let query = "limit=201&cursor=x&state=done&reason=status,x&kind=auto&status=600&from=1\
             &to=2&job=1";
        let Err(Problem::Invalid(faults)) = runs_request(query, None) else {
            panic!("taken");
        };
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "limit", "cursor", "state", "reason", "kind", "status", "from", "to", "job"
            ]
        );
        let query = "from=2030-01-01T00:00:00Z&to=2030-01-01T00:00:00Z";
        assert!(runs_request(query, None).is_err());
    }

    #[test]
    fn filters_are_read_as_they_are_meant() {
        let read = |query| runs_request(query, None).unwrap().filter;
        assert_eq!(
            read("state=failed,missed").states,
            [OccurrenceState::Failed, OccurrenceState::Missed]
        );
        assert_eq!(read("status=404").status, Some(404..=404));
        assert_eq!(read("status=500-599").status, Some(500..=599));
        assert_eq!(read("reason=timeout").reasons, [Reason::Timeout]);
    }

    #[test]
    fn cursors_round_trip() {
        let at = RunPosition {
            fire_at_ms: -5,
            row_id: 7,
        };
        assert_eq!(place(&cursor(at)), Ok(at));
    }
}
