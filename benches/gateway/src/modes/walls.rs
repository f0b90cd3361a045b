//! What row-level security costs: the statement of `agents.list` behind it, beside the same statement without.
//!
//! Behind it means all that the wall takes: the role that owns nothing, and the transaction that says whose rows these
//! are, sent as one round trip as the store does. Without it is the bare statement by a login that bypasses the policies.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures_util::future::try_join3;
use tokio::time::Instant;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, Statement};

use crate::figures::{Figures, quantile};
use crate::meter::Meter;
use crate::options::Options;
use crate::postgres;

/// The wall may cost this much.
const MOST_TIMES: f64 = 1.6;
const ROWS: usize = 50;
/// The product's own statement, so that it cannot become another one.
const SOURCE: &str = include_str!("../../../../crates/pmos-chat/src/agents/rpc.rs");

/// Measure one workspace with 50 agents in the database at `--database`, whose login bypasses row-level security.
///
/// # Errors
/// There is no such workspace, or the wall does not stand where it should.
pub(crate) async fn measure(options: &Options) -> Result<Figures> {
    let database = options.required("database")?;
    let seconds = Duration::from_secs_f64(options.number("seconds", 2.0)?);
    let bare = Reader::open(database, Wall::None).await?;
    let inside = Reader::open(database, Wall::Transaction).await?;
    let walled = Reader::open(database, Wall::Policies).await?;

    let mut cpu_ms = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..options.number("reps", 7)? {
        for (reader, cpu_ms) in [&bare, &inside, &walled].into_iter().zip(&mut cpu_ms) {
            cpu_ms.push(reader.cpu_ms_each(seconds).await?);
        }
    }
    let [bare, inside, walled] = cpu_ms.map(|values| quantile(&values, 0.5).unwrap_or(f64::NAN));
    let mut figures = Figures::default();
    figures.set("bare_cpu_ms", bare);
    figures.set("transaction_cpu_ms", inside);
    figures.set("row_security_cpu_ms", walled);
    figures.set_ratio("row_security_times_bare", walled / bare, MOST_TIMES);
    Ok(figures)
}

/// How much of the wall a statement stands behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wall {
    None,
    /// The transaction alone, to tell what of the cost is the policies'.
    Transaction,
    Policies,
}

/// A connection that reads the agents of one workspace, over and over.
#[derive(Debug)]
struct Reader {
    client: Client,
    wall: Wall,
    pids: [u32; 2],
    enter: String,
    list: Statement,
    workspace: String,
    person: String,
}

impl Reader {
    async fn open(database: &str, wall: Wall) -> Result<Reader> {
        let client = postgres::connect(database).await?;
        // In the middle of all of them.
        let some = "SELECT workspace_id, MIN(created_by) FROM agents GROUP BY 1 HAVING COUNT(*) = 50 ORDER BY 1";
        let found = client.query(some, &[]).await?;
        let found = found.get(found.len() / 2).context("no workspace has 50 agents")?;
        let (workspace, person): (String, String) = (found.get(0), found.get(1));
        if wall == Wall::Policies {
            client.batch_execute("SET ROLE pmos_app").await?;
        }
        let is_walled: bool = client.query_one("SELECT row_security_active('agents')", &[]).await?.get(0);
        ensure!(is_walled == (wall == Wall::Policies), "row-level security is on where it should be off, or off");
        // As the store enters a workspace.
        let enter = format!("BEGIN READ ONLY; SET LOCAL app.workspace = '{workspace}'");
        let list = client.prepare(statement()?).await?;
        let pids = [std::process::id(), postgres::backend(&client).await?];
        Ok(Reader { client, wall, pids, enter, list, workspace, person })
    }

    /// Milliseconds of CPU, ours and the database's, for each list in a stretch of time.
    async fn cpu_ms_each(&self, stretch: Duration) -> Result<f64> {
        let (begun, mut lists) = (Instant::now(), 0);
        let meter = Meter::start(&self.pids);
        while begun.elapsed() < stretch {
            let rows = self.list().await?;
            ensure!(rows.len() == ROWS, "{} agents were listed", rows.len());
            lists += 1;
        }
        meter.stop().server_cpu_ms_each(lists).context("nothing was measured")
    }

    async fn list(&self) -> Result<Vec<Row>> {
        let args: [&(dyn ToSql + Sync); 2] = [&self.workspace, &self.person];
        let rows = self.client.query(&self.list, &args);
        if self.wall == Wall::None {
            return Ok(rows.await?);
        }
        // Polled in this order, so sent in this order; the answers come back in one round trip.
        let enter = self.client.batch_execute(&self.enter);
        let ((), rows, ()) = try_join3(enter, rows, self.client.batch_execute("COMMIT")).await?;
        Ok(rows)
    }
}

/// The statement of `agents.list`.
fn statement() -> Result<&'static str> {
    let (_, list) = SOURCE.split_once("async fn list(").context("agents/rpc.rs has no list")?;
    list.split('"').nth(1).context("the list has no statement")
}
