//! The worked examples of the document. A test sends each request of them to a
//! running server and holds the answers against the document.

use serde_json::{Value, json};

/// A cron job with retries and policies.
pub fn cron() -> Value {
    json!({
        "description": "Sends the sales report to the team",
        "tags": ["reports", "sales"],
        "trigger": {
            "type": "cron",
            "cron": "0 9 * * 1-5",
            "timezone": "Asia/Shanghai"
        },
        "request": {
            "url": "http://127.0.0.1:9/reports/sales?run={{fire_id}}",
            "method": "POST",
            "headers": [
                {"name": "Authorization", "value": {"secret": "Bearer 7f9c2ba4"}}
            ],
            "body": {"json": {"day": "{{fire_at}}"}},
            "timeout_ms": 10_000
        },
        "retry": {
            "attempts": 5,
            "delay": {"exponential": {"first_ms": 1_000, "max_ms": 60_000, "jitter_percent": 20}}
        },
        "policies": {
            "misfire_grace": {"ms": 300_000},
            "overlap": "skip",
            "pause_after_failures": 10
        }
    })
}

/// An interval job.
pub fn interval() -> Value {
    json!({
        "trigger": {"type": "interval", "minutes": 5, "jitter_ms": 2_000},
        "request": {"url": "http://127.0.0.1:9/poll"}
    })
}

/// A date job.
pub fn date() -> Value {
    json!({
        "description": "New year",
        "trigger": {"type": "date", "at": "2099-12-31T23:59:59.500+08:00"},
        "request": {"url": "http://127.0.0.1:9/fireworks"},
        "policies": {"delivery": "at_least_once"}
    })
}

/// A change of some parts.
pub fn patch() -> Value {
    json!({
        "trigger": {"timezone": "Europe/Berlin"},
        "request": {"timeout_ms": 20_000},
        "retry": null
    })
}

/// The job that [`cron`] makes, a day later.
pub fn job() -> Value {
    json!({
        "job_id": "daily-report",
        "description": "Sends the sales report to the team",
        "tags": ["reports", "sales"],
        "trigger": {
            "type": "cron", "year": "*", "month": "*", "day": "*", "week": "*",
            "day_of_week": "mon-fri", "hour": "9", "minute": "0", "second": "0",
            "timezone": "Asia/Shanghai"
        },
        "request": {
            "url": "http://127.0.0.1:9/reports/sales?run={{fire_id}}",
            "method": "POST",
            "headers": [{"name": "Authorization", "value": {"secret": true}}],
            "body": {"json": {"day": "{{fire_at}}"}},
            "timeout_ms": 10_000
        },
        "retry": {
            "attempts": 5,
            "delay": {"exponential": {"first_ms": 1_000, "max_ms": 60_000, "jitter_percent": 20}},
            "on": {"statuses": [408, 425, 429, "500-599"], "timeout": true, "connect": true, "broken": true},
            "obey_retry_after": true
        },
        "policies": {
            "misfire_grace": {"ms": 300_000}, "catch_up": "latest", "overlap": "skip",
            "delivery": "at_most_once", "pause_until": null, "pause_after_failures": 10,
            "priority": 0
        },
        "status": {
            "state": "running", "paused_by": null,
            "next_fire_at": "2030-01-02T01:00:00.000Z",
            "created_at": "2030-01-01T00:00:00.000Z", "updated_at": "2030-01-01T00:00:00.000Z",
            "consecutive_failures": 0, "last_state": "succeeded",
            "last_ended_at": "2030-01-01T01:00:00.120Z", "last_duration_ms": 118,
            "recent": [{
                "run_id": 41, "kind": "scheduled", "fire_at": "2030-01-01T01:00:00.000Z",
                "state": "succeeded", "reason": null, "status": 200, "lateness_ms": 2,
                "duration_ms": 118, "count": 1
            }]
        }
    })
}

/// The beginning of a stream of events.
pub fn events() -> &'static str {
    "retry: 1000\nid: 1024.0\nevent: hello\n\
     data: {\"at\":\"2030-01-01T01:00:00.000Z\",\"resumed\":true}\n\n\
     id: 1025.0\nevent: run\n\
     data: {\"at\":\"2030-01-01T01:00:00.120Z\",\"job_id\":\"daily-report\",\"run\":{\
     \"run_id\":41,\"kind\":\"scheduled\",\"fire_at\":\"2030-01-01T01:00:00.000Z\",\
     \"state\":\"succeeded\",\"reason\":null,\"status\":200,\"lateness_ms\":2,\
     \"duration_ms\":118,\"count\":1}}\n\n"
}

/// How many jobs there are.
fn job_counts() -> Value {
    json!({
        "total": 3, "running": 2, "paused": 1,
        "by_type": {"date": 1, "interval": 1, "cron": 1},
        "waiting": {"count": 0, "exact": true}, "failing": {"count": 0, "exact": true}
    })
}

/// Statistics.
pub fn stats() -> Value {
    let window = |from: &str| {
        json!({
            "from": from, "runs": 41,
            "outcomes": [
                {"state": "failed", "reason": "timeout", "runs": 1},
                {"state": "succeeded", "reason": null, "runs": 40}
            ],
            "lateness_ms": {"runs": 41, "p50": 2, "p95": 4, "p99": 9},
            "duration_ms": {"runs": 41, "p50": 105, "p95": 247, "p99": 30_207}
        })
    };
    json!({
        "as_of": "2030-01-02T09:30:00.000Z",
        "jobs": job_counts(),
        "last_hour": window("2030-01-02T08:30:00.000Z"),
        "last_day": window("2030-01-01T09:30:00.000Z"),
        "bucket": "1h",
        "behind": [{
            "from": "2030-01-02T09:00:00.000Z", "succeeded": 40, "failed": 1, "unknown": 0,
            "skipped": 0, "missed": 0, "coalesced": 0
        }],
        "ahead": {
            "as_of": "2030-01-02T09:30:00.000Z", "exact": true, "sample": null, "firings": 12,
            "buckets": [{"from": "2030-01-02T09:00:00.000Z", "firings": 12}],
            "busiest_hour": [{"at": "2030-01-02T10:00:00.000Z", "jobs": 2}],
            "busiest_day": [{"at": "2030-01-02T10:00:00.000Z", "jobs": 2}]
        }
    })
}

/// A server.
pub fn system() -> Value {
    json!({
        "version": "0.1.0", "commit": null, "now": "2030-01-02T09:30:00.000Z",
        "started_at": "2030-01-02T09:00:00.000Z", "uptime_s": 1_800, "time_zones": "2025b",
        "replica": "019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
        "replicas": [{
            "replica": "019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
            "lease_until": "2030-01-02T09:30:02.400Z", "alive": true, "self": true
        }],
        "store": {
            "kind": "sqlite", "bytes": 4_096_000, "wal_bytes": 65_536, "schema_version": 1,
            "queued_writes": 0
        },
        "lock": {
            "kind": "store", "on_unavailable": "fire", "ok": true,
            "since": "2030-01-02T09:00:00.100Z"
        },
        "parts": [{
            "part": "store", "ok": true, "required": true, "since": "2030-01-02T09:00:00.050Z",
            "detail": "answers"
        }],
        "jobs": job_counts(),
        "settings": [{
            "name": "REDIS_URL", "value": "redis://***@redis:6379/0", "origin": "env",
            "default": "", "help": "redis://[user:password@]host[:port][/db] for the fire lock"
        }],
        "limits": {
            "page_jobs": 200, "body_bytes": 1_048_576, "body_wait_s": 30, "job_id_bytes": 16_384,
            "description_bytes": 4_096, "tags": 32, "tag_bytes": 128, "stats_hours": 168,
            "stats_buckets": 400
        }
    })
}

/// A refusal.
pub fn problem(status: u16, kind: &str) -> Value {
    let (title, detail) = match kind {
        "malformed" => (
            "The request cannot be read",
            "the body is no JSON: EOF while parsing an object at line 1 column 12",
        ),
        "no-such-job" => ("There is no such job", "no job has the id \"daily-report\""),
        "no-such-run" => (
            "There is no such run",
            "no run has the id 42; it may be older than what is kept",
        ),
        "job-gone" => (
            "The job of this run has been removed",
            "no job has the id \"daily-report\" any more",
        ),
        "exists" => (
            "There is a job of that id already",
            "the id \"daily-report\" is taken; choose another one",
        ),
        "body-too-slow" => ("The body did not arrive in time", "it may take 30 s"),
        "precondition-failed" => (
            "The job is not as expected",
            "If-Match or If-None-Match does not hold: look at the job as it is now, then decide anew",
        ),
        "body-too-large" => ("The body is too large", "it may have 1048576 bytes"),
        "media-type" => (
            "The body is of another media type",
            "send Content-Type: application/json",
        ),
        "invalid" => ("The input breaks rules", "1 fault: trigger.timezone"),
        "too-many-streams" => (
            "Too many streams are open",
            "this server serves 1000 at once",
        ),
        _ => (
            "The server cannot do this at the moment",
            "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
        ),
    };
    let errors = match kind {
        "invalid" => json!([{
            "field": "trigger.timezone",
            "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names \
                     such as UTC or Europe/Berlin",
            "value": "Europe/Berln"
        }]),
        "malformed" => json!([{
            "field": "",
            "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
            "value": null
        }]),
        _ => json!([]),
    };
    json!({
        "type": format!("urn:schedule-server:problem:{kind}"),
        "title": title, "status": status, "detail": detail, "errors": errors
    })
}
