//! PostgreSQL on this machine: what works there for a server, and the statement of a list by itself.

use anyhow::{Context, Result};
use tokio_postgres::{Client, NoTls};

/// A connection of our own.
///
/// # Errors
/// The server does not answer at this URL.
pub(crate) async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.context("the PostgreSQL server")?;
    tokio::task::spawn_local(connection);
    Ok(client)
}

/// The process that works for this connection.
pub(crate) async fn backend(client: &Client) -> Result<u32> {
    pid(client.query_one("SELECT pg_backend_pid()", &[]).await?.get(0))
}

/// The processes that work for the others that are connected to this database.
pub(crate) async fn other_backends(url: &str) -> Result<Vec<u32>> {
    let others = "SELECT pid FROM pg_stat_activity
                  WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    connect(url).await?.query(others, &[]).await?.iter().map(|row| pid(row.get(0))).collect()
}

/// Tell the planner what is there, as autovacuum does sooner or later.
pub(crate) async fn analyze(url: &str) -> Result<()> {
    Ok(connect(url).await?.batch_execute("VACUUM ANALYZE").await?)
}

fn pid(pid: i32) -> Result<u32> {
    Ok(pid.try_into()?)
}
