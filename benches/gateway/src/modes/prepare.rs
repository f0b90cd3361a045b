//! What the other modes need to be there first.

use std::cell::Cell;

use anyhow::{Context, Result, bail};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::json;

use crate::client::{Client, Server};
use crate::figures::Figures;
use crate::options::Options;

/// Workspaces that are filled at once: as many sockets of one address as may wait for their hello.
const WORKSPACES_AT_ONCE: usize = 32;

/// Create sessions until the server lists this many.
pub(crate) async fn sessions(options: &Options) -> Result<Figures> {
    let wanted: u64 = options.number("sessions", 201)?;
    let client = Server::of(options)?.connect().await?;
    let mut count = session_count(&client).await?;
    while count < wanted {
        let key = session_key(&client, &unique("bench-session")).await?;
        client.call("sessions.create", &json!({ "key": key })).await?;
        count += 1;
    }
    let listed = session_count(&client).await?;
    if listed < wanted {
        bail!("{wanted} sessions were created, {listed} are listed");
    }
    let mut figures = Figures::default();
    figures.set("sessions", listed as f64);
    Ok(figures)
}

/// Create agents in each workspace of `--tokens-file` until it has this many.
pub(crate) async fn agents(options: &Options) -> Result<Figures> {
    let wanted: usize = options.number("agents", 50)?;
    let tokens = std::fs::read_to_string(options.required("tokens-file")?).context("--tokens-file")?;
    let server = Server::of(options)?;
    let filled = tokens.split_whitespace().map(|token| fill(server.with_token(token), wanted));
    let made: Vec<usize> = stream::iter(filled).buffer_unordered(WORKSPACES_AT_ONCE).try_collect().await?;
    let mut figures = Figures::default();
    figures.set("agents_made", made.iter().sum::<usize>() as f64);
    Ok(figures)
}

/// Returns how many were made.
async fn fill(server: Server, wanted: usize) -> Result<usize> {
    let client = server.connect().await?;
    let list = client.call("agents.list", &json!({})).await?.payload()?;
    let there = list["agents"].as_array().context("agents.list without agents")?.len();
    for n in there..wanted {
        client.call("agents.create", &json!({ "name": format!("Agent {n}"), "emoji": "🤖" })).await?;
    }
    client.close().await?;
    Ok(wanted.saturating_sub(there))
}

async fn session_count(client: &Client) -> Result<u64> {
    let list = client.call("sessions.list", &json!({ "limit": 1 })).await?.payload()?;
    list["totalCount"].as_u64().context("sessions.list without totalCount")
}

/// The key of a session of the default agent; chat creates what is missing.
pub(crate) async fn session_key(client: &Client, name: &str) -> Result<String> {
    let agents = client.call("agents.list", &json!({})).await?.payload()?;
    let agent = agents["defaultId"].as_str().context("agents.list without defaultId")?;
    Ok(format!("agent:{agent}:{name}"))
}

/// A name that no other call and no earlier process has used.
pub(crate) fn unique(what: &str) -> String {
    thread_local!(static NEXT: Cell<u64> = const { Cell::new(0) });
    let next = NEXT.replace(NEXT.get() + 1);
    let ms = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_millis());
    format!("{what}-{ms:x}-{next}")
}
