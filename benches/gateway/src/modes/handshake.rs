//! Connect, hello, close.

use anyhow::Result;
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::time::Instant;

use crate::client::{HANDSHAKES_AT_ONCE, Server};
use crate::figures::Figures;
use crate::meter::Meter;
use crate::options::Options;

pub(crate) async fn measure(options: &Options) -> Result<Figures> {
    let server = Server::of(options)?;
    let total: usize = options.number("total", 400)?;
    let parallel = options.number("parallel", HANDSHAKES_AT_ONCE)?;
    let meter = Meter::start(&server.pids);
    let times: Vec<f64> =
        stream::iter(0..total).map(|_| once(&server)).buffer_unordered(parallel).try_collect().await?;
    let spent = meter.stop();
    let mut figures = Figures::default();
    figures.set("per_second", total as f64 / spent.seconds);
    figures.set_times("hello", &times);
    spent.report(total, &mut figures);
    Ok(figures)
}

async fn once(server: &Server) -> Result<f64> {
    let begun = Instant::now();
    let client = server.connect().await?;
    let ms = begun.elapsed().as_secs_f64() * 1000.0;
    client.close().await?;
    Ok(ms)
}
