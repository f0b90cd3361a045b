//! What the other modes need to be there first.

use std::cell::Cell;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::client::{Client, Server};
use crate::figures::Figures;
use crate::options::Options;

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
