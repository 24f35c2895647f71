//! Live events: `text/event-stream`, as browsers read it (`EventSource`).

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use futures_util::stream;
use serde_json::{Value, json};

use super::examples;
use super::problem::{Fault, Problem};
use super::refusals::EventProblems;
use super::times::shown;
use super::view::{JobJson, RunJson};
use crate::api::ApiState;
use crate::domain::job::JobId;
use crate::service::events::Next;
use crate::service::{EventFilter, Following, NotFollowed};
use crate::store::{ChangeId, Changed, What};

/// How often a stream without events tells that it lives, and its place.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How soon a browser comes again after its stream has ended, in milliseconds.
const COME_AGAIN_MS: u32 = 1000;

const LAST_EVENT_ID: &str = "last-event-id";

/// Follow what happens
///
/// A stream of server-sent events: `hello` first, then one event for each change
/// of a job (`job`) or of a run (`run`), of all replicas, in the order of their
/// commits. An event says: this was changed, and here it is as it is now. States in
/// between may be passed over; the last one never is.
///
/// Every event has an `id`. Come again with the last one as `Last-Event-ID`
/// (browsers do so by themselves), to any replica: the stream goes on behind it.
/// What is older than an hour, or than the last 100,000 transactions, is not kept:
/// then the first event is `reset`, which says to load everything anew. A stream
/// without events sends a comment and its place each 15 s. Who reads slowly gets
/// everything later, and holds nobody back.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    operation_id = "follow_events",
    tag = super::TAG,
    params(
        ("job_id" = Option<String>, Query, description = "Only what happens to the job of this id.", min_length = 1, example = json!("daily-report")),
        ("types" = Option<String>, Query, description = "`job`, `run`, or `job,run` (the default).", pattern = "^(job|run|job,run|run,job)$", example = json!("job,run")),
        ("follow" = Option<bool>, Query, description = "`false`: tell what is there behind `Last-Event-ID`, and end. By default the stream stays open.", example = json!(false)),
        ("Last-Event-ID" = Option<String>, Header, description = "The last `id` that was seen. Absent: begin now.", pattern = "^[0-9]{1,18}\\.[0-9]{1,9}$", example = json!("1024.0")),
    ),
    responses(
        (status = 200, description = "The events.", content_type = "text/event-stream",
            body = ref("#/components/schemas/EventStream"), example = json!(examples::events())),
        EventProblems,
    )
)]
pub async fn follow(
    State(state): State<ApiState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = Asked::read(query.as_deref().unwrap_or_default(), &headers)?;
    let following = state.events.follow(asked.after, asked.filter).await;
    let following = following.map_err(|refused| match refused {
        NotFollowed::Full(most) => Problem::TooManyStreams(most),
        NotFollowed::Away(error) => Problem::of_service(error, "", &Value::Null),
    })?;
    let following = match asked.follow {
        true => following,
        false => following.to_the_end(),
    };
    let hello = hello(&following, asked.after.is_some(), state.jobs.now());
    let stream = Stream {
        hello: Some(hello),
        following,
        state,
    };
    let body = stream::unfold(stream, async |mut stream| {
        let text = stream.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(text)), stream))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // Proxies that gather an answer would hold the events back.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

/// What is still to be sent to one client.
struct Stream {
    hello: Option<String>,
    following: Following,
    state: ApiState,
}

impl Stream {
    /// The next piece; `None`: the end.
    async fn next(&mut self) -> Option<String> {
        if let Some(hello) = self.hello.take() {
            return Some(hello);
        }
        let next = tokio::time::timeout(HEARTBEAT, self.following.next()).await;
        match next {
            Ok(Next::Told(told)) => {
                let texts = told.iter().map(|told| told.text.as_str());
                Some(texts.collect())
            }
            Ok(Next::Reset) => {
                let data = json!({"at": shown(self.state.jobs.now())});
                Some(text(self.following.place(), "reset", &data))
            }
            Ok(Next::End) => None,
            // An id without data is no event, but the place to go on from.
            Err(_) => Some(format!(": \nid: {}\n\n", self.following.place())),
        }
    }
}

fn hello(following: &Following, resumed: bool, now: DateTime<Utc>) -> String {
    let data = json!({"at": shown(now), "resumed": resumed});
    let hello = text(following.place(), "hello", &data);
    format!("retry: {COME_AGAIN_MS}\n{hello}")
}

/// The event of a change.
pub fn event(changed: &Changed, now: DateTime<Utc>) -> String {
    let at = shown(changed.at);
    let (name, data) = match &changed.what {
        What::Job {
            job_id,
            change,
            job,
        } => {
            let job = job.as_deref().map(|summary| JobJson::of(summary, now));
            let (id, change) = (job_id.as_str(), change.as_str());
            let data = json!({"at": at, "job_id": id, "change": change, "job": job});
            ("job", data)
        }
        What::Run { job_id, run } => {
            let data = json!({"at": at, "job_id": job_id.as_str(), "run": RunJson::from(run)});
            ("run", data)
        }
    };
    text(changed.id, name, &data)
}

/// An event as it goes over the wire. JSON has no line ends of its own.
fn text(id: ChangeId, event: &str, data: &Value) -> String {
    format!("id: {id}\nevent: {event}\ndata: {data}\n\n")
}

/// What is asked for.
struct Asked {
    after: Option<ChangeId>,
    filter: EventFilter,
    follow: bool,
}

impl Asked {
    fn read(query: &str, headers: &HeaderMap) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let mut seen = Vec::new();
        let mut asked = Self {
            after: None,
            filter: EventFilter {
                job_id: None,
                jobs: true,
                runs: true,
            },
            follow: true,
        };
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let taken = match seen.contains(&name) {
                true => Err("this parameter may be given once".to_owned()),
                false => asked.take(&name, &value),
            };
            if let Err(rule) = taken {
                let value = Value::from(value.as_ref());
                faults.push(Fault::new(name.as_ref(), rule, value));
            }
            seen.push(name);
        }
        match place(headers) {
            Ok(after) => asked.after = after,
            Err(fault) => faults.push(*fault),
        }
        match faults.is_empty() {
            true => Ok(asked),
            false => Err(Problem::Invalid(faults)),
        }
    }

    /// Takes one parameter in.
    ///
    /// # Errors
    /// With the rule it breaks.
    fn take(&mut self, name: &str, value: &str) -> Result<(), String> {
        match (name, value) {
            ("job_id", id) => {
                let id = JobId::new(id).map_err(|error| error.to_string())?;
                self.filter.job_id = Some(id);
            }
            ("types", "job") => self.filter.runs = false,
            ("types", "run") => self.filter.jobs = false,
            ("types", "job,run" | "run,job") | ("follow", "true") => {}
            ("follow", "false") => self.follow = false,
            ("types", _) => return Err("must be job, run or job,run".to_owned()),
            ("follow", _) => return Err("must be one of true, false".to_owned()),
            _ => return Err("unknown parameter; known: job_id, types, follow".to_owned()),
        }
        Ok(())
    }
}

/// The place that a client comes from.
fn place(headers: &HeaderMap) -> Result<Option<ChangeId>, Box<Fault>> {
    let mut given = headers.get_all(LAST_EVENT_ID).iter();
    let Some(value) = given.next() else {
        return Ok(None);
    };
    let id = value.to_str().ok().and_then(|text| text.parse().ok());
    match id.filter(|_| given.next().is_none()) {
        Some(id) => Ok(Some(id)),
        None => {
            let rule = "must be the id of an event of this API, such as 1024.0, given once";
            let value = String::from_utf8_lossy(value.as_bytes());
            let fault = Fault::new("Last-Event-ID", rule, Value::from(value));
            Err(Box::new(fault))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(query: &str, ids: &[&'static str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for id in ids {
            headers.append(LAST_EVENT_ID, id.parse().unwrap());
        }
        match Asked::read(query, &headers) {
            Ok(_) => Vec::new(),
            Err(Problem::Invalid(faults)) => faults.into_iter().map(|f| f.field).collect(),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_fault_of_a_request_is_told() {
        assert_eq!(faults("", &[]), Vec::<String>::new());
        let good = "job_id=a&types=run%2Cjob&follow=false";
        assert_eq!(faults(good, &["17.3"]), Vec::<String>::new());
        assert_eq!(
            faults("job_id=&types=runs&follow=0&since=1&types=job", &["17"]),
            [
                "job_id",
                "types",
                "follow",
                "since",
                "types",
                "Last-Event-ID"
            ]
        );
        assert_eq!(faults("", &["1.0", "2.0"]), ["Last-Event-ID"]);
    }
}
