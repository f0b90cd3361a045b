//! A conflict with whatever is unique.

use pmos_store::sql;

fn main() {
    let _ = sql!("INSERT INTO agents (workspace_id, id) VALUES ($1, $2) ON CONFLICT DO NOTHING");
}
