//! Runs of an agent whose model answers at once.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use anyhow::Result;
use futures_util::future::join_all;
use serde_json::json;
use tokio::time::Instant;

use super::prepare;
use crate::client::{Client, Server};
use crate::figures::Figures;
use crate::meter::Meter;
use crate::options::Options;

const RUN_TIMEOUT: Duration = Duration::from_secs(300);

/// When things happened, in milliseconds after the message was sent.
#[derive(Debug, Clone, Copy)]
struct Run {
    ack_ms: f64,
    first_delta_ms: f64,
    final_ms: f64,
}

/// One run after the other in one session.
pub(crate) async fn one_at_a_time(options: &Options) -> Result<Figures> {
    let server = Server::of(options)?;
    let runs: usize = options.number("runs", 15)?;
    let client = server.connect().await?;
    let session = prepare::session_key(&client, "bench-chat").await?;
    // The first run of a process loads what the others find loaded.
    for _ in 0..2 {
        run(&client, &session, "bench hello").await?;
    }
    let meter = Meter::start(&server.pids);
    let mut done = Vec::new();
    for _ in 0..runs {
        done.push(run(&client, &session, "bench hello").await?);
    }
    let spent = meter.stop();
    let mut figures = report(&done, spent.seconds);
    spent.report(done.len(), &mut figures);
    Ok(figures)
}

/// This many sessions at once on one connection, each with one run after the other.
pub(crate) async fn at_once(options: &Options) -> Result<Figures> {
    let server = Server::of(options)?;
    let concurrency: usize = options.number("concurrency", 64)?;
    let runs: usize = options.number("runs", 256)?;
    let client = server.connect().await?;
    let mut sessions = Vec::new();
    for n in 0..concurrency {
        sessions.push(prepare::session_key(&client, &format!("bench-load-{n}")).await?);
    }
    let (begun, done, lost) = (Cell::new(0), RefCell::new(Vec::new()), RefCell::new(Vec::new()));
    let worker = async |session: &String| {
        while begun.get() < runs {
            begun.set(begun.get() + 1);
            match run(&client, session, "bench hello").await {
                Ok(run) => done.borrow_mut().push(run),
                Err(error) => lost.borrow_mut().push(error.to_string()),
            }
        }
    };
    let meter = Meter::start(&server.pids);
    join_all(sessions.iter().map(worker)).await;
    let spent = meter.stop();
    let (done, lost) = (done.into_inner(), lost.into_inner());
    if let Some(error) = lost.first() {
        eprintln!("chatload: {error}");
    }
    let mut figures = report(&done, spent.seconds);
    figures.set("lost", lost.len() as f64);
    spent.report(done.len(), &mut figures);
    Ok(figures)
}

async fn run(client: &Client, session: &str, message: &str) -> Result<Run> {
    let run_id = prepare::unique("run");
    let outcome = tokio::time::timeout(RUN_TIMEOUT, follow(client, session, message, &run_id)).await;
    client.forget(&run_id);
    outcome?
}

async fn follow(client: &Client, session: &str, message: &str, run_id: &str) -> Result<Run> {
    let mut events = client.events_of(run_id);
    let begun = Instant::now();
    let since = || begun.elapsed().as_secs_f64() * 1000.0;
    let params = json!({ "sessionKey": session, "message": message, "idempotencyKey": run_id });
    client.call("chat.send", &params).await?;
    let ack_ms = since();
    let mut first_delta_ms = None;
    while let Some(event) = events.recv().await {
        match event.chat.state.as_str() {
            "delta" => first_delta_ms = first_delta_ms.or_else(|| Some(since())),
            "final" => {
                let final_ms = since();
                return Ok(Run { ack_ms, first_delta_ms: first_delta_ms.unwrap_or(final_ms), final_ms });
            }
            "aborted" | "error" => anyhow::bail!("{}: {:?}", event.chat.state, event.chat.error_message),
            _ => {}
        }
    }
    anyhow::bail!("the connection ended during a run")
}

fn report(done: &[Run], seconds: f64) -> Figures {
    let times = |of: fn(&Run) -> f64| done.iter().map(of).collect::<Vec<f64>>();
    let mut figures = Figures::default();
    figures.set("per_second", done.len() as f64 / seconds);
    figures.set_times("ack", &times(|run| run.ack_ms));
    figures.set_times("first_delta", &times(|run| run.first_delta_ms));
    figures.set_times("final", &times(|run| run.final_ms));
    figures
}
