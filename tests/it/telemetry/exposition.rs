//! Prometheus' text format, read as strictly as its scraper and the lint of
//! `promtool check metrics` do.

use std::collections::BTreeMap;

/// One scrape: the value of each series by its whole name with labels, and the
/// type of each family.
pub struct Exposition {
    pub series: BTreeMap<String, f64>,
    pub families: BTreeMap<String, String>,
}

impl Exposition {
    /// Reads a text; fails the test when it is not as it should be.
    pub fn read(text: &str) -> Self {
        assert!(text.ends_with('\n'));
        let (mut series, mut families) = (BTreeMap::new(), BTreeMap::new());
        let mut helped: Option<&str> = None;
        let mut family = "";
        for line in text.lines().filter(|line| !line.is_empty()) {
            if let Some(help) = line.strip_prefix("# HELP ") {
                let (name, help) = help.split_once(' ').unwrap();
                assert!(help.len() > 5, "{name} says nothing");
                helped = Some(name);
            } else if let Some(kind) = line.strip_prefix("# TYPE ") {
                let (name, kind) = kind.split_once(' ').unwrap();
                assert_eq!(helped.take(), Some(name), "a help text first");
                let before = families.insert(name.to_owned(), kind.to_owned());
                assert_eq!(before, None, "{name} comes twice");
                family = name;
            } else {
                let (name, value) = line.rsplit_once(' ').unwrap();
                let bare = name.split('{').next().unwrap();
                let kind = families.get(family).unwrap_or_else(|| panic!("{line}"));
                belongs(bare, family, kind);
                let before = series.insert(name.to_owned(), value.parse().unwrap());
                assert_eq!(before, None, "{name} comes twice");
            }
        }
        Self { series, families }
    }

    /// The value of that series; 0 when there is none.
    pub fn get(&self, series: &str) -> f64 {
        self.series.get(series).copied().unwrap_or_default()
    }

    /// The lint: names and units by Prometheus' conventions.
    pub fn lint(&self) {
        for (name, kind) in &self.families {
            let ours = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(name.chars().all(ours), "{name}");
            assert_eq!(
                name.ends_with("_total"),
                kind == "counter",
                "{name}: {kind}"
            );
            for unit in [
                "_ms",
                "_us",
                "_millis",
                "_micros",
                "_minutes",
                "_kb",
                "_kilobytes",
            ] {
                assert!(!name.contains(unit), "{name}: not a base unit");
            }
            for word in ["_count", "_sum", "_bucket", "histogram", "counter", "gauge"] {
                assert!(!name.ends_with(word), "{name}");
            }
            if kind == "histogram" {
                let units = ["_seconds", "_bytes", "_occurrences", "_requests"];
                assert!(
                    units.iter().any(|unit| name.ends_with(unit)),
                    "{name}: no unit"
                );
                self.check_buckets(name);
            }
        }
    }

    /// Each set of labels has rising buckets up to its count.
    fn check_buckets(&self, family: &str) {
        let mut last: BTreeMap<String, (f64, f64)> = BTreeMap::new();
        let prefix = format!("{family}_bucket{{");
        for (name, value) in self
            .series
            .iter()
            .filter(|(name, _)| name.starts_with(&prefix))
        {
            let labels = &name[prefix.len()..name.len() - 1];
            let (rest, le) = labels.rsplit_once("le=\"").unwrap();
            let le = le.trim_end_matches('"');
            let le = if le == "+Inf" {
                f64::INFINITY
            } else {
                le.parse().unwrap()
            };
            let most = last
                .entry(rest.trim_end_matches(',').to_owned())
                .or_default();
            if le.is_infinite() {
                most.1 = *value;
            } else {
                most.0 = most.0.max(*value);
            }
        }
        assert!(!last.is_empty(), "{family}");
        for (labels, (most, all)) in last {
            assert!(most <= all, "{family}{{{labels}}}");
            let of = |suffix: &str| match labels.as_str() {
                "" => format!("{family}_{suffix}"),
                labels => format!("{family}_{suffix}{{{labels}}}"),
            };
            assert_eq!(self.series[&of("count")], all, "{family}");
            assert!(self.series.contains_key(&of("sum")), "{family}");
        }
    }
}

fn belongs(name: &str, family: &str, kind: &str) {
    let rest = name.strip_prefix(family);
    let right = match kind {
        "histogram" => matches!(rest, Some("_bucket" | "_sum" | "_count")),
        "counter" | "gauge" => rest == Some(""),
        _ => false,
    };
    assert!(right, "{name} stands under {family}, a {kind}");
}
