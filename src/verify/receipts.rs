//! What a target says that it received: one JSON object a line.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

/// Why a log cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The file cannot be read.
    #[error("the target log {0}: {1}")]
    File(String, std::io::Error),
    /// A line is not what it should be.
    #[error("the target log {0}, line {1}: {2}")]
    Line(String, usize, String),
}

/// One request as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Receipt {
    /// Of which occurrence.
    pub fire_id: Uuid,
    /// Which attempt at it.
    pub attempt: u32,
    /// When it came.
    pub at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Line {
    fire_id: String,
    attempt: u32,
    at_ms: i64,
}

/// All requests of a log, by fire id. They are held in memory, 32 bytes each.
#[derive(Debug, Default)]
pub struct Receipts {
    sorted: Vec<Receipt>,
    matched: Vec<bool>,
}

impl Receipts {
    /// Reads a log. A last line without its end is left out: whoever wrote it was
    /// stopped within it.
    ///
    /// # Errors
    /// When the file cannot be read, or a line is no request.
    pub fn read(path: &Path) -> Result<Self, LogError> {
        let name = path.display().to_string();
        let failed = |e| LogError::File(name.clone(), e);
        let mut file = BufReader::new(File::open(path).map_err(failed)?);
        let (mut found, mut line, mut number) = (Vec::new(), String::new(), 0);
        loop {
            line.clear();
            number += 1;
            file.read_line(&mut line).map_err(failed)?;
            if !line.ends_with('\n') {
                return Ok(Self::of(found));
            }
            if line.trim().is_empty() {
                continue;
            }
            let wrong = |e: String| LogError::Line(name.clone(), number, e);
            let read: Line = serde_json::from_str(&line).map_err(|e| wrong(e.to_string()))?;
            let at = DateTime::from_timestamp_millis(read.at_ms);
            found.push(Receipt {
                fire_id: Uuid::parse_str(&read.fire_id).map_err(|e| wrong(e.to_string()))?,
                attempt: read.attempt,
                at: at.ok_or_else(|| wrong(format!("at_ms {} is no instant", read.at_ms)))?,
            });
        }
    }

    /// These requests.
    #[must_use]
    pub fn of(mut found: Vec<Receipt>) -> Self {
        found.sort_unstable();
        Self {
            matched: vec![false; found.len()],
            sorted: found,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// Those of an occurrence, by attempt; they have found their row.
    pub fn take(&mut self, fire_id: Uuid) -> &[Receipt] {
        let first = self.sorted.partition_point(|r| r.fire_id < fire_id);
        let after = self.sorted.partition_point(|r| r.fire_id <= fire_id);
        self.matched[first..after].fill(true);
        &self.sorted[first..after]
    }

    /// Those that have found no row.
    pub fn left(&self) -> impl Iterator<Item = &Receipt> {
        let all = self.sorted.iter().zip(&self.matched);
        all.filter(|(_, matched)| !**matched)
            .map(|(receipt, _)| receipt)
    }
}
