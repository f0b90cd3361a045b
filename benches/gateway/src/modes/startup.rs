//! From the start of a process to its first answer to `health`.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::json;
use tokio::process::{Child, Command};
use tokio::time::Instant;

use crate::client::Server;
use crate::figures::{Figures, quantile};
use crate::options::Options;
use crate::processes::Tree;

const READY_TIMEOUT: Duration = Duration::from_secs(180);
const STOP_TIMEOUT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(2);

/// One start.
#[derive(Debug)]
struct Start {
    ready_ms: f64,
    cpu_ms: f64,
    settled: Tree,
}

/// Medians over several starts of the same state.
pub(crate) async fn measure(options: &Options) -> Result<Figures> {
    let server = Server::of(options)?;
    let command = options.required("cmd")?;
    let settle = Duration::from_secs_f64(options.number("settle", 3.0)?);
    if server.connect().await.is_ok() {
        bail!("something answers at this address already");
    }
    let mut starts = Vec::new();
    for _ in 0..options.number("runs", 5)? {
        starts.push(start_once(&server, command, settle).await?);
    }
    let mut figures = Figures::default();
    let mut median = |name: &str, of: fn(&Start) -> f64| {
        let values: Vec<f64> = starts.iter().map(of).collect();
        figures.set(name, quantile(&values, 0.5).unwrap_or(f64::NAN));
    };
    median("ready_ms", |start| start.ready_ms);
    median("cpu_ms", |start| start.cpu_ms);
    median("rss_mb", |start| start.settled.rss_kib / 1024.0);
    median("pss_mb", |start| start.settled.pss_kib / 1024.0);
    median("processes", |start| start.settled.processes as f64);
    Ok(figures)
}

async fn start_once(server: &Server, command: &str, settle: Duration) -> Result<Start> {
    let begun = Instant::now();
    let running = Running::start(server, command).await?;
    let ready_ms = begun.elapsed().as_secs_f64() * 1000.0;
    let cpu_ms = Tree::of(&[running.pid]).cpu_ms;
    tokio::time::sleep(settle).await;
    let settled = Tree::of(&[running.pid]);
    running.stop().await?;
    Ok(Start { ready_ms, cpu_ms, settled })
}

/// A server that we have started and that is healthy.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    pid: u32,
}

impl Running {
    /// Start it in a process group of its own and poll until `health` answers. Its output goes where the command sends it.
    pub(crate) async fn start(server: &Server, command: &str) -> Result<Running> {
        let begun = Instant::now();
        let mut child = Command::new("sh")
            .args(["-c", &format!("exec {command}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let pid = child.id().context("it ended at once")?;
        while !is_healthy(server).await {
            if let Some(status) = child.try_wait()? {
                bail!("the server ended before it was ready: {status}");
            }
            if begun.elapsed() > READY_TIMEOUT {
                bail!("the server was not ready in time");
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(Running { child, pid })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    pub(crate) async fn stop(mut self) -> Result<()> {
        let group = Pid::from_raw(self.pid.try_into()?).context("no process id")?;
        kill_process_group(group, Signal::TERM)?;
        if tokio::time::timeout(STOP_TIMEOUT, self.child.wait()).await.is_err() {
            kill_process_group(group, Signal::KILL)?;
        }
        Ok(())
    }
}

async fn is_healthy(server: &Server) -> bool {
    let asked = async { server.connect().await?.call("health", &json!({})).await?.payload() };
    asked.await.is_ok_and(|health| health["ok"] == true)
}
