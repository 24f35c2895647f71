//! What runs came to: a line of JSON each, appended to the file that
//! `TORTURE_REPORT` names, and the table of all of them.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;

use serde_json::{Value, json};

use super::check::Found;
use super::diary::Diary;
use super::kind::Kind;

/// One run.
pub struct Line(Value);

impl Line {
    pub fn new(kind: Kind, seed: u64, found: &Found, diary: &Diary) -> Self {
        Self(json!({
            "kind": kind.name(),
            "seed": seed,
            "proven": found.faults.is_empty(),
            "faults": diary.faults(),
            "planned": found.planned,
            "rows": found.rows,
            "sent": found.sent,
            "states": found.states,
            "silences": found.silences,
            "lost": found.lost,
            "doubled": found.doubled,
            "doubled_allowed": found.doubled_allowed,
        }))
    }

    /// Appends it to the report, if one is asked for.
    pub fn write(&self) {
        println!("{}", self.0);
        let Ok(path) = std::env::var("TORTURE_REPORT") else {
            return;
        };
        let mut report = OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)
            .unwrap();
        report
            .write_all(format!("{}\n", self.0).as_bytes())
            .unwrap();
    }
}

const STATES: [&str; 6] = [
    "succeeded",
    "failed",
    "unknown",
    "skipped",
    "missed",
    "coalesced",
];

/// The table of a report, and which faults were made how often.
pub fn table(report: &str) -> String {
    let mut kinds: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    let mut faults: BTreeMap<String, i64> = BTreeMap::new();
    for line in report.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let sums = kinds
            .entry(line["kind"].as_str().unwrap().to_owned())
            .or_default();
        let mut add = |name: &str, n: i64| *sums.entry(name.to_owned()).or_default() += n;
        add("runs", 1);
        add("not_proven", i64::from(line["proven"] != json!(true)));
        for name in [
            "planned",
            "rows",
            "sent",
            "lost",
            "doubled",
            "doubled_allowed",
        ] {
            add(name, line[name].as_i64().unwrap());
        }
        for name in STATES {
            add(name, line["states"][name].as_i64().unwrap_or(0));
        }
        for (name, n) in line["faults"].as_object().unwrap() {
            let n = n.as_i64().unwrap();
            add("faults", n);
            *faults.entry(name.clone()).or_default() += n;
        }
    }
    let columns = ["runs", "not_proven", "faults", "planned", "rows", "sent"];
    let columns: Vec<&str> = columns
        .into_iter()
        .chain(STATES)
        .chain(["lost", "doubled", "doubled_allowed"])
        .collect();
    let mut out = format!("| kind | {} |\n|---|", columns.join(" | "));
    out.push_str(&"---:|".repeat(columns.len()));
    for (kind, sums) in &kinds {
        let of = |name: &&str| sums.get(*name).copied().unwrap_or(0).to_string();
        let row: Vec<String> = columns.iter().map(of).collect();
        out.push_str(&format!("\n| {kind} | {} |", row.join(" | ")));
    }
    out.push_str("\n\nfaults:");
    for (name, n) in &faults {
        out.push_str(&format!("\n{n:>8} {name}"));
    }
    out
}
