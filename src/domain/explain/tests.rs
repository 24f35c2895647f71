use chrono::{DateTime, Utc};

use super::*;
use crate::domain::job::JobId;
use crate::domain::occurrence::{
    OccurrenceId, OccurrenceKind, OccurrenceState, PastAttempt, Reason,
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn entry(state: OccurrenceState, reason: Option<Reason>) -> LedgerEntry {
    let fire_at = at("2030-01-01T09:00:00Z");
    LedgerEntry {
        row_id: 1,
        occurrence: OccurrenceId {
            job_id: JobId::from_stored("j".into()),
            fire_at,
            kind: OccurrenceKind::Scheduled,
        },
        attempt: 1,
        past_attempts: Vec::new(),
        state,
        reason,
        count: 1,
        last_fire_at: fire_at,
        into_fire_at: None,
        due_at: fire_at,
        queued: false,
        replica: Some("r".into()),
        sent_at: Some(at("2030-01-01T09:00:00.004Z")),
        lateness_ms: Some(4),
        duration_ms: Some(35),
        status: None,
        error: None,
        body: None,
        phases: None,
        settled_at: None,
    }
}

fn past(number: u32, status: Option<u16>, reason: Reason) -> PastAttempt {
    PastAttempt {
        number,
        reason: Some(reason),
        sent_at: None,
        duration_ms: None,
        status,
        error: None,
        body: None,
        phases: None,
    }
}

#[track_caller]
fn says(entry: &LedgerEntry, en: &str, zh: &str) {
    let words = explain(entry);
    assert_eq!((words.en.as_str(), words.zh.as_str()), (en, zh));
}

#[test]
fn what_was_sent_tells_how_late_and_what_came_back() {
    let mut run = entry(OccurrenceState::Succeeded, None);
    run.status = Some(200);
    says(
        &run,
        "Sent 4 ms late; the target answered 200 after 35 ms, a success.",
        "晚 4 毫秒 发送，目标在 35 毫秒 后返回 200，成功。",
    );
    run.attempt = 3;
    run.lateness_ms = Some(0);
    run.past_attempts = vec![
        past(1, Some(500), Reason::Status),
        past(2, None, Reason::Timeout),
    ];
    says(
        &run,
        "Sent on time; the target answered 200 after 35 ms, a success. \
         It was attempt 3; before it: 500, timeout.",
        "准时发送，目标在 35 毫秒 后返回 200，成功。这是第 3 次尝试，此前：500、timeout。",
    );
    run.state = OccurrenceState::Failed;
    run.reason = Some(Reason::Timeout);
    run.duration_ms = Some(30_000);
    run.past_attempts.clear();
    says(
        &run,
        "Sent on time; no complete answer came within 30 s. It was attempt 3.",
        "准时发送，30 秒 内没有收到完整的应答。这是第 3 次尝试。",
    );
}

#[test]
fn what_was_not_sent_says_so_first() {
    let mut run = entry(OccurrenceState::Failed, Some(Reason::SendLimit));
    run.sent_at = None;
    says(
        &run,
        "Not sent: no send slot came free in time.",
        "未发送：没有及时等到空闲的发送名额。",
    );
    run.state = OccurrenceState::Missed;
    run.reason = Some(Reason::Grace);
    run.count = 3;
    run.last_fire_at = at("2030-01-01T09:02:00Z");
    let text = explain(&run);
    let first = "3 fire times from 2030-01-01T09:00:00Z to 2030-01-01T09:02:00Z: Not sent:";
    assert!(text.en.starts_with(first), "{}", text.en);
    run.count = 1;
    run.state = OccurrenceState::Coalesced;
    run.into_fire_at = Some(at("2030-01-01T09:05:00Z"));
    says(
        &run,
        "Not sent on its own: the fire time 2030-01-01T09:05:00Z stands for it.",
        "未单独发送：已合并到触发时间 2030-01-01T09:05:00Z。",
    );
}

#[test]
fn what_is_to_come_says_when() {
    let mut run = entry(OccurrenceState::Claimed, None);
    run.attempt = 0;
    run.sent_at = None;
    says(
        &run,
        "A replica has claimed it and will send it at 2030-01-01T09:00:00Z.",
        "已由一个副本认领，将于 2030-01-01T09:00:00Z 发送。",
    );
    run.queued = true;
    says(
        &run,
        "It waits for the previous run of the job to end.",
        "正在等待该任务的上一次运行结束。",
    );
    run.queued = false;
    run.attempt = 1;
    run.reason = Some(Reason::Status);
    run.status = Some(503);
    says(
        &run,
        "Attempt 1 failed: the target answered 503 after 35 ms, which is no success for this job. \
         The next one is due at 2030-01-01T09:00:00Z.",
        "第 1 次尝试失败：目标在 35 毫秒 后返回 503，该任务不视其为成功。下一次尝试定于 2030-01-01T09:00:00Z。",
    );
}

/// The state in which a reason stands.
fn state_of(reason: Reason) -> OccurrenceState {
    match reason {
        Reason::LockHeld | Reason::ReplicaDied | Reason::Shutdown | Reason::Internal => {
            OccurrenceState::Unknown
        }
        Reason::Overlap
        | Reason::QueueFull
        | Reason::PauseUntil
        | Reason::Ended
        | Reason::Paused
        | Reason::Removed
        | Reason::Changed => OccurrenceState::Skipped,
        Reason::Grace | Reason::NoCatchUp => OccurrenceState::Missed,
        _ => OccurrenceState::Failed,
    }
}

#[test]
fn every_reason_has_words_of_its_own() {
    let mut seen = std::collections::HashSet::new();
    for reason in Reason::ALL {
        let mut run = entry(state_of(reason), Some(reason));
        run.error = Some("refused".into());
        let words = explain(&run);
        assert!(seen.insert(words.en.clone()), "{reason:?}: {}", words.en);
        assert!(seen.insert(words.zh.clone()), "{reason:?}: {}", words.zh);
        assert!(!words.en.contains("on purpose"), "{reason:?}");
    }
}

#[test]
fn lengths_are_told_in_the_unit_that_suits() {
    for (ms, number, unit) in [
        (0, "0", Unit::Millis),
        (999, "999", Unit::Millis),
        (1_000, "1", Unit::Seconds),
        (1_550, "1.6", Unit::Seconds),
        (119_900, "119.9", Unit::Seconds),
        (120_000, "2", Unit::Minutes),
        (5_400_000, "90", Unit::Minutes),
        (9_000_000, "2.5", Unit::Hours),
    ] {
        assert_eq!(length(ms), (number.to_owned(), unit), "{ms}");
    }
}
