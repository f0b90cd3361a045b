//! Request and answer, one outstanding per connection.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::client::{Client, Server};
use crate::figures::Figures;
use crate::meter::Meter;
use crate::options::Options;

const WARM_UP: Duration = Duration::from_secs(1);

pub(crate) async fn measure(options: &Options) -> Result<Figures> {
    let server = Server::of(options)?;
    let method = options.text("method").unwrap_or("health");
    let params = options.text("params").map(serde_json::from_str).transpose().context("--params")?;
    let seconds = options.number("seconds", 5.0)?;
    let clients = server.connect_many(options.number("conns", 1)?).await?;

    let load = Load {
        method,
        params: params.unwrap_or_else(|| json!({})),
        running: Cell::new(true),
        times: RefCell::default(),
        bytes: Cell::new(0),
        errors: RefCell::default(),
    };
    let timed = async {
        tokio::time::sleep(WARM_UP).await;
        load.times.borrow_mut().clear();
        let meter = Meter::start(&server.pids);
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
        load.running.set(false);
        (meter.stop(), load.times.borrow().clone())
    };
    let ((spent, times), _) = tokio::join!(timed, join_all(clients.iter().map(|client| load.repeat(client))));

    let mut figures = Figures::default();
    figures.set("per_second", times.len() as f64 / spent.seconds);
    figures.set_times("answer", &times);
    figures.set("answer_bytes", load.bytes.get() as f64);
    figures.set("errors", load.errors.borrow().len() as f64);
    spent.report(times.len(), &mut figures);
    if let Some(error) = load.errors.borrow().first() {
        eprintln!("{method}: {error}");
    }
    Ok(figures)
}

#[derive(Debug)]
struct Load<'a> {
    method: &'a str,
    params: Value,
    running: Cell<bool>,
    times: RefCell<Vec<f64>>,
    bytes: Cell<usize>,
    errors: RefCell<Vec<String>>,
}

impl Load<'_> {
    async fn repeat(&self, client: &Client) {
        while self.running.get() {
            let begun = Instant::now();
            match client.call(self.method, &self.params).await {
                Ok(answer) => {
                    self.times.borrow_mut().push(begun.elapsed().as_secs_f64() * 1000.0);
                    self.bytes.set(answer.bytes());
                }
                Err(error) => {
                    self.errors.borrow_mut().push(error.to_string());
                    // A server that refuses at once must not turn this into a busy loop.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }
}
