//! The worked examples of runs in the document.

use serde_json::{Value, json};

/// A run in a list.
pub fn run() -> Value {
    json!({
        "run_id": 1,
        "job_id": "daily-report",
        "kind": "scheduled",
        "fire_at": "2030-01-01T01:00:00.000Z",
        "last_fire_at": "2030-01-01T01:00:00.000Z",
        "count": 1,
        "fire_id": "5c9e5d64-2f2f-5c60-8f0c-5ad2a4a3a4c1",
        "state": "succeeded",
        "reason": null,
        "explanation": {
            "en": "Sent 2 times; the target answered 503 in the first attempt, then 200.",
            "zh": "共发送 2 次；第 1 次目标返回 503，随后返回 200。"
        },
        "attempt": 2,
        "status": 200,
        "sent_at": "2030-01-01T01:00:01.002Z",
        "settled_at": "2030-01-01T01:00:01.037Z",
        "lateness_ms": 2,
        "duration_ms": 35,
        "due_at": "2030-01-01T01:00:01.000Z",
        "into_fire_at": null,
        "replica": "019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
        "claimed_at": "2030-01-01T00:59:59.010Z",
        "error": null,
        "phases": phases(None, 34_400)
    })
}

fn phases(connect_us: Option<u32>, first_byte_us: u32) -> Value {
    json!({
        "dns_us": null, "connect_us": connect_us, "first_byte_us": first_byte_us, "read_us": 210
    })
}

/// The same alone.
pub fn detail() -> Value {
    let mut run = run();
    let rest = json!({
        "body": "{\"sent\":12}",
        "attempts": [
            {
                "number": 1, "state": "failed", "reason": "status",
                "sent_at": "2030-01-01T01:00:00.001Z", "ended_at": "2030-01-01T01:00:00.013Z",
                "duration_ms": 12, "status": 503, "error": "the target answered 503 Service Unavailable",
                "body": "busy", "phases": phases(Some(800), 10_900)
            },
            {
                "number": 2, "state": "succeeded", "reason": null,
                "sent_at": "2030-01-01T01:00:01.002Z", "ended_at": "2030-01-01T01:00:01.037Z",
                "duration_ms": 35, "status": 200, "error": null, "body": "{\"sent\":12}",
                "phases": phases(None, 34_400)
            }
        ]
    });
    if let (Value::Object(run), Value::Object(rest)) = (&mut run, rest) {
        run.extend(rest);
    }
    run
}

/// An instant that is still to come.
pub fn explained() -> Value {
    json!({
        "explanation": {
            "en": "To come: it is a fire time of the job.",
            "zh": "尚未到来：这是该任务的触发时间。"
        },
        "moment": "to_come",
        "run": null,
        "previous": null,
        "next": null,
        "previous_fire_at": null,
        "next_fire_at": "2030-01-02T01:00:00.000Z"
    })
}

/// A run that was asked for.
pub fn manual() -> Value {
    json!({
        "run_id": 42,
        "job_id": "daily-report",
        "kind": "manual",
        "fire_at": "2030-01-01T09:00:00.123Z",
        "fire_id": "5c9e5d64-2f2f-5c60-8f0c-5ad2a4a3a4c1"
    })
}
