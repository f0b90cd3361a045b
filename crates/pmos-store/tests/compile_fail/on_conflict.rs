//! A conflict with a row of another workspace.

use pmos_store::sql;

fn main() {
    let _ = sql!("INSERT INTO agents (workspace_id, id) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = $3");
}
