//! What neighbours cost: `agents.list` in one of many workspaces, beside the same list in a workspace alone.
//!
//! Both servers run at once and are measured in turn, so that what else the machine does meets both.

use anyhow::{Context, Result};

use super::startup::Running;
use super::{prepare, rpc};
use crate::client::Server;
use crate::figures::{Figures, quantile};
use crate::options::Options;
use crate::postgres;

/// Neighbours may cost this much.
const MOST_TIMES: f64 = 1.2;

/// Measure both houses, whose options begin with their names: `--alone-url`, `--crowd-url` and so on.
///
/// # Errors
/// A server that does not start, or a call that fails.
pub(crate) async fn measure(options: &Options) -> Result<Figures> {
    let alone = House::open(&options.under("alone")).await?;
    let crowd = House::open(&options.under("crowd")).await?;
    let (mut cpu_alone, mut cpu_crowd) = (Vec::new(), Vec::new());
    for _ in 0..options.number("reps", 7)? {
        cpu_alone.push(alone.list().await?);
        cpu_crowd.push(crowd.list().await?);
    }
    crowd.running.stop().await?;
    alone.running.stop().await?;

    let median = |values: &[f64]| quantile(values, 0.5).unwrap_or(f64::NAN);
    let mut figures = Figures::default();
    figures.set("workspaces", crowd.workspaces as f64);
    figures.set("alone_cpu_ms", median(&cpu_alone));
    figures.set("crowd_cpu_ms", median(&cpu_crowd));
    figures.set_ratio("crowd_times_alone", median(&cpu_crowd) / median(&cpu_alone), MOST_TIMES);
    Ok(figures)
}

/// A server with its workspaces, each of which has as many agents as the others.
#[derive(Debug)]
struct House {
    running: Running,
    workspaces: usize,
    options: Options,
}

impl House {
    /// Start the server, fill its workspaces, and leave it warm.
    async fn open(options: &Options) -> Result<House> {
        let tokens = std::fs::read_to_string(options.required("tokens-file")?).context("tokens-file")?;
        let tokens: Vec<&str> = tokens.split_whitespace().collect();
        // One in the middle, neither the first nor the last that an index holds.
        let ours = tokens.get(tokens.len() / 2).context("tokens-file holds no token")?;
        let options = options.with("token", ours).with("method", "agents.list").with("conns", 32);
        let running = Running::start(&Server::of(&options)?, options.required("cmd")?).await?;
        prepare::agents(&options).await?;

        // A first series opens the database's connections, whose processes are measured from then on.
        rpc::measure(&options).await?;
        let mut pids = vec![running.pid()];
        if let Some(database) = options.text("database") {
            postgres::analyze(database).await?;
            pids.extend(postgres::other_backends(database).await?);
        }
        let pids: Vec<String> = pids.iter().map(u32::to_string).collect();
        Ok(House { running, workspaces: tokens.len(), options: options.with("pid", pids.join(",")) })
    }

    /// Milliseconds of CPU that one `agents.list` takes.
    async fn list(&self) -> Result<f64> {
        rpc::measure(&self.options).await?.get("cpu_ms").context("agents.list was not measured")
    }
}
