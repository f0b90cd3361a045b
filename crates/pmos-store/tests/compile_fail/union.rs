//! A second statement behind the first.

use pmos_store::sql;

fn main() {
    let _ = sql!("SELECT id FROM agents WHERE workspace_id = $1 UNION SELECT id FROM agents");
}
