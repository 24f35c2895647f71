//! Occurrences of which an attempt was begun.

use super::causes::{answered, clause};
use super::{Words, lengths, words};
use crate::domain::attempts::{self, AttemptState, Made};
use crate::domain::occurrence::{LedgerEntry, Reason};

/// How many different results of attempts a sentence names.
const MOST_RESULTS: usize = 4;

/// One that has ended.
pub fn ended(entry: &LedgerEntry) -> Words {
    let made = attempts::of(entry);
    let lead = lead(entry, &made);
    let mut results = results(&made);
    if is_settled_early(entry, &made) {
        let (en, zh) = match entry.reason {
            Some(Reason::Cancelled) => (
                "the next occurrence of the job took the place of a further attempt",
                "任务的下一次触发取代了后续重试",
            ),
            _ => (
                "no further attempt was made, since the job was changed or another run went on",
                "由于任务被更改或另一次运行仍在进行，未再重试",
            ),
        };
        results.en.push_str(&format!("; {en}"));
        results.zh.push_str(&format!("；{zh}"));
    }
    words(
        format!("{}{}.", lead.en, results.en),
        format!("{}{}。", lead.zh, results.zh),
    )
}

/// One whose attempt is under way.
pub fn under_way(entry: &LedgerEntry) -> Words {
    let mut made = attempts::of(entry);
    made.retain(|made| made.state != AttemptState::UnderWay);
    if made.is_empty() {
        return words(
            "Under way: the request is sent, or its answer awaited.",
            "进行中：请求正在发送或正在等待应答。",
        );
    }
    let (number, results) = (entry.attempt, results(&made));
    words(
        format!("Attempt {number} is under way: {} before.", results.en),
        format!("正在进行第 {number} 次尝试：此前{}。", results.zh),
    )
}

/// One that waits for its next attempt.
pub fn to_be_sent_again(entry: &LedgerEntry) -> Words {
    let (due, results) = (
        lengths::instant(entry.due_at),
        results(&attempts::of(entry)),
    );
    words(
        format!("To be sent again at {due}: {}.", results.en),
        format!("将于 {due} 再次发送：{}。", results.zh),
    )
}

/// Whether it ended while it waited for a further attempt, for a reason of its
/// own that is not on record.
fn is_settled_early(entry: &LedgerEntry, made: &[Made]) -> bool {
    let kept = entry.past_attempts.last();
    kept.is_some_and(|kept| kept.number as usize == made.len())
}

/// Whether it was sent, how often, how late.
fn lead(entry: &LedgerEntry, made: &[Made]) -> Words {
    let (begun, sent) = (
        made.len(),
        made.iter().filter(|made| was_sent(made)).count(),
    );
    match (entry.reason, begun, sent) {
        (Some(Reason::Cancelled), ..) => words("Given up: ", "已放弃："),
        (Some(reason), 0 | 1, 0) if may_have_been_sent(reason) => {
            words("Perhaps sent: ", "可能已发送：")
        }
        (_, 0, _) => words("", ""),
        (_, 1, 0) => words("Not sent: ", "未发送："),
        (_, 1, _) => once(entry.lateness_ms),
        (_, n, sent) if n == sent => words(format!("Sent {n} times; "), format!("共发送 {n} 次；")),
        (_, n, _) => words(format!("Tried {n} times; "), format!("共尝试 {n} 次；")),
    }
}

fn was_sent(made: &Made) -> bool {
    made.attempt.sent_at.is_some()
}

fn may_have_been_sent(reason: Reason) -> bool {
    use Reason::{Internal, LockHeld, ReplicaDied, Shutdown};
    matches!(reason, LockHeld | ReplicaDied | Shutdown | Internal)
}

fn once(lateness_ms: Option<i64>) -> Words {
    match lateness_ms {
        None => words("Sent; ", "已发送；"),
        Some(..=0) => words("Sent on time; ", "准时发送；"),
        Some(ms) => {
            let (en, zh) = lengths::length(ms);
            words(format!("Sent {en} late; "), format!("晚 {zh}发送；"))
        }
    }
}

/// Attempts in a row that came to the same.
struct Same {
    result: Words,
    count: usize,
    /// The status, where the result is nothing else.
    status: Option<u16>,
}

/// What the attempts came to, the same ones together.
fn results(made: &[Made]) -> Words {
    let mut groups: Vec<Same> = Vec::new();
    for made in made {
        let same = same(made);
        match groups.last_mut() {
            Some(last) if last.result == same.result => last.count += 1,
            _ => groups.push(same),
        }
    }
    let left_out = groups.len().saturating_sub(MOST_RESULTS);
    if left_out > 0 {
        groups.drain(MOST_RESULTS - 1..MOST_RESULTS - 1 + left_out);
    }
    let mut told = match groups.first() {
        None => words("nothing is on record of it", "没有相关记录"),
        Some(first) if groups.len() == 1 => only(first),
        Some(first) => at_first(first),
    };
    for (place, pair) in groups.windows(2).enumerate() {
        if left_out > 0 && place + 2 == groups.len() {
            told.en.push_str(", then other failures");
            told.zh.push_str("，随后还有其他失败");
        }
        let next = later(&pair[0], &pair[1]);
        told.en.push_str(&next.en);
        told.zh.push_str(&next.zh);
    }
    told
}

fn same(made: &Made) -> Same {
    let attempt = &made.attempt;
    let result = match (made.state, attempt.reason) {
        (_, Some(Reason::ReplicaDied | Reason::Shutdown | Reason::Internal)) => {
            perhaps(attempt.reason, attempt.status)
        }
        (_, Some(Reason::Cancelled)) => {
            let given_up = clause(Reason::Cancelled, None);
            words(
                format!("{}; the target may have received the request", given_up.en),
                format!("{}，目标可能已收到请求", given_up.zh),
            )
        }
        (_, Some(reason)) => clause(reason, attempt.status),
        (AttemptState::Unknown, None) => perhaps(None, None),
        (_, None) => answered(attempt.status),
    };
    let status = attempt.status;
    Same {
        result,
        count: 1,
        status: status.filter(|_| matches!(attempt.reason, None | Some(Reason::Status))),
    }
}

/// One that may have been sent.
fn perhaps(reason: Option<Reason>, status: Option<u16>) -> Words {
    match reason {
        Some(reason) => {
            let cause = clause(reason, status);
            words(
                format!("{}; the request may have been sent", cause.en),
                format!("{}，请求可能已发出", cause.zh),
            )
        }
        None => words(
            "the request may have been sent, and nobody knows what came of it",
            "请求可能已发出，结果不明",
        ),
    }
}

fn only(group: &Same) -> Words {
    match group.count {
        1 => group.result.clone(),
        n => words(
            format!("{} in all {n} attempts", group.result.en),
            format!("{n} 次结果相同：{}", group.result.zh),
        ),
    }
}

fn at_first(group: &Same) -> Words {
    let Same { result, count, .. } = group;
    match count {
        1 => words(
            format!("{} in the first attempt", result.en),
            format!("第 1 次{}", result.zh),
        ),
        n => words(
            format!("{} in the first {n} attempts", result.en),
            format!("前 {n} 次{}", result.zh),
        ),
    }
}

fn later(before: &Same, group: &Same) -> Words {
    let (times, times_zh) = match group.count {
        1 => (String::new(), String::new()),
        n => (format!(" ({n} times)"), format!("（{n} 次）")),
    };
    match (before.status, group.status) {
        (Some(_), Some(status)) => words(
            format!(", then {status}{times}"),
            format!("，随后返回 {status}{times_zh}"),
        ),
        _ => words(
            format!(", then {}{times}", group.result.en),
            format!("，随后{}{times_zh}", group.result.zh),
        ),
    }
}
