//! How long a token takes from the model's write to our receipt, through the server.
//!
//! The fake model writes the instant into each token (`@<ns>;`) on the clock that both processes share.

use anyhow::{Result, bail};
use serde_json::json;

use super::prepare;
use crate::client::{Client, Server};
use crate::figures::Figures;
use crate::meter::Meter;
use crate::options::Options;

pub(crate) async fn measure(options: &Options) -> Result<Figures> {
    let server = Server::of(options)?;
    let tokens: usize = options.number("tokens", 200)?;
    let delay_ms: u64 = options.number("delay-ms", 5)?;
    let runs: usize = options.number("runs", 5)?;
    let message = format!("[[tokens {tokens}]] [[delay {delay_ms}]] [[stamp]]");
    let client = server.connect().await?;
    let session = prepare::session_key(&client, "bench-tokens").await?;
    stream_once(&client, &session, &message).await?;

    let meter = Meter::start(&server.pids);
    let (mut delays, mut frames) = (Vec::new(), 0);
    for _ in 0..runs {
        let streamed = stream_once(&client, &session, &message).await?;
        delays.extend(streamed.delays_ms);
        frames += streamed.frames;
    }
    let spent = meter.stop();
    let mut figures = Figures::default();
    figures.set_times("token", &delays);
    figures.set("tokens_lost", (runs * tokens) as f64 - delays.len() as f64);
    figures.set("tokens_per_frame", delays.len() as f64 / f64::from(frames));
    spent.report(delays.len(), &mut figures);
    Ok(figures)
}

#[derive(Debug, Default)]
struct Streamed {
    delays_ms: Vec<f64>,
    frames: u32,
}

async fn stream_once(client: &Client, session: &str, message: &str) -> Result<Streamed> {
    let run_id = prepare::unique("run");
    let mut events = client.events_of(&run_id);
    client.call("chat.send", &json!({ "sessionKey": session, "message": message, "idempotencyKey": run_id })).await?;
    let mut streamed = Streamed::default();
    let mut unread = String::new();
    while let Some(event) = events.recv().await {
        match event.chat.state.as_str() {
            "delta" => {
                streamed.frames += 1;
                unread += &event.chat.delta_text.unwrap_or_default();
                let arrivals = take_stamps(&mut unread);
                streamed.delays_ms.extend(arrivals.iter().map(|sent_ns| (event.at_ns - sent_ns) as f64 / 1e6));
            }
            "final" => {
                client.forget(&run_id);
                return Ok(streamed);
            }
            "aborted" | "error" => bail!("{}: {:?}", event.chat.state, event.chat.error_message),
            _ => {}
        }
    }
    bail!("the connection ended during a run")
}

/// The stamps that are complete; a token may be split between two deltas.
fn take_stamps(text: &mut String) -> Vec<i64> {
    let Some(end) = text.rfind(';') else { return Vec::new() };
    let rest = text.split_off(end + 1);
    let complete = std::mem::replace(text, rest);
    complete.split(';').filter_map(|token| token.strip_prefix('@')?.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stamp that is cut between two deltas is read once, when its end has come.
    #[test]
    fn a_split_stamp_is_read_once() {
        let mut text = "@12;@3".to_owned();
        assert_eq!(take_stamps(&mut text), [12]);
        text += "4;";
        assert_eq!(take_stamps(&mut text), [34]);
        assert_eq!(text, "");
    }
}
