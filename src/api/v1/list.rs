//! The list of jobs, page by page.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::examples;
use super::problem::{Fault, Problem};
use super::query::{self, limit, word};
use super::refusals::ListProblems;
use super::view::JobJson;
use crate::api::ApiState;
use crate::store::{JobFilter, JobPage, JobSort, MAX_PAGE, PageRequest, Position, SortKey};

/// How many jobs a page has when nothing is said.
const LIMIT: u32 = 50;
/// How many jobs may be passed over.
const MAX_OFFSET: u32 = 1_000_000;

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
        ("offset" = Option<u32>, Query, description = "Passes over so many jobs, to jump into a long list; not with a cursor or a filter. Costs more the farther it goes: go on with `cursor` where you can.", maximum = 1_000_000, example = json!(0)),
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
    let page = state.jobs.page_behind(request, asked.offset).await;
    let page = page.map_err(|error| Problem::of_service(error, "", &Value::Null))?;
    let JobPage { rows, next, total } = page;
    let body = Page {
        items: rows.iter().map(|row| JobJson::of(row, now)).collect(),
        next_cursor: next.map(|position| Cursor::of(sort, descending, position).encode()),
        total: Count {
            count: total.count,
            exact: total.exact,
        },
    };
    Ok(Json(body).into_response())
}

#[derive(Serialize)]
struct Page<'a> {
    items: Vec<JobJson<'a>>,
    next_cursor: Option<String>,
    total: Count,
}

#[derive(Serialize)]
struct Count {
    count: u64,
    exact: bool,
}

/// What a query asks for.
struct Asked {
    filter: JobFilter,
    sort: JobSort,
    descending: bool,
    after: Option<Position>,
    limit: u32,
    offset: u32,
}

impl Asked {
    fn read(query: &str) -> Result<Self, Problem> {
        let mut asked = Self {
            filter: JobFilter::default(),
            sort: JobSort::NextFire,
            descending: false,
            after: None,
            limit: LIMIT,
            offset: 0,
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
        let plain = asked.after.is_none() && asked.filter == JobFilter::default();
        if asked.offset > 0 && !plain {
            let rule = "goes with no cursor and no filter";
            faults.push(Fault::new("offset", rule, Value::from(asked.offset)));
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
            "offset" => self.offset = offset(value)?,
            "sort" => self.sort = word(value, SORTS)?,
            "order" => self.descending = word(value, [("asc", false), ("desc", true)])?,
            _ => {
                let known = "limit, cursor, offset, state, type, tag, text, failing, sort, order";
                return query::filter(&mut self.filter, name, value, known);
            }
        }
        Ok(())
    }
}

/// # Errors
/// With the rule it breaks.
fn offset(value: &str) -> Result<u32, String> {
    let offset = value.parse().ok().filter(|n| *n <= MAX_OFFSET);
    offset.ok_or_else(|| format!("must be a whole number from 0 to {MAX_OFFSET}"))
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
        assert_eq!(faults("offset=1000001"), ["offset"]);
        assert_eq!(faults("offset=5&tag=a"), ["offset"]);
        assert_eq!(faults("offset=0&tag=a"), Vec::<String>::new());
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
