//! A way around the condition.

use pmos_store::sql;

fn main() {
    let _ = sql!("SELECT id FROM agents WHERE workspace_id = $1 OR id = $2");
}
