//! Instants and lengths of time as sentences name them.

use chrono::{DateTime, SecondsFormat, Utc};

/// An instant, as the API shows it.
pub fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A length of time, with two units at most, in English and in Chinese.
pub fn length(ms: i64) -> (String, String) {
    const SECOND: i64 = 1_000;
    const MINUTE: i64 = 60 * SECOND;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let two = |(unit, en, zh): (i64, &str, &str), (part, part_en, part_zh): (i64, &str, &str)| {
        let (whole, rest) = (ms / unit, ms % unit / part);
        match rest {
            0 => (format!("{whole} {en}"), format!("{whole} {zh}")),
            _ => (
                format!("{whole} {en} {rest} {part_en}"),
                format!("{whole} {zh} {rest} {part_zh}"),
            ),
        }
    };
    match ms {
        ..SECOND => (format!("{ms} ms"), format!("{ms} 毫秒")),
        SECOND..MINUTE => {
            let seconds = format!("{}.{}", ms / SECOND, ms % SECOND / 100);
            let seconds = seconds.trim_end_matches(".0");
            (format!("{seconds} s"), format!("{seconds} 秒"))
        }
        MINUTE..HOUR => two((MINUTE, "min", "分"), (SECOND, "s", "秒")),
        HOUR..DAY => two((HOUR, "h", "小时"), (MINUTE, "min", "分")),
        _ => two((DAY, "d", "天"), (HOUR, "h", "小时")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_two_units_at_most() {
        for (ms, en, zh) in [
            (4, "4 ms", "4 毫秒"),
            (999, "999 ms", "999 毫秒"),
            (1_000, "1 s", "1 秒"),
            (1_290, "1.2 s", "1.2 秒"),
            (60_000, "1 min", "1 分"),
            (83_500, "1 min 23 s", "1 分 23 秒"),
            (7_260_000, "2 h 1 min", "2 小时 1 分"),
            (183_600_000, "2 d 3 h", "2 天 3 小时"),
        ] {
            assert_eq!(length(ms), (en.to_owned(), zh.to_owned()));
        }
    }
}
