//! The figures of a run: told as a table, kept as JSON, each beside its bar.

use std::path::Path;
use std::sync::Mutex;

use serde_json::{Value, json};

/// What a figure is to reach.
#[derive(Clone, Copy)]
pub enum Bar {
    AtLeast(f64),
    AtMost(f64),
    /// It is shown beside the others.
    None,
}

struct Figure {
    case: String,
    what: &'static str,
    value: f64,
    bar: Bar,
}

/// Collects the figures of all cases of this process.
static FIGURES: Mutex<Vec<Figure>> = Mutex::new(Vec::new());

/// Tells and keeps a figure.
pub fn figure(case: &str, what: &'static str, value: f64, bar: Bar) {
    let figure = Figure {
        case: case.to_owned(),
        what,
        value,
        bar,
    };
    println!("{}", figure.line());
    FIGURES.lock().unwrap().push(figure);
}

/// Begins a table.
pub fn heading() {
    println!("| case | figure | value | bar | met |");
    println!("|---|---|---|---|---|");
}

/// Writes all figures to a file.
pub fn save(file: &Path) {
    let figures = FIGURES.lock().unwrap();
    let all: Vec<Value> = figures.iter().map(Figure::json).collect();
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, serde_json::to_string_pretty(&all).unwrap()).unwrap();
}

impl Figure {
    fn met(&self) -> Option<bool> {
        match self.bar {
            Bar::AtLeast(bar) => Some(self.value >= bar),
            Bar::AtMost(bar) => Some(self.value <= bar),
            Bar::None => None,
        }
    }

    fn line(&self) -> String {
        let bar = match self.bar {
            Bar::AtLeast(bar) => format!("≥ {bar}"),
            Bar::AtMost(bar) => format!("≤ {bar}"),
            Bar::None => String::new(),
        };
        let met = self.met().map_or("", |met| if met { "yes" } else { "no" });
        let value = match self.value {
            value if value.abs() >= 100.0 => format!("{value:.0}"),
            value => format!("{value:.2}"),
        };
        format!(
            "| {} | {} | {value} | {bar} | {met} |",
            self.case, self.what
        )
    }

    fn json(&self) -> Value {
        json!({"case": self.case, "figure": self.what, "value": self.value, "met": self.met()})
    }
}
