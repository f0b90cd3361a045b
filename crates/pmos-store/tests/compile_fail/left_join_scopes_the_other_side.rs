//! The condition of a LEFT JOIN does not filter what is left of it.

use pmos_store::sql;

fn main() {
    let _ = sql!("SELECT a.id FROM agents a LEFT JOIN sessions s ON a.workspace_id = $1 AND s.workspace_id = $1");
}
