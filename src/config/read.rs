//! Reads the settings and holds them against each other; all faults are
//! reported together.

use std::str::FromStr;
use std::time::Duration;

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::secret::mask;
use super::settings::{SETTINGS, Setting};
use super::{Config, Secret, SecretHeaders, Shown};

/// Reads one command line.
pub struct Reader<'a> {
    pub matches: &'a ArgMatches,
    pub faults: Vec<String>,
}

impl<'a> Reader<'a> {
    pub fn read(&mut self) -> Config {
        Config {
            bind: self.parse("BIND", "an address and port, such as 127.0.0.1:8000"),
            database_url: self.text("DATABASE_URL"),
            redis_url: Some(self.text("REDIS_URL"))
                .filter(|url| !url.is_empty())
                .map(Secret),
            lock_prefix: self.text("LOCK_PREFIX"),
            lock_ttl: self.duration("LOCK_TTL"),
            lock_timeout: self.duration("LOCK_TIMEOUT"),
            lock_hold: self.choice("LOCK_ON_UNAVAILABLE", ["fire", "hold"]),
            lease: self.duration("LEASE"),
            claim_batch: self.count("CLAIM_BATCH", 1..=10_000),
            send_timeout: self.duration("SEND_TIMEOUT"),
            send_connect_timeout: self.duration("SEND_CONNECT_TIMEOUT"),
            send_concurrency: self.count("SEND_CONCURRENCY", 1..=100_000) as usize,
            send_concurrency_per_host: self.count("SEND_CONCURRENCY_PER_HOST", 1..=100_000)
                as usize,
            send_wait: self.duration("SEND_WAIT"),
            drain_timeout: self.duration("DRAIN_TIMEOUT"),
            retention_age: self.duration("RETENTION_AGE"),
            retention_runs: self.count("RETENTION_RUNS", 0..=10_000_000),
            events_clients: self.count("EVENTS_CLIENTS", 1..=100_000),
            database_readers: self.count("DATABASE_READERS", 1..=64),
            import_max_bytes: (self.count("IMPORT_MAX_MIB", 1..=4096) as usize) << 20,
            echo: self.choice("ECHO", ["off", "on"]),
            otlp_endpoint: Some(self.text("OTLP_ENDPOINT"))
                .filter(|url| !url.is_empty())
                .map(Secret),
            otlp_headers: self.headers("OTLP_HEADERS"),
            log_level: self.text("LOG_LEVEL"),
            log_json: self.choice("LOG_FORMAT", ["text", "json"]),
            shown: SETTINGS.iter().map(|s| self.shown(s)).collect(),
        }
    }

    /// What holds only between settings, or for one beyond its form.
    pub fn check(&mut self, c: &Config) {
        let rules = [
            (
                !c.database_url.starts_with("sqlite:"),
                format!(
                    "DATABASE_URL: {:?}: must start with sqlite://",
                    mask(&c.database_url)
                ),
            ),
            (
                c.lease < Duration::from_secs(2) || c.lease > Duration::from_secs(60),
                format!(
                    "LEASE: {:?}: must be 2s to 60s; it is renewed each second",
                    c.lease
                ),
            ),
            (
                c.lock_timeout >= c.lease,
                format!(
                    "LOCK_TIMEOUT: {:?}: must be shorter than LEASE",
                    c.lock_timeout
                ),
            ),
            (
                c.lock_ttl < c.send_timeout + c.send_wait,
                format!(
                    "LOCK_TTL: {:?}: must be at least SEND_TIMEOUT + SEND_WAIT",
                    c.lock_ttl
                ),
            ),
            (
                c.send_timeout.is_zero() || c.send_connect_timeout.is_zero(),
                "SEND_TIMEOUT, SEND_CONNECT_TIMEOUT: must be longer than 0".to_owned(),
            ),
            (
                !c.retention_age.is_zero() && c.retention_age < Duration::from_secs(2 * 60 * 60),
                format!(
                    "RETENTION_AGE: {:?}: must be at least 2h, or 0s",
                    c.retention_age
                ),
            ),
            (
                c.send_concurrency_per_host > c.send_concurrency,
                format!(
                    "SEND_CONCURRENCY_PER_HOST: {}: must not be more than SEND_CONCURRENCY ({})",
                    c.send_concurrency_per_host, c.send_concurrency
                ),
            ),
        ];
        // A value that could not be read stands as its default here; only
        // those that could be read are held against each other.
        if self.faults.is_empty() {
            let broken = rules.into_iter().filter(|(broken, _)| *broken);
            self.faults.extend(broken.map(|(_, text)| text));
        }
    }

    fn raw(&self, env: &str) -> &'a str {
        let value = self.matches.get_one::<String>(env);
        value.map_or("", String::as_str)
    }

    fn text(&self, env: &str) -> String {
        self.raw(env).trim().to_owned()
    }

    fn parse<T: FromStr>(&mut self, env: &'static str, allowed: &str) -> T {
        let raw = self.raw(env).trim();
        if let Ok(value) = raw.parse() {
            return value;
        }
        self.faults.push(format!("{env}: {raw:?} is not {allowed}"));
        default_of(env)
    }

    fn duration(&mut self, env: &'static str) -> Duration {
        let allowed = "a duration with its unit, such as 500ms, 30s or 10m";
        *self.parse::<humantime::Duration>(env, allowed)
    }

    fn count(&mut self, env: &'static str, range: std::ops::RangeInclusive<u32>) -> u32 {
        let allowed = format!("a whole number from {} to {}", range.start(), range.end());
        let value = self.parse(env, &allowed);
        if !range.contains(&value) {
            self.faults.push(format!("{env}: {value} is not {allowed}"));
        }
        value
    }

    /// Whether the second of two words is chosen.
    fn choice(&mut self, env: &'static str, words: [&str; 2]) -> bool {
        let raw = self.raw(env).trim();
        if !words.contains(&raw) {
            let [a, b] = words;
            self.faults
                .push(format!("{env}: {raw:?} is not {a} or {b}"));
        }
        raw == words[1]
    }

    /// `name=value` pairs; no fault tells a value.
    fn headers(&mut self, env: &'static str) -> SecretHeaders {
        match SecretHeaders::parse(self.raw(env)) {
            Some(headers) => headers,
            None => {
                let rule = "not name=value, separated by commas, values percent-encoded";
                self.faults.push(format!("{env}: {rule}"));
                SecretHeaders::default()
            }
        }
    }

    fn shown(&self, setting: &Setting) -> Shown {
        let env = setting.env;
        let origin = match self.matches.value_source(env) {
            Some(ValueSource::CommandLine) => "flag",
            Some(ValueSource::EnvVariable) => "env",
            _ => "default",
        };
        Shown {
            name: env,
            value: match env {
                "OTLP_HEADERS" if !self.raw(env).is_empty() => "***".to_owned(),
                _ => mask(self.raw(env)),
            },
            origin,
            default: setting.default,
            help: setting.help,
        }
    }
}

fn default_of<T: FromStr>(env: &str) -> T {
    let setting = SETTINGS.iter().find(|s| s.env == env);
    let default = setting.and_then(|s| s.default.parse().ok());
    // invariant: every default in SETTINGS parses; `the_defaults_are_good`
    // reads each of them.
    default.expect("the default of a setting parses")
}
