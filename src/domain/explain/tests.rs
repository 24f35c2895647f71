//! Every sentence, as a table.

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::domain::job::JobId;
use crate::domain::occurrence::{OccurrenceId, OccurrenceKind, PastAttempt, Reason};

fn noon() -> DateTime<Utc> {
    "2030-01-01T12:00:00Z".parse().unwrap()
}

/// A row of that state, of which nothing was sent.
pub fn entry(state: OccurrenceState, reason: Option<Reason>) -> LedgerEntry {
    LedgerEntry {
        row_id: 1,
        occurrence: OccurrenceId {
            job_id: JobId::from_stored("j".into()),
            fire_at: noon(),
            kind: OccurrenceKind::Scheduled,
        },
        attempt: 0,
        past_attempts: Vec::new(),
        state,
        reason,
        count: 1,
        last_fire_at: noon(),
        into_fire_at: None,
        due_at: noon(),
        queued: false,
        replica: Some("r".into()),
        claimed_at: None,
        sent_at: None,
        lateness_ms: None,
        duration_ms: None,
        status: None,
        error: None,
        body: None,
        phases: None,
        settled_at: state.is_final().then(noon),
    }
}

/// An attempt that was followed by another one.
pub fn past(number: u32, reason: Option<Reason>, status: Option<u16>) -> PastAttempt {
    PastAttempt {
        number,
        reason,
        sent_at: Some(noon()),
        duration_ms: Some(5),
        status,
        error: None,
        body: None,
        phases: None,
    }
}

/// A row whose one request was sent.
fn sent(state: OccurrenceState, reason: Option<Reason>, status: Option<u16>) -> LedgerEntry {
    LedgerEntry {
        attempt: 1,
        sent_at: Some(noon() + TimeDelta::milliseconds(4)),
        lateness_ms: Some(4),
        status,
        ..entry(state, reason)
    }
}

/// A row with attempts before the last one, which ended with these statuses.
fn retried(last: &LedgerEntry, statuses: &[u16]) -> LedgerEntry {
    let failed = |(number, status): (u32, &u16)| past(number, Some(Reason::Status), Some(*status));
    LedgerEntry {
        attempt: statuses.len() as u32 + 1,
        past_attempts: (1..).zip(statuses).map(failed).collect(),
        ..last.clone()
    }
}

use OccurrenceState::{Claimed, Coalesced, Failed, Firing, Missed, Skipped, Succeeded, Unknown};

fn told(cases: &[(LedgerEntry, &str, &str)]) {
    for (entry, en, zh) in cases {
        assert_eq!(explain(entry), words(*en, *zh), "{entry:#?}");
    }
}

#[test]
fn what_was_sent() {
    let ok = sent(Succeeded, None, Some(200));
    let on_time = LedgerEntry {
        lateness_ms: Some(0),
        ..ok.clone()
    };
    let failed = |reason| sent(Failed, Some(reason), None);
    let answered = |status| sent(Failed, Some(Reason::Status), Some(status));
    told(&[
        (
            on_time,
            "Sent on time; the target answered 200.",
            "准时发送；目标返回 200。",
        ),
        (
            ok.clone(),
            "Sent 4 ms late; the target answered 200.",
            "晚 4 毫秒发送；目标返回 200。",
        ),
        (
            answered(500),
            "Sent 4 ms late; the target answered 500.",
            "晚 4 毫秒发送；目标返回 500。",
        ),
        (
            failed(Reason::Timeout),
            "Sent 4 ms late; the target did not answer in full before the deadline.",
            "晚 4 毫秒发送；目标未在时限内完整应答。",
        ),
        (
            sent(Failed, Some(Reason::SuccessRule), Some(200)),
            "Sent 4 ms late; the answer (200) is not what the job counts as success.",
            "晚 4 毫秒发送；应答（200）不符合任务的成功规则。",
        ),
        (
            retried(&ok, &[500, 500]),
            "Sent 3 times; the target answered 500 in the first 2 attempts, then 200.",
            "共发送 3 次；前 2 次目标返回 500，随后返回 200。",
        ),
        (
            retried(&ok, &[503]),
            "Sent 2 times; the target answered 503 in the first attempt, then 200.",
            "共发送 2 次；第 1 次目标返回 503，随后返回 200。",
        ),
        (
            retried(&answered(500), &[500, 500]),
            "Sent 3 times; the target answered 500 in all 3 attempts.",
            "共发送 3 次；3 次结果相同：目标返回 500。",
        ),
        (
            retried(&failed(Reason::Connect), &[500, 502, 502]),
            "Sent 4 times; the target answered 500 in the first attempt, then 502 (2 times), \
             then no connection to the target could be made.",
            "共发送 4 次；第 1 次目标返回 500，随后返回 502（2 次），随后无法连接到目标。",
        ),
        (
            retried(&ok, &[500, 501, 502, 503, 504]),
            "Sent 6 times; the target answered 500 in the first attempt, then 501, then 502, \
             then other failures, then 200.",
            "共发送 6 次；第 1 次目标返回 500，随后返回 501，随后返回 502，随后还有其他失败，\
             随后返回 200。",
        ),
    ]);
}

#[test]
fn what_perhaps_was_not_sent() {
    let begun = |state, reason| LedgerEntry {
        attempt: 1,
        ..entry(state, Some(reason))
    };
    let again = LedgerEntry {
        attempt: 2,
        ..sent(Succeeded, None, Some(200))
    };
    let waited = LedgerEntry {
        attempt: 1,
        ..retried(&sent(Failed, Some(Reason::Status), Some(503)), &[503])
    };
    let replaced = LedgerEntry {
        reason: Some(Reason::Cancelled),
        ..waited.clone()
    };
    told(&[
        (
            begun(Failed, Reason::SendLimit),
            "Not sent: no send slot came free in time.",
            "未发送：未能及时获得发送名额。",
        ),
        (
            begun(Unknown, Reason::LockHeld),
            "Perhaps sent: another holder has the fire lock and may have sent it.",
            "可能已发送：触发锁被他人持有，请求可能已由对方发出。",
        ),
        (
            begun(Unknown, Reason::ReplicaDied),
            "Perhaps sent: the replica ended before it could record what came of it; the request \
             may have been sent.",
            "可能已发送：副本在记录结果之前已终止，请求可能已发出。",
        ),
        (
            begun(Failed, Reason::Cancelled),
            "Given up: the next occurrence of the job came due and took its place; the target \
             may have received the request.",
            "已放弃：任务的下一次触发已到期并取而代之，目标可能已收到请求。",
        ),
        // Delivered at least once: a replica died within the first attempt.
        (
            again,
            "Tried 2 times; the request may have been sent, and nobody knows what came of it in \
             the first attempt, then the target answered 200.",
            "共尝试 2 次；第 1 次请求可能已发出，结果不明，随后目标返回 200。",
        ),
        (
            waited,
            "Sent 4 ms late; the target answered 503; no further attempt was made, since the job \
             was changed or another run went on.",
            "晚 4 毫秒发送；目标返回 503；由于任务被更改或另一次运行仍在进行，未再重试。",
        ),
        (
            replaced,
            "Given up: the target answered 503; the next occurrence of the job took the place of \
             a further attempt.",
            "已放弃：目标返回 503；任务的下一次触发取代了后续重试。",
        ),
    ]);
}

#[test]
fn what_was_not_sent() {
    let later = noon() + TimeDelta::hours(1);
    let many = |state, reason| LedgerEntry {
        count: 61,
        last_fire_at: later,
        ..entry(state, reason)
    };
    let coalesced = LedgerEntry {
        into_fire_at: Some(later),
        ..entry(Coalesced, None)
    };
    told(&[
        (
            entry(Skipped, Some(Reason::Overlap)),
            "Not sent: the previous run of the job was still going on.",
            "未发送：该任务的上一次运行仍在进行。",
        ),
        (
            entry(Missed, Some(Reason::Grace)),
            "Not sent: its time had passed by more than the job's grace.",
            "未发送：已超过任务允许的迟到时间。",
        ),
        (
            many(Missed, Some(Reason::NoCatchUp)),
            "Not sent, 61 fire times up to 2030-01-01T13:00:00.000Z: its time had passed, and \
             the job catches up nothing.",
            "截至 2030-01-01T13:00:00.000Z 的 61 次触发均未发送：时间已过，且任务不补发。",
        ),
        (
            coalesced,
            "Not sent: the later fire time 2030-01-01T13:00:00.000Z stands for it.",
            "未发送：已合并到之后的触发时间 2030-01-01T13:00:00.000Z。",
        ),
    ]);
}

#[test]
fn what_is_open() {
    let claimed = entry(Claimed, None);
    let free = LedgerEntry {
        replica: None,
        ..claimed.clone()
    };
    let waiting = LedgerEntry {
        queued: true,
        ..free.clone()
    };
    let status = Some(Reason::Status);
    let retry = LedgerEntry {
        attempt: 1,
        past_attempts: vec![past(1, status, Some(503))],
        due_at: noon() + TimeDelta::seconds(9),
        ..entry(Claimed, status)
    };
    let again = LedgerEntry {
        attempt: 1,
        ..free.clone()
    };
    let firing = LedgerEntry {
        attempt: 1,
        ..entry(Firing, None)
    };
    told(&[
        (
            claimed,
            "About to be sent: a replica has claimed it.",
            "即将发送：已有副本认领。",
        ),
        (
            free,
            "Due: it is sent as soon as a replica takes it.",
            "已到期：副本认领后立即发送。",
        ),
        (
            waiting,
            "Waiting: the previous run of the job is still going on.",
            "等待中：该任务的上一次运行仍在进行。",
        ),
        (
            retry,
            "To be sent again at 2030-01-01T12:00:09.000Z: the target answered 503.",
            "将于 2030-01-01T12:00:09.000Z 再次发送：目标返回 503。",
        ),
        (
            again,
            "To be sent again at 2030-01-01T12:00:00.000Z: the request may have been sent, and \
             nobody knows what came of it.",
            "将于 2030-01-01T12:00:00.000Z 再次发送：请求可能已发出，结果不明。",
        ),
        (
            firing.clone(),
            "Under way: the request is sent, or its answer awaited.",
            "进行中：请求正在发送或正在等待应答。",
        ),
        (
            retried(&firing, &[503]),
            "Attempt 2 is under way: the target answered 503 before.",
            "正在进行第 2 次尝试：此前目标返回 503。",
        ),
    ]);
}

/// No state and no reason lacks a sentence, and different reasons have different
/// ones.
#[test]
fn every_state_and_reason_has_its_sentence() {
    for state in OccurrenceState::ALL {
        let mut seen = std::collections::HashSet::new();
        for reason in [None].into_iter().chain(Reason::ALL.map(Some)) {
            for row in [entry(state, reason), sent(state, reason, None)] {
                let Words { en, zh } = explain(&row);
                let first = en.chars().next().is_some_and(char::is_uppercase);
                assert!(en.len() > 15 && first && en.ends_with('.'), "{row:?}: {en}");
                assert!(
                    zh.chars().count() > 5 && zh.ends_with('。'),
                    "{row:?}: {zh}"
                );
                let only_chinese = !zh.contains([';', ',', '(']) && !zh.contains(". ");
                assert!(only_chinese && !en.contains(|c: char| c > '\u{2000}'));
                let differs = seen.insert((row.attempt, en.clone()));
                // Without a status this one has nothing of its own to say.
                let plain = reason == Some(Reason::Status);
                assert!(differs || plain || !state.is_final(), "{reason:?}: {en}");
            }
        }
    }
}
