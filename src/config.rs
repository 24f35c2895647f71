//! The settings: one struct, one list. Each is a flag, an environment variable
//! and a default in one; all faults are reported together. Knows no other
//! module.

use std::fmt::{self, Display};
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

/// One setting, as it is declared.
struct Setting {
    /// The environment variable; the flag is the same in lower case.
    env: &'static str,
    /// `""`: unset.
    default: &'static str,
    help: &'static str,
}

const SETTINGS: &[Setting] = &[
    Setting {
        env: "BIND",
        default: "127.0.0.1:8000",
        help: "Address and port to serve on; port 0 takes a free one. 0.0.0.0:8000 serves every \
               network this machine is in, without authentication",
    },
    Setting {
        env: "DATABASE_URL",
        default: "sqlite://data/schedule.db",
        help: "Where jobs and the ledger live. Replicas of one host share the file; keep it on a \
               local disk",
    },
    Setting {
        env: "REDIS_URL",
        default: "",
        help: "redis://[user:password@]host[:port][/db] for the fire lock. Unset: the store's own \
               lock, and no Redis is needed",
    },
    Setting {
        env: "LOCK_PREFIX",
        default: "schedule",
        help: "Put before every Redis key. Servers that share Redis but not their jobs need \
               different ones",
    },
    Setting {
        env: "LOCK_TTL",
        default: "10m",
        help: "How long a fire lock stays in Redis. Too short lets a very late second store fire \
               again; too long costs memory",
    },
    Setting {
        env: "LOCK_TIMEOUT",
        default: "500ms",
        help: "How long Redis may take to answer before it counts as away",
    },
    Setting {
        env: "LOCK_ON_UNAVAILABLE",
        default: "fire",
        help: "While Redis is away: fire (the claim in the store still lets only one replica \
               through) or hold (wait up to 60 s, then record as failed)",
    },
    Setting {
        env: "LEASE",
        default: "3s",
        help: "How long a replica that stopped answering keeps its claims. Too short hands over \
               needlessly; too long delays what a dead replica had claimed",
    },
    Setting {
        env: "CLAIM_BATCH",
        default: "500",
        help: "Jobs claimed in one transaction. Smaller spreads a burst more evenly over replicas; \
               larger costs fewer transactions",
    },
    Setting {
        env: "SEND_TIMEOUT",
        default: "30s",
        help: "From the start of a request to the end of its answer",
    },
    Setting {
        env: "SEND_CONNECT_TIMEOUT",
        default: "10s",
        help: "How long a connection to a target may take",
    },
    Setting {
        env: "SEND_CONCURRENCY",
        default: "1000",
        help: "Requests under way at once. Too low delays bursts; too high takes memory and file \
               descriptors",
    },
    Setting {
        env: "SEND_CONCURRENCY_PER_HOST",
        default: "100",
        help: "Requests under way to one host and port, so that a hung one delays nobody else",
    },
    Setting {
        env: "SEND_WAIT",
        default: "60s",
        help: "How long a due request may wait for one of these slots before it is recorded as \
               failed",
    },
    Setting {
        env: "DRAIN_TIMEOUT",
        default: "25s",
        help: "How long SIGTERM lets requests under way end; what has not ended then is recorded \
               as unknown",
    },
    Setting {
        env: "DATABASE_READERS",
        default: "4",
        help: "Connections for reading; writing has one of its own",
    },
    Setting {
        env: "LOG_LEVEL",
        default: "info",
        help: "error, warn, info, debug (one line per firing) or a filter as in \
               info,schedule_server::scheduler=debug",
    },
    Setting {
        env: "LOG_FORMAT",
        default: "text",
        help: "text or json",
    },
];

/// What the server runs with; every value is checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to serve on.
    pub bind: SocketAddr,
    /// Where jobs and the ledger live.
    pub database_url: String,
    /// Redis for the fire lock, if any.
    pub redis_url: Option<Secret>,
    /// Put before every Redis key.
    pub lock_prefix: String,
    /// How long a fire lock stays.
    pub lock_ttl: Duration,
    /// How long Redis may take to answer.
    pub lock_timeout: Duration,
    /// Whether occurrences wait while Redis is away.
    pub lock_hold: bool,
    /// How long a lease lasts without renewal.
    pub lease: Duration,
    /// Jobs claimed in one transaction.
    pub claim_batch: u32,
    /// Deadline of a request.
    pub send_timeout: Duration,
    /// Deadline of its connection.
    pub send_connect_timeout: Duration,
    /// Requests under way at once.
    pub send_concurrency: usize,
    /// Requests under way to one host.
    pub send_concurrency_per_host: usize,
    /// How long a due request may wait for a slot.
    pub send_wait: Duration,
    /// How long a stop lets requests under way end.
    pub drain_timeout: Duration,
    /// Connections for reading.
    pub database_readers: u32,
    /// The log filter.
    pub log_level: String,
    /// Whether log lines are JSON.
    pub log_json: bool,
    /// Name, value as it may be shown, and origin of each setting.
    pub shown: Vec<Shown>,
}

/// A setting as the log shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The environment variable.
    pub name: &'static str,
    /// The value, without passwords.
    pub value: String,
    /// `default`, `env` or `flag`.
    pub origin: &'static str,
}

/// Every fault of the settings, one a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} bad setting(s):\n  {}", .0.len(), .0.join("\n  "))]
pub struct ConfigError(pub Vec<String>);

/// A URL whose password is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The URL with its password, for the one who connects.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask(&self.0))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask(&self.0))
    }
}

/// A URL with its credentials starred out.
fn mask(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => {
            format!("{}://***@{}", &url[..scheme], &url[at + 1..])
        }
        _ => url.to_owned(),
    }
}

/// Declares every setting on a command, for all its sub-commands.
#[must_use]
pub fn declare(command: Command) -> Command {
    SETTINGS.iter().fold(command, |command, setting| {
        let flag = setting.env.to_lowercase().replace('_', "-");
        let arg = Arg::new(setting.env)
            .long(flag)
            .env(setting.env)
            .hide_env_values(true)
            .default_value(setting.default)
            .hide_default_value(setting.default.is_empty())
            .help(setting.help)
            .global(true);
        command.arg(arg)
    })
}

impl Config {
    /// Reads the settings that [`declare`] declared.
    ///
    /// # Errors
    /// With every fault at once.
    pub fn read(matches: &ArgMatches) -> Result<Self, ConfigError> {
        let mut reader = Reader {
            matches,
            faults: Vec::new(),
        };
        let config = reader.read();
        reader.check(&config);
        if reader.faults.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError(reader.faults))
        }
    }

    /// Reads the defaults, the environment, and flags given as arguments.
    ///
    /// # Errors
    /// With every fault at once.
    pub fn from_args<'a>(args: impl IntoIterator<Item = &'a str>) -> Result<Self, ConfigError> {
        let name = std::iter::once("schedule-server");
        let command = declare(Command::new("schedule-server"));
        let matches = command
            .try_get_matches_from(name.chain(args))
            .map_err(|e| ConfigError(vec![e.to_string()]))?;
        Self::read(&matches)
    }
}

struct Reader<'a> {
    matches: &'a ArgMatches,
    faults: Vec<String>,
}

impl<'a> Reader<'a> {
    fn read(&mut self) -> Config {
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
            database_readers: self.count("DATABASE_READERS", 1..=64),
            log_level: self.text("LOG_LEVEL"),
            log_json: self.choice("LOG_FORMAT", ["text", "json"]),
            shown: SETTINGS.iter().map(|s| self.shown(s.env)).collect(),
        }
    }

    /// What holds only between settings, or for one beyond its form.
    fn check(&mut self, c: &Config) {
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

    fn shown(&self, env: &'static str) -> Shown {
        let origin = match self.matches.value_source(env) {
            Some(ValueSource::CommandLine) => "flag",
            Some(ValueSource::EnvVariable) => "env",
            _ => "default",
        };
        Shown {
            name: env,
            value: mask(self.raw(env)),
            origin,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_good() {
        let config = Config::from_args([]).unwrap();
        assert_eq!(config.send_timeout, Duration::from_secs(30));
        assert_eq!(config.send_concurrency, 1000);
        assert!(config.redis_url.is_none());
        for setting in SETTINGS.iter().filter(|s| s.env != "REDIS_URL") {
            assert!(!setting.default.is_empty(), "{}", setting.env);
        }
    }

    #[test]
    fn all_faults_are_reported_together() {
        let faults = Config::from_args([
            "--bind=here",
            "--lease=3",
            "--claim-batch=0",
            "--log-format=xml",
        ])
        .unwrap_err()
        .0;
        assert_eq!(
            faults,
            [
                "BIND: \"here\" is not an address and port, such as 127.0.0.1:8000",
                "LEASE: \"3\" is not a duration with its unit, such as 500ms, 30s or 10m",
                "CLAIM_BATCH: 0 is not a whole number from 1 to 10000",
                "LOG_FORMAT: \"xml\" is not text or json",
            ]
        );
    }

    #[test]
    fn settings_are_held_against_each_other() {
        let faults = |args: &[&str]| Config::from_args(args.to_vec()).unwrap_err().0;
        for (args, named) in [
            (&["--lease=2s", "--lock-timeout=2s"][..], "LOCK_TIMEOUT"),
            (&["--lock-ttl=1m"], "LOCK_TTL"),
            (&["--lease=1s", "--lock-timeout=100ms"], "LEASE"),
            (&["--send-concurrency=10"], "SEND_CONCURRENCY_PER_HOST"),
            (&["--database-url=postgres://h/db"], "DATABASE_URL"),
        ] {
            let found = faults(args);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].starts_with(named), "{found:?}");
        }
    }

    #[test]
    fn passwords_are_never_shown() {
        let url = "redis://user:p%40ss@host:6379/0";
        let config = Config::from_args(["--redis-url", url]).unwrap();
        assert_eq!(config.redis_url.as_ref().unwrap().reveal(), url);
        let shown = format!("{config:?}");
        assert!(!shown.contains("p%40ss"), "{shown}");
        assert!(shown.contains("redis://***@host:6379/0"), "{shown}");
    }
}
