//! The refusals of each kind of operation, for the document.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use super::examples::problem;

/// One refusal: its status, the end of its `type`, and when it is given.
type Refusal = (u16, &'static str, &'static str);

const MALFORMED: Refusal = (400, "malformed", "The request cannot be read.");
const NO_SUCH_JOB: Refusal = (404, "no-such-job", "There is no such job.");
const NO_SUCH_RUN: Refusal = (404, "no-such-run", "There is no such run.");
const TURNED_OFF: Refusal = (404, "no-such-path", "It is turned off (`ECHO`).");
const JOB_GONE: Refusal = (409, "job-gone", "The job of the run has been removed.");
const TOO_SLOW: Refusal = (408, "body-too-slow", "The body did not arrive in time.");
const EXISTS: Refusal = (409, "exists", "There is a job of that id already.");
const CONDITION: Refusal = (412, "precondition-failed", "The job is not as expected.");
const TOO_LARGE: Refusal = (413, "body-too-large", "The body is too large.");
const MEDIA_TYPE: Refusal = (415, "media-type", "The body is of another media type.");
const INVALID: Refusal = (
    422,
    "invalid",
    "The input breaks rules; every fault is told. Nothing was changed.",
);
const UNAVAILABLE: Refusal = (
    503,
    "unavailable",
    "The store is away; nothing was changed. Try again.",
);

const NO_STREAM: Refusal = (
    503,
    "too-many-streams",
    "So many streams are open already (`EVENTS_CLIENTS`), or (`unavailable`) the store is away. \
     Try again.",
);

/// The refusals of a body, whatever it is for.
const OF_BODY: [Refusal; 5] = [MALFORMED, TOO_SLOW, TOO_LARGE, MEDIA_TYPE, INVALID];

/// Those of the list.
pub struct ListProblems;

/// Those of the live events.
pub struct EventProblems;

/// Those of the echo.
pub struct EchoProblems;

/// Those of a request about one job, without a body.
pub struct ReadProblems;

/// Those of a request about one run.
pub struct RunProblems;

/// Those of firing a run again.
pub struct RerunProblems;

/// Those of a removal.
pub struct RemoveProblems;

/// Those of a put.
pub struct WriteProblems;

/// Those of a change of a job that must exist.
pub struct ChangeProblems;

/// Those of an action that expects nothing.
pub struct ActionProblems;

/// Those of a copy.
pub struct CopyProblems;

/// Those of a preview.
pub struct PreviewProblems;
/// Those of a change of many jobs.
pub struct BulkProblems;

/// Those of an import.
pub struct ImportProblems;

impl IntoResponses for ListProblems {
    fn responses() -> Responses {
        responses(&[INVALID, UNAVAILABLE], &[])
    }
}

impl IntoResponses for EchoProblems {
    fn responses() -> Responses {
        responses(&[TURNED_OFF, MALFORMED, TOO_SLOW, TOO_LARGE, INVALID], &[])
    }
}

impl IntoResponses for EventProblems {
    fn responses() -> Responses {
        responses(&[INVALID, NO_STREAM], &[])
    }
}

impl IntoResponses for ReadProblems {
    fn responses() -> Responses {
        responses(&[MALFORMED, NO_SUCH_JOB, INVALID, UNAVAILABLE], &[])
    }
}

impl IntoResponses for RunProblems {
    fn responses() -> Responses {
        responses(&[MALFORMED, NO_SUCH_RUN, INVALID, UNAVAILABLE], &[])
    }
}

impl IntoResponses for RerunProblems {
    fn responses() -> Responses {
        responses(&[NO_SUCH_RUN, JOB_GONE, UNAVAILABLE], &OF_BODY)
    }
}

impl IntoResponses for RemoveProblems {
    fn responses() -> Responses {
        let own = [MALFORMED, NO_SUCH_JOB, CONDITION, INVALID, UNAVAILABLE];
        responses(&own, &[])
    }
}

impl IntoResponses for WriteProblems {
    fn responses() -> Responses {
        responses(&[CONDITION, UNAVAILABLE], &OF_BODY)
    }
}

impl IntoResponses for ChangeProblems {
    fn responses() -> Responses {
        responses(&[NO_SUCH_JOB, CONDITION, UNAVAILABLE], &OF_BODY)
    }
}

impl IntoResponses for ActionProblems {
    fn responses() -> Responses {
        responses(&[NO_SUCH_JOB, UNAVAILABLE], &OF_BODY)
    }
}

impl IntoResponses for CopyProblems {
    fn responses() -> Responses {
        responses(&[NO_SUCH_JOB, EXISTS, UNAVAILABLE], &OF_BODY)
    }
}

impl IntoResponses for PreviewProblems {
    fn responses() -> Responses {
        responses(&[UNAVAILABLE], &OF_BODY)
    }
}

impl IntoResponses for BulkProblems {
    fn responses() -> Responses {
        responses(&[UNAVAILABLE], &OF_BODY)
    }
}

impl IntoResponses for ImportProblems {
    fn responses() -> Responses {
        responses(&[UNAVAILABLE], &OF_BODY)
    }
}

type Responses = BTreeMap<String, RefOr<Response>>;

fn responses(own: &[Refusal], of_body: &[Refusal]) -> Responses {
    own.iter().chain(of_body).map(response).collect()
}

fn response(&(status, kind, description): &Refusal) -> (String, RefOr<Response>) {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .example(Some(problem(status, kind)))
        .build();
    let response = ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content)
        .build();
    (status.to_string(), response.into())
}
