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
            "en": "Sent 2 ms late; the target answered 200 after 35 ms, a success. It was attempt 2.",
            "zh": "晚 2 毫秒 发送，目标在 35 毫秒 后返回 200，成功。这是第 2 次尝试。"
        },
        "attempt": 2,
        "status": 200,
        "sent_at": "2030-01-01T01:00:01.002Z",
        "settled_at": "2030-01-01T01:00:01.037Z",
        "lateness_ms": 2,
        "duration_ms": 35
    })
}

/// The same alone.
pub fn detail() -> Value {
    let phases = |connect: Option<u32>, first: u32| json!({"dns_us": null, "connect_us": connect, "first_byte_us": first, "read_us": 210});
    let mut run = run();
    run["explanation"] = json!({
        "en": "Sent 2 ms late; the target answered 200 after 35 ms, a success. It was attempt 2; \
               before it: 503.",
        "zh": "晚 2 毫秒 发送，目标在 35 毫秒 后返回 200，成功。这是第 2 次尝试，此前：503。"
    });
    let rest = json!({
        "due_at": "2030-01-01T01:00:01.000Z",
        "into_fire_at": null,
        "replica": "019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
        "error": null,
        "body": "{\"sent\":12}",
        "phases": phases(None, 34_400),
        "attempts": [
            {
                "number": 1, "reason": "status", "sent_at": "2030-01-01T01:00:00.001Z",
                "duration_ms": 12, "status": 503, "error": "the target answered 503 Service Unavailable",
                "body": "busy", "phases": phases(Some(800), 10_900)
            },
            {
                "number": 2, "reason": null, "sent_at": "2030-01-01T01:00:01.002Z",
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
            "en": "It is a fire time of the job that is still to come.",
            "zh": "这是该任务尚未到来的触发时间。"
        },
        "moment": "to_come",
        "run": null,
        "previous": null,
        "next": null,
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
