//! Each reason as a clause.

use super::{Words, lengths, words};
use crate::domain::occurrence::{LedgerEntry, OccurrenceState, Reason};

/// A reason as a clause: what happened.
pub fn clause(reason: Reason, status: Option<u16>) -> Words {
    let answer = status.map_or_else(String::new, |status| format!(" ({status})"));
    let answer_zh = status.map_or_else(String::new, |status| format!("（{status}）"));
    match reason {
        Reason::Status => answered(status),
        Reason::SuccessRule => words(
            format!("the answer{answer} is not what the job counts as success"),
            format!("应答{answer_zh}不符合任务的成功规则"),
        ),
        reason => {
            let (en, zh) = plain(reason);
            words(en, zh)
        }
    }
}

/// What the target answered.
pub fn answered(status: Option<u16>) -> Words {
    match status {
        Some(status) => words(
            format!("the target answered {status}"),
            format!("目标返回 {status}"),
        ),
        None => words("the target answered", "目标已应答"),
    }
}

fn plain(reason: Reason) -> (&'static str, &'static str) {
    match reason {
        Reason::Status => ("the target answered without success", "目标未返回成功"),
        Reason::SuccessRule => (
            "the answer is not what the job counts as success",
            "应答不符合任务的成功规则",
        ),
        Reason::Timeout => (
            "the target did not answer in full before the deadline",
            "目标未在时限内完整应答",
        ),
        Reason::Connect => (
            "no connection to the target could be made",
            "无法连接到目标",
        ),
        Reason::Broken => (
            "the connection broke before the answer was complete",
            "应答完成前连接中断",
        ),
        Reason::Redirects => (
            "the target redirected more often than the job allows",
            "目标的重定向次数超过任务允许的上限",
        ),
        Reason::InvalidUrl => (
            "the URL, or one it was redirected to, cannot be called",
            "该 URL 或其重定向到的 URL 无法调用",
        ),
        Reason::SendLimit => ("no send slot came free in time", "未能及时获得发送名额"),
        Reason::LeaseLost => (
            "the replica had lost its lease before the send",
            "副本在发送前已失去租约",
        ),
        Reason::LockUnavailable => ("the fire lock could not be asked", "无法访问触发锁"),
        Reason::LockHeld => (
            "another holder has the fire lock and may have sent it",
            "触发锁被他人持有，请求可能已由对方发出",
        ),
        Reason::ReplicaDied => (
            "the replica ended before it could record what came of it",
            "副本在记录结果之前已终止",
        ),
        Reason::Shutdown => (
            "the replica was stopped before the answer was complete",
            "副本在应答完成之前被停止",
        ),
        Reason::Internal => (
            "this server failed while it was sending; its log has more",
            "服务器在发送过程中出错，详见其日志",
        ),
        Reason::Cancelled => (
            "the next occurrence of the job came due and took its place",
            "任务的下一次触发已到期并取而代之",
        ),
        Reason::Overlap => (
            "the previous run of the job was still going on",
            "该任务的上一次运行仍在进行",
        ),
        Reason::QueueFull => (
            "as many occurrences as the job allows were waiting for the previous run to end",
            "等待上一次运行结束的触发已达任务允许的上限",
        ),
        Reason::PauseUntil => (
            "the job was paused until an instant that had not come",
            "任务暂停至指定时刻，而该时刻尚未到来",
        ),
        Reason::Ended => ("the schedule of the job had ended", "任务的计划已经结束"),
        Reason::Paused => (
            "the job was paused before it could be sent",
            "任务在发送前被暂停",
        ),
        Reason::Removed => (
            "the job was removed before it could be sent",
            "任务在发送前被删除",
        ),
        Reason::Changed => (
            "the job was replaced before it could be sent",
            "任务在发送前被新的定义替换",
        ),
        Reason::Grace => (
            "its time had passed by more than the job's grace",
            "已超过任务允许的迟到时间",
        ),
        Reason::NoCatchUp => (
            "its time had passed, and the job catches up nothing",
            "时间已过，且任务不补发",
        ),
    }
}

/// Why a row that was never sent was not.
pub fn not_sent(entry: &LedgerEntry) -> Words {
    if let Some(reason) = entry.reason {
        return clause(reason, entry.status);
    }
    match (entry.state, entry.into_fire_at) {
        (OccurrenceState::Coalesced, Some(into)) => {
            let into = lengths::instant(into);
            words(
                format!("the later fire time {into} stands for it"),
                format!("已合并到之后的触发时间 {into}"),
            )
        }
        (OccurrenceState::Coalesced, None) => words(
            "a later fire time of the job stands for it",
            "已合并到该任务之后的触发时间",
        ),
        (OccurrenceState::Missed, _) => words("its time had passed", "时间已过"),
        _ => words("it was skipped on purpose", "按设定跳过"),
    }
}
