//! A subquery over every workspace.

use pmos_store::sql;

fn main() {
    let _ = sql!("SELECT id FROM agents WHERE workspace_id = $1 AND id IN (SELECT agent_id FROM sessions)");
}
