//! Durable writes: callers in as many workspaces, each waiting for its message to be kept before it sends the next.
//!
//! On a fast disk the rate alone proves nothing, so the server's own counters say how many messages share a commit.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures_util::future::try_join_all;
use serde_json::json;
use tokio::time::Instant;

use super::prepare;
use crate::client::{Client, Server};
use crate::figures::Figures;
use crate::http;
use crate::meter::Meter;
use crate::options::Options;

pub(crate) async fn measure(options: &Options) -> Result<Figures> {
    let server = Server::of(options)?;
    let callers: usize = options.number("callers", 64)?;
    let seconds = options.number("seconds", 5.0)?;
    let metrics = match options.text("metrics") {
        Some(url) => url.to_owned(),
        None => http::beside(options.required("url")?, "/metrics")?,
    };
    let tokens = std::fs::read_to_string(options.required("tokens-file")?).context("--tokens-file")?;
    let tokens: Vec<&str> = tokens.split_whitespace().collect();
    ensure!(!tokens.is_empty(), "--tokens-file holds no token");

    let mut sessions = Vec::new();
    for token in tokens.iter().cycle().take(callers) {
        let client = server.with_token(token).connect().await?;
        let key = prepare::session_key(&client, &prepare::unique("inject")).await?;
        client.call("sessions.create", &json!({ "key": key })).await?;
        sessions.push((client, key));
    }

    let (running, times) = (Cell::new(true), RefCell::new(Vec::new()));
    let write = async |(client, key): &(Client, String)| {
        while running.get() {
            let begun = Instant::now();
            client.call("chat.inject", &json!({ "sessionKey": key, "message": "kept" })).await?;
            times.borrow_mut().push(begun.elapsed().as_secs_f64() * 1000.0);
        }
        anyhow::Ok(())
    };
    let timed = async {
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
        running.set(false);
        anyhow::Ok(())
    };
    let before = Counters::read(&metrics).await?;
    let meter = Meter::start(&server.pids);
    tokio::try_join!(timed, try_join_all(sessions.iter().map(write)))?;
    let spent = meter.stop();
    let after = Counters::read(&metrics).await?;

    let times = times.into_inner();
    let commits = after.commits - before.commits;
    let mut figures = Figures::default();
    figures.set("messages_per_second", times.len() as f64 / spent.seconds);
    figures.set("messages_per_commit", times.len() as f64 / commits.max(1.0));
    figures.set("writes_per_commit", (after.writes - before.writes) / commits.max(1.0));
    figures.set("commits_per_second", commits / spent.seconds);
    figures.set_times("kept", &times);
    spent.report(times.len(), &mut figures);
    Ok(figures)
}

/// The store's counters: batches that were synced, and write handlers that they held.
#[derive(Debug)]
struct Counters {
    commits: f64,
    writes: f64,
}

impl Counters {
    async fn read(url: &str) -> Result<Counters> {
        let metrics = http::ask("GET", url, &[], "").await?.body;
        let sum = |name: &str| -> Result<f64> {
            let values =
                metrics.lines().filter(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' '])));
            let values: Vec<f64> = values.filter_map(|line| line.split_whitespace().last()?.parse().ok()).collect();
            ensure!(!values.is_empty(), "{url} has no {name}");
            Ok(values.iter().sum())
        };
        Ok(Counters { commits: sum("pmos_store_commits_total")?, writes: sum("pmos_store_writes_total")? })
    }
}
