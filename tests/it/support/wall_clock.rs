//! The wall clock that the servers see: the machine's own, moved by a file that
//! libfaketime reads at each look (`FAKETIME_TIMESTAMP_FILE`). The monotonic clock
//! is not touched.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::Utc;

/// Where Debian's package `faketime` puts its library.
const LIBRARY: [&str; 2] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
];

/// How long after a step an instant may be meant before or after it.
const BLUR_MS: i64 = 2_000;

#[derive(Clone)]
pub struct WallClock {
    file: PathBuf,
    /// When, by the machine's clock, the servers' clock was moved to which
    /// distance from it, in milliseconds.
    steps: Arc<Mutex<Vec<(i64, i64)>>>,
}

/// The machine's clock, in unix milliseconds.
pub fn now_ms() -> i64 {
    Utc::now().timestamp_millis()
}

impl WallClock {
    pub fn new(dir: &Path) -> Self {
        let clock = Self {
            file: dir.join("clock"),
            steps: Arc::default(),
        };
        clock.step_to(0);
        clock
    }

    /// Whether the servers' clock can be moved on this machine.
    pub fn library() -> Option<&'static str> {
        LIBRARY.into_iter().find(|path| Path::new(path).exists())
    }

    /// What a server needs to see this clock.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let Some(library) = Self::library() else {
            return Vec::new();
        };
        vec![
            ("LD_PRELOAD", library.to_owned()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("DONT_FAKE_MONOTONIC", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ]
    }

    /// Moves the servers' clock to so many milliseconds from the machine's.
    pub fn step_to(&self, offset_ms: i64) {
        let mut steps = self.steps.lock().unwrap();
        steps.push((now_ms(), offset_ms));
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52 ms")]
        let seconds = offset_ms as f64 / 1_000.0;
        // Written beside it and moved there: no server reads half of it.
        let fresh = self.file.with_extension("new");
        std::fs::write(&fresh, format!("{seconds:+.3}\n")).unwrap();
        std::fs::rename(&fresh, &self.file).unwrap();
    }

    /// The servers' clock now.
    pub fn now(&self) -> i64 {
        self.at(now_ms()).1
    }

    /// The earliest and the latest that the servers' clock may have shown at an
    /// instant of the machine's.
    pub fn at(&self, real_ms: i64) -> (i64, i64) {
        let steps = self.steps.lock().unwrap();
        let before = steps.partition_point(|(at, _)| *at <= real_ms - BLUR_MS);
        let after = steps.partition_point(|(at, _)| *at <= real_ms + BLUR_MS);
        let meant = &steps[before.saturating_sub(1)..after];
        let offsets = || meant.iter().map(|(_, offset)| *offset);
        let (least, most) = (offsets().min(), offsets().max());
        (real_ms + least.unwrap_or(0), real_ms + most.unwrap_or(0))
    }

    pub fn offset(&self) -> i64 {
        self.steps.lock().unwrap().last().map_or(0, |step| step.1)
    }

    /// How far apart any two instants may be that it and the machine's clock have
    /// shown at the same time.
    pub fn spread(&self) -> i64 {
        let steps = self.steps.lock().unwrap();
        let offsets = || steps.iter().map(|(_, offset)| *offset).chain([0]);
        offsets().max().unwrap_or(0) - offsets().min().unwrap_or(0)
    }

    /// How far ahead of the machine's clock it ever was.
    pub fn furthest(&self) -> i64 {
        let steps = self.steps.lock().unwrap();
        steps.iter().map(|(_, offset)| *offset).max().unwrap_or(0)
    }
}
