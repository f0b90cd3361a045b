//! A row that changes hands.

use pmos_store::sql;

fn main() {
    let _ = sql!("UPDATE agents SET workspace_id = $2 WHERE workspace_id = $1");
}
