//! A scope that reads runs nothing that writes.

use pmos_store::{Read, Scope, args, sql};

async fn handler(scope: &Scope<Read>) -> pmos_kit::Result<Vec<String>> {
    scope.rows(sql!("INSERT INTO agents (workspace_id, id) VALUES ($1, $2) RETURNING id"), args!["x"]).await
}

fn main() {}
