//! The settings: one struct, one list. Knows no other module.

use std::net::SocketAddr;
use std::time::Duration;

use clap::{ArgMatches, Command};

use read::Reader;
pub use secret::{Secret, SecretHeaders};
pub use settings::declare;

mod read;
mod secret;
mod settings;

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
    /// How old rows of the ledger may grow; 0: for ever.
    pub retention_age: Duration,
    /// How many rows of a job are kept; 0: all.
    pub retention_runs: u32,
    /// Streams of live events at once.
    pub events_clients: u32,
    /// Connections for reading.
    pub database_readers: u32,
    /// The longest body of an import, in bytes.
    pub import_max_bytes: usize,
    /// Whether `/api/v1/echo` is there.
    pub echo: bool,
    /// Where spans go, if anywhere.
    pub otlp_endpoint: Option<Secret>,
    /// Headers sent with them.
    pub otlp_headers: SecretHeaders,
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
    /// The value when nothing is said; `""`: unset.
    pub default: &'static str,
    /// What it is for.
    pub help: &'static str,
}

/// Every fault of the settings, one a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} bad setting(s):\n  {}", .0.len(), .0.join("\n  "))]
pub struct ConfigError(pub Vec<String>);

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

#[cfg(test)]
mod tests {
    use super::settings::SETTINGS;
    use super::*;

    #[test]
    fn the_defaults_are_good() {
        let config = Config::from_args([]).unwrap();
        assert_eq!(config.send_timeout, Duration::from_secs(30));
        assert_eq!(config.send_concurrency, 4000);
        assert!(config.redis_url.is_none());
        assert!(config.otlp_endpoint.is_none());
        let unset = ["REDIS_URL", "OTLP_ENDPOINT", "OTLP_HEADERS"];
        for setting in SETTINGS.iter().filter(|s| !unset.contains(&s.env)) {
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

        let config = Config::from_args(["--otlp-headers", "authorization=Bearer%20geheim, a=b"]);
        let config = config.unwrap();
        let headers = [("authorization", "Bearer geheim"), ("a", "b")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(config.otlp_headers.reveal(), headers);
        let shown = format!("{config:?}");
        assert!(!shown.contains("geheim"), "{shown}");
        let faults = Config::from_args(["--otlp-headers=geheim"]).unwrap_err();
        assert!(faults.0[0].starts_with("OTLP_HEADERS"), "{faults}");
        assert!(!faults.0[0].contains("geheim"), "{faults}");
    }
}
