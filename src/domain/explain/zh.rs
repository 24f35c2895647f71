//! The sentences in simplified Chinese.

use chrono::{DateTime, SecondsFormat, Utc};

use super::{Unit, length, past};
use crate::domain::occurrence::{LedgerEntry, OccurrenceState, Reason};

/// The sentence for a row of the ledger.
pub fn sentence(entry: &LedgerEntry) -> String {
    let mut text = several(entry);
    text.push_str(&match entry.state {
        OccurrenceState::Claimed => claimed(entry),
        OccurrenceState::Firing => "正在发送。".to_owned(),
        OccurrenceState::Succeeded => {
            format!("{}，{}，成功。", sent(entry), answer(entry))
        }
        OccurrenceState::Failed => failed(entry),
        OccurrenceState::Unknown => unknown(entry.reason).to_owned(),
        OccurrenceState::Skipped => skipped(entry.reason).to_owned(),
        OccurrenceState::Missed => missed(entry.reason).to_owned(),
        OccurrenceState::Coalesced => match entry.into_fire_at {
            Some(at) => format!("未单独发送：已合并到触发时间 {}。", shown(at)),
            None => "未单独发送：已合并到之后的触发时间。".to_owned(),
        },
    });
    text.push_str(&attempts(entry));
    text
}

fn shown(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A row for several fire times says so first.
fn several(entry: &LedgerEntry) -> String {
    match entry.count {
        ..=1 => String::new(),
        count => {
            let (from, to) = (shown(entry.occurrence.fire_at), shown(entry.last_fire_at));
            format!("从 {from} 到 {to} 的 {count} 个触发时间：")
        }
    }
}

fn claimed(entry: &LedgerEntry) -> String {
    let due = shown(entry.due_at);
    match (entry.queued, &entry.replica) {
        (true, _) => "正在等待该任务的上一次运行结束。".to_owned(),
        (false, _) if entry.attempt > 0 => {
            let why = why_failed(entry);
            format!(
                "第 {} 次尝试失败：{why}。下一次尝试定于 {due}。",
                entry.attempt
            )
        }
        (false, Some(_)) => format!("已由一个副本认领，将于 {due} 发送。"),
        (false, None) => format!("应于 {due} 发送，正在等待副本认领。"),
    }
}

fn sent(entry: &LedgerEntry) -> String {
    match entry.lateness_ms {
        None => "已发送".to_owned(),
        Some(..=0) => "准时发送".to_owned(),
        Some(late) => format!("晚 {} 发送", time(late)),
    }
}

fn answer(entry: &LedgerEntry) -> String {
    let status = entry.status.map(|status| status.to_string());
    let status = status.unwrap_or_else(|| "空".to_owned());
    match entry.duration_ms {
        Some(ms) => format!("目标在 {} 后返回 {status}", time(ms)),
        None => format!("目标返回 {status}"),
    }
}

fn time(ms: i64) -> String {
    let (number, unit) = length(ms);
    let unit = match unit {
        Unit::Millis => "毫秒",
        Unit::Seconds => "秒",
        Unit::Minutes => "分钟",
        Unit::Hours => "小时",
    };
    format!("{number} {unit}")
}

fn failed(entry: &LedgerEntry) -> String {
    let why = why_failed(entry);
    let not_sent = entry.sent_at.is_none();
    match entry.reason {
        _ if not_sent => format!("未发送：{why}。"),
        Some(Reason::Cancelled) => format!("已放弃：{why}。"),
        _ => format!("{}，{why}。", sent(entry)),
    }
}

/// Why an attempt is no success.
fn why_failed(entry: &LedgerEntry) -> String {
    let error = || {
        entry
            .error
            .clone()
            .unwrap_or_else(|| "没有更多信息".to_owned())
    };
    match entry.reason {
        Some(Reason::Status) => format!("{}，该任务不视其为成功", answer(entry)),
        Some(Reason::Timeout) => match entry.duration_ms {
            Some(ms) => format!("{} 内没有收到完整的应答", time(ms)),
            None => "没有按时收到完整的应答".to_owned(),
        },
        Some(Reason::Connect) => format!("无法连接目标（{}）", error()),
        Some(Reason::Broken) => format!("应答中断（{}）", error()),
        Some(Reason::SuccessRule) => {
            format!("{}，但不符合该任务的成功规则（{}）", answer(entry), error())
        }
        Some(Reason::Redirects) => "目标的重定向次数超过了任务的限制".to_owned(),
        Some(Reason::InvalidUrl) => format!("该 URL 无法调用（{}）", error()),
        Some(Reason::SendLimit) => "没有及时等到空闲的发送名额".to_owned(),
        Some(Reason::LeaseLost) => "副本在发送前失去了租约".to_owned(),
        Some(Reason::LockUnavailable) => "无法访问触发锁，而服务器被设置为此时不发送".to_owned(),
        Some(Reason::Cancelled) => "下一次触发时间已到，按任务的设置由它取代本次运行".to_owned(),
        _ => error(),
    }
}

fn unknown(reason: Option<Reason>) -> &'static str {
    match reason {
        Some(Reason::LockHeld) => "结果未知：另一台服务器持有本次触发的锁，可能已经发送。",
        Some(Reason::ReplicaDied) => "结果未知：副本在记录结果之前终止，目标可能已经收到请求。",
        Some(Reason::Shutdown) => "结果未知：服务器在收到完整应答之前停止，目标可能已经收到请求。",
        _ => "结果未知：程序在发送时出错，详见日志。",
    }
}

fn skipped(reason: Option<Reason>) -> &'static str {
    match reason {
        Some(Reason::Overlap) => "未发送：该任务的上一次运行尚未结束。",
        Some(Reason::QueueFull) => "未发送：等待上一次运行结束的触发已达到任务允许的数量。",
        Some(Reason::PauseUntil) => "未发送：任务被暂停到某一时刻，而该时刻尚未到来。",
        Some(Reason::Ended) => "未发送：任务的调度已经结束。",
        Some(Reason::Paused) => "未发送：任务在触发之前被暂停。",
        Some(Reason::Removed) => "未发送：任务在触发之前被删除。",
        Some(Reason::Changed) => "未发送：任务在触发之前被修改。",
        _ => "按设置未发送。",
    }
}

fn missed(reason: Option<Reason>) -> &'static str {
    match reason {
        Some(Reason::NoCatchUp) => "未发送：当时没有服务器在运行，而该任务不补发。",
        _ => "未发送：当时没有服务器在运行，恢复时已超过任务的宽限时间。",
    }
}

/// Which attempt it was, and what came of those before it.
fn attempts(entry: &LedgerEntry) -> String {
    if entry.attempt < 2 || entry.state == OccurrenceState::Claimed {
        return String::new();
    }
    match past(entry).join("、") {
        past if past.is_empty() => format!("这是第 {} 次尝试。", entry.attempt),
        past => format!("这是第 {} 次尝试，此前：{past}。", entry.attempt),
    }
}
