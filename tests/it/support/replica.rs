//! A real server process.

use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;

/// The server that is tested; `SCHEDULE_SERVER_BINARY` names another build of it.
const BINARY: &str = env!("CARGO_BIN_EXE_schedule-server");

pub struct Replica {
    pub url: String,
    id: u32,
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
}

impl Replica {
    /// Starts a server on a free port, unless it is told one, with these settings
    /// (environment variables) and waits until it serves.
    pub async fn start(settings: &[(&str, &str)]) -> Self {
        match Self::try_start(settings).await {
            Ok(replica) => replica,
            Err(log) => panic!("the server ended at start:\n{log}"),
        }
    }

    /// As [`Replica::start`]; the log of a server that ended at start.
    pub async fn try_start(settings: &[(&str, &str)]) -> Result<Self, String> {
        let bind = settings.iter().find(|(name, _)| *name == "BIND");
        let mut child = command(settings)
            .env("BIND", bind.map_or("127.0.0.1:0", |(_, address)| address))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let id = child.id().expect("nobody has waited for it");
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let (serving, served) = oneshot::channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        tokio::spawn(read(lines, log.clone(), serving));
        match served.await {
            Ok(url) => Ok(Self {
                url,
                id,
                child,
                log,
            }),
            Err(_) => Err(log.lock().unwrap().join("\n")),
        }
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Whether the process has ended, for whatever reason.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    pub fn log(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }

    /// Sends a signal by its name.
    pub async fn signal(&self, name: &str) {
        let pid = self.child.id().expect("it runs").to_string();
        send_signal(name, &pid).await;
    }

    /// `kill -9`.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// SIGTERM, then waits for the end.
    pub async fn terminate(&mut self) -> ExitStatus {
        self.signal("TERM").await;
        self.child.wait().await.unwrap()
    }
}

/// Sends a signal by its name to a process.
pub async fn send_signal(name: &str, pid: &str) {
    let sent = Command::new("kill").args(["-s", name, pid]).status().await;
    assert!(sent.unwrap().success());
}

/// The server's command with nothing but these settings.
pub fn command(settings: &[(&str, &str)]) -> Command {
    let other = std::env::var("SCHEDULE_SERVER_BINARY").ok();
    let mut command = Command::new(other.as_deref().unwrap_or(BINARY));
    command
        .env_clear()
        .envs(settings.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true);
    command
}

async fn read(
    mut lines: tokio::io::Lines<BufReader<tokio::process::ChildStderr>>,
    log: Arc<Mutex<Vec<String>>>,
    serving: oneshot::Sender<String>,
) {
    let mut serving = Some(serving);
    while let Ok(Some(line)) = lines.next_line().await {
        let url = line
            .split("serving on ")
            .nth(1)
            .and_then(|rest| rest.split(';').next());
        if let (Some(url), Some(serving)) = (url, serving.take_if(|_| url.is_some())) {
            let _ = serving.send(url.to_owned());
        }
        log.lock().unwrap().push(line);
    }
}
