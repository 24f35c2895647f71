//! The worked examples of the history.

use serde_json::{Value, json};

/// A run as lists show it.
pub fn summary() -> Value {
    json!({
        "run_id": 41, "job_id": "daily-report", "kind": "scheduled",
        "fire_at": "2030-01-01T01:00:00.000Z", "last_fire_at": "2030-01-01T01:00:00.000Z",
        "count": 1, "into_fire_at": null, "due_at": "2030-01-01T01:00:01.250Z",
        "fire_id": "5c9e5d64-2f2f-5c60-8f0c-5ad2a4a3a4c1",
        "state": "succeeded", "reason": null,
        "explanation": {
            "en": "Sent 2 times; the target answered 503 in the first attempt, then 200.",
            "zh": "共发送 2 次；第 1 次目标返回 503，随后返回 200。"
        },
        "attempt_count": 2, "replica": "019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
        "claimed_at": "2030-01-01T00:59:59.010Z", "sent_at": "2030-01-01T01:00:01.252Z",
        "settled_at": "2030-01-01T01:00:01.370Z", "lateness_ms": 2, "duration_ms": 118,
        "status": 200, "error": null,
        "phases": {"dns_us": null, "connect_us": null, "first_byte_us": 116_210, "read_us": 1_140}
    })
}

/// A run with everything that is known of it.
pub fn run() -> Value {
    let mut run = summary();
    run["body"] = json!("{\"sent\": true}");
    run["attempts"] = json!([
        {
            "number": 1, "state": "failed", "reason": "status",
            "sent_at": "2030-01-01T01:00:00.001Z", "ended_at": "2030-01-01T01:00:00.081Z",
            "duration_ms": 80, "status": 503, "error": "the target answered 503 Service Unavailable",
            "body": "busy",
            "phases": {"dns_us": 310, "connect_us": 520, "first_byte_us": 78_400, "read_us": 90}
        },
        {
            "number": 2, "state": "succeeded", "reason": null,
            "sent_at": "2030-01-01T01:00:01.252Z", "ended_at": "2030-01-01T01:00:01.370Z",
            "duration_ms": 118, "status": 200, "error": null, "body": "{\"sent\": true}",
            "phases": {"dns_us": null, "connect_us": null, "first_byte_us": 116_210, "read_us": 1_140}
        }
    ]);
    run
}

/// Why a job did not fire at an instant.
pub fn instant() -> Value {
    json!({
        "job_id": "daily-report", "at": "2030-01-01T02:00:00.000Z", "verdict": "no_fire_time",
        "explanation": {
            "en": "Not fired: it is no fire time of the job's schedule.",
            "zh": "未触发：这不是该任务计划中的触发时间。"
        },
        "run": null, "previous_fire_at": "2030-01-01T01:00:00.000Z",
        "next_fire_at": "2030-01-02T01:00:00.000Z"
    })
}
