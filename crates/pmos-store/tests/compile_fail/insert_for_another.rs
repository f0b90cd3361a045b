//! A row for a workspace that the caller names.

use pmos_store::sql;

fn main() {
    let _ = sql!("INSERT INTO agents (workspace_id, id) VALUES ($2, $3)");
}
