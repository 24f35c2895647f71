//! Warnings in words: what happens, when next, and what can be done.

use chrono::NaiveDateTime;

use super::{en, instant, zh};
use crate::domain::warnings::{Never, Night, Rare, Warning};
use crate::domain::words::Words;
use crate::domain::zone::Zone;

impl Warning {
    /// It in words; instants by the wall clock of `zone`.
    #[must_use]
    pub fn text(&self, zone: Zone) -> Words {
        let at = |at: &_| instant(*at, zone);
        let (en, zh) = match self {
            Self::NeverFires(why) => never(why, zone),
            Self::InThePast { at: date, ago_s } => (
                format!("{} has passed {ago_s} s ago, longer than its grace allows: it would never fire.", at(date)),
                format!("{} 已过去 {ago_s} 秒，超出宽限：不会触发。", at(date)),
            ),
            Self::SkippedByGap(night) => skipped(night),
            Self::MovedByGap(night) => moved(night),
            Self::TwiceInFold(night) => twice(night),
            Self::SilentInFold(night) => silent(night),
            Self::RareDay(rare) => rare_day(rare),
            Self::VeryOften(n) => (
                format!("It fires up to {n} times a minute."),
                format!("每分钟最多触发 {n} 次。"),
            ),
            Self::Ends(last) => (
                format!("The last fire time is {}; then the job ends.", at(last)),
                format!("最后一次触发是 {}，之后任务结束。", at(last)),
            ),
            Self::DayAndWeekday => (
                "Both the day of the month and the weekday must match, unlike in a crontab, where one of them is enough.".to_owned(),
                "日期与星期必须同时满足；与 crontab 不同，后者满足其一即可。".to_owned(),
            ),
            Self::LongGap(next) => (
                format!("The next fire time, {}, is more than a year away.", at(next)),
                format!("下一次触发 {} 在一年以后。", at(next)),
            ),
            Self::Week53(next) => (
                format!("Most years have no ISO week 53; the next fire time is {}.", at(next)),
                format!("多数年份没有 ISO 第 53 周；下一次触发是 {}。", at(next)),
            ),
        };
        Words { en, zh }
    }
}

fn never(why: &Never, zone: Zone) -> (String, String) {
    let at = |at: &_| instant(*at, zone);
    match why {
        Never::BeforeStart(date) => (
            format!(
                "It never fires: {} lies before the start of its window.",
                at(date)
            ),
            format!("永不触发：{} 早于时间窗口的开始。", at(date)),
        ),
        Never::AfterEnd(first) => (
            format!(
                "It never fires: the first fire time, {}, lies after the end of its window.",
                at(first)
            ),
            format!("永不触发：首次触发 {} 晚于时间窗口的结束。", at(first)),
        ),
        Never::WithinPause(until) => (
            format!(
                "It never fires: nothing is left after its pause ends at {}.",
                at(until)
            ),
            format!("永不触发：暂停到 {} 之后已没有触发时间。", at(until)),
        ),
        Never::BeyondTime => (
            "It never fires: the first fire time would lie after the year 9999.".to_owned(),
            "永不触发：首次触发晚于 9999 年。".to_owned(),
        ),
        Never::NoSuchDay { day, months } => (
            format!(
                "It never fires: there is no {} in {}.",
                en::ordinal(*day),
                en::months(months)
            ),
            format!("永不触发：{}没有 {day} 日。", zh::months(months)),
        ),
        Never::YearsPassed(year) => (
            format!("It never fires: the last year it names, {year}, has passed."),
            format!("永不触发：所列的最后一年 {year} 年已过。"),
        ),
        Never::NoMatch => (
            "It never fires: no date and time matches all its fields.".to_owned(),
            "永不触发：没有日期和时间同时满足所有字段。".to_owned(),
        ),
    }
}

fn parts(night: &Night) -> (String, String, &'static str) {
    let wall = |wall: &NaiveDateTime, format| wall.format(format).to_string();
    (
        wall(&night.wall, "%H:%M"),
        wall(&night.wall, "%Y-%m-%d"),
        night.zone.name(),
    )
}

fn skipped(night: &Night) -> (String, String) {
    let (time, day, zone) = parts(night);
    (
        format!(
            "On {day} {time} does not exist in {zone}, since the clocks go forward: it does not fire then. With dst.gap \"shift\" it fires {} min later.",
            night.by_min
        ),
        format!(
            "{day} {zone} 的时钟拨快，{time} 不存在：届时不触发。若 dst.gap 为 \"shift\"，则晚 {} 分钟触发。",
            night.by_min
        ),
    )
}

fn moved(night: &Night) -> (String, String) {
    let (time, day, zone) = parts(night);
    (
        format!(
            "On {day} {time} does not exist in {zone}, since the clocks go forward: it fires as if it were {} min later.",
            night.by_min
        ),
        format!(
            "{day} {zone} 的时钟拨快，{time} 不存在：改为晚 {} 分钟触发。",
            night.by_min
        ),
    )
}

fn twice(night: &Night) -> (String, String) {
    let (time, day, zone) = parts(night);
    (
        format!(
            "On {day} {time} comes twice in {zone}, since the clocks go back: it fires both times. With dst.fold \"first\" or \"second\" it fires once."
        ),
        format!(
            "{day} {zone} 的时钟拨慢，{time} 出现两次：两次都触发。若 dst.fold 为 \"first\" 或 \"second\"，则只触发一次。"
        ),
    )
}

fn silent(night: &Night) -> (String, String) {
    let (time, day, zone) = parts(night);
    (
        format!(
            "On {day} the clocks of {zone} go back and {time} comes twice: for one of the two passes, {} min, it is silent. With dst.fold \"both\" it goes on evenly.",
            night.by_min
        ),
        format!(
            "{day} {zone} 的时钟拨慢，{time} 出现两次：其中一遍的 {} 分钟内不触发。若 dst.fold 为 \"both\"，则照常触发。",
            night.by_min
        ),
    )
}

fn rare_day(rare: &Rare) -> (String, String) {
    match rare {
        Rare::Fifth => (
            "Months without a fifth one of that weekday are passed over; \"last\" is in every month.".to_owned(),
            "没有第 5 个该星期几的月份会被跳过；用 \"last\" 则每月都有。".to_owned(),
        ),
        Rare::Day { day: 29, months } if months.is_empty() => (
            "February has a 29th only in leap years; the others are passed over. The day \"last\" is in every month.".to_owned(),
            "2 月只有闰年才有 29 日，其余年份会被跳过；用 \"last\" 则每月都有。".to_owned(),
        ),
        Rare::Day { day, months } => (
            format!("There is no {} in {}: passed over. The day \"last\" is in every month.", en::ordinal(*day), en::months(months)),
            format!("{}没有 {day} 日，会被跳过；用 \"last\" 则每月都有。", zh::months(months)),
        ),
    }
}
