//! A join of which one side is every workspace's.

use pmos_store::sql;

fn main() {
    let _ = sql!("SELECT a.id FROM agents a JOIN sessions s ON s.agent_id = a.id WHERE a.workspace_id = $1");
}
