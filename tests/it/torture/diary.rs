//! What a run did, and when: printed with its seed when it fails.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

#[derive(Clone)]
pub struct Diary {
    started: Instant,
    lines: Arc<Mutex<Vec<String>>>,
    faults: Arc<Mutex<BTreeMap<&'static str, u64>>>,
}

impl Diary {
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
            lines: Arc::default(),
            faults: Arc::default(),
        }
    }

    pub fn note(&self, what: impl AsRef<str>) {
        let ms = self.started.elapsed().as_millis();
        let line = format!("{ms:>6} ms  {}", what.as_ref());
        self.lines.lock().unwrap().push(line);
    }

    /// Notes a fault and counts it.
    pub fn fault(&self, name: &'static str, what: impl AsRef<str>) {
        *self.faults.lock().unwrap().entry(name).or_default() += 1;
        self.note(format!("{name} {}", what.as_ref()));
    }

    pub fn faults(&self) -> BTreeMap<&'static str, u64> {
        self.faults.lock().unwrap().clone()
    }

    pub fn text(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }
}
