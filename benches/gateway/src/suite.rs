//! The whole series against one server, which the suite starts and stops itself.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::client::Server;
use crate::figures::Figures;
use crate::modes::{chat, handshake, idle, inject, prepare, rpc, startup, tokens};
use crate::options::Options;

const METHODS: [&str; 3] = ["health", "agents.list", "sessions.list"];

/// Every figure with the value of each repetition, under names such as `rpc.health.32.cpu_ms`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Series(BTreeMap<String, Vec<f64>>);

impl Series {
    fn add(&mut self, label: &str, figures: &Figures) {
        eprintln!("{label}: {}", serde_json::to_string(figures).unwrap_or_default());
        for (name, value) in figures.iter() {
            self.0.entry(format!("{label}.{name}")).or_default().push(value);
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&[f64]> {
        self.0.get(name).map(Vec::as_slice)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }
}

/// Fill the state, measure restarts of it, then everything else on one server that keeps running.
pub(crate) async fn suite(options: &Options) -> Result<()> {
    let out = options.required("out")?;
    let command = options.required("cmd")?;
    let server = Server::of(options)?;
    let quick = options.text("quick").is_some();
    let reps = options.number("reps", if quick { 1 } else { 3 })?;
    let seconds = if quick { 1 } else { 5 };
    let mut series = Series::default();

    let filling = startup::Running::start(&server, command).await?;
    prepare::sessions(options).await?;
    filling.stop().await?;
    let starts = options.with("runs", if quick { 1 } else { 5 });
    series.add("startup", &startup::measure(&starts).await?);

    for _ in 0..reps {
        // Each on a fresh process: one that held a thousand connections before has their memory still.
        let running = startup::Running::start(&server, command).await?;
        let options = options.with("pid", running.pid()).with("hold", 2 * seconds);
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        for conns in [1, 1000] {
            series.add(&format!("idle.{conns}"), &idle::measure(&options.with("conns", conns)).await?);
        }
        running.stop().await?;
    }

    let running = startup::Running::start(&server, command).await?;
    prepare::sessions(options).await?;
    let options = options.with("pid", running.pid()).with("seconds", seconds);
    for _ in 0..reps {
        for method in METHODS {
            for conns in [1, 32] {
                let rpc = rpc::measure(&options.with("method", method).with("conns", conns)).await?;
                series.add(&format!("rpc.{method}.{conns}"), &rpc);
            }
        }
        series.add("handshake.16", &handshake::measure(&options).await?);
    }
    for _ in 0..reps {
        let (one, many) = if quick { (5, 64) } else { (15, 256) };
        series.add("chat.1", &chat::one_at_a_time(&options.with("runs", one)).await?);
        series.add("chat.64", &chat::at_once(&options.with("runs", many)).await?);
        let streams = options.with("runs", if quick { 1 } else { 5 });
        series.add("tokens.merged", &tokens::measure(&streams).await?);
        // A client that asks PMOS for each piece as it comes; OpenClaw does not know the capability.
        series.add("tokens.pieces", &tokens::measure(&streams.with("caps", "pmos-delta")).await?);
    }
    if options.text("tokens-file").is_some() {
        for _ in 0..reps {
            series.add("inject.64", &inject::measure(&options).await?);
        }
    }
    running.stop().await?;
    std::fs::write(out, serde_json::to_string_pretty(&series)?)?;
    Ok(())
}
