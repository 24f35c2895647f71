//! The list of jobs, page by page.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::examples;
use super::problem::{Fault, Problem};
use super::query::{self, limit, word};
use super::refusals::ListProblems;
use super::view::job_json;
use crate::api::ApiState;
use crate::domain::job::JobState;
use crate::domain::trigger::TriggerKind;
use crate::service::JobView;
use crate::store::{JobFilter, JobPage, JobSort, MAX_PAGE, PageRequest, Position, SortKey};

/// How many jobs a page has when nothing is said.
const LIMIT: u32 = 50;

/// The sorts by their words.
const SORTS: [(&str, JobSort); 4] = [
    ("next_fire", JobSort::NextFire),
    ("job_id", JobSort::JobId),
    ("last_outcome", JobSort::LastOutcome),
    ("created", JobSort::Created),
];

/// List jobs
///
/// One page; go on with `cursor` until `next_cursor` is null. Each page looks at
/// a bounded number of jobs, so with a filter it may be short, even empty, and
/// still not be the last one. Jobs without a value of the sort come last in both
/// orders. A job that is changed between two pages may be seen twice or not at all.
#[utoipa::path(
    get,
    path = "/api/v1/jobs",
    operation_id = "list_jobs",
    tag = super::TAG,
    params(
        ("limit" = Option<u32>, Query, description = "Jobs on the page at most; by default 50.",
            minimum = 1, maximum = 200, example = json!(50)),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before, with the same filters and order.", example = json!("eyJzIjoibmV4dF9maXJlIiwiZCI6ZmFsc2UsImsiOjAsInEiOjB9")),
        ("state" = Option<String>, Query, description = "`running` or `paused`.", pattern = "^(running|paused)$", example = json!("running")),
        ("type" = Option<String>, Query, description = "`date`, `interval` or `cron`.", pattern = "^(date|interval|cron)$", example = json!("cron")),
        ("tag" = Option<String>, Query, description = "One of its tags, exactly.", example = json!("reports")),
        ("text" = Option<String>, Query, description = "Part of its id or URL; ASCII letters match in either case.", example = json!("report")),
        ("failing" = Option<bool>, Query, description = "`true`: only jobs whose last scheduled occurrence failed.", example = json!(false)),
        ("sort" = Option<String>, Query, description = "`next_fire` (the default), `job_id`, `last_outcome` (by the instant of the last end) or `created`.", pattern = "^(next_fire|job_id|last_outcome|created)$", example = json!("next_fire")),
        ("order" = Option<String>, Query, description = "`asc` (the default) or `desc`.", pattern = "^(asc|desc)$", example = json!("asc")),
    ),
    responses(
        (status = 200, description = "A page of jobs.", body = ref("#/components/schemas/JobPage"),
            example = json!({"items": [examples::job()], "next_cursor": null,
                "total": {"count": 1, "exact": true}})),
        ListProblems,
    )
)]
pub async fn list(
    State(state): State<ApiState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let now = state.jobs.now();
    let asked = Asked::read(query.as_deref().unwrap_or_default())?;
    let request = PageRequest {
        filter: asked.filter,
        sort: asked.sort,
        descending: asked.descending,
        after: asked.after,
        limit: asked.limit,
        now,
    };
    let (sort, descending) = (request.sort, request.descending);
    let page = state.jobs.page(request).await;
    let page = page.map_err(|error| Problem::of_service(error, "", &Value::Null))?;
    let JobPage { rows, next, total } = page;
    let items: Vec<Value> = rows
        .into_iter()
        .map(|summary| {
            let view = JobView::from(summary.row.clone());
            job_json(&view, Some(&summary), now)
        })
        .collect();
    let body = json!({
        "items": items,
        "next_cursor": next.map(|position| Cursor::of(sort, descending, position).encode()),
        "total": {"count": total.count, "exact": total.exact},
    });
    Ok(Json(body).into_response())
}

/// What a query asks for.
struct Asked {
    filter: JobFilter,
    sort: JobSort,
    descending: bool,
    after: Option<Position>,
    limit: u32,
}

impl Asked {
    fn read(query: &str) -> Result<Self, Problem> {
        let mut asked = Self {
            filter: JobFilter::default(),
            sort: JobSort::NextFire,
            descending: false,
            after: None,
            limit: LIMIT,
        };
        let mut cursor = None;
        let mut faults = query::read(query, |name, value| match name {
            "cursor" => Cursor::decode(value).map(|read| cursor = Some(read)),
            name => asked.take(name, value),
        });
        if let Some(read) = cursor {
            match read.position(asked.sort, asked.descending) {
                Some(after) => asked.after = Some(after),
                None => faults.push(Fault::new(
                    "cursor",
                    "this cursor belongs to another sort or order: begin anew without it",
                    Value::Null,
                )),
            }
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
        match name {
            "limit" => self.limit = limit(value, MAX_PAGE)?,
            "state" => {
                let states = [JobState::Running, JobState::Paused];
                self.filter.state = Some(word(value, states.map(|s| (s.as_str(), s)))?);
            }
            "type" => {
                let kinds = [TriggerKind::Date, TriggerKind::Interval, TriggerKind::Cron];
                self.filter.kind = Some(word(value, kinds.map(|k| (k.as_str(), k)))?);
            }
            "tag" => self.filter.tag = Some(value.to_owned()),
            "text" => self.filter.text = Some(value.to_owned()).filter(|text| !text.is_empty()),
            "failing" => self.filter.failing = word(value, [("true", true), ("false", false)])?,
            "sort" => self.sort = word(value, SORTS)?,
            "order" => self.descending = word(value, [("asc", false), ("desc", true)])?,
            _ => {
                return query::unknown(
                    "limit, cursor, state, type, tag, text, failing, sort, order",
                );
            }
        }
        Ok(())
    }
}

/// A place in a sorted list, as clients carry it: opaque to them.
#[derive(Serialize, Deserialize)]
struct Cursor {
    /// The sort.
    s: String,
    /// Whether it is descending.
    d: bool,
    /// The key under the sort: an instant, an id, or null.
    k: Value,
    /// The place in the order of adding.
    q: i64,
}

impl Cursor {
    fn of(sort: JobSort, descending: bool, position: Position) -> Self {
        let named = SORTS.iter().find(|(_, s)| *s == sort);
        Self {
            s: named.map_or("", |(word, _)| word).to_owned(),
            d: descending,
            k: match position.key {
                SortKey::None => Value::Null,
                SortKey::Instant(ms) => Value::from(ms),
                SortKey::Text(text) => Value::from(text),
            },
            q: position.seq,
        }
    }

    fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    fn decode(text: &str) -> Result<Self, String> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let read = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        read.ok_or_else(|| "this is no cursor of this server: begin anew without it".to_owned())
    }

    /// The place it names, if it is one of a list in this order.
    fn position(self, sort: JobSort, descending: bool) -> Option<Position> {
        let key = match self.k {
            Value::Null => SortKey::None,
            Value::Number(ms) => SortKey::Instant(ms.as_i64()?),
            Value::String(text) => SortKey::Text(text),
            _ => return None,
        };
        let position = Position { key, seq: self.q };
        let named = word(&self.s, SORTS).ok()?;
        (named == sort && self.d == descending && position.suits(sort)).then_some(position)
    }
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
        assert_eq!(faults(""), Vec::<String>::new());
        assert_eq!(
            faults("limit=0&state=x&type=y&failing=1&sort=z&order=up&cursor=!&tags=a&tag=a&tag=b"),
            [
                "limit", "state", "type", "failing", "sort", "order", "cursor", "tags", "tag"
            ]
        );
    }

    #[test]
    fn cursors_round_trip_in_their_own_order() {
        for (sort, key) in [
            (JobSort::NextFire, SortKey::Instant(-5)),
            (JobSort::NextFire, SortKey::None),
            (JobSort::JobId, SortKey::Text("任务".into())),
            (JobSort::Created, SortKey::None),
        ] {
            let position = Position { key, seq: 7 };
            let text = Cursor::of(sort, true, position.clone()).encode();
            let read = |descending| {
                let cursor = Cursor::decode(&text).unwrap();
                cursor.position(sort, descending)
            };
            assert_eq!(read(true), Some(position));
            assert_eq!(read(false), None);
        }
    }
}
