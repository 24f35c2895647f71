//! The usual metrics of the process, read from Linux' `/proc` when asked for.
//! Written out here, since CPU seconds are a counter with fractions.

use std::fmt::Write as _;
use std::fs;

/// Ticks of a second in `/proc`: fixed at 100 for every program on Linux.
///
/// Source: `time(7)`, `USER_HZ`.
const TICKS: f64 = 100.0;

/// Their exposition; empty where there is no `/proc`.
pub(super) fn exposition() -> String {
    let mut text = String::new();
    if let Some(stat) = fs::read_to_string("/proc/self/stat")
        .ok()
        .as_deref()
        .and_then(Stat::of)
    {
        line(
            &mut text,
            "process_cpu_seconds_total",
            "counter",
            "User and system CPU time.",
            stat.cpu,
        );
        if let Some(started) = boot_time().map(|boot| boot + stat.started) {
            line(
                &mut text,
                "process_start_time_seconds",
                "gauge",
                "Start of the process since the epoch.",
                started,
            );
        }
    }
    if let Some(rss) = fs::read_to_string("/proc/self/status")
        .ok()
        .as_deref()
        .and_then(resident_bytes)
    {
        line(
            &mut text,
            "process_resident_memory_bytes",
            "gauge",
            "Resident memory.",
            rss,
        );
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        // Reading the folder takes one itself.
        let open = u32::try_from(open.count())
            .unwrap_or(u32::MAX)
            .saturating_sub(1);
        line(
            &mut text,
            "process_open_fds",
            "gauge",
            "Open file descriptors.",
            open.into(),
        );
    }
    if let Some(limit) = fs::read_to_string("/proc/self/limits")
        .ok()
        .as_deref()
        .and_then(max_fds)
    {
        line(
            &mut text,
            "process_max_fds",
            "gauge",
            "The most file descriptors that may be open.",
            limit,
        );
    }
    text
}

fn line(text: &mut String, name: &str, kind: &str, help: &str, value: f64) {
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n"
    );
}

/// What is used of `/proc/self/stat`.
#[derive(Debug, PartialEq)]
struct Stat {
    /// Seconds of CPU.
    cpu: f64,
    /// Seconds after the boot.
    started: f64,
}

impl Stat {
    /// Source: `proc_pid_stat(5)`; the fields behind the name, which may itself
    /// hold spaces and parentheses.
    fn of(text: &str) -> Option<Self> {
        let (_, fields) = text.rsplit_once(')')?;
        let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
        let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
        Some(Self {
            cpu: (ticks(11)? + ticks(12)?) / TICKS,
            started: ticks(19)? / TICKS,
        })
    }
}

/// Memory that is in use and not swapped out.
fn resident_bytes(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib: f64 = line?.split_ascii_whitespace().next()?.parse().ok()?;
    Some(kib * 1024.0)
}

/// When the machine was booted, in seconds since the epoch.
fn boot_time() -> Option<f64> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    let found = text.lines().find_map(|line| line.strip_prefix("btime "));
    found?.trim().parse().ok()
}

/// The soft limit of open files; `None` where there is none.
fn max_fds(limits: &str) -> Option<f64> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    line?.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_and_parentheses_shifts_nothing() {
        let text = "12 (a) b) S 1 12 12 0 -1 4194560 900 0 0 0 250 50 0 0 20 0 3 0 12345 \
                    1000000 2560 18446744073709551615 1 1";
        let stat = Stat::of(text).unwrap();
        assert_eq!(
            stat,
            Stat {
                cpu: 3.0,
                started: 123.45
            }
        );
        assert_eq!(
            resident_bytes("VmHWM:  9 kB\nVmRSS:\t  10 kB\n"),
            Some(10_240.0)
        );
    }

    #[test]
    fn limits_are_read_by_name() {
        let text = "Limit  Soft  Hard\nMax open files            1024                 4096 files\n";
        assert_eq!(max_fds(text), Some(1024.0));
        assert_eq!(max_fds("Max open files  unlimited  unlimited"), None);
    }
}
