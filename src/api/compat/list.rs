//! A list of many jobs, sent while it is read: the inherited API has no pages, and all
//! of it at once would take as much memory as there are jobs.

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::answers::JobObject;
use crate::service::{JobView, Listing, ServiceError};

/// The envelope up to the first job. What follows the last one tells how many there are.
const BEGIN: &str = r#"{"success":true,"error":{"code":"","message":""},"data":{"task_list":["#;

/// The rest of an answer under way.
struct Rest {
    listing: Listing,
    /// How many jobs were sent.
    sent: usize,
    ended: bool,
}

/// The list that begins with these jobs. It breaks off when the store goes away.
pub fn streamed(first: Vec<JobView>, listing: Listing) -> Response {
    let mut rest = Rest {
        listing,
        sent: 0,
        ended: false,
    };
    let begin = BEGIN.to_owned() + &rest.text(first);
    let head = stream::once(async { Ok::<_, ServiceError>(Bytes::from(begin)) });
    let tail = stream::try_unfold(rest, next);
    let body = Body::from_stream(stream::StreamExt::chain(head, tail));
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn next(mut rest: Rest) -> Result<Option<(Bytes, Rest)>, ServiceError> {
    if rest.ended {
        return Ok(None);
    }
    if rest.listing.is_over() {
        rest.ended = true;
        let end = format!(r#"],"total":{}}}}}"#, rest.sent);
        return Ok(Some((end.into(), rest)));
    }
    match rest.listing.next().await {
        Ok(jobs) => {
            let text = rest.text(jobs);
            Ok(Some((text.into(), rest)))
        }
        Err(error) => {
            tracing::warn!(%error, "a list of jobs breaks off");
            Err(error)
        }
    }
}

impl Rest {
    /// Further jobs, as they stand in the list.
    fn text(&mut self, jobs: Vec<JobView>) -> String {
        let mut text = String::new();
        for job in jobs {
            if self.sent > 0 {
                text.push(',');
            }
            self.sent += 1;
            let job = JobObject::from(job);
            // It is made of texts and numbers alone, so that nothing can fail.
            text += &serde_json::to_string(&job).unwrap_or_default();
        }
        text
    }
}
