//! The list of settings: each is a flag, an environment variable and a default
//! in one.

use clap::{Arg, Command};

/// One setting, as it is declared.
pub struct Setting {
    /// The environment variable; the flag is the same in lower case.
    pub env: &'static str,
    /// `""`: unset.
    pub default: &'static str,
    /// What it is for, and what other values cost.
    pub help: &'static str,
}

/// Every setting.
pub const SETTINGS: &[Setting] = &[
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
        help: "redis://[user:password@]host[:port][/db] for the fire lock, and for live events of \
               other replicas at once. Unset: the store's own lock, and no Redis is needed",
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
        default: "4000",
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
        env: "RETENTION_AGE",
        default: "30d",
        help: "How old rows of the ledger may grow before they are deleted; 0s: for ever. At least \
               2h",
    },
    Setting {
        env: "RETENTION_RUNS",
        default: "1000",
        help: "How many rows of the ledger each job keeps, a few more at times; those of the last \
               two hours stay anyway. 0: all",
    },
    Setting {
        env: "EVENTS_CLIENTS",
        default: "1000",
        help: "Streams of live events open at once; further ones are refused with 503. Each takes \
               a file descriptor",
    },
    Setting {
        env: "DATABASE_READERS",
        default: "4",
        help: "Connections for reading; writing has one of its own",
    },
    Setting {
        env: "IMPORT_MAX_MIB",
        default: "64",
        help: "The longest body of an import over HTTP, in MiB; it is held in memory. The \
               sub-command import has no bound",
    },
    Setting {
        env: "ECHO",
        default: "on",
        help: "on or off: /api/v1/echo, which answers any request with what came, to try jobs \
               on",
    },
    Setting {
        env: "OTLP_ENDPOINT",
        default: "",
        help: "http(s)://host:4318 of an OpenTelemetry collector; spans go to /v1/traces there as \
               JSON. Unset: none are made",
    },
    Setting {
        env: "OTLP_HEADERS",
        default: "",
        help: "name=value,name=value sent with the spans, such as a token; values \
               percent-encoded. Never shown",
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
