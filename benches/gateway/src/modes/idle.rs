//! Connections that say nothing: what each costs in memory, and all of them in CPU.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::client::Server;
use crate::figures::Figures;
use crate::meter::Meter;
use crate::options::Options;
use crate::processes::Tree;

pub(crate) async fn measure(options: &Options) -> Result<Figures> {
    let server = Server::of(options)?;
    ensure!(!server.pids.is_empty(), "--pid is missing");
    let conns: usize = options.number("conns", 1000)?;
    let hold = Duration::from_secs_f64(options.number("hold", 10.0)?);

    let before = Tree::of(&server.pids);
    let opening = Meter::start(&server.pids);
    let clients = server.connect_many(conns).await?;
    let opening = opening.stop();

    let holding = Meter::start(&server.pids);
    tokio::time::sleep(hold).await;
    let holding = holding.stop();
    let held = Tree::of(&server.pids);

    let mut figures = Figures::default();
    holding.report_load(&mut figures);
    figures.set("dropped", clients.iter().filter(|client| client.ended().is_some()).count() as f64);
    figures.set("received_bytes", clients.iter().map(|client| client.received_bytes()).sum::<usize>() as f64);
    figures.set("open_s", opening.seconds);
    figures.set("open_cpu_ms", opening.server_cpu_ms_each(conns).unwrap_or_default());
    figures.set("rss_mb", held.rss_kib / 1024.0);
    figures.set("pss_mb", held.pss_kib / 1024.0);
    figures.set("processes", held.processes as f64);
    figures.set("kib_per_connection", (held.pss_kib - before.pss_kib) / conns.max(1) as f64);
    for client in clients {
        client.close().await?;
    }
    Ok(figures)
}
